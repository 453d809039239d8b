package postgres_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/postgres"
)

// names are the migrations.
var names = []string{"0001_platform", "0002_first_admin", "0003_lifecycle", "0004_qrcodes", "0005_roles", "0006_signin", "0007_invitations", "0008_trail", "0009_denials"}

// empty returns a schema of the test's own, a pool, and a store without tables.
func empty(t *testing.T) (schema string, p *pgxpool.Pool, s *postgres.Store) {
	t.Helper()
	own := dbtest.Postgres(t)
	p = pool(t, own.DSN)
	return own.Name, p, open(t, p, &postgres.Options{Schema: own.Name})
}

func TestMigrate(t *testing.T) {
	t.Parallel()

	t.Run("before it the schema is missing", func(t *testing.T) {
		t.Parallel()
		eachStore(t, func(t *testing.T, open func(string, *postgres.Options) *postgres.Store) {
			own := dbtest.Postgres(t)
			s := open(own.DSN, &postgres.Options{Schema: own.Name})
			require.ErrorIs(t, s.Validate(t.Context()), storage.ErrSchemaMissing)
			for way, err := range ways(t.Context(), s) {
				require.ErrorIs(t, err, storage.ErrSchemaMissing, way)
			}
			pending, err := s.Pending(t.Context())
			require.NoError(t, err)
			require.Equal(t, names, pending)
		})
	})

	t.Run("after it nothing is pending, and a second one changes nothing", func(t *testing.T) {
		t.Parallel()
		_, _, s := empty(t)
		w := tenant()
		require.NoError(t, s.Migrate(t.Context()))
		require.NoError(t, put(t.Context(), s, w))
		require.NoError(t, s.Migrate(t.Context()))
		require.NoError(t, s.Validate(t.Context()))
		pending, err := s.Pending(t.Context())
		require.NoError(t, err)
		require.Empty(t, pending)
		require.True(t, stored(t, s, w))
	})

	t.Run("of several at a time each succeeds, and one does it", func(t *testing.T) {
		t.Parallel()
		own := dbtest.Postgres(t)
		name := own.Name + "_made"
		admin := pool(t, own.DSN)
		t.Cleanup(func() { admin.Exec(context.Background(), "DROP SCHEMA IF EXISTS "+name+" CASCADE") })
		errs := make([]error, 8)
		var all sync.WaitGroup
		for i := range errs {
			p := pool(t, own.DSN)
			all.Go(func() {
				s, err := postgres.New(p, &postgres.Options{Schema: name})
				if err == nil {
					err = s.Migrate(t.Context())
				}
				errs[i] = err
			})
		}
		all.Wait()
		require.NoError(t, errors.Join(errs...))
		var n int
		require.NoError(t, admin.QueryRow(t.Context(), "SELECT count(*) FROM "+name+".superapp_migration WHERE finished_at IS NOT NULL").Scan(&n))
		require.Equal(t, len(names), n)
	})

	t.Run("while another process is at it it gives up in time", func(t *testing.T) {
		t.Parallel()
		eachStore(t, func(t *testing.T, open func(string, *postgres.Options) *postgres.Store) {
			own := dbtest.Postgres(t)
			other, err := pool(t, own.DSN).Begin(t.Context())
			require.NoError(t, err)
			t.Cleanup(func() { other.Rollback(context.Background()) })
			_, err = other.Exec(t.Context(), "CREATE TABLE "+own.Name+".superapp_migration (version bigint)")
			require.NoError(t, err)
			s := open(own.DSN, &postgres.Options{Schema: own.Name, BusyTimeout: 500 * time.Millisecond})
			require.ErrorIs(t, s.Migrate(t.Context()), storage.ErrMigrating)
			require.NoError(t, other.Rollback(t.Context()))
			require.NoError(t, s.Migrate(t.Context()))
		})
	})

	t.Run("a half done one leaves nothing", func(t *testing.T) {
		t.Parallel()
		schema, p, s := empty(t)
		_, err := p.Exec(t.Context(), "CREATE TABLE "+schema+".qr_code (id int)")
		require.NoError(t, err)
		err = s.Migrate(t.Context())
		require.ErrorIs(t, err, storage.ErrFailed)
		require.EqualError(t, err, "the database failed: migrate")
		require.Equal(t, []string{"table qr_code"}, tables(t, p, schema), "the host's table is the only one")
		_, err = p.Exec(t.Context(), "DROP TABLE "+schema+".qr_code")
		require.NoError(t, err)
		require.NoError(t, s.Migrate(t.Context()))
	})

	t.Run("one that was begun and not finished counts for nothing", func(t *testing.T) {
		t.Parallel()
		schema, p, s := empty(t)
		require.NoError(t, s.Migrate(t.Context()))
		_, err := p.Exec(t.Context(), "UPDATE "+schema+".superapp_migration SET finished_at = NULL")
		require.NoError(t, err)
		again := open(t, p, &postgres.Options{Schema: schema, BusyTimeout: 500 * time.Millisecond})
		require.ErrorIs(t, again.Validate(t.Context()), storage.ErrSchemaMissing)
		pending, err := again.Pending(t.Context())
		require.NoError(t, err)
		require.Equal(t, names, pending)
		require.ErrorIs(t, again.Migrate(t.Context()), storage.ErrMigrating, "somebody else may be at it")
	})

	t.Run("a database that is ahead of the library is left alone", func(t *testing.T) {
		t.Parallel()
		schema, p, s := empty(t)
		require.NoError(t, s.Migrate(t.Context()))
		_, err := p.Exec(t.Context(), "INSERT INTO "+schema+".superapp_migration (version, name, started_at) VALUES (9999, '9999_future', now())")
		require.NoError(t, err)
		s = open(t, p, &postgres.Options{Schema: schema})
		require.ErrorIs(t, s.Migrate(t.Context()), storage.ErrSchemaNewer)
		require.ErrorIs(t, s.Validate(t.Context()), storage.ErrSchemaNewer)
		for way, err := range ways(t.Context(), s) {
			require.ErrorIs(t, err, storage.ErrSchemaNewer, way)
		}
	})

	t.Run("two prefixes in a schema are two platforms", func(t *testing.T) {
		t.Parallel()
		schema, p, _ := empty(t)
		w := tenant()
		one, two := open(t, p, &postgres.Options{Schema: schema, TablePrefix: "one_"}), open(t, p, &postgres.Options{Schema: schema, TablePrefix: "two_"})
		require.NoError(t, one.Migrate(t.Context()))
		require.NoError(t, two.Migrate(t.Context()))
		require.NoError(t, put(t.Context(), one, w))
		require.False(t, stored(t, two, w))
		for _, name := range tables(t, p, schema) {
			require.Regexp(t, "^(table|index) (one|two)_", name)
		}
	})

	t.Run("the search_path decides where the tables are if nothing else does", func(t *testing.T) {
		t.Parallel()
		own := dbtest.Postgres(t)
		p := pool(t, dbtest.With(own.DSN, "search_path", own.Name))
		s, w := open(t, p, nil), tenant()
		require.NoError(t, s.Migrate(t.Context()))
		require.NoError(t, put(t.Context(), s, w))
		require.True(t, stored(t, open(t, p, &postgres.Options{Schema: own.Name}), w))
	})

	t.Run("a host's transaction does not end for want of the tables", func(t *testing.T) {
		t.Parallel()
		eachHost(t, dbtest.Postgres, func(t *testing.T, h host) {
			tx, _ := h.order(t)
			for way, err := range ways(t.Context(), tx.bind()) {
				require.ErrorIs(t, err, storage.ErrSchemaMissing, way)
			}
			require.NoError(t, tx.commit())
			require.Equal(t, 1, h.count(t))
		})
	})
}

// tables lists the tables and indexes of a schema.
func tables(t *testing.T, p *pgxpool.Pool, schema string) []string {
	return column(t, p, `SELECT CASE WHEN c.relkind = 'i' THEN 'index ' ELSE 'table ' END || c.relname
		FROM pg_class c WHERE c.relnamespace = $1::text::regnamespace AND c.relkind IN ('r', 'i') ORDER BY 1`, schema)
}

// column reads a column of texts.
func column(t *testing.T, p *pgxpool.Pool, sql string, args ...any) (all []string) {
	t.Helper()
	rows, err := p.Query(t.Context(), sql, args...)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var s string
		require.NoError(t, rows.Scan(&s))
		all = append(all, s)
	}
	require.NoError(t, rows.Err())
	return all
}

// described is everything about the tables of a schema.
func described(t *testing.T, p *pgxpool.Pool, schema string) (all []string) {
	t.Helper()
	for _, sql := range []string{
		`SELECT format('%s.%s %s %s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attcollation,
			pg_get_expr(d.adbin, d.adrelid)) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
			LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE c.relnamespace = $1::text::regnamespace ORDER BY 1`,
		`SELECT indexdef FROM pg_indexes WHERE schemaname = $1 ORDER BY 1`,
		`SELECT format('%s %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = $1::text::regnamespace ORDER BY 1`,
		`SELECT format('%s %s %s', c.relname, d.objsubid, d.description) FROM pg_description d JOIN pg_class c ON c.oid = d.objoid
			WHERE c.relnamespace = $1::text::regnamespace ORDER BY 1`,
	} {
		list := column(t, p, sql, schema)
		require.NotEmpty(t, list)
		all = append(all, list...)
	}
	for i := range all {
		all[i] = strings.ReplaceAll(all[i], schema+".", "")
	}
	return all
}

func TestWriteSQL(t *testing.T) {
	t.Parallel()
	schema, p, s := empty(t)
	var script bytes.Buffer
	require.NoError(t, s.WriteSQL(&script))
	require.NotContains(t, script.String(), "{")
	_, err := p.Exec(t.Context(), "BEGIN;"+script.String()+"COMMIT")
	require.NoError(t, err, "a tool of the host's own runs it")
	require.NoError(t, s.Validate(t.Context()))
	require.NoError(t, put(t.Context(), s, tenant()))

	migrated, q, other := empty(t)
	require.NoError(t, other.Migrate(t.Context()))
	require.Equal(t, described(t, q, migrated), described(t, p, schema))

	full := errors.New("disk full")
	require.ErrorIs(t, s.WriteSQL(failing{full}), full)
}

// failing is a writer that fails.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// TestSchema holds the tables to what a database administrator looks for.
func TestSchema(t *testing.T) {
	t.Parallel()
	schema, p, s := empty(t)
	require.NoError(t, s.Migrate(t.Context()))

	require.Empty(t, column(t, p, `SELECT c.relname FROM pg_class c WHERE c.relnamespace = $1::text::regnamespace AND c.relkind = 'r'
		AND obj_description(c.oid, 'pg_class') IS NULL`, schema), "tables without a comment")
	require.Empty(t, column(t, p, `SELECT format('%s.%s', c.relname, a.attname) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = $1::text::regnamespace AND c.relkind = 'i' AND a.atttypid = 'text'::regtype AND a.attcollation <> '"C"'::regcollation`, schema),
		"texts in an index that do not compare byte by byte")
	require.Empty(t, column(t, p, `SELECT c.relname FROM pg_class c WHERE c.relnamespace = $1::text::regnamespace AND c.relkind = 'r'
		AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)`, schema), "tables without a primary key")
	for _, wrong := range []string{
		"UPDATE %s.workspace SET status = 'asleep'", "UPDATE %s.workspace SET kind = 'developer'", "UPDATE %s.member SET state = 'gone'",
		"UPDATE %s.member SET email = ''", "UPDATE %s.head SET hash = 'short'", "UPDATE %s.head SET seq = -1",
	} {
		w := tenant()
		require.NoError(t, put(t.Context(), s, w, person(w, "u-1")))
		_, err := p.Exec(t.Context(), fmt.Sprintf(wrong, schema))
		require.ErrorContains(t, err, "23514", "%s: want a CHECK against it", wrong)
	}
}

func TestNobodyToBelongTo(t *testing.T) {
	t.Parallel()
	_, _, s := empty(t)
	require.NoError(t, s.Migrate(t.Context()))
	require.ErrorIs(t, put(t.Context(), s, person(tenant(), "u-1")), fault.ErrNotFound)
	f, err := s.Facts(t.Context(), rbac.Query{Object: rbac.OnWorkspace(tenant().ID)})
	require.NoError(t, err)
	require.False(t, f.Found)
}
