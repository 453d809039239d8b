package main

import (
	"image"
	"image/color"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/letter"
)

// Whoever adds a letter draws it: what it looks like is not compared, because every
// browser draws a little differently.
func TestEveryLetterHasItsPicture(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../docs/letters.md")
	require.NoError(t, err)
	require.Len(t, pictures(), 2*len(letter.Kinds())+1)
	for _, p := range pictures() {
		name := filepath.Join("../../../docs/letters", p.name+".png")
		file, err := os.Open(name)
		require.NoError(t, err, "run go run ./internal/gen/letterpictures docs/letters")
		config, _, err := image.DecodeConfig(file)
		require.NoError(t, err)
		require.NoError(t, file.Close())
		require.Equal(t, 640, config.Width)
		require.Greater(t, config.Height, 300, name)
		require.Contains(t, string(page), "letters/"+p.name+".png")
	}
}

func TestPicturesAreCutAndKeepTheirColours(t *testing.T) {
	t.Parallel()
	img := image.NewRGBA(image.Rect(0, 0, 40, 200))
	for y := range 200 {
		for x := range 40 {
			img.Set(x, y, color.RGBA{240, 240, 240, 255})
		}
	}
	img.Set(7, 50, color.RGBA{200, 0, 0, 255})
	got := small(img)
	require.Equal(t, image.Rect(0, 0, 40, 75), got.Bounds(), "24 lines below the last one with something on it")
	require.Equal(t, color.RGBA{200, 0, 0, 255}, got.At(7, 50))
	require.Len(t, got.Palette, 2)
}
