package qrcode

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"sync"
	"sync/atomic"

	"golang.org/x/image/draw"

	"github.com/superapp-go/superapp/fault"
)

// Limits of logos.
const (
	// MaxLogo is the greatest size of a logo's file in bytes.
	MaxLogo = 1 << 20
	// MaxLogoSide is its greatest width and height in pixels.
	MaxLogoSide = 2048
)

// maxScans is how many scans a JPEG file may have: each goes through the whole picture,
// and can be a few bytes long. Usual ones have about ten.
const maxScans = 64

// keptSide is the greatest width and height at which a logo is kept: enough for a
// quarter of a large picture, and for print.
const keptSide = 1024

// A Logo is a picture for the middle of codes. [ReadLogo] makes one; it may be used
// for many codes, at the same time too.
type Logo struct {
	// full is the picture, at most keptSide wide and high.
	full *image.RGBA
	// scaled is the last size that was asked for: a batch asks for one only.
	scaled atomic.Pointer[image.RGBA]
	// encoded is the picture as a PNG file, for SVG files.
	encoded struct {
		sync.Once
		file []byte
	}
}

// ReadLogo reads a PNG or JPEG file of at most [MaxLogo] bytes and [MaxLogoSide]
// pixels a side, to the end of r. What the file says of its size is read before
// anything is decoded: a file can ask for at most about 100 MB while it is read, and 4
// MB then. Transparent parts show the code's light colour. Turning by EXIF and colour
// profiles are left out of account.
//
// Anything else is an *[fault.InvalidError]; an error of r is returned as it is.
func ReadLogo(r io.Reader) (*Logo, error) {
	file, err := io.ReadAll(io.LimitReader(r, MaxLogo+1))
	if err != nil {
		return nil, err
	}
	refuse := func(reason, detail string, given ...any) (*Logo, error) {
		return nil, fault.Invalid("logo", reason, fmt.Sprintf(detail, given...))
	}
	config, decode := png.DecodeConfig, png.Decode
	switch {
	case len(file) == 0:
		return refuse("required", "want a picture, PNG or JPEG")
	case len(file) > MaxLogo:
		return refuse("too_long", "want at most %d bytes, got %d or more", MaxLogo, len(file))
	case bytes.HasPrefix(file, []byte("\xff\xd8\xff")):
		config, decode = jpeg.DecodeConfig, jpeg.Decode
		if n := bytes.Count(file, []byte{0xff, 0xda}); n > maxScans {
			return refuse("not_allowed", "want a JPEG file of at most %d scans, got %d: save it as a plain one", maxScans, n)
		}
	case !bytes.HasPrefix(file, []byte("\x89PNG\r\n\x1a\n")):
		return refuse("not_allowed", "want PNG or JPEG, got something else")
	}
	size, err := config(bytes.NewReader(file))
	if err != nil || size.Width < 1 || size.Height < 1 {
		return refuse("malformed", "the file has no readable picture: want PNG or JPEG")
	}
	if size.Width > MaxLogoSide || size.Height > MaxLogoSide {
		return refuse("too_long", "want at most %d by %[1]d px, got %d by %d", MaxLogoSide, size.Width, size.Height)
	}
	img, err := decode(bytes.NewReader(file))
	if err != nil {
		return refuse("malformed", "the picture is damaged or cut off: want PNG or JPEG")
	}
	w, h := fit(img.Bounds().Dx(), img.Bounds().Dy(), keptSide, keptSide)
	if w > img.Bounds().Dx() {
		w, h = img.Bounds().Dx(), img.Bounds().Dy()
	}
	return &Logo{full: resize(img, w, h)}, nil
}

// at returns the logo in the given size. Nobody changes the picture.
func (l *Logo) at(w, h int) *image.RGBA {
	if s := l.scaled.Load(); s != nil && s.Rect.Dx() == w && s.Rect.Dy() == h {
		return s
	}
	s := resize(l.full, w, h)
	l.scaled.Store(s)
	return s
}

// svgSide is the greatest width and height of a logo in an SVG file.
const svgSide = 512

// png returns the logo as a PNG file, with nothing in it but the picture. Why not the
// file that was read: that may tell where and by whom a photo was taken, and a browser
// would turn it by its EXIF data.
func (l *Logo) png() []byte {
	l.encoded.Do(func() {
		pic := l.full
		if w, h := fit(pic.Rect.Dx(), pic.Rect.Dy(), svgSide, svgSide); w < pic.Rect.Dx() {
			pic = resize(pic, w, h)
		}
		l.encoded.file = encodePicture(pic)
	})
	return l.encoded.file
}

func resize(img image.Image, w, h int) *image.RGBA {
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	if b := img.Bounds(); b.Dx() == w && b.Dy() == h {
		draw.Draw(to, to.Rect, img, b.Min, draw.Src)
	} else {
		draw.CatmullRom.Scale(to, to.Rect, img, b, draw.Src, nil)
	}
	return to
}

// fit returns the size of a picture of w by h that is scaled to fill a box as far as
// its proportions allow.
func fit(w, h, boxW, boxH int) (int, int) {
	if w*boxH >= h*boxW {
		return boxW, max(1, h*boxW/w)
	}
	return max(1, w*boxH/h), boxH
}
