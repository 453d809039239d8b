package member_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
)

// readAll reads a file to its end.
func readAll(r io.Reader) (rows []member.Row, errs []error) {
	for row, err := range member.ReadCSV(r) {
		rows, errs = append(rows, row), append(errs, err)
	}
	return rows, errs
}

func TestReadCSV(t *testing.T) {
	t.Parallel()
	p, q := id.MiniProgram{UUID: id.New()}, id.MiniProgram{UUID: id.New()}
	dee := member.Invite{Email: "Dee@People.example", Name: "Dee", Role: rbac.Developer}
	both := dee
	both.MiniPrograms = []id.MiniProgram{p, q}
	for name, test := range map[string]struct {
		text string
		want []member.Row
	}{
		"columns":                        {"email,name,role\nDee@People.example,Dee,developer\n", []member.Row{{2, dee}}},
		"columns in another order":       {"Role , NAME,email\r\n developer,Dee,Dee@People.example\r\n", []member.Row{{2, dee}}},
		"a byte-order mark":              {"\xef\xbb\xbfemail,name,role\nDee@People.example,Dee,developer", []member.Row{{2, dee}}},
		"a quoted header behind a mark":  {"\xef\xbb\xbf\"email\",name,role\nDee@People.example,Dee,developer", []member.Row{{2, dee}}},
		"mini programs":                  {"email,name,role,mini_programs\nDee@People.example,Dee,developer," + p.String() + "; " + q.String() + "\n", []member.Row{{2, both}}},
		"mini programs on several lines": {"email,name,role,mini_programs\nDee@People.example,Dee,developer,\"" + p.String() + "\n" + q.String() + "\"\nDee@People.example,Dee,developer,\n", []member.Row{{2, both}, {4, dee}}},
		"empty lines":                    {"\nemail,name,role\n\n\nDee@People.example,Dee,developer\n\n", []member.Row{{5, dee}}},
		"no rows":                        {"email,name,role\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, r := range []io.Reader{strings.NewReader(test.text), iotest.OneByteReader(strings.NewReader(test.text))} {
				rows, errs := readAll(r)
				require.NoError(t, errors.Join(errs...))
				require.Equal(t, test.want, rows)
			}
		})
	}
}

func TestReadCSVTellsThePlace(t *testing.T) {
	t.Parallel()
	const head = "email,name,role,mini_programs\n"
	long := strings.Repeat("a", member.MaxCSVRow)
	for name, test := range map[string]struct {
		text string
		want member.CSVError
		rows int
	}{
		"an empty file":        {"", member.CSVError{Line: 1, Ends: true}, 1},
		"an unknown column":    {"email,name,role,tel\n", member.CSVError{Line: 1, Column: 17, Ends: true}, 1},
		"other separators":     {"email;name;role\n", member.CSVError{Line: 1, Column: 1, Ends: true}, 1},
		"no header":            {"dee@people.example,Dee,developer\n", member.CSVError{Line: 1, Column: 1, Ends: true}, 1},
		"a missing column":     {"email,name\n", member.CSVError{Line: 1, Name: "role", Ends: true}, 1},
		"a column twice":       {"email,name,role,Email\n", member.CSVError{Line: 1, Column: 17, Name: "email", Ends: true}, 1},
		"UTF-16":               {"\xff\xfee\x00m\x00", member.CSVError{Line: 1, Column: 1, Ends: true}, 1},
		"a row too short":      {head + "a\nb,b,b,\n", member.CSVError{Line: 2}, 2},
		"a row too long":       {head + "a,b,c,d,e\nb,b,b,\n", member.CSVError{Line: 2}, 2},
		"a mini program":       {head + "a,\"b\nb\",c,shop\nb,b,b,\n", member.CSVError{Line: 3, Column: 6, Name: "mini_programs"}, 2},
		"invalid UTF-8":        {head + "a,\xff,c,\nb,b,b,\n", member.CSVError{Line: 2, Column: 3, Name: "name"}, 2},
		"a quote in a field":   {head + "a,b\"b,c,\nb,b,b,\n", member.CSVError{Line: 2, Column: 4, Ends: true}, 1},
		"an open quote":        {head + "a,\"b\nb,b,b,\n", member.CSVError{Line: 2, Ends: true}, 1},
		"a long row":           {head + "b,b,b,\n" + long + ",b,c,\n", member.CSVError{Line: 3, Ends: true}, 2},
		"a long quoted field":  {head + "a,\"" + strings.Repeat("b\n", member.MaxCSVRow) + "\",c,\n", member.CSVError{Line: 2, Ends: true}, 1},
		"a header without end": {strings.Repeat("email", member.MaxCSVRow), member.CSVError{Line: 1, Ends: true}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, errs := readAll(strings.NewReader(test.text))
			require.Len(t, rows, test.rows)
			for _, err := range errs {
				if err == nil {
					continue
				}
				require.ErrorIs(t, err, member.ErrCSV)
				got, _ := errorAs[*member.CSVError](err)
				require.NotEmpty(t, got.Detail)
				require.NotContains(t, err.Error(), "dee@", "an error may get into a log")
				found := *got
				found.Detail = ""
				if name == "an open quote" {
					found.Column = 0
				}
				require.Equal(t, test.want, found)
				return
			}
			t.Fatal("no error")
		})
	}
}

// endless is a file of one row without an end.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	e.read += len(p)
	return len(p), nil
}

func TestReadCSVReadsNoMoreThanItTakes(t *testing.T) {
	t.Parallel()
	for name, head := range map[string]string{"a row": "email,name,role\n", "a quoted field": "email,name,role\n\"", "a header": ""} {
		e := &endless{}
		rows, errs := readAll(io.MultiReader(strings.NewReader(head), e))
		require.Len(t, rows, 1, name)
		require.ErrorIs(t, errs[0], member.ErrCSV, name)
		require.Less(t, e.read, 2*member.MaxCSVRow, name)
	}
	broken := errors.New("the disk broke")
	_, errs := readAll(io.MultiReader(strings.NewReader("email,name,role\na,b,c\n"), iotest.ErrReader(broken)))
	require.ErrorIs(t, errs[len(errs)-1], broken)
}

func FuzzReadCSV(f *testing.F) {
	f.Add([]byte("email,name,role\na@b.example,A,developer\n"))
	f.Add([]byte("\xef\xbb\xbfrole,\"email\",name,mini_programs\n\"a\nb\",c,d,e;f\r\n\n\xff,,,\n"))
	f.Add([]byte("email;name;role"))
	f.Fuzz(func(t *testing.T, data []byte) {
		last, ended := 0, false
		for row, err := range member.ReadCSV(strings.NewReader(string(data))) {
			if ended {
				t.Fatal("a row behind the end")
			}
			if err != nil {
				e, ok := errorAs[*member.CSVError](err)
				if !ok || e.Line < 1 || e.Column < 0 {
					t.Fatalf("err = %#v", err)
				}
				ended = e.Ends
				continue
			}
			if row.Line <= last {
				t.Fatalf("line %d behind line %d", row.Line, last)
			}
			last = row.Line
			if !utf8.ValidString(row.Invite.Email + row.Invite.Name + string(row.Invite.Role)) {
				t.Fatalf("invalid UTF-8 in %+v", row)
			}
		}
	})
}
