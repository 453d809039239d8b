package qrcode

import (
	"image"
	"io"

	"github.com/superapp-go/superapp/fault"
)

// A Code is a QR code that can be drawn: its definition and the link it holds.
//
// All formats show the same picture and refuse the same styles: an
// *[fault.InvalidError] tells what is wrong with the style, or that the link is too
// long for the level, and nothing is written then. An error of the writer is
// returned as it is, and so is that of a [Scheme] that made no link. The same code and
// style give the same bytes, whatever the release of Go; letters and logos also
// depend on the kind of processor in the last bit of a shade, and a logo that was a
// JPEG file on the decoder of the release.
type Code struct {
	Definition
	// Link is what a scanner reads: for a direct code the link to its target, made
	// by the service's [Scheme]; for a short code [Options.Short] and its id. It is ""
	// if the scheme makes no link of the target, or there is no such option; drawing
	// the code tells why.
	Link string
	// Working is false once the code was deleted or revoked, has expired, or its
	// mini program was removed (X1), as of when it was read. The pictures of a short
	// code lead nowhere then, nor while the workspace is disabled, which Working does
	// not tell. Those of a direct code, which nobody looks up, still name their target
	// to the app.
	Working bool

	// unlinked is why there is no link.
	unlinked error
}

// WritePNG draws the code as a PNG file, and hands it to w in one Write. The file
// has one bit for each pixel, four with a caption, and true colour with a logo.
func (c Code) WritePNG(w io.Writer, s *Style) error {
	l, err := c.layout(s)
	if err != nil {
		return err
	}
	return l.writePNG(w)
}

// WriteSVG draws the code as an SVG file, and hands it to w in one Write. Modules
// are one path, and a caption is drawn by its outlines, so that no font is needed.
// A logo is part of it as a PNG file, at most 512 pixels a side, without anything else
// that its file held. The title, for people who do not see the picture, is the
// caption, or else the name of the code.
func (c Code) WriteSVG(w io.Writer, s *Style) error {
	l, err := c.layout(s)
	if err != nil {
		return err
	}
	return l.writeSVG(w, c.title(&l))
}

// WritePDF draws the code as a PDF file of one page, and hands it to w in one Write.
// A pixel of the style becomes a point, 1/72 inch. Modules and caption are outlines,
// so that they can be printed at any size. The file tells no date. [WriteSheet]
// puts several codes on a page.
func (c Code) WritePDF(w io.Writer, s *Style) error {
	l, err := c.layout(s)
	if err != nil {
		return err
	}
	return l.writePDF(w)
}

// WriteText draws the code for a terminal, and hands it to w in one Write: a character
// is two modules, one above the other, and a line ends with a line feed. The size only
// has to be one that a picture of the code can have; a logo is left out while its
// clearing stays, and a caption is text.
//
// Each line sets both its colours and resets them at its end, black and white by
// numbers that themes do not change, so that the code is dark on light whether the
// terminal is dark or light. Without a ground ([Style.Transparent]) there are no
// escape sequences, and dark modules have the colour of the text: for paper, and
// for terminals that are light.
func (c Code) WriteText(w io.Writer, s *Style) error {
	l, err := c.layout(s)
	if err != nil {
		return err
	}
	return l.writeText(w)
}

// Image draws the code into a picture of its own: an [image.Paletted] of two colours,
// or sixteen with a caption, and an [image.NRGBA] with a logo.
func (c Code) Image(s *Style) (image.Image, error) {
	l, err := c.layout(s)
	if err != nil {
		return nil, err
	}
	return l.image(), nil
}

func (c Code) layout(s *Style) (l layout, err error) {
	defer fault.Wrap(&err, "qrcode: draw")
	return c.lay(s)
}

// lay lays the code out.
func (c Code) lay(s *Style) (layout, error) {
	if c.Link == "" && c.unlinked != nil {
		return layout{}, c.unlinked
	}
	return newLayout(c.Link, s)
}

// title is what stands for the picture.
func (c Code) title(l *layout) string {
	switch {
	case l.Caption != "":
		return l.Caption
	case c.Name != "":
		return c.Name
	}
	return "QR code"
}
