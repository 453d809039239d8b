package qrcode

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// A bitWriter appends bits, the lowest first.
type bitWriter struct {
	out []byte
	acc uint64
	n   uint
}

// put appends the lowest n bits of v, at most 32; the others are 0.
func (w *bitWriter) put(v uint32, n uint8) {
	w.acc |= uint64(v) << w.n
	if w.n += uint(n); w.n >= 32 {
		w.out = binary.LittleEndian.AppendUint32(w.out, uint32(w.acc))
		w.acc >>= 32
		w.n -= 32
	}
}

// flush fills the last byte with 0.
func (w *bitWriter) flush() {
	for ; w.n > 0; w.n -= min(w.n, 8) {
		w.out = append(w.out, byte(w.acc))
		w.acc >>= 8
	}
}

// An extra is a Huffman symbol with the bits that follow it.
type extra struct {
	code uint16
	bits uint8
	base uint16
}

// lengthCode has the symbols of match lengths, less 3.
var lengthCode = func() (t [maxMatch - 2]extra) {
	code, base := uint16(257), 0
	for group := 0; base < len(t); group++ {
		n := uint8(max(0, group/4-1))
		for range 1 << n {
			if base < len(t) {
				t[base] = extra{code, n, uint16(base &^ (1<<n - 1))}
				base++
			}
		}
		code++
	}
	// The greatest length has a symbol of its own.
	t[len(t)-1] = extra{code: 285, base: uint16(len(t) - 1)}
	return t
}()

// distanceOf returns the symbol of a distance, less 1.
func distanceOf(d int) extra {
	if d < 4 {
		return extra{code: uint16(d), base: uint16(d)}
	}
	n := bits.Len(uint(d)) - 2
	top := d >> n // 2 or 3
	return extra{code: uint16(2*n + top), bits: uint8(n), base: uint16(top << n)}
}

// A huffman counts symbols and gives them codes.
type huffman struct {
	symbols   [286]uint32
	distances [30]uint32
	codes     [286]code
	distCodes [30]code
	lengths   [19]uint32
	lenCodes  [19]code
	sorted    []uint64
	depth     []uint32
	header    []uint16
}

// A code is the bits of a symbol, in the order in which they are written.
type code struct {
	bits uint16
	n    uint8
}

func (h *huffman) reset() {
	clear(h.symbols[:])
	clear(h.distances[:])
}

// part writes the tokens so far as a block if there are enough or if it is the last.
func (d *deflater) part(last bool) {
	if !last && len(d.tokens) < blockTokens {
		return
	}
	d.symbols[endOfPart]++
	h := &d.huffman
	h.assign(h.codes[:], h.symbols[:], 15)
	h.assign(h.distCodes[:], h.distances[:], 15)
	d.put(uint32(b2i(last)), 1)
	d.put(2, 2)
	d.writeCodes()
	for _, t := range d.tokens {
		if t&isMatch == 0 {
			c := h.codes[t]
			d.put(uint32(c.bits), c.n)
			continue
		}
		n := t &^ isMatch >> lenShift
		e := lengthCode[n]
		c := h.codes[e.code]
		d.put(uint32(c.bits)|(n-uint32(e.base))<<c.n, c.n+e.bits)
		e = distanceOf(int(t & distMask))
		c = h.distCodes[e.code]
		d.put(uint32(c.bits)|(t&distMask-uint32(e.base))<<c.n, c.n+e.bits)
	}
	c := h.codes[endOfPart]
	d.put(uint32(c.bits), c.n)
	d.tokens = d.tokens[:0]
	h.reset()
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// lengthOrder is the order in which the lengths of the lengths' codes stand.
var lengthOrder = [...]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// writeCodes writes the lengths of both codes, themselves coded: a length, or a
// repetition, whose count stands in the upper byte.
func (d *deflater) writeCodes() {
	h := &d.huffman
	lits, dists := len(h.codes), len(h.distCodes)
	for lits > 257 && h.codes[lits-1].n == 0 {
		lits--
	}
	for dists > 1 && h.distCodes[dists-1].n == 0 {
		dists--
	}
	at := func(i int) uint8 {
		if i < lits {
			return h.codes[i].n
		}
		return h.distCodes[i-lits].n
	}
	h.header = h.header[:0]
	clear(h.lengths[:])
	add := func(symbol uint8, more int) {
		h.header = append(h.header, uint16(symbol)|uint16(more)<<8)
		h.lengths[symbol]++
	}
	for i := 0; i < lits+dists; {
		n, run := at(i), 1
		for i+run < lits+dists && at(i+run) == n {
			run++
		}
		i += run
		if n != 0 {
			add(n, 0)
			run--
		}
		for run > 0 {
			switch {
			case n == 0 && run >= 11:
				k := min(run, 138)
				add(18, k-11)
				run -= k
			case n == 0 && run >= 3:
				add(17, run-3)
				run = 0
			case n != 0 && run >= 3:
				k := min(run, 6)
				add(16, k-3)
				run -= k
			default:
				add(n, 0)
				run--
			}
		}
	}
	h.assign(h.lenCodes[:], h.lengths[:], 7)
	count := len(lengthOrder)
	for count > 4 && h.lenCodes[lengthOrder[count-1]].n == 0 {
		count--
	}
	d.put(uint32(lits-257), 5)
	d.put(uint32(dists-1), 5)
	d.put(uint32(count-4), 4)
	for _, s := range lengthOrder[:count] {
		d.put(uint32(h.lenCodes[s].n), 3)
	}
	for _, x := range h.header {
		c := h.lenCodes[x&0xff]
		d.put(uint32(c.bits), c.n)
		switch x & 0xff {
		case 16:
			d.put(uint32(x>>8), 2)
		case 17:
			d.put(uint32(x>>8), 3)
		case 18:
			d.put(uint32(x>>8), 7)
		}
	}
}

// assign gives each symbol that occurs a code of at most limit bits. One that is
// alone gets one bit, and if none occurs the first does.
func (h *huffman) assign(codes []code, counts []uint32, limit int) {
	clear(codes)
	h.sorted = h.sorted[:0]
	for s, n := range counts {
		if n > 0 {
			h.sorted = append(h.sorted, uint64(n)<<16|uint64(s))
		}
	}
	if len(h.sorted) < 2 {
		s := 0
		if len(h.sorted) == 1 {
			s = int(h.sorted[0] & 0xffff)
		}
		codes[s].n = 1
		return
	}
	slices.Sort(h.sorted)
	perLength := h.limited(limit)
	i := 0
	for n := limit; n > 0; n-- {
		for range perLength[n] {
			codes[h.sorted[i]&0xffff].n = uint8(n)
			i++
		}
	}
	var next [17]uint16
	for n := 1; n <= limit; n++ {
		next[n+1] = (next[n] + uint16(perLength[n])) << 1
	}
	for s := range codes {
		if n := codes[s].n; n > 0 {
			codes[s].bits = bits.Reverse16(next[n]) >> (16 - n)
			next[n]++
		}
	}
}

// limited returns how many codes of each length Huffman's method makes of the
// sorted counts, none longer than the limit.
func (h *huffman) limited(limit int) (perLength [16]int) {
	leaves := len(h.sorted)
	// The nodes of the tree: first the leaves by count, then the inner ones in the
	// order in which they are made, which is by count too.
	nodes := 2*leaves - 1
	h.depth = slices.Grow(h.depth[:0], 2*nodes)[:2*nodes]
	weight, parent := h.depth[:nodes], h.depth[nodes:]
	for i, x := range h.sorted {
		weight[i] = uint32(x >> 16)
	}
	leaf, inner := 0, leaves
	for made := leaves; made < nodes; made++ {
		weight[made] = 0
		for range 2 {
			at := leaf
			if leaf == leaves || inner < made && weight[inner] < weight[leaf] {
				at = inner
				inner++
			} else {
				leaf++
			}
			weight[made] += weight[at]
			parent[at] = uint32(made)
		}
	}
	// From here on weight is how deep a node lies.
	weight[nodes-1] = 0
	room := 0
	for i := nodes - 2; i >= 0; i-- {
		weight[i] = weight[parent[i]] + 1
		if i < leaves {
			n := min(int(weight[i]), limit)
			perLength[n]++
			room += 1 << (limit - n)
		}
	}
	for ; room > 1<<limit; room-- {
		n := limit - 1
		for perLength[n] == 0 {
			n--
		}
		perLength[limit]--
		perLength[n]--
		perLength[n+1] += 2
	}
	return perLength
}
