package qrcode_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/makiuchi-d/gozxing"
	zxing "github.com/makiuchi-d/gozxing/qrcode"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/draw"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/qrcode"
)

const link = "superapp://platformapi/startapp?appId=00000000-0000-0000-0000-000000000003&page=pages%2Fmenu&query=table%3D7"

// linkOf returns a link of n bytes.
func linkOf(n int) string {
	s := link + "%26wish%3D"
	if n <= len(s) {
		return ("https://x.example/" + s)[:n]
	}
	return s + strings.Repeat("x", n-len(s))
}

// A format is a way to draw a code, and to read it back as a picture.
type format struct {
	name  string
	write func(qrcode.Code, io.Writer, *qrcode.Style) error
	read  func(testing.TB, []byte) image.Image
}

var formats = []format{
	{"PNG", qrcode.Code.WritePNG, func(t testing.TB, file []byte) image.Image {
		img, err := png.Decode(bytes.NewReader(file))
		require.NoError(t, err)
		return img
	}},
	{"SVG", qrcode.Code.WriteSVG, func(t testing.TB, file []byte) image.Image {
		img, _ := readSVG(t, file)
		return img
	}},
	{"PDF", qrcode.Code.WritePDF, func(t testing.TB, file []byte) image.Image { return readPDF(t, file).page(0, 1) }},
	{"text", qrcode.Code.WriteText, func(t testing.TB, file []byte) image.Image { return readText(t, file, 4) }},
}

func draws(t testing.TB, f format, c qrcode.Code, s *qrcode.Style) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, f.write(c, &b, s))
	return b.Bytes()
}

func drawPNG(t testing.TB, c qrcode.Code, s *qrcode.Style) []byte { return draws(t, formats[0], c, s) }

// scanImage reads a picture with a decoder that shares nothing with the encoder. It lies
// on a ground of the given colour, nil for white.
func scanImage(t testing.TB, img image.Image, ground color.Color) string {
	t.Helper()
	text, err := tryScan(img, ground)
	require.NoError(t, err)
	return text
}

func tryScan(img image.Image, ground color.Color) (string, error) {
	if ground == nil {
		ground = color.White
	}
	// Why the square only: what lies below must not pass for a part of the grid.
	side := img.Bounds().Dx()
	flat := image.NewRGBA(image.Rect(0, 0, side, min(side, img.Bounds().Dy())))
	draw.Draw(flat, flat.Rect, image.NewUniform(ground), image.Point{}, draw.Src)
	draw.Draw(flat, flat.Rect, img, img.Bounds().Min, draw.Over)
	bitmap, err := gozxing.NewBinaryBitmapFromImage(flat)
	if err != nil {
		return "", err
	}
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_CHARACTER_SET: "UTF-8", gozxing.DecodeHintType_TRY_HARDER: true}
	result, err := zxing.NewQRCodeReader().Decode(bitmap, hints)
	if err != nil {
		// Small modules are found by their grid only.
		hints[gozxing.DecodeHintType_PURE_BARCODE] = true
		result, err = zxing.NewQRCodeReader().Decode(bitmap, hints)
	}
	if err != nil {
		return "", err
	}
	return result.GetText(), nil
}

// tryScanAll reads the whole of a picture, whatever else is on it.
func tryScanAll(img image.Image) (string, error) {
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		return "", err
	}
	result, err := zxing.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return "", err
	}
	return result.GetText(), nil
}

// newLogo makes a logo of noise, the hardest there is; a part of it is transparent.
func newLogo(t testing.TB, w, h int) *qrcode.Logo {
	t.Helper()
	l, err := qrcode.ReadLogo(bytes.NewReader(noise(t, w, h)))
	require.NoError(t, err)
	return l
}

func noise(t testing.TB, w, h int) []byte {
	r := rand.New(rand.NewPCG(uint64(w), uint64(h)))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(r.Uint32())
		if i%4 == 3 && i/4%w > w/4 {
			img.Pix[i] = 255
		}
	}
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, img))
	return b.Bytes()
}

func newPhoto(t testing.TB, w, h int) *qrcode.Logo {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(i * i / (w + 1) >> 4)
	}
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, img, nil))
	l, err := qrcode.ReadLogo(&b)
	require.NoError(t, err)
	return l
}

// styles are one of each kind, and all together.
func styles(t testing.TB) map[string]*qrcode.Style {
	blue, cream := qrcode.RGB(0x0a, 0x3d, 0x62), qrcode.RGB(0xff, 0xf8, 0xe7)
	return map[string]*qrcode.Style{
		"default":               nil,
		"module":                {Module: 3, Quiet: 6, Level: qrcode.L, Exact: true},
		"small":                 {Size: 185},
		"colours":               {Dark: blue, Light: cream},
		"transparent":           {Transparent: true, Size: 300},
		"caption":               {Caption: "Table 7 <&> Ägypten, Ω"},
		"transparent-caption":   {Dark: blue, Transparent: true, Caption: "jgqy", Size: 333},
		"logo":                  {Logo: newLogo(t, 80, 80)},
		"photo":                 {Logo: newPhoto(t, 40, 90), Light: cream, Level: qrcode.H},
		"transparent-logo":      {Logo: newLogo(t, 33, 21), Transparent: true, Level: qrcode.H},
		"logo-caption":          {Logo: newLogo(t, 200, 50), Caption: "Lantern Pay"},
		"everything":            {Logo: newLogo(t, 64, 64), Dark: blue, Light: cream, Transparent: true, Caption: "Table 7", Size: 700, Quiet: 5},
		"corrected":             {Size: 1, Quiet: 1, Dark: qrcode.RGB(255, 220, 0), Correct: true},
		"corrected-upside-down": {Dark: qrcode.RGB(255, 255, 255), Light: qrcode.RGB(20, 30, 40), Correct: true},
	}
}

func TestFormatsScan(t *testing.T) {
	t.Parallel()
	for name, s := range styles(t) {
		for _, n := range []int{40, 400} {
			for _, f := range formats {
				t.Run(fmt.Sprintf("%s/%s of %d bytes", name, f.name, n), func(t *testing.T) {
					t.Parallel()
					c := qrcode.Code{Link: linkOf(n)}
					file := draws(t, f, c, s)
					require.Equal(t, file, draws(t, f, c, s), "the same bytes again")
					require.Equal(t, c.Link, scanImage(t, f.read(t, file), nil))
				})
			}
		}
	}
}

// TestFormatsAgree compares every format with the picture, pixel by pixel.
func TestFormatsAgree(t *testing.T) {
	t.Parallel()
	for name, s := range styles(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := qrcode.Code{Link: linkOf(125)}
			want, err := c.Image(s)
			require.NoError(t, err)
			square := want.Bounds().Dx()
			for _, f := range formats[:3] {
				got := f.read(t, draws(t, f, c, s))
				require.Equal(t, want.Bounds(), got.Bounds(), f.name)
				different := 0
				for y := range want.Bounds().Dy() {
					for x := range square {
						w, g := nrgba(want.At(x, y)), nrgba(got.At(x, y))
						// A PNG is exact. Elsewhere letters have more shades, and the programs
						// that show a logo scale it.
						if w != g && (f.name == "PNG" || y < square && (s == nil || s.Logo == nil) || far(w, g)) {
							different++
						}
					}
				}
				allowed := 0
				if f.name != "PNG" && s != nil && s.Logo != nil {
					allowed = square * square / 200
				}
				require.LessOrEqual(t, different, allowed, f.name)
			}
		})
	}
}

func nrgba(c color.Color) color.NRGBA {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	if n.A == 0 {
		return color.NRGBA{}
	}
	return n
}

// far reports whether colours look different on white.
func far(a, b color.NRGBA) bool {
	on := func(v, alpha uint8) int { return 255 - int(alpha)*(255-int(v))/255 }
	return max(abs(on(a.R, a.A)-on(b.R, b.A)), abs(on(a.G, a.A)-on(b.G, b.A)), abs(on(a.B, a.A)-on(b.B, b.A))) > 40
}

func abs(n int) int { return max(n, -n) }

// TestPictureIsSharp measures modules and quiet zone in the finished picture.
func TestPictureIsSharp(t *testing.T) {
	t.Parallel()
	// The link of 125 bytes at level M makes version 8: 49 modules.
	code := qrcode.Code{Link: mixed(125)}
	tests := []struct {
		name  string
		style *qrcode.Style
		// scale is pixels per module, margin the light pixels left and above.
		size, scale, margin int
	}{
		{"by default", nil, 512, 8, 60},
		{"one pixel per module", &qrcode.Style{Size: 57}, 57, 1, 4},
		{"what is left becomes quiet zone", &qrcode.Style{Size: 113}, 113, 1, 32},
		{"two pixels per module", &qrcode.Style{Size: 114}, 114, 2, 8},
		{"two pixels per module, as asked", &qrcode.Style{Module: 2}, 114, 2, 8},
		{"wide quiet zone", &qrcode.Style{Size: 500, Quiet: 64}, 500, 2, 201},
		{"wide quiet zone around modules", &qrcode.Style{Module: 3, Quiet: 10}, 207, 3, 30},
		{"narrow quiet zone, corrected", &qrcode.Style{Module: 3, Quiet: 1, Correct: true}, 171, 3, 12},
		{"too small, corrected", &qrcode.Style{Size: 10, Correct: true}, 57, 1, 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			img, err := code.Image(tt.style)
			require.NoError(t, err)
			require.Equal(t, image.Rect(0, 0, tt.size, tt.size), img.Bounds())
			dark := func(x, y int) bool { return nrgba(img.At(x, y)) == color.NRGBA{A: 255} }
			module := func(x, y int) bool { return dark(tt.margin+x*tt.scale, tt.margin+y*tt.scale) }
			for y := range tt.size {
				for x := range tt.size {
					mx, my := x-tt.margin, y-tt.margin
					inside := mx >= 0 && my >= 0 && mx < 49*tt.scale && my < 49*tt.scale
					if want := inside && module(mx/tt.scale, my/tt.scale); want != dark(x, y) {
						require.Failf(t, "torn module", "pixel %d,%d", x, y)
					}
				}
			}
			for _, corner := range [][2]int{{0, 0}, {48, 0}, {0, 48}} {
				require.True(t, module(corner[0], corner[1]), "finder pattern at %v", corner)
			}
		})
	}
}

// TestBytes compares with files in testdata: the same input gives the same bytes
// (Q4). UPDATE_GOLDEN=1 writes them anew.
func TestBytes(t *testing.T) {
	t.Parallel()
	all := styles(t)
	c := qrcode.Code{Link: link, Definition: qrcode.Definition{Name: "Table <7>"}}
	tests := []struct {
		file   string
		format int
		style  string
	}{
		{"default.png", 0, "default"}, {"module.png", 0, "module"}, {"colours.png", 0, "colours"}, {"transparent.png", 0, "transparent"},
		{"caption.png", 0, "caption"}, {"transparent-caption.png", 0, "transparent-caption"}, {"photo.png", 0, "photo"},
		{"default.svg", 1, "default"}, {"caption.svg", 1, "caption"}, {"photo.svg", 1, "photo"},
		{"default.pdf", 2, "default"}, {"everything.pdf", 2, "everything"},
		{"default.txt", 3, "default"}, {"colours.txt", 3, "colours"}, {"transparent.txt", 3, "transparent"}, {"caption.txt", 3, "caption"},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			golden(t, tt.file, draws(t, formats[tt.format], c, all[tt.style]))
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile(file, got, 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.True(t, bytes.Equal(want, got), "%s differs: %d bytes, want %d", file, len(got), len(want))
}

func TestPNGIsSmall(t *testing.T) {
	t.Parallel()
	all := styles(t)
	for name, bits := range map[string]byte{"default": 1, "colours": 1, "transparent": 1, "caption": 4, "transparent-caption": 4, "logo": 8} {
		require.Equal(t, bits, drawPNG(t, qrcode.Code{Link: link}, all[name])[24], "bits of %s", name)
	}
	for n, most := range map[int]int{60: 1000, 200: 1900, 800: 3300} {
		require.LessOrEqual(t, len(drawPNG(t, qrcode.Code{Link: mixed(n)}, nil)), most, "of a link of %d bytes", n)
	}
}

// mixed returns a link of n bytes like those of other programs' measurements.
func mixed(n int) string {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=&%"
	r := rand.New(rand.NewPCG(1, uint64(n)))
	b := []byte("https://x.example/")
	for len(b) < n {
		b = append(b, letters[r.IntN(len(letters))])
	}
	return string(b)
}

// A limited writer takes so many bytes and fails then.
type limited struct {
	left int
	err  error
}

func (w *limited) Write(b []byte) (int, error) {
	if len(b) <= w.left {
		w.left -= len(b)
		return len(b), nil
	}
	return w.left, w.err
}

func TestWriterThatFails(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	c := qrcode.Code{Link: linkOf(20)}
	for _, f := range formats {
		all := len(draws(t, f, c, nil))
		for left := range all {
			err := f.write(c, &limited{left, full}, nil)
			require.True(t, err == full, "%s after %d bytes: %v", f.name, left, err) //nolint:errorlint // the very error is promised
		}
		err := f.write(c, &limited{left: 10}, nil)
		require.ErrorIs(t, err, io.ErrShortWrite, "a writer that keeps silent")
		require.NoError(t, f.write(c, &limited{left: all}, nil))
	}
}

// TestAtTheSameTime shares a style with its logo and font among goroutines.
func TestAtTheSameTime(t *testing.T) {
	t.Parallel()
	s := &qrcode.Style{Logo: newLogo(t, 50, 50), Caption: "Table", Size: 300}
	var want [5][]byte
	for i := range want {
		want[i] = draws(t, formats[i%4], qrcode.Code{Link: linkOf(100 + i)}, s)
	}
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			i := i % len(want)
			var b bytes.Buffer
			err := formats[i%4].write(qrcode.Code{Link: linkOf(100 + i)}, &b, s)
			if err != nil || !bytes.Equal(b.Bytes(), want[i]) {
				t.Errorf("%d: other bytes, err = %v", i, err)
			}
		})
	}
	wg.Wait()
}

func TestLevelString(t *testing.T) {
	t.Parallel()
	require.Equal(t, "? L M Q H ?", fmt.Sprint(qrcode.Level(0), qrcode.L, qrcode.M, qrcode.Q, qrcode.H, qrcode.Level(5)))
}

func TestAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := qrcode.Code{Link: link}.Image(&qrcode.Style{Size: -1, Quiet: -1, Level: 9, Light: qrcode.RGB(0, 0, 0), LogoSize: -1, Caption: "a\nb"})
	invalid, ok := errors.AsType[*fault.InvalidError](err)
	require.True(t, ok, "%T", err)
	require.Len(t, invalid.Problems, 6, "%v", err)
}

// scan reads a PNG file.
func scan(t testing.TB, file []byte) string {
	t.Helper()
	return scanImage(t, formats[0].read(t, file), nil)
}
