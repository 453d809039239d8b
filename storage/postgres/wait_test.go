package postgres_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/postgres"
	"github.com/superapp-go/superapp/unit"
)

// TestWritesWait: a write that waits for a transaction of the host's, such as
// one that holds the same e-mail, waits no longer than the unit may, though it
// may travel with the commit.
func TestWritesWait(t *testing.T) {
	t.Parallel()
	schemas := migrated(t, postgres.Options{})
	// each runs a test with a member whose e-mail somebody else has taken,
	// who has not committed until release is called.
	each := func(t *testing.T, test func(t *testing.T, open func(o postgres.Options) *postgres.Store, m member.Member, release func())) {
		eachStore(t, func(t *testing.T, open func(string, *postgres.Options) *postgres.Store) {
			s, w := schemas(t), tenant()
			on := func(o postgres.Options) *postgres.Store {
				o.Schema = s.Name
				return open(s.DSN, &o)
			}
			require.NoError(t, put(t.Context(), on(postgres.Options{}), w))
			tx, err := pool(t, s.DSN).Begin(t.Context())
			require.NoError(t, err)
			release := sync.OnceFunc(func() { tx.Rollback(context.Background()) })
			t.Cleanup(release)
			require.NoError(t, put(t.Context(), on(postgres.Options{}).Bind(tx), person(w, "u-1")))
			test(t, on, person(w, "u-1"), release)
		})
	}
	// lost fails unless the unit has lost, in time and for good.
	lost := func(t *testing.T, s storage.Store, begun time.Time, err error, m member.Member, release func()) {
		t.Helper()
		require.Error(t, err)
		require.NotErrorIs(t, err, storage.ErrOutcomeUnknown)
		require.Less(t, time.Since(begun), 5*time.Second)
		release()
		for range 5 { // nor is it stored later
			time.Sleep(20 * time.Millisecond)
			require.NoError(t, s.View(t.Context(), func(ctx context.Context, r storage.Reader) error {
				_, err := r.Member(ctx, m.ID)
				require.ErrorIs(t, err, member.ErrNotFound)
				return nil
			}))
		}
	}

	t.Run("until the other is gone", func(t *testing.T) {
		t.Parallel()
		each(t, func(t *testing.T, open func(postgres.Options) *postgres.Store, m member.Member, release func()) {
			time.AfterFunc(50*time.Millisecond, release)
			require.NoError(t, put(t.Context(), open(postgres.Options{}), m))
		})
	})

	t.Run("until the context's deadline", func(t *testing.T) {
		t.Parallel()
		each(t, func(t *testing.T, open func(postgres.Options) *postgres.Store, m member.Member, release func()) {
			s, begun := open(postgres.Options{}), time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			err := put(ctx, s, m)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			lost(t, s, begun, err, m, release)
		})
	})

	t.Run("or the store's, whether the context could be cancelled or not", func(t *testing.T) {
		t.Parallel()
		each(t, func(t *testing.T, open func(postgres.Options) *postgres.Store, m member.Member, release func()) {
			s := open(postgres.Options{BusyTimeout: 500 * time.Millisecond})
			for _, ctx := range []context.Context{t.Context(), context.Background()} {
				begun := time.Now()
				err := put(ctx, s, m)
				require.ErrorIs(t, err, storage.ErrBusy)
				lost(t, s, begun, err, m, func() {})
			}
			release()
			require.NoError(t, put(t.Context(), s, m))
		})
	})

	t.Run("what was left of it when the commit was sent", func(t *testing.T) {
		t.Parallel()
		each(t, func(t *testing.T, open func(postgres.Options) *postgres.Store, m member.Member, release func()) {
			const patience = 2 * time.Second
			s, begun := open(postgres.Options{BusyTimeout: patience}), time.Now()
			err := s.Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
				_, err := tx.Workspace(ctx, m.Workspace)
				require.NoError(t, err)
				time.Sleep(patience * 9 / 10)
				return tx.InsertMember(ctx, m)
			})
			took := time.Since(begun)
			require.ErrorIs(t, err, storage.ErrBusy)
			lost(t, s, begun, err, m, release)
			require.Less(t, took, 2*patience)
		})
	})

	t.Run("never so long that the outcome is unknown", func(t *testing.T) {
		t.Parallel()
		each(t, func(t *testing.T, open func(postgres.Options) *postgres.Store, m member.Member, release func()) {
			s := open(postgres.Options{WriteTimeout: 200 * time.Millisecond})
			time.AfterFunc(time.Second, release)
			require.NoError(t, put(t.Context(), s, m), "it runs again meanwhile")
		})
	})
}

// TestInterrupted: a unit whose context ends in its midst, at whatever moment,
// gives its lock and its connection back at once.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	schemas := migrated(t, postgres.Options{})
	for _, mode := range []string{"disable", "require"} {
		t.Run("sslmode "+mode, func(t *testing.T) {
			t.Parallel()
			s, w := schemas(t), tenant()
			p := pool(t, dbtest.With(s.DSN, "sslmode", mode))
			store := open(t, p, &postgres.Options{Schema: s.Name})
			require.NoError(t, put(t.Context(), store, w))
			for i := range 60 {
				ctx, cancel := context.WithCancel(t.Context())
				err := store.Update(ctx, unit.Scope{Workspaces: scope(w)}, func(ctx context.Context, tx storage.Tx) error {
					time.AfterFunc(time.Duration(i)*10*time.Microsecond, cancel)
					for {
						if _, err := tx.Workspace(ctx, w.ID); err != nil {
							return err
						}
					}
				})
				require.ErrorIs(t, err, context.Canceled)
				next, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				require.NoError(t, store.Update(next, unit.Scope{Workspaces: scope(w)}, nothing))
				cancel()
			}
			require.Eventually(t, func() bool { return p.Stat().AcquiredConns() == 0 && p.Stat().TotalConns() <= 1 }, 5*time.Second, time.Millisecond)
		})
	}
}

// TestCancelRequests: a host may have pgx ask the server to interrupt a
// statement, so that the connection stays. The unit is over all the same, and
// the server's word for it is not what is answered.
func TestCancelRequests(t *testing.T) {
	t.Parallel()
	schemas := migrated(t, postgres.Options{})
	polite := func(c *pgconn.Config) {
		c.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
			return &pgconn.CancelRequestContextWatcherHandler{Conn: conn, DeadlineDelay: 10 * time.Second}
		}
	}
	for name, open := range map[string]func(t *testing.T, dsn string, o *postgres.Options) *postgres.Store{
		"pgx": func(t *testing.T, dsn string, o *postgres.Options) *postgres.Store {
			c, err := pgxpool.ParseConfig(dsn)
			require.NoError(t, err)
			polite(&c.ConnConfig.Config)
			p, err := pgxpool.NewWithConfig(t.Context(), c)
			require.NoError(t, err)
			t.Cleanup(p.Close)
			return open(t, p, o)
		},
		"database-sql": func(t *testing.T, dsn string, o *postgres.Options) *postgres.Store {
			c, err := pgx.ParseConfig(dsn)
			require.NoError(t, err)
			polite(&c.Config)
			db := stdlib.OpenDB(*c)
			t.Cleanup(func() { db.Close() })
			return openSQL(t, db, o)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := schemas(t)
			store := open(t, s.DSN, &postgres.Options{Schema: s.Name})
			require.NoError(t, put(t.Context(), store, tenant()))
			other, err := pool(t, s.DSN).Begin(t.Context())
			require.NoError(t, err)
			defer other.Rollback(context.Background())
			_, err = other.Exec(t.Context(), "LOCK TABLE "+s.Name+".qr_code")
			require.NoError(t, err)
			for range 20 {
				w := tenant()
				brief, cancel := context.WithCancel(t.Context())
				err := store.Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
					require.NoError(t, tx.InsertWorkspace(ctx, w))
					time.AfterFunc(5*time.Millisecond, cancel)
					_, err := tx.QRCode(brief, id.QRCode{UUID: id.New()})
					require.ErrorIs(t, err, context.Canceled)
					return nil // hides it
				})
				require.Error(t, err)
				require.False(t, stored(t, store, w))
			}
		})
	}
}
