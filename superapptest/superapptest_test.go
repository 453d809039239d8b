package superapptest_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// TestNew: a kit has two workspaces, a mini program in each, and somebody in
// every role, each of whom may do what his role says.
func TestNew(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	ctx := t.Context()
	for _, w := range []id.Workspace{k.Tenant, k.Merchant} {
		d, err := k.Workspaces.Get(ctx, superapptest.System, w)
		require.NoError(t, err)
		require.Equal(t, workspace.Verified, d.Status)
		require.Equal(t, 1, d.MiniPrograms)
		_, err = k.Audit.Verify(ctx, superapptest.System, w)
		require.NoError(t, err)
	}
	for _, info := range rbac.Roles() {
		if info.Place == rbac.TeamPlace {
			continue
		}
		m := k.Member(info.Role)
		require.Equal(t, info.Role, m.Role)
		require.Equal(t, member.Active, m.State)
		require.Equal(t, superapptest.Account(info.Role), m.Account)
		require.Equal(t, superapptest.Email(info.Role), m.Email)
		require.Equal(t, rbac.User(m.Account), k.As(info.Role))
		w, program := k.Tenant, k.App
		if info.Place == rbac.DeveloperPlace {
			w, program = k.Merchant, k.Shop
		}
		require.Equal(t, w, m.Workspace)
		if info.Assignment == rbac.RequiredAssignment {
			require.Equal(t, []id.MiniProgram{program}, m.Assigned())
		}
		err := k.Access.Check(ctx, k.As(info.Role), rbac.ViewWorkspace, rbac.OnWorkspace(w))
		require.Equal(t, info.Admin, err == nil, "%s: %v", info.Role, err)
	}
}

// TestKitsAreAlike: the same ids and times each time, so that a test may name
// them.
func TestKitsAreAlike(t *testing.T) {
	t.Parallel()
	list := func() []member.Details {
		k := superapptest.New(t, nil)
		p, err := k.Members.List(t.Context(), superapptest.System, member.Filter{}, page.Request{})
		require.NoError(t, err)
		return p.Items
	}
	require.Equal(t, list(), list())
}

func TestClock(t *testing.T) {
	t.Parallel()
	k := superapptest.Empty(t, nil)
	require.Equal(t, superapptest.Start, k.Clock.Now())
	require.Equal(t, k.Clock.Now(), k.Clock.Now(), "it stands still")
	k.Clock.Advance(90 * time.Minute)
	require.Equal(t, superapptest.Start.Add(90*time.Minute), k.Clock.Now())
	k.Clock.Set(time.Date(2030, 1, 1, 1, 0, 0, 1999, time.FixedZone("", 3600)))
	require.Equal(t, time.Date(2030, 1, 1, 0, 0, 0, 1000, time.UTC), k.Clock.Now(), "UTC, microseconds")
}

func TestEmpty(t *testing.T) {
	t.Parallel()
	k := superapptest.Empty(t, nil)
	p, err := k.Workspaces.List(t.Context(), superapptest.System, workspace.Filter{}, page.Request{})
	require.NoError(t, err)
	require.Empty(t, p.Items)
}

func TestInviteAndJoin(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	for _, info := range rbac.Roles() {
		if info.Place == rbac.TeamPlace {
			continue
		}
		sent, token := k.Invite(info.Role, "sent-"+string(info.Role))
		require.Equal(t, member.Invited, sent.State)
		require.Equal(t, info.Role, sent.Role)
		m, err := k.Members.Accept(t.Context(), token, superapptest.Person("sent-"+string(info.Role)))
		require.NoError(t, err)
		require.Equal(t, sent.ID, m.ID)
		require.Equal(t, member.Active, k.Join(info.Role, "joined-"+string(info.Role)).State)
	}
}

// TestJoinNames: a handle makes a name, whatever script it is in.
func TestJoinNames(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	for handle, name := range map[string]string{"dee-o_dee": "Dee O Dee", "émile": "Émile", "张.wei": "张 Wei"} {
		require.Equal(t, name, k.Join(rbac.Operator, handle).Name)
	}
}

// TestRerun: units run twice by default, once on request.
func TestRerun(t *testing.T) {
	t.Parallel()
	for _, o := range []*superapptest.Options{nil, {NoRerun: true}} {
		k := superapptest.New(t, o)
		runs := 0
		p := k.Over(storagetest.Spy(k.Store, func(c storagetest.Call) error {
			if c.Method == "InsertMember" {
				runs++
			}
			return nil
		}))
		_, _, err := p.Members.Invite(t.Context(), k.As(rbac.WorkspaceAdmin), member.Invite{
			Workspace: k.Tenant, Email: "dee@people.example", Name: "Dee", Role: rbac.WorkspaceReviewer,
		})
		require.NoError(t, err)
		want := 2
		if o != nil {
			want = 1
		}
		require.Equal(t, want, runs)
	}
}

// TestFailAt: the n-th call fails, the verb leaves nothing, and past its last
// call it succeeds.
func TestFailAt(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	m := k.Member(rbac.Developer)
	failed := 0
	for n := 1; ; n++ {
		_, err := k.FailAt(n).Members.Block(t.Context(), k.As(rbac.DeveloperAdmin), m.ID, "")
		d, got := k.Members.Get(t.Context(), superapptest.System, m.ID)
		require.NoError(t, got)
		if err == nil {
			require.Equal(t, member.StatusInactive, d.Status)
			break
		}
		failed++
		require.ErrorIs(t, err, storagetest.ErrInjected)
		require.ErrorIs(t, err, fault.ErrUnavailable)
		require.Equal(t, member.StatusActive, d.Status)
	}
	require.Greater(t, failed, 3, "a unit, its reads, its writes, its commit")
}

// TestOptions: the kit works on the store it is given, with the platform's
// options, but keeps its clock and ids.
func TestOptions(t *testing.T) {
	t.Parallel()
	store := memory.New()
	o := &superapptest.Options{Store: store}
	o.Platform.Members = &member.Options{Validity: time.Hour}
	o.Platform.Clock = func() time.Time { panic("the kit has a clock of its own") }
	k := superapptest.New(t, o)
	require.Same(t, store, k.Store)
	m, _ := k.Invite(rbac.WorkspaceReviewer, "dee")
	require.Equal(t, superapptest.Start.Add(time.Hour), m.Invitation.ExpiresAt)

	second := superapptest.Empty(t, &superapptest.Options{Store: store})
	p, err := second.Members.List(t.Context(), superapptest.System, member.Filter{}, page.Request{})
	require.NoError(t, err)
	require.NotEmpty(t, p.Items, "another kit sees the same store")
}

// A recorder is a testing.TB that notes how a kit fails it.
type recorder struct {
	testing.TB
	failure string
}

func (r *recorder) Helper() {}

func (r *recorder) Fatalf(format string, args ...any) {
	r.failure = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// failure runs fn with a testing.TB that notes its failure.
func failure(fn func(testing.TB)) string {
	r := &recorder{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		fn(r)
	}()
	<-done
	return r.failure
}

// TestFailures: a kit that cannot be made, or is asked for nobody, fails the
// test and says why.
func TestFailures(t *testing.T) {
	t.Parallel()
	closed := memory.New()
	require.NoError(t, closed.Close())
	for name, tt := range map[string]struct {
		fn   func(testing.TB)
		want string
	}{
		"a closed store": {func(tb testing.TB) { superapptest.New(tb, &superapptest.Options{Store: closed}) }, "the store is closed"},
		"bad options": {func(tb testing.TB) {
			o := &superapptest.Options{}
			o.Platform.Members = &member.Options{MaxBatch: -1}
			superapptest.Empty(tb, o)
		}, "max_batch"},
		"nobody in a role": {func(tb testing.TB) { superapptest.Empty(tb, nil).Member(rbac.Developer) }, "nobody"},
		"an unknown role":  {func(tb testing.TB) { superapptest.New(tb, nil).Invite("emperor", "dee") }, "unknown role"},
		"invited twice": {func(tb testing.TB) {
			k := superapptest.New(tb, nil)
			k.Invite(rbac.Developer, "dee")
			k.Invite(rbac.Developer, "dee")
		}, "already invited"},
		"joined twice": {func(tb testing.TB) {
			k := superapptest.New(tb, nil)
			k.Join(rbac.Developer, "dee")
			k.Join(rbac.Developer, "dee")
		}, "already"},
		"a role that may not": {func(tb testing.TB) { k := superapptest.New(tb, nil); k.Create(rbac.Operator, k.Merchant, "New Shop") }, "miniprogram"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := failure(tt.fn)
			require.Contains(t, got, "superapptest: ")
			require.Contains(t, got, tt.want)
		})
	}
}
