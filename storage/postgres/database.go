package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/superapp-go/superapp/storage/internal/sqlstore"
)

// A database is the Database on a host's *pgxpool.Pool: each session borrows a
// connection.
type database struct {
	dialect *sqlstore.Dialect
	pool    *pgxpool.Pool
	// most is how many connections the pool has at most.
	most int32
	// wait bounds how long a session waits for a connection.
	wait time.Duration
}

// The errors for who waited too long for a connection.
var (
	errWait = errors.New("no connection became free in time")
	errDial = errors.New("the server did not answer in time")
)

// A borrowed is a line on a connection of the pool.
type borrowed struct {
	line
	conn *pgxpool.Conn
}

// borrow returns a line on a connection for the caller alone.
func (d *database) borrow(ctx context.Context) (*borrowed, error) {
	conn, err := d.take(ctx)
	if err != nil {
		return nil, err
	}
	b := &borrowed{line: line{dialect: d.dialect, wire: conn}, conn: conn}
	// After the server was restarted every connection may be dead.
	left, until := d.most, time.Now().Add(d.wait)
	b.renew = func(ctx context.Context) (bool, error) {
		if left--; left < 0 || time.Now().After(until) || !b.conn.Conn().IsClosed() {
			return false, nil
		}
		b.release()
		conn, err := d.take(ctx)
		if err != nil {
			b.used = false // nothing to undo
			return false, err
		}
		b.conn, b.wire = conn, conn
		return true, nil
	}
	return b, nil
}

// release gives the connection back. One that a context interrupted is cut:
// over TLS pgx waits 15 seconds for the server to end it, which waits as well,
// with the locks of the unit.
func (b *borrowed) release() {
	if b.conn == nil {
		return // there was none in place of the last one
	}
	if c := b.conn.Conn(); c.IsClosed() {
		c.PgConn().Conn().Close()
	}
	b.conn.Release()
	b.conn = nil
}

// take waits for a connection.
func (d *database) take(ctx context.Context) (*pgxpool.Conn, error) {
	bounded, cancel := context.WithTimeout(ctx, d.wait)
	defer cancel()
	conn, err := d.pool.Acquire(bounded)
	switch {
	case err == nil || bounded.Err() == nil:
		return conn, err
	case d.pool.Stat().AcquiredConns() < d.most:
		return nil, errDial // others do not stand in the way
	}
	return nil, errWait
}

// Begin opens a session; it sends nothing yet.
func (d *database) Begin(ctx context.Context, write bool) (sqlstore.Session, error) {
	b, err := d.borrow(ctx)
	if err != nil {
		return nil, err
	}
	b.held = d.dialect.Begin(ctx, write)
	b.until, _ = ctx.Deadline()
	// pgxpool closes a connection that is given back with a transaction open.
	return sqlstore.NewSession(&b.line, []string{"COMMIT"}, []string{"ROLLBACK"}, func(error) { b.release() }), nil
}

// Read runs one statement.
func (d *database) Read(ctx context.Context, r sqlstore.Read) error {
	b, err := d.borrow(ctx)
	if err != nil {
		return err
	}
	defer b.release()
	return b.Read(ctx, r)
}
