package miniprogram_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// TestTeam: the active and blocked members with a team role (P5).
func TestTeam(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		admin, dev, second := k.Member(rbac.DeveloperAdmin), k.Member(rbac.Developer), k.Join(rbac.Developer, "zoe")
		k.Invite(rbac.Developer, "yan") // who has not accepted
		row := func(of, name string, blocked bool) miniprogram.TeamMember {
			m := map[string]miniprogram.TeamMember{
				"admin":  {Member: admin.ID, Role: rbac.MiniProgramAdmin, WorkspaceRole: rbac.DeveloperAdmin},
				"dev":    {Member: dev.ID, Role: rbac.MiniProgramDeveloper, WorkspaceRole: rbac.Developer},
				"second": {Member: second.ID, Role: rbac.MiniProgramDeveloper, WorkspaceRole: rbac.Developer},
			}[of]
			m.Name, m.Blocked = name, blocked
			return m
		}
		require.Equal(t, []miniprogram.TeamMember{
			row("admin", "Developer Admin", false), row("dev", "Developer", false), row("second", "Zoe", false),
		}, team(t, k, k.Shop), "operators and invited people are not on it")

		_, err := k.Members.Block(t.Context(), k.As(rbac.DeveloperAdmin), dev.ID, "")
		require.NoError(t, err)
		require.Equal(t, []miniprogram.TeamMember{
			row("admin", "Developer Admin", false), row("dev", "Developer", true), row("second", "Zoe", false),
		}, team(t, k, k.Shop), "blocking keeps the row")
		require.ErrorIs(t, k.Access.Check(t.Context(), k.As(rbac.Developer), rbac.UploadVersion, rbac.OnMiniProgram(k.Shop)), rbac.ErrDenied)

		_, err = k.Members.Delete(t.Context(), k.As(rbac.DeveloperAdmin), second.ID, "")
		require.NoError(t, err)
		_, err = k.Members.Unblock(t.Context(), k.As(rbac.DeveloperAdmin), dev.ID)
		require.NoError(t, err)
		require.Equal(t, []miniprogram.TeamMember{
			row("admin", "Developer Admin", false), row("dev", "Developer", false),
		}, team(t, k, k.Shop), "deletion ends it, unblocking restores it")
	})
}

func TestTeamAndVersionsAreRefused(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	for _, tt := range []struct {
		actor rbac.Actor
		err   error
	}{
		{superapptest.System, nil},
		{k.As(rbac.DeveloperAdmin), nil},
		{k.As(rbac.Developer), nil},
		{k.As(rbac.Operator), nil},
		{k.As(rbac.WorkspaceAdmin), nil},
		{k.As(rbac.MiniProgramInspector), nil},
		{k.As(rbac.WorkspaceDeveloper), rbac.ErrDenied},
		{k.As(rbac.WorkspaceOperator), rbac.ErrDenied},
		{rbac.User("acc-nobody"), miniprogram.ErrNotFound},
	} {
		_, err := k.MiniPrograms.Team(t.Context(), tt.actor, k.Shop, page.Request{})
		require.ErrorIs(t, err, tt.err, "%s", tt.actor.Name())
		_, err = k.MiniPrograms.Versions(t.Context(), tt.actor, miniprogram.VersionFilter{MiniProgram: k.Shop}, page.Request{})
		require.ErrorIs(t, err, tt.err, "%s", tt.actor.Name())
	}
}
