package symbol

import (
	"encoding/binary"
	"math/bits"
)

// slack is how many bytes of 0 a stream has behind the codewords: in some
// versions up to seven modules are left over, which are light, and runs are read
// in words.
const slack = 16

// place lays the codewords out, each bit 1 a dark module, beside the function
// patterns. cols gets them by columns.
func (l *layout) place(cols *plane, stream []byte) {
	for i := range l.words {
		copy(cols[i][:l.width], l.fixed[i][:l.width])
	}
	at := 0
	for _, r := range l.runs {
		// Up to 64 bits from anywhere in the stream, the first in the lowest.
		v := binary.LittleEndian.Uint64(stream[at>>3:])>>uint(at&7) | uint64(stream[at>>3+8])<<1<<uint(63-at&7)
		if !r.both {
			put(cols, r, r.x, v)
			at += int(r.n)
			continue
		}
		put(cols, r, r.x, every2nd(v))
		put(cols, r, r.x-1, every2nd(v>>1))
		at += 2 * int(r.n)
	}
}

// put writes the lowest bits of v into the run's rows of a column.
func put(cols *plane, r run, x uint8, v uint64) {
	if r.up {
		v = bits.Reverse64(v) >> (64 - r.n)
	} else {
		v &= 1<<r.n - 1
	}
	word, shift := r.y>>6, r.y&63
	cols[word][x] |= v << shift
	if shift+r.n > 64 {
		cols[word+1][x] |= v >> (64 - shift)
	}
}

// every2nd gathers the bits 0, 2, 4 and so on in the lowest 32.
func every2nd(v uint64) uint64 {
	v &= 0x5555555555555555
	v = (v | v>>1) & 0x3333333333333333
	v = (v | v>>2) & 0x0f0f0f0f0f0f0f0f
	v = (v | v>>4) & 0x00ff00ff00ff00ff
	v = (v | v>>8) & 0x0000ffff0000ffff
	return (v | v>>16) & 0x00000000ffffffff
}

// transpose makes rows of columns, in squares of 64 by 64. Columns from
// width on must be 0.
func (l *layout) transpose(rows, cols *plane) {
	for i := range l.words {
		for j := range l.words {
			square := (*[64]uint64)(rows[i][64*j:])
			*square = [64]uint64(cols[j][64*i:])
			flip(square)
		}
	}
}

// flip mirrors a square of bits at its diagonal: quarters are exchanged, then
// the quarters of each, down to single bits.
func flip(a *[64]uint64) {
	mask := uint64(0x00000000ffffffff)
	for j := uint(32); j != 0; j, mask = j>>1, mask^mask<<(j>>1) {
		for k := uint(0); k < 64; k = (k + j + 1) &^ j {
			t := (a[k&63]>>j ^ a[(k|j)&63]) & mask
			a[(k|j)&63] ^= t
			a[k&63] ^= t << j
		}
	}
}
