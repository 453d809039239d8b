package scan

import (
	"image"
	"image/color"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"
	"github.com/stretchr/testify/require"
)

const link = "https://wallet.example/open?appId=01890a5d-ac96-774b-bcce-b302099a8057&page=pages%2Fmenu&query=table%3D7"

var levels = map[string]decoder.ErrorCorrectionLevel{
	"L": decoder.ErrorCorrectionLevel_L, "M": decoder.ErrorCorrectionLevel_M,
	"Q": decoder.ErrorCorrectionLevel_Q, "H": decoder.ErrorCorrectionLevel_H,
}

// A plain symbol is drawn by the tests themselves, so that they can break it.
type plain [][]bool

// symbolOf makes the symbol of a text, of the least version or of the one that
// is asked for.
func symbolOf(t testing.TB, text string, version int, level string) plain {
	t.Helper()
	hints := map[gozxing.EncodeHintType]any{gozxing.EncodeHintType_CHARACTER_SET: "UTF-8"}
	if version > 0 {
		hints[gozxing.EncodeHintType_QR_VERSION] = version
	}
	code, err := encoder.Encoder_encode(text, levels[level], hints)
	require.NoError(t, err)
	m := code.GetMatrix()
	rows := make(plain, m.GetHeight())
	for y := range rows {
		rows[y] = make([]bool, m.GetWidth())
		for x := range rows[y] {
			rows[y][x] = m.Get(x, y) == 1
		}
	}
	return rows
}

func (p plain) clone() plain {
	c := make(plain, len(p))
	for y := range p {
		c[y] = append([]bool(nil), p[y]...)
	}
	return c
}

// draw makes a picture of so many pixels a module with four modules of quiet
// zone, black on white.
func (p plain) draw(scale int) *image.Paletted {
	side := (len(p) + 8) * scale
	img := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y, row := range p {
		for x, dark := range row {
			if dark {
				fill(img, square(x, y, 1, scale), 1)
			}
		}
	}
	return img
}

// square is the place of modules in a picture that draw made.
func square(x, y, side, scale int) image.Rectangle {
	return image.Rect((x+4)*scale, (y+4)*scale, (x+4+side)*scale, (y+4+side)*scale)
}

func fill(img *image.Paletted, r image.Rectangle, index uint8) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			img.SetColorIndex(x, y, index)
		}
	}
}

// grid returns a symbol as the decoder samples it.
func (p plain) grid(t testing.TB) *gozxing.BitMatrix {
	t.Helper()
	m, err := gozxing.ParseBoolMapToBitMatrix(p)
	require.NoError(t, err)
	return m
}

// linkOf returns a link of n bytes.
func linkOf(n int) string {
	const start = "https://w.example/open?a=1&x="
	return start + strings.Repeat("x7%", n)[:n-len(start)]
}
