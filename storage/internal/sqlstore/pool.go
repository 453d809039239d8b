package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync/atomic"
	"time"

	"github.com/superapp-go/superapp/storage"
)

// A Pool runs sessions on the connections of a *sql.DB.
//
// A pool that keeps connections has them for itself, with the statements
// prepared on each. One that borrows, which a host's own *sql.DB wants, takes a
// connection for each session, gives it back after it, and prepares nothing:
// whoever prepares inside a transaction on a pool of one connection waits for
// himself.
type Pool struct {
	dialect *Dialect
	db      *sql.DB
	wait    time.Duration
	// idle are the kept connections that nobody uses, nil in place of one that
	// is not open yet; the channel is nil in a pool that borrows.
	idle   chan *link
	closed atomic.Bool
	// shut is closed by Close, to wake those who wait for a connection.
	shut chan struct{}
}

// A link is a connection with what runs statements on it.
type link struct {
	runner
	conn *sql.Conn
}

// NewPool returns a pool that keeps up to so many connections, or borrows if
// that is 0. A session waits for a connection as long as its context allows,
// but no longer than wait.
func NewPool(db *sql.DB, d *Dialect, connections int, wait time.Duration) *Pool {
	p := &Pool{dialect: d, db: db, wait: wait, shut: make(chan struct{})}
	if connections > 0 {
		p.idle = make(chan *link, connections)
		for range connections {
			p.idle <- nil
		}
	}
	return p
}

// Close closes the kept connections: those in use when their session ends. It
// does not close the *sql.DB.
func (p *Pool) Close() {
	if !p.closed.Swap(true) {
		close(p.shut)
		p.drain()
	}
}

func (p *Pool) drain() {
	for {
		select {
		case l := <-p.idle:
			l.close()
		default:
			return
		}
	}
}

func (l *link) close() {
	if l != nil {
		l.runner.close()
		l.conn.Close()
	}
}

// discard closes a connection of which nobody knows what is open on it.
func (l *link) discard() {
	l.runner.close()
	l.conn.Raw(func(any) error { return driver.ErrBadConn })
	l.conn.Close()
}

// errWait is the cause of storage.ErrBusy for who waited too long.
var errWait = errors.New("no connection became free in time")

// take returns a connection for the caller alone.
func (p *Pool) take(ctx context.Context) (*link, error) {
	if p.idle == nil {
		return p.borrow(ctx)
	}
	var l *link
	select {
	case l = <-p.idle:
	default:
		timeout := time.NewTimer(p.wait)
		defer timeout.Stop()
		select {
		case l = <-p.idle:
		case <-ctx.Done():
			return nil, outOfTime("wait for a connection", ctx.Err())
		case <-p.shut:
			return nil, storage.ErrClosed
		case <-timeout.C:
			return nil, &failure{storage.ErrBusy, "wait for a connection", errWait}
		}
	}
	if p.closed.Load() {
		l.close()
		return nil, storage.ErrClosed
	}
	if l != nil {
		return l, nil
	}
	conn, err := p.db.Conn(ctx)
	if err != nil {
		p.idle <- nil
		return nil, err
	}
	return &link{runner{dialect: p.dialect, on: conn, prepared: map[string]*sql.Stmt{}}, conn}, nil
}

func (p *Pool) borrow(ctx context.Context) (*link, error) {
	bounded, cancel := context.WithTimeout(ctx, p.wait)
	defer cancel()
	conn, err := p.db.Conn(bounded)
	const op = "wait for a connection"
	switch {
	case err == nil:
		return &link{runner{dialect: p.dialect, on: conn}, conn}, nil
	case ctx.Err() != nil:
		err = outOfTime(op, ctx.Err())
	case bounded.Err() != nil:
		err = &failure{storage.ErrBusy, op, errWait}
	}
	return nil, err
}

// give returns a connection, after err.
func (p *Pool) give(l *link, err error) {
	broken := errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone)
	switch {
	case broken:
		l.discard()
		l = nil
	case p.idle == nil:
		l.close()
	}
	if p.idle != nil {
		p.idle <- l
		if p.closed.Load() {
			p.drain()
		}
	}
}

// Begin opens a session.
func (p *Pool) Begin(ctx context.Context, write bool) (Session, error) {
	l, err := p.first(ctx, func(l *link) error {
		if err := l.Write(ctx, p.dialect.Begin(ctx, write)...); err != nil {
			return p.unsure(err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	_, bounded := ctx.Deadline()
	return NewSession(l, []string{"COMMIT"}, []string{"ROLLBACK"}, func(err error) {
		if write && bounded && err == nil && p.dialect.Restore != "" {
			err = l.write(context.Background(), Write{SQL: p.dialect.Restore})
		}
		if err != nil {
			// Whatever is open on the connection ends with it.
			err = driver.ErrBadConn
		}
		p.give(l, err)
	}), nil
}

// unsure is the error of a statement that begins a transaction: on a host's
// connection nobody knows what it has left.
func (p *Pool) unsure(err error) error {
	if p.idle == nil {
		return errors.Join(err, driver.ErrBadConn)
	}
	return err
}

// first runs on a connection what changes nothing. If the connection was dead,
// as all are after the server was restarted, it goes on to the next.
func (p *Pool) first(ctx context.Context, fn func(*link) error) (*link, error) {
	for left := p.db.Stats().OpenConnections; ; left-- {
		l, err := p.take(ctx)
		if err != nil {
			return nil, err
		}
		if err = fn(l); err == nil {
			return l, nil
		}
		class, _ := p.dialect.Classify(err)
		if class == Unknown {
			err = errors.Join(err, driver.ErrBadConn)
		}
		p.give(l, err)
		if class != Unknown || left < 0 || ctx.Err() != nil {
			return nil, err
		}
	}
}

// Read runs one statement.
func (p *Pool) Read(ctx context.Context, r Read) error {
	l, err := p.first(ctx, func(l *link) error { return l.Read(ctx, r) })
	if err == nil {
		p.give(l, nil)
	}
	return err
}

// Pools is a Database that writes on one pool and reads on another; they may
// be the same.
type Pools struct{ Writer, Reader *Pool }

// Begin opens a session on the pool for it.
func (p Pools) Begin(ctx context.Context, write bool) (Session, error) {
	if write {
		return p.Writer.Begin(ctx, true)
	}
	return p.Reader.Begin(ctx, false)
}

// Read runs one statement on the pool for reading.
func (p Pools) Read(ctx context.Context, r Read) error { return p.Reader.Read(ctx, r) }
