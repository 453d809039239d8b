package qrcode

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/qrcode/internal/symbol"
)

// codewordsOf is table 1 of the standard, from version 1 on.
var codewordsOf = [...]int{
	26, 44, 70, 100, 134, 172, 196, 242, 292, 346, 404, 466, 532, 581, 655, 733, 815, 901, 991, 1085,
	1156, 1258, 1364, 1474, 1588, 1706, 1828, 1921, 2051, 2185, 2323, 2465, 2611, 2761, 2876, 3034, 3196, 3362, 3532, 3706,
}

func TestSiteKnowsWhereCodewordsAre(t *testing.T) {
	t.Parallel()
	for i, want := range codewordsOf {
		n := 21 + 4*i
		s := newSite(&symbol.Symbol{Version: i + 1, Rows: make([]symbol.Line, n)})
		require.Equal(t, want, s.all, "version %d", i+1)
		modules := make([]int, s.all+1)
		for _, w := range s.codeword {
			if w >= 0 {
				modules[w]++
			}
		}
		for w, m := range modules[:s.all] {
			require.Equal(t, 8, m, "codeword %d of version %d", w, i+1)
		}
	}
}

// TestSiteAgreesWithTheEncoder changes a byte of a link and looks which codewords
// that changes: one of data, and of its block those of error correction, so few of
// all.
func TestSiteAgreesWithTheEncoder(t *testing.T) {
	t.Parallel()
	for _, n := range []int{20, 100, 300, 1000, 2000} {
		link := strings.Repeat("a", n)
		a, err := symbol.Encode(link, symbol.L, false)
		require.NoError(t, err)
		b, err := symbol.Encode(link[:n-1]+"b", symbol.L, false)
		require.NoError(t, err)
		if a.Mask != b.Mask {
			continue
		}
		s := newSite(a)
		changed := map[int16]bool{}
		for y := range a.Size() {
			for x := range a.Size() {
				if a.Dark(x, y) != b.Dark(x, y) {
					changed[s.codeword[y*s.n+x]] = true
				}
			}
		}
		require.NotContains(t, changed, int16(-1), "no pattern changes")
		require.LessOrEqual(t, len(changed), 2+30, "of %d bytes", n)
	}
}

func TestClearing(t *testing.T) {
	t.Parallel()
	tests := []struct {
		longer, w, h int
		want         clearing
	}{
		{7, 100, 100, clearing{7, 7}},
		{7, 100, 50, clearing{7, 5}},
		{7, 50, 100, clearing{5, 7}},
		{9, 4096, 1, clearing{9, 3}},
		{9, 1, 4096, clearing{3, 9}},
		{9, 100, 99, clearing{9, 9}},
		{3, 10, 10, clearing{3, 3}},
	}
	for _, tt := range tests {
		require.Equal(t, tt.want, clearingOf(tt.longer, tt.w, tt.h))
	}
	x0, y0, x1, y1 := clearing{7, 5}.in(25)
	require.Equal(t, [4]int{9, 10, 15, 14}, [4]int{x0, y0, x1, y1})
}

// TestClearingStaysWithinItsBudget does so for all versions and levels, and looks
// whether a larger one would have been possible.
func TestClearingStaysWithinItsBudget(t *testing.T) {
	t.Parallel()
	for v := 1; v <= 40; v++ {
		n := 17 + 4*v
		for level := symbol.L; level <= symbol.H; level++ {
			s := newSite(&symbol.Symbol{Version: v, Level: level, Rows: make([]symbol.Line, n)})
			c, err := s.place(0, 100, 100)
			if err != nil {
				require.Empty(t, c)
				require.False(t, s.fits(clearing{3, 3}), "version %d level %d", v, level)
				continue
			}
			require.LessOrEqual(t, s.covered(c)*200, s.all*mayLose[s.level])
			require.GreaterOrEqual(t, (n-c.w)/2, patternEdge)
			larger := clearing{c.w + 2, c.h + 2}
			require.True(t, !s.fits(larger) || float64(larger.w) > logoShare*float64(n), "version %d level %d", v, level)
		}
	}
}
