package postgres_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/postgres"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

var now = time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)

// connections is how many a pool has at most.
const connections = 12

// migrated returns a function that lends schemas with the tables of the
// options.
func migrated(t testing.TB, o postgres.Options) func(testing.TB) dbtest.Schema {
	t.Helper()
	return dbtest.MigratedPostgres(t, func(ctx context.Context, s dbtest.Schema) error {
		p, err := pgxpool.New(ctx, s.DSN)
		if err != nil {
			return err
		}
		defer p.Close()
		own := o
		own.Schema = s.Name
		store, err := postgres.New(p, &own)
		if err != nil {
			return err
		}
		return store.Migrate(ctx)
	})
}

// pool returns a pool of the host's.
func pool(t testing.TB, dsn string) *pgxpool.Pool {
	t.Helper()
	c, err := pgxpool.ParseConfig(dsn)
	require.NoError(t, err)
	c.MaxConns = connections
	p, err := pgxpool.NewWithConfig(t.Context(), c)
	require.NoError(t, err)
	t.Cleanup(p.Close)
	return p
}

// db returns a pool of database/sql.
func db(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	require.NoError(t, err)
	db.SetMaxOpenConns(connections)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// open returns a store on a pool.
func open(t testing.TB, p *pgxpool.Pool, o *postgres.Options) *postgres.Store {
	t.Helper()
	s, err := postgres.New(p, o)
	require.NoError(t, err)
	return s
}

// openSQL returns a store on a pool of database/sql.
func openSQL(t testing.TB, db *sql.DB, o *postgres.Options) *postgres.Store {
	t.Helper()
	s, err := postgres.NewSQL(db, o)
	require.NoError(t, err)
	return s
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
