package rbac_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// A reference is the matrix read straight from the table, without the
// generator: scope names by permission and role.
type reference struct {
	roles       []string
	permissions []string
	cells       map[string]map[string]string
}

func readReference(t testing.TB) reference {
	t.Helper()
	text, err := os.ReadFile("testdata/matrix.tsv")
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	head := strings.Split(lines[0], "\t")
	ref := reference{roles: head[3 : len(head)-1], cells: map[string]map[string]string{}}
	for _, line := range lines[1:] {
		cells := strings.Split(line, "\t")
		require.Len(t, cells, len(head))
		ref.permissions = append(ref.permissions, cells[1])
		row := map[string]string{}
		for i, role := range ref.roles {
			row[role] = cells[3+i]
		}
		ref.cells[cells[1]] = row
	}
	return ref
}

// lets says W1 and W6 once more: what a workspace in a status lets through.
func lets(status rbac.WorkspaceStatus, permission string) bool {
	look := strings.HasSuffix(permission, ".view") || permission == "approval.own"
	release := slices.Contains([]string{
		"miniprogram.create", "miniprogram.edit", "version.upload", "version.note.edit",
		"version.submit", "version.release", "feature.attach", "feature.catalog.manage", "qrcode.manage", "configuration.edit",
	}, permission)
	switch status {
	case rbac.Verified:
		return true
	case rbac.Pending, rbac.Rejected:
		return !release
	case rbac.Disabled:
		return look
	case rbac.Removed:
		return permission == "audit.view"
	}
	return false
}

// decide says R1 and R2 once more, as plainly as it goes.
func (ref reference) decide(f rbac.Facts, permission string) rbac.Reason {
	cell := func(k rbac.RoleKey) string { return ref.cells[permission][string(k.Role())] }
	open := lets(f.OwnerStatus, permission) && lets(f.TenantStatus, permission)

	home := func() bool {
		switch cell(f.Home.Role) {
		case "tenant", "workspace":
			return true
		case "assigned":
			return f.Home.Assigned
		case "own":
			return f.Own
		}
		return false
	}
	above := func() bool {
		switch cell(f.Above.Role) {
		case "tenant":
			return true
		case "assigned":
			return f.Above.Assigned
		case "own":
			return f.Own
		}
		return false
	}
	team := func() bool { return cell(f.Team) == "assigned" }

	active, blocked := rbac.Active, rbac.Blocked
	switch h, a := f.Home.Presence, f.Above.Presence; {
	case !f.Found:
		return rbac.NoMembership
	case open && h == active && home():
		return rbac.GrantedByRole
	case open && h == active && team():
		return rbac.GrantedByTeamRole
	case open && a == active && above():
		return rbac.GrantedByTenantRole
	case h != active && a != active && (h == blocked || a == blocked):
		return rbac.MemberBlocked
	case h != active && a != active:
		return rbac.NoMembership
	case !open:
		return rbac.WorkspaceState
	case h == blocked && (home() || team()), a == blocked && above():
		return rbac.MemberBlocked
	case h == active && (granted(cell(f.Home.Role)) || granted(cell(f.Team))), a == active && granted(cell(f.Above.Role)):
		return rbac.OutOfScope
	}
	return rbac.RoleLacksIt
}

func granted(cell string) bool { return cell != "" && cell != "-" }

func TestBuiltInEqualsTable(t *testing.T) {
	t.Parallel()
	ref, m := readReference(t), rbac.BuiltIn()
	require.Len(t, m.Permissions(), len(ref.permissions))
	require.Len(t, rbac.Roles(), len(ref.roles))
	for i, p := range m.Permissions() {
		require.Equal(t, ref.permissions[i], m.Name(p))
		for j, role := range rbac.Roles() {
			require.Equal(t, ref.roles[j], string(role.Role))
			require.Equal(t, ref.cells[m.Name(p)][ref.roles[j]], m.Scope(role.Role, p).String(), "%s %s", m.Name(p), role.Role)
		}
	}
}

// everyFacts yields every way in which an account can stand to an object of a
// tenant or of a merchant: nothing that R1, R2, W1 or W6 look at is left out.
func everyFacts(yield func(rbac.Facts) bool) {
	memberships := func(place rbac.Place) []rbac.Membership {
		all := []rbac.Membership{{}}
		for _, r := range rbac.Roles() {
			for _, presence := range []rbac.Presence{rbac.Active, rbac.Blocked} {
				if r.Place == place {
					all = append(all, rbac.Membership{Presence: presence, Role: r.Role.Key()},
						rbac.Membership{Presence: presence, Role: r.Role.Key(), Assigned: true})
				}
			}
		}
		return all
	}
	teams := []rbac.RoleKey{0, rbac.MiniProgramAdmin.Key(), rbac.MiniProgramDeveloper.Key()}
	tenants, merchants := memberships(rbac.TenantPlace), memberships(rbac.DeveloperPlace)
	program := id.MiniProgram{UUID: id.UUID{3}}

	for tenant := rbac.Pending; tenant <= rbac.Removed; tenant++ {
		for _, own := range []bool{false, true} {
			for _, team := range teams {
				f := rbac.Facts{Found: true, Owner: wallet, Tenant: wallet, OwnerStatus: tenant, TenantStatus: tenant,
					MiniProgram: program, Team: team, Own: own}
				for _, f.Home = range tenants {
					if !yield(f) {
						return
					}
				}
				f.Owner = shop
				for f.OwnerStatus = rbac.Pending; f.OwnerStatus <= rbac.Removed; f.OwnerStatus++ {
					for _, f.Home = range merchants {
						for _, f.Above = range tenants {
							if !yield(f) {
								return
							}
						}
					}
				}
			}
		}
	}
}

var wallet, shop = id.Workspace{UUID: id.UUID{1}}, id.Workspace{UUID: id.UUID{2}}

var anotherProgram = id.MiniProgram{UUID: id.UUID{4}}

func TestDecideEqualsReference(t *testing.T) {
	t.Parallel()
	ref, m, someone := readReference(t), rbac.BuiltIn(), rbac.User("u-42")
	for _, p := range m.Permissions() {
		t.Run(m.Name(p), func(t *testing.T) {
			t.Parallel()
			one := reference{cells: map[string]map[string]string{m.Name(p): ref.cells[m.Name(p)]}}
			for f := range everyFacts {
				d := m.Decide(someone, f, p)
				if d.Facts() != f {
					require.Equal(t, f, d.Facts())
				}
				if want := one.decide(f, m.Name(p)); d.Reason != want || d.Allowed != (want <= rbac.GrantedToSystem) {
					require.Equal(t, want.String(), d.Reason.String(), "%+v", f)
					require.Equal(t, want <= rbac.GrantedToSystem, d.Allowed, "%+v", f)
				}
			}
		})
	}
}

func TestDecideSystem(t *testing.T) {
	t.Parallel()
	m, job := rbac.BuiltIn(), rbac.System("nightly-job")
	for _, p := range m.Permissions() {
		for s := rbac.Pending; s <= rbac.Removed; s++ {
			d := m.Decide(job, rbac.Facts{Found: true, Owner: wallet, Tenant: wallet, OwnerStatus: s, TenantStatus: s}, p)
			require.Equal(t, lets(s, m.Name(p)), d.Allowed, "%s, %s", p, s)
		}
		require.Equal(t, rbac.NoMembership, m.Decide(job, rbac.Facts{}, p).Reason)
	}
}

func TestDecideUnknown(t *testing.T) {
	t.Parallel()
	m := rbac.BuiltIn()
	admin := rbac.Facts{Found: true, Owner: wallet, Tenant: wallet, OwnerStatus: rbac.Verified, TenantStatus: rbac.Verified,
		Home: rbac.Membership{Presence: rbac.Active, Role: rbac.WorkspaceAdmin.Key()}}

	t.Run("permission", func(t *testing.T) {
		t.Parallel()
		for p := range 256 {
			p := rbac.Permission(p)
			if m.Known(p) {
				continue
			}
			for _, actor := range []rbac.Actor{rbac.User("u-42"), rbac.System("job")} {
				d := m.Decide(actor, admin, p)
				require.False(t, d.Allowed, "permission %d", p)
				require.Equal(t, rbac.RoleLacksIt, d.Reason)
				require.True(t, d.Remedy().Impossible)
				require.Contains(t, d.String(), "denied: the matrix has no such permission")
			}
		}
	})

	t.Run("role", func(t *testing.T) {
		t.Parallel()
		for k := range 256 {
			f := admin
			f.Home.Role, f.Team = rbac.RoleKey(k), rbac.RoleKey(k)
			allowed := m.Decide(rbac.User("u-42"), f, rbac.InviteMember).Allowed
			require.Equal(t, f.Home.Role.Role() == rbac.WorkspaceAdmin || f.Home.Role.Role() == rbac.DeveloperAdmin, allowed, "role %d", k)
		}
	})

	t.Run("status", func(t *testing.T) {
		t.Parallel()
		for _, s := range []rbac.WorkspaceStatus{0, rbac.Removed + 1, 255} {
			f := admin
			f.TenantStatus = s
			require.Equal(t, rbac.WorkspaceState, m.Decide(rbac.User("u-42"), f, rbac.ViewAudit).Reason)
		}
	})
}
