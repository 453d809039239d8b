package sqlite_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/sqlite"
	"github.com/superapp-go/superapp/unit"
)

func TestOpen(t *testing.T) {
	t.Parallel()

	t.Run("an odd path names the file it says", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "a b?c#d%20e&_pragma=query_only(1).db")
		s := open(t, path, nil)
		require.NoError(t, put(t.Context(), s, tenant()))
		require.FileExists(t, path)
	})

	t.Run("a second store continues from the file", func(t *testing.T) {
		t.Parallel()
		path, w := file(t), tenant()
		require.NoError(t, put(t.Context(), open(t, path, nil), w))
		require.True(t, stored(t, open(t, path, nil), w))
	})

	t.Run("a missing folder", func(t *testing.T) {
		t.Parallel()
		_, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "none", "platform.db"), nil)
		require.ErrorIs(t, err, storage.ErrFailed)
		require.ErrorIs(t, err, fs.ErrNotExist)
		require.EqualError(t, err, "the database failed: open the file: its folder cannot be read")
	})

	t.Run("a folder in place of the file", func(t *testing.T) {
		t.Parallel()
		_, err := sqlite.Open(t.Context(), t.TempDir(), nil)
		require.ErrorIs(t, err, storage.ErrFailed)
		require.EqualError(t, err, "the database failed: open the file")
	})

	t.Run("a file of another kind", func(t *testing.T) {
		t.Parallel()
		path := file(t)
		require.NoError(t, os.WriteFile(path, []byte("these are not the tables you are looking for, not at all\n"), 0o600))
		_, err := sqlite.Open(t.Context(), path, nil)
		require.ErrorIs(t, err, storage.ErrFailed)
	})

	t.Run("a cancelled context", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := sqlite.Open(ctx, file(t), nil)
		require.ErrorIs(t, err, context.Canceled)
	})

	for problem, bad := range map[string]sqlite.Options{
		"readers not_allowed":      {Readers: -1},
		"busy_timeout not_allowed": {BusyTimeout: -time.Second},
		"synchronous unknown":      {Synchronous: 7},
		"table_prefix malformed":   {TablePrefix: `x"; DROP TABLE member; --`},
		"table_prefix not_allowed": {TablePrefix: "SQLite_"},
	} {
		t.Run("a bad option: "+problem, func(t *testing.T) {
			t.Parallel()
			_, err := sqlite.Open(t.Context(), file(t), &bad)
			invalid, ok := errors.AsType[*fault.InvalidError](err)
			require.True(t, ok, "err = %v, want an InvalidError", err)
			require.Len(t, invalid.Problems, 1)
			require.Equal(t, problem, invalid.Problems[0].Field+" "+invalid.Problems[0].Reason)
		})
	}

	t.Run("a prefix like a column misleads nobody", func(t *testing.T) {
		t.Parallel()
		s, w := open(t, file(t), &sqlite.Options{TablePrefix: "open_email_"}), tenant()
		require.NoError(t, put(t.Context(), s, w, person(w, "u-1")))
		require.ErrorIs(t, put(t.Context(), s, w), storage.ErrExists)
		require.ErrorIs(t, put(t.Context(), s, person(w, "u-1")), member.ErrPresent)
	})

	t.Run("in memory", func(t *testing.T) {
		t.Parallel()
		_, err := sqlite.Open(t.Context(), ":memory:", nil)
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.ErrorContains(t, err, "use package storage/memory")
	})

	t.Run("no path and no pool", func(t *testing.T) {
		t.Parallel()
		_, err := sqlite.Open(t.Context(), "", nil)
		require.ErrorIs(t, err, fault.ErrInvalid)
		_, err = sqlite.New(nil, nil)
		require.ErrorIs(t, err, fault.ErrInvalid)
	})
}

func TestNew(t *testing.T) {
	t.Parallel()
	db := host(t, file(t))
	db.SetMaxOpenConns(1)
	s, err := sqlite.New(db, &sqlite.Options{TablePrefix: "superapp_"})
	require.NoError(t, err)
	require.NoError(t, s.Migrate(t.Context()))
	w := tenant()
	require.NoError(t, put(t.Context(), s, w), "a pool of one connection is enough")
	require.True(t, stored(t, s, w))

	var n int
	require.NoError(t, db.QueryRow("SELECT count(*) FROM superapp_workspace").Scan(&n))
	require.Equal(t, 1, n, "the prefix is the host's")
	require.NoError(t, db.QueryRow("SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE 'superapp_%' AND name NOT LIKE 'sqlite_%'").Scan(&n))
	require.Zero(t, n, "nothing is without it")

	require.NoError(t, s.Close())
	require.NoError(t, db.Ping(), "the host's pool stays open")
	_, err = s.Facts(t.Context(), rbac.Query{})
	require.ErrorIs(t, err, storage.ErrClosed)
}

func TestNewWaitsNoLongerThanItsTimeout(t *testing.T) {
	t.Parallel()
	db := host(t, file(t))
	db.SetMaxOpenConns(1)
	s, err := sqlite.New(db, &sqlite.Options{BusyTimeout: 10 * time.Millisecond})
	require.NoError(t, err)
	require.NoError(t, s.Migrate(t.Context()))
	conn, err := db.Conn(t.Context())
	require.NoError(t, err)
	require.ErrorIs(t, put(t.Context(), s, tenant()), storage.ErrBusy)
	require.NoError(t, conn.Close())
	require.NoError(t, put(t.Context(), s, tenant()))
}

func TestClose(t *testing.T) {
	t.Parallel()

	t.Run("every call afterwards says so", func(t *testing.T) {
		t.Parallel()
		path := file(t)
		s := open(t, path, nil)
		tx, err := host(t, path).Begin()
		require.NoError(t, err)
		defer tx.Rollback()
		bound := s.Bind(tx)
		require.NoError(t, s.Close())
		require.NoError(t, s.Close(), "the second time does nothing")

		never := func(context.Context, storage.Tx) error { panic("the store is closed") }
		for what, err := range map[string]error{
			"update":  s.Update(t.Context(), unit.Scope{}, never),
			"view":    s.View(t.Context(), func(context.Context, storage.Reader) error { panic("the store is closed") }),
			"bound":   bound.Update(t.Context(), unit.Scope{}, never),
			"migrate": s.Migrate(t.Context()), "validate": s.Validate(t.Context()),
		} {
			require.ErrorIs(t, err, storage.ErrClosed, what)
		}
		_, err = s.Facts(t.Context(), rbac.Query{})
		require.ErrorIs(t, err, storage.ErrClosed)
		_, err = s.Pending(t.Context())
		require.ErrorIs(t, err, storage.ErrClosed)
	})

	t.Run("a unit that runs goes on to its end", func(t *testing.T) {
		t.Parallel()
		path, w := file(t), tenant()
		s := open(t, path, nil)
		require.NoError(t, s.Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
			require.NoError(t, s.Close())
			return tx.InsertWorkspace(ctx, w)
		}))
		require.True(t, stored(t, open(t, path, nil), w))
	})
}
