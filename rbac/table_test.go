package rbac_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/rbac"
)

func TestMatrixWritesItsTable(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	require.NoError(t, rbac.BuiltIn().WriteTSV(&b))
	require.Equal(t, tsv(t, rbac.BuiltIn().Table()), b.String())
}

func tsv(t testing.TB, table rbac.Table) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, table.WriteTSV(&b))
	return b.String()
}

func TestTSVRoundTrip(t *testing.T) {
	t.Parallel()
	for _, m := range []*rbac.Matrix{rbac.BuiltIn(), host(t)} {
		text := tsv(t, m.Table())
		got, err := rbac.ReadTSV(strings.NewReader(text))
		require.NoError(t, err)
		require.Equal(t, m.Table(), got)
		got, err = rbac.ReadTSV(iotest.OneByteReader(strings.NewReader(strings.ReplaceAll(text, "\n", "\r\n"))))
		require.NoError(t, err)
		require.Equal(t, m.Table(), got, "lines that end as on Windows")
	}
}

// TestCSV: what a spreadsheet reads has the cells of the table.
func TestCSV(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	require.NoError(t, host(t).WriteCSV(&b))
	lines, err := csv.NewReader(&b).ReadAll()
	require.NoError(t, err)
	var again strings.Builder
	for _, line := range lines {
		again.WriteString(strings.Join(line, "\t") + "\n")
	}
	require.Equal(t, tsv(t, host(t).Table()), again.String())
}

func TestReadTSVLeavesTheSourceOut(t *testing.T) {
	t.Parallel()
	f, err := os.Open("testdata/matrix.tsv")
	require.NoError(t, err)
	defer f.Close()
	got, err := rbac.ReadTSV(f)
	require.NoError(t, err)
	require.Equal(t, rbac.BuiltIn().Table(), got)
	require.Empty(t, rbac.Diff(rbac.BuiltIn().Table(), got))
}

func TestRowScope(t *testing.T) {
	t.Parallel()
	m := rbac.BuiltIn()
	for i, p := range m.Permissions() {
		for _, r := range rbac.Roles() {
			require.Equal(t, m.Scope(r.Role, p), m.Table()[i].Scope(r.Role))
		}
		require.Equal(t, rbac.None, m.Table()[i].Scope("boss"))
	}
}

func TestReadTSVRefuses(t *testing.T) {
	t.Parallel()
	good := tsv(t, rbac.BuiltIn().Table())
	head, rest, _ := strings.Cut(good, "\n")
	for _, c := range []struct {
		name, text, field, detail string
	}{
		{"nothing", "", "line 1", "the table is empty"},
		{"another table", "a,b,c\n1,2,3\n", "line 1", "1 columns, want 13"},
		{"renamed column", strings.Replace(good, "developer_admin", "boss", 1), "line 1, column 9 (developer_admin)", `"boss" is not the column`},
		{"another last column", head + "\tnotes\n", "line 1, column 14 (source)", `"notes" is not the column`},
		{"unknown scope", strings.Replace(good, "\ttenant", "\tTenant", 1), "line 6, column 4 (workspace_admin)", `"Tenant": unknown scope: want -`},
		{"empty cell", strings.Replace(good, "\t-", "\t", 1), "line 2, column 5 (workspace_reviewer)", `"": unknown scope`},
		{"missing cell", strings.Replace(good, "\t-", "", 1), "line 2", "12 columns, want 13 as in the header"},
		{"blank line", head + "\n\n" + rest, "line 2", "1 columns, want 13"},
		{"row twice", good + strings.Split(rest, "\n")[0] + "\n", "line 51, column 2 (permission)", "workspace.view stands on line 2 already"},
		{"malformed name", strings.Replace(good, "version.upload", "Version upload", 1), "line 23, column 2 (permission)", `"Version upload": want lower-case words joined by dots`},
		{"malformed area", strings.Replace(good, "\nversion\t", "\n\t", 1), "line 22, column 1 (area)", `"": want a lower-case word`},
		{"no meaning", strings.Replace(good, "upload, preview and debug a version", "", 1), "line 23, column 3 (meaning)", "want one line of 1 to 200 bytes"},
		{"endless line", good + strings.Repeat("x", 1<<20), "line 51", "over 65536 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := rbac.ReadTSV(strings.NewReader(c.text))
			require.Nil(t, got)
			problem := onlyProblem(t, err)
			require.Equal(t, c.field, problem.Field)
			require.Contains(t, problem.Detail, c.detail)
		})
	}

	t.Run("many problems at once, not endlessly", func(t *testing.T) {
		t.Parallel()
		_, err := rbac.ReadTSV(strings.NewReader(head + strings.Repeat("\nx", 1000)))
		invalid, ok := errors.AsType[*fault.InvalidError](err)
		require.True(t, ok)
		require.Len(t, invalid.Problems, 20)
		require.Equal(t, "line 21", invalid.Problems[19].Field)
	})

	t.Run("failing reader", func(t *testing.T) {
		t.Parallel()
		_, err := rbac.ReadTSV(io.MultiReader(strings.NewReader(head), iotest.ErrReader(io.ErrUnexpectedEOF)))
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	})
}

func TestDiff(t *testing.T) {
	t.Parallel()
	built := rbac.BuiltIn().Table()
	m, err := rbac.BuiltIn().With(rbac.Edits{
		Cells:       []rbac.Cell{{rbac.UploadVersion, rbac.Developer, rbac.InWorkspace}},
		Permissions: loyalty().Permissions,
	})
	require.NoError(t, err)
	mine := m.Table()[1:] // without workspace.view

	var lines []string
	for _, d := range rbac.Diff(built, mine) {
		lines = append(lines, d.String())
	}
	require.Equal(t, []string{
		"workspace.view: only in the first",
		"version.upload developer: assigned -> workspace",
		"loyalty.manage: only in the second",
		"loyalty.view: only in the second",
	}, lines)

	forth, back := rbac.Diff(built, mine), rbac.Diff(mine, built)
	require.Len(t, back, len(forth))
	for _, d := range back {
		d.From, d.To = d.To, d.From
		if d.In != rbac.InBoth {
			d.In = rbac.InFirst + rbac.InSecond - d.In
		}
		require.Contains(t, forth, d)
	}
	require.Empty(t, rbac.Diff(mine, mine))
}

func TestMarkdownEscapes(t *testing.T) {
	t.Parallel()
	m, err := rbac.BuiltIn().With(rbac.Edits{Permissions: []rbac.HostPermission{
		{Permission: manageLoyalty, Area: "loyalty", Name: "loyalty.manage", Meaning: "a|b <c> `d` *e* \\"}}})
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, m.WriteMarkdown(&b))
	require.Contains(t, b.String(), "\n| loyalty | loyalty.manage | a\\|b \\<c> \\`d\\` \\*e\\* \\\\ | - |")
}

func TestTextIsAligned(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	require.NoError(t, rbac.BuiltIn().WriteText(&b))
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	at := strings.Index(lines[0], "mini_program_developer")
	for _, line := range lines {
		require.Equal(t, byte(' '), line[at-1])
		require.NotEqual(t, byte(' '), line[at])
	}
}

// Whatever is read is written back as it was, and can be read again.
func FuzzReadTSV(f *testing.F) {
	f.Add(tsv(f, rbac.BuiltIn().Table()))
	f.Add(tsv(f, rbac.BuiltIn().Table()[:1]))
	f.Add("area\tpermission\tmeaning\n")
	f.Fuzz(func(t *testing.T, text string) {
		table, err := rbac.ReadTSV(strings.NewReader(text))
		if err != nil {
			require.ErrorIs(t, err, fault.ErrInvalid)
			require.Nil(t, table)
			return
		}
		again, err := rbac.ReadTSV(strings.NewReader(tsv(t, table)))
		require.NoError(t, err)
		require.Equal(t, table, again)
		require.Empty(t, rbac.Diff(table, again))
		require.NoError(t, table.WriteMarkdown(io.Discard))
		require.NoError(t, table.WriteText(io.Discard))
	})
}
