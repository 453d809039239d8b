package symbol

import (
	"fmt"
	"sync"
)

// Encode makes the symbol of a text: of the least version that holds it at the
// level, and, if raise is set, of the highest level that this version has room
// for. The level is one of the four. A *TooLongError if no version holds it.
//
// The text is cut into segments of digits, of the 45 characters of alphanumeric
// mode and of bytes so that it takes the fewest bits. Bytes are UTF-8, which is
// said in the symbol if the text is not all ASCII; a text that is not UTF-8 is
// encoded as the bytes it has, and readers guess what they mean. The same input
// makes the same symbol.
func Encode(text string, level Level, raise bool) (*Symbol, error) {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	eci := needsECI(text)
	c, err := s.choose(text, level, eci)
	if err != nil {
		return nil, err
	}
	if raise {
		c.level = raised(c.bits, c.version, level)
	}
	l := s.draw(text, c, eci)
	mask := s.search(l, c.level)
	if mask != masks-1 { // The last is still there.
		s.finish(l, c.level, mask)
	}
	return s.symbol(c, mask), nil
}

// TooLongError is the error for a text that no symbol of the level holds.
type TooLongError struct {
	Level Level
	// Bytes is how long the text is. Most is how many bytes of it, from the front,
	// a symbol of the level holds: up to 2953, 2331, 1663 and 1273 by level, more
	// if there are digits or capital letters among them.
	Bytes, Most int
}

// Error has both figures.
func (e *TooLongError) Error() string {
	return fmt.Sprintf("a QR code of level %s holds at most %d bytes of this text, which has %d", e.Level, e.Most, e.Bytes)
}

// A choice is which symbol a text gets.
type choice struct {
	version int
	level   Level
	// class is that of the version, by which the text is cut; bits is what it takes.
	class, bits int
}

// scratch is what it takes to make a symbol and is used again: 33 kB.
type scratch struct {
	modes  []mode
	data   bitWriter
	stream []byte
	// The symbol without and with mask, by rows and by columns.
	dataRows, dataCols, rows, cols plane
}

var scratches = sync.Pool{New: func() any {
	return &scratch{
		modes:  make([]mode, 0, 7168), // No symbol holds more than 7089 characters.
		data:   bitWriter{bytes: make([]byte, 0, 3072)},
		stream: make([]byte, codewords(maxVersion)+slack),
	}
}}

// choose finds the least version, and leaves in s.modes how the text is cut.
func (s *scratch) choose(text string, level Level, eci bool) (choice, error) {
	start := 0
	if eci {
		start = eciBits
	}
	first, most := minVersion, 0
	for class, last := range classes {
		var bits int
		bits, most = s.cut(text, class, start, 8*dataCodewords(last, level))
		if most == len(text) {
			if v := least(bits, first, last, level); v != 0 {
				return choice{v, level, class, bits}, nil
			}
		}
		first = last + 1
	}
	return choice{}, &TooLongError{Level: level, Bytes: len(text), Most: most}
}

// draw lays the text out in s.dataRows and s.dataCols, without mask.
func (s *scratch) draw(text string, c choice, eci bool) *layout {
	s.data = bitWriter{bytes: s.data.bytes[:0]}
	if eci {
		s.data.put(7<<8|26, eciBits)
	}
	s.data.segments(text, s.modes, c.class)
	s.data.finish(dataCodewords(c.version, c.level))
	stream := s.stream[:codewords(c.version)+slack]
	interleave(stream, s.data.bytes, c.version, c.level)
	l := layoutOf(c.version)
	// Squares of 64 are mirrored whole: what an earlier symbol left must go.
	for i := range l.words {
		clear(s.dataCols[i][l.width:])
	}
	l.place(&s.dataCols, stream)
	l.transpose(&s.dataRows, &s.dataCols)
	return l
}

// symbol copies the one that is drawn.
func (s *scratch) symbol(c choice, mask int) *Symbol {
	n := width(c.version)
	out := &Symbol{Version: c.version, Level: c.level, Mask: mask, Rows: make([]Line, n)}
	for y := range out.Rows {
		l := &out.Rows[y]
		l.A = s.rows[0][y]
		if n > 64 {
			l.B = s.rows[1][y]
		}
		if n > 128 {
			l.C = s.rows[2][y]
		}
	}
	return out
}
