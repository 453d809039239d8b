package sqlite_test

import (
	"strings"
	"testing"

	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/storage"
)

// TestTamper edits the file itself.
func TestTamper(t *testing.T) {
	t.Parallel()
	testkit.Tamper(t, func(t *testing.T) (storage.Store, func(string) error) {
		path := testkit.SQLiteFile(t)
		db := host(t, path)
		return testkit.OpenSQLite(t, path), func(statement string) error {
			_, err := db.ExecContext(t.Context(), strings.NewReplacer("{event}", "event", "{head}", "head").Replace(statement))
			return err
		}
	})
}
