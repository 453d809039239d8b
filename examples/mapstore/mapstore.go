// Package mapstore is a whole store over plain maps and one lock: an example
// for those who write a store of their own. Read it in this order: the promises
// below, this file, tx.go, handle.go, read.go.
//
// # What each promise needs
//
//   - A View sees one state: a state is never changed once it is published, so
//     a View takes the pointer and reads on, whatever is committed meanwhile.
//   - A unit that fails leaves nothing: it works on a copy of the state, which
//     is published by its commit and forgotten otherwise. A panic needs no code.
//   - Units about one workspace run one after the other: here all of them do,
//     by a lock that a cancelled context can stop waiting for. A store with finer
//     locks takes those of the scope, in the order of the ids, before it reads.
//   - A nested unit is a copy of the copy, taken over by the outer one if it
//     succeeds.
//   - Events go to workspaces of the scope only: the unit remembers its scope,
//     and what it created.
//   - A transaction that somebody keeps is refused: what a function gets is a
//     handle, which lets its unit go at the end.
//   - Values are copies: what holds a slice or a map is cloned on its way in and
//     on its way out. On its way in, times are cut to UTC microseconds as well.
//   - Rules over several records (one open invitation per e-mail, one present
//     account, one name, one request in review, one short id) are kept at every
//     write, although the services look first: the store is the last line.
//   - The store is not asked inside its own units: their context carries a mark
//     that names the store.
//   - The port may grow: storage.UnimplementedTx is embedded below everything.
//
// Proof is one line in a test: storagetest.Run(t, open).
//
// Copying the maps for every unit and scanning them for every list is what
// keeps it short. Package memory does the same with trees that share what did
// not change.
package mapstore

import (
	"context"
	"sync/atomic"

	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
)

// A Store keeps a platform's data in maps. Its methods are safe for concurrent
// use. Make one with [New].
type Store struct {
	// writer holds one token: whoever took it may publish.
	writer chan struct{}
	now    atomic.Pointer[state]
}

var _ storage.Store = (*Store)(nil)

// New returns an empty store.
func New() *Store {
	s := &Store{writer: make(chan struct{}, 1)}
	s.now.Store(newState())
	return s
}

// Facts answers a query from the state of the moment.
func (s *Store) Facts(ctx context.Context, q rbac.Query) (rbac.Facts, error) {
	ctx, err := s.enter(ctx)
	if err != nil {
		return rbac.Facts{}, err
	}
	return reader{state: s.now.Load()}.Facts(ctx, q)
}

// View runs fn on the state of the moment.
func (s *Store) View(ctx context.Context, fn func(context.Context, storage.Reader) error) error {
	ctx, err := s.enter(ctx)
	if err != nil {
		return err
	}
	h := &handle{reader{state: s.now.Load()}}
	defer h.end()
	return fn(ctx, h)
}

// Update runs fn on a copy of the state and publishes the copy if fn returns
// nil.
func (s *Store) Update(ctx context.Context, scope unit.Scope, fn func(context.Context, storage.Tx) error) error {
	ctx, err := s.enter(ctx)
	if err != nil {
		return err
	}
	select {
	case s.writer <- struct{}{}:
		defer func() { <-s.writer }()
	case <-ctx.Done():
		return ctx.Err()
	}
	t := &tx{reader: reader{state: s.now.Load()}}
	if err := t.Nest(ctx, scope, fn); err != nil {
		return err
	}
	s.now.Store(t.state)
	return nil
}

// inside is the key of the mark in the context of a store's units.
type inside struct{ *Store }

// enter refuses a context that is done or belongs to a unit of this store, and
// returns the context for a unit.
func (s *Store) enter(ctx context.Context) (context.Context, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if ctx.Value(inside{s}) != nil {
		return nil, storage.ErrNested
	}
	return context.WithValue(ctx, inside{s}, true), nil
}
