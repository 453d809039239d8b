package memory

import (
	"context"
	"sync/atomic"

	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
)

// A Store keeps a platform in memory. It is safe for concurrent use; see the
// package's documentation for what that means. The zero value is not usable:
// call [New].
type Store struct {
	// root is what is committed.
	root atomic.Pointer[state]
	// checks answers Facts.
	checks *checks
	// writing holds something while an Update runs: a channel, so that a
	// context can end the wait for it.
	writing chan struct{}
	closed  atomic.Bool
}

var _ storage.Store = (*Store)(nil)

// New returns an empty store. It needs no migration, and Close only if somebody
// should be told that it is no longer there.
func New() *Store {
	s := &Store{checks: newChecks(), writing: make(chan struct{}, 1)}
	s.root.Store(newState())
	return s
}

// Close makes every call from then on answer [storage.ErrClosed]; a unit that
// is running does not commit. It returns nil, the second time too.
func (s *Store) Close() error {
	s.closed.Store(true)
	return nil
}

// Facts answers a query from what is committed, without locks and, but for the
// moment in which a commit takes effect, without allocations. The error is that
// of a context that is done, [storage.ErrClosed], or [storage.ErrNested] with
// the context of a unit of this store, whose transaction knows more.
func (s *Store) Facts(ctx context.Context, q rbac.Query) (f rbac.Facts, err error) {
	if err := s.enter(ctx); err != nil {
		return f, err
	}
	if !s.checks.facts(&q, &f) {
		f = s.root.Load().facts(q)
	}
	return f, nil
}

// View runs fn on what is committed now. It returns the error of fn or, without
// running it, those of [Store.Facts].
func (s *Store) View(ctx context.Context, fn func(context.Context, storage.Reader) error) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	r := &reader{state: s.root.Load()}
	defer r.end()
	return fn(s.mark(ctx), r)
}

// Update runs fn once, as one unit of work, after the Updates before it. It
// returns the error of fn; that of a context that is done before the commit;
// [storage.ErrClosed]; or, without running it, [storage.ErrNested].
func (s *Store) Update(ctx context.Context, scope unit.Scope, fn func(context.Context, storage.Tx) error) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	select {
	case s.writing <- struct{}{}:
		defer func() { <-s.writing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	before := s.root.Load()
	t := &tx{reader{state: before.copy()}, &work{store: s}}
	defer t.end()
	t.lock(scope)
	if err := fn(s.mark(ctx), t); err != nil {
		return err
	}
	if err := s.enter(ctx); err != nil {
		return err
	}
	s.commit(before, t)
	return nil
}

// commit publishes what the unit wrote. While the check index takes it in, the
// trees answer in its place, so that both tell the news at the same instant.
func (s *Store) commit(before *state, t *tx) {
	s.checks.begin()
	s.root.Store(t.state)
	s.checks.apply(before, t.state, t.changed)
	s.checks.end()
}

// enter returns the error of a call that must not begin.
func (s *Store) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.closed.Load() {
		return storage.ErrClosed
	}
	if ctx.Value(inside{s}) != nil {
		return storage.ErrNested
	}
	return nil
}

// inside is the key of a context that belongs to a unit of the store.
type inside struct{ store *Store }

func (s *Store) mark(ctx context.Context) context.Context {
	return context.WithValue(ctx, inside{s}, true)
}
