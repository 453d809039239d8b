package mysql_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/mysql"
	"github.com/superapp-go/superapp/unit"
)

// A line is a store behind a proxy that breaks connections.
type line struct {
	*mysql.Store
	proxy *dbtest.Proxy
	db    *sql.DB
	// direct is the same store with a way of its own.
	direct *mysql.Store
}

func newLine(t *testing.T, o *mysql.Options) line {
	t.Helper()
	direct, dsn := fresh(t, nil)
	p := dbtest.MySQLProxy(t, dsn)
	db := pool(t, p.DSN)
	return line{open(t, db, o), p, db, direct}
}

func TestConnectionCut(t *testing.T) {
	t.Parallel()

	for name, kind := range map[string]dbtest.Fault{"before the server has it": dbtest.CutBefore, "before its answer": dbtest.CutAfter} {
		t.Run("in the middle of a unit, "+name, func(t *testing.T) {
			t.Parallel()
			l, w := newLine(t, nil), tenant()
			require.NoError(t, view(l, t.Context()))
			happens := l.proxy.At("INSERT INTO member", kind)
			err := put(t.Context(), l, w, person(w, "u-1"))
			<-happens
			require.ErrorIs(t, err, storage.ErrUnreachable)
			require.NotErrorIs(t, err, storage.ErrOutcomeUnknown)
			require.False(t, stored(t, l.direct, w), "nothing is half done")
			require.NoError(t, put(t.Context(), l, w, person(w, "u-1")), "the next one has another connection")
		})

		t.Run("in a check, "+name, func(t *testing.T) {
			t.Parallel()
			l, w := newLine(t, nil), tenant()
			require.NoError(t, put(t.Context(), l, w))
			happens := l.proxy.At("LEFT JOIN", kind)
			require.True(t, stored(t, l, w), "it asks again, since that changes nothing")
			<-happens
		})
	}

	t.Run("during the commit, before the server has it", func(t *testing.T) {
		t.Parallel()
		l, w, runs := newLine(t, nil), tenant(), 0
		var happens <-chan struct{}
		err := l.Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
			runs++
			happens = l.proxy.At("COMMIT", dbtest.CutBefore)
			return tx.InsertWorkspace(ctx, w)
		})
		<-happens
		require.ErrorIs(t, err, storage.ErrOutcomeUnknown)
		require.False(t, mysql.Retryable(err))
		require.Equal(t, 1, runs, "it is not run again")
		require.False(t, stored(t, l.direct, w))
	})

	t.Run("during the commit, before its answer", func(t *testing.T) {
		t.Parallel()
		l, w, runs := newLine(t, nil), tenant(), 0
		var happens <-chan struct{}
		err := l.Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
			runs++
			happens = l.proxy.At("COMMIT", dbtest.CutAfter)
			return tx.InsertWorkspace(ctx, w)
		})
		<-happens
		require.ErrorIs(t, err, storage.ErrOutcomeUnknown)
		require.Equal(t, 1, runs, "it is not run again")
		require.True(t, stored(t, l.direct, w), "it was stored, which nobody could know")
	})

	t.Run("an answer to the commit that never comes", func(t *testing.T) {
		t.Parallel()
		l, w := newLine(t, &mysql.Options{WriteTimeout: 2 * time.Second}), tenant()
		require.NoError(t, view(l, t.Context()))
		var happens <-chan struct{}
		require.ErrorIs(t, l.Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
			happens = l.proxy.At("COMMIT", dbtest.StallAfter)
			return tx.InsertWorkspace(ctx, w)
		}), storage.ErrOutcomeUnknown)
		<-happens
		l.proxy.Release()
		require.True(t, stored(t, l.direct, w))
	})

	t.Run("in a transaction of the host's", func(t *testing.T) {
		t.Parallel()
		l, w := newLine(t, nil), tenant()
		tx, err := l.db.Begin()
		require.NoError(t, err)
		defer tx.Rollback()
		bound := l.Bind(tx)
		require.NoError(t, put(t.Context(), bound, w))
		l.proxy.Cut()
		require.ErrorIs(t, put(t.Context(), bound, person(w, "u-1")), storage.ErrUnreachable)
		require.Error(t, tx.Commit())
		require.False(t, stored(t, l.direct, w))
	})
}

func TestServerRestart(t *testing.T) {
	t.Parallel()
	l, w := newLine(t, nil), tenant()
	idle := make([]*sql.Conn, 8)
	l.db.SetMaxIdleConns(len(idle))
	for i := range idle {
		var err error
		idle[i], err = l.db.Conn(t.Context())
		require.NoError(t, err)
	}
	for _, c := range idle {
		require.NoError(t, c.Close())
	}
	require.NoError(t, put(t.Context(), l, w))
	l.proxy.Refuse(true)
	l.proxy.Cut()
	require.ErrorIs(t, put(t.Context(), l, person(w, "u-1")), storage.ErrUnreachable)
	l.proxy.Refuse(false)
	require.NoError(t, put(t.Context(), l, person(w, "u-1")), "as soon as it is up")
	l.proxy.Cut()
	require.NoError(t, put(t.Context(), l, person(w, "u-2")), "between two verbs nobody notices")
	l.proxy.Cut()
	require.True(t, stored(t, l, w))
}
