package qrcode

import (
	"fmt"
	"math"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/qrcode/internal/symbol"
)

// logoShare is the part of a code's side that a logo takes by default at most.
const logoShare = 0.25

// patternEdge is how many modules from each edge of a code no clearing may touch:
// finder patterns, format and version information and the timing patterns lie
// there. Alignment patterns further inside may be lost.
const patternEdge = 9

// A clearing is the rectangle of modules in the middle of a code that is left light
// for a logo. Both sides are odd, as the code's is, which puts it in the middle.
type clearing struct{ w, h int }

// clearingOf returns the clearing whose longer side has so many modules for a logo of
// w by h pixels: half a module is left free around the logo.
func clearingOf(longer, w, h int) clearing {
	shorter := func(long, short int) int {
		n := 1 + (short*(longer-1)+long-1)/long
		return max(3, n|1)
	}
	if w >= h {
		return clearing{longer, shorter(w, h)}
	}
	return clearing{shorter(h, w), longer}
}

// in returns the first and last column and row of the clearing in a code of n
// modules.
func (c clearing) in(n int) (x0, y0, x1, y1 int) {
	return (n - c.w) / 2, (n - c.h) / 2, (n+c.w)/2 - 1, (n+c.h)/2 - 1
}

// A site is a symbol that a logo is to be put on.
type site struct {
	n     int
	level Level
	// codeword is the codeword that each module is part of, row by row, -1 for none;
	// block is the block that each codeword is part of.
	codeword []int16
	block    []uint8
	// budget is how many codewords of each block a logo may cover: half of what the
	// block repairs.
	budget int
}

func newSite(s *symbol.Symbol) *site {
	blockOf, repairs := symbol.Blocks(s.Version, s.Level)
	return &site{n: s.Size(), level: Level(s.Level) + L, codeword: symbol.Places(s.Version), block: blockOf, budget: repairs / 2}
}

// covered returns how many codewords a clearing touches of the block of which it
// touches most.
func (t *site) covered(c clearing) (worst int) {
	touched := make([]bool, len(t.block))
	var lost [256]int
	x0, y0, x1, y1 := c.in(t.n)
	for y := max(y0, 0); y <= min(y1, t.n-1); y++ {
		for _, w := range t.codeword[y*t.n+max(x0, 0) : y*t.n+min(x1, t.n-1)+1] {
			if w >= 0 && !touched[w] {
				touched[w] = true
				lost[t.block[w]]++
				worst = max(worst, lost[t.block[w]])
			}
		}
	}
	return worst
}

// fits reports whether the code scans well with a clearing.
func (t *site) fits(c clearing) bool {
	x0, y0, _, _ := c.in(t.n)
	return x0 >= patternEdge && y0 >= patternEdge && t.covered(c) <= t.budget
}

// place returns the clearing for a logo of w by h pixels whose longer side takes the
// share of the code's side, 0 for the default. If there is none, the error says
// why, and the clearing is the largest that fits, or empty.
func (t *site) place(share float64, w, h int) (clearing, error) {
	most := int(logoShare * float64(t.n))
	if share != 0 {
		most = max(3, int(share*float64(t.n)))
	}
	asked := clearingOf((most-1)|1, w, h)
	for n := (most - 1) | 1; n >= 3; n -= 2 {
		c := clearingOf(n, w, h)
		if !t.fits(c) {
			continue
		}
		if share != 0 && c != asked {
			return c, t.refuse(share, asked, n)
		}
		return c, nil
	}
	return clearing{}, t.refuse(share, asked, 0)
}

// refuse says why a clearing cannot be, and how long a side would be possible.
func (t *site) refuse(share float64, c clearing, longest int) error {
	advice, higher := "the code has no room for a logo", ": choose a higher level"
	if longest > 0 {
		advice, higher = fmt.Sprintf("at most %.2f", math.Ceil(float64(longest)/float64(t.n)*100)/100), ", or a higher level"
	}
	if t.level < H {
		advice += higher
	}
	what := "the logo"
	if share != 0 {
		what = fmt.Sprintf("a logo of %.2f", share)
	}
	x0, y0, _, _ := c.in(t.n)
	if x0 < patternEdge || y0 < patternEdge {
		return fault.Invalid("logo_size", "not_allowed", fmt.Sprintf(
			"%s reaches into the patterns by which scanners find the code of %d modules: %s", what, t.n, advice))
	}
	return fault.Invalid("logo_size", "not_allowed", fmt.Sprintf(
		"%s covers %d codewords of a block, level %s leaves %d for it: %s", what, t.covered(c), t.level, t.budget, advice))
}

// withLogo returns the symbol of a link together with the clearing for the style's
// logo. A correction prefers a higher level to a smaller logo, if it is not exact.
func (s *Style) withLogo(link string) (*symbol.Symbol, clearing, error) {
	w, h := s.Logo.full.Rect.Dx(), s.Logo.full.Rect.Dy()
	var best *symbol.Symbol
	var smaller clearing
	var why error
	for level := s.Level; level <= H; level++ {
		sym, err := encode(link, level, s.Exact)
		if err != nil && best == nil {
			return nil, clearing{}, err
		}
		if err != nil {
			break
		}
		t := newSite(sym)
		c, err := t.place(s.LogoSize, w, h)
		if err == nil || !s.Correct {
			return sym, c, err
		}
		if best == nil || c != (clearing{}) {
			best, smaller = sym, c
		}
		why = err
		if s.Exact {
			break
		}
		level = t.level
	}
	if smaller == (clearing{}) {
		return nil, clearing{}, why
	}
	return best, smaller, nil
}
