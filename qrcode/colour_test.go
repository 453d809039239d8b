package qrcode_test

import (
	"encoding/json"
	"image"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/qrcode"
)

func TestParseColour(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]qrcode.Colour{
		"#0a3d62": qrcode.RGB(0x0a, 0x3d, 0x62), "#0A3D62": qrcode.RGB(0x0a, 0x3d, 0x62), "#fff": qrcode.RGB(255, 255, 255), "#000": qrcode.RGB(0, 0, 0),
		"#1bF": qrcode.RGB(0x11, 0xbb, 0xff),
	} {
		got, err := qrcode.ParseColour(s)
		require.NoError(t, err)
		require.Equal(t, want, got)
		again, err := qrcode.ParseColour(got.String())
		require.NoError(t, err)
		require.Equal(t, got, again)
	}
	for _, s := range []string{
		"", "#", "red", "0a3d62", "fff", "#ff", "#ffff", "#fffff", "#fffffff", "#ffffffff", "#ggg", "#+ff", "#-12345", "#0x1234", "#1_2_3_", "#१२३",
		"# 0a3d6", "#0a3d62 ", "rgb(0,0,0)",
	} {
		_, err := qrcode.ParseColour(s)
		requireProblem(t, err, "colour", "malformed", "want a colour like #0a3d62 or #fff, got")
	}
	require.Empty(t, qrcode.Colour{}.String())
}

// TestCorrectedTransparent: a picture that would lie on a dark ground gets a light one of
// its own, instead of dark modules on it.
func TestCorrectedTransparent(t *testing.T) {
	t.Parallel()
	black, white := qrcode.RGB(0, 0, 0), qrcode.RGB(255, 255, 255)
	for _, s := range []qrcode.Style{{Dark: white, Light: black}, {Light: qrcode.RGB(0x20, 0x20, 0x20)}, {Light: black}} {
		s.Transparent, s.Correct = true, true
		img, err := qrcode.Code{Link: link}.Image(&s)
		require.NoError(t, err)
		_, _, _, alpha := img.At(0, 0).RGBA()
		require.EqualValues(t, 0xffff, alpha)
		require.Equal(t, link, scanImage(t, img, nil))
	}
	img, err := qrcode.Code{Link: link}.Image(&qrcode.Style{Transparent: true, Dark: qrcode.RGB(0x77, 0x77, 0x77), Correct: true})
	require.NoError(t, err)
	_, _, _, alpha := img.At(0, 0).RGBA()
	require.Zero(t, alpha, "a darker dark colour will do")
}

// TestColoursAndLevelsAsText are read back, from JSON for example.
func TestColoursAndLevelsAsText(t *testing.T) {
	t.Parallel()
	type brand struct {
		Dark, Light qrcode.Colour
		Level, Any  qrcode.Level
	}
	want := brand{Dark: qrcode.RGB(10, 61, 98), Level: qrcode.H}
	text, err := json.Marshal(want)
	require.NoError(t, err)
	require.JSONEq(t, `{"Dark": "#0a3d62", "Light": "", "Level": "H", "Any": ""}`, string(text))
	got := brand{Light: qrcode.RGB(1, 2, 3), Any: qrcode.L}
	require.NoError(t, json.Unmarshal(text, &got))
	require.Equal(t, want, got)
	for _, wrong := range []string{`{"Dark": "navy"}`, `{"Level": "LM"}`, `{"Level": "l"}`, `{"Level": "X"}`} {
		require.ErrorIs(t, json.Unmarshal([]byte(wrong), &got), fault.ErrInvalid, wrong)
	}
}

func TestContrast(t *testing.T) {
	t.Parallel()
	tests := []struct {
		dark, light string
		// detail is what is refused, "" if nothing is; corrected is what is drawn
		// instead.
		detail                        string
		correctedDark, correctedLight string
	}{
		{"#000000", "#ffffff", "", "#000000", "#ffffff"},
		{"#0a3d62", "#fff8e7", "", "#0a3d62", "#fff8e7"},
		// The greys around 4.5:1 of the accessibility literature.
		{"#767676", "#ffffff", "", "#767676", "#ffffff"},
		{"#777777", "#ffffff", "contrast 4.4:1 of #777777 on #ffffff, want at least 4.5:1", "#767676", "#ffffff"},
		{"#8e8e8e", "#ffffff", "contrast 3.2:1 of #8e8e8e on #ffffff, want at least 4.5:1", "#767676", "#ffffff"},
		{"#ff0000", "#ffffff", "contrast 3.9:1", "#ee0000", "#ffffff"},
		{"#ffff00", "#ffffff", "contrast 1.0:1", "#7a7a00", "#ffffff"},
		{"#ffffff", "#ffffff", "contrast 1.0:1", "#767676", "#ffffff"},
		// Black alone is not dark enough here.
		{"#000000", "#404040", "contrast 2.0:1 of #000000 on #404040", "#000000", "#757575"},
		{"#000000", "#000000", "contrast 1.0:1", "#000000", "#757575"},
		{"#ffffff", "#000000", "the dark colour #ffffff is lighter than the light one #000000", "#000000", "#ffffff"},
		{"#fff8e7", "#0a3d62", "the dark colour #fff8e7 is lighter than the light one #0a3d62", "#0a3d62", "#fff8e7"},
	}
	for _, tt := range tests {
		t.Run(tt.dark+" on "+tt.light, func(t *testing.T) {
			t.Parallel()
			c := qrcode.Code{Link: link}
			s := qrcode.Style{}
			var err error
			s.Dark, err = qrcode.ParseColour(tt.dark)
			require.NoError(t, err)
			s.Light, err = qrcode.ParseColour(tt.light)
			require.NoError(t, err)
			_, err = c.Image(&s)
			if tt.detail == "" {
				require.NoError(t, err)
			} else {
				requireProblem(t, err, "dark", "not_allowed", tt.detail)
			}
			s.Correct = true
			img, err := c.Image(&s)
			require.NoError(t, err)
			require.Equal(t, link, scanImage(t, img, nil))
			want := []string{tt.correctedDark, tt.correctedLight}
			require.Equal(t, want, hex(img.(*image.Paletted).Palette...))

			s.Dark, _ = qrcode.ParseColour(tt.correctedDark)
			s.Light, _ = qrcode.ParseColour(tt.correctedLight)
			s.Correct = false
			_, err = c.Image(&s)
			require.NoError(t, err, "what is corrected is not refused")
		})
	}
}
