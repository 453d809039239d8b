package qrcode_test

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/draw"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/qrcode"
)

// bomb is a small PNG file that says it has so many pixels.
func bomb(w, h int) []byte {
	ihdr := []byte{'I', 'H', 'D', 'R', byte(w >> 24), byte(w >> 16), byte(w >> 8), byte(w), byte(h >> 24), byte(h >> 16), byte(h >> 8), byte(h), 16, 6, 0, 0, 0}
	sum := crc32.ChecksumIEEE(ihdr)
	file := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), ihdr...)
	return append(file, byte(sum>>24), byte(sum>>16), byte(sum>>8), byte(sum))
}

func TestReadLogoRefused(t *testing.T) {
	t.Parallel()
	var asGIF, asJPEG bytes.Buffer
	img := image.NewPaletted(image.Rect(0, 0, 9, 9), color.Palette{color.Black})
	require.NoError(t, gif.Encode(&asGIF, img, nil))
	require.NoError(t, jpeg.Encode(&asJPEG, img, nil))
	asPNG := noise(t, 30, 30)
	tests := []struct {
		name           string
		file           []byte
		reason, detail string
	}{
		{"nothing", nil, "required", "PNG or JPEG"},
		{"text", []byte("<svg/>"), "not_allowed", "want PNG or JPEG"},
		{"GIF", asGIF.Bytes(), "not_allowed", "want PNG or JPEG"},
		{"a signature only", asPNG[:8], "malformed", "no readable picture"},
		{"cut off PNG", asPNG[:len(asPNG)/2], "malformed", "damaged or cut off"},
		{"cut off JPEG", asJPEG.Bytes()[:asJPEG.Len()/2], "malformed", "picture"},
		{"a byte too long", append(bytes.Clone(asPNG), make([]byte, qrcode.MaxLogo+1-len(asPNG))...), "too_long", "at most 1048576 bytes"},
		{"bomb", bomb(60000, 60000), "too_long", "want at most 2048 by 2048 px, got 60000 by 60000"},
		{"wide", bomb(2049, 1), "too_long", "got 2049 by 1"},
		{"high", bomb(1, 2049), "too_long", "got 1 by 2049"},
		{"a byte too long, counted", append(bytes.Clone(asPNG), make([]byte, qrcode.MaxLogo+9-len(asPNG))...), "too_long", "got 1048577 or more"},
		{"JPEG of many scans", append([]byte("\xff\xd8\xff"), bytes.Repeat([]byte("\xff\xda\x00"), 65)...), "not_allowed", "at most 64 scans, got 65"},
		{"without width", bomb(0, 5), "malformed", "no readable picture"},
		{"allowed, but without pixels", bomb(2048, 2048), "malformed", "damaged or cut off"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := qrcode.ReadLogo(bytes.NewReader(tt.file))
			requireProblem(t, err, "logo", tt.reason, tt.detail)
		})
	}
	broken := errors.New("connection reset")
	_, err := qrcode.ReadLogo(io.MultiReader(bytes.NewReader(asPNG), iotest.ErrReader(broken)))
	require.True(t, err == broken, "%v", err) //nolint:errorlint // the very error is promised
	endless := strings.NewReader(strings.Repeat("\x89PNG\r\n\x1a\n", 1<<20))
	_, err = qrcode.ReadLogo(endless)
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.GreaterOrEqual(t, endless.Len(), 8<<20-qrcode.MaxLogo-1, "no more is read than necessary")
}

// plain makes a logo of one colour.
func plain(t testing.TB, w, h int, c color.Color) *qrcode.Logo {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Rect, image.NewUniform(c), image.Point{}, draw.Src)
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, img))
	l, err := qrcode.ReadLogo(&b)
	require.NoError(t, err)
	return l
}

// TestLogoScans draws logos as large as possible, of the worst kinds, on codes of
// many versions and all levels, and reads them, also with some more of the code
// lost.
func TestLogoScans(t *testing.T) {
	t.Parallel()
	logos := map[string]*qrcode.Logo{
		"noise": newLogo(t, 90, 90), "black": plain(t, 40, 40, color.Black), "wide": plain(t, 90, 30, color.Black),
		"light": plain(t, 20, 30, color.White),
	}
	for _, level := range []qrcode.Level{qrcode.L, qrcode.M, qrcode.Q, qrcode.H} {
		drawn := 0
		for _, n := range []int{12, 24, 60, 90, 200, 600} {
			for name, logo := range logos {
				c := qrcode.Code{Link: mixed(n)}
				img, err := c.Image(&qrcode.Style{Logo: logo, Level: level, Exact: true, Module: 4})
				if err != nil {
					require.ErrorIs(t, err, fault.ErrInvalid)
					continue
				}
				drawn++
				require.Equal(t, c.Link, scanImage(t, img, nil), "%s at level %s of %d bytes", name, level, n)
				// Another part: two rows above the logo, of which each codeword has at least
				// two modules, so at most a quarter of what the level can lose.
				modules := img.Bounds().Dx()/4 - 8
				share := map[qrcode.Level]int{qrcode.L: 7, qrcode.M: 15, qrcode.Q: 25, qrcode.H: 30}[level]
				lost := modules * modules * share / 100 / 8
				x, y := (4+modules/2)*4, (4+9)*4
				draw.Draw(img.(*image.NRGBA), image.Rect(x, y, x+4*min(lost/4, modules/3), y+8), image.White, image.Point{}, draw.Src)
				require.Equal(t, c.Link, scanImage(t, img, nil), "%s at level %s of %d bytes, and dirt", name, level, n)
			}
		}
		require.NotZero(t, drawn, "level %s", level)
	}
}

func TestLogoSize(t *testing.T) {
	t.Parallel()
	logo := plain(t, 50, 50, color.NRGBA{0x0a, 0x3d, 0x62, 255})
	tests := []struct {
		name  string
		n     int
		style qrcode.Style
		// refused is how it is refused without correction, "" if it is not; modules is
		// how wide the code is that is drawn, clearing how much of it is for the logo.
		refused           string
		modules, clearing int
	}{
		{"default", 60, qrcode.Style{}, "", 37, 9},
		{"default at level H", 60, qrcode.Style{Level: qrcode.H}, "", 45, 11},
		{"at level M, which is exact", 60, qrcode.Style{Level: qrcode.M, Exact: true}, "", 33, 5},
		{"small", 60, qrcode.Style{LogoSize: 0.1}, "", 37, 3},
		{"tiny", 60, qrcode.Style{LogoSize: 0.001}, "", 37, 3},
		{"rounded down to odd", 60, qrcode.Style{LogoSize: 0.18}, "", 37, 5},
		{"a little too large", 60, qrcode.Style{LogoSize: 0.3}, "a logo of 0.30 covers", 45, 11},
		{"much too large", 60, qrcode.Style{LogoSize: 0.4}, "level Q leaves", 45, 11},
		{"all of it", 60, qrcode.Style{LogoSize: 1}, "a logo of 1.00 reaches into the patterns by which scanners find the code of 37 modules: at most", 45, 11},
		{"no room at level L", 60, qrcode.Style{Level: qrcode.L, LogoSize: 0.26}, "at most 0.16, or a higher level", 37, 9},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := tt.style
			s.Logo, s.Module = logo, 4
			c := qrcode.Code{Link: mixed(tt.n)}
			img, err := c.Image(&s)
			if tt.refused != "" {
				requireProblem(t, err, "logo_size", "not_allowed", tt.refused)
				s.Correct = true
				img, err = c.Image(&s)
			}
			require.NoError(t, err)
			modules := img.Bounds().Dx()/4 - 8
			// The logo is a module narrower than its clearing.
			inked := 0
			for x := range img.Bounds().Dx() {
				if hex(img.At(x, img.Bounds().Dy()/2))[0] == "#0a3d62" {
					inked++
				}
			}
			require.Equal(t, fmt.Sprintf("%d of %d", tt.clearing, tt.modules), fmt.Sprintf("%d of %d", inked/4+1, modules))
			require.Equal(t, c.Link, scanImage(t, img, nil))
		})
	}
}

func TestLogoOnItsGround(t *testing.T) {
	t.Parallel()
	half := plain(t, 50, 50, color.NRGBA{0xff, 0, 0, 128})
	cream := qrcode.RGB(0xff, 0xf8, 0xe7)
	c := qrcode.Code{Link: link}
	img, err := c.Image(&qrcode.Style{Logo: half, Light: cream})
	require.NoError(t, err)
	require.Equal(t, []string{"#ff7c73"}, hex(img.At(256, 256)))
	img, err = c.Image(&qrcode.Style{Logo: half, Transparent: true})
	require.NoError(t, err)
	require.Equal(t, color.NRGBA{0xff, 0, 0, 128}, img.At(256, 256))
	require.Zero(t, img.(*image.NRGBA).NRGBAAt(0, 0).A)
}

func FuzzReadLogo(f *testing.F) {
	f.Add(noise(f, 5, 4))
	f.Add(bomb(4096, 4096))
	f.Add([]byte("\xff\xd8\xff\xe0"))
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 3)), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, file []byte) {
		l, err := qrcode.ReadLogo(bytes.NewReader(file))
		if err != nil {
			require.ErrorIs(t, err, fault.ErrInvalid)
			return
		}
		img, err := qrcode.Code{Link: link}.Image(&qrcode.Style{Logo: l, Size: 200})
		require.NoError(t, err)
		require.Equal(t, link, scanImage(t, img, nil))
	})
}
