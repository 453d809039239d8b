package main

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	zxing "github.com/makiuchi-d/gozxing/qrcode"
	"github.com/stretchr/testify/require"
)

// TestPicturesRead: what is compared does the same work. Every picture of every
// peer reads as the link, with the quiet zone that boombuler leaves out.
func TestPicturesRead(t *testing.T) {
	all, err := cases()
	require.NoError(t, err)
	require.Len(t, all, 3*(4+4+2))
	for _, c := range all {
		if c.kind != kindPNG {
			continue
		}
		t.Run(fmt.Sprintf("%s/%d", c.peer, c.size), func(t *testing.T) {
			var b bytes.Buffer
			require.NoError(t, c.do(&b))
			img, err := png.Decode(&b)
			require.NoError(t, err)
			framed := image.NewGray(img.Bounds().Inset(-40))
			draw.Draw(framed, framed.Rect, image.White, image.Point{}, draw.Src)
			draw.Draw(framed, img.Bounds(), img, img.Bounds().Min, draw.Src)
			bitmap, err := gozxing.NewBinaryBitmapFromImage(framed)
			require.NoError(t, err)
			result, err := zxing.NewQRCodeReader().Decode(bitmap, nil)
			require.NoError(t, err)
			require.Equal(t, link(c.size), result.GetText())
		})
	}
}

func TestTable(t *testing.T) {
	all, err := cases()
	require.NoError(t, err)
	got := make([]measured, len(all))
	for i := range got {
		got[i] = measured{nanoseconds: []float64{9000, float64(1000 * (i + 1)), 1}, allocs: int64(i)}
	}
	require.InDelta(t, 1, got[0].median(), 1e-9)
	got[0].nanoseconds = append(got[0].nanoseconds, 3000)
	require.InDelta(t, 2, got[0].median(), 1e-9, "the mean of the two in the middle")
	text := table(all, got)
	require.Equal(t, 3*2+4+4+2, strings.Count(text, "\n|"), "lines of three tables:\n%s", text)
	require.Contains(t, text, "| this library | 2.00 / 5.00 / 9.00 | 1x / 1x / 1x | 0 / 4 / 8 |")
}

func TestWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "doc.md")
	require.Error(t, write(file, "new"), "no such file")
	require.NoError(t, os.WriteFile(file, []byte("a\n"+before+"old\n"), 0o600))
	require.ErrorContains(t, write(file, "new"), "no place")
	require.NoError(t, os.WriteFile(file, []byte("a\n"+before+"old\n"+after+"z\n"), 0o600))
	for range 2 {
		require.NoError(t, write(file, "new\n"))
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, "a\n"+before+"\nnew\n"+after+"z\n", string(text))
	}
}

func TestLinks(t *testing.T) {
	for _, size := range sizes {
		require.Len(t, link(size), size)
	}
}

// Benchmark measures the same as the command, for benchstat.
func Benchmark(b *testing.B) {
	all, err := cases()
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range all {
		b.Run(fmt.Sprintf("%s/%dB/%s", c.kind, c.size, c.peer), c.bench)
	}
}
