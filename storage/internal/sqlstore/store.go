// Package sqlstore keeps a platform in an SQL database: what the stores on
// SQLite, and on others, share.
//
// Every statement is written by hand in the file of its domain (workspace.go,
// member.go, ...), with the scanning beside it. What differs between engines
// is a [Dialect], which is data and a few short functions. How statements
// reach the engine is a [Database]: [Pools] and the host's own transaction are
// built on database/sql; an engine with a driver that sends several statements
// at once has its own.
//
// A unit begins, locks the heads of its workspaces and reads what it is most
// likely to ask for, all in one call to the session; writes may be held back
// until the next read or the commit. An engine that pipelines does a verb in
// three round trips so: begin, lock and facts; a look-up; writes and commit.
package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
)

// Config is what a store is made of.
type Config struct {
	Dialect    *Dialect
	Database   Database
	Migrations []Migration
	// Patience bounds the reruns of a unit whose context has no deadline.
	Patience time.Duration
	// Log gets the causes of failures, and reruns at level debug.
	Log *slog.Logger
	// Check looks, when the schema is validated, whether the connections are
	// fit for the store; nil if all are.
	Check func(context.Context) error
}

// core is what a store shares with those bound to a transaction of its
// database.
type core struct {
	dialect    *Dialect
	migrations []Migration
	patience   time.Duration
	log        *slog.Logger
	check      func(context.Context) error
	closed     atomic.Bool
	// ready is set once the schema was seen to be the one wanted.
	ready atomic.Bool
	// customs are the own roles that were read.
	customs customs
	// turns are the turns of the host's transactions, by a weak.Pointer to each.
	turns sync.Map
}

// A Store is a storage.Store on an SQL database.
type Store struct {
	*core
	db    Database
	bound bool
}

// New returns the store; it touches nothing yet.
func New(c Config) *Store {
	return &Store{
		core: &core{dialect: c.Dialect, migrations: c.Migrations, patience: c.Patience, log: c.Log, check: c.Check},
		db:   c.Database,
	}
}

// Close lets every later call end with storage.ErrClosed, and reports whether
// it was the first.
func (s *Store) Close() bool { return !s.closed.Swap(true) }

// inside marks the context of a unit.
type inside struct{ *core }

// usable returns the error for a store that cannot be used, or not from here.
func (s *Store) usable(ctx context.Context) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case s.closed.Load():
		return storage.ErrClosed
	case ctx.Value(inside{s.core}) != nil:
		return storage.ErrNested
	}
	return nil
}

// enter is usable for what needs the tables.
func (s *Store) enter(ctx context.Context) error {
	if err := s.usable(ctx); err != nil || s.ready.Load() {
		return err
	}
	return s.Validate(ctx)
}

// Facts implements storage.Store.
func (s *Store) Facts(ctx context.Context, q rbac.Query) (rbac.Facts, error) {
	if err := s.enter(ctx); err != nil {
		return rbac.Facts{}, err
	}
	var f rbac.Facts
	read, ok := s.readFacts(q, &f)
	if !ok {
		return f, nil
	}
	err := s.db.Read(ctx, read)
	return f, s.fail(ctx, "read facts", err)
}

// View implements storage.Store.
func (s *Store) View(ctx context.Context, fn func(context.Context, storage.Reader) error) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	session, err := s.db.Begin(ctx, false)
	if err != nil {
		return s.fail(ctx, "begin", err)
	}
	r := newReader(s.core, session)
	if !s.bound {
		r.planAnew = s.dialect.PlanAnew
	}
	defer func() {
		r.ended = true
		session.Rollback()
	}()
	return fn(context.WithValue(ctx, inside{s.core}, true), r)
}

// Update implements storage.Store.
func (s *Store) Update(ctx context.Context, scope unit.Scope, fn func(context.Context, storage.Tx) error) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	return s.rerun(ctx, func(wait context.Context) (bool, error) { return s.once(ctx, wait, scope, fn) })
}

// once runs a unit a single time, and reports whether it is to run again: not
// for an error of fn's own, which may come from another store. It waits for
// others as long as wait lasts.
func (s *Store) once(ctx, wait context.Context, scope unit.Scope, fn func(context.Context, storage.Tx) error) (again bool, err error) {
	session, err := s.db.Begin(wait, true)
	if err != nil {
		return retry(s.fail(ctx, "begin", err))
	}
	t := newTx(s.core, session)
	// Also when fn panics.
	defer func() {
		t.ended = true
		lost := session.Rollback()
		// A transaction that the host's context ended is over for him as well: he
		// can write nothing more by it, and wants to hear of his context.
		over := ctx.Err() != nil && errors.Is(lost, sql.ErrTxDone)
		if lost != nil && s.bound && !over {
			err = txLost(errors.Join(err, lost))
		}
	}()
	if err := t.lock(wait, scope); err != nil {
		if gone := wait.Err(); gone != nil {
			return false, outOfTime("wait for the lock", gone)
		}
		return retry(err)
	}
	err = fn(context.WithValue(ctx, inside{s.core}, true), t)
	if lost := *t.broken; lost != nil {
		if gone := ctx.Err(); gone != nil && !errors.Is(lost, storage.ErrTxLost) {
			lost = instead(lost, "run a unit", gone)
		}
		return retry(lost)
	}
	if err == nil {
		err = t.aborted
	}
	if err != nil {
		return false, err
	}
	if err := t.settle(ctx); err != nil {
		return retry(err)
	}
	return retry(s.commit(ctx, session))
}

// The pauses between two runs of a unit.
const (
	shortPause = 2 * time.Millisecond
	longPause  = 100 * time.Millisecond
)

// rerun runs once until that is not to run again, or there is no time left. In
// the host's transaction it runs once, since that would have to run again as a
// whole.
func (s *Store) rerun(ctx context.Context, once func(wait context.Context) (again bool, err error)) error {
	deadline, ok := ctx.Deadline()
	wait := ctx
	if !ok {
		deadline = time.Now().Add(s.patience)
	}
	if !ok && !s.bound {
		// To interrupt the host's transaction would end it.
		var cancel context.CancelFunc
		wait, cancel = context.WithDeadline(ctx, deadline)
		defer cancel()
	}
	for pause := shortPause; ; pause = min(2*pause, longPause) {
		again, err := once(wait)
		if s.bound || !again {
			return err
		}
		s.log.LogAttrs(ctx, slog.LevelDebug, "lost against others, running again", slog.Duration("pause", pause))
		wait := time.NewTimer(pause/2 + rand.N(pause/2))
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
		}
		if gone := ctx.Err(); gone != nil {
			return outOfTime("no time left", gone)
		}
		switch late := !time.Now().Before(deadline); {
		case late && ok:
			// Why: the clock may be a moment ahead of the context's timer.
			return outOfTime("no time left", context.DeadlineExceeded)
		case late:
			return err
		}
	}
}
