// Package scan reads QR codes back from pictures, with a decoder that shares
// nothing with the encoder of package qrcode.
//
// [Verify] is for whoever prints: it reads the finished picture as a scanner
// does, logo, colours and all, compares the text with the link that was meant,
// and tells how much damage the code still survives:
//
//	picture, err := code.Image(style)
//	...
//	report, err := scan.Verify(picture, code.Link)
//	if err == nil && report.Spare() < 0.05 {
//		// it reads, but a scratch is enough to end that
//	}
//
// [Picture] returns the text alone.
//
// Pictures may come from anywhere: a picture above [MaxSide] is refused before
// anything is read of it, and the work for any other is bounded. Programs that
// do not import this package do not link the decoder.
//
// Packages for hosts name codes by their links; this one knows pictures and
// texts only, and needs no store and no service.
package scan

import (
	"fmt"
	"image"
	"unicode/utf8"

	"github.com/superapp-go/superapp/fault"
)

// MaxSide is the greatest width and height of a picture in pixels: the greatest
// that package qrcode draws, with room for a caption.
const MaxSide = 10_000

var (
	// ErrNothing is the error for a picture without a QR code, or with one that a
	// scanner does not find: a corner is covered, the contrast is too low, light
	// and dark are swapped, or a module is not much more than a pixel and blurred.
	ErrNothing = fault.Define(fault.ErrInvalid, "scan.nothing",
		"no QR code is found in the picture: keep its three corners and its quiet zone free, with dark modules on a light ground")
	// ErrDamaged is the error for a QR code that is found, of which more is covered
	// or lost than its error correction restores.
	ErrDamaged = fault.Define(fault.ErrInvalid, "scan.damaged",
		"a QR code is found, but more of it is lost than it can restore: use a smaller logo or a higher level")
	// ErrOther is what every [OtherTextError] is.
	ErrOther = fault.Define(fault.ErrInvalid, "scan.other_text",
		"the QR code holds another text than it should: draw it from the code that is meant")
)

// OtherTextError is the error for a picture that reads well, but not as what was
// meant. It matches [ErrOther].
type OtherTextError struct {
	// Got is the text in the picture, Want the one that was meant, both in full.
	// Got comes from the picture: it may be anything.
	Got, Want string
}

// Error shows the beginning of both texts.
func (e *OtherTextError) Error() string {
	return fmt.Sprintf("the QR code reads %s, want %s: draw it from the code that is meant", clip(e.Got), clip(e.Want))
}

// Code returns "scan.other_text".
func (e *OtherTextError) Code() string { return ErrOther.Code() }

// Unwrap returns [ErrOther].
func (e *OtherTextError) Unwrap() error { return ErrOther }

// clip quotes at most the first 100 bytes of a text.
func clip(s string) string {
	const most = 100
	if len(s) <= most {
		return fmt.Sprintf("%q", s)
	}
	cut := most
	for cut > most-utf8.UTFMax && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return fmt.Sprintf("%q and %d more bytes", s[:cut], len(s)-cut)
}

// Picture returns the text of the QR code in a picture; of one of them if there
// are several. What is transparent is read as if it lay on white paper. Bytes
// that the code does not declare to be of another character set are UTF-8.
//
// Errors: *[fault.InvalidError] for a picture that is empty or above [MaxSide];
// [ErrNothing]; [ErrDamaged].
func Picture(img image.Image) (text string, err error) {
	defer fault.Wrap(&err, "scan: read the picture")
	found, err := read(img)
	return found.text, err
}

// Verify reads a picture as [Picture] does and compares the text with the link,
// byte by byte. The report tells what the code still survives.
//
// Errors: those of [Picture]; an *[OtherTextError], with the report of what was
// read.
func Verify(img image.Image, link string) (report Report, err error) {
	defer fault.Wrap(&err, "scan: verify")
	found, err := read(img)
	if err != nil {
		return Report{}, err
	}
	report, err = measure(found.grid)
	if err == nil && found.text != link {
		err = &OtherTextError{Got: found.text, Want: link}
	}
	return report, err
}
