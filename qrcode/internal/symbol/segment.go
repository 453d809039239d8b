package symbol

import "unicode/utf8"

// A mode is how the characters of a segment become bits.
type mode uint8

// The modes. Kanji is left out: its characters are Shift JIS, and texts here are
// UTF-8.
const (
	numeric mode = iota
	alphanumeric
	bytewise
)

// indicators are the four bits that start a segment.
var indicators = [...]uint64{numeric: 1, alphanumeric: 2, bytewise: 4}

// countBits is the length of a segment's character count, by the class of its
// version: up to 9, to 26, to 40.
var countBits = [3][3]int{
	numeric:      {10, 12, 14},
	alphanumeric: {9, 11, 13},
	bytewise:     {8, 16, 16},
}

// classes are the last versions of each class.
var classes = [3]int{9, 26, 40}

// alphabet are the 45 characters of alphanumeric mode, by their value.
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// values has a character's place in the alphabet, and 255 for others. Those
// below 10 are the digits.
var values = func() (v [256]uint8) {
	for i := range v {
		v[i] = 255
	}
	for i := range len(alphabet) {
		v[alphabet[i]] = uint8(i)
	}
	return v
}()

// eciBits is the length of the segment that says "UTF-8 follows".
const eciBits = 4 + 8

// needsECI reports whether a text has to say that its bytes are UTF-8.
//
// The standard's default for bytes is ISO 8859-1, whose lower half is ASCII: up
// to there nothing need be said, and links that are percent-encoded never pay
// the 12 bits. From 0x80 on, readers that are told nothing have to guess, and
// guess differently: gozxing takes for UTF-8 what can be UTF-8, zbar tries Shift
// JIS before and reads "矇" for "é". Told, both read it right (the tests show
// all four). Bytes that are not UTF-8 get no sign, since it would be wrong.
func needsECI(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return utf8.ValidString(text)
		}
	}
	return false
}

// Costs are in sixths of a bit: a digit takes 10/3 bits, a character of the
// alphabet 11/2. A segment ends at a whole bit, and rounding up there gives the
// lengths of the standard: 4 and 7 bits for one and two last digits, 6 for one
// last character.
const (
	bit       = 6
	perDigit  = 20
	perLetter = 33
	perByte   = 8 * bit
	never     = 1 << 40
)

func whole(cost int) int { return (cost + bit - 1) / bit * bit }

// cut finds the segments of least length for a text in symbols of the class. It
// sets s.modes, the mode of each byte, and returns the bits they take with their
// headers, and start, the bits before them. If they take more than limit, fit is
// how many bytes from the front take no more; otherwise it is the length of the
// text.
//
// The way is dynamic programming from left to right: for each mode, the cheapest
// way to encode what was read with the last byte in this mode. A way that is
// cheaper now stays so whatever follows in the same mode, so no other is kept.
// On a tie the segment goes on, and the order of the modes decides then.
func (s *scratch) cut(text string, class, start, limit int) (bits, fit int) {
	headN := (4 + countBits[numeric][class]) * bit
	headA := (4 + countBits[alphanumeric][class]) * bit
	headB := (4 + countBits[bytewise][class]) * bit
	s.modes = s.modes[:0]
	if len(text) == 0 {
		return start, 0
	}
	// The costs so far by last mode, as if an empty segment of each had begun.
	n, a, b := start*bit+headN, start*bit+headA, start*bit+headB
	for i := range len(text) {
		v := values[text[i]]
		wasN, wasA := n, a
		endN, endA, endB := whole(n), whole(a), b
		fromN, fromA, fromB := numeric, alphanumeric, bytewise
		n, a = never, never
		if endA+headB < b {
			b, fromB = endA+headB, alphanumeric
		}
		if endN+headB < b {
			b, fromB = endN+headB, numeric
		}
		b += perByte
		cheapest := b
		if v < 45 {
			a = wasA
			if endB+headA < a {
				a, fromA = endB+headA, bytewise
			}
			if endN+headA < a {
				a, fromA = endN+headA, numeric
			}
			a += perLetter
			cheapest = min(cheapest, a)
		}
		if v < 10 {
			n = wasN
			if endB+headN < n {
				n, fromN = endB+headN, bytewise
			}
			if endA+headN < n {
				n, fromN = endA+headN, alphanumeric
			}
			n += perDigit
			cheapest = min(cheapest, n)
		}
		if cheapest > limit*bit {
			return 0, i
		}
		s.modes = append(s.modes, fromN|fromA<<2|fromB<<4)
	}
	last, total := bytewise, b
	if wa := whole(a); wa < total {
		last, total = alphanumeric, wa
	}
	if wn := whole(n); wn < total {
		last, total = numeric, wn
	}
	for i := len(s.modes) - 1; i >= 0; i-- {
		from := s.modes[i] >> (2 * last) & 3
		s.modes[i] = last
		last = from
	}
	return total / bit, len(text)
}
