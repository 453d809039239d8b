package qrcode

import (
	"fmt"
	"image"
	"unicode"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	"github.com/superapp-go/superapp/fault"
)

// simple are the scripts whose letters stand side by side, from left to right, each
// in one form, together with digits, signs and spaces.
var simple = []*unicode.RangeTable{
	unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Armenian, unicode.Georgian, unicode.Han, unicode.Hiragana,
	unicode.Katakana, unicode.Bopomofo, unicode.Hangul, unicode.Common,
}

// isSimple reports whether a character can be set on its own.
func isSimple(r rune) bool {
	return unicode.In(r, simple...) && !unicode.In(r, unicode.M, unicode.C)
}

// pixel is the unit of captions: 64 are a pixel.
const pixel = 64

// The size of captions: the em is a fourteenth of the square's side if the width
// allows, and nobody reads less than six pixels.
const (
	emsPerSide = 14
	minEm      = 6 * pixel
)

// A caption is a line of text below the square.
type caption struct {
	textLine
	// em is the size of the letters; x and baseline are where the line begins. All
	// are in 64ths of a pixel.
	em, x, baseline int
	// height is what the picture grows by, in pixels.
	height int
}

// newCaption lays the style's caption out below a square of so many pixels, margin
// of them left of the code.
func (s *Style) newCaption(side, margin int) (caption, error) {
	var p fault.Problems
	c := caption{textLine: s.Font.set(&p, s.Caption)}
	if err := p.Err(); err != nil {
		return caption{}, err
	}
	unit := int(c.font.em)
	c.em = side * pixel / emsPerSide
	room := (side - margin) * pixel
	if c.width*c.em > room*unit {
		c.em = room * unit / c.width
	}
	if c.em < minEm {
		return caption{}, fault.Invalid("caption", "too_long", fmt.Sprintf(
			"a caption this long is %d px high in a picture of %d px, want at least %d: shorten it or choose a greater size",
			c.em/pixel, side, minEm/pixel))
	}
	c.x = (side*pixel - c.width*c.em/unit) / 2
	// Why bounded: a font may claim anything of itself.
	up, down := min(c.ascent*c.em/unit, 2*c.em), min(c.descent*c.em/unit, 2*c.em)
	c.baseline = side*pixel + max(up, 0)
	c.height = (max(up, 0) + max(down, 0) + c.em/2 + pixel - 1) / pixel
	return c, nil
}

// outline hands out the segments of all letters, their points in 64ths of a pixel
// from the picture's upper left corner.
func (c *caption) outline(f func(op sfnt.SegmentOp, p [3]image.Point)) {
	unit := int(c.font.em)
	at := func(p fixed.Point26_6, x int) image.Point {
		return image.Pt(c.x+scaled(x+int(p.X), c.em, unit), c.baseline+scaled(int(p.Y), c.em, unit))
	}
	for _, g := range c.glyphs {
		for _, s := range g.segments {
			f(s.Op, [3]image.Point{at(s.Args[0], g.x), at(s.Args[1], g.x), at(s.Args[2], g.x)})
		}
	}
}

// scaled rounds to the nearest.
func scaled(v, em, unit int) int {
	n := 2*v*em + unit
	if n < 0 {
		n -= 2*unit - 1
	}
	return n / (2 * unit)
}

// mask draws the letters: how much of each pixel below the square they cover.
func (c *caption) mask(side int) *image.Alpha {
	z := vector.NewRasterizer(side, c.height)
	at := func(p image.Point) (x, y float32) {
		return float32(p.X) / pixel, float32(p.Y-side*pixel) / pixel
	}
	open := false
	c.outline(func(op sfnt.SegmentOp, p [3]image.Point) {
		x, y := at(p[0])
		switch op {
		case sfnt.SegmentOpMoveTo:
			if open {
				z.ClosePath()
			}
			open = true
			z.MoveTo(x, y)
		case sfnt.SegmentOpLineTo:
			z.LineTo(x, y)
		case sfnt.SegmentOpQuadTo:
			x1, y1 := at(p[1])
			z.QuadTo(x, y, x1, y1)
		case sfnt.SegmentOpCubeTo:
			x1, y1 := at(p[1])
			x2, y2 := at(p[2])
			z.CubeTo(x, y, x1, y1, x2, y2)
		}
	})
	z.ClosePath()
	m := image.NewAlpha(image.Rect(0, 0, side, c.height))
	z.Draw(m, m.Rect, image.Opaque, image.Point{})
	return m
}
