package scan

import (
	"fmt"
	"image"
	"image/color"

	"github.com/superapp-go/superapp/fault"
)

// workSide is the width and height that a picture is made smaller to. The densest
// code has 185 modules with its quiet zone, so that each keeps eleven pixels.
const workSide = 2048

// A gray is a picture of one byte a pixel, 255 being white.
type gray struct {
	width, height int
	pix           []byte
}

// newGray checks a picture and returns its luminance on white paper, made
// smaller if it is large: each pixel is the mean of a square.
func newGray(img image.Image) (gray, error) {
	if img == nil {
		return gray{}, fault.Invalid("picture", "required", "hand over a picture")
	}
	b := img.Bounds()
	// Bounds are the picture's own word: their difference may overflow.
	if b.Empty() || !within(b.Min.X, b.Max.X) || !within(b.Min.Y, b.Max.Y) {
		return gray{}, fault.Invalid("picture", "not_allowed",
			fmt.Sprintf("1 to %d px wide and high, got bounds %v", MaxSide, b))
	}
	step := (max(b.Dx(), b.Dy()) + workSide - 1) / workSide
	g := gray{width: (b.Dx() + step - 1) / step, height: (b.Dy() + step - 1) / step}
	g.pix = make([]byte, g.width*g.height)
	at := reader(img)
	for y := range g.height {
		top, bottom := b.Min.Y+y*step, min(b.Min.Y+(y+1)*step, b.Max.Y)
		for x := range g.width {
			left, right := b.Min.X+x*step, min(b.Min.X+(x+1)*step, b.Max.X)
			var sum uint32
			for v := top; v < bottom; v++ {
				for u := left; u < right; u++ {
					sum += at(u, v)
				}
			}
			g.pix[y*g.width+x] = byte(sum / uint32((bottom-top)*(right-left)))
		}
	}
	return g, nil
}

// within reports whether from and to, which is greater, are at most MaxSide apart.
func within(from, to int) bool { return uint(to)-uint(from) <= MaxSide }

// reader returns what reads the luminance of one pixel, without an allocation
// for each in the usual kinds of pictures.
func reader(img image.Image) func(x, y int) uint32 {
	switch m := img.(type) {
	case *image.Gray:
		return func(x, y int) uint32 { return uint32(m.GrayAt(x, y).Y) }
	case *image.Paletted:
		var palette [256]uint32
		for i, c := range m.Palette {
			if i < len(palette) && c != nil {
				palette[i] = luminance(c.RGBA())
			}
		}
		return func(x, y int) uint32 { return palette[m.ColorIndexAt(x, y)] }
	case image.RGBA64Image:
		return func(x, y int) uint32 {
			c := m.RGBA64At(x, y)
			return luminance(uint32(c.R), uint32(c.G), uint32(c.B), uint32(c.A))
		}
	}
	return func(x, y int) uint32 {
		c := img.At(x, y)
		if c == nil {
			c = color.White
		}
		return luminance(c.RGBA())
	}
}

// luminance returns the brightness, 0 to 255, of a colour that is premultiplied
// by its alpha, on white paper. The weights are those of cameras (Rec. 601).
func luminance(r, g, b, a uint32) uint32 {
	bare := 0xffff - min(a, 0xffff)
	y := (19595*min(r+bare, 0xffff) + 38470*min(g+bare, 0xffff) + 7471*min(b+bare, 0xffff) + 1<<15) >> 16
	return y >> 8
}
