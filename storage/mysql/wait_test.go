package mysql_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/mysql"
	"github.com/superapp-go/superapp/unit"
)

// TestWaitEnds: a unit that gave up waiting leaves no lock behind in the server,
// which goes on to wait for what nobody wants any more.
func TestWaitEnds(t *testing.T) {
	t.Parallel()
	s, dsn := fresh(t, nil)
	a, b := tenant(), tenant()
	if a.ID.Compare(b.ID.UUID) > 0 {
		a, b = b, a // in the order in which they are locked
	}
	require.NoError(t, put(t.Context(), s, a, b))
	host, err := pool(t, dsn).Begin()
	require.NoError(t, err)
	defer host.Rollback()
	require.NoError(t, s.Bind(host).Update(t.Context(), scope(b), nothing))

	brief, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	both := unit.Scope{Workspaces: []id.Workspace{a.ID, b.ID}}
	require.ErrorIs(t, s.Update(brief, both, nothing), storage.ErrBusy)
	soon, cancel := context.WithTimeout(t.Context(), 8*time.Second)
	defer cancel()
	require.NoError(t, s.Update(soon, scope(a), nothing))
}

// TestWritesWait: a write that waits for a transaction of the host's, such as one
// that holds the same e-mail, waits no longer than the unit may; the host's
// connection is then as it was.
func TestWritesWait(t *testing.T) {
	t.Parallel()
	s, dsn := fresh(t, nil)
	w := tenant()
	require.NoError(t, put(t.Context(), s, w))
	host, err := pool(t, dsn).Begin()
	require.NoError(t, err)
	defer host.Rollback()
	require.NoError(t, put(t.Context(), s.Bind(host), person(w, "u-1")))

	db := pool(t, dsn)
	db.SetMaxOpenConns(1)
	var before, after int
	const wait = "SELECT @@SESSION.innodb_lock_wait_timeout"
	require.NoError(t, db.QueryRow(wait).Scan(&before))
	impatient := open(t, db, &mysql.Options{BusyTimeout: time.Second})
	begun := time.Now()
	require.ErrorIs(t, impatient.Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
		return tx.InsertMember(ctx, person(w, "u-1"))
	}), storage.ErrBusy)
	require.Less(t, time.Since(begun), 10*time.Second)
	require.NoError(t, db.QueryRow(wait).Scan(&after))
	require.Equal(t, before, after)
}
