package dbtest_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/internal/dbtest"
)

func TestFreshSchemas(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e engine) {
		var first, second dbtest.Schema
		db := e.open(t, e.fresh(t).DSN)
		t.Run("are a test's own", func(t *testing.T) {
			first, second = e.fresh(t), e.fresh(t)
			require.NotEqual(t, first.Name, second.Name)
			for _, s := range []dbtest.Schema{first, second} {
				require.True(t, e.exists(t, db, s.Name))
				require.NoError(t, e.migrate(t.Context(), s), "with the same tables")
			}
		})
		require.False(t, e.exists(t, db, first.Name), "and gone when it ends, with all in it")
		require.False(t, e.exists(t, db, second.Name))
	})
}

func TestMySQLSchemaIsTheDatabaseOfItsDSN(t *testing.T) {
	t.Parallel()
	e := engines[1]
	s := e.fresh(t)
	var name string
	require.NoError(t, e.open(t, s.DSN).QueryRow("SELECT DATABASE()").Scan(&name))
	require.Equal(t, s.Name, name)
}

func TestLentSchemas(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e engine) {
		db := e.open(t, e.fresh(t).DSN)
		var first dbtest.Schema
		t.Run("owner", func(t *testing.T) {
			var migrated atomic.Int32
			lend := e.migrated(t, func(ctx context.Context, s dbtest.Schema) error {
				migrated.Add(1)
				return e.migrate(ctx, s)
			})
			count := func(t *testing.T, table string) (n int) {
				require.NoError(t, db.QueryRow("SELECT count(*) FROM "+first.Name+"."+table).Scan(&n))
				return n
			}
			t.Run("two at a time", func(t *testing.T) {
				first = lend(t)
				require.NotEqual(t, first.Name, lend(t).Name)
				for i := range 11 {
					_, err := db.Exec(fmt.Sprintf("INSERT INTO %s.table%d VALUES (1, 1, 1, 1)", first.Name, i))
					require.NoError(t, err)
				}
			})
			require.True(t, e.exists(t, db, first.Name), "a borrower's end is not the schema's")
			for i := range 11 {
				require.Zero(t, count(t, fmt.Sprint("table", i)), "rows that refer to each other, both ways")
			}
			require.Equal(t, 1, count(t, "superapp_migration"), "the migrations stay")
			t.Run("again", func(t *testing.T) {
				lent := []string{lend(t).Name, lend(t).Name}
				require.Contains(t, lent, first.Name)
			})
			require.EqualValues(t, 2, migrated.Load(), "as many as were lent at a time")
		})
		require.False(t, e.exists(t, db, first.Name), "all are gone when the owner ends")
	})
}

func TestLentSchemaThatCannotBeMigrated(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e engine) {
		e.fresh(t) // or there is no server
		lend := e.migrated(t, func(context.Context, dbtest.Schema) error { return errors.New("no right to") })
		o := ends(t, func(t testing.TB) { lend(t) })
		require.Contains(t, o.failed, "no right to")
		lend = e.migrated(t, func(context.Context, dbtest.Schema) error { return nil })
		o = ends(t, func(t testing.TB) { lend(t) })
		require.Contains(t, o.failed, "has no table after it was migrated")
	})
}

func TestSweep(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e engine) {
		db := e.open(t, e.fresh(t).DSN)
		made := func(ago time.Duration, end string) string {
			name := fmt.Sprintf("superapp_test_%d_%s%d", time.Now().Add(-ago).Unix(), end, os.Getpid())
			_, err := db.Exec("CREATE SCHEMA " + name)
			require.NoError(t, err)
			t.Cleanup(func() {
				if e.exists(t, db, name) {
					_, err := db.Exec("DROP SCHEMA " + name)
					require.NoError(t, err)
				}
			})
			return name
		}
		old, young, other := made(2*time.Hour, "old"), made(50*time.Minute, "young"), made(2*time.Hour, "not_ours")
		e.sweep(t)
		require.False(t, e.exists(t, db, old), "a run that was killed left it behind")
		require.True(t, e.exists(t, db, young), "a run may still use it")
		require.True(t, e.exists(t, db, other), "its name is no name of ours")
	})
}
