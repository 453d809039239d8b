package qrcode

import (
	"fmt"
	"image"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/qrcode/internal/symbol"
)

// A layout is where everything of a picture lies, for all formats. Lengths are in
// pixels, from the upper left corner.
type layout struct {
	Style
	// n is the number of modules of a side, rows their rows, light in the clearing.
	n    int
	rows []symbol.Line
	// scale is the width of a module, margin the distance of the first from the edges,
	// side the width and height of the square, height that of the picture.
	scale, margin, side, height int
	// logo is where the logo lies, empty if there is none.
	logo image.Rectangle
	// below is the caption; it has no glyphs if there is none.
	below caption
}

// newLayout lays the picture of a link out, or says all that keeps it from being
// drawn.
func newLayout(link string, o *Style) (l layout, err error) {
	if l.Style, err = o.prepared(); err != nil {
		return layout{}, err
	}
	if link == "" {
		return layout{}, fault.Invalid("link", "required", "the code has no link: draw one that the service returned, or that Links made")
	}
	var sym *symbol.Symbol
	var clear clearing
	if l.Logo != nil {
		sym, clear, err = l.withLogo(link)
	} else {
		sym, err = encode(link, l.Level, l.Exact)
	}
	if err != nil {
		return layout{}, err
	}
	l.n, l.rows = sym.Size(), sym.Rows
	if err := l.measure(); err != nil {
		return layout{}, err
	}
	if l.Logo != nil {
		l.clear(clear)
	}
	l.height = l.side
	if l.Caption != "" {
		if l.below, err = l.newCaption(l.side, l.margin); err != nil {
			return layout{}, err
		}
		l.height += l.below.height
	}
	return l, nil
}

// measure finds how large everything is.
func (l *layout) measure() error {
	modules := l.n + 2*l.Quiet
	l.side, l.scale = l.Size, l.Module
	if l.scale > 0 {
		if l.side = modules * l.scale; l.side > MaxSize {
			return fault.Invalid("module", "not_allowed", fmt.Sprintf(
				"at most %d px for %d modules in a picture of at most %d px, got %d", MaxSize/modules, modules, MaxSize, l.scale))
		}
	} else {
		if l.side < modules && l.Correct {
			l.side = modules
		}
		l.scale = l.side / modules
	}
	if l.scale < 1 {
		return fault.Invalid("size", "not_allowed", fmt.Sprintf(
			"at least %d px for one pixel per module (%d of the code and %d of quiet zone), got %d",
			modules, l.n, 2*l.Quiet, l.Size))
	}
	l.margin = (l.side - l.n*l.scale) / 2
	return nil
}

// clear makes the clearing, and puts the logo there with half a module around it.
func (l *layout) clear(c clearing) {
	x0, y0, x1, y1 := c.in(l.n)
	l.rows = append([]symbol.Line(nil), l.rows...)
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			l.rows[y].A &^= bit(x)
			l.rows[y].B &^= bit(x - 64)
			l.rows[y].C &^= bit(x - 128)
		}
	}
	w, h := fit(l.Logo.full.Rect.Dx(), l.Logo.full.Rect.Dy(), (c.w-1)*l.scale, (c.h-1)*l.scale)
	x, y := l.margin+(l.n*l.scale-w)/2, l.margin+(l.n*l.scale-h)/2
	l.logo = image.Rect(x, y, x+w, y+h)
}

// bit returns a word with one bit, or none if there is no such bit.
func bit(i int) uint64 {
	if i < 0 {
		return 0
	}
	return 1 << uint(i)
}

// darkRun returns the first stretch of dark modules of a row from column x on; from
// is n if there is none.
func (l *layout) darkRun(row symbol.Line, x int) (from, to int) {
	for from = x; from < l.n && !row.Dark(from); from++ {
	}
	for to = from; to < l.n && row.Dark(to); to++ {
	}
	return from, to
}
