package qrcode

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"image"
	"io"
	"strconv"

	"golang.org/x/image/font/sfnt"
)

// writeSVG hands the file to w in one Write.
func (l *layout) writeSVG(w io.Writer, title string) error {
	return writeAll(w, l.svg(title))
}

// svg returns the file of a layout: the modules are one path, in units of a module.
func (l *layout) svg(title string) []byte {
	size := 1024 + 4*l.n*l.n
	if l.Logo != nil {
		size += base64.StdEncoding.EncodedLen(len(l.Logo.png()))
	}
	b := svgFile(make([]byte, 0, size))
	b.add(`<svg xmlns="http://www.w3.org/2000/svg" width="`, l.side, `" height="`, l.height,
		`" viewBox="0 0 `, l.side, ` `, l.height, `" role="img"><title>`)
	b.text(title)
	b.add(`</title>`)
	if !l.Transparent {
		b.add(`<path fill="`, l.Light.String(), `" d="M0 0h`, l.side, `v`, l.height, `H0z"/>`)
	}
	b.add(`<path fill="`, l.Dark.String(), `" shape-rendering="crispEdges" transform="translate(`,
		l.margin, ` `, l.margin, `)scale(`, l.scale, `)" d="`)
	b = l.path(b)
	b.add(`"/>`)
	if l.Logo != nil {
		b.add(`<image x="`, l.logo.Min.X, `" y="`, l.logo.Min.Y, `" width="`, l.logo.Dx(), `" height="`, l.logo.Dy(),
			`" preserveAspectRatio="none" href="data:image/png;base64,`)
		b = base64.StdEncoding.AppendEncode(b, l.Logo.png())
		b.add(`"/>`)
	}
	if l.Caption != "" {
		b.add(`<path fill="`, l.Dark.String(), `" d="`)
		b.letters(&l.below)
		b.add(`"/>`)
	}
	b.add("</svg>\n")
	return b
}

// path appends the outlines of the dark modules. The last way back, always up or
// down, is left to the end of the path.
func (l *layout) path(b []byte) []byte {
	var last corner
	for i, c := range l.outline() {
		switch {
		case c.first:
			if i > 0 {
				b = append(b, 'z')
			}
			b = strconv.AppendUint(append(b, 'M'), uint64(c.x), 10)
			b = strconv.AppendUint(append(b, ' '), uint64(c.y), 10)
		case c.y == last.y:
			b = appendStep(b, 'h', int(c.x)-int(last.x))
		default:
			b = appendStep(b, 'v', int(c.y)-int(last.y))
		}
		last = c
	}
	return append(b, 'z')
}

// appendStep appends a step of the path. Why not strconv alone: nearly all have one
// digit, and a large code has ten thousand.
func appendStep(b []byte, letter byte, n int) []byte {
	if n < 0 {
		b, n = append(b, letter, '-'), -n
	} else {
		b = append(b, letter)
	}
	if n < 10 {
		return append(b, byte('0'+n))
	}
	return strconv.AppendInt(b, int64(n), 10)
}

// An svgFile is a file as far as it is written.
type svgFile []byte

// add appends texts and whole numbers.
func (b *svgFile) add(parts ...any) {
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			*b = append(*b, p...)
		case int:
			*b = strconv.AppendInt(*b, int64(p), 10)
		}
	}
}

// text appends a text with everything escaped that XML would take for its own.
func (b *svgFile) text(s string) {
	var escaped bytes.Buffer
	// A bytes.Buffer has no errors.
	_ = xml.EscapeText(&escaped, []byte(s))
	*b = append(*b, escaped.Bytes()...)
}

// letters appends the outlines of a caption.
func (b *svgFile) letters(c *caption) {
	point := func(p image.Point) {
		b.fraction(p.X)
		*b = append(*b, ' ')
		b.fraction(p.Y)
	}
	ops := [...]struct {
		letter byte
		points int
	}{sfnt.SegmentOpMoveTo: {'M', 1}, sfnt.SegmentOpLineTo: {'L', 1}, sfnt.SegmentOpQuadTo: {'Q', 2}, sfnt.SegmentOpCubeTo: {'C', 3}}
	c.outline(func(op sfnt.SegmentOp, p [3]image.Point) {
		*b = append(*b, ops[op].letter)
		for i := range ops[op].points {
			if i > 0 {
				*b = append(*b, ' ')
			}
			point(p[i])
		}
	})
}

// fraction appends 64ths as a decimal with at most two digits behind the point.
func (b *svgFile) fraction(n int) { *b = appendFraction(*b, n) }

func appendFraction(b []byte, n int) []byte {
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	n = (n*100 + pixel/2) / pixel
	b = strconv.AppendInt(b, int64(n/100), 10)
	if n %= 100; n != 0 {
		b = append(b, '.', byte('0'+n/10))
		if n%10 != 0 {
			b = append(b, byte('0'+n%10))
		}
	}
	return b
}
