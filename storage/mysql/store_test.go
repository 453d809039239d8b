package mysql_test

import (
	"context"
	"database/sql"
	"os"
	"strings"
	"testing"
	"time"

	driver "github.com/go-sql-driver/mysql"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/mysql"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

var now = time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)

func TestMain(m *testing.M) {
	// What the driver has to say about connections that the tests break.
	driver.SetLogger(&driver.NopLogger{})
	os.Exit(m.Run())
}

// migrated returns a function that lends databases with the tables of the
// options.
func migrated(t testing.TB, o mysql.Options) func(testing.TB) dbtest.Schema {
	t.Helper()
	return dbtest.MigratedMySQL(t, func(ctx context.Context, s dbtest.Schema) error {
		db, err := sql.Open("mysql", s.DSN)
		if err != nil {
			return err
		}
		defer db.Close()
		store, err := mysql.New(db, &o)
		if err != nil {
			return err
		}
		return store.Migrate(ctx)
	})
}

// pool returns a pool of the host's.
func pool(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("mysql", dsn)
	require.NoError(t, err)
	db.SetMaxOpenConns(8)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// with returns a DSN with more settings: "parseTime=true&tls=false".
func with(dsn, settings string) string {
	switch {
	case settings == "":
		return dsn
	case strings.Contains(dsn, "?"):
		return dsn + "&" + settings
	}
	return dsn + "?" + settings
}

// open returns a store on a pool.
func open(t testing.TB, db *sql.DB, o *mysql.Options) *mysql.Store {
	t.Helper()
	s, err := mysql.New(db, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// fresh returns a migrated store on a database of the test's own, and its DSN.
func fresh(t testing.TB, o *mysql.Options) (*mysql.Store, string) {
	t.Helper()
	dsn := dbtest.MySQL(t).DSN
	s := open(t, pool(t, dsn), o)
	require.NoError(t, s.Migrate(t.Context()))
	return s, dsn
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

// scope is that of workspaces.
func scope(w ...workspace.Workspace) (s unit.Scope) {
	for _, w := range w {
		s.Workspaces = append(s.Workspaces, w.ID)
	}
	return s
}
