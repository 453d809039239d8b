package schema

import (
	"bytes"
	"fmt"
	"slices"
)

const style = `text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace }
.name { font-weight: bold } .null { font-style: italic }
.key, .halo, .line { fill: none } .key { stroke-width: 1.4 } .halo { stroke-width: 5 } .line { stroke-width: 1.6 }
`

// The colours, on light and on dark pages. The last ones are of the tables that
// others refer to.
var (
	colours = [][3]string{
		{"text { fill: %s }", "#1f2328", "#e6edf3"},
		{".null { fill: %s }", "#6e7781", "#8d96a0"},
		{".page { fill: %s } .halo { stroke: %[1]s }", "#ffffff", "#0d1117"},
		{".box { fill: %s }", "#f6f8fa", "#161b22"},
		{".box, .rule { stroke: %s }", "#d0d7de", "#30363d"},
		{".key { stroke: %s }", "#1f2328", "#e6edf3"},
	}
	shades = [][2]string{{"#0969da", "#58a6ff"}, {"#bc4c00", "#f0883e"}, {"#1a7f37", "#3fb950"}, {"#8250df", "#bc8cff"}, {"#bf3989", "#f778ba"}}
)

// palette writes the colours for light pages (0) or dark ones (1).
func palette(b *bytes.Buffer, mode int) {
	for _, c := range colours {
		fmt.Fprintf(b, c[0]+"\n", c[1+mode])
	}
	for i, s := range shades {
		fmt.Fprintf(b, ".c%d { stroke: %s } .f%[1]d { fill: %[2]s }\n", i, s[mode])
	}
}

// legend is how high the explanation under the picture is.
const legend = 28

// Picture draws the tables and the foreign keys between them as an SVG.
func Picture(tables []Table) []byte {
	l := arrange(tables)
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%[2]d" role="img">`+"\n", l.width, l.height+legend)
	b.WriteString("<title>The tables, their columns, and the foreign keys between them</title>\n<style>\n" + style)
	palette(&b, 0)
	b.WriteString("@media (prefers-color-scheme: dark) {\n")
	palette(&b, 1)
	fmt.Fprintf(&b, "}\n</style>\n"+`<rect class="page" width="%d" height="%d"/>`+"\n", l.width, l.height+legend)

	shade := func(table string) int { return slices.Index(l.targets, table) % len(shades) }
	for _, to := range l.targets {
		for _, class := range []string{"halo", fmt.Sprintf("line c%d", shade(to))} { // the halo parts it from lines that it crosses
			for _, n := range l.lines {
				if n.target == to {
					fmt.Fprintf(&b, `<path class="%s" d="%s"/>`+"\n", class, n.path())
				}
			}
		}
	}
	for _, box := range l.boxes {
		box.draw(&b)
		if slices.Contains(l.targets, box.Name) {
			fmt.Fprintf(&b, `<rect class="f%d" x="%d" y="%d" width="%d" height="3"/>`+"\n", shade(box.Name), box.x, box.y, box.w)
		}
	}
	for _, n := range l.lines {
		start, end, back := n.points[0], n.points[len(n.points)-1], 7
		if n.points[len(n.points)-2].x < end.x {
			back = -back
		}
		fmt.Fprintf(&b, `<circle class="f%d" cx="%d" cy="%d" r="3"/><path class="f%[1]d" d="M%[4]d %[5]dl%[6]d -4v8z"/>`+"\n",
			shade(n.target), start.x, start.y, end.x, end.y, back)
	}

	y := l.height + 4
	drawKey(&b, margin, y)
	fmt.Fprintf(&b, `<text x="%d" y="%d">primary key</text><circle class="f0" cx="%d" cy="%d" r="3"/>`+"\n", margin+20, y+4, margin+130, y)
	fmt.Fprintf(&b, `<text x="%d" y="%d">foreign key: the line has the colour of the table that it leads to</text>`+"\n", margin+140, y+4)
	fmt.Fprintf(&b, `<text class="null" x="%d" y="%d">may be NULL</text>`+"\n</svg>\n", margin+650, y+4)
	return b.Bytes()
}

// draw draws the box of a table.
func (b *box) draw(to *bytes.Buffer) {
	fmt.Fprintf(to, `<rect class="box" x="%d" y="%d" width="%d" height="%d" rx="3"/>`+"\n", b.x, b.y, b.w, b.h)
	fmt.Fprintf(to, `<text class="name" x="%d" y="%d">%s</text><path class="rule" d="M%d %dh%d"/>`+"\n",
		b.x+margin/2, b.y+header-8, b.Name, b.x, b.y+header-1, b.w)
	for _, c := range b.Columns {
		class := ""
		if c.Null {
			class = ` class="null"`
		}
		if c.Key {
			drawKey(to, b.x+4, b.at(c.Name))
		}
		fmt.Fprintf(to, `<text%s x="%d" y="%d">%s</text>`+"\n", class, b.x+indent, b.at(c.Name)+4, c.Name)
	}
}

// drawKey draws a key that begins at x.
func drawKey(to *bytes.Buffer, x, y int) {
	fmt.Fprintf(to, `<path class="key" d="M%d %da2.5 2.5 0 1 0 -5 0a2.5 2.5 0 1 0 5 0h7v3m-3 -3v2.5"/>`+"\n", x+8, y)
}

// path writes the line with round corners.
func (n line) path() string {
	const radius = 5
	near := func(p, q point) point { // on the way from p to q
		return point{p.x + max(-radius, min(radius, (q.x-p.x)/2)), p.y + max(-radius, min(radius, (q.y-p.y)/2))}
	}
	last := len(n.points) - 1
	path := fmt.Sprintf("M%d %d", n.points[0].x, n.points[0].y)
	for i, p := range n.points[1:last] {
		in, out := near(p, n.points[i]), near(p, n.points[i+2])
		path += fmt.Sprintf("L%d %dQ%d %d %d %d", in.x, in.y, p.x, p.y, out.x, out.y)
	}
	return path + fmt.Sprintf("L%d %d", n.points[last].x, n.points[last].y)
}
