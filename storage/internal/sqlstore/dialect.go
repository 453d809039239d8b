package sqlstore

import (
	"cmp"
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/superapp-go/superapp/id"
)

// A Dialect is everything in which one engine differs from another. What is
// left zero the engine does not need.
//
// Bytes are []byte on every engine and texts are strings; ids, texts and bytes
// compare byte by byte.
type Dialect struct {
	// Schema and Prefix stand before the name of every table, Prefix before
	// that of an index as well; the schema ends with its dot.
	Schema, Prefix string
	// BeginWrite and BeginRead open a transaction and a snapshot.
	BeginWrite, BeginRead []string
	// PlanAnew makes the engine plan every statement that follows in a snapshot for
	// its arguments, which takes longer than to run one that is [Read.Steady]; ""
	// where it does by itself.
	PlanAnew string
	// LockTimeout is the statement that bounds how long the transaction waits for
	// each lock from then on; nil for an engine that is told so when it is opened.
	LockTimeout func(left time.Duration) Write
	// Restore gives a connection back to its pool as it was before LockTimeout; ""
	// where that ends with the transaction.
	Restore string
	// Savepoint opens the savepoint of a unit in the host's transaction, which
	// is called superapp. It fails if there is no transaction.
	Savepoint []string
	// Lock ends a SELECT from head AS h and locks its rows; "" where
	// BeginWrite has locked everything.
	Lock string
	// LocalLocks says that other nodes of a cluster do not know of a lock until
	// the commit, and only of one on a row that was changed: {head} has a column
	// units to count in.
	LocalLocks bool
	// Share ends a SELECT that is to read what is committed now, in a host's
	// transaction that sees an older state; "" where each statement does.
	Share string
	// Hint makes the engine use an index; nil where it does by itself.
	Hint func(index string) string
	// Then joins a table that is to be read after those before it.
	Then string
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
	// Add is Upsert for a column of a table to which is added what was to be
	// inserted.
	Add func(table, key, column string) string
	// Behind is the condition for rows behind a place in an order of two
	// columns, in the form for which the engine uses an index.
	Behind func(columns [2]string, place [2]any) (string, []any)
	// ID and Time are an id and a time as they are stored; the zero time is
	// NULL.
	ID   func(id.UUID) any
	Time func(time.Time) any
	// Classify says what kind of error a driver's is. For [Duplicate] it names
	// the unique index or its last column; only the end of the name counts.
	Classify func(error) (c Class, unique string)
	// Aborts says that a statement's error ends the transaction up to the last
	// savepoint, and that the engine then refuses every other statement.
	Aborts bool
	// CountsChanged says that the number of rows changed leaves out those that
	// were the same before.
	CountsChanged bool
	// StepByStep says that each statement of a migration is committed by
	// itself; Applied tells the error of one that had been, before the process
	// that ran it could note so.
	StepByStep bool
	Applied    func(error) bool
	// WriteTimeout bounds each write, and what ends a transaction, also where no
	// context does. 0 is no bound, for an engine in the same process.
	WriteTimeout time.Duration

	texts, shared texts
}

// A Class is a kind of error that the store does something about.
type Class uint8

// The classes.
const (
	// Failed is every other error; it may have ended the transaction.
	Failed Class = iota
	// Busy: others were faster or hold a lock; the unit runs again.
	Busy
	// RolledBack is Busy, and the engine has ended the whole transaction.
	RolledBack
	// Duplicate: a unique index refused a row.
	Duplicate
	// Dangling: a foreign key refused a row.
	Dangling
	// Refused: another constraint refused a row.
	Refused
	// NoTable: a table or column is not there.
	NoTable
	// Unknown: the connection broke before the engine answered. At a commit
	// nobody knows what became of the unit; elsewhere nothing was kept.
	Unknown
	// Unreachable: no connection could be made.
	Unreachable
	// ReadOnly: the database takes no writes.
	ReadOnly
	// Forbidden: the database user lacks a right.
	Forbidden
	// Full: there is no room left.
	Full
	// Ended: the transaction had ended or failed before.
	Ended
)

// Text returns a statement as the engine reads it. A question mark is a
// parameter, and a name in braces is expanded:
//
//	{member}             the table
//	{.member_by_tenant}  the name of an index, which never has a schema, or a table
//	                     without its own
//	{use member_invited} a hint to use that index, behind a table
//	{key}                the same for the primary key
//	{then}               a join with a table that is to be read after those before
//	{share}              nothing, or Share: it ends a subquery
func (d *Dialect) Text(statement string) string {
	return d.texts.get(statement, func() string { return d.expand(statement, "") })
}

// sharedText is the text of a read that sees what is committed now.
func (d *Dialect) sharedText(statement string) string {
	return d.shared.get(statement, func() string {
		text := d.expand(statement, d.Share)
		if d.Lock != "" && (strings.HasSuffix(text, d.Lock) || strings.HasSuffix(text, d.lockFree())) {
			return text
		}
		return text + d.Share
	})
}

// lockFree is Lock for the rows that nobody else has locked; it leaves out the others.
func (d *Dialect) lockFree() string {
	if d.Lock == "" {
		return ""
	}
	return d.Lock + " SKIP LOCKED"
}

func (d *Dialect) expand(statement, share string) string {
	var b strings.Builder
	b.Grow(len(statement) + 8*len(d.Schema+d.Prefix))
	n := 0
	for i := 0; i < len(statement); i++ {
		switch c := statement[i]; {
		case c == '{':
			name, _, _ := strings.Cut(statement[i+1:], "}")
			b.WriteString(d.name(name, share))
			i += len(name) + 1
		case c == '?' && d.Parameter != nil:
			n++
			b.WriteString(d.Parameter(n))
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// name expands what stands in braces.
func (d *Dialect) name(name, share string) string {
	switch what, index, _ := strings.Cut(name, " "); {
	case what == "share":
		return share
	case what == "then":
		return cmp.Or(d.Then, "CROSS JOIN")
	case what == "key" || what == "use":
		switch {
		case d.Hint == nil:
			return ""
		case what == "key":
			return d.Hint("PRIMARY")
		}
		return d.Hint(d.Prefix + index)
	}
	if index, ok := strings.CutPrefix(name, "."); ok {
		return d.Prefix + index
	}
	return d.Schema + d.Prefix + name
}

// Begin are the statements that open a transaction if it is to write, a
// snapshot if not. It waits for locks until the context's deadline.
func (d *Dialect) Begin(ctx context.Context, write bool) (all []Write) {
	statements := d.BeginRead
	if write {
		statements = d.BeginWrite
	}
	for _, s := range statements {
		all = append(all, Write{SQL: s})
	}
	if until, ok := ctx.Deadline(); ok && write && d.LockTimeout != nil {
		all = append(all, d.Wait(until))
	}
	return all
}

// Wait is LockTimeout for locks that are wanted until then. It is less than
// WriteTimeout, so that the engine gives up before the connection is given up:
// nobody would know what became of a commit behind the lock.
func (d *Dialect) Wait(until time.Time) Write {
	return d.LockTimeout(min(time.Until(until), d.WriteTimeout/2))
}

// Bounded is a context that WriteTimeout bounds as well.
func (d *Dialect) Bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if d.WriteTimeout == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, d.WriteTimeout)
}

// Asked is Values for a question. A text that no row can hold, since not every
// engine would take it, becomes NULL, which equals nothing.
func (d *Dialect) Asked(args []any) []any {
	for i, a := range args {
		if s, ok := a.(string); ok && (!utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0) {
			args[i] = nil
		}
	}
	return d.Values(args)
}

// Values makes of arguments what the driver takes, in place.
func (d *Dialect) Values(args []any) []any {
	for i, a := range args {
		switch a := a.(type) {
		case id.UUID:
			args[i] = d.ID(a)
		case time.Time:
			args[i] = d.Time(a)
		}
	}
	return args
}

// texts keeps expanded statements. There are few, but for lists of many arms.
type texts struct {
	known sync.Map
	count atomic.Int64
}

const maxTexts = 1000

func (t *texts) get(statement string, expand func() string) string {
	if text, ok := t.known.Load(statement); ok {
		return text.(string)
	}
	text := expand()
	if t.count.Add(1) <= maxTexts {
		t.known.Store(statement, text)
	}
	return text
}
