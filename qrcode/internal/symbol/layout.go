package symbol

import "sync"

// A plane is a square of bits, up to 192 a side: bit x%64 of plane[x/64][y] is
// in column x of row y, or, in a plane of columns, in row x of column y.
type plane [3][192]uint64

func (p *plane) set(x, y int)      { p[x>>6][y] |= 1 << uint(x&63) }
func (p *plane) get(x, y int) bool { return p[x>>6][y]>>uint(x&63)&1 != 0 }

// A layout is what all symbols of a version have in common. Function patterns
// and version information are the same seen by rows and by columns, but for one
// module, which is treated as part of the format information.
type layout struct {
	// width is in modules, words in words of a line.
	width, words int
	// fixed has the dark modules of function patterns and version information;
	// free has the modules that are left for codewords.
	fixed, free plane
	// runs are where codewords go, in their order.
	runs []run
}

// A run is a stretch of free modules in a pair of columns.
type run struct {
	// x is the column, or the right one of two; y is the topmost row, n the number
	// of rows, at most 32.
	x, y, n uint8
	// up says that the lowest module comes first, both that the column to the left
	// belongs to it, too: row by row, the right one first.
	up, both bool
}

// layouts are made on first use: 9 to 13 kB each, 0.5 MB if all are used.
var layouts [maxVersion + 1]struct {
	once   sync.Once
	layout *layout
}

func layoutOf(version int) *layout {
	l := &layouts[version]
	l.once.Do(func() { l.layout = newLayout(version) })
	return l.layout
}

func newLayout(version int) *layout {
	n := width(version)
	l := &layout{width: n, words: (n + 63) / 64}
	for y := range n {
		for x := range n {
			l.free.set(x, y)
		}
	}
	l.timing()
	for _, at := range [][2]int{{3, 3}, {n - 4, 3}, {3, n - 4}} {
		l.finder(at[0], at[1])
	}
	middles := alignments(version)
	for i, x := range middles {
		for j, y := range middles {
			// There is none where a finder pattern is.
			if last := len(middles) - 1; (i == 0 && (j == 0 || j == last)) || (i == last && j == 0) {
				continue
			}
			l.rings(x, y, 2, 2)
		}
	}
	// The format information, and the dark module at (8, n-8).
	for i := range 9 {
		l.reserve(8, i)
		l.reserve(i, 8)
	}
	for i := n - 8; i < n; i++ {
		l.reserve(8, i)
		l.reserve(i, 8)
	}
	if version >= 7 {
		l.versionInformation(versionBits(version))
	}
	l.findRuns()
	return l
}

// reserve takes a module from the free ones.
func (l *layout) reserve(x, y int) { l.free[x>>6][y] &^= 1 << uint(x&63) }

// draw makes a module part of a function pattern.
func (l *layout) draw(x, y int, dark bool) {
	l.reserve(x, y)
	l.fixed[x>>6][y] &^= 1 << uint(x&63)
	if dark {
		l.fixed.set(x, y)
	}
}

// timing draws row and column 6.
func (l *layout) timing() {
	for i := range l.width {
		l.draw(i, 6, i%2 == 0)
		l.draw(6, i, i%2 == 0)
	}
}

// finder draws a finder pattern with its separator, around its middle.
func (l *layout) finder(x, y int) { l.rings(x, y, 4, 3) }

// rings draws squares around a middle, out to a distance: dark ones at outer, at
// the middle, and, if outer is 3, around the middle.
func (l *layout) rings(x, y, to, outer int) {
	for dy := -to; dy <= to; dy++ {
		for dx := -to; dx <= to; dx++ {
			if x+dx < 0 || y+dy < 0 || x+dx >= l.width || y+dy >= l.width {
				continue
			}
			d := max(dx, -dx, dy, -dy)
			l.draw(x+dx, y+dy, d == outer || d < outer-1)
		}
	}
}

// versionInformation draws the two blocks of 3 by 6 modules.
func (l *layout) versionInformation(bits uint) {
	for i := range 18 {
		a, b := l.width-11+i%3, i/3
		l.draw(a, b, bits>>uint(i)&1 != 0)
		l.draw(b, a, bits>>uint(i)&1 != 0)
	}
}

// findRuns follows the way of the codewords: in pairs of columns from the right,
// up and down in turn, past the timing pattern in column 6.
func (l *layout) findRuns() {
	up := true
	for x := l.width - 1; x > 0; x -= 2 {
		if x == 6 {
			x--
		}
		for i := range l.width {
			y := i
			if up {
				y = l.width - 1 - i
			}
			if l.free.get(x, y) {
				l.extend(x, y, up, l.free.get(x-1, y))
			} else if l.free.get(x-1, y) {
				l.extend(x-1, y, up, false)
			}
		}
		up = !up
	}
}

// extend adds a row to the last run if it continues there, or begins another.
func (l *layout) extend(x, y int, up, both bool) {
	if len(l.runs) > 0 {
		r := &l.runs[len(l.runs)-1]
		if int(r.x) == x && r.up == up && r.both == both && r.n < 32 {
			switch {
			case up && int(r.y) == y+1:
				r.y--
				r.n++
				return
			case !up && int(r.y)+int(r.n) == y:
				r.n++
				return
			}
		}
	}
	l.runs = append(l.runs, run{x: uint8(x), y: uint8(y), n: 1, up: up, both: both})
}
