package sqlite

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
	"github.com/superapp-go/superapp/storage/storagetest"
)

// TestReconnect: a new connection for writing waits as briefly as the first
// did, or nobody could cancel a unit that waits.
func TestReconnect(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "platform.db"), nil)
	require.NoError(t, err)
	defer s.Close()
	settings := func() (wait int, mode string) {
		for pragma, into := range map[string]any{"busy_timeout": &wait, "journal_mode": &mode} {
			require.NoError(t, s.pools.Writer.Read(t.Context(), sqlstore.Read{SQL: "PRAGMA " + pragma, Scan: func(rows sqlstore.Rows) error {
				rows.Next()
				return rows.Scan(into)
			}}))
		}
		return wait, mode
	}
	check := func() {
		wait, mode := settings()
		require.EqualValues(t, slice.Milliseconds(), wait)
		require.Equal(t, "wal", mode)
	}
	check()
	session, err := s.pools.Writer.Begin(t.Context(), true)
	require.NoError(t, err)
	require.NoError(t, session.Write(t.Context(), sqlstore.Write{SQL: "ROLLBACK"}), "as SQLite does by itself at some errors")
	require.Error(t, session.Rollback(), "which costs the connection")
	check()
}

// TestHeldWrites runs the suite on sessions that hold writes back as long as
// they may, as those of an engine do whose driver sends several at once.
func TestHeldWrites(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, func(t *testing.T) storage.Store {
		s, err := Open(t.Context(), filepath.Join(t.TempDir(), "platform.db"), &Options{Synchronous: Normal})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		require.NoError(t, s.Migrate(t.Context()))
		o, err := (*Options)(nil).withDefaults()
		require.NoError(t, err)
		all, err := migrations()
		require.NoError(t, err)
		return sqlstore.New(sqlstore.Config{
			Dialect: dialect(""), Database: holding{s.pools}, Migrations: all, Patience: o.BusyTimeout, Log: o.Logger,
		})
	})
}

// holding is a Database whose sessions hold writes back.
type holding struct{ sqlstore.Database }

type holdingSession struct {
	sqlstore.Session
	held []sqlstore.Write
}

func (h holding) Begin(ctx context.Context, write bool) (sqlstore.Session, error) {
	s, err := h.Database.Begin(ctx, write)
	if err != nil {
		return nil, err
	}
	return &holdingSession{Session: s}, nil
}

func (h *holdingSession) Write(ctx context.Context, writes ...sqlstore.Write) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	h.held = append(h.held, writes...)
	return nil
}

func (h *holdingSession) flush(ctx context.Context) error {
	held := h.held
	h.held = nil
	return h.Session.Write(ctx, held...)
}

func (h *holdingSession) Read(ctx context.Context, reads ...sqlstore.Read) error {
	if err := h.flush(ctx); err != nil {
		return err
	}
	return h.Session.Read(ctx, reads...)
}

func (h *holdingSession) Commit(ctx context.Context) error {
	if err := h.flush(ctx); err != nil {
		return err
	}
	return h.Session.Commit(ctx)
}
