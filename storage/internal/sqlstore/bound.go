package sqlstore

import (
	"context"
	"database/sql"
)

// bound is the Database that a transaction of the host's is. A unit runs in a
// savepoint of it, one at a time; reading takes none.
type bound struct {
	runner
	turn chan struct{}
	// lost is the error of a rollback to a savepoint: the host's transaction
	// has ended, and a further statement would stand for itself.
	lost error
}

func newBound(tx *sql.Tx, d *Dialect) *bound {
	return &bound{runner: runner{dialect: d, on: tx}, turn: make(chan struct{}, 1)}
}

// take waits for the caller's turn.
func (b *bound) take(ctx context.Context) error {
	select {
	case b.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if b.lost != nil {
		<-b.turn
		return b.lost
	}
	return nil
}

func (b *bound) Begin(ctx context.Context, write bool) (Session, error) {
	if err := b.take(ctx); err != nil {
		return nil, err
	}
	s := &session{runner: &b.runner, ended: func(err error) {
		if err != nil {
			b.lost = Failure("the transaction has ended, roll it back at once", err)
		}
		<-b.turn
	}}
	if !write {
		return s, nil
	}
	const name = "superapp"
	if err := b.do("SAVEPOINT " + name); err != nil {
		<-b.turn
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
	defer func() { <-b.turn }()
	return b.read(ctx, r)
}
