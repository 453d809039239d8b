package symbol_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/qrcode/internal/symbol"
)

var levels = []symbol.Level{symbol.L, symbol.M, symbol.Q, symbol.H}

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// linkOf returns a link of n bytes.
func linkOf(n int) string {
	s := "https://wallet.example/open?appId=01981f6a-5b3c-7d2e-9f00-4a6b8c0d2e1f&page=pages%2Fmenu&query=table%3D7"
	if n <= len(s) {
		return s[:n]
	}
	s += "%26wish%3D"
	letters := "abcdefghijklmnopqrstuvwxyz"
	return s + strings.Repeat(letters, n/26)[:n-len(s)]
}

// textOf returns n characters of a mode.
func textOf(r *rand.Rand, n int, m symbol.Mode) string {
	from := alphabet
	switch m {
	case symbol.Numeric:
		from = alphabet[:10]
	case symbol.Bytewise:
		from = alphabet + "abcdefghijklmnopqrstuvwxyz?&=%#_~"
	}
	b := make([]byte, n)
	for i := range b {
		b[i] = from[r.IntN(len(from))]
	}
	return string(b)
}

// mixed returns a text of stretches of digits, capitals, small letters and, if
// asked, of other alphabets.
func mixed(r *rand.Rand, stretches, most int, unicode bool) string {
	var b strings.Builder
	kinds := 3
	if unicode {
		kinds = 4
	}
	for range stretches {
		n := 1 + r.IntN(most)
		switch k := r.IntN(kinds); k {
		case 3:
			for range n {
				b.WriteRune([]rune("é菜单🍜\u200fش\u0000ß€\U0010ffff")[r.IntN(10)])
			}
		default:
			b.WriteString(textOf(r, n, symbol.Mode(k)))
		}
	}
	return b.String()
}

func source(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 5)) }

// read decodes a symbol with a decoder that shares nothing with the encoder. No
// charset is hinted.
func read(t testing.TB, s *symbol.Symbol) (text string, segments [][]byte) {
	t.Helper()
	m, err := gozxing.NewSquareBitMatrix(s.Size())
	require.NoError(t, err)
	for y := range s.Size() {
		for x := range s.Size() {
			if s.Dark(x, y) {
				m.Set(x, y)
			}
		}
	}
	result, err := decoder.NewDecoder().DecodeWithoutHint(m)
	require.NoError(t, err)
	require.Equal(t, s.Level.String(), result.GetECLevel())
	return result.GetText(), result.GetByteSegments()
}

// requireReads checks what a symbol promises and that it is read.
func requireReads(t testing.TB, want string, s *symbol.Symbol) {
	t.Helper()
	require.Equal(t, 17+4*s.Version, s.Size())
	require.True(t, s.Mask >= 0 && s.Mask < 8)
	for y, row := range s.Rows {
		for x := s.Size(); x < 192; x++ {
			require.False(t, row.Dark(x), "module %d,%d is outside", x, y)
		}
	}
	got, _ := read(t, s)
	require.Equal(t, want, got)
}
