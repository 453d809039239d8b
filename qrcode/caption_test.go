package qrcode_test

import (
	"bytes"
	"image"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/font/gofont/gomono"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/qrcode"
)

// ink returns the smallest rectangle that has all that is dark below the square.
func ink(img image.Image) (r image.Rectangle) {
	side := img.Bounds().Dx()
	for y := side; y < img.Bounds().Dy(); y++ {
		for x := range side {
			if nrgba(img.At(x, y)).R < 128 {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return r
}

func TestCaption(t *testing.T) {
	t.Parallel()
	c := qrcode.Code{Link: link}
	of := func(text string, f *qrcode.Font) image.Image {
		img, err := c.Image(&qrcode.Style{Caption: text, Font: f, Size: 400})
		require.NoError(t, err)
		return img
	}
	for _, text := range []string{"H", "Table 7", "Ärger, Ω, Ж, 100 %, <b>", strings.Repeat("W", 25), strings.Repeat("i", 64)} {
		img := of(text, nil)
		r := ink(img)
		require.False(t, r.Empty())
		require.InDelta(t, 200, (r.Min.X+r.Max.X)/2, 2, "%q is in the middle", text)
		require.LessOrEqual(t, r.Dx(), 400)
		require.Less(t, r.Max.Y, img.Bounds().Dy(), "%q is not cut off", text)
		require.Greater(t, r.Min.Y, 400)
	}
	require.Equal(t, of("Table 7", nil), of("  Table 7\t"[:9], nil), "spaces around it are left out")
	require.Less(t, ink(of(strings.Repeat("W", 40), nil)).Dy(), ink(of("W", nil)).Dy(), "a long one is smaller")
	mono, err := qrcode.ParseFont(gomono.TTF)
	require.NoError(t, err)
	require.Less(t, ink(of("iiii", nil)).Dx(), ink(of("iiii", mono)).Dx())
	blank, err := c.Image(&qrcode.Style{Caption: "  ", Size: 400})
	require.NoError(t, err)
	require.Equal(t, 400, blank.Bounds().Dy(), "no line for nothing")
}

func TestCaptionRefused(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, caption, reason, detail string }{
		{"Chinese with Go Regular", "7号桌", "not_allowed", "'号' (U+53F7): the font has no such character"},
		{"emoji", "🍜", "not_allowed", "'🍜' (U+1F35C): the font has no such character"},
		{"Arabic", "طاولة", "not_allowed", "'ط' (U+0637): right-to-left and joined scripts"},
		{"Hebrew", "שולחן", "not_allowed", "'ש' (U+05E9): right-to-left"},
		{"Hindi", "मेज़", "not_allowed", "'म' (U+092E): right-to-left and joined scripts"},
		{"Thai", "โต๊ะ", "not_allowed", "(U+0E42)"},
		{"a mark that NFC does not join", "x\u0301", "not_allowed", "(U+0301)"},
		{"two lines", "a\nb", "malformed", "line"},
		{"NUL", "a\x00", "malformed", ""},
		{"not UTF-8", "\xff", "malformed", ""},
		{"too long", strings.Repeat("x", 65), "too_long", "at most 64"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, f := range formats {
				err := f.write(qrcode.Code{Link: link}, &bytes.Buffer{}, &qrcode.Style{Caption: tt.caption, Correct: true})
				requireProblem(t, err, "caption", tt.reason, tt.detail)
			}
		})
	}
	_, err := qrcode.Code{Link: link}.Image(&qrcode.Style{Caption: strings.Repeat("W", 64), Size: 200})
	requireProblem(t, err, "caption", "too_long", "a caption this long is 3 px high in a picture of 200 px, want at least 6")
	for _, data := range [][]byte{nil, []byte("font"), gomono.TTF[:100]} {
		_, err := qrcode.ParseFont(data)
		requireProblem(t, err, "font", "malformed", "TrueType or OpenType")
	}
}

func FuzzCaption(f *testing.F) {
	for _, s := range []string{"Table 7", "]]>&\"'<", "טבלה", "\u200f", "e\u0301", "𝔘"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var b bytes.Buffer
		c := qrcode.Code{Link: link}
		if err := c.WriteSVG(&b, &qrcode.Style{Caption: text, Size: 1000}); err != nil {
			require.ErrorIs(t, err, fault.ErrInvalid)
			return
		}
		img, _ := readSVG(t, b.Bytes())
		require.Equal(t, link, scanImage(t, img, nil))
	})
}

func TestSVGTitle(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, caption, want string }{
		{"", "", "QR code"}, {"Table <7> & \"8\"", "", "Table <7> & \"8\""}, {"Table 7", "Scan & <eat>", "Scan & <eat>"},
	} {
		c := qrcode.Code{Link: link, Definition: qrcode.Definition{Name: tt.name}}
		_, title := readSVG(t, draws(t, formats[1], c, &qrcode.Style{Caption: tt.caption}))
		require.Equal(t, tt.want, title)
	}
}
