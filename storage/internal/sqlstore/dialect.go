package sqlstore

import (
	"strings"
	"time"
)

// A Dialect is everything in which one engine differs from another.
//
// Ids, hashes and other bytes are []byte on every engine, texts are strings,
// and both compare byte by byte.
type Dialect struct {
	// Prefix stands before the name of every table and index.
	Prefix string
	// BeginWrite and BeginRead open a transaction and a snapshot.
	BeginWrite, BeginRead string
	// Lock ends a SELECT from head AS h and locks its rows; "" where
	// BeginWrite has locked everything.
	Lock string
	// Contains names the function of a text and a part that is greater than 0
	// if the text contains the part.
	Contains string
	// Now is an expression for the time, as Time stores it.
	Now string
	// Parameter writes the n-th parameter, from 1; nil leaves question marks.
	Parameter func(n int) string
	// Upsert ends an INSERT that may meet a row with the same key, and sets
	// the columns to what was to be inserted; with no columns it does nothing.
	Upsert func(key string, columns ...string) string
	// Behind is the condition for rows behind a place in an order of two
	// columns, in the form for which the engine uses an index.
	Behind func(columns [2]string, place [2]any) (string, []any)
	// Time is a time as it is stored; the zero time is NULL.
	Time func(time.Time) any
	// Classify says what kind of error a driver's is. For [Duplicate] column is
	// the last one of the unique index.
	Classify func(error) (c Class, column string)
	// WriteTimeout bounds what a context does not interrupt: a write, and what
	// ends a transaction. 0 is no bound, for an engine in the same process.
	WriteTimeout time.Duration
}

// A Class is a kind of error that the store does something about.
type Class uint8

// The classes.
const (
	// Failed is every other error; it may have ended the transaction.
	Failed Class = iota
	// Busy: others were faster or hold a lock; the unit runs again.
	Busy
	// Duplicate: a unique index refused a row.
	Duplicate
	// Dangling: a foreign key refused a row.
	Dangling
	// Refused: another constraint refused a row.
	Refused
	// NoTable: a table or column is not there.
	NoTable
	// Unknown: the connection broke before the engine answered. At a commit
	// nobody knows what became of the unit; elsewhere it is as Failed.
	Unknown
)

// Text returns a statement as the engine reads it: {name} becomes the table's
// name with its prefix, and question marks the engine's parameters.
func (d *Dialect) Text(statement string) string {
	var b strings.Builder
	b.Grow(len(statement) + 8*len(d.Prefix))
	n := 0
	for i := range len(statement) {
		switch c := statement[i]; {
		case c == '{':
			b.WriteString(d.Prefix)
		case c == '}':
		case c == '?' && d.Parameter != nil:
			n++
			b.WriteString(d.Parameter(n))
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
