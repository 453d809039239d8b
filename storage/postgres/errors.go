package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
)

// Retryable reports whether a host's transaction may succeed if it is run again
// from its start: it lost against another one, by an error of the store's, of
// one of the host's own statements, or of its commit. It is
// [storage.Retryable], and a lock that could not be had in time.
func Retryable(err error) bool {
	class, _ := classify(err)
	return storage.Retryable(err) || class == sqlstore.Busy
}

// divisionByZero is what a statement with [sqlstore.Write].None fails with if
// it changes no row.
const divisionByZero = "22012"

// classes are the kinds of SQLSTATEs, by the whole code or its first two
// characters.
var classes = map[string]sqlstore.Class{
	"40001": sqlstore.Busy, // serialization failure
	"40P01": sqlstore.Busy, // deadlock
	"55P03": sqlstore.Busy, // lock not available
	"23505": sqlstore.Duplicate,
	"23503": sqlstore.Dangling,
	"23":    sqlstore.Refused,
	"42P01": sqlstore.NoTable,
	"42703": sqlstore.NoTable, // no such column
	"3F000": sqlstore.NoTable, // no such schema
	"25006": sqlstore.ReadOnly,
	"42501": sqlstore.Forbidden,
	"53100": sqlstore.Full,
	"25P01": sqlstore.Ended,   // no transaction
	"25P02": sqlstore.Ended,   // a statement before has failed
	"3B001": sqlstore.Ended,   // no such savepoint: it is another transaction
	"08":    sqlstore.Unknown, // the connection broke
	"40003": sqlstore.Unknown,
	"57P01": sqlstore.Unknown, // the server shuts down, or an administrator ended the session
	"57P02": sqlstore.Unknown,
	"57P03": sqlstore.Unknown,
	"57P05": sqlstore.Unknown, // the session was idle for too long
	"25P03": sqlstore.Unknown, // the transaction was
	"25P04": sqlstore.Unknown, // the transaction took too long
	"28":    sqlstore.Unreachable,
	"3D000": sqlstore.Unreachable, // no such database
	"53300": sqlstore.Unreachable, // too many connections
}

// classify reads the SQLSTATE, or how the connection broke.
func classify(err error) (sqlstore.Class, string) {
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return sqlstore.Unreachable, ""
	}
	code, constraint := state(err)
	switch {
	case err == nil:
		return sqlstore.Failed, ""
	case code == "":
		return broken(err), ""
	case strings.HasPrefix(constraint, "pg_"), code == "XX000" && concurrently(err):
		// Somebody else creates the same table.
		return sqlstore.Busy, ""
	}
	if class, ok := classes[code]; ok {
		return class, constraint
	}
	return classes[code[:2]], ""
}

// state returns the SQLSTATE of an error, and the constraint that was violated;
// "" if the server has sent no error.
func state(err error) (code, constraint string) {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code, e.ConstraintName
	}
	var e interface{ SQLState() string }
	if errors.As(err, &e) && len(e.SQLState()) == 5 {
		return e.SQLState(), ""
	}
	return "", ""
}

// concurrently reports an error for which PostgreSQL has no code of its own: two
// transactions changed the same row of a catalogue.
func concurrently(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && strings.HasPrefix(e.Message, "tuple concurrently ")
}

// broken is the class of an error that the server did not send.
func broken(err error) sqlstore.Class {
	switch {
	case errors.Is(err, errWait):
		return sqlstore.Busy
	case errors.Is(err, errDial):
		return sqlstore.Unreachable
	case pgconn.SafeToRetry(err): // nothing was sent
		return sqlstore.Unreachable
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return sqlstore.Unknown
	}
	for _, cut := range []error{
		io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, pgconn.ErrConnClosed, driver.ErrBadConn, sql.ErrConnDone,
		// Why: a caller's context is looked at before; this is the WriteTimeout's.
		context.DeadlineExceeded, context.Canceled,
	} {
		if errors.Is(err, cut) {
			return sqlstore.Unknown
		}
	}
	return sqlstore.Failed
}
