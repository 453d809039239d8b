package sqlstore

import (
	"context"
	"database/sql"
	"runtime"
	"weak"

	"github.com/superapp-go/superapp/fault"
)

// savepoint is the name of that of a unit in the host's transaction, and the
// beginning of those of nested units.
const savepoint = "superapp"

// bound is the Database that a transaction of the host's is. A unit runs in a
// savepoint of it, one at a time; reading takes none.
type bound struct {
	dialect *Dialect
	// line returns the line of a new session.
	line func(write bool) Line
	*turn
}

// A turn is what all stores that are bound to one transaction share.
type turn struct {
	taken chan struct{}
	// lost is the error for a transaction that has ended: a further statement
	// would stand for itself.
	lost error
}

// Bind returns the store whose units are savepoints of the host's transaction,
// which line reaches. All stores with the same owner take turns; they are
// forgotten along with it.
func Bind[T any](s *Store, owner *T, line func(write bool) Line) *Store {
	b := &bound{s.dialect, line, &turn{taken: make(chan struct{}, 1)}}
	key := weak.Make(owner)
	first, there := s.turns.LoadOrStore(key, b.turn)
	if there {
		b.turn = first.(*turn)
	} else {
		runtime.AddCleanup(owner, func(key weak.Pointer[T]) { s.turns.Delete(key) }, key)
	}
	return &Store{core: s.core, db: b, bound: true}
}

// Bound implements what [storage.Bound] asks for.
func (s *Store) Bound() bool { return s.bound }

// BindTx is Bind for a transaction of database/sql.
func (s *Store) BindTx(tx *sql.Tx) *Store {
	if tx == nil {
		return s.BindNothing("want an open *sql.Tx")
	}
	return Bind(s, tx, func(write bool) Line {
		return &runner{dialect: s.dialect, on: tx, host: true, share: write && s.dialect.Share != ""}
	})
}

// BindNothing returns a store that answers everything with an
// [fault.InvalidError] about the transaction that is missing.
func (s *Store) BindNothing(want string) *Store {
	b := &bound{turn: &turn{taken: make(chan struct{}, 1), lost: fault.Invalid("tx", "required", want)}}
	return &Store{core: s.core, db: b, bound: true}
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
	line := watched{b.line(write), b}
	ended := func(err error) {
		b.note(err)
		b.give()
	}
	if !write {
		return NewSession(line, nil, nil, ended), nil
	}
	for _, open := range b.dialect.Savepoint {
		if err := line.Write(ctx, Write{SQL: open}); err != nil {
			if class, _ := b.dialect.Classify(err); class == Ended {
				b.note(err)
				err = txLost(err)
			}
			b.give()
			return nil, err
		}
	}
	return NewSession(line, []string{"RELEASE SAVEPOINT " + savepoint},
		[]string{"ROLLBACK TO SAVEPOINT " + savepoint, "RELEASE SAVEPOINT " + savepoint}, ended), nil
}

// note remembers that the transaction is lost, unless the engine itself refuses
// whatever follows.
func (b *bound) note(err error) {
	if err != nil && !b.dialect.Aborts {
		b.lost = txLost(err)
	}
}

func (b *bound) Read(ctx context.Context, r Read) error {
	if err := b.take(ctx); err != nil {
		return err
	}
	defer b.give()
	return watched{b.line(false), b}.Read(ctx, r)
}

// A watched line notices when the engine ends the host's transaction.
type watched struct {
	Line
	bound *bound
}

func (w watched) Read(ctx context.Context, reads ...Read) error {
	return w.look(w.Line.Read(ctx, reads...))
}

func (w watched) Write(ctx context.Context, writes ...Write) error {
	return w.look(w.Line.Write(ctx, writes...))
}

// look makes of an error with which the transaction is gone the one that says so.
func (w watched) look(err error) error {
	if err == nil {
		return nil
	}
	if class, _ := w.bound.dialect.Classify(err); class != RolledBack {
		return err
	}
	w.bound.note(err)
	return txLost(err)
}
