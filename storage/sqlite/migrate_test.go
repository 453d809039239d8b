package sqlite_test

import (
	"bytes"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/sqlite"
)

// names are the migrations.
var names = []string{"0001_platform", "0002_first_admin", "0003_lifecycle", "0004_qrcodes", "0005_roles", "0006_signin", "0007_invitations", "0008_trail", "0009_denials"}

// unmigrated opens a store without tables.
func unmigrated(t *testing.T, path string, o *sqlite.Options) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func TestMigrate(t *testing.T) {
	t.Parallel()

	t.Run("before it the schema is missing", func(t *testing.T) {
		t.Parallel()
		s := unmigrated(t, file(t), nil)
		require.ErrorIs(t, s.Validate(t.Context()), storage.ErrSchemaMissing)
		require.ErrorIs(t, put(t.Context(), s, tenant()), storage.ErrSchemaMissing)
		_, err := s.Facts(t.Context(), rbac.Query{Object: rbac.OnWorkspace(tenant().ID)})
		require.ErrorIs(t, err, storage.ErrSchemaMissing)
		pending, err := s.Pending(t.Context())
		require.NoError(t, err)
		require.Equal(t, names, pending)
	})

	t.Run("after it nothing is pending, and a second one changes nothing", func(t *testing.T) {
		t.Parallel()
		s, w := open(t, file(t), nil), tenant()
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
		path := file(t)
		errs := make([]error, 8)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() {
				s, err := sqlite.Open(t.Context(), path, nil)
				if err == nil {
					err = errors.Join(s.Migrate(t.Context()), s.Close())
				}
				errs[i] = err
			})
		}
		all.Wait()
		require.NoError(t, errors.Join(errs...))
		var n int
		require.NoError(t, host(t, path).QueryRow("SELECT count(*) FROM superapp_migration WHERE finished_at IS NOT NULL").Scan(&n))
		require.Equal(t, len(names), n)
	})

	t.Run("while another process holds the file it gives up in time", func(t *testing.T) {
		t.Parallel()
		path := file(t)
		s := unmigrated(t, path, &sqlite.Options{BusyTimeout: 30 * time.Millisecond})
		tx, err := host(t, path).Begin()
		require.NoError(t, err)
		require.ErrorIs(t, s.Migrate(t.Context()), storage.ErrMigrating)
		require.NoError(t, tx.Rollback())
		require.NoError(t, s.Migrate(t.Context()))
	})

	t.Run("a half done one leaves nothing", func(t *testing.T) {
		t.Parallel()
		path := file(t)
		s, db := unmigrated(t, path, nil), host(t, path)
		_, err := db.Exec("CREATE TABLE qr_code (id INTEGER)")
		require.NoError(t, err)
		err = s.Migrate(t.Context())
		require.ErrorIs(t, err, storage.ErrFailed)
		require.EqualError(t, err, "the database failed: migrate")
		var n int
		require.NoError(t, db.QueryRow("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").Scan(&n))
		require.Equal(t, 1, n, "the host's table is the only one")
		_, err = db.Exec("DROP TABLE qr_code")
		require.NoError(t, err)
		require.NoError(t, s.Migrate(t.Context()))
	})

	t.Run("one that was begun and not finished counts for nothing", func(t *testing.T) {
		t.Parallel()
		path := file(t)
		open(t, path, nil)
		_, err := host(t, path).Exec("UPDATE superapp_migration SET finished_at = NULL")
		require.NoError(t, err)
		s := unmigrated(t, path, &sqlite.Options{BusyTimeout: 10 * time.Millisecond})
		require.ErrorIs(t, s.Validate(t.Context()), storage.ErrSchemaMissing)
		pending, err := s.Pending(t.Context())
		require.NoError(t, err)
		require.Equal(t, names, pending)
		require.ErrorIs(t, s.Migrate(t.Context()), storage.ErrMigrating, "somebody else may be at it")
	})

	t.Run("a table of the host's with a common name is none of its business", func(t *testing.T) {
		t.Parallel()
		path := file(t)
		_, err := host(t, path).Exec("CREATE TABLE migration (version INTEGER); INSERT INTO migration VALUES (7)")
		require.NoError(t, err)
		require.NoError(t, put(t.Context(), open(t, path, nil), tenant()))
	})

	t.Run("a database that is ahead of the library is left alone", func(t *testing.T) {
		t.Parallel()
		path := file(t)
		open(t, path, nil)
		_, err := host(t, path).Exec("INSERT INTO superapp_migration (version, name, started_at) VALUES (9999, '9999_future', 0)")
		require.NoError(t, err)
		s := unmigrated(t, path, nil)
		require.ErrorIs(t, s.Migrate(t.Context()), storage.ErrSchemaNewer)
		require.ErrorIs(t, s.Validate(t.Context()), storage.ErrSchemaNewer)
		require.ErrorIs(t, put(t.Context(), s, tenant()), storage.ErrSchemaNewer)
		_, err = s.Pending(t.Context())
		require.ErrorIs(t, err, storage.ErrSchemaNewer)
	})
}

func TestWriteSQL(t *testing.T) {
	t.Parallel()
	path := file(t)
	s := unmigrated(t, path, &sqlite.Options{TablePrefix: "superapp_"})
	var sql bytes.Buffer
	require.NoError(t, s.WriteSQL(&sql))
	require.NotContains(t, sql.String(), "{")
	_, err := host(t, path).Exec("BEGIN; " + sql.String() + "COMMIT")
	require.NoError(t, err, "a tool of the host's own runs it")
	require.NoError(t, s.Validate(t.Context()))
	require.NoError(t, put(t.Context(), s, tenant()))

	full := errors.New("disk full")
	require.ErrorIs(t, s.WriteSQL(failing{full}), full)
}

// failing is a writer that fails.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
