package symbol_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	boombuler "github.com/boombuler/barcode/qr"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/qrcode/internal/symbol"
)

// room is how many characters of a mode a symbol holds, from gozxing's tables.
func room(version int, level symbol.Level, mode symbol.Mode) int {
	v, err := decoder.Version_GetVersionForNumber(version)
	if err != nil {
		panic(err)
	}
	bits := 8 * (v.GetTotalCodewords() - v.GetECBlocksForLevel(zxingLevels[level]).GetTotalECCodewords())
	class := 0
	if version > 9 {
		class++
	}
	if version > 26 {
		class++
	}
	n := 0
	for symbol.Length(n+1, mode, class) <= bits {
		n++
	}
	return n
}

var zxingLevels = map[symbol.Level]decoder.ErrorCorrectionLevel{
	symbol.L: decoder.ErrorCorrectionLevel_L, symbol.M: decoder.ErrorCorrectionLevel_M,
	symbol.Q: decoder.ErrorCorrectionLevel_Q, symbol.H: decoder.ErrorCorrectionLevel_H,
}

// TestAgreesWithBoombuler: for the same text, level and mode, it makes the very
// same modules, and with them the same version and mask. Its penalty is the
// standard's in the same reading: N3 counts a pattern with light modules before
// and behind it twice, and stops at the edge. It takes 5 to 100 ms a symbol, so
// levels and modes take turns; all are compared with gozxing.
func TestAgreesWithBoombuler(t *testing.T) {
	t.Parallel()
	modes := []boombuler.Encoding{symbol.Numeric: boombuler.Numeric, symbol.Alphanumeric: boombuler.AlphaNumeric, symbol.Bytewise: boombuler.Unicode}
	for version := 1; version <= 40; version++ {
		if testing.Short() && version%8 != 0 {
			continue
		}
		r := source(uint64(version))
		level, mode := levels[version%4], symbol.Mode(version%3)
		text := textOf(r, room(version, level, mode)-r.IntN(3), mode)
		if mode == symbol.Bytewise {
			text = "é" + text[2:]
		}
		want, err := boombuler.Encode(text, boombuler.ErrorCorrectionLevel(level), modes[mode])
		require.NoError(t, err)
		got, ok := symbol.At(text, symbol.Fixed{Level: level, Mask: -1, Mode: mode, Bare: true})
		require.True(t, ok)
		require.Equal(t, version, got.Version)
		require.Equal(t, want.Bounds().Dx(), got.Size())
		requireSame(t, got, func(x, y int) bool { return want.At(x, y) == color.Black })
	}
}

// requireSame fails at the first module that another encoder made otherwise.
func requireSame(t *testing.T, got *symbol.Symbol, dark func(x, y int) bool) {
	t.Helper()
	for y := range got.Size() {
		for x := range got.Size() {
			if got.Dark(x, y) != dark(x, y) {
				require.Failf(t, "another module", "version %d level %v mask %d: %d,%d", got.Version, got.Level, got.Mask, x, y)
			}
		}
	}
}

// TestAgreesWithZxing compares all versions at all levels, each mask in turn,
// with the encoder of gozxing. Its own choice of a mask is another: it counts N3
// once where light modules are on both sides, and takes the quiet zone for them.
func TestAgreesWithZxing(t *testing.T) {
	t.Parallel()
	r := source(7)
	for i := range 160 {
		version, level, mask := 1+i/4, levels[i%4], (i/4+3*i)%8
		for mode := symbol.Numeric; mode <= symbol.Bytewise; mode++ {
			n := room(version, level, mode)
			text := textOf(r, n-r.IntN(min(n, 30)), mode)
			if mode != symbol.Numeric {
				text = text[1:] + "A"
			}
			if mode == symbol.Bytewise {
				text = text[1:] + "a"
			}
			q, err := encoder.Encoder_encode(text, zxingLevels[level], map[gozxing.EncodeHintType]any{
				gozxing.EncodeHintType_QR_VERSION: version, gozxing.EncodeHintType_QR_MASK_PATTERN: mask,
			})
			require.NoError(t, err)
			got, ok := symbol.At(text, symbol.Fixed{Level: level, Version: version, Mask: mask, Mode: mode})
			require.True(t, ok)
			requireSame(t, got, func(x, y int) bool { return q.GetMatrix().Get(x, y) == 1 })
		}
	}
	// UTF-8 is announced alike.
	q, err := encoder.Encoder_encode("菜单/é", decoder.ErrorCorrectionLevel_M, map[gozxing.EncodeHintType]any{gozxing.EncodeHintType_CHARACTER_SET: "UTF-8"})
	require.NoError(t, err)
	got, ok := symbol.At("菜单/é", symbol.Fixed{Level: symbol.M, Mask: q.GetMaskPattern(), Mode: symbol.Mixed})
	require.True(t, ok)
	requireSame(t, got, func(x, y int) bool { return q.GetMatrix().Get(x, y) == 1 })
}

// zbar reads pictures of symbols with zbarimg.
func zbar(t *testing.T, symbols []*symbol.Symbol) []string {
	t.Helper()
	command, err := exec.LookPath("zbarimg")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("zbarimg is missing: install zbar-tools")
		}
		t.Skip("zbarimg is missing: install zbar-tools")
	}
	var texts []string
	dir := t.TempDir()
	for i, s := range symbols {
		const scale, quiet = 4, 4
		n := (s.Size() + 2*quiet) * scale
		img := image.NewGray(image.Rect(0, 0, n, n))
		for y := range n {
			for x := range n {
				mx, my := x/scale-quiet, y/scale-quiet
				if mx < 0 || my < 0 || mx >= s.Size() || my >= s.Size() || !s.Dark(mx, my) {
					img.SetGray(x, y, color.Gray{Y: 255})
				}
			}
		}
		var b bytes.Buffer
		require.NoError(t, png.Encode(&b, img))
		file := filepath.Join(dir, fmt.Sprintf("%03d.png", i))
		require.NoError(t, os.WriteFile(file, b.Bytes(), 0o600))
		out, err := exec.Command(command, "--nodbus", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", file).Output()
		if err != nil {
			out = nil
		}
		texts = append(texts, strings.TrimSuffix(string(out), "\n"))
	}
	return texts
}

// TestZbarReads has a second decoder. It guesses wrong if UTF-8 is not announced.
func TestZbarReads(t *testing.T) {
	t.Parallel()
	r := source(8)
	texts := []string{linkOf(60), linkOf(200), linkOf(800), "7", "TABLE 7"}
	for version := 1; version <= 40; version += 3 {
		texts = append(texts, textOf(r, room(version, symbol.M, symbol.Bytewise), symbol.Bytewise))
	}
	for range 20 {
		texts = append(texts, mixed(r, 6, 12, false))
	}
	for _, text := range unicodeTexts {
		if !strings.Contains(text, "\x00") { // zbarimg has no way to print it.
			texts = append(texts, text)
		}
	}
	var symbols, bare []*symbol.Symbol
	for _, text := range texts {
		s, err := symbol.Encode(text, symbol.M, false)
		require.NoError(t, err)
		symbols = append(symbols, s)
	}
	require.Equal(t, texts, zbar(t, symbols))

	for _, text := range unicodeTexts {
		s, ok := symbol.At(text, symbol.Fixed{Level: symbol.M, Mask: -1, Mode: symbol.Mixed, Bare: true})
		require.True(t, ok)
		bare = append(bare, s)
	}
	var wrong []string
	for i, got := range zbar(t, bare) {
		if got != unicodeTexts[i] {
			wrong = append(wrong, fmt.Sprintf("%q as %q", unicodeTexts[i], got))
		}
	}
	require.NotEmpty(t, wrong, "then UTF-8 need not be announced")
	t.Logf("if UTF-8 is not announced, zbar reads %s", strings.Join(wrong, ", "))
}
