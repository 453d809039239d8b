package postgres_test

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/postgres"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// onDebug is a log handler that calls a function for what is logged at debug.
type onDebug struct {
	slog.Handler
	call func()
}

func (h onDebug) Enabled(context.Context, slog.Level) bool { return true }

func (h onDebug) Handle(_ context.Context, r slog.Record) error {
	if r.Level == slog.LevelDebug {
		h.call()
	}
	return nil
}

func nothing(context.Context, storage.Tx) error { return nil }

func TestLock(t *testing.T) {
	t.Parallel()
	schemas := migrated(t, postgres.Options{})
	// each runs a test with a scope that somebody else has locked until release
	// is called.
	each := func(t *testing.T, test func(t *testing.T, open func(o postgres.Options) *postgres.Store, locked unit.Scope, release func())) {
		eachStore(t, func(t *testing.T, open func(string, *postgres.Options) *postgres.Store) {
			s := schemas(t)
			on := func(o postgres.Options) *postgres.Store {
				o.Schema = s.Name
				return open(s.DSN, &o)
			}
			h, w := host{pool: pool(t, s.DSN), schema: s.Name}, tenant()
			require.NoError(t, put(t.Context(), on(postgres.Options{}), w))
			test(t, on, unit.Scope{Workspaces: scope(w)}, h.hold(t, w))
		})
	}

	t.Run("a unit waits for the lock", func(t *testing.T) {
		t.Parallel()
		each(t, func(t *testing.T, open func(postgres.Options) *postgres.Store, locked unit.Scope, release func()) {
			time.AfterFunc(50*time.Millisecond, release)
			require.NoError(t, open(postgres.Options{}).Update(t.Context(), locked, nothing))
		})
	})

	t.Run("until the context's deadline", func(t *testing.T) {
		t.Parallel()
		each(t, func(t *testing.T, open func(postgres.Options) *postgres.Store, locked unit.Scope, _ func()) {
			s := open(postgres.Options{})
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			err := s.Update(ctx, locked, nothing)
			require.ErrorIs(t, err, storage.ErrBusy)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.True(t, postgres.Retryable(err))
			require.NoError(t, put(t.Context(), s, tenant()), "the others go on")
		})
	})

	t.Run("or the store's", func(t *testing.T) {
		t.Parallel()
		each(t, func(t *testing.T, open func(postgres.Options) *postgres.Store, locked unit.Scope, _ func()) {
			err := open(postgres.Options{BusyTimeout: 500 * time.Millisecond}).Update(t.Context(), locked, nothing)
			require.ErrorIs(t, err, storage.ErrBusy)
		})
	})

	t.Run("or until it is cancelled", func(t *testing.T) {
		t.Parallel()
		each(t, func(t *testing.T, open func(postgres.Options) *postgres.Store, locked unit.Scope, _ func()) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(50*time.Millisecond, cancel)
			err := open(postgres.Options{}).Update(ctx, locked, nothing)
			require.ErrorIs(t, err, context.Canceled)
			require.NotErrorIs(t, err, storage.ErrBusy)
		})
	})

	t.Run("reads and other units do not wait", func(t *testing.T) {
		t.Parallel()
		each(t, func(t *testing.T, open func(postgres.Options) *postgres.Store, _ unit.Scope, _ func()) {
			for way, err := range ways(t.Context(), open(postgres.Options{})) {
				require.NoError(t, err, way)
			}
		})
	})
}

func TestRerun(t *testing.T) {
	t.Parallel()
	schemas := migrated(t, postgres.Options{})

	t.Run("of two units in each other's way one runs again", func(t *testing.T) {
		t.Parallel()
		eachStore(t, func(t *testing.T, open func(string, *postgres.Options) *postgres.Store) {
			s, reruns := schemas(t), new(atomic.Int64)
			count := slog.New(onDebug{slog.DiscardHandler, func() { reruns.Add(1) }})
			store := open(s.DSN, &postgres.Options{Schema: s.Name, Logger: count})
			w, v := tenant(), tenant()
			require.NoError(t, put(t.Context(), store, w, v))
			a, b := unit.Scope{Workspaces: scope(w)}, unit.Scope{Workspaces: scope(v)}
			var both, all sync.WaitGroup
			both.Add(2)
			cross := func(first, second unit.Scope) func() {
				return func() {
					meet := sync.OnceFunc(func() { both.Done(); both.Wait() })
					require.NoError(t, store.Update(t.Context(), first, func(ctx context.Context, tx storage.Tx) error {
						meet()
						return tx.Nest(ctx, second, nothing)
					}))
				}
			}
			all.Go(cross(a, b))
			all.Go(cross(b, a))
			all.Wait()
			require.Positive(t, reruns.Load())
		})
	})

	t.Run("what a function says of another store is no reason", func(t *testing.T) {
		t.Parallel()
		eachStore(t, func(t *testing.T, open func(string, *postgres.Options) *postgres.Store) {
			s, runs := schemas(t), 0
			require.ErrorIs(t, open(s.DSN, &postgres.Options{Schema: s.Name}).Update(t.Context(), unit.Scope{}, func(context.Context, storage.Tx) error {
				runs++
				return fmt.Errorf("another store: %w", storage.ErrBusy)
			}), storage.ErrBusy)
			require.Equal(t, 1, runs)
		})
	})
}

func TestExhaustedPool(t *testing.T) {
	t.Parallel()
	schemas := migrated(t, postgres.Options{})
	const brief = 500 * time.Millisecond
	exhausted := func(t *testing.T, s storage.Store, release func()) {
		t.Cleanup(release)
		update := func(ctx context.Context) error { return put(ctx, s, tenant()) }
		for name, ask := range map[string]func(context.Context) error{
			"update": update,
			"view": func(ctx context.Context) error {
				return s.View(ctx, func(ctx context.Context, r storage.Reader) error {
					_, err := r.Workspaces(ctx, workspace.Query{Limit: 9})
					return err
				})
			},
			"facts": func(ctx context.Context) error {
				_, err := s.Facts(ctx, rbac.Query{Object: rbac.OnWorkspace(tenant().ID)})
				return err
			},
		} {
			ctx, cancel := context.WithTimeout(t.Context(), brief)
			err := ask(ctx)
			cancel()
			require.ErrorIs(t, err, storage.ErrBusy, name)
			require.ErrorIs(t, err, context.DeadlineExceeded, name)
			err = ask(t.Context())
			require.ErrorIs(t, err, storage.ErrBusy, name+" without a deadline")
			hides(t, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(brief/5, cancel)
		require.ErrorIs(t, update(ctx), context.Canceled)
		time.AfterFunc(brief/5, release)
		require.NoError(t, update(t.Context()))
	}
	t.Run("pgx", func(t *testing.T) {
		t.Parallel()
		s := schemas(t)
		c, err := pgxpool.ParseConfig(s.DSN)
		require.NoError(t, err)
		c.MaxConns = 1
		p, err := pgxpool.NewWithConfig(t.Context(), c)
		require.NoError(t, err)
		t.Cleanup(p.Close)
		store := open(t, p, &postgres.Options{Schema: s.Name, BusyTimeout: 2 * brief})
		require.NoError(t, put(t.Context(), store, tenant()), "a pool of one connection is enough")
		conn, err := p.Acquire(t.Context())
		require.NoError(t, err)
		exhausted(t, store, conn.Release)
		require.Zero(t, p.Stat().AcquiredConns(), "every connection was given back")
	})
	t.Run("database-sql", func(t *testing.T) {
		t.Parallel()
		s := schemas(t)
		db, err := sql.Open("pgx", s.DSN)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, db.Close()) })
		db.SetMaxOpenConns(1)
		store := openSQL(t, db, &postgres.Options{Schema: s.Name, BusyTimeout: 2 * brief})
		require.NoError(t, put(t.Context(), store, tenant()))
		conn, err := db.Conn(t.Context())
		require.NoError(t, err)
		exhausted(t, store, func() { conn.Close() })
		require.Zero(t, db.Stats().InUse)
	})
}

func TestRaces(t *testing.T) {
	t.Parallel()
	schemas := migrated(t, postgres.Options{})
	p := pool(t, schemas(t).DSN)
	testkit.Races(t, func(t *testing.T) []storage.Store {
		s := schemas(t)
		return []storage.Store{open(t, p, &postgres.Options{Schema: s.Name})}
	})
}
