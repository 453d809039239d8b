package audit_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/rbac"
)

// An endless trail makes its events when they are read, and keeps none.
type endless struct {
	*trail
	length, heap uint64
}

// Events makes the events behind the last ones. Its head is never that of the trail,
// so that Verify goes to the end and finds another one there.
func (t *endless) Events(ctx context.Context, q audit.Query) ([]audit.Event, error) {
	t.events = nil
	for t.head.Seq < t.length && len(t.events) < q.Limit {
		if err := audit.Append(ctx, t.trail, audit.Entry{
			Workspace: t.head.Workspace, Verb: "member.role_set", Object: rbac.OnWorkspace(t.head.Workspace), Actor: rbac.User("u-admin"),
			At: noon.Add(time.Duration(t.head.Seq) * time.Second), After: person{"developer", "dee@example.com"},
		}); err != nil {
			return nil, err
		}
	}
	if t.head.Seq%25_000 == 0 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		t.heap = max(t.heap, m.HeapAlloc)
	}
	return t.events, nil
}

func (t *endless) View(ctx context.Context, fn func(context.Context, audit.Reader) error) error {
	return fn(ctx, t)
}

// verifyEndless verifies a chain of so many events, and returns how large the heap
// was at most.
func verifyEndless(tb testing.TB, length uint64) uint64 {
	tb.Helper()
	t := &endless{trail: newTrail(rbac.WorkspaceAdmin), length: length}
	_, err := serviceOver(t).Verify(tb.Context(), admin, t.head.Workspace)
	var broken *audit.BrokenError
	require.ErrorAs(tb, err, &broken)
	require.Equal(tb, length+1, broken.Seq, "every event was verified, up to the head")
	return t.heap
}

// Ten times as many events take no more memory. BenchmarkVerify has a million. It
// runs alone, since others would fill the heap as well.
func TestVerifyTakesConstantMemory(t *testing.T) {
	few, many := verifyEndless(t, 25_000), verifyEndless(t, 250_000)
	require.Less(t, many, few+(4<<20))
}

// BenchmarkVerify includes the making of the events.
func BenchmarkVerify(b *testing.B) {
	for b.Loop() {
		b.ReportMetric(float64(verifyEndless(b, 1_000_000))/(1<<20), "heap-MiB")
	}
}
