package qrcode

import (
	"fmt"
	"image"
	"io"
	"math"
	"slices"
	"strconv"

	"golang.org/x/image/font/sfnt"
)

// A pdfFile is a PDF file, version 1.4, as far as it is made. Nothing in it depends
// on the day or the machine.
type pdfFile struct {
	// out is what was not handed out yet, and gone how many bytes were.
	out  []byte
	gone int
	// objects are the places of objects 1, 2 and so on in the file, 0 for those that
	// are not written yet. The first two are the catalogue and the list of pages.
	objects []int
	pages   []int
	logos   map[*Logo]int
	// content is what the present page shows, onPage the logos that it needs.
	content pdfContent
	onPage  []int
	zip     *deflater
}

func newPDF() *pdfFile {
	return &pdfFile{
		// The second line tells programs that copy files that this is no text.
		out: []byte("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), objects: make([]int, 2), logos: make(map[*Logo]int),
		zip: new(deflater),
	}
}

// writePDF hands the file to w in one Write.
func (l *layout) writePDF(w io.Writer) error {
	f := newPDF()
	f.draw(l, 1, 0, float64(l.height))
	f.endPage(float64(l.side), float64(l.height))
	f.end()
	return writeAll(w, f.out)
}

// draw draws a picture on the present page: x and y, from the lower left corner in
// points, are where its upper left corner lies, and scale is points per pixel.
func (f *pdfFile) draw(l *layout, scale, x, y float64) {
	c := &f.content
	c.add("q ", scale, " 0 0 ", -scale, " ", x, " ", y, " cm\n")
	if !l.Transparent {
		c.ink(l.Light)
		c.add("0 0 ", l.side, " ", l.height, " re f\n")
	}
	c.ink(l.Dark)
	c.add("q ", l.scale, " 0 0 ", l.scale, " ", l.margin, " ", l.margin, " cm\n")
	for i, p := range l.outline() {
		if p.first && i > 0 {
			c.add("h ")
		}
		c.add(int(p.x), " ", int(p.y))
		if p.first {
			c.add(" m\n")
		} else {
			c.add(" l\n")
		}
	}
	c.add("f Q\n")
	if l.Logo != nil {
		n := f.logo(l.Logo)
		if !slices.Contains(f.onPage, n) {
			f.onPage = append(f.onPage, n)
		}
		c.add("q ", l.logo.Dx(), " 0 0 ", -l.logo.Dy(), " ", l.logo.Min.X, " ", l.logo.Max.Y, " cm /X", n, " Do Q\n")
	}
	if l.Caption != "" {
		c.letters(&l.below)
	}
	c.add("Q\n")
}

// endPage ends the present page, whose size is in points.
func (f *pdfFile) endPage(w, h float64) {
	content := f.object()
	f.stream("", f.content)
	var used pdfContent
	for _, n := range f.onPage {
		used.add("/X", n, " ", n, " 0 R ")
	}
	f.pages = append(f.pages, f.object())
	var page pdfContent
	page.add("<</Type/Page/Parent 2 0 R/MediaBox[0 0 ", w, " ", h, "]/Contents ", content,
		" 0 R/Resources<</XObject<<", string(used), ">>>>>>\nendobj\n")
	f.out = append(f.out, page...)
	f.content, f.onPage = f.content[:0], f.onPage[:0]
}

// object begins the next object.
func (f *pdfFile) object() (number int) {
	f.objects = append(f.objects, 0)
	f.begin(len(f.objects))
	return len(f.objects)
}

func (f *pdfFile) begin(number int) {
	f.objects[number-1] = f.gone + len(f.out)
	f.out = fmt.Appendf(f.out, "%d 0 obj\n", number)
}

// stream makes the present object a compressed stream, with entries of its own.
func (f *pdfFile) stream(entries string, data []byte) {
	f.zip.begin(nil)
	f.zip.write(data)
	packed := f.zip.end()
	f.out = fmt.Appendf(f.out, "<<%s/Filter/FlateDecode/Length %d>>\nstream\n", entries, len(packed))
	f.out = append(append(f.out, packed...), "\nendstream\nendobj\n"...)
}

// logo returns the object of a logo, which is in the file once.
func (f *pdfFile) logo(l *Logo) int {
	if n, ok := f.logos[l]; ok {
		return n
	}
	w, h := l.full.Rect.Dx(), l.full.Rect.Dy()
	colours, alpha := make([]byte, 0, 3*w*h), make([]byte, 0, w*h)
	opaque := true
	for p := l.full.Pix; len(p) > 0; p = p[4:] {
		a := int(p[3])
		for _, v := range p[:3] {
			colours = append(colours, uint8(min(255, (int(v)*255+a/2)/max(1, a))))
		}
		alpha = append(alpha, p[3])
		opaque = opaque && a == 255
	}
	entries := fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8", w, h)
	mask := ""
	if !opaque {
		mask = fmt.Sprintf("/SMask %d 0 R", f.object())
		f.stream(entries+"/ColorSpace/DeviceGray", alpha)
	}
	n := f.object()
	f.stream(entries+"/ColorSpace/DeviceRGB"+mask, colours)
	f.logos[l] = n
	return n
}

// end writes what stands at the end: the list of pages, and where each object is.
func (f *pdfFile) end() {
	f.begin(1)
	f.out = append(f.out, "<</Type/Catalog/Pages 2 0 R>>\nendobj\n"...)
	f.begin(2)
	f.out = append(f.out, "<</Type/Pages/Kids["...)
	for _, n := range f.pages {
		f.out = fmt.Appendf(f.out, "%d 0 R ", n)
	}
	f.out = fmt.Appendf(f.out, "]/Count %d>>\nendobj\n", len(f.pages))
	at := f.gone + len(f.out)
	f.out = fmt.Appendf(f.out, "xref\n0 %d\n0000000000 65535 f \n", len(f.objects)+1)
	for _, place := range f.objects {
		f.out = fmt.Appendf(f.out, "%010d 00000 n \n", place)
	}
	f.out = fmt.Appendf(f.out, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(f.objects)+1, at)
}

// A pdfContent is what a page shows, as far as it is written.
type pdfContent []byte

// add appends texts and numbers, fractions with at most five digits.
func (c *pdfContent) add(parts ...any) {
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			*c = append(*c, p...)
		case int:
			*c = strconv.AppendInt(*c, int64(p), 10)
		case float64:
			*c = strconv.AppendFloat(*c, math.Round(p*1e5)/1e5, 'f', -1, 64)
		}
	}
}

// ink sets the colour of what follows.
func (c *pdfContent) ink(k Colour) {
	c.add(float64(k.r)/255, " ", float64(k.g)/255, " ", float64(k.b)/255, " rg\n")
}

// letters draws a caption. PDF has no quadratic curves: each becomes the cubic one
// that is the same.
func (c *pdfContent) letters(l *caption) {
	var pen image.Point
	points := func(op string, points ...image.Point) {
		for _, p := range points {
			*c = append(appendFraction(*c, p.X), ' ')
			*c = append(appendFraction(*c, p.Y), ' ')
		}
		c.add(op)
		pen = points[len(points)-1]
	}
	third := func(end, middle image.Point) image.Point { return end.Add(middle.Mul(2)).Div(3) }
	l.outline(func(op sfnt.SegmentOp, p [3]image.Point) {
		switch op {
		case sfnt.SegmentOpMoveTo:
			points("m\n", p[0])
		case sfnt.SegmentOpLineTo:
			points("l\n", p[0])
		case sfnt.SegmentOpQuadTo:
			points("c\n", third(pen, p[0]), third(p[1], p[0]), p[1])
		case sfnt.SegmentOpCubeTo:
			points("c\n", p[0], p[1], p[2])
		}
	})
	c.add("f\n")
}
