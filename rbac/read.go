package rbac

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/superapp-go/superapp/fault"
)

const (
	// firstCell is the index of the first role's column.
	firstCell = 3
	// maxProblems is after how many problems reading stops.
	maxProblems = 20
	// maxLine is the greatest length of a line, in bytes.
	maxLine = 64 << 10
)

// sourceColumn is the last column of the table that the built-in matrix is
// made from: where each line comes from. It is read over.
const sourceColumn = "source"

// ReadTSV reads a table as [Table.WriteTSV] writes it; a last column "source"
// is left out. The error is the reader's, or a *[fault.InvalidError] that names
// line and column of what is wrong, some 20 problems at once.
func ReadTSV(r io.Reader) (t Table, err error) {
	defer fault.Wrap(&err, "rbac: read table")
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	in := reading{first: make(map[string]int)}
	for in.more() && lines.Scan() {
		in.take(strings.Split(lines.Text(), "\t"))
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		in.line++
		in.problem("too_long", "over %d bytes: not a table of permissions", maxLine)
	case err != nil:
		return nil, err
	case in.line == 0:
		in.line++
		in.problem("required", "the table is empty, want a header: %s", strings.Join(header(), ", "))
	}
	if err := in.bad.Err(); err != nil {
		return nil, err
	}
	return in.table, nil
}

// A reading is a table that is half read.
type reading struct {
	table Table
	line  int
	head  []string
	first map[string]int // the line on which a permission stands
	bad   fault.Problems
}

// more reports whether reading on makes sense: a wrong header would make every
// line wrong.
func (in *reading) more() bool {
	return len(in.bad) == 0 || in.line > 1 && len(in.bad) < maxProblems
}

// take reads the cells of the next line.
func (in *reading) take(cells []string) {
	in.line++
	switch {
	case in.line == 1:
		in.header(cells)
	case len(cells) != len(in.head):
		in.problem("malformed", "%d columns, want %d as in the header", len(cells), len(in.head))
	default:
		in.row(cells)
	}
}

// header checks that the first line is the header of a matrix.
func (in *reading) header(cells []string) {
	want := header()
	if len(cells) == len(want)+1 {
		want = append(want, sourceColumn)
	}
	if len(cells) != len(want) {
		in.problem("malformed", "%d columns, want %d: %s", len(cells), len(want), strings.Join(want, ", "))
		return
	}
	in.head = want
	for i := range want {
		if cells[i] != want[i] {
			in.cell(i, "unknown", fmt.Sprintf("%.40q is not the column that stands here", cells[i]))
		}
	}
}

// row reads a permission.
func (in *reading) row(cells []string) {
	row := Row{Area: cells[0], Name: cells[1], Meaning: cells[2]}
	for i, wrong := range row.problems() {
		if wrong != "" {
			in.cell(i, "malformed", wrong)
		}
	}
	if line, twice := in.first[row.Name]; twice {
		in.cell(1, "duplicate", fmt.Sprintf("%s stands on line %d already", row.Name, line))
	} else {
		in.first[row.Name] = in.line
	}
	for i := range row.cells {
		s, err := ParseScope(cells[firstCell+i])
		if err != nil {
			in.cell(firstCell+i, "unknown", fmt.Sprintf("%.40q: %s", cells[firstCell+i], err))
		}
		row.cells[i] = s
	}
	in.table = append(in.table, row)
}

// problem notes what is wrong with the line.
func (in *reading) problem(reason, format string, args ...any) {
	in.bad.Add(fmt.Sprintf("line %d", in.line), reason, fmt.Sprintf(format, args...))
}

// cell notes what is wrong with one cell of the line.
func (in *reading) cell(column int, reason, detail string) {
	in.bad.Add(fmt.Sprintf("line %d, column %d (%s)", in.line, column+1, in.head[column]), reason, detail)
}
