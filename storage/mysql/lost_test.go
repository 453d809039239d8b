package mysql_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/mysql"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// nothing is a unit that only locks.
func nothing(context.Context, storage.Tx) error { return nil }

// waits returns when a connection is at a statement that locks.
func (h shop) waits(t *testing.T, connection int) {
	t.Helper()
	require.Eventually(t, func() bool {
		var n int
		require.NoError(t, h.db.QueryRow("SELECT count(*) FROM information_schema.processlist"+
			" WHERE id = ? AND command IN ('Query', 'Execute') AND info LIKE '%FOR UPDATE%'", connection).Scan(&n))
		return n > 0
	}, 30*time.Second, 5*time.Millisecond, "a transaction waits for a lock")
}

// connection is the server's number of a transaction's connection.
func connection(t *testing.T, tx *sql.Tx) (n int) {
	t.Helper()
	require.NoError(t, tx.QueryRow("SELECT CONNECTION_ID()").Scan(&n))
	return n
}

// entangle makes a transaction wait for a workspace that a smaller one has
// locked, which the engine will end if it wants what the first one has.
func (h shop) entangle(t *testing.T, first, second workspace.Workspace) (small *sql.Tx, bound storage.Store, big <-chan error) {
	t.Helper()
	tx, has := h.begin(t, 50)
	require.NoError(t, has.Update(t.Context(), scope(first), nothing))
	small, bound = h.begin(t, 1)
	require.NoError(t, bound.Update(t.Context(), scope(second), nothing))
	done, n := make(chan error, 1), connection(t, tx)
	go func() {
		err := has.Update(t.Context(), scope(second), nothing)
		if err == nil {
			err = tx.Commit()
		}
		done <- err
	}()
	h.waits(t, n)
	return small, bound, done
}

func TestDeadlock(t *testing.T) {
	t.Parallel()

	t.Run("in a bound unit it costs the host's transaction", func(t *testing.T) {
		t.Parallel()
		h, w, other, after := newShop(t, ""), tenant(), tenant(), tenant()
		require.NoError(t, put(t.Context(), h, w, other))
		tx, bound, big := h.entangle(t, w, other)

		err := bound.Update(t.Context(), scope(w), func(context.Context, storage.Tx) error { panic("it has not got the lock") })
		require.ErrorIs(t, err, storage.ErrTxLost)
		require.True(t, mysql.Retryable(err), "the host runs its transaction again")

		again := h.Bind(tx)
		require.ErrorIs(t, put(t.Context(), again, after), storage.ErrTxLost)
		_, err = again.Facts(t.Context(), rbac.Query{Object: rbac.OnWorkspace(w.ID)})
		require.ErrorIs(t, err, storage.ErrTxLost)
		require.ErrorIs(t, again.View(t.Context(), func(context.Context, storage.Reader) error { panic("it is over") }), storage.ErrTxLost)
		require.NoError(t, tx.Rollback())

		require.NoError(t, <-big, "the other one has what it waited for")
		require.Equal(t, 50, h.orders(t), "nothing of the one that lost, before the deadlock or after")
		require.False(t, stored(t, h, after), "nor did it stand for itself")
	})

	t.Run("the function of a unit cannot hide it", func(t *testing.T) {
		t.Parallel()
		h, w, other, after := newShop(t, ""), tenant(), tenant(), tenant()
		require.NoError(t, put(t.Context(), h, w, other))
		_, bound, big := h.entangle(t, w, other)
		require.ErrorIs(t, bound.Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
			require.Error(t, tx.Nest(ctx, scope(w), nothing))
			require.Error(t, tx.InsertWorkspace(ctx, after))
			return nil
		}), storage.ErrTxLost)
		require.NoError(t, <-big)
		require.False(t, stored(t, h, after))
	})

	t.Run("of the host's own, which it overlooked, the next unit finds it out", func(t *testing.T) {
		t.Parallel()
		h, w, other, after := newShop(t, ""), tenant(), tenant(), tenant()
		require.NoError(t, put(t.Context(), h, w, other))
		tx, bound, big := h.entangle(t, w, other)
		_, err := tx.Exec("SELECT seq FROM head WHERE workspace_id = ? FOR UPDATE", w.ID.UUID[:])
		require.True(t, mysql.Retryable(err), "err = %v, want a deadlock", err)
		require.ErrorIs(t, put(t.Context(), bound, after), storage.ErrTxLost)
		require.ErrorIs(t, put(t.Context(), bound, after), storage.ErrTxLost)
		require.NoError(t, tx.Rollback())
		require.NoError(t, <-big)
		require.False(t, stored(t, h, after), "or it would stand for good")
		require.Equal(t, 50, h.orders(t))
	})

	t.Run("in a unit of the store's own it costs a rerun", func(t *testing.T) {
		t.Parallel()
		h, w, other, member := newShop(t, ""), tenant(), tenant(), tenant()
		require.NoError(t, put(t.Context(), h, w, other))
		tx, has := h.begin(t, 50)
		require.NoError(t, has.Update(t.Context(), scope(w), nothing))
		n, done, runs := connection(t, tx), make(chan error, 1), 0
		require.NoError(t, h.Update(t.Context(), scope(other), func(ctx context.Context, in storage.Tx) error {
			if runs++; runs == 1 {
				go func() {
					err := has.Update(t.Context(), scope(other), nothing)
					if err == nil {
						err = tx.Commit()
					}
					done <- err
				}()
				h.waits(t, n)
			}
			if err := in.InsertWorkspace(ctx, member); err != nil {
				return err
			}
			return in.Nest(ctx, scope(w), nothing)
		}))
		require.NoError(t, <-done)
		require.Equal(t, 2, runs)
		require.True(t, stored(t, h, member))
	})
}

func TestLockWaitTimeout(t *testing.T) {
	t.Parallel()
	h, w, after := newShop(t, "innodb_lock_wait_timeout=1"), tenant(), tenant()
	require.NoError(t, put(t.Context(), h, w))
	holder, holds := h.begin(t, 1)
	require.NoError(t, holds.Update(t.Context(), scope(w), nothing))

	tx, bound := h.begin(t, 1)
	err := bound.Update(t.Context(), scope(w), nothing)
	require.ErrorIs(t, err, storage.ErrBusy)
	require.True(t, mysql.Retryable(err))
	require.NoError(t, put(t.Context(), bound, after), "the transaction goes on")
	require.NoError(t, tx.Commit())
	require.NoError(t, holder.Commit())
	require.Equal(t, 2, h.orders(t))
	require.True(t, stored(t, h, after))
}

// TestSnapshotIsolation: where the setting is on, as in newer MariaDB, a row that
// has changed since the transaction's snapshot cannot be locked; where it is off, or
// unknown as on MySQL, the unit sees the change and goes on.
func TestSnapshotIsolation(t *testing.T) {
	t.Parallel()
	var name, value string
	off := ""
	if err := newShop(t, "").db.QueryRow("SHOW VARIABLES LIKE 'innodb_snapshot_isolation'").Scan(&name, &value); err == nil {
		off = name + "=0"
		t.Run("on", func(t *testing.T) {
			t.Parallel()
			h, tx, bound, renamed := stale(t, name+"=1")
			err := bound.Update(t.Context(), scope(renamed), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateWorkspace(ctx, renamed) })
			require.ErrorIs(t, err, storage.ErrTxLost)
			require.True(t, mysql.Retryable(err))
			after := tenant()
			require.ErrorIs(t, put(t.Context(), bound, after), storage.ErrTxLost)
			require.NoError(t, tx.Rollback())
			require.Zero(t, h.orders(t))
			require.False(t, stored(t, h, after))
		})
	} else {
		require.ErrorIs(t, err, sql.ErrNoRows)
	}
	t.Run("off", func(t *testing.T) {
		t.Parallel()
		h, tx, bound, renamed := stale(t, off)
		require.NoError(t, bound.Update(t.Context(), scope(renamed), func(ctx context.Context, tx storage.Tx) error {
			found, err := tx.Workspace(ctx, renamed.ID)
			require.Equal(t, renamed.Name, found.Name)
			return err
		}))
		require.NoError(t, tx.Commit())
		require.Equal(t, 1, h.orders(t))
	})
}

// stale returns a host's transaction that has its snapshot, with an order in it, and
// a workspace that was renamed since.
func stale(t *testing.T, setting string) (h shop, tx *sql.Tx, bound storage.Store, w workspace.Workspace) {
	h, w = newShop(t, setting), tenant()
	require.NoError(t, put(t.Context(), h, w))
	tx, bound = h.begin(t, 1)
	require.Zero(t, h.ordersIn(t, tx, "milk"), "the transaction has its snapshot")
	w.Name = "Purse"
	require.NoError(t, h.Update(t.Context(), scope(w), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateWorkspace(ctx, w) }))
	return h, tx, bound, w
}

// ordersIn counts what a transaction sees of an item.
func (h shop) ordersIn(t *testing.T, tx *sql.Tx, item string) (n int) {
	t.Helper()
	require.NoError(t, tx.QueryRow("SELECT count(*) FROM orders WHERE item = ?", item).Scan(&n))
	return n
}
