package memory

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/role"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

func TestCheckDoesNotAllocate(t *testing.T) {
	town := newTown(t, 200, assigned)
	access, q := rbac.NewAccess(town.store, rbac.BuiltIn()), town.questions()[0]
	actor, object, ctx := rbac.User(q.account), rbac.OnMiniProgram(q.program), t.Context()
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		if err := access.Check(ctx, actor, rbac.UploadVersion, object); err != nil {
			t.Error(err)
		}
	}))
}

// townWithOwnRoles is a town whose members have an own role with what a developer
// has, of which there is one in each workspace.
func townWithOwnRoles(tb testing.TB, n int) *town {
	tb.Helper()
	t := newTown(tb, n, assigned)
	m := rbac.BuiltIn()
	cells := make(map[string]rbac.Scope)
	for _, p := range m.Permissions() {
		cells[m.Name(p)] = m.Scope(rbac.Developer, p)
	}
	for _, w := range t.workspaces {
		t.do(tb, func(ctx context.Context, tx storage.Tx) error {
			return tx.PutRole(ctx, role.Role{ID: id.Role{UUID: id.New()}, Workspace: w.ID, Tenant: w.Tenant, Code: "builder", Cells: cells, Revision: 1})
		})
	}
	for i := range t.members {
		t.members[i].Role = "builder"
		t.do(tb, func(ctx context.Context, tx storage.Tx) error { return tx.UpdateMember(ctx, t.members[i]) })
	}
	return t
}

func TestCheckOfAnOwnRoleDoesNotAllocate(t *testing.T) {
	town := townWithOwnRoles(t, 200)
	access, q := rbac.NewAccess(town.store, rbac.BuiltIn()), town.questions()[0]
	actor, object, ctx := rbac.User(q.account), rbac.OnMiniProgram(q.program), t.Context()
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		if err := access.Check(ctx, actor, rbac.UploadVersion, object); err != nil {
			t.Error(err)
		}
	}))
}

// One unit edits a role and takes a mini program from its holder, another does the
// opposite: no check sees the one without the other.
func TestCheckDuringEditsOfARole(t *testing.T) {
	t.Parallel()
	town := townWithOwnRoles(t, 1)
	s, m, q := town.store, town.members[0], town.questions()[0]
	roles := s.root.Load()
	r := roles.roles.get(roles.roleCodes.first(m.Workspace.UUID, "builder")).Role
	forms := [2]map[string]rbac.Scope{{"version.upload": rbac.Assigned}, {"member.view": rbac.Own}}
	programs := [2][]rbac.HeldProgram{m.Programs, nil}
	set := func(form int) {
		r, m := r, m
		r.Cells, m.Programs = forms[form], programs[form]
		town.do(t, func(ctx context.Context, tx storage.Tx) error {
			return errors.Join(tx.PutRole(ctx, r), tx.UpdateMember(ctx, m))
		})
	}
	set(0)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				f, err := s.Facts(t.Context(), rbac.Query{Account: q.account, Object: rbac.OnMiniProgram(q.program)})
				uploads := err == nil && f.Home.Custom.Scope(rbac.BuiltIn(), rbac.UploadVersion) == rbac.Assigned
				if err != nil || uploads != f.Home.Assigned {
					t.Errorf("the role uploads: %v, the mini program is assigned: %v, %v", uploads, f.Home.Assigned, err)
					return
				}
			}
		})
	}
	for i := range 2000 {
		set(1 - i%2)
	}
	close(stop)
	readers.Wait()
}

// A chaos makes random changes to a store. What the services would refuse is
// among them: the index must follow the trees in everything.
type chaos struct {
	*rand.Rand
	tx       storage.Tx
	ctx      context.Context
	spaces   []workspace.Workspace
	programs []miniprogram.MiniProgram
	members  []id.Member
	roles    []id.Role
	objects  []rbac.Object
	accounts []id.Account
}

func newChaos(seed uint64) *chaos {
	c := &chaos{Rand: rand.New(rand.NewPCG(seed, 0))}
	for i, n := range []int{1, 7, 8, 9, 36, maxInline - 1, maxInline, maxInline + 1, id.MaxAccount} {
		text := strings.Repeat("x", n)
		c.accounts = append(c.accounts, id.Account(text), id.Account(text[1:]+string(rune('a'+i))))
	}
	return c
}

// uuid makes ids that differ in few bits, as counted ones do.
func (c *chaos) uuid(kind rbac.Kind) (u id.UUID) {
	n := len(c.objects) + 1
	u[14], u[15] = byte(n>>8), byte(n)
	c.objects = append(c.objects, rbac.Object{Kind: kind, ID: u})
	return u
}

func pick[T any](c *chaos, list []T) T { return list[c.IntN(len(list))] }

// step makes one change; its error is ErrPresent, ErrCodeTaken or none.
func (c *chaos) step() error {
	switch n := c.IntN(30); {
	case len(c.spaces) < 2 || n == 0:
		w := workspace.Workspace{ID: id.Workspace{UUID: c.uuid(rbac.KindWorkspace)}, Kind: workspace.Tenant, Status: workspace.Verified}
		if w.Tenant = w.ID; len(c.spaces) > 0 && n != 1 {
			w.Kind, w.Tenant = workspace.Developer, pick(c, c.spaces).Tenant
		}
		c.spaces = append(c.spaces, w)
		return c.tx.InsertWorkspace(c.ctx, w)
	case n == 1:
		w := pick(c, c.spaces)
		w.Status = workspace.Status(1 + c.IntN(5))
		return c.tx.UpdateWorkspace(c.ctx, w)
	case len(c.programs) < 2 || n == 2:
		w := pick(c, c.spaces)
		p := miniprogram.MiniProgram{ID: id.MiniProgram{UUID: c.uuid(rbac.KindMiniProgram)}, Workspace: w.ID, Tenant: w.Tenant, Creator: c.someone()}
		p.NameKey = p.ID.String()
		c.programs = append(c.programs, p)
		return c.tx.InsertMiniProgram(c.ctx, p, nil)
	case n == 3:
		p := pick(c, c.programs)
		p.Status = miniprogram.Archived
		return c.tx.UpdateMiniProgram(c.ctx, p, nil)
	case n == 4:
		p := pick(c, c.programs)
		return c.tx.InsertVersion(c.ctx, miniprogram.Version{ID: id.Version{UUID: c.uuid(rbac.KindVersion)}, MiniProgram: p.ID, Uploader: c.someone()})
	case n == 5:
		p := pick(c, c.programs)
		return c.tx.InsertQRCode(c.ctx, qrcode.Definition{ID: id.QRCode{UUID: c.uuid(rbac.KindQRCode)}, MiniProgram: p.ID, Creator: c.someone()})
	case n == 20:
		w := pick(c, c.spaces)
		return c.tx.PutFeature(c.ctx, feature.Feature{ID: id.Feature{UUID: c.uuid(rbac.KindFeature)}, Tenant: w.Tenant, NameKey: fmt.Sprint(len(c.objects))})
	case n == 21:
		w := pick(c, c.spaces)
		return c.tx.PutJSAPI(c.ctx, feature.JSAPI{ID: id.JSAPI{UUID: c.uuid(rbac.KindJSAPI)}, Tenant: w.Tenant, Name: fmt.Sprint(len(c.objects))})
	case n == 24:
		w := pick(c, c.spaces)
		return c.tx.InsertLink(c.ctx, member.Link{ID: id.Link{UUID: c.uuid(rbac.KindLink)}, Workspace: w.ID, Tenant: w.Tenant})
	case n == 22:
		p := pick(c, c.programs)
		r := approval.Request{ID: id.Request{UUID: c.uuid(rbac.KindRequest)}, Workspace: p.Workspace, Tenant: p.Tenant, Submitter: c.someone()}
		if c.IntN(2) == 0 {
			r.MiniProgram = p.ID
		}
		return c.tx.InsertRequest(c.ctx, r)
	case n >= 26 && len(c.roles) > 0:
		key := pick(c, c.roles)
		r, err := c.tx.Role(c.ctx, key)
		if err != nil || n == 26 {
			return c.tx.DeleteRole(c.ctx, key)
		}
		r.Cells = map[string]rbac.Scope{fmt.Sprintf("edited.%d", c.IntN(5)): rbac.Own}
		return c.tx.PutRole(c.ctx, r)
	case n >= 24:
		w := pick(c, c.spaces)
		r := role.Role{ID: id.Role{UUID: c.uuid(rbac.KindRole)}, Workspace: w.ID, Tenant: w.Tenant, Code: pick(c, codes), Revision: 1}
		c.roles = append(c.roles, r.ID)
		return c.tx.PutRole(c.ctx, r)
	case len(c.members) < 2 || n < 11:
		w := pick(c, c.spaces)
		m := member.Member{ID: id.Member{UUID: c.uuid(rbac.KindMember)}, Workspace: w.ID, Tenant: w.Tenant}
		c.members = append(c.members, m.ID)
		c.shake(&m)
		return c.tx.InsertMember(c.ctx, m)
	case n == 23:
		return c.tx.DeleteHeld(c.ctx, pick(c, c.members), pick(c, c.programs).ID)
	case n < 18:
		m, err := c.tx.Member(c.ctx, pick(c, c.members))
		if err != nil {
			return err
		}
		c.shake(&m)
		return c.tx.UpdateMember(c.ctx, m)
	}
	p := pick(c, c.programs)
	h := rbac.HeldProgram{MiniProgram: p.ID, Owner: p.Workspace, Team: rbac.RoleKey(c.IntN(11))}
	return c.tx.PutHeld(c.ctx, pick(c, c.members), h)
}

// codes are those of own roles, which may be there or not.
var codes = []rbac.Role{"own_a", "own_b", "own_c"}

func (c *chaos) someone() id.Account { return pick(c, append(c.accounts, "")) }

// shake changes whatever of a member a check depends on.
func (c *chaos) shake(m *member.Member) {
	m.State = pick(c, []member.State{member.Invited, member.Active, member.Active, member.Inactive, member.Withdrawn, member.Deleted})
	m.Role = pick(c, rbac.Roles()).Role
	if c.IntN(2) == 0 {
		m.Role = pick(c, codes)
	}
	if c.IntN(3) > 0 {
		m.Account = c.someone()
	}
	m.Programs = nil
	for i := range c.programs {
		if c.IntN(1+i/2) == 0 {
			p := c.programs[i]
			m.Programs = append(m.Programs, rbac.HeldProgram{MiniProgram: p.ID, Owner: p.Workspace, Team: rbac.RoleKey(c.IntN(11))})
		}
	}
}

func TestIndexEqualsTrees(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			s, c := New(), newChaos(seed)
			found := 0
			for range 40 {
				c.run(t, s)
				found += compare(t, s, c)
			}
			require.NotZero(t, found, "no account was a member of anything")
		})
	}
}

// run makes a unit of some changes, of which every fourth fails as a whole.
func (c *chaos) run(t *testing.T, s *Store) {
	before := *c
	err := s.Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
		c.ctx, c.tx = ctx, tx
		for range 1 + c.IntN(8) {
			before := *c
			err := tx.Nest(ctx, unit.Scope{}, func(context.Context, storage.Tx) error { return c.step() })
			if err != nil {
				if !errors.Is(err, role.ErrCodeTaken) {
					require.ErrorIs(t, err, member.ErrPresent)
				}
				c.rewind(before)
			}
		}
		if c.IntN(4) == 0 {
			return context.Canceled
		}
		return nil
	})
	if err != nil {
		require.ErrorIs(t, err, context.Canceled)
		c.rewind(before)
	}
}

// rewind forgets what was rolled back, but not the ids, which go on.
func (c *chaos) rewind(before chaos) {
	c.spaces, c.programs, c.members, c.roles = before.spaces, before.programs, before.members, before.roles
}

// compare asks the index and the trees everything, and returns how many
// memberships there were.
func compare(t *testing.T, s *Store, c *chaos) (found int) {
	t.Helper()
	objects := append(c.objects, rbac.Object{}, rbac.Object{Kind: 99, ID: id.UUID{1}}, rbac.OnWorkspace(id.Workspace{UUID: id.UUID{1}}))
	for _, o := range objects {
		for _, a := range append(c.accounts, "", "nobody", id.Account(strings.Repeat("z", 300))) {
			q := rbac.Query{Account: a, Object: o}
			var f rbac.Facts
			require.True(t, s.checks.facts(&q, &f))
			require.Equal(t, s.root.Load().facts(q), f, "%+v", q)
			if f.Home.Presence != rbac.Absent {
				found++
			}
		}
	}
	return found
}

// TestCheckDuringCommits asks while a writer changes everything that one check
// depends on, back and forth.
func TestCheckDuringCommits(t *testing.T) {
	t.Parallel()
	town := newTown(t, 10, assigned)
	s, w, m := town.store, town.workspaces[0], town.members[0]
	above := town.person(town.tenant, 0)
	above.Role, above.Account, above.Email = rbac.WorkspaceReviewer, m.Account, "above@example.com"
	town.do(t, func(ctx context.Context, tx storage.Tx) error { return tx.InsertMember(ctx, above) })
	set := func(blocked bool) func(ctx context.Context, tx storage.Tx) error {
		w, m, above := w, m, above
		if blocked {
			w.Status, m.State, m.Role, m.Programs = workspace.Disabled, member.Inactive, rbac.Operator, nil
			above.State, above.Role = member.Inactive, rbac.WorkspaceAdmin
		}
		return func(ctx context.Context, tx storage.Tx) error {
			// Why: a growing table must not show either.
			p := town.person(w, 1000)
			p.Account, p.Email = id.Account(p.ID.String()), p.ID.String()
			for _, err := range []error{tx.UpdateWorkspace(ctx, w), tx.UpdateMember(ctx, m), tx.UpdateMember(ctx, above), tx.InsertMember(ctx, p)} {
				if err != nil {
					return err
				}
			}
			return nil
		}
	}
	q := rbac.Query{Account: m.Account, Object: rbac.OnMiniProgram(m.Programs[0].MiniProgram)}
	facts := func() rbac.Facts {
		f, err := s.Facts(t.Context(), q)
		require.NoError(t, err)
		return f
	}
	open := facts()
	town.do(t, set(true))
	shut := facts()
	require.NotEqual(t, open, shut)

	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if f, err := s.Facts(t.Context(), q); err != nil || f != open && f != shut {
					t.Errorf("half a commit: %+v, %v", f, err)
					return
				}
			}
		})
	}
	for i := range 300 {
		blocked := i%2 == 1
		town.do(t, set(blocked))
		// M10: from that commit on.
		require.Equal(t, map[bool]rbac.Facts{true: shut, false: open}[blocked], facts())
	}
	close(done)
	readers.Wait()
}

// TestIndexUnderWriter finds the trees answering while a commit is half way.
func TestIndexUnderWriter(t *testing.T) {
	t.Parallel()
	town := newTown(t, 10, assigned)
	s, m := town.store, town.members[0]
	q := rbac.Query{Account: m.Account, Object: rbac.OnWorkspace(m.Workspace)}
	want, err := s.Facts(t.Context(), q)
	require.NoError(t, err)
	require.Equal(t, rbac.Active, want.Home.Presence)
	s.checks.begin()
	require.False(t, s.checks.facts(&q, new(rbac.Facts)))
	got, err := s.Facts(t.Context(), q)
	require.NoError(t, err)
	require.Equal(t, want, got)
	s.checks.end()
	require.True(t, s.checks.facts(&q, new(rbac.Facts)))
}
