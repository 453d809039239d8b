package sqlstore

import "context"

// Rows are the rows of a statement, as *sql.Rows and pgx.Rows give them.
type Rows interface {
	// Next goes to the next row, and reports whether there is one.
	Next() bool
	// Scan copies the row's columns to the destinations.
	Scan(dest ...any) error
}

// A Read is a statement that returns rows, and what takes them: see
// [Dialect.Text] and [Dialect.Asked] for what its text and arguments are.
type Read struct {
	SQL  string
	Args []any
	// Scan takes the rows, as many as it wants. It runs no other statement.
	Scan func(Rows) error
	// Steady says that one plan serves for all arguments: it finds rows by their
	// keys. See [Dialect].PlanAnew.
	Steady bool
}

// A Write is a statement that changes rows. Nobody changes its arguments later.
type Write struct {
	SQL  string
	Args []any
	// None is the error if no row was there to change; nil if that is fine.
	None error
	// Row finds the row of a statement with None, for an engine that
	// does not count it if it was the same before. Its only parameter is the
	// last argument.
	Row string
	// Long may take as long as the caller's context lasts, which interrupts it;
	// other writes are bounded by [Dialect].WriteTimeout.
	Long bool
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

// A Line is what the statements of a session go through: a connection, or a
// transaction of the host's.
type Line interface {
	Conn
	// Finish runs what was held back and then the statements, whatever becomes
	// of the caller's context.
	Finish(statements ...string) error
	// Undo drops what was held back, and runs the statements if anything has
	// reached the engine.
	Undo(statements ...string) error
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
