package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/sqlite"
	"github.com/superapp-go/superapp/unit"
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

// held returns a transaction of another process that writes.
func held(t *testing.T, path string) *sql.Tx {
	t.Helper()
	tx, err := host(t, path).Begin()
	require.NoError(t, err)
	return tx
}

func TestBusy(t *testing.T) {
	t.Parallel()

	t.Run("a unit runs again until the other process is done", func(t *testing.T) {
		t.Parallel()
		path, w := file(t), tenant()
		open(t, path, nil)
		other := held(t, path)
		release := sync.OnceFunc(func() { require.NoError(t, other.Rollback()) })
		s := open(t, path, &sqlite.Options{Logger: slog.New(onDebug{slog.DiscardHandler, release})})
		require.NoError(t, put(t.Context(), s, w))
		require.True(t, stored(t, s, w))
	})

	t.Run("until the context's deadline", func(t *testing.T) {
		t.Parallel()
		path := file(t)
		s := open(t, path, nil)
		held(t, path)
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		err := put(ctx, s, tenant())
		require.ErrorIs(t, err, storage.ErrBusy)
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})

	t.Run("or the store's", func(t *testing.T) {
		t.Parallel()
		path := file(t)
		s := open(t, path, &sqlite.Options{BusyTimeout: 300 * time.Millisecond})
		held(t, path)
		err := put(t.Context(), s, tenant())
		require.ErrorIs(t, err, storage.ErrBusy)
		require.NotContains(t, err.Error(), "SQLITE", "the driver's words are not shown")
	})

	t.Run("or until it is cancelled", func(t *testing.T) {
		t.Parallel()
		path := file(t)
		open(t, path, nil)
		held(t, path)
		ctx, cancel := context.WithCancel(t.Context())
		s := open(t, path, &sqlite.Options{Logger: slog.New(onDebug{slog.DiscardHandler, cancel})})
		require.ErrorIs(t, put(ctx, s, tenant()), context.Canceled)
	})

	t.Run("what its function says of another store is no reason to run again", func(t *testing.T) {
		t.Parallel()
		runs := 0
		require.ErrorIs(t, open(t, file(t), nil).Update(t.Context(), unit.Scope{}, func(context.Context, storage.Tx) error {
			runs++
			return fmt.Errorf("another store: %w", storage.ErrBusy)
		}), storage.ErrBusy)
		require.Equal(t, 1, runs)
	})

	t.Run("reads do not wait", func(t *testing.T) {
		t.Parallel()
		path, w := file(t), tenant()
		s := open(t, path, nil)
		require.NoError(t, put(t.Context(), s, w))
		held(t, path)
		require.True(t, stored(t, s, w))
	})
}
