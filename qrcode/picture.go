package qrcode

import (
	"image"
	"image/color"
)

// A canvas draws a layout line by line, in pixels of 1, 4, 8, 24 or 32 bits. A
// number below 32 bits that is no colour is a shade: 0 is dark, the greatest light.
type canvas struct {
	*layout
	bits int
	// dark and light are pixels of whole bytes; shades are what captions are made of.
	dark, light []byte
	shades      [16][]byte
	blank, line []byte
	// pixels is the logo in the size in which it is drawn.
	pixels *image.RGBA
}

// ramp is the colour of a shade, 0 for dark and 15 for light.
func (l *layout) ramp(shade int) color.NRGBA {
	if l.Transparent && shade == 15 {
		return l.Light.nrgba(0) // not dark to who does not know of alpha
	}
	if l.Transparent {
		return l.Dark.nrgba(uint8(255 - 17*shade))
	}
	return l.Dark.mix(l.Light, 17*shade).nrgba(255)
}

// palette returns the colours of shades: two, or with a caption sixteen.
func (l *layout) palette() color.Palette {
	if l.Caption == "" {
		return color.Palette{l.ramp(0), l.ramp(15)}
	}
	p := make(color.Palette, 16)
	for i := range p {
		p[i] = l.ramp(i)
	}
	return p
}

func newCanvas(l *layout, bits int) *canvas {
	v := &canvas{layout: l, bits: bits, line: make([]byte, 2*((l.side*bits+7)/8))}
	v.blank = v.line[len(v.line)/2:]
	v.line = v.line[:len(v.blank)]
	if l.Logo != nil {
		v.pixels = l.Logo.at(l.logo.Dx(), l.logo.Dy())
	}
	switch bits {
	case 1, 4:
		fill(v.blank, []byte{0xff})
		return v
	case 8:
		last := len(l.palette()) - 1
		for i := range v.shades {
			v.shades[i] = []byte{byte(i * last / 15)}
		}
	default:
		for i := range v.shades {
			c := l.ramp(i)
			v.shades[i] = []byte{c.R, c.G, c.B, c.A}[:bits/8]
		}
	}
	v.dark, v.light = v.shades[0], v.shades[15]
	fill(v.blank, v.light)
	return v
}

// fill repeats a pixel.
func fill(line, pixel []byte) {
	n := copy(line, pixel)
	for ; n < len(line); n *= 2 {
		copy(line[n:], line[:n])
	}
}

// draw hands out each line, from the top, and how often it stands below itself. The
// line is valid until f returns.
func (v *canvas) draw(f func(line []byte, times int)) {
	f(v.blank, v.margin)
	for i := range v.rows {
		v.drawRow(i)
		y := v.margin + i*v.scale
		end := y + v.scale
		above := min(max(v.logo.Min.Y, y), end)
		within := min(max(v.logo.Max.Y, above), end)
		if v.logo.Empty() {
			above, within = end, end
		}
		if above > y {
			f(v.line, above-y)
		}
		for y = above; y < within; y++ {
			v.drawLogo(y - v.logo.Min.Y)
			f(v.line, 1)
		}
		if end > within {
			if within > above {
				v.drawRow(i)
			}
			f(v.line, end-within)
		}
	}
	f(v.blank, v.side-v.margin-v.n*v.scale)
	if v.Caption != "" {
		mask := v.below.mask(v.side)
		for y := range v.below.height {
			v.drawCaption(mask.Pix[y*mask.Stride:][:v.side])
			f(v.line, 1)
		}
	}
}

// drawRow draws a line of a row of modules.
func (v *canvas) drawRow(i int) {
	copy(v.line, v.blank)
	row := v.rows[i]
	for from, to := v.darkRun(row, 0); from < v.n; from, to = v.darkRun(row, to) {
		x0, x1 := (v.margin+from*v.scale)*v.bits, (v.margin+to*v.scale)*v.bits
		if v.bits < 8 {
			clearBits(v.line, x0, x1)
		} else {
			fill(v.line[x0/8:x1/8], v.dark)
		}
	}
}

// clearBits clears the bits from x0 up to x1; the highest bit of a byte is the first.
func clearBits(line []byte, x0, x1 int) {
	first, last := byte(0xff)>>(x0&7), byte(0xff)<<(8-x1&7)
	i, j := x0>>3, x1>>3
	if i == j {
		line[i] &^= first & last
		return
	}
	line[i] &^= first
	clear(line[i+1 : j])
	if x1&7 != 0 {
		line[j] &^= last
	}
}

// drawLogo draws a line of the logo over the modules. The logo's pixels are
// multiplied by their alpha.
func (v *canvas) drawLogo(y int) {
	n := v.bits / 8
	to := v.line[v.logo.Min.X*n:]
	for from := v.pixels.Pix[y*v.pixels.Stride:][:4*v.logo.Dx()]; len(from) > 0; from, to = from[4:], to[n:] {
		alpha := int(from[3])
		switch {
		case !v.Transparent:
			for c, ground := range [...]uint8{v.Light.r, v.Light.g, v.Light.b} {
				to[c] = uint8(min(255, int(from[c])+(int(ground)*(255-alpha)+127)/255))
			}
		case alpha == 0:
			copy(to, v.light)
		default:
			for c := range 3 {
				to[c] = uint8(min(255, (int(from[c])*255+alpha/2)/alpha))
			}
			to[3] = from[3]
		}
	}
}

// drawCaption draws a line of the caption, which the mask covers.
func (v *canvas) drawCaption(mask []byte) {
	copy(v.line, v.blank)
	for x, a := range mask {
		shade := 15 - (int(a)*15+127)/255
		switch {
		case shade == 15:
		case v.bits == 4:
			v.line[x/2] &^= byte(15-shade) << (4 * (1 - x&1))
		default:
			copy(v.line[x*v.bits/8:], v.shades[shade])
		}
	}
}

// image returns the picture, with a palette if there is no logo.
func (l *layout) image() image.Image {
	bounds := image.Rect(0, 0, l.side, l.height)
	if l.Logo != nil {
		img := image.NewNRGBA(bounds)
		l.drawInto(img.Pix, 32)
		return img
	}
	img := image.NewPaletted(bounds, l.palette())
	l.drawInto(img.Pix, 8)
	return img
}

func (l *layout) drawInto(pix []byte, bits int) {
	newCanvas(l, bits).draw(func(line []byte, times int) {
		for range times {
			pix = pix[copy(pix, line):]
		}
	})
}
