// Package galera starts a MariaDB Galera cluster for a test: three nodes on the
// loopback interface, from the packages of the distribution, which end with the
// test.
//
// It shows what no single server does: a lock is local to its node, conflicts
// between nodes arrive as error 1213 with COMMIT, and a node may not have seen
// yet what another one has committed.
package galera

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// size is how many nodes a cluster has: the fewest of which one can be lost.
const size = 3

// A Cluster is three nodes with the same data. Its methods are safe for
// concurrent use.
type Cluster struct {
	folder    string
	nodes     [size]*node
	databases atomic.Int64
}

// Start starts a cluster and waits until all nodes are synced, which takes
// about ten seconds. The cluster and its data are gone when the test has ended,
// even if the test was killed. Where the packages are missing the test is
// skipped, but in CI (environment variable CI) it fails.
//
// The servers are configured by nothing but this package: character set,
// isolation and lock timeouts are MariaDB's own defaults.
func Start(t testing.TB) *Cluster {
	t.Helper()
	tools, err := findTools()
	switch {
	case err != nil && os.Getenv("CI") != "":
		t.Fatalf("galera: %v", err)
	case err != nil:
		t.Skipf("galera: %v", err)
	}
	began := time.Now()
	c, err := start(tools, reserve)
	if err != nil {
		t.Fatalf("galera: %v", err)
	}
	t.Cleanup(c.stop)
	t.Logf("galera: %d nodes up in %.1f s", size, time.Since(began).Seconds())
	return c
}

// portTaken is how the servers and the script of a state transfer say that
// somebody else has a port.
var portTaken = regexp.MustCompile(`Address already in use|port '\d+' has been taken`)

// start starts a cluster on free ports, again if one of them was taken before
// its server came to it.
func start(tools tools, free func() (ports, error)) (c *Cluster, err error) {
	for range 3 {
		c = &Cluster{}
		if err = c.start(tools, free); err == nil {
			return c, nil
		}
		c.stop()
		if !portTaken.MatchString(err.Error()) {
			break
		}
	}
	return nil, err
}

func (c *Cluster) start(tools tools, free func() (ports, error)) (err error) {
	if c.folder, err = os.MkdirTemp("", "galera-"); err != nil {
		return err
	}
	var group []string
	for i := range c.nodes {
		c.nodes[i] = &node{tools: tools, folder: c.folder, name: fmt.Sprint("node", i+1)}
		if c.nodes[i].ports, err = free(); err != nil {
			return err
		}
		group = append(group, c.nodes[i].ports.address(groupPort))
	}
	if err := tools.own(c.folder); err != nil {
		return err
	}
	// One after the other: those that come at the same time hinder each other.
	for i, n := range c.nodes {
		address := "gcomm://" + strings.Join(group, ",")
		if i == 0 {
			err = n.found(address)
		} else {
			err = n.run(address)
		}
		if err == nil {
			err = n.wait(i + 1)
		}
		if err != nil {
			return err
		}
	}
	for _, n := range c.nodes {
		if err := n.wait(size); err != nil {
			return err
		}
	}
	return nil
}

// stop ends all nodes and removes what they left.
func (c *Cluster) stop() {
	for _, n := range c.nodes {
		if n != nil {
			n.stop()
		}
	}
	os.RemoveAll(c.folder)
}

// Database makes an empty database and returns its DSN on each node. The user
// is root without a password. All nodes know the database when it returns.
//
// The DSNs have no parameters. Whoever reads on one node what was committed on
// another wants wsrep_sync_wait=1. Whoever writes in transactions wants
// interpolateParams=true: when another node ends a transaction while a statement
// is prepared in it, MariaDB 10.11 does not tell, and what comes after that is
// committed statement by statement.
func (c *Cluster) Database(t testing.TB) (dsns []string) {
	t.Helper()
	name := fmt.Sprint("test", c.databases.Add(1))
	for i, n := range c.nodes {
		err := n.gone()
		if err == nil && i == 0 {
			_, err = n.db.ExecContext(t.Context(), "CREATE DATABASE "+name)
		}
		if err == nil {
			err = n.knows(t.Context(), name)
		}
		if err != nil {
			t.Fatalf("galera: make a database: %s: %v", n.name, err)
		}
		dsns = append(dsns, n.dsn(name))
	}
	return dsns
}

// Kill ends a node, counted from 0, as a power cut does: it says goodbye to
// nobody. The others need about five seconds to find that out and to go on; one
// that is left alone refuses to work.
func (c *Cluster) Kill(i int) { c.nodes[i].kill() }

// errGone: a node has ended.
var errGone = errors.New("the server has ended")
