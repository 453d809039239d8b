package mysql_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/internal/galera"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/mysql"
	"github.com/superapp-go/superapp/storage/storagetest"
)

// clustered are the settings that a cluster wants.
const clustered = "wsrep_sync_wait=1&interpolateParams=true"

// TestCluster runs on three nodes of Galera, each of which has a store: locks
// are local to a node, conflicts between nodes come with the COMMIT, and a node
// may be behind.
func TestCluster(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("one mode: a single server")
	}
	c := galera.Start(t)
	t.Run("of three nodes", func(t *testing.T) { onCluster(t, c) })

	s := open(t, pool(t, with(c.Database(t)[0], clustered)), nil)
	require.NoError(t, s.Migrate(t.Context()))
	w := tenant()
	require.NoError(t, put(t.Context(), s, w))
	c.Kill(1)
	c.Kill(2)
	require.Eventually(t, func() bool { return errors.Is(put(t.Context(), s, person(w, "u-1")), storage.ErrUnreachable) },
		time.Minute, 100*time.Millisecond, "a node that is left alone refuses, and says so")
}

func onCluster(t *testing.T, c *galera.Cluster) {
	// stores are one on each node of an empty database.
	stores := func(t *testing.T, o *mysql.Options) (stores []*mysql.Store) {
		t.Helper()
		for _, dsn := range c.Database(t) {
			stores = append(stores, open(t, pool(t, with(dsn, clustered)), o))
		}
		return stores
	}
	migrated := func(t *testing.T) (all []storage.Store) {
		for i, s := range stores(t, &mysql.Options{BusyTimeout: 2 * time.Minute}) {
			if i == 0 {
				require.NoError(t, s.Migrate(t.Context()))
			}
			all = append(all, s)
		}
		return all
	}

	t.Run("storagetest", func(t *testing.T) {
		t.Parallel()
		storagetest.RunCluster(t, migrated)
	})

	t.Run("verbs", func(t *testing.T) {
		t.Parallel()
		testkit.Races(t, migrated)
	})

	t.Run("deliveries, of which a process on one node dies", func(t *testing.T) {
		t.Parallel()
		testkit.Deliveries(t, migrated(t)...)
	})

	t.Run("deliveries, of which a process on another node is killed", func(t *testing.T) {
		t.Parallel()
		dsns := c.Database(t)
		s := open(t, pool(t, with(dsns[0], clustered)), nil)
		require.NoError(t, s.Migrate(t.Context()))
		testkit.Killed(t, s, with(dsns[1], clustered))
	})

	t.Run("a DSN with which it would lose transactions is refused", func(t *testing.T) {
		t.Parallel()
		dsn := c.Database(t)[0]
		s := open(t, pool(t, with(dsn, "wsrep_sync_wait=1")), nil)
		require.ErrorIs(t, s.Migrate(t.Context()), fault.ErrInvalid)
		require.NoError(t, open(t, pool(t, with(dsn, clustered)), nil).Migrate(t.Context()))
		require.ErrorIs(t, s.Validate(t.Context()), fault.ErrInvalid)
		err := put(t.Context(), s, tenant())
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.ErrorContains(t, err, "interpolateParams=true")
	})

	t.Run("of several that migrate on different nodes each succeeds", func(t *testing.T) {
		t.Parallel()
		all := stores(t, &mysql.Options{BusyTimeout: 2 * time.Minute})
		errs := make([]error, len(all))
		var group sync.WaitGroup
		for i, s := range all {
			group.Go(func() { errs[i] = s.Migrate(t.Context()) })
		}
		group.Wait()
		require.NoError(t, errors.Join(errs...))
		w := tenant()
		require.NoError(t, put(t.Context(), all[2], w))
		require.True(t, stored(t, all[0], w))
	})

	t.Run("a conflict with another node ends the host's transaction", func(t *testing.T) {
		t.Parallel()
		dsns := c.Database(t)
		db := pool(t, with(dsns[0], clustered))
		s, other := open(t, db, nil), open(t, pool(t, with(dsns[1], clustered)), nil)
		require.NoError(t, s.Migrate(t.Context()))
		w := tenant()
		require.NoError(t, put(t.Context(), s, w))
		change := func(ctx context.Context, tx storage.Tx) error { return tx.UpdateWorkspace(ctx, w) }

		w.Name = "Purse"
		tx, err := db.Begin()
		require.NoError(t, err)
		defer tx.Rollback()
		require.NoError(t, s.Bind(tx).Update(t.Context(), scope(w), change))
		w.Name = "Bag"
		require.NoError(t, other.Update(t.Context(), scope(w), change), "the lock is local to its node")
		require.True(t, mysql.Retryable(tx.Commit()), "by the COMMIT the host is told to run it again")
		require.NoError(t, s.View(t.Context(), func(ctx context.Context, r storage.Reader) error {
			found, err := r.Workspace(ctx, w.ID)
			require.Equal(t, "Bag", found.Name)
			return err
		}))
	})

	t.Run("a unit that has read what another node changes meanwhile runs again", func(t *testing.T) {
		t.Parallel()
		all := migrated(t)
		w := tenant()
		m, runs := person(w, "u-1"), 0
		require.NoError(t, put(t.Context(), all[0], w, m))
		require.NoError(t, all[1].Update(t.Context(), scope(w), func(ctx context.Context, tx storage.Tx) error {
			found, err := tx.Member(ctx, m.ID)
			if err != nil {
				return err
			}
			if runs++; runs == 1 {
				// Without an event, so that nothing but the lock tells of it.
				require.NoError(t, all[0].Update(t.Context(), scope(w), func(ctx context.Context, tx storage.Tx) error {
					m.Name = "Momo"
					return tx.UpdateMember(ctx, m)
				}))
			}
			found.Email = "new@people.example"
			return tx.UpdateMember(ctx, found)
		}))
		require.Equal(t, 2, runs)
		require.NoError(t, all[2].View(t.Context(), func(ctx context.Context, r storage.Reader) error {
			found, err := r.Member(ctx, m.ID)
			require.Equal(t, "Momo", found.Name, "nothing of the other one is lost")
			require.Equal(t, "new@people.example", found.Email)
			return err
		}))
	})
}
