package qrcode

import (
	"bytes"
	"image"
	"image/png"
	"io"

	"github.com/superapp-go/superapp/fault"
)

// A Code is a QR code that can be drawn: its definition and the link it holds.
type Code struct {
	Definition
	// Link is what a scanner reads, made by the service's [Scheme].
	Link string
}

// A Level is how much of a picture may be lost while it still scans.
type Level uint8

// The levels: about 7, 15, 25 and 30 percent may be lost. A higher level makes
// a denser code and holds less.
const (
	L Level = iota + 1
	M
	Q
	H
)

// String returns "L", "M", "Q" or "H".
func (l Level) String() string {
	if l < L || l > H {
		return "?"
	}
	return "LMQH"[l-1 : l]
}

// MaxSize is the greatest size of a picture in pixels.
const MaxSize = 8192

// PNGOptions say how a picture looks. A nil *PNGOptions is the default.
type PNGOptions struct {
	// Size is the width and height in pixels, at most [MaxSize]. Default: 512.
	Size int
	// Quiet is the least width of the white margin that scanners need, in
	// modules, at most 64. Default: 4, what the standard asks for.
	Quiet int
	// Level is the error correction. Default: [M].
	Level Level
}

// WritePNG draws the code, black on white, and hands the whole file to w in one
// Write. An *[fault.InvalidError] tells what is wrong with the options, and
// nothing is written then: the size is below one pixel per module, or the link
// is too long for the level. An error of w is returned as it is.
func (c Code) WritePNG(w io.Writer, o *PNGOptions) error {
	img, err := c.Image(o)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return err
	}
	_, err = b.WriteTo(w)
	return err
}

// Image draws the code like [Code.WritePNG]. The picture has a palette of white
// and black, and no pixels of its own: they are computed when asked for. It is
// safe for concurrent use.
func (c Code) Image(o *PNGOptions) (img image.PalettedImage, err error) {
	defer fault.Wrap(&err, "qrcode: draw")
	opts, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if c.Link == "" {
		return nil, fault.Invalid("link", "required", "the code has no link: draw one that the service returned")
	}
	s, err := encode(c.Link, opts.Level)
	if err != nil {
		return nil, err
	}
	return newPicture(s, opts)
}
