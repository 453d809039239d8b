package member

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// MaxCSVRow is the greatest length of a row of a CSV file, in bytes.
const MaxCSVRow = 64 << 10

// ErrCSV is what every [CSVError] is.
var ErrCSV = fault.Define(fault.ErrInvalid, "member.csv", "not the CSV file that was wanted")

// CSVError is the error for a place in a CSV file.
type CSVError struct {
	// Line and Column are where, from 1: the column counts bytes. A Column of 0
	// means the whole line.
	Line, Column int
	// Name is the column's name in the header, if that is known.
	Name string
	// Detail says what is wrong there.
	Detail string
	// Ends says that nothing behind it could be read.
	Ends bool
}

// Error tells the place and what is wrong there.
func (e *CSVError) Error() string {
	at := fmt.Sprintf("line %d", e.Line)
	if e.Column > 0 {
		at += fmt.Sprintf(", column %d", e.Column)
	}
	if e.Name != "" {
		at += " (" + e.Name + ")"
	}
	return at + ": " + e.Detail
}

// Code returns "member.csv".
func (e *CSVError) Code() string { return ErrCSV.Code() }

// Unwrap returns [ErrCSV].
func (e *CSVError) Unwrap() error { return ErrCSV }

// A Row is one person of a bulk invitation.
type Row struct {
	// Line is where he stands in a file; 0 without one.
	Line   int
	Invite Invite
}

// The columns of a CSV file.
const (
	columnEmail    = "email"
	columnName     = "name"
	columnRole     = "role"
	columnPrograms = "mini_programs"
)

// ReadCSV reads the rows of a bulk invitation from a CSV file (M1). The first line
// names the columns, in any order and case: email, name, role and, if wanted,
// mini_programs, whose ids are separated by spaces or semicolons. A byte-order mark
// is skipped, quoted fields may hold commas and line breaks.
//
// A row that is wrong is yielded with a *[CSVError], and reading goes on behind it. An
// error whose Ends is set is the last: for a header, a quote or a row over
// [MaxCSVRow] that cannot be read past. So is the error of an r that fails. Memory is
// bounded, whatever r holds. It reads r once: who plans and then sends opens the file
// again.
func ReadCSV(r io.Reader) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		c := newCSV(r)
		columns, err := c.header()
		if err != nil {
			yield(Row{}, err)
			return
		}
		for {
			fields, err := c.read()
			if err == io.EOF {
				return
			}
			row := Row{Line: c.line}
			if err == nil {
				row.Invite, err = c.invite(columns, fields)
			}
			ends := false
			if e, ok := errors.AsType[*CSVError](err); ok {
				row.Line, ends = e.Line, e.Ends
			} else {
				ends = err != nil
			}
			if !yield(row, err) || ends {
				return
			}
		}
	}
}

// A csvFile is a CSV file that is read.
type csvFile struct {
	*csv.Reader
	from *bounded
	// line is where the row begins.
	line int
}

func newCSV(r io.Reader) *csvFile {
	from := &bounded{from: bufio.NewReader(r)}
	c := &csvFile{Reader: csv.NewReader(from), from: from}
	c.FieldsPerRecord, c.ReuseRecord = -1, true
	return c
}

// A bounded reader fails behind a place.
type bounded struct {
	from *bufio.Reader
	// read is how much was, end how much may be.
	read, end int64
	over      bool
}

var errTooLong = errors.New("the row is too long")

func (b *bounded) Read(p []byte) (int, error) {
	if b.read >= b.end {
		b.over = true
		return 0, errTooLong
	}
	n, err := b.from.Read(p[:min(int64(len(p)), b.end-b.read)])
	b.read += int64(n)
	return n, err
}

// ahead is more than the CSV reader reads before it needs it.
const ahead = 8 << 10

// read returns the fields of the next row.
func (c *csvFile) read() ([]string, error) {
	before := c.InputOffset()
	c.from.end = before + MaxCSVRow + ahead
	c.line++
	fields, err := c.Read()
	if len(fields) > 0 {
		c.line, _ = c.FieldPos(0)
	}
	switch wrong, ok := errors.AsType[*csv.ParseError](err); {
	case c.from.over || err == nil && c.InputOffset()-before > MaxCSVRow:
		return nil, &CSVError{Line: c.line, Detail: fmt.Sprintf("the row is longer than %d bytes", MaxCSVRow), Ends: true}
	case ok:
		return nil, &CSVError{Line: wrong.StartLine, Column: wrong.Column, Detail: "a quote is not where it may be, or is not closed", Ends: true}
	}
	return fields, err
}

// header returns the columns, in their order.
func (c *csvFile) header() (columns []string, err error) {
	mark := []byte("\xef\xbb\xbf")
	if start, _ := c.from.from.Peek(len(mark)); bytes.Equal(start, mark) {
		c.from.from.Discard(len(mark))
	}
	fields, err := c.read()
	if err == io.EOF {
		return nil, &CSVError{Line: 1, Detail: "the file is empty: want a line with the columns email, name, role and mini_programs", Ends: true}
	}
	if err != nil {
		return nil, err
	}
	for i, f := range fields {
		line, column := c.FieldPos(i)
		name := strings.ToLower(strings.TrimSpace(f))
		wrong := &CSVError{Line: line, Column: column, Ends: true}
		switch {
		case slices.Contains(columns, name):
			wrong.Name, wrong.Detail = name, "the column is there twice"
			return nil, wrong
		case !slices.Contains([]string{columnEmail, columnName, columnRole, columnPrograms}, name):
			// Why not which: in a file without a header it is somebody's address.
			wrong.Detail = "unknown column: want email, name, role and mini_programs, separated by commas"
			return nil, wrong
		}
		columns = append(columns, name)
	}
	for _, name := range []string{columnEmail, columnName, columnRole} {
		if !slices.Contains(columns, name) {
			return nil, &CSVError{Line: c.line, Name: name, Detail: "the column is missing", Ends: true}
		}
	}
	return columns, nil
}

// invite makes an invitation of a row.
func (c *csvFile) invite(columns, fields []string) (in Invite, err error) {
	if len(fields) != len(columns) {
		return in, &CSVError{Line: c.line, Detail: fmt.Sprintf("want %d columns, got %d", len(columns), len(fields))}
	}
	for i, name := range columns {
		line, column := c.FieldPos(i)
		wrong := &CSVError{Line: line, Column: column, Name: name}
		text := strings.TrimSpace(strings.Clone(fields[i]))
		if !utf8.ValidString(text) {
			wrong.Detail = "want valid UTF-8"
			return Invite{}, wrong
		}
		switch name {
		case columnEmail:
			in.Email = text
		case columnName:
			in.Name = text
		case columnRole:
			in.Role = rbac.Role(text)
		case columnPrograms:
			for _, t := range strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == ' ' || r == '\n' || r == '\r' || r == '\t' }) {
				p, err := id.ParseMiniProgram(t)
				if err != nil {
					wrong.Detail = "not the id of a mini program"
					return Invite{}, wrong
				}
				in.MiniPrograms = append(in.MiniPrograms, p)
			}
		}
	}
	return in, nil
}
