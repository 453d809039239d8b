package qrcode_test

import (
	"fmt"
	"io"
	"testing"

	"github.com/superapp-go/superapp/qrcode"
)

// BenchmarkPNG makes pictures of 512 pixels, the symbol included.
func BenchmarkPNG(b *testing.B) {
	for _, n := range []int{60, 200, 800} {
		b.Run(fmt.Sprintf("%dB", n), func(b *testing.B) {
			c := qrcode.Code{Link: mixed(n)}
			b.ReportAllocs()
			for b.Loop() {
				if err := c.WritePNG(io.Discard, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkPNGOfAStyle makes pictures with all that a style has.
func BenchmarkPNGOfAStyle(b *testing.B) {
	for name, s := range map[string]*qrcode.Style{
		"caption": {Caption: "Table 7"},
		"logo":    {Logo: newLogo(b, 100, 100)},
	} {
		b.Run(name, func(b *testing.B) {
			c := qrcode.Code{Link: mixed(60)}
			b.ReportAllocs()
			for b.Loop() {
				if err := c.WritePNG(io.Discard, s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
