package galera

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/stretchr/testify/require"
)

// deadlock is the error of a transaction that lost against another one.
const deadlock = 1213

// TestCluster shows what tests of a store on a cluster rely on. Of the ports
// chosen first somebody else has one, as may happen on any machine.
func TestCluster(t *testing.T) {
	t.Parallel()
	if _, err := findTools(); err != nil {
		Start(t)
	}
	thief, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer thief.Close()
	asked := 0
	var c *Cluster
	t.Run("nodes", func(t *testing.T) {
		tools, err := findTools()
		require.NoError(t, err)
		c, err = start(tools, func() (ports, error) {
			p, err := reserve()
			if asked++; asked == 1 {
				p.number[serverPort] = thief.Addr().(*net.TCPAddr).Port
			}
			return p, err
		})
		require.NoError(t, err)
		t.Cleanup(c.stop)
		require.Equal(t, 2*size, asked, "on other ports the second time")

		t.Run("each knows a new database", func(t *testing.T) { eachKnows(t, c) })
		t.Run("one reads what another wrote, if it waits", func(t *testing.T) { waits(t, c) })
		t.Run("one key on two nodes", func(t *testing.T) { oneKey(t, c) })
		t.Run("locks are local", func(t *testing.T) { localLocks(t, c) })
		t.Run("two go on without the third", func(t *testing.T) { losesOne(t, c) })
	})
	require.NoFileExists(t, c.folder)
	require.Empty(t, running(t, c.folder))
}

// running lists the processes whose arguments mention a folder.
func running(t *testing.T, folder string) (found []string) {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/cmdline")
	require.NoError(t, err)
	require.NotEmpty(t, all)
	for _, name := range all {
		args, _ := os.ReadFile(name) // It may have ended meanwhile.
		if strings.Contains(string(args), folder) {
			found = append(found, strings.ReplaceAll(string(args), "\x00", " "))
		}
	}
	return found
}

// open opens a new database on each node and fills it. A session has seen what
// was committed anywhere before it reads or begins.
func open(t *testing.T, c *Cluster, statements ...string) (dbs []*sql.DB) {
	t.Helper()
	for _, dsn := range c.Database(t) {
		db, err := sql.Open("mysql", dsn+"?wsrep_sync_wait=1")
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, db.Close()) })
		dbs = append(dbs, db)
	}
	for _, s := range statements {
		do(t, dbs[0], s)
	}
	return dbs
}

// A runner is a pool, connection or transaction.
type runner interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
}

func do(t *testing.T, r runner, statement string, args ...any) {
	t.Helper()
	_, err := r.ExecContext(t.Context(), statement, args...)
	require.NoError(t, err, statement)
}

func number(t *testing.T, r runner, query string) (n int) {
	t.Helper()
	require.NoError(t, r.QueryRowContext(t.Context(), query).Scan(&n), query)
	return n
}

// begin begins a transaction on each of the pools.
func begin(t *testing.T, dbs ...*sql.DB) (all []*sql.Tx) {
	t.Helper()
	for _, db := range dbs {
		tx, err := db.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		t.Cleanup(func() { _ = tx.Rollback() })
		all = append(all, tx)
	}
	return all
}

func eachKnows(t *testing.T, c *Cluster) {
	var names []string
	for range 2 {
		dbs := open(t, c, "CREATE TABLE orders (id INT PRIMARY KEY)")
		for i, db := range dbs {
			do(t, db, "INSERT INTO orders VALUES (?)", i)
			require.Equal(t, i+1, number(t, db, "SELECT COUNT(*) FROM orders"))
		}
		var name string
		require.NoError(t, dbs[0].QueryRowContext(t.Context(), "SELECT DATABASE()").Scan(&name))
		names = append(names, name)
	}
	require.NotEqual(t, names[0], names[1])
}

// waits holds up what comes to the third node, and reads there.
func waits(t *testing.T, c *Cluster) {
	dbs := open(t, c, "CREATE TABLE orders (id INT PRIMARY KEY)")
	const count = "SELECT COUNT(*) FROM orders"
	require.Zero(t, number(t, dbs[2], count))
	brake, err := dbs[2].Conn(t.Context())
	require.NoError(t, err)
	defer brake.Close()
	hasty, err := dbs[2].Conn(t.Context())
	require.NoError(t, err)
	defer hasty.Close()
	do(t, hasty, "SET SESSION wsrep_sync_wait = 0")

	do(t, brake, "FLUSH TABLES WITH READ LOCK")
	do(t, dbs[0], "INSERT INTO orders VALUES (1)")
	require.Zero(t, number(t, hasty, count), "this session does not wait")
	read := make(chan int, 1)
	go func() {
		n := -1
		_ = dbs[2].QueryRowContext(t.Context(), count).Scan(&n)
		read <- n
	}()
	select {
	case n := <-read:
		require.Fail(t, "a session that is to wait did not", "it read %d", n)
	case <-time.After(100 * time.Millisecond):
	}
	do(t, brake, "UNLOCK TABLES")
	require.Equal(t, 1, <-read)
}

// oneKey inserts the same unique key on two nodes at the same time.
func oneKey(t *testing.T, c *Cluster) {
	dbs := open(t, c, "CREATE TABLE orders (id INT PRIMARY KEY, number INT NOT NULL UNIQUE)")
	txs := begin(t, dbs[:2]...)
	for i, tx := range txs {
		do(t, tx, "INSERT INTO orders VALUES (?, 7)", i)
	}
	require.NoError(t, txs[0].Commit())
	lost(t, txs[1].Commit())
	require.Equal(t, 1, number(t, dbs[1], "SELECT COUNT(*) FROM orders"))
}

// localLocks locks one row on two nodes. Who then changes other rows has not
// been kept apart: here both admins resign because the other one stays. A
// transaction has to write the row that it locked.
func localLocks(t *testing.T, c *Cluster) {
	for _, writes := range []bool{false, true} {
		t.Run(map[bool]string{false: "they alone keep nobody apart", true: "who writes the row is kept apart"}[writes], func(t *testing.T) {
			dbs := open(t, c, "CREATE TABLE head (id INT PRIMARY KEY, place INT NOT NULL)", "CREATE TABLE admin (id INT PRIMARY KEY)",
				"INSERT INTO head VALUES (1, 0)", "INSERT INTO admin VALUES (0), (1)")
			txs := begin(t, dbs[:2]...)
			for i, tx := range txs {
				require.Equal(t, 1, number(t, tx, "SELECT id FROM head WHERE id = 1 FOR UPDATE"))
				require.Equal(t, 2, number(t, tx, "SELECT COUNT(*) FROM admin"))
				do(t, tx, "DELETE FROM admin WHERE id = ?", i)
				if writes {
					do(t, tx, "UPDATE head SET place = place + 1 WHERE id = 1")
				}
			}
			require.NoError(t, txs[0].Commit())
			err := txs[1].Commit()
			left := number(t, dbs[2], "SELECT COUNT(*) FROM admin")
			if writes {
				lost(t, err)
				require.Equal(t, 1, left)
				return
			}
			require.NoError(t, err)
			require.Zero(t, left)
		})
	}
}

// losesOne kills the last node.
func losesOne(t *testing.T, c *Cluster) {
	dbs := open(t, c, "CREATE TABLE orders (id INT PRIMARY KEY)")
	do(t, dbs[2], "INSERT INTO orders VALUES (1)")
	c.Kill(2)
	require.Error(t, dbs[2].PingContext(t.Context()))
	require.ErrorIs(t, c.nodes[2].gone(), errGone)
	require.NoError(t, c.nodes[0].wait(size-1))
	do(t, dbs[0], "INSERT INTO orders VALUES (2)")
	require.Equal(t, 2, number(t, dbs[1], "SELECT COUNT(*) FROM orders"))
}

// lost fails unless err says that a transaction lost against another one.
func lost(t *testing.T, err error) {
	t.Helper()
	known, ok := errors.AsType[*mysql.MySQLError](err)
	require.True(t, ok, "err = %v", err)
	require.EqualValues(t, deadlock, known.Number)
}

// TestStartFails: whoever reads the failure sees why, and nothing is left.
func TestStartFails(t *testing.T) {
	good, err := findTools()
	if err != nil {
		Start(t)
	}
	temp := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(temp), 0o755)) // The servers run as somebody else.
	t.Setenv("TMPDIR", temp)

	bad := good
	bad.provider = "/nowhere/libgalera_smm.so"
	_, err = start(bad, reserve)
	require.ErrorContains(t, err, bad.provider, "the end of the log is shown")

	none := errors.New("no port is free")
	_, err = start(good, func() (ports, error) { return ports{release: func() {}}, none })
	require.Equal(t, none, err)

	left, err := os.ReadDir(temp)
	require.NoError(t, err)
	require.Empty(t, left)
	require.Empty(t, running(t, temp))
}
