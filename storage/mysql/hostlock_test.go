package mysql_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/storage"
)

// TestHostsOwnDeadlock: whose own statement loses a deadlock inside the function
// of a unit, and who overlooks it, writes nothing more by a verb.
func TestHostsOwnDeadlock(t *testing.T) {
	t.Parallel()
	dsn := dbtest.MySQL(t).DSN
	db := pool(t, dsn)
	s := open(t, db, nil)
	require.NoError(t, s.Migrate(t.Context()))
	_, err := db.Exec("CREATE TABLE orders (id INT PRIMARY KEY, n INT)")
	require.NoError(t, err)
	_, err = db.Exec("INSERT INTO orders VALUES (1, 0), (2, 0)")
	require.NoError(t, err)
	tx, err := db.Begin()
	require.NoError(t, err)
	defer tx.Rollback()
	_, err = tx.Exec("UPDATE orders SET n = 1 WHERE id = 1")
	require.NoError(t, err)
	other, err := db.Begin()
	require.NoError(t, err)
	defer other.Rollback()
	// Of the two the one that wrote less is ended.
	for range 3 {
		_, err = other.Exec("UPDATE orders SET n = n + 1 WHERE id = 2")
		require.NoError(t, err)
	}
	_, err = other.Exec("INSERT INTO orders VALUES (3, 0), (4, 0), (5, 0)")
	require.NoError(t, err)

	w := tenant()
	err = s.Bind(tx).Update(t.Context(), scope(), func(ctx context.Context, in storage.Tx) error {
		waiting := make(chan error, 1)
		go func() {
			_, err := other.Exec("UPDATE orders SET n = 1 WHERE id = 1")
			waiting <- err
		}()
		_, err := tx.Exec("UPDATE orders SET n = 2 WHERE id = 2")
		if err == nil {
			t.Error("the host's statement should have lost")
		}
		if err := <-waiting; err != nil {
			t.Errorf("the other one should have won: %v", err)
		}
		return in.Nest(ctx, scope(), func(ctx context.Context, in storage.Tx) error { return in.InsertWorkspace(ctx, w) })
	})
	require.ErrorIs(t, err, storage.ErrTxLost)
	require.NoError(t, other.Rollback())
	tx.Rollback()
	require.False(t, stored(t, s, w), "or it would stand for good")
}
