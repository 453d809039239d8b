package dbtest_test

import (
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/internal/dbtest"
)

func TestPgBouncer(t *testing.T) {
	t.Parallel()
	direct := dbtest.Postgres(t).DSN
	var dsn string
	t.Run("pools", func(t *testing.T) {
		dsn = dbtest.PgBouncer(t, direct)
		var mu sync.Mutex
		servers := map[int]int{}
		var group sync.WaitGroup
		for range 10 {
			conn := connect(t, dsn, pgx.QueryExecModeExec)
			group.Go(func() {
				for range 20 {
					var pid int
					if err := conn.QueryRow(t.Context(), "SELECT pg_backend_pid() WHERE $1::int = 1", 1).Scan(&pid); err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					servers[pid]++
					mu.Unlock()
				}
			})
		}
		group.Wait()
		require.LessOrEqual(t, len(servers), 3, "ten clients share three servers")
		require.NotEmpty(t, servers)
	})
	_, err := pgconn.Connect(t.Context(), dsn)
	require.Error(t, err, "it is gone when its test ends")
}

// Tests of trips through pgbouncer put a proxy on either side of it.
func TestPgBouncerAndProxy(t *testing.T) {
	t.Parallel()
	behind := dbtest.PostgresProxy(t, dbtest.Postgres(t).DSN)
	front := dbtest.PostgresProxy(t, dbtest.PgBouncer(t, behind.DSN))
	conn := connect(t, front.DSN, pgx.QueryExecModeExec)
	query := func() {
		_, err := conn.Exec(t.Context(), "SELECT $1::int", 1)
		require.NoError(t, err)
	}
	require.Equal(t, []dbtest.Trip{{"SELECT $1::int"}}, front.Trips(query))
	require.Contains(t, behind.Trips(query), dbtest.Trip{"SELECT $1::int"})
}

func TestWith(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{
		"postgres://me:pw@one:1/db", "postgresql://me:pw@one:1/db?host=two&application_name=before",
		"user=me password=pw host=one port=1 dbname=db application_name='be fore'",
	} {
		for _, value := range []string{"after", `it's \ 100% a&b=c, "d" + e`} {
			c, err := pgconn.ParseConfig(dbtest.With(dbtest.With(dsn, "host", "three"), "application_name", value))
			require.NoError(t, err, dsn)
			require.Equal(t, "three", c.Host)
			require.Equal(t, value, c.RuntimeParams["application_name"])
			require.EqualValues(t, 1, c.Port)
			require.Equal(t, "me", c.User)
			require.Equal(t, "pw", c.Password)
			require.Equal(t, "db", c.Database)
		}
	}
}
