package rbac_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// A world is a small platform made by chance: two tenants, three developer
// workspaces, a few mini programs, and one account's grants in it.
type world struct {
	rand    *rand.Rand
	spaces  []rbac.Target // workspaces, as targets
	targets []rbac.Target // workspaces and mini programs
}

func newWorld(seed uint64, statuses ...rbac.WorkspaceStatus) *world {
	w := &world{rand: rand.New(rand.NewPCG(seed, seed))}
	for i, tenant := range []byte{10, 10, 10, 13, 13} {
		s := rbac.Target{Owner: id.Workspace{UUID: id.UUID{byte(10 + i)}}, Tenant: id.Workspace{UUID: id.UUID{tenant}}}
		s.OwnerStatus = pick(w, statuses)
		s.TenantStatus = s.OwnerStatus
		for _, t := range w.spaces {
			if t.Owner == s.Tenant {
				s.TenantStatus = t.OwnerStatus
			}
		}
		w.spaces = append(w.spaces, s)
		w.targets = append(w.targets, s)
		for j := range byte(2) {
			t := s
			t.MiniProgram = id.MiniProgram{UUID: id.UUID{byte(i), j, 1}}
			t.Creator = pick(w, []id.Account{"u-42", "u-7"})
			w.targets = append(w.targets, t)
		}
	}
	return w
}

func pick[T any](w *world, from []T) T { return from[w.rand.IntN(len(from))] }

// grant is a membership in the space with the role and, by chance, mini
// programs that the role can have (M1, P5).
func (w *world) grant(space rbac.Target, role rbac.RoleInfo, presence rbac.Presence) rbac.Grant {
	g := rbac.Grant{Workspace: space.Owner, Tenant: space.Tenant, WorkspaceStatus: space.OwnerStatus, TenantStatus: space.TenantStatus,
		Presence: presence, Role: role.Role.Key()}
	for _, t := range w.targets {
		own := t.Owner == space.Owner
		if t.MiniProgram.IsZero() || t.Tenant != space.Tenant || w.rand.IntN(2) == 0 {
			continue
		}
		h := rbac.HeldProgram{MiniProgram: t.MiniProgram, Owner: t.Owner}
		if own && role.Team {
			h.Team = pick(w, []rbac.Role{rbac.MiniProgramAdmin, rbac.MiniProgramDeveloper}).Key()
		}
		if h.Team != 0 || role.Assignment == rbac.OptionalAssignment && space.Owner == space.Tenant || own && role.Assignment == rbac.RequiredAssignment {
			g.Programs = append(g.Programs, h)
		}
	}
	return g
}

// customise gives the membership, every other time, an own role in place of the
// built-in one, with cells by chance that such a role can have.
func (w *world) customise(m *rbac.Matrix, g rbac.Grant, role rbac.RoleInfo) rbac.Grant {
	if w.rand.IntN(2) == 0 {
		return g
	}
	cells := make(map[string]rbac.Scope)
	for _, p := range m.Permissions() {
		scopes := []rbac.Scope{rbac.None, rbac.None, rbac.Own, rbac.InWorkspace}
		if role.Team || role.Assignment != rbac.NoAssignment {
			scopes = append(scopes, rbac.Assigned)
		}
		if role.Place == rbac.TenantPlace {
			scopes = append(scopes, rbac.InTenant)
		}
		if !strings.HasPrefix(m.Name(p), "developer_workspace.") {
			cells[m.Name(p)] = pick(w, scopes)
		}
	}
	g.Role, g.Custom = rbac.CustomKey, rbac.NewCustom("own", role.Assignment, cells)
	return g
}

// grants are an account's memberships: at most one in each space.
func (w *world) grants(m *rbac.Matrix) []rbac.Grant {
	var all []rbac.Grant
	for _, s := range w.spaces {
		if w.rand.IntN(2) == 0 {
			continue
		}
		role := pick(w, rolesOf(s))
		g := w.grant(s, role, pick(w, []rbac.Presence{rbac.Active, rbac.Active, rbac.Blocked}))
		all = append(all, w.customise(m, g, role))
	}
	return all
}

// rolesOf are the roles of the kind of workspace.
func rolesOf(space rbac.Target) []rbac.RoleInfo {
	place := rbac.DeveloperPlace
	if space.Owner == space.Tenant {
		place = rbac.TenantPlace
	}
	return slices.DeleteFunc(rbac.Roles(), func(r rbac.RoleInfo) bool { return r.Place != place })
}

// matrix is the built-in one with many cells changed by chance.
func (w *world) matrix(t testing.TB) *rbac.Matrix {
	t.Helper()
	e := rbac.Edits{GrantedBy: map[rbac.Role]rbac.Role{}}
	for _, r := range rbac.Roles() {
		e.GrantedBy[r.Role] = ""
		scopes := []rbac.Scope{rbac.None, rbac.Own, rbac.InWorkspace}
		switch {
		case r.Place == rbac.TeamPlace:
			scopes = []rbac.Scope{rbac.None, rbac.Assigned}
		case r.Place == rbac.TenantPlace:
			scopes = append(scopes, rbac.InTenant)
		}
		if r.Team || r.Assignment != rbac.NoAssignment {
			scopes = append(scopes, rbac.Assigned)
		}
		for _, p := range rbac.BuiltIn().Permissions() {
			// Developer workspaces are reached at tenant or not at all.
			atTenantOnly := strings.HasPrefix(p.Name(), "developer_workspace.")
			if w.rand.IntN(2) == 0 && !atTenantOnly {
				e.Cells = append(e.Cells, rbac.Cell{Permission: p, Role: r.Role, Scope: pick(w, scopes)})
			}
		}
	}
	m, err := rbac.BuiltIn().With(e)
	require.NoError(t, err)
	return m
}

// factsOf is what a store would say, spelled out.
func factsOf(t rbac.Target, account id.Account, grants []rbac.Grant) rbac.Facts {
	f := rbac.Facts{Found: true, Owner: t.Owner, Tenant: t.Tenant, OwnerStatus: t.OwnerStatus, TenantStatus: t.TenantStatus,
		MiniProgram: t.MiniProgram, Own: t.Creator == account && account != ""}
	for _, g := range grants {
		at := rbac.Membership{Presence: g.Presence, Role: g.Role, Custom: g.Custom}
		var team rbac.RoleKey
		for _, h := range g.Programs {
			if h.MiniProgram == t.MiniProgram {
				at.Assigned, team = true, h.Team
			}
		}
		if g.Workspace == t.Owner {
			f.Home, f.Team = at, team
		} else if g.Workspace == t.Tenant {
			f.Above = at
		}
	}
	return f
}

var anyStatus = []rbac.WorkspaceStatus{rbac.Pending, rbac.Verified, rbac.Verified, rbac.Verified, rbac.Rejected, rbac.Disabled, rbac.Removed}

func TestFilterCoversWhatDecideAllows(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		w := newWorld(seed, anyStatus...)
		m := w.matrix(t)
		grants := w.grants(m)
		for _, actor := range []rbac.Actor{rbac.User("u-42"), rbac.System("job")} {
			for _, p := range m.Permissions() {
				filter, covered := m.Filter(actor, grants, p), false
				for _, target := range w.targets {
					f := factsOf(target, "u-42", grants)
					require.Equal(t, f, target.Facts("u-42", grants))
					allowed := m.Decide(actor, f, p).Allowed
					require.Equal(t, allowed, filter.Covers(target), "%s on %+v\n%+v", p, f, filter)
					covered = covered || allowed
				}
				if covered {
					require.False(t, filter.Empty())
				}
			}
		}
	}
}

// A store runs a query per arm.
func TestFilterHasNoArmTwice(t *testing.T) {
	t.Parallel()
	g := rbac.Grant{Workspace: wallet, Tenant: wallet, WorkspaceStatus: rbac.Verified, TenantStatus: rbac.Verified,
		Presence: rbac.Active, Role: rbac.WorkspaceAdmin.Key(),
		Programs: []rbac.HeldProgram{{MiniProgram: anotherProgram, Owner: wallet, Team: rbac.MiniProgramAdmin.Key()}}}
	f := rbac.BuiltIn().Filter(rbac.User("u-42"), []rbac.Grant{g}, rbac.ViewMiniProgram)
	require.Equal(t, []id.Workspace{wallet}, f.Tenants)
	require.Empty(t, f.MiniPrograms)
	f = rbac.BuiltIn().Filter(rbac.User("u-42"), []rbac.Grant{g}, rbac.EditMiniProgram)
	require.Equal(t, []id.Workspace{wallet}, f.Workspaces)
	require.Empty(t, f.MiniPrograms)
}

// A merchant's member reaches nothing beyond his workspace, whatever is stored.
func TestFilterLeavesForeignMiniProgramsOut(t *testing.T) {
	t.Parallel()
	g := grants[0]
	g.Programs = []rbac.HeldProgram{{MiniProgram: anotherProgram, Owner: wallet, Team: rbac.MiniProgramAdmin.Key()}}
	require.True(t, rbac.BuiltIn().Filter(rbac.User("u-42"), []rbac.Grant{g}, rbac.ViewMiniProgram).Empty())
}

func TestFilterOfNothing(t *testing.T) {
	t.Parallel()
	m := rbac.BuiltIn()
	require.True(t, m.Filter(rbac.User("u-42"), nil, rbac.ViewMiniProgram).Empty())
	for _, p := range []rbac.Permission{0, rbac.FirstHostPermission, 128 + rbac.ViewMiniProgram} {
		require.True(t, m.Filter(rbac.System("job"), nil, p).Empty(), "unknown permission %d", p)
	}
	own := rbac.Filter{OwnTenants: []id.Workspace{wallet}, Statuses: []rbac.WorkspaceStatus{rbac.Verified}}
	require.False(t, own.Covers(rbac.Target{Owner: wallet, Tenant: wallet, OwnerStatus: rbac.Verified, TenantStatus: rbac.Verified}),
		"nobody has created it, which must not match nobody asking")
}

// Whoever is granted something within the ceiling can afterwards do nothing
// that the granter could not (M12); what one creates oneself is aside.
func TestExceedsIsSound(t *testing.T) {
	t.Parallel()
	granted := 0
	for seed := range uint64(150) {
		w := newWorld(seed, rbac.Verified)
		for i := range w.targets {
			w.targets[i].Creator = ""
		}
		m := rbac.BuiltIn()
		if seed%2 == 0 {
			m = w.matrix(t)
		}
		mine := w.grants(m)
		for _, space := range w.spaces {
			for _, role := range rolesOf(space) {
				theirs := w.customise(m, w.grant(space, role, rbac.Active), role)
				over := m.Exceeds(rbac.User("u-42"), factsOf(space, "u-42", mine), mine, theirs.Role, theirs.Programs)
				if theirs.Custom != nil {
					over = m.ExceedsCustom(rbac.User("u-42"), factsOf(space, "u-42", mine), mine, theirs.Custom, theirs.Programs)
				}
				granted += len(m.Permissions()) - len(over)
				for _, target := range w.targets {
					f, g := factsOf(target, "u-42", mine), factsOf(target, "u-7", []rbac.Grant{theirs})
					for _, p := range m.Permissions() {
						if !slices.Contains(over, p) && m.Decide(rbac.User("u-7"), g, p).Allowed && !m.Decide(rbac.User("u-42"), f, p).Allowed {
							require.Fail(t, "more was granted than held", "%s by %s\nmine   %+v\ntheirs %+v", p, role.Role, f, g)
						}
					}
				}
			}
		}
	}
	require.Positive(t, granted)
}
