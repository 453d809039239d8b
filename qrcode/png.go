package qrcode

import (
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"io"
	"slices"
	"sync"
)

// The colour types of a PNG file.
const (
	grey      = 0
	trueRGB   = 2
	paletted  = 3
	trueAlpha = 6
)

// A pngWriter makes PNG files. It is kept for the next one.
type pngWriter struct {
	zip  deflater
	file []byte
	// filtered are the candidates for a filtered line, before the line above.
	filtered [5][]byte
	before   []byte
}

var pngWriters = sync.Pool{New: func() any { return new(pngWriter) }}

// writePNG hands the file to w in one Write.
func (l *layout) writePNG(w io.Writer) error {
	p := pngWriters.Get().(*pngWriter)
	defer pngWriters.Put(p)
	p.make(l)
	return writeAll(w, p.file)
}

// writeAll writes the whole file, and returns the error of w as it is.
func writeAll(w io.Writer, file []byte) error {
	n, err := w.Write(file)
	if err == nil && n < len(file) {
		err = io.ErrShortWrite
	}
	return err
}

// make makes the file of a layout: of 1 bit for each pixel, with a caption 4, with a
// logo true colour.
func (p *pngWriter) make(l *layout) {
	bits, kind := 1, byte(grey)
	if l.Caption != "" {
		bits = 4
	}
	if l.Transparent || l.Dark != blackInk || l.Light != whiteInk {
		kind = paletted
	}
	depth := byte(bits)
	if l.Logo != nil {
		bits, depth, kind = 24, 8, trueRGB
		if l.Transparent {
			bits, kind = 32, trueAlpha
		}
	}
	p.header(l.side, l.height, depth, kind)
	if kind == paletted {
		p.palette(l)
	}
	v := newCanvas(l, bits)
	p.pixels(len(v.blank), bits, v.draw)
	p.end(p.begin("IEND"))
}

// encodePicture returns the file of a picture with transparent parts.
func encodePicture(pic *image.RGBA) []byte {
	p := pngWriters.Get().(*pngWriter)
	defer pngWriters.Put(p)
	w, h := pic.Rect.Dx(), pic.Rect.Dy()
	p.header(w, h, 8, trueAlpha)
	line := make([]byte, 4*w)
	p.pixels(4*w, 32, func(f func(line []byte, times int)) {
		for y := range h {
			for x := range w {
				c := color.NRGBAModel.Convert(pic.RGBAAt(x, y)).(color.NRGBA)
				copy(line[4*x:], []byte{c.R, c.G, c.B, c.A})
			}
			f(line, 1)
		}
	})
	p.end(p.begin("IEND"))
	return append([]byte(nil), p.file...)
}

// header begins a file.
func (p *pngWriter) header(w, h int, depth, kind byte) {
	p.file = append(p.file[:0], "\x89PNG\r\n\x1a\n"...)
	from := p.begin("IHDR")
	p.file = binary.BigEndian.AppendUint32(p.file, uint32(w))
	p.file = binary.BigEndian.AppendUint32(p.file, uint32(h))
	p.file = append(p.file, depth, kind, 0, 0, 0)
	p.end(from)
}

// begin begins a chunk, and returns where.
func (p *pngWriter) begin(name string) (from int) {
	from = len(p.file)
	p.file = append(append(p.file, 0, 0, 0, 0), name...)
	return from
}

// end puts the length before the chunk, and the checksum behind it.
func (p *pngWriter) end(from int) {
	binary.BigEndian.PutUint32(p.file[from:], uint32(len(p.file)-from-8))
	p.file = binary.BigEndian.AppendUint32(p.file, crc32.ChecksumIEEE(p.file[from+4:]))
}

func (p *pngWriter) palette(l *layout) {
	count, step := 2, 15
	if l.Caption != "" {
		count, step = 16, 1
	}
	from := p.begin("PLTE")
	for i := range count {
		c := l.ramp(i * step)
		p.file = append(p.file, c.R, c.G, c.B)
	}
	p.end(from)
	if !l.Transparent {
		return
	}
	from = p.begin("tRNS")
	for i := range count {
		p.file = append(p.file, l.ramp(i*step).A)
	}
	p.end(from)
}

// pixels writes what draw hands out, line by line and how often each stands below
// itself: compressed, each behind the number of its filter.
func (p *pngWriter) pixels(width, bits int, draw func(func(line []byte, times int))) {
	from := p.begin("IDAT")
	p.zip.begin(p.file)
	n := 1 + width
	for i := range p.filtered {
		if cap(p.filtered[i]) < n {
			p.filtered[i] = make([]byte, n)
		}
		p.filtered[i] = p.filtered[i][:n]
		p.filtered[i][0] = byte(i)
	}
	p.before = slices.Grow(p.before[:0], width)[:width]
	clear(p.before) // above the first line is black
	draw(func(line []byte, times int) {
		if times == 0 {
			return
		}
		copy(p.filtered[0][1:], line)
		out := p.filtered[0]
		// Why for single lines of true colour only: those are the logo's. Everywhere
		// else the deflater sees that lines repeat, and does better without filters.
		if bits > 8 && times == 1 {
			out = p.filter(line, bits/8)
		}
		p.zip.line(out, times)
		copy(p.before, line)
	})
	p.file = p.zip.end()
	p.end(from)
}

// filter returns the line with the filter that leaves the smallest numbers.
func (p *pngWriter) filter(line []byte, pixel int) []byte {
	for i, x := range line {
		up := p.before[i]
		var left, corner byte
		if i >= pixel {
			left, corner = line[i-pixel], p.before[i-pixel]
		}
		p.filtered[1][i+1] = x - left
		p.filtered[2][i+1] = x - up
		p.filtered[3][i+1] = x - byte((int(left)+int(up))/2)
		p.filtered[4][i+1] = x - paeth(left, up, corner)
	}
	best, least := 0, -1
	for i, f := range p.filtered {
		sum := 0
		for _, x := range f[1:] {
			sum += abs(int(int8(x)))
		}
		if least < 0 || sum < least {
			best, least = i, sum
		}
	}
	return p.filtered[best]
}

func abs(n int) int { return max(n, -n) }

// paeth returns whichever of the three is nearest to left + up - corner.
func paeth(left, up, corner byte) byte {
	a, b := abs(int(up)-int(corner)), abs(int(left)-int(corner))
	c := abs(int(left) + int(up) - 2*int(corner))
	switch {
	case a <= b && a <= c:
		return left
	case b <= c:
		return up
	}
	return corner
}
