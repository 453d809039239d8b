package dbtest

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver pgx
)

var postgres = &server{
	name:     "PostgreSQL",
	driver:   "pgx",
	variable: "SUPERAPP_TEST_POSTGRES",
	example:  "postgres://postgres@127.0.0.1:5432/postgres",
	start:    "apt-get install postgresql && service postgresql start",
	create:   "CREATE SCHEMA %s",
	drop:     "DROP SCHEMA IF EXISTS %s CASCADE",
	names:    "SELECT nspname FROM pg_namespace",
	tables:   "SELECT tablename FROM pg_tables WHERE schemaname = $1",
	own:      func(dsn, _ string) (user, owner string, err error) { return dsn, dsn, nil },
	// One statement, since foreign keys are checked where it ends. TRUNCATE
	// gives every table and index new files, which takes longer than this.
	empty: func(schema string, tables []string) []string {
		deletes := make([]string, len(tables))
		for i, table := range tables {
			deletes[i] = fmt.Sprintf("t%d AS (DELETE FROM %s.%q)", i, schema, table)
		}
		return []string{"WITH " + strings.Join(deletes, ", ") + " SELECT 1"}
	},
}

// Postgres returns a new schema on the PostgreSQL server of
// SUPERAPP_TEST_POSTGRES, which is dropped with all it holds when the test
// ends. Its DSN is that of the variable: name the schema in every statement.
func Postgres(t testing.TB) Schema {
	t.Helper()
	return postgres.fresh(t, t)
}

// MigratedPostgres returns a function that lends schemas as [Postgres] does, but
// migrated, and used again: see [MigratedMySQL].
func MigratedPostgres(t testing.TB, migrate func(context.Context, Schema) error) func(testing.TB) Schema {
	t.Helper()
	return postgres.lend(t, migrate)
}

// With returns a DSN of PostgreSQL, in either form, with one setting more or
// other than it had: With(dsn, "default_query_exec_mode", "exec").
func With(dsn, setting, value string) string {
	if !strings.HasPrefix(dsn, "postgres://") && !strings.HasPrefix(dsn, "postgresql://") {
		return dsn + " " + setting + "='" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
	}
	separator := "?"
	if strings.Contains(dsn, "?") {
		separator = "&"
	}
	return dsn + separator + setting + "=" + strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
}
