package testkit_test

import (
	"testing"

	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/memory"
)

func TestRaces(t *testing.T) {
	t.Parallel()
	t.Run("one store", func(t *testing.T) {
		t.Parallel()
		testkit.Races(t, func(*testing.T) []storage.Store { return []storage.Store{memory.New()} })
	})
	t.Run("several stores on one file", func(t *testing.T) {
		t.Parallel()
		testkit.Races(t, func(t *testing.T) (stores []storage.Store) {
			file := testkit.SQLiteFile(t)
			for range 3 {
				stores = append(stores, testkit.OpenSQLite(t, file))
			}
			return stores
		})
	})
}
