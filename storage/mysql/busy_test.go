package mysql_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/mysql"
)

func TestBusyUntilTheDeadline(t *testing.T) {
	t.Parallel()
	brief := func(t *testing.T) context.Context {
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		t.Cleanup(cancel)
		return ctx
	}

	t.Run("of a pool that is exhausted", func(t *testing.T) {
		t.Parallel()
		s, dsn := fresh(t, nil)
		require.NoError(t, s.Validate(t.Context()))
		db := pool(t, dsn)
		db.SetMaxOpenConns(1)
		s = open(t, db, &mysql.Options{BusyTimeout: time.Second})
		require.NoError(t, s.Validate(t.Context()))
		conn, err := db.Conn(t.Context())
		require.NoError(t, err)
		err = put(brief(t), s, tenant())
		require.ErrorIs(t, err, storage.ErrBusy)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorIs(t, put(t.Context(), s, tenant()), storage.ErrBusy, "or the store's")
		require.NoError(t, conn.Close())
		require.NoError(t, put(t.Context(), s, tenant()))
	})

	t.Run("of a lock", func(t *testing.T) {
		t.Parallel()
		s, dsn := fresh(t, nil)
		w := tenant()
		require.NoError(t, put(t.Context(), s, w))
		tx, err := pool(t, dsn).Begin()
		require.NoError(t, err)
		defer tx.Rollback()
		require.NoError(t, s.Bind(tx).Update(t.Context(), scope(w), nothing))

		err = s.Update(brief(t), scope(w), nothing)
		require.ErrorIs(t, err, storage.ErrBusy)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		impatient := open(t, pool(t, dsn), &mysql.Options{BusyTimeout: 500 * time.Millisecond})
		require.ErrorIs(t, impatient.Update(t.Context(), scope(w), nothing), storage.ErrBusy, "or the store's")
		require.NoError(t, tx.Rollback())
		require.NoError(t, s.Update(t.Context(), scope(w), nothing))
	})

	t.Run("or until it is cancelled", func(t *testing.T) {
		t.Parallel()
		s, dsn := fresh(t, nil)
		w := tenant()
		require.NoError(t, put(t.Context(), s, w))
		tx, err := pool(t, dsn).Begin()
		require.NoError(t, err)
		defer tx.Rollback()
		require.NoError(t, s.Bind(tx).Update(t.Context(), scope(w), nothing))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond, cancel)
		require.ErrorIs(t, s.Update(ctx, scope(w), nothing), context.Canceled)
	})

	t.Run("of a lock in a bound unit, whose transaction ends with it", func(t *testing.T) {
		t.Parallel()
		h, w, after := newShop(t, ""), tenant(), tenant()
		require.NoError(t, put(t.Context(), h, w))
		_, holds := h.begin(t, 1)
		require.NoError(t, holds.Update(t.Context(), scope(w), nothing))
		tx, bound := h.begin(t, 1)
		require.ErrorIs(t, bound.Update(brief(t), scope(w), nothing), storage.ErrTxLost)
		require.ErrorIs(t, put(t.Context(), bound, after), storage.ErrTxLost)
		require.Error(t, tx.Commit())
		require.Zero(t, h.orders(t))
	})
}
