package sqlite_test

import (
	"database/sql"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/sqlite"
	"github.com/superapp-go/superapp/storage/storagetest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	t.Run("file", func(t *testing.T) {
		t.Parallel()
		storagetest.Run(t, func(t *testing.T) storage.Store {
			return open(t, migrated(t), &sqlite.Options{Synchronous: sqlite.Normal})
		})
	})
	if testing.Short() {
		return // one mode
	}
	t.Run("pool of the host", func(t *testing.T) {
		t.Parallel()
		storagetest.Run(t, func(t *testing.T) storage.Store {
			db, err := sql.Open("sqlite", migrated(t)+"?_pragma=foreign_keys(1)&_pragma=busy_timeout(20)&_pragma=journal_mode(WAL)")
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, db.Close()) })
			s, err := sqlite.New(db, nil)
			require.NoError(t, err)
			return s
		})
	})
}
