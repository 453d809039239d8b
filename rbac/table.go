package rbac

import (
	"bufio"
	"encoding/csv"
	"io"
	"strings"
	"text/tabwriter"
)

// A Table is a matrix as it is printed, read and compared: by names alone.
type Table []Row

// Table returns the rows of the matrix, built-in ones first.
func (m *Matrix) Table() Table {
	var t Table
	for _, p := range m.Permissions() {
		t = append(t, m.rows[p])
	}
	return t
}

// WriteTSV writes the matrix as tab-separated values; see [Table.WriteTSV].
func (m *Matrix) WriteTSV(w io.Writer) error { return m.Table().WriteTSV(w) }

// WriteCSV writes the matrix as comma-separated values; see [Table.WriteCSV].
func (m *Matrix) WriteCSV(w io.Writer) error { return m.Table().WriteCSV(w) }

// WriteMarkdown writes the matrix as a Markdown table.
func (m *Matrix) WriteMarkdown(w io.Writer) error { return m.Table().WriteMarkdown(w) }

// WriteText writes the matrix in aligned columns.
func (m *Matrix) WriteText(w io.Writer) error { return m.Table().WriteText(w) }

// WriteTSV writes the table as tab-separated values: a header, then a line per
// permission with its area, name, meaning and its scope for each role.
// [ReadTSV] reads it back.
func (t Table) WriteTSV(w io.Writer) error {
	b := bufio.NewWriter(w)
	for _, line := range t.lines() {
		b.WriteString(strings.Join(line, "\t"))
		b.WriteByte('\n')
	}
	return b.Flush()
}

// WriteCSV writes the table as comma-separated values (RFC 4180, but for line ends of
// one character), with the columns of [Table.WriteTSV].
func (t Table) WriteCSV(w io.Writer) error { return csv.NewWriter(w).WriteAll(t.lines()) }

// WriteMarkdown writes the table in the Markdown of GitHub.
func (t Table) WriteMarkdown(w io.Writer) error {
	escape := strings.NewReplacer(`\`, `\\`, "|", `\|`, "<", `\<`, "`", "\\`", "*", `\*`)
	b := bufio.NewWriter(w)
	for i, line := range t.lines() {
		for _, cell := range line {
			b.WriteString("| ")
			escape.WriteString(b, cell)
			b.WriteByte(' ')
		}
		b.WriteString("|\n")
		if i == 0 {
			b.WriteString(strings.Repeat("|---", len(line)) + "|\n")
		}
	}
	return b.Flush()
}

// WriteText writes the table in columns aligned with spaces.
func (t Table) WriteText(w io.Writer) error {
	b := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, line := range t.lines() {
		if _, err := io.WriteString(b, strings.Join(line, "\t")+"\n"); err != nil {
			return err
		}
	}
	return b.Flush()
}

// lines returns the cells of the header and of every row.
func (t Table) lines() [][]string {
	lines := [][]string{header()}
	for _, r := range t {
		line := []string{r.Area, r.Name, r.Meaning}
		for _, s := range r.cells {
			line = append(line, s.String())
		}
		lines = append(lines, line)
	}
	return lines
}

// header returns the names of the columns.
func header() []string {
	names := []string{"area", "permission", "meaning"}
	for _, r := range roleInfos[1:] {
		names = append(names, string(r.Role))
	}
	return names
}
