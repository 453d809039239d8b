package scan_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/qrcode/scan"
)

// logo returns a picture of two colours, as brands have them.
func logo(t *testing.T) *qrcode.Logo {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 90, 90))
	for y := range 90 {
		for x := range 90 {
			c := color.NRGBA{0xc0, 0x39, 0x2b, 255}
			if (x/15+y/15)%2 == 0 {
				c = color.NRGBA{0x22, 0x22, 0x22, 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	var file bytes.Buffer
	require.NoError(t, png.Encode(&file, img))
	l, err := qrcode.ReadLogo(&file)
	require.NoError(t, err)
	return l
}

// TestStyles: whatever package qrcode draws, this one reads, from the finished
// file. What a logo covers shows in the report, and leaves half of the level.
func TestStyles(t *testing.T) {
	t.Parallel()
	brand := logo(t)
	blue, cream := qrcode.RGB(0x0a, 0x3d, 0x62), qrcode.RGB(0xff, 0xf6, 0xe0)
	for name, style := range map[string]*qrcode.Style{
		"default":            nil,
		"one pixel a module": {Module: 1},
		"large":              {Size: 2000},
		"level H":            {Level: qrcode.H},
		"colours":            {Dark: blue, Light: cream},
		"transparent":        {Dark: blue, Transparent: true},
		"caption":            {Caption: "Table 7", Size: 240},
		"logo":               {Logo: brand},
		"logo and colours":   {Logo: brand, Dark: blue, Light: cream, Caption: "Menu", Level: qrcode.H},
		"logo, transparent":  {Logo: brand, Transparent: true},
	} {
		for _, n := range []int{30, 100, 400, 1200, 1270} {
			t.Run(fmt.Sprintf("%s, %d bytes", name, n), func(t *testing.T) {
				t.Parallel()
				code := qrcode.Code{Link: "https://w.example/open?q=" + strings.Repeat("aB7%", n)[:n-25]}
				var file bytes.Buffer
				require.NoError(t, code.WritePNG(&file, style))
				img, err := png.Decode(&file)
				require.NoError(t, err)
				report, err := scan.Verify(img, code.Link)
				require.NoError(t, err)
				if style == nil || style.Logo == nil {
					require.Zero(t, report.Wrong())
					require.Greater(t, report.Spare(), 0.1)
					return
				}
				require.Positive(t, report.Wrong())
				for _, b := range report.Blocks {
					require.LessOrEqual(t, 2*b.Wrong, b.Most, "a logo takes at most half of what the level can lose")
				}
				require.Greater(t, report.Spare(), 0.08)
			})
		}
	}
}

// TestUndeclaredBytesAreUTF8: a code whose bytes are of no declared character set
// is read as phones do, as UTF-8 whatever comes of it.
func TestUndeclaredBytesAreUTF8(t *testing.T) {
	t.Parallel()
	img, err := qrcode.Code{Link: "caf\xe9 et th\xe9"}.Image(nil)
	require.NoError(t, err)
	text, err := scan.Picture(img)
	require.NoError(t, err)
	require.Equal(t, "caf\ufffd et th\ufffd", text)
}
