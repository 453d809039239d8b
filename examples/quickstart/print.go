package main

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/width"
)

// A printer writes the story in chapters. The first error of its writer stays:
// whoever tells the story asks for it at the end of a chapter.
type printer struct {
	w        io.Writer
	err      error
	chapters int
	rows     [][]string // of a table that is not yet written
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func (p *printer) chapter(title string) {
	p.flush()
	p.chapters++
	p.printf("\n%d. %s\n", p.chapters, title)
}

// say writes a line of its own.
func (p *printer) say(format string, args ...any) {
	p.flush()
	p.printf("   "+format+"\n", args...)
}

// row adds a line to a table, whose columns are aligned once it is complete.
func (p *printer) row(cells ...string) { p.rows = append(p.rows, cells) }

// did adds a line about something that happens now.
func (p *printer) did(cells ...string) { p.row(append([]string{"+"}, cells...)...) }

// kept adds a line about something that an earlier run did.
func (p *printer) kept(cells ...string) { p.row(append([]string{"="}, cells...)...) }

// flush writes the table.
func (p *printer) flush() {
	var widths []int
	for _, row := range p.rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			if i < len(row)-1 { // the last one may be as long as it likes
				widths[i] = max(widths[i], columns(cell))
			}
		}
	}
	for _, row := range p.rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell)
			line.WriteString(strings.Repeat(" ", max(0, widths[i]-columns(cell))+2))
		}
		p.printf("   %s\n", strings.TrimRight(line.String(), " "))
	}
	p.rows = nil
}

// columns returns how many columns of a terminal the text takes: two for each
// wide character, none for a mark above or below another.
func columns(s string) (n int) {
	for _, r := range s {
		switch kind := width.LookupRune(r).Kind(); {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case kind == width.EastAsianWide || kind == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// date writes a day, and the time where it matters.
func date(t time.Time) string { return t.Format("2 January 2006, 15:04 UTC") }

// join writes words as a list.
func join[S ~string](words []S) string {
	if len(words) == 0 {
		return "-"
	}
	return strings.Join(names(words, func(s S) S { return s }), ", ")
}
