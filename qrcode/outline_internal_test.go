package qrcode

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/qrcode/internal/symbol"
)

// TestOutline fills outlines of noise and of a few hard squares again, counting how
// often a line to the left crosses one.
func TestOutline(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	for round := range 40 {
		n := 1 + r.IntN(177)
		l := layout{n: n, rows: make([]symbol.Line, n)}
		dark := func(x, y int) bool {
			switch round {
			case 0:
				return true
			case 1:
				return false
			case 2:
				return (x+y)%2 == 0
			case 3:
				return x%2 == 0 || y%2 == 0
			}
			return l.rows[y].Dark(x)
		}
		for y := range n {
			l.rows[y] = symbol.Line{A: r.Uint64(), B: r.Uint64(), C: r.Uint64()}
			if round < 4 {
				var row symbol.Line
				for x := range n {
					if dark(x, y) {
						row.A |= bit(x)
						row.B |= bit(x - 64)
						row.C |= bit(x - 128)
					}
				}
				l.rows[y] = row
			}
		}
		// crossed[y][x] is whether the left edge of a module is on an outline.
		crossed := make([][178]bool, n)
		var first, last corner
		way := func(to corner) {
			require.True(t, (to.x == last.x) != (to.y == last.y), "ways go straight")
			for y := min(to.y, last.y); to.x == last.x && y < max(to.y, last.y); y++ {
				require.False(t, crossed[y][to.x], "an edge is on one outline only")
				crossed[y][to.x] = true
			}
			last = to
		}
		for i, c := range l.outline() {
			if c.first {
				if i > 0 {
					way(first)
				}
				first, last = c, c
				continue
			}
			way(c)
		}
		if first != last {
			way(first)
		}
		for y := range n {
			inside := false
			for x := range n {
				inside = inside != crossed[y][x]
				require.Equal(t, l.rows[y].Dark(x), inside, "round %d, module %d,%d", round, x, y)
			}
		}
	}
}
