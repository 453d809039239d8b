package dbtest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/internal/dbtest"
)

// happened reports whether a fault has.
func happened(fault <-chan struct{}) bool {
	select {
	case <-fault:
		return true
	default:
		return false
	}
}

func TestFaultAtCommit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e engine) {
		for name, tt := range map[string]struct {
			fault dbtest.Fault
			notes int
		}{
			"before": {dbtest.CutBefore, 0},
			"after":  {dbtest.CutAfter, 1},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				p := e.place(t)
				fault := p.proxy.At("Commit", tt.fault)
				tx, err := p.far.Begin()
				require.NoError(t, err)
				_, err = tx.Exec(p.insert(), 1)
				require.NoError(t, err)
				require.False(t, happened(fault))
				require.Error(t, tx.Commit())
				require.True(t, happened(fault))
				require.Equal(t, tt.notes, p.notes(t))

				tx, err = p.far.Begin()
				require.NoError(t, err)
				_, err = tx.Exec(p.insert(), 2)
				require.NoError(t, err)
				require.NoError(t, tx.Commit(), "a fault happens once")
			})
		}
	})
}

func TestFaultAtPreparedStatement(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e engine) {
		for name, tt := range map[string]struct {
			fault dbtest.Fault
			notes int
		}{
			"before": {dbtest.CutBefore, 1},
			"after":  {dbtest.CutAfter, 2},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				p := e.place(t)
				conn, err := p.far.Conn(t.Context())
				require.NoError(t, err)
				defer conn.Close()
				other := p.proxy.At("nothing says so", tt.fault)
				first, second := p.proxy.At("insert", dbtest.StallAfter), p.proxy.At("insert", tt.fault)

				insert, err := conn.PrepareContext(t.Context(), p.insert())
				require.NoError(t, err)
				defer insert.Close()
				require.False(t, happened(first), "it is not to run yet")
				go func() {
					<-first
					p.proxy.Release()
				}()
				_, err = insert.Exec(1)
				require.NoError(t, err)
				require.True(t, happened(first))
				require.False(t, happened(second), "one at a time")

				_, err = insert.Exec(2)
				require.Error(t, err)
				require.True(t, happened(second))
				require.Equal(t, tt.notes, p.notes(t))
				require.False(t, happened(other))
			})
		}
	})
}

func TestStallAfterCommit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e engine) {
		p := e.place(t)
		fault := p.proxy.At("commit", dbtest.StallAfter)
		tx, err := p.far.Begin()
		require.NoError(t, err)
		_, err = tx.Exec(p.insert(), 1)
		require.NoError(t, err)
		committed := make(chan error)
		go func() { committed <- tx.Commit() }()
		<-fault
		require.Equal(t, 1, p.notes(t))
		select {
		case <-committed:
			require.Fail(t, "the answer came")
		case <-time.After(20 * time.Millisecond):
		}
		p.proxy.Release()
		require.NoError(t, <-committed)
	})
}

// A batch's answers come in pieces where they are long: those before the COMMIT
// tell nothing of it.
func TestFaultInPipeline(t *testing.T) {
	t.Parallel()
	for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeExec, pgx.QueryExecModeCacheDescribe, pgx.QueryExecModeCacheStatement} {
		for name, tt := range map[string]struct {
			fault dbtest.Fault
			notes int
		}{
			"before": {dbtest.CutBefore, 1},
			"after":  {dbtest.CutAfter, 2},
		} {
			t.Run(mode.String()+" "+name, func(t *testing.T) {
				t.Parallel()
				p := engines[0].place(t)
				conn := connect(t, p.proxy.DSN, mode)
				unit := func(note int) error {
					var b pgx.Batch
					b.Queue("BEGIN")
					b.Queue(p.insert(), note)
					b.Queue("SELECT repeat('x', 100000) FROM generate_series(1, 20)")
					b.Queue("SELECT pg_sleep(0.02)")
					b.Queue("COMMIT")
					return conn.SendBatch(t.Context(), &b).Close()
				}
				require.NoError(t, unit(1), "the statements may be prepared now")
				fault := p.proxy.At("COMMIT", tt.fault)
				require.Error(t, unit(2))
				require.True(t, happened(fault))
				require.Equal(t, tt.notes, p.notes(t))
			})
		}
	}
}

// A client may send a second batch before the first one is answered.
func TestFaultInSecondBatch(t *testing.T) {
	t.Parallel()
	p := engines[0].place(t)
	conn := connect(t, p.proxy.DSN, pgx.QueryExecModeExec)
	fault := p.proxy.At("INSERT", dbtest.CutAfter)
	pipeline := conn.PgConn().StartPipeline(t.Context())
	pipeline.SendQueryParams("SELECT 1", nil, nil, nil, nil)
	require.NoError(t, pipeline.Sync())
	pipeline.SendQueryParams("SELECT pg_sleep(0.1)", nil, nil, nil, nil)
	pipeline.SendQueryParams(p.one(), nil, nil, nil, nil)
	require.NoError(t, pipeline.Sync())
	require.Error(t, pipeline.Close())
	require.True(t, happened(fault))
	require.Equal(t, 1, p.notes(t))
}

// connect opens a connection that runs statements in a mode.
func connect(t testing.TB, dsn string, mode pgx.QueryExecMode) *pgx.Conn {
	t.Helper()
	name := strings.ReplaceAll(mode.String(), " ", "_")
	conn, err := pgx.Connect(t.Context(), dbtest.With(dsn, "default_query_exec_mode", name))
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}
