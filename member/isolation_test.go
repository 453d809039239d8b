package member_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/unit"
)

// TestIsolation: ids of another tenant, and of another merchant, answer exactly
// like ids that do not exist, for every verb and every caller who has no place
// there (S4).
func TestIsolation(t *testing.T) {
	t.Parallel()
	type target struct {
		workspace id.Workspace
		member    id.Member
		program   id.MiniProgram
	}
	each(t, func(t *testing.T, k *superapptest.Kit, v verb) {
		if v.by == "token" || v.by == "account" || v.name == "Mine" {
			return // which name no id: see TestOwnThings
		}
		other, beside := rival(t, k), merchant(t, k, k.Tenant, tenantAdmin, "beside")
		below := merchant(t, k, other.Workspace, other.Admin, "below")
		ask := func(by rbac.Actor, x target) (string, error) {
			result, err := v.run(t.Context(), k.Members, call{Actor: by, Workspace: x.workspace, Member: x.member, Programs: []id.MiniProgram{x.program}})
			require.ErrorIs(t, err, fault.ErrNotFound)
			requireZero(t, result)
			text := err.Error()
			for _, u := range []id.UUID{x.workspace.UUID, x.member.UUID, x.program.UUID} {
				require.False(t, strings.Contains(text, u.String()), "%q tells an id", text)
			}
			return text, err
		}
		nothing := target{id.Workspace{UUID: unknown()}, id.Member{UUID: unknown()}, id.MiniProgram{UUID: unknown()}}
		foreign := map[rbac.Actor][]place{
			tenantAdmin:   {other, below},
			merchantAdmin: {other, below, beside},
			rbac.User(superapptest.Account(rbac.Developer)):         {other, below, beside},
			rbac.User(superapptest.Account(rbac.WorkspaceReviewer)): {other, below},
			rbac.User("nobody-at-all"):                              {other, below, beside},
			beside.Admin:                                            {other, below},
			other.Admin:                                             {beside},
		}
		before := all(t, k)
		for by, places := range foreign {
			wantText, wantErr := ask(by, nothing)
			if v.name != "List" && v.name != "Shifts" { // which take a zero workspace for all of them
				zeroText, zeroErr := ask(by, target{})
				require.Equal(t, wantText, zeroText, "a zero id is one that does not exist")
				require.Equal(t, fault.CodeOf(wantErr), fault.CodeOf(zeroErr))
			}
			for _, p := range places {
				for _, m := range []member.Member{p.Member, p.Invited} {
					text, err := ask(by, target{p.Workspace, m.ID, p.Program})
					require.Equal(t, wantText, text)
					require.Equal(t, fault.KindOf(wantErr), fault.KindOf(err))
					require.Equal(t, fault.CodeOf(wantErr), fault.CodeOf(err))
				}
			}
		}
		require.Equal(t, before, all(t, k))
	})
}

// TestOwnThings: what may be found without a membership is one's own alone
// (S4, M16).
func TestOwnThings(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	ctx := t.Context()
	other := rival(t, k)
	e := become(t, k, member.StatusSent)

	mine, err := k.Members.Mine(ctx, rbac.User(other.Member.Account), page.Request{})
	require.NoError(t, err)
	require.Len(t, mine.Items, 1)
	require.Equal(t, other.Member.ID, mine.Items[0].ID)

	invited, err := k.Members.Invitations(ctx, superapptest.Person("dee"), page.Request{})
	require.NoError(t, err)
	require.Len(t, invited.Items, 1)
	require.Equal(t, e.ID, invited.Items[0].Member)

	// An account is no address, and an address no account.
	mine, err = k.Members.Mine(ctx, rbac.User("dee@people.example"), page.Request{})
	require.NoError(t, err)
	require.Empty(t, mine.Items)
}

// TestForeignFilter: a filter finds nothing outside its workspace, whatever it
// names.
func TestForeignFilter(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	other := rival(t, k)
	for name, f := range map[string]member.Filter{
		"mini program": {MiniProgram: other.Program},
		"e-mail":       {Email: other.Member.Email},
		"name":         {Name: other.Member.Name},
	} {
		f.Workspace = k.Tenant
		p, err := k.Members.List(t.Context(), tenantAdmin, f, page.Request{})
		require.NoError(t, err)
		require.Empty(t, p.Items, "%s of another tenant", name)
	}
}

// TestAcrossTenants: only the platform operator lists them (R2, S4).
func TestAcrossTenants(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	other := rival(t, k)
	for _, by := range []rbac.Actor{tenantAdmin, merchantAdmin, other.Admin, rbac.User("nobody-at-all")} {
		p, err := k.Members.List(t.Context(), by, member.Filter{}, page.Request{})
		require.ErrorIs(t, err, unit.ErrOperatorOnly)
		require.ErrorIs(t, err, fault.ErrDenied)
		require.Zero(t, p)
	}
	found := ids(t, k, member.Filter{})
	require.Contains(t, found, other.Member.ID)
	require.Contains(t, found, k.Member(rbac.Developer).ID)
}
