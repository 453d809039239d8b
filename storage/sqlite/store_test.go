package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/sqlite"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

var now = time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)

// file is a path in a folder of the test's own.
func file(t testing.TB) string { return filepath.Join(t.TempDir(), "platform.db") }

// migrated is a path of the test's own too, of a file with an empty store.
var migrated = dbtest.Template(func(path string) error {
	ctx := context.Background()
	s, err := sqlite.Open(ctx, path, nil)
	if err != nil {
		return err
	}
	return errors.Join(s.Migrate(ctx), s.Close())
})

// open returns a migrated store on the file.
func open(t testing.TB, path string, o *sqlite.Options) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	require.NoError(t, s.Migrate(t.Context()))
	return s
}

// host returns a pool of the host's own on the file.
func host(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path+"?_txlock=immediate&_pragma=foreign_keys(1)&_pragma=busy_timeout(1000)")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// tenant makes a tenant workspace.
func tenant() workspace.Workspace {
	w := workspace.Workspace{
		ID: id.Workspace{UUID: id.New()}, Kind: workspace.Tenant, Name: "Wallet", Status: workspace.Verified,
		CreatedAt: now, UpdatedAt: now,
	}
	w.Tenant = w.ID
	return w
}

// person makes an active member.
func person(w workspace.Workspace, account id.Account) member.Member {
	return member.Member{
		ID: id.Member{UUID: id.New()}, Workspace: w.ID, Tenant: w.Tenant, State: member.Active, Role: rbac.WorkspaceAdmin,
		Name: "Mo", NameKey: "mo", Email: string(account) + "@people.example", Account: account,
		CreatedAt: now, UpdatedAt: now, JoinedAt: now,
	}
}

// put stores workspaces and members in one unit.
func put(ctx context.Context, s storage.Store, records ...any) error {
	return s.Update(ctx, unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
		for _, r := range records {
			var err error
			switch r := r.(type) {
			case workspace.Workspace:
				err = tx.InsertWorkspace(ctx, r)
			case member.Member:
				err = tx.InsertMember(ctx, r)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// stored reports whether a workspace is there.
func stored(t testing.TB, s storage.Store, w workspace.Workspace) bool {
	t.Helper()
	f, err := s.Facts(t.Context(), rbac.Query{Object: rbac.OnWorkspace(w.ID)})
	require.NoError(t, err)
	return f.Found
}

// scope lists workspaces for a scope.
func scope(w ...workspace.Workspace) (ids []id.Workspace) {
	for _, w := range w {
		ids = append(ids, w.ID)
	}
	return ids
}
