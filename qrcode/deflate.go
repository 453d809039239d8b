package qrcode

import (
	"encoding/binary"
	"math/bits"
)

// A deflater makes a zlib stream (RFC 1950, 1951). Why not compress/zlib: pictures
// of codes are lines that repeat, which this one is told instead of searching for;
// and its bytes stay the same with every release of Go.
type deflater struct {
	bitWriter
	// win is what was written last, win[0] at the position base of the whole.
	win  []byte
	base int
	// head has, by a hash of four bytes, one more than the position where they were
	// seen last.
	head   [1 << hashBits]int32
	tokens []uint32
	huffman
	// sum and weighted are the two halves of Adler-32.
	sum, weighted uint64
}

const (
	hashBits = 12
	window   = 1 << 15
	minMatch = 4
	maxMatch = 258
	// winSize leaves room for a line of the widest picture.
	winSize = 2*window + 256
	// blockTokens is how many tokens share their Huffman codes.
	blockTokens = 1 << 13
)

// A token is a byte, or a match: isMatch, the length less 3, the distance less 1.
const (
	isMatch   = 1 << 31
	lenShift  = 16
	distMask  = 1<<lenShift - 1
	endOfPart = 256
)

// begin starts a stream at the end of out.
func (d *deflater) begin(out []byte) {
	d.out, d.acc, d.n = append(out, 0x78, 0x01), 0, 0
	if d.win == nil {
		d.win, d.tokens = make([]byte, 0, winSize), make([]uint32, 0, blockTokens+maxMatch)
	}
	d.win, d.base, d.tokens = d.win[:0], 0, d.tokens[:0]
	clear(d.head[:])
	d.huffman.reset()
	d.sum, d.weighted = 1, 0
}

// end returns all that was written since begin.
func (d *deflater) end() []byte {
	d.part(true)
	d.flush()
	return binary.BigEndian.AppendUint32(d.out, uint32(d.weighted<<16|d.sum))
}

// write adds bytes, of any number.
func (d *deflater) write(b []byte) {
	for len(b) > window {
		d.line(b[:window], 1)
		b = b[window:]
	}
	d.line(b, 1)
}

// line adds a line so many times. It has at most window and one bytes.
func (d *deflater) line(line []byte, times int) {
	if len(line) == 0 || times < 1 {
		return
	}
	d.checksum(line, times)
	d.room(len(line))
	start := len(d.win)
	d.win = append(d.win, line...)
	d.search(start, len(line))
	if times--; times == 0 {
		return
	}
	if len(line) < minMatch || len(line) > window {
		for ; times > 0; times-- {
			d.room(len(line))
			start = len(d.win)
			d.win = append(d.win, line...)
			d.search(start, len(line))
		}
		return
	}
	all := times * len(line)
	for left := all; left > 0; {
		n := min(left, maxMatch)
		if rest := left - n; rest > 0 && rest < minMatch {
			n -= minMatch
		}
		d.match(n, len(line))
		left -= n
	}
	// Why not all of them: nothing further back than the window is looked at.
	kept := min(times, window/len(line)+1)
	if kept < times {
		d.base += len(d.win) + (times-kept)*len(line)
		d.win = d.win[:0]
	}
	for range kept {
		d.room(len(line))
		d.win = append(d.win, line...)
	}
}

// room slides the window so that n bytes fit in.
func (d *deflater) room(n int) {
	if len(d.win)+n <= winSize {
		return
	}
	cut := len(d.win) - window
	copy(d.win, d.win[cut:])
	d.win = d.win[:window]
	d.base += cut
}

// search turns what the window has from start on into tokens. It looks for the
// longest match at three places: a line further up, one byte before, and where the
// same four bytes were last. Why not shorter ones from afar: the few different bytes
// of a picture of two colours take fewer bits than a distance.
func (d *deflater) search(start, stride int) {
	win := d.win
	for i := start; i < len(win); {
		if len(win)-i < minMatch {
			d.literal(win[i])
			i++
			continue
		}
		best, dist := 0, 0
		next := binary.LittleEndian.Uint32(win[i:])
		h := next * 0x9e3779b1 >> (32 - hashBits)
		last := int(d.head[h]) - 1 - d.base
		d.head[h] = int32(d.base + i + 1)
		for _, at := range [...]struct{ from, least int }{{i - stride, 5}, {i - 1, minMatch}, {last, 6}} {
			from := at.from
			if from < 0 || i-from > window || from == i || binary.LittleEndian.Uint32(win[from:]) != next {
				continue
			}
			if n := common(win[from:], win[i:]); n > best && n >= at.least {
				best, dist = n, i-from
			}
		}
		if best < minMatch {
			d.literal(win[i])
			i++
			continue
		}
		d.match(best, dist)
		i += best
	}
}

// common returns how many bytes a and b have in common, at most maxMatch. The first
// is the longer one.
func common(a, b []byte) int {
	b = b[:min(len(b), maxMatch)]
	a = a[:len(b)]
	i := 0
	for ; i+8 <= len(b); i += 8 {
		if x := binary.LittleEndian.Uint64(a[i:]) ^ binary.LittleEndian.Uint64(b[i:]); x != 0 {
			return i + bits.TrailingZeros64(x)/8
		}
	}
	for i < len(b) && a[i] == b[i] {
		i++
	}
	return i
}

func (d *deflater) literal(b byte) {
	d.tokens = append(d.tokens, uint32(b))
	d.symbols[b]++
	d.part(false)
}

func (d *deflater) match(n, dist int) {
	d.tokens = append(d.tokens, isMatch|uint32(n-3)<<lenShift|uint32(dist-1))
	d.symbols[lengthCode[n-3].code]++
	d.distances[distanceOf(dist-1).code]++
	d.part(false)
}

// checksum reckons what a line that is repeated adds to the checksum, looking at
// each byte once.
func (d *deflater) checksum(line []byte, times int) {
	const mod = 65521
	var sum, weighted uint64
	for _, b := range line {
		sum += uint64(b)
		weighted += sum
	}
	sum, weighted = sum%mod, weighted%mod
	n := uint64(len(line))
	for range times {
		d.weighted = (d.weighted + n*d.sum + weighted) % mod
		d.sum = (d.sum + sum) % mod
	}
}
