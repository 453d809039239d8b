package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
	driver "modernc.org/sqlite"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/sqlite"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// full returns a pool of the host's own whose one connection finds the disk
// full. SQLite then rolls back the transaction by itself.
func full(t *testing.T, path string) *sql.DB {
	t.Helper()
	db := host(t, path)
	db.SetMaxOpenConns(1)
	_, err := db.Exec("PRAGMA max_page_count = 1")
	require.NoError(t, err, "SQLite takes the present size for the greatest")
	return db
}

// crowd is a workspace with more members than fit on a full disk.
func crowd() (w workspace.Workspace, records []any) {
	w = tenant()
	records = []any{w}
	for range 100 {
		records = append(records, person(w, id.Account(id.New().String())))
	}
	return w, records
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	path := file(t)
	open(t, path, nil)
	var log bytes.Buffer
	s, err := sqlite.New(full(t, path), &sqlite.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	require.NoError(t, err)

	w, records := crowd()
	err = put(t.Context(), s, records...)
	require.ErrorIs(t, err, storage.ErrFull)
	require.EqualError(t, err, "the database has no room left: free some: store a member")
	cause, ok := errors.AsType[*driver.Error](err)
	require.True(t, ok, "the cause is there for who looks for it")
	require.Contains(t, log.String(), cause.Error(), "and in the log")

	require.False(t, stored(t, s, w), "nothing is half done")
	require.NoError(t, put(t.Context(), s, records...), "a new connection has no limit")
}

func TestFullDiskEndsTheUnit(t *testing.T) {
	t.Parallel()
	for name, nested := range map[string]bool{"a write": false, "a nested unit": true} {
		t.Run(name+" after it is refused", func(t *testing.T) {
			t.Parallel()
			path := file(t)
			open(t, path, nil)
			s, err := sqlite.New(full(t, path), nil)
			require.NoError(t, err)
			_, records := crowd()
			after := tenant()
			require.ErrorIs(t, s.Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
				within := storage.Within(tx)
				if nested {
					for _, r := range records {
						put(ctx, within, r) // as a batch does that sends what it can
					}
					require.ErrorIs(t, put(ctx, within, after), storage.ErrFull)
					return nil
				}
				require.ErrorIs(t, put(ctx, within, records...), storage.ErrFull)
				require.ErrorIs(t, tx.InsertWorkspace(ctx, after), storage.ErrFull)
				_, err := tx.Workspace(ctx, after.ID)
				require.ErrorIs(t, err, storage.ErrFull, "nor does it read")
				return nil
			}), storage.ErrFull)
			require.False(t, stored(t, s, after), "or it would stand for good")
		})
	}
}

func TestManyStatements(t *testing.T) {
	t.Parallel()
	s, w := open(t, file(t), &sqlite.Options{Readers: 1}), tenant()
	require.NoError(t, put(t.Context(), s, w, person(w, "u-1"), person(w, "u-2")))
	require.NoError(t, s.View(t.Context(), func(ctx context.Context, r storage.Reader) error {
		for limit := range 500 {
			list, err := r.Members(ctx, member.Query{Workspace: w.ID, Limit: limit})
			require.NoError(t, err)
			require.Len(t, list, min(limit, 2))
		}
		return nil
	}), "more than a connection keeps prepared")
}

func TestAfterItsEnd(t *testing.T) {
	t.Parallel()
	s, w := open(t, file(t), nil), tenant()
	require.NoError(t, put(t.Context(), s, w))

	var reader storage.Reader
	require.NoError(t, s.View(t.Context(), func(_ context.Context, r storage.Reader) error { reader = r; return nil }))
	_, err := reader.Workspace(t.Context(), w.ID)
	require.ErrorIs(t, err, fault.ErrState, "a View")

	var tx, nested storage.Tx
	require.NoError(t, s.Update(t.Context(), unit.Scope{Workspaces: scope(w)}, func(ctx context.Context, outer storage.Tx) error {
		tx = outer
		err := outer.Nest(ctx, unit.Scope{}, func(_ context.Context, inner storage.Tx) error { nested = inner; return nil })
		require.ErrorIs(t, nested.InsertMember(ctx, person(w, "u-1")), fault.ErrState, "a nested unit")
		return err
	}))
	require.ErrorIs(t, tx.InsertMember(t.Context(), person(w, "u-1")), fault.ErrState, "a unit")
	_, err = tx.Head(t.Context(), w.ID)
	require.ErrorIs(t, err, fault.ErrState, "what the unit had read as well")
	require.ErrorIs(t, tx.Nest(t.Context(), unit.Scope{}, nil), fault.ErrState)
}

func TestNobodyToBelongTo(t *testing.T) {
	t.Parallel()
	s, w := open(t, file(t), nil), tenant()
	require.ErrorIs(t, put(t.Context(), s, person(w, "u-1")), fault.ErrNotFound)
}
