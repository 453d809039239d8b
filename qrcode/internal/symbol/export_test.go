package symbol

import (
	"encoding/binary"
	"testing"
)

// Fixed is what tests choose in place of the encoder.
type Fixed struct {
	Level Level
	// Version 0 is the least, Mask -1 that of the lowest penalty.
	Version, Mask int
	// Mode is that of the whole text; Mixed cuts it as Encode does.
	Mode Mode
	// Bare leaves out that bytes are UTF-8.
	Bare bool
}

type Mode = mode

const (
	Numeric      = numeric
	Alphanumeric = alphanumeric
	Bytewise     = bytewise
	Mixed        = Mode(9)
)

// At encodes as asked; ok is false if the text does not fit.
func At(text string, f Fixed) (*Symbol, bool) {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	eci := needsECI(text) && !f.Bare
	start := 0
	if eci {
		start = eciBits
	}
	c := choice{level: f.Level}
	first := minVersion
	for class, last := range classes {
		c.class = class
		if f.Mode == Mixed {
			c.bits, _ = s.cut(text, class, start, 1<<30)
		} else {
			c.bits = start + Length(len(text), f.Mode, class)
			s.modes = s.modes[:0]
			for range len(text) {
				s.modes = append(s.modes, f.Mode)
			}
		}
		if f.Version == 0 {
			c.version = least(c.bits, first, last, f.Level)
		} else if f.Version <= last && c.bits <= 8*dataCodewords(f.Version, f.Level) {
			c.version = f.Version
		}
		first = last + 1
		if c.version != 0 {
			break
		}
		if f.Version != 0 && f.Version <= last {
			return nil, false
		}
	}
	if c.version == 0 {
		return nil, false
	}
	l := s.draw(text, c, eci)
	if f.Mask < 0 {
		f.Mask = s.search(l, c.level)
	}
	s.finish(l, c.level, f.Mask)
	return s.symbol(c, f.Mask), true
}

// Length is that of a segment of n characters with its header, as the standard
// gives it (7.4.3 to 7.4.5).
func Length(n int, m Mode, class int) int {
	counts := [][]int{{10, 9, 8}, {12, 11, 16}, {14, 13, 16}}
	head := 4 + counts[class][m]
	switch m {
	case numeric:
		return head + 10*(n/3) + []int{0, 4, 7}[n%3]
	case alphanumeric:
		return head + 11*(n/2) + 6*(n%2)
	}
	return head + 8*n
}

// Cut returns the length of the segments for a text, and the mode of each byte.
func Cut(text string, class int) (bits int, modes []Mode) {
	s := new(scratch)
	bits, _ = s.cut(text, class, 0, 1<<30)
	return bits, s.modes
}

// Penalty is that of a finished symbol.
func Penalty(sym *Symbol) int {
	var rows, cols plane
	for y := range sym.Size() {
		for x := range sym.Size() {
			if sym.Dark(x, y) {
				rows.set(x, y)
				cols.set(y, x)
			}
		}
	}
	return penalty(&rows, &cols, sym.Size())
}

// Flip mirrors a square of bits.
func Flip(a *[64]uint64) { flip(a) }

var (
	DataCodewords = dataCodewords
	Codewords     = codewords
	Alignments    = alignments
	FormatBits    = formatBits
	VersionBits   = versionBits
	Checkwords    = &checkwords
	BlockCounts   = &blocks
	LayoutOf      = layoutOf
)

var FreeModules = freeModules

// Visited counts the modules that runs visit, and fails if one is visited twice
// or is not free.
func Visited(t testing.TB, version int) int {
	t.Helper()
	l := newLayout(version)
	seen := map[[2]int]bool{}
	for _, r := range l.runs {
		for y := int(r.y); y < int(r.y+r.n); y++ {
			for x := int(r.x); x >= int(r.x)-1; x-- {
				if x < int(r.x) && !r.both {
					break
				}
				if seen[[2]int{x, y}] || !l.free.get(x, y) {
					t.Fatalf("version %d: module %d,%d", version, x, y)
				}
				seen[[2]int{x, y}] = true
			}
		}
	}
	return len(seen)
}

// CheckwordsOf returns n error correction codewords.
func CheckwordsOf(data []byte, n int) []byte {
	r := generatorOf(n).checkwordsOf(data)
	var b []byte
	for _, x := range []uint64{r.a, r.b, r.c, r.d} {
		b = binary.BigEndian.AppendUint64(b, x)
	}
	return b[:n]
}
