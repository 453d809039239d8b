package symbol_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/qrcode/internal/symbol"
)

// can reports whether a text can be a segment of the mode.
func can(text string, m symbol.Mode) bool {
	switch m {
	case symbol.Numeric:
		return strings.Trim(text, alphabet[:10]) == ""
	case symbol.Alphanumeric:
		return strings.Trim(text, alphabet) == ""
	}
	return true
}

// shortest tries all ways to cut a text: the least of the first segment and of
// what the rest takes. Lengths are the standard's, in whole bits.
func shortest(text string, class int) int {
	best := make([]int, len(text)+1) // Of what begins there.
	for i := len(text) - 1; i >= 0; i-- {
		best[i] = 1 << 30
		for j := i + 1; j <= len(text); j++ {
			for m := symbol.Numeric; m <= symbol.Bytewise; m++ {
				if can(text[i:j], m) {
					best[i] = min(best[i], symbol.Length(j-i, m, class)+best[j])
				}
			}
		}
	}
	return best[0]
}

// taken is the length of a text that is cut as modes say.
func taken(text string, modes []symbol.Mode, class int) int {
	n := 0
	for i := 0; i < len(text); {
		j := i + 1
		for j < len(text) && modes[j] == modes[i] {
			j++
		}
		if !can(text[i:j], modes[i]) {
			return -1
		}
		n += symbol.Length(j-i, modes[i], class)
		i = j
	}
	return n
}

// TestSegmentsAreShortest: nothing is shorter, and the bits are those that the
// segments take.
func TestSegmentsAreShortest(t *testing.T) {
	t.Parallel()
	r := source(13)
	several := 0
	for i := range 3000 {
		text := mixed(r, 1+r.IntN(7), 1+r.IntN(24), i%8 == 0)
		class := r.IntN(3)
		bits, modes := symbol.Cut(text, class)
		require.Equal(t, shortest(text, class), bits, "%q", text)
		require.Len(t, modes, len(text))
		require.Equal(t, bits, taken(text, modes, class), "%q", text)
		if strings.Trim(string(modes), string(modes[:1])) != "" {
			several++
		}
	}
	require.Greater(t, several, 500, "texts of more than one segment")
}

// TestSegmentsOfSmallTexts tries each mode of each byte for all texts of up to
// five bytes of "7", "A" and "a", by themselves and behind longer segments.
func TestSegmentsOfSmallTexts(t *testing.T) {
	t.Parallel()
	for _, before := range []string{"", "1234567890123", "ABCDEFGHI", "abcdefgh"} {
		texts := []string{""}
		for range 5 {
			var longer []string
			for _, text := range texts {
				longer = append(longer, text+"7", text+"A", text+"a")
			}
			texts = longer
			for _, text := range texts {
				least := 1 << 30
				modes := make([]symbol.Mode, len(before)+len(text))
				for first := symbol.Numeric; first <= symbol.Bytewise; first++ {
					for i := range before {
						modes[i] = first
					}
					for code := range 243 {
						for i, c := 0, code; i < len(text); i, c = i+1, c/3 {
							modes[len(before)+i] = symbol.Mode(c % 3)
						}
						if n := taken(before+text, modes, 0); n >= 0 {
							least = min(least, n)
						}
					}
				}
				bits, _ := symbol.Cut(before+text, 0)
				require.Equal(t, least, bits, "%q", before+text)
			}
		}
	}
}

func TestSegmentsOfKnownTexts(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, modes string }{
		{"12345678", "NNNNNNNN"},
		{"TABLE 7", "AAAAAAA"},
		{"table 7", "BBBBBBB"},
		{"a1234567890", "BNNNNNNNNNN"},
		{"abc123", "BBBBBB"},
		{"HTTPS://X.EXAMPLE/ab", "AAAAAAAAAAAAAAAAAABB"},
		{"é7", "BBB"},
	}
	for _, tt := range tests {
		_, modes := symbol.Cut(tt.text, 0)
		var b strings.Builder
		for _, m := range modes {
			b.WriteByte("NAB"[m])
		}
		require.Equal(t, tt.modes, b.String(), "%q", tt.text)
	}
}
