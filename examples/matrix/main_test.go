package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// golden returns the table that the matrix is made from, without its last
// column.
func golden(t *testing.T) string {
	t.Helper()
	table, err := os.ReadFile("../../rbac/testdata/matrix.tsv")
	require.NoError(t, err)
	var b strings.Builder
	for line := range strings.Lines(string(table)) {
		b.WriteString(line[:strings.LastIndex(line, "\t")] + "\n")
	}
	return b.String()
}

func file(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "mine.tsv")
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

func TestRun(t *testing.T) {
	t.Parallel()
	table := golden(t)
	changed := strings.Replace(table, "upload, preview and debug a version\tworkspace", "upload, preview and debug a version\ttenant", 1)
	longer := table + "loyalty\tloyalty.manage\trun campaigns\tworkspace" + strings.Repeat("\t-", 9) + "\n"
	shorter := table[:strings.LastIndex(strings.TrimSpace(table), "\n")+1]

	for _, c := range []struct {
		name   string
		args   []string
		code   int
		stdout string // "" for not compared
		stderr string // contained
	}{
		{name: "tsv by default, byte for byte", code: 0, stdout: table},
		{name: "tsv", args: []string{"-format", "tsv"}, code: 0, stdout: table},
		{name: "unknown format", args: []string{"-format", "pdf"}, code: 2, stderr: `unknown format "pdf": want tsv, csv, markdown or text`},
		{name: "csv", args: []string{"-format", "csv"}, code: 0},
		{name: "unknown flag", args: []string{"-colour"}, code: 2, stderr: "flag provided but not defined"},
		{name: "help", args: []string{"-h"}, code: 0, stderr: "-diff FILE"},
		{name: "stray argument", args: []string{"mine.tsv"}, code: 2, stderr: `unexpected argument "mine.tsv"`},
		{name: "same file", args: []string{"-diff", file(t, table)}, code: 0, stdout: "no differences\n"},
		{name: "changed cell", args: []string{"-diff", file(t, changed)}, code: 1, stdout: "version.upload workspace_admin: workspace -> tenant\n"},
		{name: "row of one's own", args: []string{"-diff", file(t, longer)}, code: 1, stdout: "loyalty.manage: not built in\n"},
		{name: "row left out", args: []string{"-diff", file(t, shorter)}, code: 1, stdout: "advertising.manage: not in the file\n"},
		{name: "missing file", args: []string{"-diff", filepath.Join(t.TempDir(), "none.tsv")}, code: 2, stderr: "none.tsv"},
		{name: "bad cell", args: []string{"-diff", file(t, strings.Replace(table, "\ttenant", "\tplanet", 1))}, code: 2,
			stderr: `line 6, column 4 (workspace_admin): "planet": unknown scope`},
		{name: "no table at all", args: []string{"-diff", file(t, "{}")}, code: 2, stderr: "line 1: 1 columns, want 13"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			require.Equal(t, c.code, run(c.args, &stdout, &stderr), "stderr: %s", &stderr)
			if c.stdout != "" {
				require.Equal(t, c.stdout, stdout.String())
			}
			require.Contains(t, stderr.String(), c.stderr)
			if c.code != 2 && c.stderr == "" {
				require.Empty(t, stderr.String())
			}
		})
	}
}

func TestFormatsHaveTheSameCells(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"markdown", "text"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			require.Zero(t, run([]string{"-format", format}, &stdout, &stderr))
			got := strings.NewReplacer("|---", "", "|", " ", `\`, "").Replace(stdout.String())
			require.Equal(t, strings.Fields(golden(t)), strings.Fields(got))
		})
	}
}

// A full disk must not look like success.
func TestRunReportsFailedWrites(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"tsv", "markdown", "text"} {
		require.Equal(t, failed, run([]string{"-format", format}, fullDisk{}, new(bytes.Buffer)))
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, os.ErrClosed }
