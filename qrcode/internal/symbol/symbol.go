// Package symbol makes QR code symbols: ISO/IEC 18004, model 2, versions 1 to
// 40.
//
// [Encode] is all that pictures need. What it does, in this order: cut the text
// into segments so that it takes the fewest bits (segment.go), choose the least
// version (capacity.go), write the bits (bits.go) and add the error correction
// (reedsolomon.go), lay them out around the function patterns (layout.go,
// place.go), and try the eight masks (mask.go, penalty.go). Tables are made on
// first use and kept; everything here is safe for concurrent use.
package symbol

// A Level is how much of a symbol may be lost while it still scans.
type Level uint8

// The levels: about 7, 15, 25 and 30 percent may be lost.
const (
	L Level = iota
	M
	Q
	H
)

// String returns "L", "M", "Q" or "H".
func (l Level) String() string {
	if l > H {
		return "?"
	}
	return "LMQH"[l : l+1]
}

// A Line is a row of modules, the leftmost in the lowest bit of A, then of B (64
// to the right) and C; set bits are dark.
type Line struct{ A, B, C uint64 }

// Dark reports whether the module in column x is dark.
func (l Line) Dark(x int) bool {
	switch {
	case x < 64:
		return l.A>>uint(x)&1 != 0
	case x < 128:
		return l.B>>uint(x-64)&1 != 0
	}
	return l.C>>uint(x-128)&1 != 0
}

// A Symbol is a square of modules, without a quiet zone. Nobody changes it.
type Symbol struct {
	// Version is 1 to 40, Level what it was raised to, Mask 0 to 7.
	Version int
	Level   Level
	Mask    int
	// Rows are its rows from the top; as many as the symbol is wide: 17 and four
	// times the version.
	Rows []Line
}

// Size is the number of modules of a side.
func (s *Symbol) Size() int { return len(s.Rows) }

// Dark reports whether a module is dark; x counts from the left, y from the top.
func (s *Symbol) Dark(x, y int) bool { return s.Rows[y].Dark(x) }
