package dbtest_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/internal/dbtest"
)

// An engine is a kind of server, as the tests see it.
type engine struct {
	name, driver, variable string
	placeholder            string
	there                  string // the query that finds a schema
	fresh                  func(testing.TB) dbtest.Schema
	migrated               func(testing.TB, func(context.Context, dbtest.Schema) error) func(testing.TB) dbtest.Schema
	proxy                  func(testing.TB, string) *dbtest.Proxy
	sweep                  func(testing.TB)
}

var engines = []engine{{
	name: "postgres", driver: "pgx", variable: "SUPERAPP_TEST_POSTGRES", placeholder: "$1",
	there: "SELECT nspname FROM pg_namespace WHERE nspname = $1",
	fresh: dbtest.Postgres, migrated: dbtest.MigratedPostgres, proxy: dbtest.PostgresProxy, sweep: dbtest.SweepPostgres,
}, {
	name: "mysql", driver: "mysql", variable: "SUPERAPP_TEST_MYSQL", placeholder: "?",
	there: "SELECT schema_name FROM information_schema.schemata WHERE schema_name = ?",
	fresh: dbtest.MySQL, migrated: dbtest.MigratedMySQL, proxy: dbtest.MySQLProxy, sweep: dbtest.SweepMySQL,
}}

// each runs a test on every engine.
func each(t *testing.T, fn func(*testing.T, engine)) {
	t.Helper()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			fn(t, e)
		})
	}
}

// open returns a pool on a DSN.
func (e engine) open(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open(e.driver, dsn)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// exists reports whether the server has a schema.
func (e engine) exists(t testing.TB, db *sql.DB, name string) bool {
	t.Helper()
	var found string
	err := db.QueryRow(e.there, name).Scan(&found)
	if errors.Is(err, sql.ErrNoRows) {
		return false
	}
	require.NoError(t, err)
	return true
}

// migrate makes about as many tables and indexes as the platform has. Every
// table refers to the one before.
func (e engine) migrate(ctx context.Context, s dbtest.Schema) error {
	db, err := sql.Open(e.driver, s.DSN)
	if err != nil {
		return err
	}
	defer db.Close()
	statements := []string{
		"CREATE TABLE %[1]s.superapp_migration (version INT PRIMARY KEY)",
		"INSERT INTO %[1]s.superapp_migration VALUES (1)",
	}
	for i := range 11 {
		statements = append(statements,
			fmt.Sprintf("CREATE TABLE %%[1]s.table%d (id INT PRIMARY KEY, up INT, a INT, b INT, FOREIGN KEY (up) REFERENCES %%[1]s.table%d (id))", i, max(i-1, 0)),
			fmt.Sprintf("CREATE INDEX table%[1]d_by_a ON %%[1]s.table%[1]d (a)", i),
			fmt.Sprintf("CREATE INDEX table%[1]d_by_b ON %%[1]s.table%[1]d (b)", i))
	}
	for _, statement := range statements {
		if _, err := db.ExecContext(ctx, fmt.Sprintf(statement, s.Name)); err != nil {
			return err
		}
	}
	return nil
}

// A place is a table of the test's, of notes with a number each, and a proxy
// before it.
type place struct {
	engine
	table string
	proxy *dbtest.Proxy
	near  *sql.DB // beside the proxy
	far   *sql.DB // through the proxy
}

func (e engine) place(t *testing.T) place {
	t.Helper()
	s := e.fresh(t)
	p := place{engine: e, table: s.Name + ".note", proxy: e.proxy(t, s.DSN)}
	p.near, p.far = e.open(t, s.DSN), e.open(t, p.proxy.DSN)
	_, err := p.near.Exec("CREATE TABLE " + p.table + " (id INT PRIMARY KEY)")
	require.NoError(t, err)
	return p
}

// insert is the statement that makes a note.
func (p place) insert() string { return "INSERT INTO " + p.table + " VALUES (" + p.placeholder + ")" }

// one makes note 1, in a statement that needs no preparing.
func (p place) one() string { return "INSERT INTO " + p.table + " VALUES (1)" }

// notes counts the notes, beside the proxy.
func (p place) notes(t testing.TB) (n int) {
	t.Helper()
	require.NoError(t, p.near.QueryRow("SELECT count(*) FROM "+p.table).Scan(&n))
	return n
}

// await waits until there are n notes.
func (p place) await(t testing.TB, n int) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); p.notes(t) != n; time.Sleep(time.Millisecond) {
		require.True(t, time.Now().Before(end), "the server has %d notes, want %d", p.notes(t), n)
	}
}
