package member_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/role"
	"github.com/superapp-go/superapp/superapptest"
)

// till is an own role that the merchant's admin may define.
var till = role.Edit{Name: "Cashier", Assignment: rbac.RequiredAssignment, Cells: map[rbac.Permission]rbac.Scope{
	rbac.ViewMiniProgram: rbac.Assigned, rbac.ManageQRCode: rbac.Assigned,
}}

// M9, M15: a link gives an own role, which is checked like a built-in one, and holds it
// while it is usable.
func TestALinkGivesAnOwnRole(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		ctx := t.Context()
		r, err := k.Roles.Create(ctx, merchantAdmin, k.Merchant, role.Create{Code: "cashier", Edit: till})
		require.NoError(t, err)
		in := member.NewLink{Workspace: k.Merchant, Role: "cashier", MiniPrograms: []id.MiniProgram{k.Shop}, Uses: 2}
		l, token, err := k.Links.Create(ctx, merchantAdmin, in)
		require.NoError(t, err)

		var inUse *role.InUseError
		require.ErrorAs(t, k.Roles.Delete(ctx, merchantAdmin, r.ID), &inUse)
		require.Equal(t, role.InUseError{Total: role.Holding{Links: 1}, Links: []id.Link{l.ID}}, *inUse)

		seen, err := k.Links.Inspect(ctx, token)
		require.NoError(t, err)
		require.Equal(t, rbac.Role("cashier"), seen.Role)
		m, err := k.Links.Accept(ctx, token, superapptest.Person("cy"), "Cy")
		require.NoError(t, err)
		require.NoError(t, k.Access.Check(ctx, rbac.User(m.Account), rbac.ManageQRCode, rbac.OnMiniProgram(k.Shop)))
		require.ErrorIs(t, k.Access.Check(ctx, rbac.User(m.Account), rbac.EditMiniProgram, rbac.OnMiniProgram(k.Shop)), rbac.ErrDenied)

		_, err = k.Members.Delete(ctx, merchantAdmin, m.ID, "")
		require.NoError(t, err)
		require.ErrorIs(t, k.Roles.Delete(ctx, merchantAdmin, r.ID), role.ErrInUse, "the link has a use left")
		_, err = k.Links.Revoke(ctx, merchantAdmin, l.ID)
		require.NoError(t, err)
		require.NoError(t, k.Roles.Delete(ctx, merchantAdmin, r.ID))
		_, err = k.Links.Accept(ctx, token, superapptest.Person("dee"), "Dee")
		require.ErrorIs(t, err, member.ErrTokenWithdrawn)
	})
}

// M12: an edit may give the role what the link's maker does not hold.
func TestALinkWhoseOwnRoleHasGrownBeyondItsMaker(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		ctx := t.Context()
		r, err := k.Roles.Create(ctx, merchantAdmin, k.Merchant, role.Create{Code: "cashier", Edit: till})
		require.NoError(t, err)
		l, token, err := k.Links.Create(ctx, merchantAdmin, member.NewLink{Workspace: k.Merchant, Role: "cashier", MiniPrograms: []id.MiniProgram{k.Shop}})
		require.NoError(t, err)
		grown := till
		grown.Cells = map[rbac.Permission]rbac.Scope{rbac.ForceRemoveMiniProgram: rbac.InWorkspace}
		_, err = k.Roles.Edit(ctx, merchantAdmin, r.ID, grown)
		require.ErrorIs(t, err, role.ErrCeiling, "it is not his to give")
		preview, err := k.Roles.Preview(ctx, system, r.ID, grown, page.Request{})
		require.NoError(t, err)
		require.Equal(t, role.Holding{Links: 1}, preview.Total)
		_, err = k.Roles.Edit(ctx, system, r.ID, grown)
		require.NoError(t, err)

		seen, err := k.Links.Inspect(ctx, token)
		require.NoError(t, err)
		require.Equal(t, member.TokenNotEntitled, seen.State)
		_, err = k.Links.Accept(ctx, token, superapptest.Person("cy"), "Cy")
		require.ErrorIs(t, err, member.ErrSenderNotEntitled)
		d, err := k.Links.Get(ctx, merchantAdmin, l.ID)
		require.NoError(t, err)
		require.Equal(t, []member.LinkAction{member.LinkRevoke}, d.Actions)
		require.Zero(t, d.Uses, "nothing was used")
		_, token, err = k.Links.Renew(ctx, system, l.ID)
		require.NoError(t, err, "who holds it may renew the link")
		_, err = k.Links.Accept(ctx, token, superapptest.Person("cy"), "Cy")
		require.NoError(t, err)
	})
}

// M15: nothing holds the role of a link that expired. Its actions are those that would
// succeed.
func TestAnExpiredLinkWhoseOwnRoleIsGone(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		ctx := t.Context()
		r, err := k.Roles.Create(ctx, merchantAdmin, k.Merchant, role.Create{Code: "cashier", Edit: till})
		require.NoError(t, err)
		l, token, err := k.Links.Create(ctx, system, member.NewLink{Workspace: k.Merchant, Role: "cashier", MiniPrograms: []id.MiniProgram{k.Shop}})
		require.NoError(t, err)
		m, mailed, err := k.Members.Invite(ctx, system, member.Invite{
			Workspace: k.Merchant, Email: "bo@people.example", Name: "Bo", Role: "cashier", MiniPrograms: []id.MiniProgram{k.Shop}})
		require.NoError(t, err)
		k.Clock.Set(l.ExpiresAt)
		d, err := k.Links.Get(ctx, merchantAdmin, l.ID)
		require.NoError(t, err)
		require.Equal(t, []member.LinkAction{member.LinkRenew, member.LinkRevoke}, d.Actions)
		require.NoError(t, k.Roles.Delete(ctx, merchantAdmin, r.ID))
		_, _, err = k.Links.Renew(ctx, merchantAdmin, l.ID)
		require.ErrorIs(t, err, member.ErrRoleGone)
		d, err = k.Links.Get(ctx, merchantAdmin, l.ID)
		require.NoError(t, err)
		require.Equal(t, []member.LinkAction{member.LinkRevoke}, d.Actions)

		// Another process may have a clock that is behind.
		k.Clock.Set(l.ExpiresAt.Add(-time.Minute))
		_, err = k.Links.Accept(ctx, token, superapptest.Person("cy"), "Cy")
		require.ErrorIs(t, err, member.ErrSenderNotEntitled)
		_, err = k.Members.Accept(ctx, mailed, superapptest.Person("bo"))
		require.ErrorIs(t, err, member.ErrSenderNotEntitled)
		still, err := k.Members.Get(ctx, system, m.ID)
		require.NoError(t, err)
		require.Equal(t, member.StatusSent, still.Status)
	})
}
