package postgres

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/storage/internal/migratetest"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
)

func TestMigrateFromEveryVersion(t *testing.T) {
	t.Parallel()
	all, err := migrations(Options{BusyTimeout: time.Minute})
	require.NoError(t, err)
	migratetest.Run(t, all, func(t *testing.T) (*sqlstore.Dialect, sqlstore.Database) {
		s := dbtest.Postgres(t)
		p, err := pgxpool.New(t.Context(), s.DSN)
		require.NoError(t, err)
		t.Cleanup(p.Close)
		d := dialect(Options{Schema: s.Name, WriteTimeout: time.Minute})
		return d, &database{dialect: d, pool: p, most: 4, wait: time.Minute}
	})
}
