package sqlstore

import (
	"context"
	"database/sql"
	"runtime"
	"weak"

	"github.com/superapp-go/superapp/fault"
)

// bound is the Database that a transaction of the host's is. A unit runs in a
// savepoint of it, one at a time; reading takes none.
type bound struct {
	runner
	*turn
}

// A turn is what all stores that are bound to one transaction share.
type turn struct {
	taken chan struct{}
	// lost is the error for a transaction that has ended: a further statement
	// would stand for itself.
	lost error
}

// newBound returns the Database of a transaction. It shares the turn of those
// before it, which is forgotten along with the transaction.
func (c *core) newBound(tx *sql.Tx) *bound {
	b := &bound{runner{dialect: c.dialect, on: tx}, &turn{taken: make(chan struct{}, 1)}}
	if tx == nil {
		b.lost = fault.Invalid("tx", "required", "want an open *sql.Tx")
		return b
	}
	key := weak.Make(tx)
	first, there := c.turns.LoadOrStore(key, b.turn)
	if there {
		b.turn = first.(*turn)
	} else {
		runtime.AddCleanup(tx, func(key weak.Pointer[sql.Tx]) { c.turns.Delete(key) }, key)
	}
	return b
}

// take waits for the caller's turn.
func (t *turn) take(ctx context.Context) error {
	select {
	case t.taken <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if t.lost != nil {
		t.give()
		return t.lost
	}
	return nil
}

// give ends the caller's turn.
func (t *turn) give() { <-t.taken }

func (b *bound) Begin(ctx context.Context, write bool) (Session, error) {
	if err := b.take(ctx); err != nil {
		return nil, err
	}
	s := &session{runner: &b.runner, ended: func(err error) {
		if err != nil {
			b.lost = txLost(err)
		}
		b.give()
	}}
	if !write {
		return s, nil
	}
	const name = "superapp"
	if err := b.do("SAVEPOINT " + name); err != nil {
		b.give()
		return nil, err
	}
	s.commit = []string{"RELEASE SAVEPOINT " + name}
	s.rollback = []string{"ROLLBACK TO SAVEPOINT " + name, "RELEASE SAVEPOINT " + name}
	return s, nil
}

func (b *bound) Read(ctx context.Context, r Read) error {
	if err := b.take(ctx); err != nil {
		return err
	}
	defer b.give()
	return b.read(ctx, r)
}
