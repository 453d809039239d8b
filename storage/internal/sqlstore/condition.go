package sqlstore

import (
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"github.com/superapp-go/superapp/id"
)

// A condition is a WHERE clause in the making.
type condition struct {
	text strings.Builder
	args []any
	// index is the one that serves it, if that is known.
	index string
}

// and adds a condition that must hold as well.
func (c *condition) and(text string, args ...any) {
	if c.text.Len() > 0 {
		c.text.WriteString(" AND ")
	}
	c.text.WriteString(text)
	c.args = append(c.args, args...)
}

// in adds that the column is one of the values, however often each is given.
func (c *condition) in(column string, values []any) {
	given := map[any]bool{}
	values = padded(slices.DeleteFunc(slices.Clone(values), func(v any) bool {
		again := given[v]
		given[v] = true
		return again
	}))
	c.and(column+" IN ("+marks(len(values))+")", values...)
}

// update changes the columns of the row of a table with an id; none is the
// error if there is no such row.
func update(table, columns string, row id.UUID, none error, args ...any) Write {
	return Write{
		SQL:  "UPDATE {" + table + "} SET " + columns + " WHERE id = ?",
		Args: append(args, row),
		None: none,
		Row:  "SELECT 1 FROM {" + table + "} WHERE id = ?",
	}
}

// sizes are the numbers of rows that statements ask for: those of pages that
// people want, and one more to know whether there is another page.
var sizes = [...]int{0, 1, 11, 21, 51, 101, 201, 501}

// limited ends a statement of which n rows are wanted, to be cut to as many. It
// may return more, so that there are few different statements: a server keeps
// every one that it has prepared. The number is no parameter, for which SQLite
// would plan the statement anew each time.
func limited(n int) string {
	if i, _ := slices.BinarySearch(sizes[:], n); i < len(sizes) {
		return " LIMIT " + strconv.Itoa(sizes[i])
	}
	return " LIMIT " + strconv.Itoa(1<<bits.Len(uint(n-1)))
}

// cut returns a Scan for the first n rows.
func cut(n int, scan func(Rows) error) func(Rows) error {
	return func(rows Rows) error { return scan(&few{rows, n}) }
}

// few are the first rows, as many as are left.
type few struct {
	Rows
	left int
}

func (f *few) Next() bool {
	f.left--
	return f.left >= 0 && f.Rows.Next()
}

// marks is n parameters.
func marks(n int) string {
	return strings.TrimSuffix(strings.Repeat("?, ", n), ", ")
}

// padded repeats the last value until there is a power of two of them, so that
// lists of every length make few different statements.
func padded[T any](values []T) []T {
	if len(values) == 0 {
		return values
	}
	for n := 1 << bits.Len(uint(len(values)-1)); len(values) < n; {
		values = append(values, values[len(values)-1])
	}
	return values
}

// names are texts as arguments.
func names[T ~string](list []T) []any {
	args := make([]any, len(list))
	for i, s := range list {
		args[i] = string(s)
	}
	return args
}

// keys are ids as arguments.
func keys[T ~struct{ id.UUID }](list []T) []any {
	args := make([]any, len(list))
	for i, u := range list {
		args[i] = struct{ id.UUID }(u).UUID
	}
	return args
}
