package mysql_test

import (
	"bytes"
	"database/sql"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/mysql"
)

// all are the names of the migrations.
var all = []string{"0001_platform", "0002_first_admin", "0003_lifecycle", "0004_qrcodes", "0005_roles", "0006_signin", "0007_invitations", "0008_trail", "0009_denials"}

// unmigrated returns a store without tables, and its pool.
func unmigrated(t *testing.T) (*mysql.Store, *sql.DB) {
	t.Helper()
	db := pool(t, dbtest.MySQL(t).DSN)
	return open(t, db, &mysql.Options{BusyTimeout: time.Second}), db
}

// number reads a number.
func number(t *testing.T, db *sql.DB, query string, args ...any) (n int) {
	t.Helper()
	require.NoError(t, db.QueryRow(query, args...).Scan(&n))
	return n
}

// execute changes something behind the store's back.
func execute(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	_, err := db.Exec(statement)
	require.NoError(t, err)
}

func TestMigrate(t *testing.T) {
	t.Parallel()

	t.Run("before it the schema is missing", func(t *testing.T) {
		t.Parallel()
		s, _ := unmigrated(t)
		require.ErrorIs(t, s.Validate(t.Context()), storage.ErrSchemaMissing)
		require.ErrorIs(t, put(t.Context(), s, tenant()), storage.ErrSchemaMissing)
		_, err := s.Facts(t.Context(), rbac.Query{Object: rbac.OnWorkspace(tenant().ID)})
		require.ErrorIs(t, err, storage.ErrSchemaMissing)
		pending, err := s.Pending(t.Context())
		require.NoError(t, err)
		require.Equal(t, all, pending)
	})

	t.Run("after it nothing is pending, and a second one changes nothing", func(t *testing.T) {
		t.Parallel()
		s, _ := unmigrated(t)
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

	t.Run("of several at a time each succeeds, and every step is taken once", func(t *testing.T) {
		t.Parallel()
		dsn := dbtest.MySQL(t).DSN
		errs := make([]error, 8)
		var group sync.WaitGroup
		for i := range errs {
			s := open(t, pool(t, dsn), &mysql.Options{BusyTimeout: time.Minute})
			group.Go(func() { errs[i] = s.Migrate(t.Context()) })
		}
		group.Wait()
		require.NoError(t, errors.Join(errs...))
		db := pool(t, dsn)
		require.Equal(t, len(all), number(t, db, "SELECT count(*) FROM superapp_migration WHERE finished_at IS NOT NULL"))
		require.Equal(t, len(all), number(t, db, "SELECT count(*) FROM superapp_migration WHERE steps > 0 AND holder IS NOT NULL"))
	})

	t.Run("while another process is at it it gives up in time", func(t *testing.T) {
		t.Parallel()
		s, db := unmigrated(t)
		require.NoError(t, s.Migrate(t.Context()))
		execute(t, db, "UPDATE superapp_migration SET finished_at = NULL, lease_end = 4102444800000000 WHERE version = "+strconv.Itoa(len(all)))
		s = open(t, db, &mysql.Options{BusyTimeout: time.Second})
		require.ErrorIs(t, s.Validate(t.Context()), storage.ErrSchemaMissing)
		require.ErrorIs(t, s.Migrate(t.Context()), storage.ErrMigrating)
	})

	t.Run("a table of the host's in its way is left alone, however often it tries", func(t *testing.T) {
		t.Parallel()
		s, db := unmigrated(t)
		execute(t, db, "CREATE TABLE qr_code (id INT)")
		for range 3 {
			err := s.Migrate(t.Context())
			require.ErrorIs(t, err, storage.ErrFailed)
			require.EqualError(t, err, "the database failed: migrate")
		}
		require.Equal(t, 1, number(t, db, "SELECT count(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'qr_code'"))
		execute(t, db, "DROP TABLE qr_code")
		require.NoError(t, s.Migrate(t.Context()), "it goes on where it stopped")
		require.NoError(t, put(t.Context(), s, tenant()))
	})

	t.Run("also in the way of its first statement", func(t *testing.T) {
		t.Parallel()
		s, db := unmigrated(t)
		execute(t, db, "CREATE TABLE workspace (id INT)")
		for range 2 {
			require.ErrorIs(t, s.Migrate(t.Context()), storage.ErrFailed)
		}
	})

	t.Run("a table of the host's with a common name is none of its business", func(t *testing.T) {
		t.Parallel()
		s, db := unmigrated(t)
		execute(t, db, "CREATE TABLE migration (version INT)")
		execute(t, db, "INSERT INTO migration VALUES (7)")
		require.NoError(t, s.Migrate(t.Context()))
		require.NoError(t, put(t.Context(), s, tenant()))
	})

	t.Run("a database that is ahead of the library is left alone", func(t *testing.T) {
		t.Parallel()
		s, db := unmigrated(t)
		require.NoError(t, s.Migrate(t.Context()))
		execute(t, db, "INSERT INTO superapp_migration (version, name, started_at) VALUES (9999, '9999_future', 0)")
		s = open(t, db, nil)
		require.ErrorIs(t, s.Migrate(t.Context()), storage.ErrSchemaNewer)
		require.ErrorIs(t, s.Validate(t.Context()), storage.ErrSchemaNewer)
		require.ErrorIs(t, put(t.Context(), s, tenant()), storage.ErrSchemaNewer)
		_, err := s.Pending(t.Context())
		require.ErrorIs(t, err, storage.ErrSchemaNewer)
	})
}

// TestMigrateResumes: whoever dies between two statements, of which each stands
// by itself, leaves a lease; when it has run out another goes on.
func TestMigrateResumes(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]dbtest.Fault{"before a statement": dbtest.CutBefore, "behind a statement": dbtest.CutAfter} {
		for _, at := range []string{"CREATE TABLE workspace", "CREATE TABLE event", "CREATE TABLE qr_code", "CREATE INDEX member_first",
			"INSERT INTO information", "ALTER TABLE version", "ALTER TABLE mini_program", "ALTER TABLE event", "ALTER TABLE qr_code", "INSERT INTO qr_code", "CREATE TABLE qr_scan"} {
			t.Run("after a death "+name+", "+at, func(t *testing.T) {
				t.Parallel()
				dsn := dbtest.MySQL(t).DSN
				proxy, db := dbtest.MySQLProxy(t, dsn), pool(t, dsn)
				happens := proxy.At(at, kind)
				dying := open(t, pool(t, proxy.DSN), nil)
				require.ErrorIs(t, dying.Migrate(t.Context()), storage.ErrUnreachable)
				<-happens

				s := open(t, db, &mysql.Options{BusyTimeout: time.Second})
				require.ErrorIs(t, s.Validate(t.Context()), storage.ErrSchemaMissing)
				require.ErrorIs(t, s.Migrate(t.Context()), storage.ErrMigrating, "it could be alive")
				execute(t, db, "UPDATE superapp_migration SET lease_end = 1 WHERE finished_at IS NULL")
				require.NoError(t, s.Migrate(t.Context()))
				require.NoError(t, s.Validate(t.Context()))
				w := tenant()
				require.NoError(t, put(t.Context(), s, w, person(w, "u-1")))
			})
		}
	}
}

func TestWriteSQL(t *testing.T) {
	t.Parallel()
	dsn := dbtest.MySQL(t).DSN
	s := open(t, pool(t, dsn), &mysql.Options{TablePrefix: "superapp_"})
	var text bytes.Buffer
	require.NoError(t, s.WriteSQL(&text))
	require.NotContains(t, text.String(), "{")
	tool := pool(t, with(dsn, "multiStatements=true"))
	execute(t, tool, text.String())
	require.NoError(t, s.Validate(t.Context()))
	require.NoError(t, s.Migrate(t.Context()), "there is nothing left to do")
	require.NoError(t, put(t.Context(), s, tenant()))
	_, err := tool.Exec(text.String())
	require.Error(t, err, "it makes nothing twice")

	full := errors.New("disk full")
	require.ErrorIs(t, s.WriteSQL(failing{full}), full)
}

// failing is a writer that fails.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
