package member_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// allowed lists what an account may do: every permission on every object of the
// kit.
func allowed(t *testing.T, k *superapptest.Kit, account id.Account) (all []string) {
	t.Helper()
	matrix := rbac.BuiltIn()
	for name, o := range map[string]rbac.Object{
		"tenant": rbac.OnWorkspace(k.Tenant), "merchant": rbac.OnWorkspace(k.Merchant),
		"app": rbac.OnMiniProgram(k.App), "shop": rbac.OnMiniProgram(k.Shop),
	} {
		for _, p := range matrix.Permissions() {
			if err := k.Access.Check(t.Context(), rbac.User(account), p, o); err == nil {
				all = append(all, name+" "+matrix.Name(p))
			} else {
				require.ErrorIs(t, err, rbac.ErrDenied)
			}
		}
	}
	return all
}

// TestBlock: from that commit on every permission check fails; unblocking
// restores role and mini programs as they stand then (M10).
func TestBlock(t *testing.T) {
	t.Parallel()
	for _, info := range rbac.Roles() {
		if info.Place == rbac.TeamPlace {
			continue
		}
		t.Run(string(info.Role), func(t *testing.T) {
			t.Parallel()
			k := kit(t, nil)
			ctx := t.Context()
			m := k.Join(info.Role, "dee")
			by := merchantAdmin
			if info.Place == rbac.TenantPlace {
				by = tenantAdmin
			}
			could := allowed(t, k, m.Account)
			require.NotEmpty(t, could)

			blocked, err := k.Members.Block(ctx, by, m.ID, "left the device in a taxi")
			require.NoError(t, err)
			require.Empty(t, allowed(t, k, m.Account))
			want := m
			want.State = member.Inactive
			require.Equal(t, want, blocked, "role and mini programs stay")
			d := get(t, k, m.ID)
			require.Equal(t, want, d.Member)
			require.Equal(t, member.StatusInactive, d.Status)
			require.Contains(t, ids(t, k, member.Filter{Workspace: m.Workspace}), m.ID, "he stays in the list")

			unblocked, err := k.Members.Unblock(ctx, by, m.ID)
			require.NoError(t, err)
			require.Equal(t, m, unblocked)
			require.ElementsMatch(t, could, allowed(t, k, m.Account))
		})
	}

	t.Run("a role set meanwhile counts", func(t *testing.T) {
		t.Parallel()
		k := kit(t, nil)
		e := become(t, k, member.StatusInactive)
		other := k.Create(rbac.DeveloperAdmin, k.Merchant, "Other Shop")
		_, err := k.Members.SetRole(t.Context(), merchantAdmin, e.ID, member.SetRole{Role: rbac.Operator, MiniPrograms: []id.MiniProgram{other}})
		require.NoError(t, err)
		require.Empty(t, allowed(t, k, e.Account), "he is still blocked")
		m, err := k.Members.Unblock(t.Context(), merchantAdmin, e.ID)
		require.NoError(t, err)
		require.Equal(t, rbac.Operator, m.Role)
		require.Equal(t, []id.MiniProgram{other}, m.Assigned())
		require.NoError(t, k.Access.Check(t.Context(), rbac.User(e.Account), rbac.ViewMiniProgram, rbac.OnMiniProgram(other)))
		require.ErrorIs(t, k.Access.Check(t.Context(), rbac.User(e.Account), rbac.ViewMiniProgram, rbac.OnMiniProgram(k.Shop)), rbac.ErrDenied)
	})

	t.Run("blocking in one workspace leaves the other", func(t *testing.T) {
		t.Parallel()
		k := kit(t, nil)
		e := become(t, k, member.StatusActive)
		_, token, err := k.Members.Invite(t.Context(), tenantAdmin, member.Invite{
			Workspace: k.Tenant, Email: e.Email, Name: "Dee", Role: rbac.MiniProgramInspector,
		})
		require.NoError(t, err)
		_, err = k.Members.Accept(t.Context(), token, superapptest.Person("dee"))
		require.NoError(t, err)
		_, err = k.Members.Block(t.Context(), merchantAdmin, e.ID, "")
		require.NoError(t, err)
		require.NoError(t, k.Access.Check(t.Context(), rbac.User(e.Account), rbac.ViewMiniProgram, rbac.OnMiniProgram(k.App)))
		require.ErrorIs(t, k.Access.Check(t.Context(), rbac.User(e.Account), rbac.UploadVersion, rbac.OnMiniProgram(k.Shop)), rbac.ErrDenied)
	})
}

// TestGone: whoever was deleted, or left, is gone from the workspace and from
// its teams (M11), and may be invited again (M5).
func TestGone(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*testing.T, *superapptest.Kit, member.Member) (member.Member, error){
		"deleted": func(t *testing.T, k *superapptest.Kit, m member.Member) (member.Member, error) {
			return k.Members.Delete(t.Context(), merchantAdmin, m.ID, "left the company")
		},
		"deleted while blocked": func(t *testing.T, k *superapptest.Kit, m member.Member) (member.Member, error) {
			_, err := k.Members.Block(t.Context(), merchantAdmin, m.ID, "")
			require.NoError(t, err)
			return k.Members.Delete(t.Context(), merchantAdmin, m.ID, "left the company")
		},
		"left": func(t *testing.T, k *superapptest.Kit, m member.Member) (member.Member, error) {
			return k.Members.Leave(t.Context(), rbac.User(m.Account), m.Workspace)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := kit(t, nil)
			ctx := t.Context()
			m := k.Join(rbac.Developer, "dee")
			require.Contains(t, team(t, k, k.Shop), m.ID)
			gone, err := end(t, k, m)
			require.NoError(t, err)
			require.Equal(t, member.Deleted, gone.State)
			require.Empty(t, gone.Programs)
			require.Equal(t, gone, get(t, k, m.ID).Member, "the record stays, for the trail")

			require.NotContains(t, team(t, k, k.Shop), m.ID)
			require.NotContains(t, ids(t, k, member.Filter{Workspace: k.Merchant}), m.ID)
			require.NotContains(t, ids(t, k, member.Filter{Workspace: k.Merchant, MiniProgram: k.Shop, Statuses: statuses}), m.ID)
			require.Empty(t, allowed(t, k, m.Account))
			mine, err := k.Members.Mine(ctx, rbac.User(m.Account), page.Request{})
			require.NoError(t, err)
			require.Empty(t, mine.Items)
			_, err = k.Members.List(ctx, rbac.User(m.Account), member.Filter{Workspace: k.Merchant}, page.Request{})
			require.ErrorIs(t, err, workspace.ErrNotFound)

			again := k.Join(rbac.Operator, "dee")
			require.NotEqual(t, m.ID, again.ID)
			require.NotEmpty(t, allowed(t, k, again.Account))
			require.Equal(t, gone, get(t, k, m.ID).Member)
		})
	}
}

func team(t *testing.T, k *superapptest.Kit, p id.MiniProgram) (found []id.Member) {
	t.Helper()
	list, err := k.MiniPrograms.Team(t.Context(), system, p, page.Request{})
	require.NoError(t, err)
	for _, m := range list.Items {
		found = append(found, m.Member)
	}
	return found
}
