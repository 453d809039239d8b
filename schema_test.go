package superapp_test

import (
	"context"
	"database/sql"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/internal/gen/schema"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/sqlite"
	"github.com/superapp-go/superapp/superapptest"
)

//go:generate go test -run TestSchemaIsCurrent . -update

var update = flag.Bool("update", false, "write docs/schema.md and docs/schema.svg instead of comparing them")

// TestSchemaIsCurrent holds the papers about the schema to the migrations and
// to what the verbs do.
func TestSchemaIsCurrent(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it looks at statements, not at what they do")
	}
	require.Subset(t, methods(), slices.Collect(maps.Keys(further)))
	db := openObserved(t, filepath.Join(t.TempDir(), "platform.db"))
	seen := []schema.Verb{{Name: "Store.Migrate", Statements: db.seen}}
	for _, of := range []struct {
		name string
		call func(context.Context) error
	}{
		{"Store.Validate", db.observed.Validate},
		{"Store.Pending", func(ctx context.Context) error { _, err := db.observed.Pending(ctx); return err }},
		{"Dispatcher.Run", func(ctx context.Context) error { return dispatched(ctx, db.observed) }},
	} {
		db.seen = nil
		require.NoError(t, of.call(t.Context()))
		seen = append(seen, schema.Verb{Name: of.name, Statements: db.seen})
	}
	called := make([]schema.Verb, len(methods()))
	t.Run("verbs", func(t *testing.T) {
		for i, name := range methods() {
			called[i].Name = name
			if verbs[name].call == nil {
				continue
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				for _, c := range append(further[name], verbs[name].call) {
					called[i].Statements = append(called[i].Statements, observe(t, c)...)
				}
			})
		}
	})

	var engines []schema.Engine
	for _, e := range []struct{ name, dir string }{{"SQLite", "sqlite"}, {"PostgreSQL", "postgres"}, {"MySQL, MariaDB", "mysql"}} {
		read, err := schema.Migrations(e.name, os.DirFS("storage/"+e.dir+"/migrations"))
		require.NoError(t, err)
		engines = append(engines, read)
	}
	tables, err := schema.Read(t.Context(), db.plain, engines)
	require.NoError(t, err)
	text, err := schema.Markdown(tables, engines, append(called, seen...))
	require.NoError(t, err)
	require.NotContains(t, string(text), "**none**", "an index is of no use")
	for name, want := range map[string][]byte{"docs/schema.md": text, "docs/schema.svg": schema.Picture(tables)} {
		if *update {
			require.NoError(t, os.WriteFile(name, want, 0o644))
			continue
		}
		got, err := os.ReadFile(name)
		require.NoError(t, err)
		require.True(t, string(want) == string(got), "%s is out of date: run go generate .", name)
	}
}

// observed is a database with two stores on it: what one is asked is seen.
type observed struct {
	plain           *sql.DB
	store, observed *sqlite.Store
	seen            []schema.Statement
}

func openObserved(t *testing.T, path string) *observed {
	t.Helper()
	name := "file:" + filepath.ToSlash(path) +
		"?_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)&_pragma=synchronous(0)"
	plain, err := sql.Open("sqlite", name)
	require.NoError(t, err)
	o := &observed{plain: plain}
	on := func(db *sql.DB) *sqlite.Store {
		t.Cleanup(func() { require.NoError(t, db.Close()) })
		s, err := sqlite.New(db, nil)
		require.NoError(t, err)
		require.NoError(t, s.Migrate(t.Context()))
		return s
	}
	o.observed, o.store = on(schema.Record(plain.Driver(), name, &o.seen)), on(plain)
	return o
}

// generous is a platform where a merchant's operators may do to members whatever an
// admin may, so that the ceiling (M12) is looked at, and denials are recorded.
func generous(t *testing.T) superapp.Options {
	t.Helper()
	var cells []rbac.Cell
	for _, p := range []rbac.Permission{rbac.ViewMember, rbac.InviteMember, rbac.BlockMember, rbac.RemoveMember, rbac.SetMemberRole} {
		cells = append(cells, rbac.Cell{Permission: p, Role: rbac.Operator, Scope: rbac.InWorkspace})
	}
	matrix, err := rbac.BuiltIn().With(rbac.Edits{Cells: cells})
	require.NoError(t, err)
	return superapp.Options{Matrix: matrix, Denials: &audit.DenialOptions{}}
}

// observe returns the statements of a call.
func observe(t *testing.T, c call) []schema.Statement {
	t.Helper()
	db := openObserved(t, testkit.SQLiteFile(t))
	k := verbKit(t, superapptest.Options{NoRerun: true, Store: db.store, Platform: generous(t)})
	db.seen = nil
	require.NoError(t, c(t.Context(), k, k.Over(db.observed)))
	return db.seen
}
