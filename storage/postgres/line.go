package postgres

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/superapp-go/superapp/storage/internal/sqlstore"
)

// A wire sends statements to the server: a connection of the pool's, or a
// transaction of the host's.
type wire interface {
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// A line is the Line of pgx. It holds writes back and sends them along with the
// next reads, or with what ends the session, all in one round trip.
type line struct {
	dialect *sqlstore.Dialect
	wire
	held []sqlstore.Write
	// until is when the unit wants to wait for locks no longer; zero if that is
	// not the store's to say.
	until time.Time
	// used says that something has reached the server.
	used bool
	// failed says that a statement failed since, so that the server refuses
	// whatever does not roll back.
	failed bool
	// renew replaces a wire that was dead before the session began, if there
	// is another; nil for the host's transaction, which has no other.
	renew func(ctx context.Context) (ok bool, err error)
}

func (l *line) Write(ctx context.Context, writes ...sqlstore.Write) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	l.held = append(l.held, writes...)
	return nil
}

func (l *line) Read(ctx context.Context, reads ...sqlstore.Read) error {
	// What was held back is kept for another try: pgx would refuse to send it.
	if err := ctx.Err(); err != nil {
		return err
	}
	return l.flush(ctx, reads...)
}

func (l *line) Finish(statements ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), l.dialect.WriteTimeout)
	defer cancel()
	if !l.used && l.renew != nil {
		// A commit must not be sent again if the connection turns out to be dead.
		if err := l.flush(ctx); err != nil {
			return err
		}
	}
	if len(l.held) > 0 && !l.until.IsZero() {
		// They may wait for others, and no context ends that.
		l.held = slices.Insert(l.held, 0, l.dialect.Wait(l.until))
	}
	for _, s := range statements {
		l.held = append(l.held, sqlstore.Write{SQL: s})
	}
	return l.flush(ctx)
}

func (l *line) Undo(statements ...string) error {
	l.held = nil
	if !l.used || len(statements) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), l.dialect.WriteTimeout)
	defer cancel()
	err := l.direct(ctx, strings.Join(statements, "; "))
	if errors.Is(err, pgconn.ErrConnClosed) {
		// Whatever was open has ended with the connection.
		err = errors.Join(err, sql.ErrTxDone)
	}
	return err
}

// direct runs statements without parameters at once. pgx prepares those of a
// batch before it runs the first, which the server refuses in a transaction
// that has failed.
func (l *line) direct(ctx context.Context, statements string) error {
	tag, err := l.Exec(ctx, statements, pgx.QueryExecModeSimpleProtocol)
	if err == nil {
		err = committed(statements, tag)
	}
	return err
}

// committed returns the error of a COMMIT that rolled back, which the server
// does where a statement before has failed.
func committed(statement string, tag pgconn.CommandTag) error {
	if statement == "COMMIT" && tag.String() == "ROLLBACK" {
		return pgx.ErrTxCommitRollback
	}
	return nil
}

// flush sends what was held back, and then the reads.
func (l *line) flush(ctx context.Context, reads ...sqlstore.Read) error {
	if len(l.held)+len(reads) == 0 {
		return nil
	}
	for l.failed && len(l.held) > 0 && len(l.held[0].Args) == 0 {
		if err := l.direct(ctx, l.held[0].SQL); err != nil {
			l.held = nil
			return err
		}
		l.held, l.failed = l.held[1:], false
	}
	writes, used := l.held, l.used
	again := !used && l.renew != nil
	l.held, l.used = nil, true
	for {
		answered, err := l.send(ctx, writes, reads)
		if err == nil {
			return nil
		}
		again = again && !answered && ctx.Err() == nil
		if again {
			var lost error
			if again, lost = l.renew(ctx); lost != nil {
				return lost
			}
		}
		switch {
		case again:
		case pgconn.SafeToRetry(err):
			l.held, l.used = writes, used // nothing was sent
			return err
		default:
			l.failed = true
			return err
		}
	}
}

// send sends one batch, and reports whether anything of it was answered.
func (l *line) send(ctx context.Context, writes []sqlstore.Write, reads []sqlstore.Read) (answered bool, err error) {
	var b pgx.Batch
	for _, w := range writes {
		b.Queue(l.text(w), l.dialect.Values(w.Args)...)
	}
	for _, r := range reads {
		b.Queue(l.dialect.Text(r.SQL), l.dialect.Asked(r.Args)...)
	}
	results := l.SendBatch(ctx, &b)
	defer results.Close()
	for _, w := range writes {
		tag, err := results.Exec()
		if err != nil {
			return answered, refused(w, err)
		}
		if err := committed(w.SQL, tag); err != nil {
			return true, err
		}
		answered = true
	}
	for _, r := range reads {
		found, err := results.Query()
		if err != nil {
			return answered, err
		}
		some, err := scan(found, r)
		answered = answered || some
		if err != nil {
			return answered, err
		}
	}
	return true, results.Close()
}

// scan hands rows to a read, and reports whether anything was answered.
func scan(found pgx.Rows, r sqlstore.Read) (answered bool, err error) {
	rows := &rows{Rows: found}
	err = r.Scan(rows)
	found.Close()
	if err == nil {
		err = found.Err()
	}
	return err == nil || rows.count > 0, err
}

// text is the text of a write. One that must change a row fails in the server
// if it changes none, so that a COMMIT that was sent behind it does not run.
func (l *line) text(w sqlstore.Write) string {
	if w.None == nil {
		return l.dialect.Text(w.SQL)
	}
	return l.dialect.Text("WITH u AS (" + w.SQL + " RETURNING 1) SELECT 1 / count(*) FROM u")
}

// refused makes of the error of a write what its caller asked for.
func refused(w sqlstore.Write, err error) error {
	if code, _ := state(err); code == divisionByZero && w.None != nil {
		return w.None
	}
	return err
}
