package memory

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// A question is one that is answered with yes.
type question struct {
	account id.Account
	program id.MiniProgram
}

// questions returns a power of two of them, all over the town.
func (t *town) questions() []question {
	r := rand.New(rand.NewPCG(1, 2))
	list := make([]question, 1<<14)
	for i := range list {
		m := t.members[r.IntN(len(t.members))]
		// Why: who asks has a text of his own, not the one that is stored.
		list[i] = question{id.Account(strings.Clone(string(m.Account))), m.Programs[r.IntN(len(m.Programs))].MiniProgram}
	}
	return list
}

func BenchmarkCheck(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		b.Run(fmt.Sprintf("members=%d", n), func(b *testing.B) {
			t := newTown(b, n, assigned)
			access, ask := rbac.NewAccess(t.store, rbac.BuiltIn()), t.questions()
			ctx := context.Background()
			runtime.GC()
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				q := &ask[i%len(ask)]
				if err := access.Check(ctx, rbac.User(q.account), rbac.UploadVersion, rbac.OnMiniProgram(q.program)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkCheckOfAnOwnRole is BenchmarkCheck for members with own roles, of which
// each workspace has one.
func BenchmarkCheckOfAnOwnRole(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		b.Run(fmt.Sprintf("members=%d", n), func(b *testing.B) {
			t := townWithOwnRoles(b, n)
			access, ask := rbac.NewAccess(t.store, rbac.BuiltIn()), t.questions()
			ctx := context.Background()
			runtime.GC()
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				q := &ask[i%len(ask)]
				if err := access.Check(ctx, rbac.User(q.account), rbac.UploadVersion, rbac.OnMiniProgram(q.program)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCheckParallel(b *testing.B) {
	t := newTown(b, 100_000, assigned)
	access, ask := rbac.NewAccess(t.store, rbac.BuiltIn()), t.questions()
	ctx := context.Background()
	runtime.GC()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for i := rand.IntN(len(ask)); pb.Next(); i++ {
			q := &ask[i%len(ask)]
			if err := access.Check(ctx, rbac.User(q.account), rbac.UploadVersion, rbac.OnMiniProgram(q.program)); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkLimit answers the questions of BenchmarkCheck from plain maps and
// bitsets, without concurrency, for comparison within one run.
func BenchmarkLimit(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		b.Run(fmt.Sprintf("members=%d", n), func(b *testing.B) {
			t := newTown(b, n, assigned)
			l, ask := newLimit(t), t.questions()
			t.store = nil
			runtime.GC()
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				q := &ask[i%len(ask)]
				if !l.allows(q.account, rbac.UploadVersion, q.program) {
					b.Fatal("denied")
				}
			}
		})
	}
}

// A limit is the least that can answer: who owns the object, in which tenant,
// how are these, and is the account's role enough there or above.
type limit struct {
	objects map[id.MiniProgram]limitObject
	status  map[id.Workspace]workspace.Status
	members map[limitKey]limitMember
}

type limitObject struct {
	owner, tenant id.Workspace
	bit           uint64
}

type limitKey struct {
	account id.Account
	space   id.Workspace
}

type limitMember struct {
	active   bool
	assigned uint64
	roles    *[2][2]uint64
}

func newLimit(t *town) *limit {
	l := &limit{
		objects: make(map[id.MiniProgram]limitObject),
		status:  map[id.Workspace]workspace.Status{t.tenant.ID: t.tenant.Status},
		members: make(map[limitKey]limitMember),
	}
	roles := new([2][2]uint64)
	roles[1][rbac.UploadVersion/64] |= 1 << (rbac.UploadVersion % 64)
	for i, w := range t.workspaces {
		l.status[w.ID] = w.Status
		for k, p := range t.programs[i] {
			l.objects[p] = limitObject{w.ID, w.Tenant, 1 << k}
		}
	}
	for _, m := range t.members {
		k := limitMember{active: true, roles: roles}
		for _, h := range m.Programs {
			k.assigned |= l.objects[h.MiniProgram].bit
		}
		l.members[limitKey{m.Account, m.Workspace}] = k
	}
	return l
}

func (l *limit) allows(a id.Account, p rbac.Permission, on id.MiniProgram) bool {
	o, ok := l.objects[on]
	if !ok || l.status[o.owner] != workspace.Verified || l.status[o.tenant] != workspace.Verified {
		return false
	}
	for _, w := range [...]id.Workspace{o.owner, o.tenant} {
		m, ok := l.members[limitKey{a, w}]
		if !ok || !m.active {
			continue
		}
		granted := m.roles[0][p/64]
		if m.assigned&o.bit != 0 {
			granted |= m.roles[1][p/64]
		}
		if granted&(1<<(p%64)) != 0 {
			return true
		}
	}
	return false
}

// BenchmarkWrite blocks and unblocks members of a store that holds a million,
// one a unit.
func BenchmarkWrite(b *testing.B) {
	t := newTown(b, million(), 1)
	runtime.GC()
	b.ReportMetric(float64(heap())/(1<<20), "heap-MiB")
	r := rand.New(rand.NewPCG(3, 4))
	for i := 0; b.Loop(); i++ {
		m := t.members[r.IntN(len(t.members))]
		m.State = []member.State{member.Inactive, member.Active}[i%2]
		err := t.store.Update(b.Context(), unit.Scope{Workspaces: []id.Workspace{m.Workspace}}, func(ctx context.Context, tx storage.Tx) error {
			return tx.UpdateMember(ctx, m)
		})
		require.NoError(b, err)
	}
}

// BenchmarkMillion reports the memory that a million members take, with one
// mini program each.
func BenchmarkMillion(b *testing.B) {
	for b.Loop() {
		before := heap()
		t := newTown(b, million(), 1)
		t.members = nil
		b.ReportMetric(float64(heap()-before)/(1<<20), "MiB")
		runtime.KeepAlive(t)
	}
}

// million is a million, or few enough for a test of the benchmark in short mode.
func million() int {
	if testing.Short() {
		return 10_000
	}
	return 1_000_000
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
