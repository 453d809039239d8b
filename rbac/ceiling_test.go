package rbac_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/rbac"
)

func TestExceeds(t *testing.T) {
	t.Parallel()
	m, someone := rbac.BuiltIn(), rbac.User("u-42")

	t.Run("admins exceed nothing in their own workspace", func(t *testing.T) {
		t.Parallel()
		for seed := range uint64(40) {
			w := newWorld(seed, rbac.Verified)
			for _, space := range w.spaces {
				roles := rolesOf(space)
				admin := []rbac.Grant{{Workspace: space.Owner, Tenant: space.Tenant, Presence: rbac.Active, Role: roles[0].Role.Key()}}
				require.True(t, roles[0].Admin)
				for _, role := range roles {
					g := w.grant(space, role, rbac.Active)
					require.Empty(t, m.Exceeds(someone, factsOf(space, "u-42", admin), admin, g.Role, g.Programs), "%s", role.Role)
					require.Empty(t, m.Exceeds(someone, factsOf(space, "u-42", admin), nil, g.Role, g.Programs), "%s", role.Role)
				}
			}
		}
	})

	t.Run("lesser roles exceed the admin's", func(t *testing.T) {
		t.Parallel()
		w := newWorld(1, rbac.Verified)
		for _, space := range w.spaces {
			roles := rolesOf(space)
			for _, lesser := range roles[1:] {
				g := []rbac.Grant{w.grant(space, lesser, rbac.Active)}
				over := m.Exceeds(someone, factsOf(space, "u-42", g), g, roles[0].Role.Key(), nil)
				require.Contains(t, over, rbac.InviteMember, "%s", lesser.Role)
			}
		}
	})

	t.Run("tenant admin is not a developer admin", func(t *testing.T) {
		t.Parallel()
		f := onMerchantProgram("", "", false)
		f.Home, f.Above = rbac.Membership{}, rbac.Membership{Presence: rbac.Active, Role: rbac.WorkspaceAdmin.Key()}
		over := m.Exceeds(someone, f, nil, rbac.DeveloperAdmin.Key(), nil)
		require.Contains(t, over, rbac.EditMiniProgram)
		require.NotContains(t, over, rbac.ViewMiniProgram)
	})

	t.Run("blocked admin holds nothing", func(t *testing.T) {
		t.Parallel()
		f := onMerchantProgram(rbac.DeveloperAdmin, "", false)
		f.Home.Presence = rbac.Blocked
		g := []rbac.Grant{{Workspace: f.Owner, Tenant: f.Tenant, Presence: rbac.Blocked, Role: f.Home.Role,
			Programs: []rbac.HeldProgram{{MiniProgram: f.MiniProgram, Owner: f.Owner, Team: rbac.MiniProgramAdmin.Key()}}}}
		require.Contains(t, m.Exceeds(someone, f, g, rbac.Developer.Key(), g[0].Programs), rbac.UploadVersion)
	})

	t.Run("team admin passes on his own mini program only", func(t *testing.T) {
		t.Parallel()
		f := onMerchantProgram(rbac.Developer, rbac.MiniProgramAdmin, true)
		mine := []rbac.HeldProgram{{MiniProgram: f.MiniProgram, Owner: f.Owner, Team: rbac.MiniProgramAdmin.Key()}}
		other := []rbac.HeldProgram{{MiniProgram: anotherProgram, Owner: f.Owner, Team: rbac.MiniProgramAdmin.Key()}}
		g := []rbac.Grant{{Workspace: f.Owner, Tenant: f.Tenant, Presence: rbac.Active, Role: f.Home.Role, Programs: mine}}
		require.Empty(t, m.Exceeds(someone, f, g, rbac.Developer.Key(), mine))
		require.Contains(t, m.Exceeds(someone, f, g, rbac.Developer.Key(), other), rbac.SubmitVersion)
	})

	t.Run("a membership elsewhere counts for the mini programs there", func(t *testing.T) {
		t.Parallel()
		m, err := rbac.BuiltIn().With(rbac.Edits{
			Cells:     []rbac.Cell{{Permission: rbac.ViewTeam, Role: rbac.WorkspaceAdmin, Scope: rbac.InWorkspace}},
			GrantedBy: map[rbac.Role]rbac.Role{rbac.WorkspaceReviewer: "", rbac.WorkspaceOperator: "", rbac.MiniProgramInspector: ""},
		})
		require.NoError(t, err)
		f := rbac.Facts{Found: true, Owner: wallet, Tenant: wallet, OwnerStatus: rbac.Verified, TenantStatus: rbac.Verified,
			Home: rbac.Membership{Presence: rbac.Active, Role: rbac.WorkspaceAdmin.Key()}}
		theirs := []rbac.HeldProgram{{MiniProgram: anotherProgram, Owner: shop}}
		here := rbac.Grant{Workspace: wallet, Tenant: wallet, Presence: rbac.Active, Role: f.Home.Role, Programs: theirs}
		there := rbac.Grant{Workspace: shop, Tenant: wallet, Presence: rbac.Active, Role: rbac.DeveloperAdmin.Key(), Programs: theirs}
		require.Equal(t, []rbac.Permission{rbac.ViewTeam}, m.Exceeds(someone, f, []rbac.Grant{here}, rbac.WorkspaceReviewer.Key(), theirs))
		require.Empty(t, m.Exceeds(someone, f, []rbac.Grant{here, there}, rbac.WorkspaceReviewer.Key(), theirs))
	})

	t.Run("system is above every ceiling", func(t *testing.T) {
		t.Parallel()
		require.Nil(t, m.Exceeds(rbac.System("job"), rbac.Facts{}, nil, rbac.WorkspaceAdmin.Key(), nil))
	})

	t.Run("no role exceeds nobody", func(t *testing.T) {
		t.Parallel()
		require.Nil(t, m.Exceeds(someone, rbac.Facts{}, nil, 0, nil))
	})
}
