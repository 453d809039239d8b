package symbol_test

import (
	"math/bits"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/qrcode/internal/symbol"
)

// naive is the penalty as the standard words it, module by module.
func naive(s *symbol.Symbol) int {
	n, points, dark := s.Size(), 0, 0
	line := make([]byte, n)
	for _, at := range []func(i, j int) bool{func(i, j int) bool { return s.Dark(j, i) }, func(i, j int) bool { return s.Dark(i, j) }} {
		for i := range n {
			for j := range n {
				line[j] = '0'
				if at(i, j) {
					line[j] = '1'
				}
			}
			run := 1
			for j := 1; j <= n; j++ {
				if j < n && line[j] == line[j-1] {
					run++
					continue
				}
				if run >= 5 {
					points += 3 + run - 5
				}
				run = 1
			}
			for j := 0; j+11 <= n; j++ {
				if p := string(line[j : j+11]); p == "10111010000" || p == "00001011101" {
					points += 40
				}
			}
		}
	}
	for y := range n {
		for x := range n {
			d := s.Dark(x, y)
			if d {
				dark++
			}
			if x+1 < n && y+1 < n && s.Dark(x+1, y) == d && s.Dark(x, y+1) == d && s.Dark(x+1, y+1) == d {
				points += 3
			}
		}
	}
	for k := 1; k <= 10; k++ {
		if 100*dark >= (50+5*k)*n*n || 100*dark <= (50-5*k)*n*n {
			points += 10
		}
	}
	return points
}

// TestPenalty compares with the naive one: for symbols, and for squares that are
// random, rich in runs, and rich in what looks like finder patterns.
func TestPenalty(t *testing.T) {
	t.Parallel()
	r := source(11)
	for version := 1; version <= 40; version++ {
		text := textOf(r, room(version, symbol.L, symbol.Bytewise), symbol.Bytewise)
		for mask := range 8 {
			s, ok := symbol.At(text, symbol.Fixed{Mask: mask, Mode: symbol.Bytewise})
			require.True(t, ok)
			require.Equal(t, naive(s), symbol.Penalty(s), "version %d mask %d", version, mask)
		}
		for kind := range 8 {
			s := &symbol.Symbol{Rows: make([]symbol.Line, 17+4*version)}
			for y := range s.Rows {
				for x := 0; x < s.Size(); {
					word, n := r.Uint64(), 1
					switch {
					case kind >= 5 && r.IntN(3) > 0: // 00001011101 and 10111010000
						word, n = []uint64{0b10111010000, 0b00001011101, 0b000010111010000}[r.IntN(3)], 11+4*r.IntN(2)
					case kind >= 2 && kind < 7:
						word, n = -(word & 1), 1+r.IntN(9)
					}
					for i := 0; i < n && x < s.Size(); i++ {
						bit := word >> i & 1
						switch {
						case x < 64:
							s.Rows[y].A |= bit << x
						case x < 128:
							s.Rows[y].B |= bit << (x - 64)
						default:
							s.Rows[y].C |= bit << (x - 128)
						}
						x++
					}
				}
			}
			if kind%2 == 1 { // The same turned round, for the columns.
				s = turned(s)
			}
			require.Equal(t, naive(s), symbol.Penalty(s), "version %d kind %d", version, kind)
		}
	}
}

func turned(s *symbol.Symbol) *symbol.Symbol {
	out := &symbol.Symbol{Rows: make([]symbol.Line, s.Size())}
	for y := range s.Rows {
		for x := range s.Rows {
			if !s.Dark(y, x) {
				continue
			}
			l := &out.Rows[y]
			*[]*uint64{&l.A, &l.B, &l.C}[x/64] |= bits.RotateLeft64(1, x%64)
		}
	}
	return out
}

// TestLowestMaskWins: of all eight, and the first on a tie.
func TestLowestMaskWins(t *testing.T) {
	t.Parallel()
	r := source(12)
	used := map[int]bool{}
	for i := range 200 {
		text := mixed(r, 1+r.IntN(5), 30, false)
		level := levels[i%4]
		got, err := symbol.Encode(text, level, false)
		require.NoError(t, err)
		best, lowest := -1, 0
		for mask := range 8 {
			s, ok := symbol.At(text, symbol.Fixed{Level: level, Mask: mask, Mode: symbol.Mixed})
			require.True(t, ok)
			if p := naive(s); best < 0 || p < lowest {
				best, lowest = mask, p
			}
			if mask == got.Mask {
				require.Equal(t, s, got)
			}
		}
		require.Equal(t, best, got.Mask)
		used[best] = true
	}
	require.Len(t, used, 8, "all masks win now and then")
}
