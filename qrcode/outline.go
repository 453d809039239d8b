package qrcode

// A corner is where the outline of dark modules turns, in modules from the upper
// left corner of the code.
type corner struct {
	x, y uint8
	// first begins another outline; the one before is closed.
	first bool
}

// outline returns the outlines of all dark areas, those of their holes too: the dark
// modules are to the right of the way. Why no rectangles: outlines are smaller, and
// leave no hair lines between modules when a program draws them softly.
func (l *layout) outline() []corner {
	// Cells have a border of light ones.
	const dark, seen = 1, 2
	w := l.n + 2
	cells := make([]uint8, w*w)
	for y, row := range l.rows {
		line, bits := cells[(y+1)*w+1:][:l.n], [...]uint64{row.A, row.B, row.C}
		for x := range line {
			line[x] = uint8(bits[x/64]>>(x%64)) & dark
		}
	}
	corners := make([]corner, 0, l.n*l.n)
	for start := w; start < len(cells); start++ {
		// Each outline passes above a dark module with a light one above it, to the
		// right; such a stretch that was seen belongs to an outline that was followed.
		if cells[start] != dark || cells[start-w]&dark != 0 {
			continue
		}
		// at is the cell below and to the right of a corner: se; the others around the
		// corner are ne, nw and sw. Where two dark modules touch by a corner only, the
		// way turns right, which keeps them apart.
		at, right, first := start, true, true
		x, y := start%w-1, start/w-1
		for {
			corners = append(corners, corner{uint8(x), uint8(y), first})
			first = false
			var down bool
			if right {
				for cells[at]&dark != 0 && cells[at-w]&dark == 0 {
					cells[at] |= seen
					at++
					x++
				}
				down = cells[at]&dark == 0
			} else {
				for cells[at-w-1]&dark != 0 && cells[at-1]&dark == 0 {
					at--
					x--
				}
				down = cells[at-w-1]&dark != 0
			}
			corners = append(corners, corner{uint8(x), uint8(y), false})
			if down {
				for cells[at-1]&dark != 0 && cells[at]&dark == 0 {
					at += w
					y++
				}
				right = cells[at-1]&dark != 0
			} else {
				for cells[at-w]&dark != 0 && cells[at-w-1]&dark == 0 {
					at -= w
					y--
				}
				right = cells[at-w]&dark == 0
			}
			if right && at == start {
				break
			}
		}
	}
	return corners
}
