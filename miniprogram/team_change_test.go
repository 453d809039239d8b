package miniprogram_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// TestTeamChanges: adding, changing and removing (P5).
func TestTeamChanges(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		s, admin := k.MiniPrograms, k.As(rbac.DeveloperAdmin)
		zoe, dev, boss := k.Join(rbac.Developer, "zoe"), k.Member(rbac.Developer), k.Member(rbac.DeveloperAdmin)
		other := create(t, k, k.Merchant, "Other").ID
		uploads := func(p id.MiniProgram) bool {
			return k.Access.Check(t.Context(), rbac.User(zoe.Account), rbac.UploadVersion, rbac.OnMiniProgram(p)) == nil
		}
		require.False(t, uploads(other))
		added, err := s.AddTeam(t.Context(), admin, other, zoe.ID, rbac.MiniProgramDeveloper)
		require.NoError(t, err)
		require.Equal(t, miniprogram.TeamMember{Member: zoe.ID, Name: "Zoe", WorkspaceRole: rbac.Developer, Role: rbac.MiniProgramDeveloper}, added)
		require.True(t, uploads(other), "it is assigned to him by that")
		_, err = s.AddTeam(t.Context(), admin, other, zoe.ID, rbac.MiniProgramAdmin)
		require.ErrorIs(t, err, miniprogram.ErrOnTeam)
		require.Equal(t, []miniprogram.TeamMember{added}, team(t, k, other))

		_, err = s.SetTeamRole(t.Context(), rbac.User(zoe.Account), other, zoe.ID, rbac.MiniProgramAdmin)
		require.ErrorIs(t, err, rbac.ErrDenied, "a mini program developer manages no team")
		raised, err := s.SetTeamRole(t.Context(), admin, other, zoe.ID, rbac.MiniProgramAdmin)
		require.NoError(t, err)
		require.Equal(t, rbac.MiniProgramAdmin, raised.Role)
		before := len(trail(t, k, k.Merchant))
		_, err = s.SetTeamRole(t.Context(), admin, other, zoe.ID, rbac.MiniProgramAdmin)
		require.NoError(t, err)
		require.Len(t, trail(t, k, k.Merchant), before, "the same again changes nothing")

		// From now on the mini program admin acts.
		zoeActs := rbac.User(zoe.Account)
		_, err = s.SetTeamRole(t.Context(), zoeActs, other, zoe.ID, rbac.MiniProgramDeveloper)
		require.ErrorIs(t, err, miniprogram.ErrLastTeamAdmin)
		require.ErrorIs(t, s.RemoveTeam(t.Context(), zoeActs, other, zoe.ID), miniprogram.ErrLastTeamAdmin)
		_, err = s.AddTeam(t.Context(), zoeActs, other, dev.ID, rbac.MiniProgramAdmin)
		require.NoError(t, err, "he grants what he holds")
		_, err = s.AddTeam(t.Context(), zoeActs, other, boss.ID, rbac.MiniProgramAdmin)
		require.NoError(t, err)
		require.NoError(t, s.RemoveTeam(t.Context(), zoeActs, other, boss.ID))
		_, err = s.SetTeamRole(t.Context(), zoeActs, other, zoe.ID, rbac.MiniProgramDeveloper)
		require.NoError(t, err, "there is another")
		require.ErrorIs(t, s.RemoveTeam(t.Context(), rbac.User(dev.Account), other, dev.ID), miniprogram.ErrLastTeamAdmin)
		require.NoError(t, s.RemoveTeam(t.Context(), admin, other, dev.ID), "an admin of the workspace removes the last one")
		require.ErrorIs(t, s.RemoveTeam(t.Context(), admin, other, dev.ID), miniprogram.ErrNotOnTeam, "the second time")
		require.NoError(t, s.RemoveTeam(t.Context(), admin, other, zoe.ID))
		require.False(t, uploads(other), "it is unassigned by that")
		require.True(t, uploads(k.Shop))
		require.Empty(t, team(t, k, other))

		_, err = k.Members.Block(t.Context(), admin, dev.ID, "")
		require.NoError(t, err)
		_, err = s.AddTeam(t.Context(), admin, other, dev.ID, rbac.MiniProgramDeveloper)
		require.ErrorIs(t, err, miniprogram.ErrIneligible, "blocked")
		require.NoError(t, s.RemoveTeam(t.Context(), admin, k.Shop, dev.ID), "a blocked one can be removed")

		testkit.SetStatus(t, k, other, miniprogram.Archived)
		_, err = s.AddTeam(t.Context(), admin, other, zoe.ID, rbac.MiniProgramDeveloper)
		require.ErrorIs(t, err, miniprogram.ErrArchived)
	})
}

// TestTeamRefuses: who may not be on a team, and who is not known.
func TestTeamRefuses(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	s, admin := k.MiniPrograms, k.As(rbac.DeveloperAdmin)
	invited, _ := k.Invite(rbac.Developer, "yan")
	for _, tt := range []struct {
		name  string
		actor rbac.Actor
		of    id.MiniProgram
		who   id.Member
		role  rbac.Role
		err   error
	}{
		{"no team role", admin, k.Shop, k.Member(rbac.Developer).ID, rbac.Developer, fault.ErrInvalid},
		{"no role", admin, k.Shop, k.Member(rbac.Developer).ID, "", fault.ErrInvalid},
		{"an operator", admin, k.Shop, k.Member(rbac.Operator).ID, rbac.MiniProgramDeveloper, miniprogram.ErrIneligible},
		{"an inspector", k.As(rbac.WorkspaceAdmin), k.App, k.Member(rbac.MiniProgramInspector).ID, rbac.MiniProgramDeveloper, miniprogram.ErrIneligible},
		{"a member of the tenant", admin, k.Shop, k.Member(rbac.WorkspaceDeveloper).ID, rbac.MiniProgramDeveloper, miniprogram.ErrNoMember},
		{"a merchant's", k.As(rbac.WorkspaceAdmin), k.App, k.Member(rbac.Developer).ID, rbac.MiniProgramDeveloper, miniprogram.ErrNoMember},
		{"somebody invited", admin, k.Shop, invited.ID, rbac.MiniProgramDeveloper, miniprogram.ErrNoMember},
		{"nobody", admin, k.Shop, id.Member{}, rbac.MiniProgramDeveloper, miniprogram.ErrNoMember},
		{"by the tenant's admin", k.As(rbac.WorkspaceAdmin), k.Shop, k.Member(rbac.Developer).ID, rbac.MiniProgramDeveloper, rbac.ErrDenied},
		{"by a stranger", rbac.User("acc-nobody"), k.Shop, k.Member(rbac.Developer).ID, rbac.MiniProgramDeveloper, miniprogram.ErrNotFound},
	} {
		_, err := s.AddTeam(t.Context(), tt.actor, tt.of, tt.who, tt.role)
		require.ErrorIs(t, err, tt.err, tt.name)
	}
	require.ErrorIs(t, s.RemoveTeam(t.Context(), admin, k.Shop, k.Member(rbac.Operator).ID), miniprogram.ErrNotOnTeam)
	_, err := s.SetTeamRole(t.Context(), admin, k.Shop, k.Member(rbac.Operator).ID, rbac.MiniProgramAdmin)
	require.ErrorIs(t, err, miniprogram.ErrNotOnTeam)
}

// TestTeamCeiling: where a host lets mini program developers manage teams, they
// make, change and remove none that hold more (M12).
func TestTeamCeiling(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, widened(t))
	s, dev, zoe := k.MiniPrograms, k.As(rbac.Developer), k.Join(rbac.Developer, "zoe")
	boss := k.Member(rbac.DeveloperAdmin)
	_, err := s.SetTeamRole(t.Context(), dev, k.Shop, zoe.ID, rbac.MiniProgramAdmin)
	require.ErrorIs(t, err, miniprogram.ErrTeamCeiling)
	require.ErrorIs(t, err, fault.ErrDenied)
	var over *miniprogram.TeamCeilingError
	require.ErrorAs(t, err, &over)
	require.Contains(t, over.Permissions, "version.release")
	require.NotContains(t, over.Permissions, "version.upload")
	require.ErrorIs(t, s.RemoveTeam(t.Context(), dev, k.Shop, boss.ID), miniprogram.ErrTeamCeiling)
	require.NoError(t, s.RemoveTeam(t.Context(), dev, k.Shop, zoe.ID))
	_, err = s.AddTeam(t.Context(), dev, k.Shop, zoe.ID, rbac.MiniProgramAdmin)
	require.ErrorIs(t, err, miniprogram.ErrTeamCeiling)
	_, err = s.AddTeam(t.Context(), dev, k.Shop, zoe.ID, rbac.MiniProgramDeveloper)
	require.NoError(t, err)
}

// TestEligible: the active members who may be on the team, with their role there.
func TestEligible(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		zoe := k.Join(rbac.Developer, "zoe")
		k.Invite(rbac.Developer, "yan")
		eligible := func(actor rbac.Actor) ([]miniprogram.TeamMember, error) {
			return page.Collect(page.Walk(func(req page.Request) (page.Page[miniprogram.TeamMember], error) {
				req.Size = 1
				return k.MiniPrograms.Eligible(t.Context(), actor, k.Shop, req)
			}))
		}
		require.NoError(t, k.MiniPrograms.RemoveTeam(t.Context(), k.As(rbac.DeveloperAdmin), k.Shop, zoe.ID))
		_, err := k.Members.Block(t.Context(), k.As(rbac.DeveloperAdmin), k.Join(rbac.Developer, "bob").ID, "")
		require.NoError(t, err)
		got, err := eligible(k.As(rbac.DeveloperAdmin))
		require.NoError(t, err)
		require.Equal(t, []miniprogram.TeamMember{
			{Member: k.Member(rbac.DeveloperAdmin).ID, Name: "Developer Admin", WorkspaceRole: rbac.DeveloperAdmin, Role: rbac.MiniProgramAdmin},
			{Member: k.Member(rbac.Developer).ID, Name: "Developer", WorkspaceRole: rbac.Developer, Role: rbac.MiniProgramDeveloper},
			{Member: zoe.ID, Name: "Zoe", WorkspaceRole: rbac.Developer},
		}, got)
		_, err = eligible(k.As(rbac.Developer))
		require.ErrorIs(t, err, rbac.ErrDenied)
	})
}

// TestLastTeamAdminRace: of two mini program admins who remove each other at once
// one stays.
func TestLastTeamAdminRace(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		s, admin := k.MiniPrograms, k.As(rbac.DeveloperAdmin)
		p := create(t, k, k.Merchant, "Other").ID
		people := []string{"zoe", "yan"}
		var ids []id.Member
		for _, handle := range people {
			m := k.Join(rbac.Developer, handle)
			_, err := s.AddTeam(t.Context(), admin, p, m.ID, rbac.MiniProgramAdmin)
			require.NoError(t, err)
			ids = append(ids, m.ID)
		}
		atOnce(2, func(i int) error {
			return s.RemoveTeam(t.Context(), rbac.User(id.Account("acc-"+people[i])), p, ids[1-i])
		})
		require.Len(t, team(t, k, p), 1)
	})
}
