package qrcode

import (
	"fmt"
	"image"
	"image/color"

	"github.com/superapp-go/superapp/fault"
)

const maxQuiet = 64

// withDefaults returns the options with their defaults filled in.
func (o *PNGOptions) withDefaults() (PNGOptions, error) {
	var opts PNGOptions
	if o != nil {
		opts = *o
	}
	if opts.Size == 0 {
		opts.Size = 512
	}
	if opts.Quiet == 0 {
		opts.Quiet = 4
	}
	if opts.Level == 0 {
		opts.Level = M
	}
	var p fault.Problems
	if opts.Size < 0 || opts.Size > MaxSize {
		p.Add("size", "not_allowed", fmt.Sprintf("at most %d px, got %d", MaxSize, opts.Size))
	}
	if opts.Quiet < 0 || opts.Quiet > maxQuiet {
		p.Add("quiet", "not_allowed", fmt.Sprintf("1 to %d modules, got %d", maxQuiet, opts.Quiet))
	}
	if opts.Level > H {
		p.Add("level", "unknown", "want L, M, Q or H")
	}
	return opts, p.Err()
}

// The indices of the palette.
const (
	white = iota
	black
)

var palette = color.Palette{white: color.Gray{Y: 0xff}, black: color.Gray{Y: 0}}

// A picture scales a symbol by a whole number and puts it in the middle.
type picture struct {
	symbol
	size  int
	scale int
	// margin is the number of white pixels left of and above the symbol.
	margin int
}

func newPicture(s symbol, o PNGOptions) (*picture, error) {
	modules := s.width + 2*o.Quiet
	scale := o.Size / modules
	if scale < 1 {
		return nil, fault.Invalid("size", "not_allowed", fmt.Sprintf(
			"at least %d px for one pixel per module (%d of the code and %d of quiet zone), got %d",
			modules, s.width, 2*o.Quiet, o.Size))
	}
	return &picture{symbol: s, size: o.Size, scale: scale, margin: (o.Size - s.width*scale) / 2}, nil
}

func (p *picture) ColorModel() color.Model { return palette }

func (p *picture) Bounds() image.Rectangle { return image.Rect(0, 0, p.size, p.size) }

func (p *picture) At(x, y int) color.Color { return palette[p.ColorIndexAt(x, y)] }

func (p *picture) ColorIndexAt(x, y int) uint8 {
	x, y = x-p.margin, y-p.margin
	if side := p.width * p.scale; x < 0 || y < 0 || x >= side || y >= side {
		return white
	}
	if p.dark[y/p.scale*p.width+x/p.scale] {
		return black
	}
	return white
}
