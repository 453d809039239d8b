package qrcode

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/qrcode/internal/symbol"
)

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
			require.LessOrEqual(t, s.covered(c), s.budget)
			require.GreaterOrEqual(t, (n-c.w)/2, patternEdge)
			larger := clearing{c.w + 2, c.h + 2}
			require.True(t, !s.fits(larger) || float64(larger.w) > logoShare*float64(n), "version %d level %d", v, level)
		}
	}
}
