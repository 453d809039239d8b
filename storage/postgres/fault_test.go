package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/postgres"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// eachStore runs a test with a way to open stores on pgx, and with one on
// database/sql.
func eachStore(t *testing.T, test func(t *testing.T, open func(dsn string, o *postgres.Options) *postgres.Store)) {
	t.Run("pgx", func(t *testing.T) {
		t.Parallel()
		test(t, func(dsn string, o *postgres.Options) *postgres.Store { return open(t, pool(t, dsn), o) })
	})
	t.Run("database-sql", func(t *testing.T) {
		t.Parallel()
		test(t, func(dsn string, o *postgres.Options) *postgres.Store { return openSQL(t, db(t, dsn), o) })
	})
}

// ways are what a store may be asked, and how it answers.
func ways(ctx context.Context, s storage.Store) map[string]error {
	w := tenant()
	_, facts := s.Facts(ctx, rbac.Query{Object: rbac.OnWorkspace(w.ID)})
	view := s.View(ctx, func(ctx context.Context, r storage.Reader) error {
		_, err := r.Workspaces(ctx, workspace.Query{Limit: 9})
		return err
	})
	return map[string]error{"facts": facts, "view": view, "update": put(ctx, s, w)}
}

// hides fails if an error shows what the driver said.
func hides(t *testing.T, err error, words ...string) {
	t.Helper()
	for _, w := range append(words, "SQLSTATE", "127.0.0.1", "pgconn") {
		require.NotContains(t, err.Error(), w)
	}
}

func TestWrongAddress(t *testing.T) {
	t.Parallel()
	s := dbtest.Postgres(t)
	for name, dsn := range map[string]string{
		"nobody listens":   dbtest.With(s.DSN, "port", "1"),
		"no such database": withDatabase(t, s.DSN, "superapp_nowhere"),
		"no such user":     dbtest.With(s.DSN, "user", "superapp_nobody"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachStore(t, func(t *testing.T, open func(string, *postgres.Options) *postgres.Store) {
				store := open(dsn, &postgres.Options{Schema: s.Name})
				for way, err := range ways(t.Context(), store) {
					require.ErrorIs(t, err, storage.ErrUnreachable, way)
					hides(t, err, "superapp_no")
					_, there := errors.AsType[*pgconn.ConnectError](err)
					require.True(t, there, "the cause is there for who looks for it")
				}
				require.ErrorIs(t, store.Migrate(t.Context()), storage.ErrUnreachable)
			})
		})
	}
}

// TestSilentServer: a server that takes connections and says nothing is not one
// that is busy.
func TestSilentServer(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	store := open(t, pool(t, "postgres://app@"+l.Addr().String()+"/app?sslmode=disable"), &postgres.Options{BusyTimeout: 50 * time.Millisecond})
	for way, err := range ways(t.Context(), store) {
		require.ErrorIs(t, err, storage.ErrUnreachable, way)
	}
}

// withDatabase returns a DSN with another database.
func withDatabase(t *testing.T, dsn, name string) string {
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	u.Path = "/" + name
	return u.String()
}

// role makes a user of the server's without any right.
func role(t *testing.T, p *pgxpool.Pool, schema string) (name string) {
	t.Helper()
	name = "superapp_test_" + strings.ReplaceAll(id.New().String(), "-", "")
	_, err := p.Exec(t.Context(), "CREATE ROLE "+name+" LOGIN")
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := p.Exec(context.Background(), "DROP OWNED BY "+name+"; DROP ROLE "+name)
		require.NoError(t, err)
	})
	return name
}

func TestRights(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, open func(string, *postgres.Options) *postgres.Store) {
		s := dbtest.Postgres(t)
		admin := pool(t, s.DSN)
		name := role(t, admin, s.Name)
		dsn := dbtest.With(s.DSN, "user", name)
		grant := func(sql string) {
			_, err := admin.Exec(t.Context(), fmt.Sprintf(sql, s.Name, name))
			require.NoError(t, err)
		}
		forbidden := func(err error) {
			t.Helper()
			require.ErrorIs(t, err, storage.ErrForbidden)
			hides(t, err, "permission denied", name)
		}
		store := open(dsn, &postgres.Options{Schema: s.Name})
		forbidden(store.Migrate(t.Context()))
		forbidden(open(dsn, &postgres.Options{Schema: s.Name + "_new"}).Migrate(t.Context()))
		grant("GRANT USAGE ON SCHEMA %s TO %s")
		forbidden(store.Migrate(t.Context()))

		require.NoError(t, open(s.DSN, &postgres.Options{Schema: s.Name}).Migrate(t.Context()))
		forbidden(store.Validate(t.Context()))
		grant("GRANT SELECT ON ALL TABLES IN SCHEMA %s TO %s")
		require.NoError(t, store.Validate(t.Context()))
		require.NoError(t, store.Migrate(t.Context()), "there is nothing to do")
		all := ways(t.Context(), store)
		require.NoError(t, all["facts"])
		require.NoError(t, all["view"])
		forbidden(all["update"])
		grant("GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %s TO %s")
		w := tenant()
		require.NoError(t, put(t.Context(), store, w, person(w, "u-1")))
		require.NoError(t, store.Update(t.Context(), unit.Scope{Workspaces: scope(w)}, func(context.Context, storage.Tx) error { return nil }))
	})
}

func TestReadOnly(t *testing.T) {
	t.Parallel()
	schemas := migrated(t, postgres.Options{})
	eachStore(t, func(t *testing.T, open func(string, *postgres.Options) *postgres.Store) {
		s, w := schemas(t), tenant()
		o := &postgres.Options{Schema: s.Name}
		require.NoError(t, put(t.Context(), open(s.DSN, o), w, person(w, "u-1")))

		replica := open(dbtest.With(s.DSN, "default_transaction_read_only", "on"), o)
		require.True(t, stored(t, replica, w))
		require.NoError(t, replica.View(t.Context(), func(ctx context.Context, r storage.Reader) error {
			list, err := r.Members(ctx, member.Query{Workspace: w.ID, Limit: 9})
			require.Len(t, list, 1)
			return err
		}))
		err := put(t.Context(), replica, tenant())
		require.ErrorIs(t, err, storage.ErrReadOnly)
		hides(t, err, "read-only transaction")
		err = replica.Update(t.Context(), unit.Scope{Workspaces: scope(w)}, func(context.Context, storage.Tx) error { panic("it cannot lock") })
		require.ErrorIs(t, err, storage.ErrReadOnly)
		require.ErrorIs(t, open(dbtest.With(s.DSN, "default_transaction_read_only", "on"), &postgres.Options{Schema: s.Name, TablePrefix: "x_"}).Migrate(t.Context()),
			storage.ErrReadOnly)
	})
}

// atCommit arms a fault for the next commit. BEGIN has the word in it as well, as
// the level of isolation: a stall that ends at once lets it pass.
func atCommit(proxy *dbtest.Proxy, kind dbtest.Fault) (happens <-chan struct{}) {
	began := proxy.At("READ COMMITTED", dbtest.StallAfter)
	go func() {
		<-began
		proxy.Release()
	}()
	return proxy.At("COMMIT", kind)
}

func TestBroken(t *testing.T) {
	t.Parallel()
	schemas := migrated(t, postgres.Options{})
	// each runs a test with a store behind a proxy, and one that goes past it.
	within := func(timeout time.Duration, t *testing.T, test func(t *testing.T, proxy *dbtest.Proxy, s, direct *postgres.Store)) {
		eachStore(t, func(t *testing.T, open func(string, *postgres.Options) *postgres.Store) {
			s := schemas(t)
			proxy := dbtest.PostgresProxy(t, s.DSN)
			behind := open(proxy.DSN, &postgres.Options{Schema: s.Name, WriteTimeout: timeout})
			test(t, proxy, behind, open(s.DSN, &postgres.Options{Schema: s.Name}))
		})
	}
	each := func(t *testing.T, test func(t *testing.T, proxy *dbtest.Proxy, s, direct *postgres.Store)) {
		within(time.Minute, t, test)
	}
	// unitOf runs a unit that stores a workspace, and counts its runs.
	unitOf := func(ctx context.Context, s storage.Store, in, w workspace.Workspace, within func(ctx context.Context, tx storage.Tx)) (runs int, err error) {
		err = s.Update(ctx, unit.Scope{Workspaces: scope(in)}, func(ctx context.Context, tx storage.Tx) error {
			runs++
			if err := tx.InsertWorkspace(ctx, w); err != nil {
				return err
			}
			if within != nil {
				within(ctx, tx)
			}
			return nil
		})
		return runs, err
	}
	nothing := func(context.Context, storage.Tx) {}

	t.Run("in the middle of a unit: nothing is kept, and the next one works", func(t *testing.T) {
		t.Parallel()
		each(t, func(t *testing.T, proxy *dbtest.Proxy, s, direct *postgres.Store) {
			w, lost := tenant(), tenant()
			require.NoError(t, put(t.Context(), s, w))
			for _, kind := range []dbtest.Fault{dbtest.CutBefore, dbtest.CutAfter} {
				for range 2 {
					runs, err := unitOf(t.Context(), s, w, lost, func(ctx context.Context, tx storage.Tx) {
						proxy.At("SELECT", kind)
						_, err := tx.Workspace(ctx, lost.ID)
						require.ErrorIs(t, err, storage.ErrUnreachable)
					})
					require.ErrorIs(t, err, storage.ErrUnreachable)
					require.NotErrorIs(t, err, storage.ErrOutcomeUnknown)
					require.Equal(t, 1, runs)
					require.False(t, stored(t, direct, lost))
				}
			}
			require.NoError(t, put(t.Context(), s, lost))
		})
	})

	t.Run("during the commit: the outcome is unknown, and the unit is not run again", func(t *testing.T) {
		t.Parallel()
		each(t, func(t *testing.T, proxy *dbtest.Proxy, s, direct *postgres.Store) {
			w := tenant()
			require.NoError(t, put(t.Context(), s, w))
			for kind, kept := range map[dbtest.Fault]bool{dbtest.CutBefore: false, dbtest.CutAfter: true} {
				other := tenant()
				happens := atCommit(proxy, kind)
				runs, err := unitOf(t.Context(), s, w, other, nothing)
				require.ErrorIs(t, err, storage.ErrOutcomeUnknown)
				require.False(t, postgres.Retryable(err))
				hides(t, err, "EOF")
				<-happens
				require.Equal(t, 1, runs)
				require.Equal(t, kept, stored(t, direct, other))
			}
		})
	})

	t.Run("during the commit of a unit that has only written: the same", func(t *testing.T) {
		t.Parallel()
		each(t, func(t *testing.T, proxy *dbtest.Proxy, s, direct *postgres.Store) {
			require.NoError(t, s.Validate(t.Context()))
			other := tenant()
			atCommit(proxy, dbtest.CutAfter)
			require.ErrorIs(t, put(t.Context(), s, other), storage.ErrOutcomeUnknown)
			require.True(t, stored(t, direct, other), "or a second try would say that it exists")
		})
	})

	t.Run("a commit that is not answered in time: the outcome is unknown", func(t *testing.T) {
		t.Parallel()
		within(300*time.Millisecond, t, func(t *testing.T, proxy *dbtest.Proxy, s, direct *postgres.Store) {
			w, other := tenant(), tenant()
			require.NoError(t, put(t.Context(), direct, w))
			atCommit(proxy, dbtest.StallAfter)
			_, err := unitOf(t.Context(), s, w, other, nothing)
			require.ErrorIs(t, err, storage.ErrOutcomeUnknown)
			proxy.Release()
			require.True(t, stored(t, direct, other))
		})
	})

	t.Run("a context that ends during the commit does not interrupt it", func(t *testing.T) {
		t.Parallel()
		each(t, func(t *testing.T, proxy *dbtest.Proxy, s, direct *postgres.Store) {
			w, other := tenant(), tenant()
			require.NoError(t, put(t.Context(), s, w))
			ctx, cancel := context.WithCancel(t.Context())
			happens := atCommit(proxy, dbtest.StallAfter)
			go func() {
				<-happens
				cancel()
				proxy.Release()
			}()
			_, err := unitOf(ctx, s, w, other, nothing)
			require.NoError(t, err)
			require.True(t, stored(t, direct, other))
		})
	})

	t.Run("between two verbs, as when the server is restarted: nobody notices", func(t *testing.T) {
		t.Parallel()
		each(t, func(t *testing.T, proxy *dbtest.Proxy, s, direct *postgres.Store) {
			w := tenant()
			require.NoError(t, put(t.Context(), s, w))
			many := func() {
				var all sync.WaitGroup
				errs := make([]error, 6)
				for i := range errs {
					all.Go(func() {
						errs[i] = s.View(t.Context(), func(ctx context.Context, r storage.Reader) error {
							_, err := r.Workspace(ctx, w.ID)
							time.Sleep(20 * time.Millisecond) // so that each has a connection of its own
							return err
						})
					})
				}
				all.Wait()
				require.NoError(t, errors.Join(errs...))
			}
			for range 2 {
				for _, next := range []func(){
					func() { require.True(t, stored(t, s, w)) },
					func() { require.NoError(t, put(t.Context(), s, tenant())) },
					func() {
						other := tenant()
						runs, err := unitOf(t.Context(), s, w, other, nil)
						require.NoError(t, err)
						require.Equal(t, 1, runs)
					},
					many,
				} {
					many()
					proxy.Cut()
					next()
				}
			}
		})
	})

	t.Run("while the server is down, until it is up again", func(t *testing.T) {
		t.Parallel()
		each(t, func(t *testing.T, proxy *dbtest.Proxy, s, direct *postgres.Store) {
			require.NoError(t, put(t.Context(), s, tenant()))
			proxy.Refuse(true)
			proxy.Cut()
			for way, err := range ways(t.Context(), s) {
				require.ErrorIs(t, err, storage.ErrUnreachable, way)
			}
			proxy.Refuse(false)
			for way, err := range ways(t.Context(), s) {
				require.NoError(t, err, way)
			}
		})
	})

	t.Run("by an administrator", func(t *testing.T) {
		t.Parallel()
		eachStore(t, func(t *testing.T, open func(string, *postgres.Options) *postgres.Store) {
			schema := schemas(t)
			s, admin := open(schema.DSN, &postgres.Options{Schema: schema.Name}), pool(t, schema.DSN)
			w, lost := tenant(), tenant()
			require.NoError(t, put(t.Context(), s, w))
			_, err := unitOf(t.Context(), s, w, lost, func(ctx context.Context, tx storage.Tx) {
				tx.Workspace(ctx, w.ID)
				tag, err := admin.Exec(ctx, "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = $1::text::regclass AND mode = 'RowShareLock'", schema.Name+".head")
				require.NoError(t, err)
				require.EqualValues(t, 1, tag.RowsAffected())
				_, err = tx.Workspace(ctx, w.ID)
				require.ErrorIs(t, err, storage.ErrUnreachable)
				hides(t, err, "terminating")
			})
			require.ErrorIs(t, err, storage.ErrUnreachable)
			require.False(t, stored(t, s, lost))
		})
	})
}
