package qrcode

import (
	"fmt"
	"math"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/qrcode/internal/symbol"
)

// mayLose is the percentage of codewords that each level can lose.
var mayLose = [...]int{L: 7, M: 15, Q: 25, H: 30}

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
	// codeword is the codeword that each module is part of, row by row, -1 for
	// function patterns.
	codeword []int16
	all      int
}

func newSite(s *symbol.Symbol) *site {
	n := s.Size()
	t := &site{n: n, level: Level(s.Level) + L, codeword: make([]int16, n*n)}
	for i := range t.codeword {
		t.codeword[i] = -1
	}
	bits := 0
	// The codewords lie in pairs of columns, from the right, upwards first; the timing
	// pattern in column 6 is left out.
	for right, up := n-1, true; right > 0; right, up = right-2, !up {
		if right == 6 {
			right = 5
		}
		for i := range n {
			y := i
			if up {
				y = n - 1 - i
			}
			for _, x := range [...]int{right, right - 1} {
				if !isPattern(s.Version, n, x, y) {
					t.codeword[y*n+x] = int16(bits / 8)
					bits++
				}
			}
		}
	}
	t.all = bits / 8
	return t
}

// isPattern reports whether a module holds no data.
func isPattern(version, n, x, y int) bool {
	switch {
	case x == 6 || y == 6, x < 9 && y < 9, x < 9 && y >= n-8, x >= n-8 && y < 9:
		return true
	case version >= 7 && (x < 6 && y >= n-11 || x >= n-11 && y < 6):
		return true
	case version == 1:
		return false
	}
	// Alignment patterns are 5 modules wide. Those in row and column 6 that are not
	// in a corner are told from the middle ones by nothing.
	count := version/7 + 2
	step := 26
	if version != 32 {
		step = (version*4 + count*2 + 1) / (count*2 - 2) * 2
	}
	near := func(v int) (i int, ok bool) {
		if v >= 4 && v <= 8 {
			return 0, true
		}
		back := n - 7 + 2 - v
		i = count - 1 - back/step
		return i, back >= 0 && back%step < 5 && i > 0
	}
	i, inX := near(x)
	j, inY := near(y)
	corner := i == 0 && j == 0 || i == 0 && j == count-1 || i == count-1 && j == 0
	return inX && inY && !corner
}

// covered returns how many codewords a clearing touches.
func (t *site) covered(c clearing) (n int) {
	touched := make([]bool, t.all+1)
	x0, y0, x1, y1 := c.in(t.n)
	for y := max(y0, 0); y <= min(y1, t.n-1); y++ {
		for _, w := range t.codeword[y*t.n+max(x0, 0) : y*t.n+min(x1, t.n-1)+1] {
			if w >= 0 && !touched[w] {
				touched[w] = true
				n++
			}
		}
	}
	return n
}

// budget is how many codewords a logo may cover: half of what the level can lose.
func (t *site) budget() int { return t.all * mayLose[t.level] / 200 }

// fits reports whether the code scans well with a clearing.
func (t *site) fits(c clearing) bool {
	x0, y0, _, _ := c.in(t.n)
	return x0 >= patternEdge && y0 >= patternEdge && t.covered(c) <= t.budget()
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
	advice := "the code has no room for a logo: choose a higher level"
	if longest > 0 {
		advice = fmt.Sprintf("at most %.2f, or a higher level", math.Ceil(float64(longest)/float64(t.n)*100)/100)
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
		"%s covers %d of %d codewords, level %s leaves %d for it: %s", what, t.covered(c), t.all, t.level, t.budget(), advice))
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
		best, smaller, why = sym, c, err
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
