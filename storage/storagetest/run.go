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
	{"members", members},
	{"lookup", lookups},
	{"programs", programs},
	{"search", searches},
	{"codes", codes},
	{"uniqueness", uniqueness},
	{"facts", facts},
	{"filters", filters},
	{"pages", pages},
	{"audit", trails},
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
