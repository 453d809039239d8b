package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/internal/migratetest"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
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

// TestHeldWrites shows the store on sessions that hold writes back as long as
// they may, as those of an engine do whose driver sends several at once.
func TestHeldWrites(t *testing.T) {
	t.Parallel()
	migrated := dbtest.Template(func(path string) error {
		s, err := Open(t.Context(), path, nil)
		if err != nil {
			return err
		}
		return errors.Join(s.Migrate(t.Context()), s.Close())
	})
	holding := func(t *testing.T) storage.Store {
		s, err := Open(t.Context(), migrated(t), &Options{Synchronous: Normal})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		o, err := (*Options)(nil).withDefaults()
		require.NoError(t, err)
		all, err := migrations()
		require.NoError(t, err)
		return sqlstore.New(sqlstore.Config{
			Dialect: dialect(""), Database: holding{s.pools}, Migrations: all, Patience: o.BusyTimeout, Log: o.Logger,
		})
	}

	t.Run("the suite", func(t *testing.T) {
		t.Parallel()
		if testing.Short() {
			t.Skip("one mode: a file of its own")
		}
		storagetest.Run(t, holding)
	})

	t.Run("one that is refused goes with the nested unit that fails anyway", func(t *testing.T) {
		t.Parallel()
		w := workspace.Workspace{ID: id.Workspace{UUID: id.New()}, Kind: workspace.Tenant, Status: workspace.Verified}
		w.Tenant = w.ID
		wrong := errors.New("changed my mind")
		require.NoError(t, holding(t).Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
			require.NoError(t, tx.InsertWorkspace(ctx, w))
			require.ErrorIs(t, tx.Nest(ctx, unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
				require.NoError(t, tx.InsertWorkspace(ctx, w), "it is there, which nobody knows yet")
				return wrong
			}), wrong)
			return tx.UpdateWorkspace(ctx, w)
		}))
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

func TestMigrateFromEveryVersion(t *testing.T) {
	t.Parallel()
	all, err := migrations()
	require.NoError(t, err)
	migratetest.Run(t, all, func(t *testing.T) (*sqlstore.Dialect, sqlstore.Database) {
		s, err := Open(t.Context(), filepath.Join(t.TempDir(), "platform.db"), nil)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		return dialect(""), s.pools
	})
}
