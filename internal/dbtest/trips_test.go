package dbtest_test

import (
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/internal/dbtest"
)

func TestTrips(t *testing.T) {
	t.Parallel()
	proxy := dbtest.PostgresProxy(t, dbtest.Postgres(t).DSN)
	exec := connect(t, proxy.DSN, pgx.QueryExecModeExec)
	caching := connect(t, proxy.DSN, pgx.QueryExecModeCacheStatement)
	query := func(conn *pgx.Conn, sql string, args ...any) func() {
		return func() {
			_, err := conn.Exec(t.Context(), sql, args...)
			require.NoError(t, err)
		}
	}
	batch := func(conn *pgx.Conn) func() {
		var b pgx.Batch
		for i := range 5 {
			b.Queue("SELECT $1::int", i)
		}
		return func() { require.NoError(t, conn.SendBatch(t.Context(), &b).Close()) }
	}
	five := dbtest.Trip{"SELECT $1::int", "SELECT $1::int", "SELECT $1::int", "SELECT $1::int", "SELECT $1::int"}

	require.Equal(t, []dbtest.Trip{{"SELECT 1"}}, proxy.Trips(query(exec, "SELECT 1")), "in the simple form")
	require.Equal(t, []dbtest.Trip{{"SELECT $1::text"}}, proxy.Trips(query(exec, "SELECT $1::text", "a")), "in the extended form")
	require.Equal(t, []dbtest.Trip{five}, proxy.Trips(batch(exec)))
	require.Equal(t, []dbtest.Trip{{"prepare: SELECT $1::int"}, five}, proxy.Trips(batch(caching)), "at first sight")
	require.Equal(t, []dbtest.Trip{five}, proxy.Trips(batch(caching)), "from then on")
	require.Empty(t, proxy.Trips(func() { connect(t, proxy.DSN, pgx.QueryExecModeExec) }), "to open a connection is none")
	require.Equal(t, []dbtest.Trip{{"begin"}, {"SELECT 1"}, {"commit"}}, proxy.Trips(func() {
		tx, err := exec.Begin(t.Context())
		require.NoError(t, err)
		_, err = tx.Exec(t.Context(), "SELECT 1")
		require.NoError(t, err)
		require.NoError(t, tx.Commit(t.Context()))
	}))
	require.Len(t, proxy.Trips(func() {
		query(exec, "SELECT 1")()
		inner := proxy.Trips(query(exec, "SELECT 2"))
		require.Equal(t, []dbtest.Trip{{"SELECT 2"}}, inner)
	}), 2, "one count within another")
}

func TestTripsOnAllConnections(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e engine) {
		proxy := e.proxy(t, e.fresh(t).DSN)
		db := e.open(t, proxy.DSN)
		db.SetMaxIdleConns(4)
		trips := proxy.Trips(func() {
			var group sync.WaitGroup
			for range 4 {
				group.Go(func() {
					for range 25 {
						db.ExecContext(t.Context(), "SELECT 'here'")
					}
				})
			}
			group.Wait()
		})
		said := 0
		for _, trip := range trips {
			for _, statement := range trip {
				if statement == "SELECT 'here'" {
					said++
				}
			}
		}
		require.Equal(t, 100, said)
	})
}

func TestTripsToMySQL(t *testing.T) {
	t.Parallel()
	e := engines[1]
	proxy := e.proxy(t, e.fresh(t).DSN)
	conn, err := e.open(t, proxy.DSN).Conn(t.Context())
	require.NoError(t, err)
	defer conn.Close()
	require.Equal(t, []dbtest.Trip{{"SELECT 1"}}, proxy.Trips(func() {
		_, err := conn.ExecContext(t.Context(), "SELECT 1")
		require.NoError(t, err)
	}))
	require.Equal(t, []dbtest.Trip{{"prepare: SELECT ?"}, {"SELECT ?"}}, proxy.Trips(func() {
		_, err := conn.ExecContext(t.Context(), "SELECT ?", 1)
		require.NoError(t, err)
	}), "what it closes afterwards has no answer")
	require.Equal(t, []dbtest.Trip{{"command 0x0e"}}, proxy.Trips(func() { require.NoError(t, conn.PingContext(t.Context())) }))
}
