package scan

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
)

// TestVersions reads a picture of every version at every size of module.
func TestVersions(t *testing.T) {
	t.Parallel()
	for version := 1; version <= 40; version++ {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			t.Parallel()
			for _, scale := range []int{1, 2, 3, 8} { // pixels a module
				if scale == 8 && version%13 != 0 {
					continue // large pictures, for a few
				}
				s := symbolOf(t, "HTTP://A", version, "M")
				report, err := Verify(s.draw(scale), "HTTP://A")
				require.NoError(t, err, "%d px a module", scale)
				require.Equal(t, version, report.Version)
				require.Equal(t, "M", report.Level)
				require.Equal(t, 17+4*version, report.Modules)
				require.Zero(t, report.Wrong())
			}
		})
	}
}

func TestTextsAndLevels(t *testing.T) {
	t.Parallel()
	for _, level := range []string{"L", "M", "Q", "H"} {
		for _, text := range []string{link, "0123456789", "ABC $%*+-./:", "菜单/é🍜\u200f", linkOf(1200), "a\x00b", strings.Repeat("\u00ff", 30)} {
			report, err := Verify(symbolOf(t, text, 0, level).draw(4), text)
			require.NoError(t, err, "%s %q", level, text)
			require.Equal(t, level, report.Level)
		}
	}
}

// TestKinds reads the same code from pictures of all kinds.
func TestKinds(t *testing.T) {
	t.Parallel()
	drawn := symbolOf(t, link, 0, "M").draw(5)
	convert := func(to interface {
		image.Image
		Set(x, y int, c color.Color)
	}, dark, light color.Color) image.Image {
		for y := range drawn.Rect.Dy() {
			for x := range drawn.Rect.Dx() {
				to.Set(x, y, []color.Color{light, dark}[drawn.ColorIndexAt(x, y)])
			}
		}
		return to
	}
	var file bytes.Buffer
	require.NoError(t, jpeg.Encode(&file, drawn, &jpeg.Options{Quality: 30}))
	compressed, err := jpeg.Decode(&file)
	require.NoError(t, err)
	moved := *drawn
	moved.Rect = moved.Rect.Add(image.Pt(-400, 1<<40))
	blue, cream := color.NRGBA{0x0a, 0x3d, 0x62, 255}, color.NRGBA{0xff, 0xf6, 0xe0, 255}
	for name, img := range map[string]image.Image{
		"palette":           drawn,
		"grey":              convert(image.NewGray(drawn.Rect), color.Black, color.White),
		"grey of 16 bits":   convert(image.NewGray16(drawn.Rect), color.Black, color.White),
		"brand colours":     convert(image.NewNRGBA(drawn.Rect), blue, cream),
		"transparent":       convert(image.NewNRGBA(drawn.Rect), color.Black, color.Transparent),
		"premultiplied":     convert(image.NewRGBA(drawn.Rect), blue, color.Transparent),
		"half transparent":  convert(image.NewNRGBA(drawn.Rect), color.NRGBA{A: 200}, color.Transparent),
		"JPEG":              compressed,
		"bounds far away":   &moved,
		"a kind of its own": hidden{drawn},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := Picture(img)
			require.NoError(t, err)
			require.Equal(t, link, text)
		})
	}
}

// hidden has no methods but those of image.Image.
type hidden struct{ image.Image }

// TestLargePictures: a large picture is read at the size of a small one, and a
// small code in it too.
func TestLargePictures(t *testing.T) {
	t.Parallel()
	s := symbolOf(t, link, 0, "M")
	text, err := Picture(s.draw(8192 / (len(s) + 8)))
	require.NoError(t, err)
	require.Equal(t, link, text)

	sheet := image.NewPaletted(image.Rect(0, 0, MaxSide, MaxSide), color.Palette{color.Gray{200}, color.Gray{100}})
	code := s.draw(30)
	for y := range code.Rect.Dy() {
		for x := range code.Rect.Dx() {
			sheet.SetColorIndex(7000+x, 500+y, code.ColorIndexAt(x, y))
		}
	}
	text, err = Picture(sheet)
	require.NoError(t, err)
	require.Equal(t, link, text)
}

func TestCaptionAndFrame(t *testing.T) {
	t.Parallel()
	code := symbolOf(t, linkOf(800), 0, "M").draw(3)
	img := image.NewPaletted(image.Rect(-20, -20, code.Rect.Max.X+20, code.Rect.Max.Y+60), code.Palette)
	fill(img, img.Rect, 1)
	fill(img, code.Rect, 0)
	for y := range code.Rect.Dy() {
		for x := range code.Rect.Dx() {
			img.SetColorIndex(x, y, code.ColorIndexAt(x, y))
		}
	}
	text, err := Picture(img)
	require.NoError(t, err)
	require.Equal(t, linkOf(800), text)
}

// A size is a picture without pixels: whoever reads it fails.
type size image.Rectangle

func (s size) Bounds() image.Rectangle { return image.Rectangle(s) }
func (size) ColorModel() color.Model   { return color.GrayModel }
func (size) At(int, int) color.Color   { panic("read before it was refused") }

func TestRefused(t *testing.T) {
	t.Parallel()
	for name, img := range map[string]image.Image{
		"none":                nil,
		"empty":               image.NewGray(image.Rectangle{}),
		"too wide":            size(image.Rect(0, 0, MaxSide+1, 1)),
		"too high":            size(image.Rect(5, -5, 6, MaxSide-4)),
		"as wide as can be":   size(image.Rectangle{image.Pt(math.MinInt, 0), image.Pt(math.MaxInt, 1)}),
		"wider than can be":   size(image.Rectangle{image.Pt(-2, 0), image.Pt(math.MaxInt, 1)}),
		"upside down, as big": size(image.Rectangle{image.Pt(math.MaxInt, 0), image.Pt(math.MinInt, 1)}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Picture(img)
			invalid, ok := errors.AsType[*fault.InvalidError](err)
			require.True(t, ok, "%v", err)
			require.Equal(t, "picture", invalid.Problems[0].Field)
		})
	}
	_, err := Picture(size(image.Rect(0, 0, MaxSide+1, 2)))
	require.EqualError(t, err, "scan: read the picture: picture: 1 to 10000 px wide and high, got bounds (0,0)-(10001,2)")
}

func TestNothing(t *testing.T) {
	t.Parallel()
	code := symbolOf(t, link, 0, "M")
	negative := code.draw(4)
	negative.Palette = color.Palette{color.Black, color.White}
	corner := code.draw(4)
	fill(corner, square(0, 0, 7, 4), 0)
	mirrored := code.clone()
	for y := range code {
		for x := range code {
			mirrored[x][y] = code[y][x]
		}
	}
	for name, img := range map[string]image.Image{
		"one pixel":              image.NewGray(image.Rect(0, 0, 1, 1)),
		"white":                  image.NewPaletted(image.Rect(0, 0, 300, 200), color.Palette{color.White}),
		"light and dark swapped": negative,
		"a corner covered":       corner,
		"mirrored":               mirrored.draw(4),
		"no palette":             &image.Paletted{Pix: make([]uint8, 10000), Stride: 100, Rect: image.Rect(0, 0, 100, 100)},
		"nil colours":            &image.Paletted{Pix: make([]uint8, 10000), Stride: 100, Rect: image.Rect(0, 0, 100, 100), Palette: color.Palette{nil}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Verify(img, link)
			require.ErrorIs(t, err, ErrNothing)
			require.ErrorIs(t, err, fault.ErrInvalid)
		})
	}
}

// TestManyCorners: a picture full of finder patterns, which cost the decoder the
// third power of their number, is answered soon.
func TestManyCorners(t *testing.T) {
	t.Parallel()
	img := image.NewPaletted(image.Rect(0, 0, 2000, 2000), color.Palette{color.White, color.Black})
	for y := 0; y < 2000; y += 10 {
		for x := 0; x < 2000; x += 10 {
			fill(img, image.Rect(x, y, x+7, y+7), 1)
			fill(img, image.Rect(x+1, y+1, x+6, y+6), 0)
			fill(img, image.Rect(x+2, y+2, x+5, y+5), 1)
		}
	}
	_, err := Picture(img)
	require.ErrorIs(t, err, ErrNothing)
}

func TestOtherText(t *testing.T) {
	t.Parallel()
	const meant = "https://wallet.example/other"
	report, err := Verify(symbolOf(t, link, 0, "M").draw(4), meant)
	require.ErrorIs(t, err, ErrOther)
	require.Equal(t, "scan.other_text", fault.CodeOf(err))
	other, ok := errors.AsType[*OtherTextError](err)
	require.True(t, ok)
	require.Equal(t, OtherTextError{Got: link, Want: meant}, *other)
	require.Positive(t, report.Spare())

	// An error is no place for a text of any length, nor for one that draws on a
	// terminal; it is cut between characters.
	e := &OtherTextError{Got: strings.Repeat("x", 98) + "菜单", Want: "\x1b[2J"}
	require.EqualError(t, e, fmt.Sprintf(`the QR code reads %q and 6 more bytes, want "\x1b[2J": draw it from the code that is meant`, strings.Repeat("x", 98)))
	e = &OtherTextError{Got: strings.Repeat("\x80", 200)}
	require.Contains(t, e.Error(), "more bytes")
}
