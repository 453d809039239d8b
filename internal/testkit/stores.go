package testkit

import (
	"context"
	"errors"
	"testing"

	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/storage/sqlite"
	"github.com/superapp-go/superapp/superapptest"
)

// quick are options of a store that need not outlive a power cut.
var quick = &sqlite.Options{Synchronous: sqlite.Normal}

// SQLiteFile is the path of a file of the test's own with an empty store.
var SQLiteFile = dbtest.Template(func(path string) error {
	ctx := context.Background()
	s, err := sqlite.Open(ctx, path, quick)
	if err != nil {
		return err
	}
	return errors.Join(s.Migrate(ctx), s.Close())
})

// OpenSQLite opens a store on the file, which it closes at the end of the test.
func OpenSQLite(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, quick)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// SQLite is an empty store on a file of the test's own.
func SQLite(t testing.TB) *sqlite.Store {
	t.Helper()
	return OpenSQLite(t, SQLiteFile(t))
}

// Stores are the embedded stores, on which the rules are tried whose keeping is
// theirs too; in short mode just memory.
func Stores() map[string]func(testing.TB) storage.Store {
	stores := map[string]func(testing.TB) storage.Store{
		"memory": func(testing.TB) storage.Store { return memory.New() },
		"sqlite": func(t testing.TB) storage.Store { return SQLite(t) },
	}
	if testing.Short() {
		delete(stores, "sqlite")
	}
	return stores
}

// OnStores runs a test with a kit on each of [Stores].
func OnStores(t *testing.T, o superapptest.Options, test func(*testing.T, *superapptest.Kit)) {
	t.Helper()
	for name, open := range Stores() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := o
			o.Store = open(t)
			test(t, superapptest.New(t, &o))
		})
	}
}
