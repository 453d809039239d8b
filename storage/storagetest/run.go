package storagetest

import (
	"sync/atomic"
	"testing"

	"github.com/superapp-go/superapp/storage"
)

// A topic is a table of cases about one subject.
type topic struct {
	name  string
	cases []testCase
}

// A testCase is one promise. The explanation is printed when the case fails.
type testCase struct {
	name        string
	explanation string
	run         func(*bench)
}

var topics = []topic{
	{"units", units},
	{"nesting", nesting},
	{"ended", ended},
	{"scope", scopes},
	{"contexts", contexts},
	{"workspaces", workspaces},
	{"contents", contents},
	{"members", members},
	{"lookup", lookups},
	{"links", links},
	{"bulk", bulks},
	{"programs", programs},
	{"dossier", dossiers},
	{"team", teams},
	{"catalogue", catalogue},
	{"own roles", ownRoles},
	{"requests", requests},
	{"search", searches},
	{"codes", codes},
	{"short codes", shorts},
	{"scans", scans},
	{"passwords", passwords},
	{"uniqueness", uniqueness},
	{"facts", facts},
	{"filters", filters},
	{"pages", pages},
	{"audit", trails},
	{"denials", denials},
	{"deliveries", deliveries},
	{"values", values},
	{"copies", copies},
	{"isolation", isolation},
	{"concurrency", concurrency},
	{"port", port},
}

// Run runs every case against stores that open returns: an empty one for each
// case, which open closes with t.Cleanup if it needs closing. Several are open
// at a time. There is nothing to configure and no case to leave out.
func Run(t *testing.T, open func(t *testing.T) storage.Store) {
	t.Helper()
	run(t, topics, func(t *testing.T) []storage.Store { return []storage.Store{open(t)} })
}

// RunCluster runs the cases about concurrency against several stores on one
// empty database for each case, as programs on different nodes of a cluster have
// them. Units that race are spread over all of the stores; what there is before,
// and what is read at the end, goes through the first. It comes after [Run],
// which says whether one of them is right.
//
// A store has to see what was committed through another one before it was
// called. Where a database answers from a node that may be behind, open tells
// the sessions to wait: on Galera by wsrep_sync_wait.
func RunCluster(t *testing.T, open func(t *testing.T) []storage.Store) {
	t.Helper()
	run(t, []topic{{"concurrency", concurrency}}, open)
}

func run(t *testing.T, topics []topic, open func(t *testing.T) []storage.Store) {
	t.Helper()
	var ran, passed atomic.Int64
	for _, topic := range topics {
		t.Run(topic.name, func(t *testing.T) {
			for _, c := range topic.cases {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					t.Cleanup(func() {
						ran.Add(1)
						if t.Failed() {
							t.Logf("what is promised: %s", c.explanation)
							return
						}
						passed.Add(1)
					})
					c.run(newBench(t, open))
				})
			}
		})
	}
	t.Logf("storagetest: %d of %d cases passed", passed.Load(), ran.Load())
}
