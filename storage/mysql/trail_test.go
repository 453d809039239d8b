package mysql_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/mysql"
)

// TestDeliveries has two processes, with a pool each.
func TestDeliveries(t *testing.T) {
	t.Parallel()
	dsn := migrated(t, mysql.Options{})(t).DSN
	testkit.Deliveries(t, open(t, pool(t, dsn), nil), open(t, pool(t, dsn), nil))
}

func TestRestBesideAWorkspaceThatIsHeld(t *testing.T) {
	t.Parallel()
	db := pool(t, migrated(t, mysql.Options{})(t).DSN)
	testkit.RestBeside(t, open(t, db, nil))
	var fresh int
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM head WHERE fresh").Scan(&fresh))
	require.Zero(t, fresh)
}

// TestDeliveryProcess is the process that TestDeliveriesOfAKilledProcess kills.
func TestDeliveryProcess(t *testing.T) {
	testkit.DeliveryProcess(t, func(t *testing.T, at string) storage.Store {
		return open(t, pool(t, at), &mysql.Options{BusyTimeout: 2 * time.Minute})
	})
}

func TestDeliveriesOfAKilledProcess(t *testing.T) {
	t.Parallel()
	dsn := migrated(t, mysql.Options{})(t).DSN
	testkit.Killed(t, open(t, pool(t, dsn), nil), dsn)
}
