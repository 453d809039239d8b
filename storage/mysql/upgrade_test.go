package mysql

import (
	"database/sql"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/storage/internal/migratetest"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
)

func TestMigrateFromEveryVersion(t *testing.T) {
	t.Parallel()
	all, err := migrations()
	require.NoError(t, err)
	o, err := (*Options)(nil).withDefaults()
	require.NoError(t, err)
	migratetest.Run(t, all, func(t *testing.T) (*sqlstore.Dialect, sqlstore.Database) {
		db, err := sql.Open("mysql", dbtest.MySQL(t).DSN)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, db.Close()) })
		d := dialect(o)
		return d, sqlstore.NewPool(db, d, 0, time.Minute)
	})
}
