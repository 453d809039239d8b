package main

import (
	"bytes"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/qrcode/scan"
)

// docs is the folder of the documentation.
const docs = "../../../docs"

func TestPicturesAreCurrent(t *testing.T) {
	t.Parallel()
	all, err := pictures()
	require.NoError(t, err)
	for _, p := range all {
		want, err := p.draw()
		require.NoError(t, err)
		got, err := os.ReadFile(filepath.Join(docs, p.name))
		require.NoError(t, err)
		require.True(t, bytes.Equal(want, got), "docs/%s is out of date: run go generate ./internal/gen/qrpictures", p.name)
	}
}

// TestPicturesRead: whoever points a phone at the documentation gets what it
// says, and the guide has the report of each picture.
func TestPicturesRead(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile(filepath.Join(docs, "qrcodes.md"))
	require.NoError(t, err)
	all, err := pictures()
	require.NoError(t, err)
	for _, p := range all {
		if filepath.Ext(p.name) != ".png" {
			continue
		}
		file, err := os.ReadFile(filepath.Join(docs, p.name))
		require.NoError(t, err)
		img, err := png.Decode(bytes.NewReader(file))
		require.NoError(t, err)
		report, err := scan.Verify(img, p.link)
		require.NoError(t, err, p.name)
		require.Contains(t, string(guide), fmt.Sprintf("| `%s` | %d-%s | %.0f %% | %.0f %% | %d of %d |\n",
			p.name, report.Version, report.Level, 100*report.Wrong(), 100*report.Spare(), report.Hole, report.Modules))
	}
}

// TestCorpusReads: what .ci/decode gives to a second decoder, the first one reads.
func TestCorpusReads(t *testing.T) {
	t.Parallel()
	all, err := corpus()
	require.NoError(t, err)
	require.Greater(t, len(all), 60)
	for _, p := range all {
		img, err := qrcode.Code{Link: p.link}.Image(&p.style)
		require.NoError(t, err, p.name)
		_, err = scan.Verify(img, p.link)
		require.NoError(t, err, p.name)
	}
}

// TestPicturesAreShown: the guide shows every picture, and has the one for the
// terminal in its text.
func TestPicturesAreShown(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile(filepath.Join(docs, "qrcodes.md"))
	require.NoError(t, err)
	all, err := pictures()
	require.NoError(t, err)
	for _, p := range all {
		if p.name != "qr-terminal.txt" {
			require.Contains(t, string(guide), "("+p.name+")")
			continue
		}
		text, err := p.draw()
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			require.Contains(t, string(guide), strings.TrimRight(line, "\n"))
		}
	}
}
