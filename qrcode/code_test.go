package qrcode_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	zxing "github.com/makiuchi-d/gozxing/qrcode"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/qrcode"
)

const link = "superapp://platformapi/startapp?appId=00000000-0000-0000-0000-000000000003&page=pages%2Fmenu&query=table%3D7"

// linkOf returns a link of n bytes.
func linkOf(n int) string {
	s := link + "%26wish%3D"
	return s + strings.Repeat("x", n-len(s))
}

func draw(t *testing.T, c qrcode.Code, o *qrcode.PNGOptions) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, c.WritePNG(&b, o))
	return b.Bytes()
}

// scan reads a PNG with a decoder that shares nothing with the encoder.
func scan(t *testing.T, file []byte) string {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(file))
	require.NoError(t, err)
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	require.NoError(t, err)
	result, err := zxing.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{
		gozxing.DecodeHintType_PURE_BARCODE: true, gozxing.DecodeHintType_CHARACTER_SET: "UTF-8",
	})
	require.NoError(t, err)
	return result.GetText()
}

func TestPictureScans(t *testing.T) {
	t.Parallel()
	for _, n := range []int{125, 1273} {
		for _, level := range []qrcode.Level{qrcode.L, qrcode.M, qrcode.Q, qrcode.H} {
			for _, size := range []int{185, 512, 1001} {
				t.Run(fmt.Sprintf("%d bytes at level %s in %d px", n, level, size), func(t *testing.T) {
					t.Parallel()
					file := draw(t, qrcode.Code{Link: linkOf(n)}, &qrcode.PNGOptions{Size: size, Level: level})
					config, err := png.DecodeConfig(bytes.NewReader(file))
					require.NoError(t, err)
					require.Equal(t, []int{size, size}, []int{config.Width, config.Height})
					require.Equal(t, linkOf(n), scan(t, file))
				})
			}
		}
	}
	t.Run("what a host's scheme made of other letters", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, "菜单/é", scan(t, draw(t, qrcode.Code{Link: "菜单/é"}, nil)))
	})
}

// TestPictureIsSharp measures modules and quiet zone in the finished picture.
func TestPictureIsSharp(t *testing.T) {
	t.Parallel()
	// The link of 125 bytes at level M makes version 8: 49 modules.
	code := qrcode.Code{Link: linkOf(125)}
	tests := []struct {
		name string
		opts *qrcode.PNGOptions
		// scale is pixels per module, margin the white pixels left and above.
		size, scale, margin int
	}{
		{"by default", nil, 512, 8, 60},
		{"one pixel per module", &qrcode.PNGOptions{Size: 57}, 57, 1, 4},
		{"what is left becomes quiet zone", &qrcode.PNGOptions{Size: 113}, 113, 1, 32},
		{"two pixels per module", &qrcode.PNGOptions{Size: 114}, 114, 2, 8},
		{"narrow quiet zone", &qrcode.PNGOptions{Size: 102, Quiet: 1}, 102, 2, 2},
		{"wide quiet zone", &qrcode.PNGOptions{Size: 500, Quiet: 64}, 500, 2, 201},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			img, err := code.Image(tt.opts)
			require.NoError(t, err)
			require.Equal(t, image.Rect(0, 0, tt.size, tt.size), img.Bounds())
			module := func(x, y int) bool { return img.At(tt.margin+x*tt.scale, tt.margin+y*tt.scale) == color.Gray{} }
			for y := range tt.size {
				for x := range tt.size {
					mx, my := x-tt.margin, y-tt.margin
					inside := mx >= 0 && my >= 0 && mx < 49*tt.scale && my < 49*tt.scale
					if dark := inside && module(mx/tt.scale, my/tt.scale); dark != (img.At(x, y) == color.Gray{}) {
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

// TestPictureBytes compares with files in testdata: the same input gives the
// same bytes (Q4). UPDATE_GOLDEN=1 writes them anew.
func TestPictureBytes(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string]*qrcode.PNGOptions{
		"default.png":    nil,
		"h-300-wide.png": {Size: 300, Quiet: 8, Level: qrcode.H},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := draw(t, qrcode.Code{Link: link}, opts)
			require.Equal(t, got, draw(t, qrcode.Code{Link: link}, opts))
			file := filepath.Join("testdata", name)
			if os.Getenv("UPDATE_GOLDEN") != "" {
				require.NoError(t, os.WriteFile(file, got, 0o644))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			require.True(t, bytes.Equal(want, got), "%s differs: %d bytes, want %d", file, len(got), len(want))
			require.Equal(t, link, scan(t, want))

			config, err := png.DecodeConfig(bytes.NewReader(got))
			require.NoError(t, err)
			require.Equal(t, color.Palette{color.RGBA{255, 255, 255, 255}, color.RGBA{0, 0, 0, 255}}, config.ColorModel)
			require.EqualValues(t, 1, got[24], "bits per pixel")
		})
	}
}

func TestPictureRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                  string
		link                  string
		opts                  qrcode.PNGOptions
		field, reason, detail string
	}{
		{"below one pixel per module", linkOf(125), qrcode.PNGOptions{Size: 56}, "size", "not_allowed",
			"at least 57 px for one pixel per module (49 of the code and 8 of quiet zone), got 56"},
		{"one pixel", link, qrcode.PNGOptions{Size: 1}, "size", "not_allowed", "got 1"},
		{"negative size", link, qrcode.PNGOptions{Size: -1}, "size", "not_allowed", "at most 8192 px, got -1"},
		{"huge size", link, qrcode.PNGOptions{Size: 8193}, "size", "not_allowed", "at most 8192 px, got 8193"},
		{"negative quiet zone", link, qrcode.PNGOptions{Quiet: -1}, "quiet", "not_allowed", "1 to 64 modules, got -1"},
		{"huge quiet zone", link, qrcode.PNGOptions{Quiet: 1 << 62}, "quiet", "not_allowed", "1 to 64 modules, got"},
		{"unknown level", link, qrcode.PNGOptions{Level: 5}, "level", "unknown", "L, M, Q or H"},
		{"no link", "", qrcode.PNGOptions{}, "link", "required", "service"},
		{"too long for level L", linkOf(2954), qrcode.PNGOptions{Level: qrcode.L}, "link", "too_long", "level L holds at most 2953 bytes, the link has 2954"},
		{"too long for the default", linkOf(2332), qrcode.PNGOptions{}, "link", "too_long", "level M holds at most 2331 bytes, the link has 2332"},
		{"too long for level Q", linkOf(1664), qrcode.PNGOptions{Level: qrcode.Q}, "link", "too_long", "level Q holds at most 1663 bytes, the link has 1664"},
		{"too long for level H", linkOf(1274), qrcode.PNGOptions{Level: qrcode.H}, "link", "too_long", "level H holds at most 1273 bytes, the link has 1274"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			err := qrcode.Code{Link: tt.link}.WritePNG(&b, &tt.opts)
			requireProblem(t, err, tt.field, tt.reason, tt.detail)
			require.Zero(t, b.Len())
		})
	}
}

func TestPictureTakesTheGreatestLink(t *testing.T) {
	t.Parallel()
	for level, n := range map[qrcode.Level]int{qrcode.L: 2953, qrcode.M: 2331, qrcode.Q: 1663, qrcode.H: 1273} {
		t.Run(level.String(), func(t *testing.T) {
			t.Parallel()
			require.Equal(t, linkOf(n), scan(t, draw(t, qrcode.Code{Link: linkOf(n)}, &qrcode.PNGOptions{Level: level})))
		})
	}
	_, err := (qrcode.Code{Link: linkOf(qrcode.MaxLink)}).Image(nil)
	require.NoError(t, err, "whatever can be defined can be drawn by default")
}

func TestPictureTellsAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := qrcode.Code{Link: link}.Image(&qrcode.PNGOptions{Size: -1, Quiet: -1, Level: 9})
	invalid, ok := errors.AsType[*fault.InvalidError](err)
	require.True(t, ok, "%T", err)
	require.Len(t, invalid.Problems, 3)
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
	all := len(draw(t, qrcode.Code{Link: link}, nil))
	for _, left := range []int{0, 10, all / 2, all - 1} {
		err := qrcode.Code{Link: link}.WritePNG(&limited{left, full}, nil)
		require.True(t, err == full, "after %d bytes: %v", left, err) //nolint:errorlint // the very error is promised
	}
	err := qrcode.Code{Link: link}.WritePNG(&limited{left: 10}, nil)
	require.ErrorIs(t, err, io.ErrShortWrite, "a writer that keeps silent")
	require.NoError(t, qrcode.Code{Link: link}.WritePNG(&limited{left: all}, nil))
}

func TestLevelString(t *testing.T) {
	t.Parallel()
	require.Equal(t, "? L M Q H ?", fmt.Sprint(qrcode.Level(0), qrcode.L, qrcode.M, qrcode.Q, qrcode.H, qrcode.Level(5)))
}

func BenchmarkWritePNG(b *testing.B) {
	for _, n := range []int{125, 800} {
		b.Run(fmt.Sprintf("%dB", n), func(b *testing.B) {
			code := qrcode.Code{Link: linkOf(n)}
			b.ReportAllocs()
			for b.Loop() {
				if err := code.WritePNG(io.Discard, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
