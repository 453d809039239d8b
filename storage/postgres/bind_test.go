package postgres_test

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/postgres"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// A host is a program with a table of orders beside the platform's, and a
// transaction open.
type host struct {
	store *postgres.Store
	pool  *pgxpool.Pool
	// begin opens a transaction.
	begin func(t *testing.T) hostTx
	// orders is the table.
	orders, schema string
}

// A hostTx is a transaction of the host's, of pgx or of database/sql.
type hostTx struct {
	bind             func() storage.Store
	exec             func(sql string) error
	commit, rollback func() error
}

// eachHost runs a test with a host on pgx, and with one on database/sql.
func eachHost(t *testing.T, schemas func(testing.TB) dbtest.Schema, test func(t *testing.T, h host)) {
	on := func(name string, begin func(t *testing.T, h host, dsn string) func(*testing.T) hostTx) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := schemas(t)
			h := host{pool: pool(t, s.DSN), schema: s.Name, orders: s.Name + ".orders"}
			h.store = open(t, h.pool, &postgres.Options{Schema: s.Name})
			h.exec(t, "CREATE TABLE "+h.orders+" (item text)")
			t.Cleanup(func() {
				_, err := h.pool.Exec(context.Background(), "DROP TABLE "+h.orders)
				require.NoError(t, err)
			})
			h.begin = begin(t, h, s.DSN)
			test(t, h)
		})
	}
	on("pgx", func(t *testing.T, h host, _ string) func(*testing.T) hostTx {
		return func(t *testing.T) hostTx {
			tx, err := h.pool.Begin(t.Context())
			require.NoError(t, err)
			t.Cleanup(func() { tx.Rollback(context.Background()) })
			return ofPgx(h.store, tx)
		}
	})
	on("database-sql", func(t *testing.T, h host, dsn string) func(*testing.T) hostTx {
		db := db(t, dsn)
		return func(t *testing.T) hostTx {
			tx, err := db.BeginTx(context.Background(), nil)
			require.NoError(t, err)
			t.Cleanup(func() { tx.Rollback() })
			return hostTx{
				bind:   func() storage.Store { return h.store.BindSQL(tx) },
				exec:   func(sql string) error { _, err := tx.Exec(sql); return err },
				commit: tx.Commit, rollback: tx.Rollback,
			}
		}
	})
}

func ofPgx(s *postgres.Store, tx pgx.Tx) hostTx {
	ctx := context.Background()
	return hostTx{
		bind:     func() storage.Store { return s.Bind(tx) },
		exec:     func(sql string) error { _, err := tx.Exec(ctx, sql); return err },
		commit:   func() error { return tx.Commit(ctx) },
		rollback: func() error { return tx.Rollback(ctx) },
	}
}

func (h host) exec(t *testing.T, sql string) {
	t.Helper()
	_, err := h.pool.Exec(t.Context(), sql)
	require.NoError(t, err)
}

// order opens a transaction in which the host has ordered tea.
func (h host) order(t *testing.T) (hostTx, storage.Store) {
	t.Helper()
	tx := h.begin(t)
	require.NoError(t, tx.exec("INSERT INTO "+h.orders+" VALUES ('tea')"))
	return tx, tx.bind()
}

// count counts the orders.
func (h host) count(t *testing.T) (n int) {
	t.Helper()
	require.NoError(t, h.pool.QueryRow(t.Context(), "SELECT count(*) FROM "+h.orders).Scan(&n))
	return n
}

// hold locks a workspace as another unit would, until the test lets go.
func (h host) hold(t *testing.T, w workspace.Workspace) (release func()) {
	t.Helper()
	other, err := h.pool.Begin(t.Context())
	require.NoError(t, err)
	release = sync.OnceFunc(func() { other.Rollback(context.Background()) })
	t.Cleanup(release)
	_, err = other.Exec(t.Context(), "SELECT FROM "+h.schema+".head WHERE workspace_id = $1 FOR UPDATE", w.ID.String())
	require.NoError(t, err)
	return release
}

func TestBind(t *testing.T) {
	t.Parallel()
	schemas := migrated(t, postgres.Options{})

	t.Run("commits with the host, and not before", func(t *testing.T) {
		t.Parallel()
		eachHost(t, schemas, func(t *testing.T, h host) {
			tx, bound := h.order(t)
			w := tenant()
			require.NoError(t, put(t.Context(), bound, w, person(w, "u-1")))
			require.True(t, stored(t, bound, w), "the host's transaction sees it")
			require.False(t, stored(t, h.store, w), "nobody else does")
			require.NoError(t, tx.commit())
			require.True(t, stored(t, h.store, w))
			require.Equal(t, 1, h.count(t))
		})
	})

	t.Run("rolls back with the host", func(t *testing.T) {
		t.Parallel()
		eachHost(t, schemas, func(t *testing.T, h host) {
			tx, bound := h.order(t)
			w := tenant()
			require.NoError(t, put(t.Context(), bound, w))
			require.NoError(t, tx.rollback())
			require.False(t, stored(t, h.store, w))
			require.Zero(t, h.count(t))
		})
	})

	t.Run("a unit that fails leaves nothing, and the transaction usable", func(t *testing.T) {
		t.Parallel()
		eachHost(t, schemas, func(t *testing.T, h host) {
			tx, bound := h.order(t)
			w, other := tenant(), tenant()
			wrong := errors.New("changed my mind")
			for _, ask := range []bool{false, true} {
				err := bound.Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
					require.NoError(t, tx.InsertWorkspace(ctx, w))
					if ask {
						_, err := tx.Workspace(ctx, w.ID)
						require.NoError(t, err)
					}
					return wrong
				})
				require.ErrorIs(t, err, wrong)
				require.False(t, stored(t, bound, w))
			}
			require.NoError(t, put(t.Context(), bound, other, person(other, "u-1")))
			require.ErrorIs(t, put(t.Context(), bound, person(other, "u-1")), member.ErrPresent, "by an error of the engine as well (M6)")
			err := bound.Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
				return tx.UpdateMember(ctx, person(other, "u-2"))
			})
			require.ErrorIs(t, err, member.ErrNotFound, "and by one that the store provokes")
			require.NoError(t, tx.exec("INSERT INTO "+h.orders+" VALUES ('milk')"))
			require.NoError(t, tx.commit())
			require.True(t, stored(t, h.store, other))
			require.Equal(t, 2, h.count(t))
		})
	})

	t.Run("a unit that hides an error leaves nothing", func(t *testing.T) {
		t.Parallel()
		eachHost(t, schemas, func(t *testing.T, h host) {
			tx, bound := h.order(t)
			w, lost := tenant(), tenant()
			require.NoError(t, put(t.Context(), bound, w))
			require.ErrorIs(t, bound.Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
				require.NoError(t, tx.InsertWorkspace(ctx, lost))
				_ = tx.InsertWorkspace(ctx, w)
				return nil
			}), storage.ErrExists)
			require.NoError(t, tx.commit())
			require.True(t, stored(t, h.store, w))
			require.False(t, stored(t, h.store, lost))
		})
	})

	t.Run("a unit that panics leaves nothing, and the transaction usable", func(t *testing.T) {
		t.Parallel()
		eachHost(t, schemas, func(t *testing.T, h host) {
			tx, bound := h.order(t)
			w := tenant()
			require.PanicsWithValue(t, "oh", func() {
				bound.Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
					require.NoError(t, tx.InsertWorkspace(ctx, w))
					panic("oh")
				})
			})
			require.False(t, stored(t, bound, w))
			require.NoError(t, put(t.Context(), bound, w))
			require.NoError(t, tx.commit())
		})
	})

	t.Run("a view reads what the transaction wrote, and a nested unit nests", func(t *testing.T) {
		t.Parallel()
		eachHost(t, schemas, func(t *testing.T, h host) {
			tx, bound := h.order(t)
			w := tenant()
			require.NoError(t, put(t.Context(), bound, w))
			require.NoError(t, bound.View(t.Context(), func(ctx context.Context, r storage.Reader) error {
				list, err := r.Workspaces(ctx, workspace.Query{Limit: 9})
				require.Len(t, list, 1)
				return err
			}))
			require.NoError(t, bound.Update(t.Context(), unit.Scope{Workspaces: scope(w)}, func(ctx context.Context, tx storage.Tx) error {
				require.NoError(t, tx.InsertMember(ctx, person(w, "u-1")))
				err := tx.Nest(ctx, unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
					return tx.InsertMember(ctx, person(w, "u-1"))
				})
				require.ErrorIs(t, err, member.ErrPresent)
				return tx.InsertMember(ctx, person(w, "u-2"))
			}))
			require.NoError(t, tx.commit())
		})
	})

	t.Run("a transaction that has ended is refused", func(t *testing.T) {
		t.Parallel()
		eachHost(t, schemas, func(t *testing.T, h host) {
			tx, bound := h.order(t)
			w := tenant()
			require.NoError(t, tx.commit())
			err := put(t.Context(), bound, w)
			require.ErrorIs(t, err, storage.ErrFailed)
			require.True(t, errors.Is(err, sql.ErrTxDone) || errors.Is(err, pgx.ErrTxClosed), "the cause is there for who looks for it")
			require.False(t, stored(t, h.store, w))
		})
	})

	t.Run("a transaction that ends during a unit takes the unit with it", func(t *testing.T) {
		t.Parallel()
		eachHost(t, schemas, func(t *testing.T, h host) {
			tx, bound := h.order(t)
			w, after := tenant(), tenant()
			err := bound.Update(t.Context(), unit.Scope{}, func(ctx context.Context, u storage.Tx) error {
				require.NoError(t, u.InsertWorkspace(ctx, w))
				_, err := u.Workspace(ctx, w.ID)
				require.NoError(t, err)
				return tx.exec("ROLLBACK")
			})
			require.ErrorIs(t, err, storage.ErrTxLost)
			require.ErrorIs(t, err, fault.ErrConflict)
			require.ErrorIs(t, put(t.Context(), bound, after), storage.ErrTxLost, "or it would stand for good")
			tx.rollback()
			require.False(t, stored(t, h.store, w))
			require.False(t, stored(t, h.store, after))
		})
	})

	t.Run("a transaction in which a statement of the host's failed is lost", func(t *testing.T) {
		t.Parallel()
		eachHost(t, schemas, func(t *testing.T, h host) {
			tx, bound := h.order(t)
			require.NoError(t, tx.exec("SAVEPOINT mine"))
			require.Error(t, tx.exec("SELECT 1 / 0"))
			w := tenant()
			for range 2 {
				err := put(t.Context(), bound, w)
				require.ErrorIs(t, err, storage.ErrTxLost)
				require.True(t, postgres.Retryable(err))
				_, err = bound.Facts(t.Context(), rbac.Query{Object: rbac.OnWorkspace(w.ID)})
				require.ErrorIs(t, err, storage.ErrTxLost)
			}
			require.NoError(t, tx.exec("ROLLBACK TO SAVEPOINT mine"), "unless the host can help himself")
			require.NoError(t, put(t.Context(), bound, w))
			require.NoError(t, tx.commit())
			require.True(t, stored(t, h.store, w))

			require.NoError(t, put(t.Context(), h.begin(t).bind(), tenant()), "the next transaction on the connection is another one")
		})
	})

	t.Run("a lock that the host does not want to wait for leaves the transaction usable", func(t *testing.T) {
		t.Parallel()
		eachHost(t, schemas, func(t *testing.T, h host) {
			w, other := tenant(), tenant()
			require.NoError(t, put(t.Context(), h.store, w))
			release := h.hold(t, w)
			tx, bound := h.order(t)
			require.NoError(t, tx.exec("SET LOCAL lock_timeout = '20ms'"))
			nothing := func(context.Context, storage.Tx) error { return nil }
			err := bound.Update(t.Context(), unit.Scope{Workspaces: scope(w)}, nothing)
			require.ErrorIs(t, err, storage.ErrBusy)
			require.True(t, postgres.Retryable(err))
			require.NoError(t, put(t.Context(), bound, other))
			release()
			require.NoError(t, bound.Update(t.Context(), unit.Scope{Workspaces: scope(w)}, nothing))
			require.NoError(t, tx.commit())
			require.True(t, stored(t, h.store, other))
		})
	})

	t.Run("a serialization failure is the host's to run again", func(t *testing.T) {
		t.Parallel()
		eachHost(t, schemas, func(t *testing.T, h host) {
			w := tenant()
			require.NoError(t, put(t.Context(), h.store, w))
			tx := h.begin(t)
			require.NoError(t, tx.exec("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
			bound := tx.bind()
			require.True(t, stored(t, bound, w), "the transaction has its snapshot")
			h.exec(t, "UPDATE "+h.schema+".head SET at = now()")
			err := bound.Update(t.Context(), unit.Scope{Workspaces: scope(w)}, func(context.Context, storage.Tx) error { panic("it has no lock") })
			require.ErrorIs(t, err, storage.ErrBusy)
			require.True(t, postgres.Retryable(err))
		})
	})

	t.Run("a context that ends between two statements does not end the transaction", func(t *testing.T) {
		t.Parallel()
		eachHost(t, schemas, func(t *testing.T, h host) {
			tx, bound := h.order(t)
			w := tenant()
			ctx, cancel := context.WithCancel(t.Context())
			err := bound.Update(ctx, unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
				_, err := tx.Workspace(ctx, w.ID)
				require.ErrorIs(t, err, workspace.ErrNotFound)
				require.NoError(t, tx.InsertWorkspace(ctx, w))
				cancel()
				return nil
			})
			require.ErrorIs(t, err, context.Canceled)
			require.NotErrorIs(t, err, storage.ErrOutcomeUnknown)
			require.NoError(t, tx.commit())
			require.False(t, stored(t, h.store, w))
			require.Equal(t, 1, h.count(t))
		})
	})

	t.Run("a context that ends in the middle of a statement ends the transaction, and is told as such", func(t *testing.T) {
		t.Parallel()
		eachHost(t, schemas, func(t *testing.T, h host) {
			w := tenant()
			require.NoError(t, put(t.Context(), h.store, w))
			h.hold(t, w)
			tx, bound := h.order(t)
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			err := bound.Update(ctx, unit.Scope{Workspaces: scope(w)}, func(context.Context, storage.Tx) error { panic("it has no lock") })
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.Error(t, tx.commit())
			require.Zero(t, h.count(t))
		})
	})

	t.Run("stores that are bound to it take turns", func(t *testing.T) {
		t.Parallel()
		eachHost(t, schemas, func(t *testing.T, h host) {
			tx, bound := h.order(t)
			ctx, cancel := context.WithCancel(t.Context())
			require.NoError(t, bound.Update(t.Context(), unit.Scope{}, func(context.Context, storage.Tx) error {
				err := tx.bind().Update(impatient{ctx, cancel}, unit.Scope{}, func(context.Context, storage.Tx) error { panic("it is not its turn") })
				require.ErrorIs(t, err, context.Canceled)
				return nil
			}))
			require.NoError(t, put(t.Context(), tx.bind(), tenant()))
		})
	})
}

// impatient is a context that is cancelled when somebody begins to wait.
type impatient struct {
	context.Context
	cancel func()
}

func (i impatient) Done() <-chan struct{} {
	i.cancel()
	return i.Context.Done()
}

func TestBindNothing(t *testing.T) {
	t.Parallel()
	s := open(t, pool(t, "postgres://nobody@127.0.0.1:1/none"), nil)
	for _, bound := range []storage.Store{s.Bind(nil), s.BindSQL(nil)} {
		require.ErrorIs(t, put(t.Context(), bound, tenant()), fault.ErrInvalid)
		_, err := bound.Facts(t.Context(), rbac.Query{Object: rbac.OnWorkspace(tenant().ID)})
		require.ErrorIs(t, err, fault.ErrInvalid)
	}
}

// TestBindInterrupted: pgx closes a connection when a context ends in the middle
// of a statement. The host hears of his context, not of a conflict, which would
// be tried again.
func TestBindInterrupted(t *testing.T) {
	t.Parallel()
	own := migrated(t, postgres.Options{})(t)
	proxy := dbtest.PostgresProxy(t, own.DSN)
	p := pool(t, proxy.DSN)
	s := open(t, p, &postgres.Options{Schema: own.Name})
	require.NoError(t, s.Validate(t.Context()))
	tx, err := p.Begin(t.Context())
	require.NoError(t, err)
	defer tx.Rollback(context.Background())
	ctx, cancel := context.WithCancel(t.Context())
	err = s.Bind(tx).Update(ctx, unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
		happens := proxy.At("FROM", dbtest.StallAfter)
		go func() {
			<-happens
			cancel()
		}()
		_, err := tx.Workspace(ctx, tenant().ID)
		return err
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, fault.KindOf(err))
	require.Error(t, tx.Commit(t.Context()))
	proxy.Release()
}

// TestBindNested: a transaction that pgx nests in another one by a savepoint is
// bound like any, and takes turns with it.
func TestBindNested(t *testing.T) {
	t.Parallel()
	eachPool := migrated(t, postgres.Options{})(t)
	p := pool(t, eachPool.DSN)
	s := open(t, p, &postgres.Options{Schema: eachPool.Name})
	outer, err := p.Begin(t.Context())
	require.NoError(t, err)
	defer outer.Rollback(context.Background())
	inner, err := outer.Begin(t.Context())
	require.NoError(t, err)
	kept, lost := tenant(), tenant()
	require.NoError(t, put(t.Context(), s.Bind(inner), lost))
	ctx, cancel := context.WithCancel(t.Context())
	require.NoError(t, s.Bind(inner).Update(t.Context(), unit.Scope{}, func(context.Context, storage.Tx) error {
		require.ErrorIs(t, put(impatient{ctx, cancel}, s.Bind(outer), kept), context.Canceled)
		return nil
	}))
	require.NoError(t, inner.Rollback(t.Context()))
	require.NoError(t, put(t.Context(), s.Bind(outer), kept))
	require.NoError(t, outer.Commit(t.Context()))
	require.True(t, stored(t, s, kept))
	require.False(t, stored(t, s, lost))
}

// TestHiddenRefusal: a write that is held back until a nested unit is refused
// before the nested one has its savepoint. The unit fails with that, however
// much its function hides.
func TestHiddenRefusal(t *testing.T) {
	t.Parallel()
	schemas := migrated(t, postgres.Options{})
	for name, asks := range map[string]bool{"noticed by the nested unit": true, "noticed when it is rolled back": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachHost(t, schemas, func(t *testing.T, h host) {
				tx, bound := h.order(t)
				w := tenant()
				require.NoError(t, put(t.Context(), h.store, w))
				for _, s := range []storage.Store{h.store, bound} {
					require.ErrorIs(t, s.Update(t.Context(), unit.Scope{}, func(ctx context.Context, u storage.Tx) error {
						u.Workspace(ctx, w.ID)
						_ = u.InsertWorkspace(ctx, w)
						_ = u.Nest(ctx, unit.Scope{}, func(ctx context.Context, u storage.Tx) error {
							if asks {
								u.Workspace(ctx, w.ID)
								return nil
							}
							return errors.New("changed my mind")
						})
						return nil
					}), storage.ErrExists)
				}
				require.NoError(t, tx.commit())
				require.Equal(t, 1, h.count(t))
			})
		})
	}
}
