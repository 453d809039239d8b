package galera

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
)

// patience is how long a node may take to be synced.
const patience = 2 * time.Minute

// A node is one server.
type node struct {
	tools  tools
	folder string // the cluster's
	name   string
	ports  ports

	log   string
	stdin io.WriteCloser
	life  context.Context // ends with the server
	db    *sql.DB
}

// keeper runs a server, as the leader of a process group of its own, for as
// long as somebody holds the other end of its standard input. A line there kills
// the server and all that it started; the end of the test, however it comes,
// removes the folder as well.
const keeper = `{ "$@"; kill -s KILL 0; } & read -r line || rm -rf "$0"; kill -s KILL 0`

// found makes the data of a cluster and runs its first node.
func (n *node) found(group string) error {
	args := n.options("--auth-root-authentication-method=normal", "--skip-test-db")
	out, err := exec.Command(n.tools.install, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("make the data folder: %w\n%s", err, tail(string(out)))
	}
	return n.run(group, "--wsrep-new-cluster")
}

// options are what making and serving the data have in common: little room,
// and no thought for the day after.
func (n *node) options(more ...string) []string {
	all := []string{"--no-defaults", "--datadir=" + n.data(), "--tmpdir=" + n.folder, "--skip-name-resolve",
		"--innodb-log-file-size=8M", "--innodb-temp-data-file-path=ibtmp1:2M:autoextend", "--innodb-flush-method=nosync", "--innodb-doublewrite=0"}
	if n.tools.user != nil {
		all = append(all, "--user="+n.tools.user.Username)
	}
	return append(all, more...)
}

// run starts the server in a group of nodes.
func (n *node) run(group string, more ...string) error {
	args := n.options(append(more,
		"--bind-address=127.0.0.1", fmt.Sprint("--port=", n.ports.number[serverPort]), "--max-connections=500",
		"--socket="+n.data()+".sock", "--pid-file="+n.data()+".pid",
		"--innodb-buffer-pool-size=16M", "--innodb-flush-log-at-trx-commit=0", "--key-buffer-size=64K", "--performance-schema=off",
		"--binlog-format=ROW", "--skip-log-bin", "--default-storage-engine=InnoDB", "--innodb-autoinc-lock-mode=2",
		"--wsrep-on=ON", "--wsrep-provider="+n.tools.provider, "--wsrep-cluster-name="+filepath.Base(n.folder), "--wsrep-cluster-address="+group,
		"--wsrep-node-name="+n.name, "--wsrep-node-address=127.0.0.1",
		"--wsrep-sst-method=rsync", "--wsrep-sst-receive-address="+n.ports.address(fullPort),
		"--wsrep-provider-options=gcache.size=8M;gmcast.listen_addr=tcp://"+n.ports.address(groupPort)+";ist.recv_addr="+n.ports.address(missedPort))...)

	if err := os.MkdirAll(n.data(), 0o700); err != nil {
		return err
	}
	if err := n.tools.own(n.data()); err != nil {
		return err
	}
	log, err := os.Create(n.data() + ".log")
	if err != nil {
		return err
	}
	defer log.Close()

	// setsid makes a process group, without what differs between systems.
	cmd := exec.Command(n.tools.setsid, append([]string{"sh", "-c", keeper, n.folder, n.tools.server}, args...)...)
	cmd.Stdout, cmd.Stderr = log, log
	if n.stdin, err = cmd.StdinPipe(); err != nil {
		return err
	}
	n.ports.release()
	if err := cmd.Start(); err != nil {
		return err
	}
	var end context.CancelCauseFunc
	n.life, end = context.WithCancelCause(context.Background())
	go func() {
		_ = cmd.Wait() // It is killed, always.
		end(errGone)
	}()
	n.log = log.Name()
	return n.connect()
}

// data is the node's folder of data; its other files are beside that.
func (n *node) data() string { return filepath.Join(n.folder, n.name) }

// config is how to connect to the node.
func (n *node) config(database string) *mysql.Config {
	c := mysql.NewConfig()
	c.User, c.Net, c.Addr, c.DBName = "root", "tcp", n.ports.address(serverPort), database
	return c
}

func (n *node) dsn(database string) string { return n.config(database).FormatDSN() }

// connect makes the pool by which the node is watched. It reads what was
// committed on other nodes, and does not tell of each attempt to connect.
func (n *node) connect() error {
	c := n.config("")
	c.Logger, c.Params = &mysql.NopLogger{}, map[string]string{"wsrep_sync_wait": "1"}
	connector, err := mysql.NewConnector(c)
	if err != nil {
		return err
	}
	n.db = sql.OpenDB(connector)
	return nil
}

// wait returns when the node is synced in a cluster of so many.
func (n *node) wait(size int) error {
	// Somebody else may answer on its port, or never answer: then it has ended.
	ctx, cancel := context.WithTimeout(n.life, patience)
	defer cancel()
	for {
		var holds int
		err := n.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM information_schema.global_status
			WHERE variable_name = 'wsrep_local_state_comment' AND variable_value = 'Synced'
			OR variable_name = 'wsrep_cluster_size' AND variable_value = ?`, size).Scan(&holds)
		if holds == 2 {
			return nil
		}
		if err == nil {
			err = fmt.Errorf("not synced in a cluster of %d", size)
		}
		select {
		case <-ctx.Done():
			log, _ := os.ReadFile(n.log)
			return fmt.Errorf("%s: %w: %w; the end of its log:\n%s", n.name, context.Cause(ctx), err, tail(string(log)))
		case <-time.After(30 * time.Millisecond):
		}
	}
}

// knows returns nil when the node has a database of the name.
func (n *node) knows(ctx context.Context, database string) error {
	var found int
	err := n.db.QueryRowContext(ctx, "SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = ?", database).Scan(&found)
	if err == nil && found == 0 {
		err = errors.New("the database is not there")
	}
	return err
}

// gone returns an error if the node has ended.
func (n *node) gone() error { return context.Cause(n.life) }

// kill ends the server and all that it started.
func (n *node) kill() {
	_, _ = io.WriteString(n.stdin, "\n") // It may have ended already.
	<-n.life.Done()
}

// stop ends a node in any state, and lets go what it holds.
func (n *node) stop() {
	n.ports.release()
	if n.db != nil {
		n.db.Close()
	}
	if n.life != nil {
		n.stdin.Close()
		<-n.life.Done()
	}
}

// tail returns the last lines of a log.
func tail(log string) string {
	lines := strings.Split(strings.TrimSpace(log), "\n")
	return strings.Join(lines[max(0, len(lines)-40):], "\n")
}
