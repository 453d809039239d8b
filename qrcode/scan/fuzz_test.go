package scan

import (
	"errors"
	"image"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzPicture reads pictures of one byte a pixel, broken codes among them, in
// every kind of binary noise: it answers with a text or with one of its errors,
// and never panics. Two readings answer alike.
func FuzzPicture(f *testing.F) {
	code := symbolOf(f, "HTTP://A", 0, "L").draw(2)
	pix := make([]byte, len(code.Pix))
	for i, c := range code.Pix {
		pix[i] = 255 * (1 - c)
	}
	f.Add(pix, uint16(code.Stride))
	large := symbolOf(f, link, 0, "H").draw(1)
	pix = make([]byte, len(large.Pix))
	for i, c := range large.Pix {
		pix[i] = 200 - 150*c
	}
	f.Add(pix, uint16(large.Stride))
	f.Add([]byte{0}, uint16(1))
	f.Add([]byte{0, 255, 0, 0, 0, 255, 0}, uint16(7))
	f.Fuzz(func(t *testing.T, pix []byte, width uint16) {
		if width == 0 || len(pix) > 1<<16 {
			return
		}
		height := len(pix) / int(width)
		img := &image.Gray{Pix: pix, Stride: int(width), Rect: image.Rect(0, 0, int(width), height)}
		text, err := Picture(img)
		switch {
		case err == nil:
			report, err := Verify(img, text)
			require.NoError(t, err)
			require.NotEmpty(t, report.Blocks)
			require.True(t, report.Spare() >= 0 && report.Spare() < 0.35, "%v", report.Spare())
			require.True(t, report.Hole >= 0 && report.Hole < report.Modules)
		case width > MaxSide || height > MaxSide || height == 0:
			require.ErrorContains(t, err, "10000 px")
		default:
			require.True(t, errors.Is(err, ErrNothing) || errors.Is(err, ErrDamaged), "%v", err)
		}
	})
}

// FuzzGrid measures squares of modules as a detector may sample them, from codes
// with some modules turned: never a panic, and never a report beyond its bounds.
func FuzzGrid(f *testing.F) {
	f.Add(uint8(1), uint8(0), []byte{9, 9, 10, 12})
	f.Add(uint8(7), uint8(3), []byte("the quick brown fox"))
	f.Add(uint8(3), uint8(1), []byte{8, 0, 8, 1, 8, 2, 8, 3, 8, 4, 8, 5})
	f.Fuzz(func(t *testing.T, version, level uint8, turned []byte) {
		s := symbolOf(t, "HTTP://A", int(version%9)+1, []string{"L", "M", "Q", "H"}[level%4])
		for i := 0; i+1 < len(turned); i += 2 {
			x, y := int(turned[i])%len(s), int(turned[i+1])%len(s)
			s[y][x] = !s[y][x]
		}
		report, err := measure(s.grid(t))
		if err != nil {
			require.ErrorIs(t, err, ErrDamaged)
			return
		}
		require.True(t, report.Spare() >= 0 && report.Spare() < 0.35, "%v", report.Spare())
		require.True(t, report.Hole >= 0 && report.Hole < report.Modules)
	})
}
