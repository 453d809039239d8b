package schema

import "slices"

// Sizes of the picture, in pixels.
const (
	row     = 18  // a column of a table
	header  = 26  // the name of a table
	letter  = 7.3 // how wide one is
	indent  = 24  // before a column's name
	margin  = 16
	track   = 14 // from one line to the next
	between = 20 // from one table to the next
)

// A layout is a picture before it is drawn.
//
// Tables stand in columns, each to the right of those that it refers to; what
// nothing refers to, and what refers to the first column alone, is to the left
// of that. Lines go down between the columns, and pass others by above them.
// Each table that others refer to has a track of its own there.
type layout struct {
	boxes         []*box
	lines         []line
	targets       []string // the tables that others refer to
	width, height int

	columns [][]*box
}

// A box is a table in the picture.
type box struct {
	*Table
	column     int
	x, y, w, h int
}

// A line leads from a foreign key to what it refers to, across and down in turn.
type line struct {
	target string
	points []point
}

type point struct{ x, y int }

func arrange(tables []Table) *layout {
	l := &layout{}
	named := map[string]*box{}
	for i := range tables {
		b := &box{Table: &tables[i], column: 1}
		l.boxes, named[b.Name] = append(l.boxes, b), b
	}
	referred := set{}
	for range l.boxes { // once for each step away from the first column
		for _, b := range l.boxes {
			for _, r := range b.References {
				if r.Table != b.Name {
					referred[r.Table] = true
					b.column = max(b.column, named[r.Table].column+1)
				}
				if !slices.Contains(l.targets, r.Table) {
					l.targets = append(l.targets, r.Table)
				}
			}
		}
	}
	for _, b := range l.boxes {
		if b.column <= 2 && !referred[b.Name] {
			b.column = 0
		}
		for len(l.columns) <= b.column {
			l.columns = append(l.columns, nil)
		}
		l.columns[b.column] = append(l.columns[b.column], b)
	}
	l.columns = slices.DeleteFunc(l.columns, func(c []*box) bool { return len(c) == 0 })
	l.place()
	for _, b := range l.boxes {
		for _, r := range b.References {
			n := l.connect(b, named[r.Table], r)
			l.lines = append(l.lines, n)
			l.width = max(l.width, n.points[1].x+margin) // behind the last column
		}
	}
	return l
}

// place gives each box its place: the columns are centred beside each other.
func (l *layout) place() {
	x, tallest, gap := margin, 0, (len(l.targets)+1)*track
	heights := make([]int, len(l.columns))
	for i, column := range l.columns {
		letters := 0
		for _, b := range column {
			letters = max(letters, len(b.Name))
			for _, c := range b.Columns {
				letters = max(letters, len(c.Name))
			}
			b.h = header + len(b.Columns)*row + row/3
			heights[i] += b.h + between
		}
		w := int(float64(letters)*letter) + indent + margin
		for _, b := range column {
			b.column, b.x, b.w = i, x, w
		}
		x += w + gap
		tallest = max(tallest, heights[i])
	}
	top := margin + len(l.targets)*track
	for i, column := range l.columns {
		y := top + (tallest-heights[i])/2
		for _, b := range column {
			b.y = y
			y += b.h + between
		}
	}
	l.width, l.height = x-gap+margin, top+tallest-between+margin
}

// connect returns the line of a foreign key.
func (l *layout) connect(from, to *box, r Reference) line {
	lane := (slices.Index(l.targets, to.Name) + 1) * track
	behind := func(column int) int { // where the line goes down behind a column
		b := l.columns[column][0]
		return b.x + b.w + lane
	}
	start, end := point{from.x + from.w, from.at(r.Column)}, point{to.x + to.w, to.at(r.To)}
	x := behind(from.column)
	if from.column < to.column {
		end.x = to.x
	} else if from.column > to.column {
		start.x, x = from.x, behind(from.column-1)
	}
	points := []point{start, {x, start.y}}
	if from.column > to.column+1 {
		x = behind(to.column)
		points = append(points, point{points[1].x, lane}, point{x, lane})
	}
	return line{to.Name, append(points, point{x, end.y}, end)}
}

// at returns the middle of a column's row.
func (b *box) at(column string) int {
	i := slices.IndexFunc(b.Columns, func(c Column) bool { return c.Name == column })
	return b.y + header + i*row + row/2
}
