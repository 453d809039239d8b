package main

import (
	"archive/zip"
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	zxing "github.com/makiuchi-d/gozxing/qrcode"
	"github.com/stretchr/testify/require"
)

// scan reads a picture with a decoder that shares nothing with the encoder.
func scan(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	img, err := png.Decode(bytes.NewReader(data))
	require.NoError(t, err)
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	require.NoError(t, err)
	result, err := zxing.NewQRCodeReader().Decode(bitmap, nil)
	require.NoError(t, err)
	return result.GetText()
}

func TestQRCodes(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "out")
	var out, bad bytes.Buffer
	require.Zero(t, run([]string{"-dir", dir}, &out, &bad), bad.String())
	text := out.String()
	for _, line := range []string{
		"1. Codes for 24 tables",
		"2. A code with logo and colours: riverbank://platformapi/startapp?appId=",
		"3. A short code for the window: https://w.example/q/",
		"and opens pages/menu with [{season spring}]",
		"and opens pages/festival with [{season lantern festival 🏮}]",
		"Scans: 2",
		"▀", // the code on the terminal
	} {
		require.Contains(t, text, line)
	}

	door := scan(t, filepath.Join(dir, "brand.png"))
	require.Contains(t, text, "colours: "+door+"\n")
	window := scan(t, filepath.Join(dir, "window.png"))
	require.Contains(t, text, "window: "+window+"\n")

	sheet, err := os.ReadFile(filepath.Join(dir, "tables.pdf"))
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(sheet, []byte("%PDF-")))
	z, err := zip.OpenReader(filepath.Join(dir, "tables.zip"))
	require.NoError(t, err)
	defer z.Close()
	require.Len(t, z.File, 25)
	require.Equal(t, "00024-Table-24.svg", z.File[23].Name)
	require.Equal(t, "index.csv", z.File[24].Name)
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		old, new string
		code     int
		want     string
	}{
		"a field that does not exist": {`"tables"`, `"tabels"`, 2, `unknown field "tabels"`},
		"no tables":                   {`"count": 24`, `"count": 0`, 2, "tables.count: want 1 to 1000"},
		"a colour that is none":       {`"#7a1f1f"`, `"redish"`, 1, "colour"},
		"colours that do not scan":    {`"#7a1f1f"`, `"#e0d8c8"`, 1, "4.5:1"},
		"a page outside":              {`"page": "pages/menu"}`, `"page": "../menu"}`, 1, "page: "},
		"an app that cannot be":       {`"riverbank"`, `"7up"`, 1, "scheme: "},
		"short links without https":   {`https://w.example`, `http://w.example`, 1, "https"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, string(builtIn), tt.old)
			file := filepath.Join(t.TempDir(), "data.json")
			require.NoError(t, os.WriteFile(file, []byte(strings.Replace(string(builtIn), tt.old, tt.new, 1)), 0o600))
			var out, bad bytes.Buffer
			require.Equal(t, tt.code, run([]string{"-dir", t.TempDir(), "-data", file}, &out, &bad), bad.String())
			require.Contains(t, bad.String(), tt.want)
		})
	}
	var out, bad bytes.Buffer
	require.Equal(t, 2, run([]string{"oops"}, &out, &bad))
	require.Equal(t, 2, run([]string{"-data", "nowhere.json"}, &out, &bad))
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	require.Equal(t, 1, run([]string{"-dir", file}, &out, &bad), "a folder that is a file")
}
