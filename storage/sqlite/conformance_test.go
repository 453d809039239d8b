package sqlite_test

import (
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
		storagetest.Run(t, func(t *testing.T) storage.Store { return open(t, file(t), &sqlite.Options{Synchronous: sqlite.Normal}) })
	})
	t.Run("pool of the host", func(t *testing.T) {
		t.Parallel()
		storagetest.Run(t, func(t *testing.T) storage.Store {
			db := host(t, file(t))
			_, err := db.Exec("PRAGMA journal_mode = WAL")
			require.NoError(t, err)
			s, err := sqlite.New(db, nil)
			require.NoError(t, err)
			require.NoError(t, s.Migrate(t.Context()))
			return s
		})
	})
}
