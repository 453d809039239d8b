package mysql_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/mysql"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// A shop is a host with a platform and a table of its own in one database.
type shop struct {
	*mysql.Store
	db *sql.DB
}

// newShop returns one whose connections have the settings.
func newShop(t *testing.T, settings string) shop {
	t.Helper()
	s, dsn := fresh(t, nil)
	h := shop{s, pool(t, with(dsn, settings))}
	_, err := h.db.Exec("CREATE TABLE orders (id INT PRIMARY KEY AUTO_INCREMENT, item TEXT) ENGINE = InnoDB")
	require.NoError(t, err)
	return h
}

// begin returns a transaction in which something was ordered, and the store
// that is bound to it.
func (h shop) begin(t *testing.T, orders int) (*sql.Tx, storage.Store) {
	t.Helper()
	tx, err := h.db.Begin()
	require.NoError(t, err)
	t.Cleanup(func() { tx.Rollback() })
	for range orders {
		_, err = tx.Exec("INSERT INTO orders (item) VALUES ('tea')")
		require.NoError(t, err)
	}
	return tx, h.Bind(tx)
}

// orders counts what was ordered and committed.
func (h shop) orders(t *testing.T) (n int) {
	t.Helper()
	require.NoError(t, h.db.QueryRow("SELECT count(*) FROM orders").Scan(&n))
	return n
}

func TestBind(t *testing.T) {
	t.Parallel()
	begin := func(t *testing.T) (shop, storage.Store, *sql.Tx) {
		h := newShop(t, "")
		tx, bound := h.begin(t, 1)
		return h, bound, tx
	}

	t.Run("commits with the host, and not before", func(t *testing.T) {
		t.Parallel()
		s, bound, tx := begin(t)
		w := tenant()
		require.NoError(t, put(t.Context(), bound, w, person(w, "u-1")))
		require.True(t, stored(t, bound, w), "the host's transaction sees it")
		require.False(t, stored(t, s, w), "nobody else does")
		require.NoError(t, tx.Commit())
		require.True(t, stored(t, s, w))
		require.Equal(t, 1, s.orders(t))
	})

	t.Run("a context that ends the host's transaction is told as such", func(t *testing.T) {
		t.Parallel()
		s := newShop(t, "")
		ctx, cancel := context.WithCancel(t.Context())
		tx, err := s.db.BeginTx(ctx, nil)
		require.NoError(t, err)
		w := tenant()
		err = s.Bind(tx).Update(ctx, unit.Scope{}, func(ctx context.Context, u storage.Tx) error {
			require.NoError(t, u.InsertWorkspace(ctx, w))
			cancel()
			require.Eventually(t, func() bool { return tx.Rollback() != nil }, time.Second, time.Millisecond)
			return ctx.Err()
		})
		require.ErrorIs(t, err, context.Canceled)
		require.Zero(t, fault.KindOf(err), "not a conflict, which would be tried again")
		require.False(t, stored(t, s, w))
	})

	t.Run("rolls back with the host", func(t *testing.T) {
		t.Parallel()
		s, bound, tx := begin(t)
		w := tenant()
		require.NoError(t, put(t.Context(), bound, w))
		require.NoError(t, tx.Rollback())
		require.False(t, stored(t, s, w))
		require.Zero(t, s.orders(t))
	})

	t.Run("a unit that fails leaves nothing, and the transaction usable", func(t *testing.T) {
		t.Parallel()
		s, bound, tx := begin(t)
		w, other := tenant(), tenant()
		wrong := errors.New("changed my mind")
		err := bound.Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
			require.NoError(t, tx.InsertWorkspace(ctx, w))
			return wrong
		})
		require.ErrorIs(t, err, wrong)
		require.False(t, stored(t, bound, w))
		require.NoError(t, put(t.Context(), bound, other, person(other, "u-1")))
		require.ErrorIs(t, put(t.Context(), bound, person(other, "u-1")), member.ErrPresent, "by an error of the engine as well (M6)")
		_, err = tx.Exec("INSERT INTO orders (item) VALUES ('milk')")
		require.NoError(t, err)
		require.NoError(t, tx.Commit())
		require.True(t, stored(t, s, other))
		require.Equal(t, 2, s.orders(t))
	})

	t.Run("a unit that panics leaves nothing, and the transaction usable", func(t *testing.T) {
		t.Parallel()
		_, bound, tx := begin(t)
		w := tenant()
		require.PanicsWithValue(t, "oh", func() {
			bound.Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
				require.NoError(t, tx.InsertWorkspace(ctx, w))
				panic("oh")
			})
		})
		require.False(t, stored(t, bound, w))
		require.NoError(t, put(t.Context(), bound, w))
		require.NoError(t, tx.Commit())
	})

	t.Run("a context that ends during a unit does not end the transaction", func(t *testing.T) {
		t.Parallel()
		s, bound, tx := begin(t)
		w := tenant()
		ctx, cancel := context.WithCancel(t.Context())
		err := bound.Update(ctx, unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
			require.NoError(t, tx.InsertWorkspace(ctx, w))
			cancel()
			return nil
		})
		require.ErrorIs(t, err, context.Canceled)
		require.NoError(t, tx.Commit())
		require.False(t, stored(t, s, w))
		require.Equal(t, 1, s.orders(t))
	})

	t.Run("a view reads what the transaction wrote, and a nested unit nests", func(t *testing.T) {
		t.Parallel()
		_, bound, tx := begin(t)
		w := tenant()
		require.NoError(t, put(t.Context(), bound, w))
		require.NoError(t, bound.View(t.Context(), func(ctx context.Context, r storage.Reader) error {
			list, err := r.Workspaces(ctx, workspace.Query{Limit: 9})
			require.Len(t, list, 1)
			return err
		}))
		wrong := errors.New("not this one")
		require.NoError(t, bound.Update(t.Context(), scope(w), func(ctx context.Context, tx storage.Tx) error {
			err := tx.Nest(ctx, unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
				require.NoError(t, tx.InsertMember(ctx, person(w, "u-1")))
				return wrong
			})
			require.ErrorIs(t, err, wrong)
			return tx.InsertMember(ctx, person(w, "u-1"))
		}))
		require.NoError(t, tx.Commit())
	})

	t.Run("a transaction that has ended is refused", func(t *testing.T) {
		t.Parallel()
		_, bound, tx := begin(t)
		require.NoError(t, tx.Commit())
		err := put(t.Context(), bound, tenant())
		require.ErrorIs(t, err, storage.ErrFailed)
		require.ErrorIs(t, err, sql.ErrTxDone)
	})

	t.Run("a transaction that ends during a unit is refused from then on", func(t *testing.T) {
		t.Parallel()
		s, bound, tx := begin(t)
		w := tenant()
		err := bound.Update(t.Context(), unit.Scope{}, func(ctx context.Context, in storage.Tx) error {
			require.NoError(t, in.InsertWorkspace(ctx, w))
			_, err := tx.Exec("ROLLBACK")
			require.NoError(t, err)
			return nil
		})
		require.ErrorIs(t, err, storage.ErrTxLost)
		require.ErrorIs(t, err, fault.ErrConflict)
		err = put(t.Context(), bound, w)
		require.EqualError(t, err, "the database has ended the transaction: roll it back at once, then run it again as a whole: roll a unit back")
		tx.Rollback()
		require.False(t, stored(t, s, w))
	})

	t.Run("stores that are bound to it take turns", func(t *testing.T) {
		t.Parallel()
		s, bound, tx := begin(t)
		ctx, cancel := context.WithCancel(t.Context())
		require.NoError(t, bound.Update(t.Context(), unit.Scope{}, func(context.Context, storage.Tx) error {
			err := s.Bind(tx).Update(impatient{ctx, cancel}, unit.Scope{}, func(context.Context, storage.Tx) error { panic("it is not its turn") })
			require.ErrorIs(t, err, context.Canceled)
			return nil
		}))
		require.NoError(t, put(t.Context(), s.Bind(tx), tenant()))
	})

	t.Run("none is refused", func(t *testing.T) {
		t.Parallel()
		bound := newShop(t, "").Bind(nil)
		require.ErrorIs(t, put(t.Context(), bound, tenant()), fault.ErrInvalid)
		_, err := bound.Facts(t.Context(), rbac.Query{Object: rbac.OnWorkspace(tenant().ID)})
		require.ErrorIs(t, err, fault.ErrInvalid)
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
