package symbol

import "sync"

// masks is how many there are, period after how many lines all repeat.
const (
	masks  = 8
	period = 12
)

// A pattern is the first lines of a mask, each as wide as the widest symbol.
type pattern [3][period]uint64

// patterns are the masks by rows and by columns: 5 kB, made on first use. They
// are the same for all symbols, for what counts is the distance from the left
// and the top.
var patterns = sync.OnceValue(func() *[masks]struct{ rows, cols pattern } {
	var p [masks]struct{ rows, cols pattern }
	for m := range p {
		for i := range period {
			for j := range 192 {
				if inverts(m, j, i) {
					p[m].rows[j>>6][i] |= 1 << uint(j&63)
				}
				if inverts(m, i, j) {
					p[m].cols[j>>6][i] |= 1 << uint(j&63)
				}
			}
		}
	}
	return &p
})

// inverts reports whether the mask changes the module at a place (table 10).
func inverts(mask, x, y int) bool {
	switch mask {
	case 0:
		return (x+y)%2 == 0
	case 1:
		return y%2 == 0
	case 2:
		return x%3 == 0
	case 3:
		return (x+y)%3 == 0
	case 4:
		return (x/3+y/2)%2 == 0
	case 5:
		return x*y%2+x*y%3 == 0
	case 6:
		return (x*y%2+x*y%3)%2 == 0
	}
	return ((x+y)%2+x*y%3)%2 == 0
}

// masked sets dst to the lines of src with the pattern over the codewords.
func (l *layout) masked(dst, src *plane, p *pattern) {
	for i := range l.words {
		to, from, free := dst[i][:l.width], src[i][:l.width], l.free[i][:l.width]
		row := 0
		for y := range to {
			to[y] = from[y] ^ p[i][row]&free[y]
			if row++; row == period {
				row = 0
			}
		}
	}
}

// format draws the format information, twice, and the module that is always
// dark.
func (l *layout) format(rows, cols *plane, bits uint) {
	dark := func(x, y int) {
		rows.set(x, y)
		cols.set(y, x)
	}
	n := l.width
	dark(8, n-8)
	for i := range 15 {
		if bits>>uint(i)&1 == 0 {
			continue
		}
		// Beside the finder pattern at the top left, past the timing patterns.
		switch {
		case i < 6:
			dark(8, i)
		case i < 8:
			dark(8, i+1)
		case i == 8:
			dark(7, 8)
		default:
			dark(14-i, 8)
		}
		// And divided between the other two.
		if i < 8 {
			dark(n-1-i, 8)
		} else {
			dark(8, n-15+i)
		}
	}
}

// finish draws the symbol with a mask in s.rows and s.cols, from the codewords
// in s.dataRows and s.dataCols.
func (s *scratch) finish(l *layout, level Level, mask int) {
	p := &patterns()[mask]
	l.masked(&s.rows, &s.dataRows, &p.rows)
	l.masked(&s.cols, &s.dataCols, &p.cols)
	l.format(&s.rows, &s.cols, formatBits(level, mask))
}

// search tries all masks and returns the one of the lowest penalty, the first
// of them on a tie.
func (s *scratch) search(l *layout, level Level) int {
	best, lowest := 0, 0
	for m := range masks {
		s.finish(l, level, m)
		if p := penalty(&s.rows, &s.cols, l.width); m == 0 || p < lowest {
			best, lowest = m, p
		}
	}
	return best
}
