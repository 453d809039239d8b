package mysql_test

import (
	"testing"

	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/storage/mysql"
)

// TestDeliveries has two processes, with a pool each.
func TestDeliveries(t *testing.T) {
	t.Parallel()
	dsn := migrated(t, mysql.Options{})(t).DSN
	testkit.Deliveries(t, open(t, pool(t, dsn), nil), open(t, pool(t, dsn), nil))
}
