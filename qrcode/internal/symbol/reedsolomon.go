package symbol

import (
	"encoding/binary"
	"math/bits"
	"sync"
)

// maxCheckwords is the most error correction codewords of a block.
const maxCheckwords = 30

// Powers of 2 and logarithms in GF(256) modulo x⁸+x⁴+x³+x²+1.
var exponents, logarithms = func() (exp [255]byte, log [256]byte) {
	x := 1
	for i := range exp {
		exp[i], log[x] = byte(x), byte(i)
		if x <<= 1; x > 255 {
			x ^= 0x11d
		}
	}
	return exp, log
}()

func multiply(a, b byte) byte {
	if a == 0 || b == 0 {
		return 0
	}
	return exponents[(int(logarithms[a])+int(logarithms[b]))%255]
}

// A quad is up to 32 codewords, the first in the highest byte of a.
type quad struct{ a, b, c, d uint64 }

// A generator has, for each byte, its product with the polynomial by which data
// is divided, without the leading coefficient: one step of the division is a
// shift and a row of the table.
type generator [256]quad

// generators are made on first use, by their number of checkwords: 8 kB each, of
// which 13 occur.
var generators [maxCheckwords + 1]struct {
	once  sync.Once
	table *generator
}

// generatorOf returns the table for so many checkwords.
func generatorOf(n int) *generator {
	g := &generators[n]
	g.once.Do(func() { g.table = newGenerator(n) })
	return g.table
}

func newGenerator(n int) *generator {
	// The product of (x - 2⁰) to (x - 2ⁿ⁻¹), the highest power first and left out.
	var p [maxCheckwords + 1]byte
	p[n-1] = 1
	root := byte(1)
	for range n {
		for i := range n {
			p[i] = multiply(p[i], root) ^ p[i+1]
		}
		root = multiply(root, 2)
	}
	t := new(generator)
	for f := range t {
		var row [32]byte
		for i := range n {
			row[i] = multiply(p[i], byte(f))
		}
		t[f] = quad{
			binary.BigEndian.Uint64(row[0:]), binary.BigEndian.Uint64(row[8:]),
			binary.BigEndian.Uint64(row[16:]), binary.BigEndian.Uint64(row[24:]),
		}
	}
	return t
}

// checkwordsOf returns the error correction codewords of a block of data: the
// remainder of its division, with as many as the generator was made for.
func (g *generator) checkwordsOf(data []byte) quad {
	var r quad
	for _, x := range data {
		t := &g[byte(r.a>>56)^x]
		r.a = (r.a<<8 | r.b>>56) ^ t.a
		r.b = (r.b<<8 | r.c>>56) ^ t.b
		r.c = (r.c<<8 | r.d>>56) ^ t.c
		r.d = r.d<<8 ^ t.d
	}
	return r
}

// interleave makes the codewords of a symbol from its data in the order in which
// they are laid out: the first of each block, the second of each, and so on; the
// later blocks may have one more. In stream each byte is turned round, so that
// the bit that is laid out first is the lowest. Beyond the codewords stream is 0.
func interleave(stream, data []byte, version int, level Level) {
	clear(stream)
	n, check := int(blocks[level][version]), int(checkwords[level][version])
	short := len(data) / n
	firstLong := n - len(data)%n
	g := generatorOf(check)
	checks := stream[len(data):]
	for j := range n {
		size := short
		if j >= firstLong {
			size++
		}
		block := data[:size]
		data = data[size:]
		for i, x := range block[:short] {
			stream[i*n+j] = bits.Reverse8(x)
		}
		if size > short {
			stream[short*n+j-firstLong] = bits.Reverse8(block[short])
		}
		r := g.checkwordsOf(block)
		var row [32]byte
		binary.BigEndian.PutUint64(row[0:], r.a)
		binary.BigEndian.PutUint64(row[8:], r.b)
		binary.BigEndian.PutUint64(row[16:], r.c)
		binary.BigEndian.PutUint64(row[24:], r.d)
		for i, x := range row[:check] {
			checks[i*n+j] = bits.Reverse8(x)
		}
	}
}
