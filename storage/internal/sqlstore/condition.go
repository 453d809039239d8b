package sqlstore

import (
	"math/bits"
	"strconv"
	"strings"
)

// A condition is a WHERE clause in the making.
type condition struct {
	text strings.Builder
	args []any
}

// and adds a condition that must hold as well.
func (c *condition) and(text string, args ...any) {
	if c.text.Len() > 0 {
		c.text.WriteString(" AND ")
	}
	c.text.WriteString(text)
	c.args = append(c.args, args...)
}

// in adds that the column is one of the values.
func (c *condition) in(column string, values []any) {
	values = padded(values)
	c.and(column+" IN ("+marks(len(values))+")", values...)
}

// limited ends a statement that returns at most n rows. The number is no
// parameter, for which SQLite would plan the statement anew each time.
func limited(n int) string { return " LIMIT " + strconv.Itoa(max(n, 0)) }

// marks is n parameters.
func marks(n int) string {
	return strings.TrimSuffix(strings.Repeat("?, ", n), ", ")
}

// padded repeats the last value until there is a power of two of them, so that
// lists of every length make few different statements.
func padded(values []any) []any {
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
func keys[T interface{ Bytes() []byte }](list []T) []any {
	args := make([]any, len(list))
	for i, u := range list {
		args[i] = u.Bytes()
	}
	return args
}
