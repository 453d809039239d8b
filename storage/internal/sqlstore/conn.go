package sqlstore

import "context"

// Rows are the rows of a statement, as *sql.Rows and pgx.Rows give them.
type Rows interface {
	// Next goes to the next row, and reports whether there is one.
	Next() bool
	// Scan copies the row's columns to the destinations.
	Scan(dest ...any) error
}

// A Read is a statement that returns rows, and what takes them. Tables stand
// in braces and parameters are question marks: see [Dialect.Text].
type Read struct {
	SQL  string
	Args []any
	// Scan takes the rows, as many as it wants. It runs no other statement.
	Scan func(Rows) error
}

// A Write is a statement that changes rows. Nobody changes its arguments later.
type Write struct {
	SQL  string
	Args []any
	// None is the error if no row was changed; nil if that is fine.
	None error
}

// A Conn runs the statements of one transaction or snapshot.
type Conn interface {
	// Read runs the statements in their order and hands each its rows. None
	// depends on the rows of another, so that they may travel together. Without
	// statements it only runs what was held back.
	Read(ctx context.Context, reads ...Read) error
	// Write runs statements in their order. They may be held back until the
	// next Read or the commit, which report their errors then. What was held
	// back behind one that fails is dropped.
	Write(ctx context.Context, writes ...Write) error
}

// A Session is an open transaction or snapshot.
type Session interface {
	Conn
	// Commit ends the session and keeps what it wrote. After an error, which
	// may be one that wants the unit to run again, nothing was kept, unless
	// [Dialect].Classify calls it [Unknown].
	Commit(ctx context.Context) error
	// Rollback ends the session, if it is open, and drops what it wrote. An
	// error of it, or of the one that a failed Commit made, is answered each
	// time: the transaction had ended before, by itself.
	Rollback() error
}

// A Database is where sessions come from: a pool, or the host's own
// transaction. The errors of its sessions are the driver's.
type Database interface {
	// Begin opens a transaction if it is to write, a snapshot if not.
	Begin(ctx context.Context, write bool) (Session, error)
	// Read runs one statement outside any transaction.
	Read(ctx context.Context, r Read) error
}
