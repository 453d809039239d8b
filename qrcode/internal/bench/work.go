package main

import (
	"bytes"
	"fmt"
	"image/color"
	"image/png"
	"io"
	"strconv"
	"testing"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
	skip2 "github.com/skip2/go-qrcode"
	rsc "rsc.io/qr"

	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/qrcode/internal/symbol"
)

// The kinds of work: all at level M, pictures of 512 pixels. rsc.io/qr draws the
// greatest picture of whole pixels that fits; boombuler leaves the quiet zone out.
const (
	kindSymbol = "Symbol alone"
	kindPNG    = "PNG"
	kindSVG    = "SVG"
)

const ours, path = "this library", "the path alone"

var (
	kinds = []string{kindPNG, kindSymbol, kindSVG}
	peers = []string{ours, "rsc.io/qr", "skip2/go-qrcode", "boombuler + image/png", path}
	sizes = []int{60, 200, 800}
)

const pixels = 512

// A key says what is done, by whom, and how many bytes the link has.
type key struct {
	kind, peer string
	size       int
}

// A work is one thing that is measured: bench does it over and over.
type work struct {
	key
	do func(w io.Writer) error
	// bytes is how many it writes, 0 for a symbol.
	bytes int
}

func (c work) bench(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if err := c.do(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

// link returns a link of so many bytes, of the kind that this library makes.
func link(size int) string {
	const start = "https://wallet.example/open?appId=0198f2&page=pages%2Fmenu"
	s := start
	for i := 0; len(s) < size; i++ {
		s += fmt.Sprintf("&k%d=v%%20%x", i, i*7919)
	}
	return s[:size]
}

// cases lists everything, done once to see that it works.
func cases() ([]work, error) {
	var all []work
	for _, kind := range kinds {
		for _, size := range sizes {
			for _, peer := range peers {
				do := does(kind, peer, link(size))
				if do == nil {
					continue
				}
				var b bytes.Buffer
				if err := do(&b); err != nil {
					return nil, fmt.Errorf("%s of %s, %d bytes: %w", kind, peer, size, err)
				}
				all = append(all, work{key{kind, peer, size}, do, b.Len()})
			}
		}
	}
	return all, nil
}

// does returns what a peer does for a kind of work, or nil if it cannot.
func does(kind, peer, link string) func(w io.Writer) error {
	code, style := qrcode.Code{Link: link}, &qrcode.Style{Size: pixels, Level: qrcode.M}
	switch kind + " by " + peer {
	case kindPNG + " by " + ours:
		return func(w io.Writer) error { return code.WritePNG(w, style) }
	case kindPNG + " by rsc.io/qr":
		return func(w io.Writer) error {
			c, err := rsc.Encode(link, rsc.M)
			if err != nil {
				return err
			}
			c.Scale = pixels / (c.Size + 8)
			_, err = w.Write(c.PNG())
			return err
		}
	case kindPNG + " by skip2/go-qrcode":
		return func(w io.Writer) error {
			c, err := skip2.New(link, skip2.Medium)
			if err != nil {
				return err
			}
			return c.Write(pixels, w)
		}
	case kindPNG + " by boombuler + image/png":
		return func(w io.Writer) error {
			c, err := qr.Encode(link, qr.M, qr.Unicode)
			if err != nil {
				return err
			}
			c, err = barcode.Scale(c, pixels, pixels)
			if err != nil {
				return err
			}
			return png.Encode(w, c)
		}
	case kindSymbol + " by " + ours:
		return func(io.Writer) error { _, err := symbol.Encode(link, symbol.M, false); return err }
	case kindSymbol + " by rsc.io/qr":
		return func(io.Writer) error { _, err := rsc.Encode(link, rsc.M); return err }
	case kindSymbol + " by skip2/go-qrcode":
		return func(io.Writer) error {
			c, err := skip2.New(link, skip2.Medium)
			if err == nil {
				c.Bitmap()
			}
			return err
		}
	case kindSymbol + " by boombuler + image/png":
		return func(io.Writer) error {
			c, err := qr.Encode(link, qr.M, qr.Unicode)
			if err == nil && c.At(0, 0) != color.Black {
				return fmt.Errorf("no finder pattern")
			}
			return err
		}
	case kindSVG + " by " + ours:
		return func(w io.Writer) error { return code.WriteSVG(w, style) }
	case kindSVG + " by " + path:
		return func(w io.Writer) error { return writePath(w, link) }
	}
	return nil
}

// writePath makes the symbol and writes nothing but the path of an SVG file, in
// the plainest way: one rectangle for each run of dark modules in a row.
func writePath(w io.Writer, link string) error {
	s, err := symbol.Encode(link, symbol.M, false)
	if err != nil {
		return err
	}
	n := s.Size()
	b := make([]byte, 0, 4*n*n)
	for y := range n {
		for x := 0; x < n; {
			if !s.Dark(x, y) {
				x++
				continue
			}
			from := x
			for x < n && s.Dark(x, y) {
				x++
			}
			b = append(b, 'M')
			b = strconv.AppendInt(b, int64(from+4), 10)
			b = append(b, ' ')
			b = strconv.AppendInt(b, int64(y+4), 10)
			b = append(b, 'h')
			b = strconv.AppendInt(b, int64(x-from), 10)
			b = append(b, "v1h-"...)
			b = strconv.AppendInt(b, int64(x-from), 10)
			b = append(b, 'z')
		}
	}
	_, err = w.Write(b)
	return err
}
