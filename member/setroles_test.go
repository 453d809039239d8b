package member_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

func TestSetRolesIsAllOrNobody(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		ctx, admin := t.Context(), k.As(rbac.DeveloperAdmin)
		dev, op := k.Member(rbac.Developer), k.Member(rbac.Operator)
		set := member.SetRole{Role: rbac.Operator, MiniPrograms: []id.MiniProgram{k.Shop}}

		_, err := k.Members.SetRoles(ctx, admin, k.Merchant, []id.Member{dev.ID, k.Member(rbac.DeveloperAdmin).ID, k.Member(rbac.WorkspaceReviewer).ID, op.ID}, set)
		var bad *member.RolesError
		require.ErrorAs(t, err, &bad)
		require.Len(t, bad.Verdicts, 2)
		require.Equal(t, k.Member(rbac.DeveloperAdmin).ID, bad.Verdicts[0].Member)
		require.ErrorIs(t, bad.Verdicts[0].Err, member.ErrSelf)
		require.Equal(t, k.Member(rbac.WorkspaceReviewer).ID, bad.Verdicts[1].Member)
		require.ErrorIs(t, bad.Verdicts[1].Err, member.ErrNotFound, "a member of another workspace answers like one that there is not")
		require.ErrorContains(t, err, "no role was changed")
		found, err := k.Members.Get(ctx, admin, dev.ID)
		require.NoError(t, err)
		require.Equal(t, rbac.Developer, found.Role, "nobody was changed")

		after, err := k.Members.SetRoles(ctx, admin, k.Merchant, []id.Member{dev.ID, op.ID, dev.ID}, set)
		require.NoError(t, err)
		require.Len(t, after, 2, "who is named twice is changed once")
		for _, m := range after {
			require.Equal(t, rbac.Operator, m.Role)
		}
		require.ErrorIs(t, k.Access.Check(ctx, k.As(rbac.Developer), rbac.UploadVersion, rbac.OnMiniProgram(k.Shop)), rbac.ErrDenied)
	})
}

// M12: the rules see the changes of the batch that were made before.
func TestSetRolesLeavesAnAdmin(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	ctx := t.Context()
	_, token, err := k.Members.Invite(ctx, superapptest.System, member.Invite{Workspace: k.Merchant, Email: "two@people.example", Name: "Two", Role: rbac.DeveloperAdmin})
	require.NoError(t, err)
	second, err := k.Members.Accept(ctx, token, superapptest.Person("two"))
	require.NoError(t, err)
	_, err = k.Members.SetRoles(ctx, superapptest.System, k.Merchant, []id.Member{k.Member(rbac.DeveloperAdmin).ID, second.ID},
		member.SetRole{Role: rbac.Operator, MiniPrograms: []id.MiniProgram{k.Shop}})
	var bad *member.RolesError
	require.ErrorAs(t, err, &bad)
	require.Len(t, bad.Verdicts, 1)
	require.ErrorIs(t, bad.Verdicts[0].Err, member.ErrLastAdmin)
}

func TestSetRolesInput(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	for name, members := range map[string][]id.Member{"nobody": nil, "too many": make([]id.Member, member.MaxSetRoles+1)} {
		_, err := k.Members.SetRoles(t.Context(), superapptest.System, k.Merchant, members, member.SetRole{Role: rbac.Operator})
		require.ErrorIs(t, err, fault.ErrInvalid, name)
	}
}
