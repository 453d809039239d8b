package qrcode

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/superapp-go/superapp/qrcode/internal/archive"
)

// An index is the index.csv of a batch: a line for each code, in their order, with
// commas, CRLF and a byte order mark at the beginning, without which spreadsheets
// take UTF-8 for something else.
type index struct {
	text *archive.Text
	rows *csv.Writer
}

func newIndex(spool *archive.Spool) *index {
	text := archive.NewText(spool)
	x := &index{text: text, rows: csv.NewWriter(text)}
	x.rows.UseCRLF = true
	// An error of the spool comes back with the rows, and in the end.
	_, _ = io.WriteString(text, "\ufeff")
	_ = x.rows.Write([]string{"file", "name", "link", "page", "parameters", "error"})
	return x
}

// add adds the line of a code. Without a file there is a problem.
func (x *index) add(file string, c Code, problem error) error {
	row := []string{file, c.Name, c.Link, c.Page, Target{Params: c.Params}.Query(), ""}
	if problem != nil {
		row[5] = problem.Error()
	}
	for i, cell := range row {
		row[i] = harmless(cell)
	}
	return x.rows.Write(row)
}

// end returns the whole index.
func (x *index) end() (*archive.Text, error) {
	x.rows.Flush()
	return x.text, x.rows.Error()
}

// harmless puts an apostrophe before whatever a spreadsheet would take for a formula
// at the beginning of a cell: an equals, plus, minus or at sign, of either width, a tab
// or a carriage return. Where a semicolon separates cells, as it does in half of
// Europe, a cell also begins inside of what is one here.
func harmless(cell string) string {
	if !strings.ContainsAny(cell, "=+-@\t\r＝＋－＠") {
		return cell
	}
	var b strings.Builder
	begins := true
	for _, c := range cell {
		if begins && strings.ContainsRune("=+-@\t\r＝＋－＠", c) {
			b.WriteByte('\'')
			begins = false
		}
		b.WriteRune(c)
		switch {
		case strings.ContainsRune(";\t\r\n", c):
			begins = true
		case c != '"' && !unicode.IsSpace(c):
			begins = false
		}
	}
	return b.String()
}

// maxFile is the length of a file's name in bytes, without the extension.
const maxFile = 64

// fileName returns the name of the n-th file, without extension. The number keeps
// names apart, in order, and from being one that a system has reserved, without any
// memory of those before.
func fileName(n int, name string) string {
	file := fmt.Sprintf("%05d", n)
	gap := true
	for _, c := range norm.NFC.String(strings.ToValidUTF8(name, "-")) {
		if c != '_' && !unicode.In(c, unicode.L, unicode.M, unicode.N, unicode.So) {
			gap = true
			continue
		}
		more := string(c)
		if gap {
			more = "-" + more
		}
		if len(file)+len(more) > maxFile {
			break
		}
		file += more
		gap = false
	}
	return file
}
