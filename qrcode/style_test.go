package qrcode_test

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/qrcode"
)

// hex returns colours as a style has them.
func hex(colours ...color.Color) (all []string) {
	for _, c := range colours {
		n := nrgba(c)
		all = append(all, qrcode.RGB(n.R, n.G, n.B).String())
	}
	return all
}

func TestStyleRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                  string
		link                  string
		style                 qrcode.Style
		field, reason, detail string
	}{
		{"below one pixel per module", mixed(125), qrcode.Style{Size: 56}, "size", "not_allowed",
			"at least 57 px for one pixel per module (49 of the code and 8 of quiet zone), got 56"},
		{"one pixel", link, qrcode.Style{Size: 1}, "size", "not_allowed", "got 1"},
		{"negative size", link, qrcode.Style{Size: -1}, "size", "not_allowed", "1 to 8192 px, got -1"},
		{"huge size", link, qrcode.Style{Size: 8193}, "size", "not_allowed", "1 to 8192 px, got 8193"},
		{"huge size, not corrected", link, qrcode.Style{Size: 8193, Correct: true}, "size", "not_allowed", "1 to 8192 px, got 8193"},
		{"negative module", link, qrcode.Style{Module: -1}, "module", "not_allowed", "got -1"},
		{"huge module", link, qrcode.Style{Module: math.MaxInt}, "module", "not_allowed", fmt.Sprint("got ", math.MaxInt)},
		{"modules that make a huge picture", mixed(125), qrcode.Style{Module: 144}, "module", "not_allowed",
			"at most 143 px for 57 modules in a picture of at most 8192 px, got 144"},
		{"size and module", link, qrcode.Style{Size: 512, Module: 4}, "module", "not_allowed", "not both: got 512 and 4 px"},
		{"negative quiet zone", link, qrcode.Style{Quiet: -1}, "quiet", "not_allowed", "4 to 64 modules, got -1"},
		{"negative quiet zone, not corrected", link, qrcode.Style{Quiet: -1, Correct: true}, "quiet", "not_allowed", "got -1"},
		{"narrow quiet zone", link, qrcode.Style{Quiet: 3}, "quiet", "not_allowed", "4 to 64 modules, got 3"},
		{"huge quiet zone", link, qrcode.Style{Quiet: 1 << 62}, "quiet", "not_allowed", "4 to 64 modules, got"},
		{"unknown level", link, qrcode.Style{Level: 5}, "level", "unknown", "L, M, Q or H"},
		{"no number as a logo's size", link, qrcode.Style{LogoSize: math.NaN()}, "logo_size", "not_allowed", "got NaN"},
		{"logo larger than the code", link, qrcode.Style{LogoSize: 1.5}, "logo_size", "not_allowed", "got 1.5"},
		{"a logo that nobody read", link, qrcode.Style{Logo: &qrcode.Logo{}}, "logo", "required", "ReadLogo"},
		{"a font that nobody read", link, qrcode.Style{Caption: "a", Font: &qrcode.Font{}}, "font", "required", "ParseFont"},
		{"too long for every level", strings.Repeat("x", 3000), qrcode.Style{Level: qrcode.H}, "link", "too_long", "the link has 3000: no level holds it"},
		{"no link", "", qrcode.Style{}, "link", "required", "service"},
		{"too long for level L", strings.Repeat("x", 2954), qrcode.Style{Level: qrcode.L}, "link", "too_long", "level L holds at most 2953 bytes, the link has 2954: no level holds it"},
		{"too long for the default", strings.Repeat("x", 2400), qrcode.Style{}, "link", "too_long", "level M holds at most 2331 bytes, the link has 2400: choose a lower level"},
		{"too long for level Q", strings.Repeat("x", 1700), qrcode.Style{Level: qrcode.Q}, "link", "too_long", "level Q holds at most 1663 bytes, the link has 1700"},
		{"too long for level H", strings.Repeat("x", 1300), qrcode.Style{Level: qrcode.H}, "link", "too_long", "level H holds at most 1273 bytes, the link has 1300"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, f := range formats {
				var b bytes.Buffer
				err := f.write(qrcode.Code{Link: tt.link}, &b, &tt.style)
				requireProblem(t, err, tt.field, tt.reason, tt.detail)
				require.Zero(t, b.Len())
			}
		})
	}
}

func TestTheGreatestLink(t *testing.T) {
	t.Parallel()
	for level, n := range map[qrcode.Level]int{qrcode.L: 2953, qrcode.M: 2331, qrcode.Q: 1663, qrcode.H: 1273} {
		t.Run(level.String(), func(t *testing.T) {
			t.Parallel()
			img, err := qrcode.Code{Link: mixed(n)}.Image(&qrcode.Style{Level: level, Size: 1000})
			require.NoError(t, err)
			require.Equal(t, mixed(n), scanImage(t, img, nil))
		})
	}
	_, err := (qrcode.Code{Link: mixed(qrcode.MaxLink)}).Image(nil)
	require.NoError(t, err, "whatever can be defined can be drawn by default")
}

// TestLevelIsRaised draws a link that fits level H in the version that level L needs.
func TestLevelIsRaised(t *testing.T) {
	t.Parallel()
	c := qrcode.Code{Link: "x"}
	raised, err := c.Image(&qrcode.Style{Level: qrcode.L, Module: 1})
	require.NoError(t, err)
	high, err := c.Image(&qrcode.Style{Level: qrcode.H, Module: 1})
	require.NoError(t, err)
	require.Equal(t, high, raised)
	exact, err := c.Image(&qrcode.Style{Level: qrcode.L, Module: 1, Exact: true})
	require.NoError(t, err)
	require.NotEqual(t, high, exact)
	require.Equal(t, high.Bounds(), exact.Bounds())
}
