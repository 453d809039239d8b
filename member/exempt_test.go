package member_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// newcomer opens a developer workspace whose first admin was invited as
// first@people.example and has not accepted.
func newcomer(t *testing.T, k *superapptest.Kit) (id.Workspace, member.Member) {
	t.Helper()
	opened, _, err := k.OpenDeveloper(t.Context(), tenantAdmin, k.Tenant, superapp.Open{
		Name:     "Night Market",
		Business: workspace.Business{Company: "Night Market Ltd", Address: "3 Lake Lane", Scope: "food", Email: "office@market.example"},
		Admin:    member.First{Email: "first@people.example", Name: "First"},
	})
	require.NoError(t, err)
	return opened.Workspace.ID, opened.Admin
}

// joinAs lets the operator invite somebody, who accepts.
func joinAs(t *testing.T, k *superapptest.Kit, w id.Workspace, role rbac.Role, handle string) member.Member {
	t.Helper()
	_, token, err := k.Members.Invite(t.Context(), system, member.Invite{Workspace: w, Email: handle + "@people.example", Name: handle, Role: role})
	require.NoError(t, err)
	m, err := k.Members.Accept(t.Context(), token, superapptest.Person(handle))
	require.NoError(t, err)
	return m
}

// The first admin is exempt until the workspace has an admin, and no longer
// (W5, M12).
func TestFirstAdminIsExemptNoLonger(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	w, first := newcomer(t, k)
	_, _, err := k.Members.Resend(t.Context(), tenantAdmin, first.ID)
	require.NoError(t, err, "while there is no admin the tenant's admin may resend")

	bo := joinAs(t, k, w, rbac.DeveloperAdmin, "bo")
	joinAs(t, k, w, rbac.DeveloperAdmin, "cy")
	_, _, err = k.Members.Resend(t.Context(), tenantAdmin, first.ID)
	require.ErrorIs(t, err, rbac.ErrDenied, "now it is the workspace's own affair")

	_, token, err := k.Members.Resend(t.Context(), rbac.User("acc-bo"), first.ID)
	require.NoError(t, err)
	_, err = k.Members.Block(t.Context(), rbac.User("acc-cy"), bo.ID, "")
	require.NoError(t, err)
	_, err = k.Members.Accept(t.Context(), token, superapptest.Person("first"))
	require.ErrorIs(t, err, member.ErrSenderNotEntitled, "the sender's right counts as for anyone")
	in, err := k.Members.Inspect(t.Context(), token)
	require.NoError(t, err)
	require.Equal(t, member.TokenNotEntitled, in.State)
}

// An expired invitation never blocks (M6), not even the first admin's place.
func TestFirstAdminReplacesExpired(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	w, first := newcomer(t, k)
	old, _, err := k.Members.Invite(t.Context(), system, member.Invite{Workspace: w, Email: "mo@people.example", Name: "Mo", Role: rbac.DeveloperAdmin})
	require.NoError(t, err)
	_, _, err = k.Members.SetFirstAdmin(t.Context(), tenantAdmin, w, member.First{Email: "mo@people.example", Name: "Mo"})
	require.ErrorIs(t, err, member.ErrPresent)
	k.Clock.Set(old.Invitation.ExpiresAt)
	_, _, err = k.Members.SetFirstAdmin(t.Context(), tenantAdmin, w, member.First{Email: "mo@people.example", Name: "Mo"})
	require.NoError(t, err)
	for _, ended := range []member.Member{old, first} {
		m, err := k.Members.Get(t.Context(), system, ended.ID)
		require.NoError(t, err)
		require.Equal(t, member.StatusWithdrawn, m.Status)
	}
}

// inviters is a kit where merchants' operators may invite.
func inviters(t *testing.T) *superapptest.Kit {
	t.Helper()
	m, err := rbac.BuiltIn().With(rbac.Edits{Cells: []rbac.Cell{
		{Permission: rbac.InviteMember, Role: rbac.Operator, Scope: rbac.InWorkspace},
		{Permission: rbac.ViewMember, Role: rbac.Operator, Scope: rbac.InWorkspace},
	}})
	require.NoError(t, err)
	return superapptest.New(t, &superapptest.Options{Platform: superapp.Options{Matrix: m}})
}

// To invite over an expired invitation withdraws it, which is to act upon it.
func TestReplacingObeysTheCeiling(t *testing.T) {
	t.Parallel()
	k := inviters(t)
	old, _ := k.Invite(rbac.DeveloperAdmin, "mo")
	k.Clock.Set(old.Invitation.ExpiresAt)
	_, _, err := k.Members.Invite(t.Context(), k.As(rbac.Operator), member.Invite{
		Workspace: k.Merchant, Email: "mo@people.example", Name: "Mo", Role: rbac.Operator, MiniPrograms: []id.MiniProgram{k.Shop},
	})
	require.ErrorIs(t, err, member.ErrCeiling)
	m, err := k.Members.Get(t.Context(), system, old.ID)
	require.NoError(t, err)
	require.Equal(t, member.StatusExpired, m.Status)
}

// What a store says of itself is no verdict on an invitee.
func TestStoreErrorIsNoVerdict(t *testing.T) {
	t.Parallel()
	k := inviters(t)
	before, err := page.Collect(page.All(t.Context(), k.Members.List, system, member.Filter{Workspace: k.Merchant}))
	require.NoError(t, err)
	p := k.Over(storagetest.Spy(k.Store, func(c storagetest.Call) error {
		if c.Method == "Grants" {
			return storage.ErrBusy
		}
		return nil
	}))
	_, _, err = p.Members.InviteAll(t.Context(), k.As(rbac.Operator), member.InviteAll{
		Workspace: k.Merchant, BestEffort: true,
		Invitees: []member.Invite{
			{Email: "a@people.example", Name: "A", Role: rbac.Operator, MiniPrograms: []id.MiniProgram{k.Shop}},
			{Email: "b@people.example", Name: "B", Role: rbac.DeveloperAdmin},
		},
	})
	require.ErrorIs(t, err, storage.ErrBusy)
	require.Equal(t, fault.ErrConflict, fault.KindOf(err))
	after, err := page.Collect(page.All(t.Context(), k.Members.List, system, member.Filter{Workspace: k.Merchant}))
	require.NoError(t, err)
	require.Equal(t, before, after)
}

// An empty list in a filter, as JSON's [] gives, selects like none at all.
func TestEmptyListsSelectEverything(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	want, err := k.Members.List(t.Context(), tenantAdmin, member.Filter{Workspace: k.Tenant}, page.Request{})
	require.NoError(t, err)
	got, err := k.Members.List(t.Context(), tenantAdmin, member.Filter{
		Workspace: k.Tenant, Roles: []rbac.Role{}, Statuses: []member.Status{},
	}, page.Request{})
	require.NoError(t, err)
	require.Equal(t, want, got)
}

// A cursor belongs to the workspace whose list it came from, and nobody without
// an address has a verified one.
func TestCursorsAndAddressesOfOthers(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	p, err := k.Members.List(t.Context(), system, member.Filter{Workspace: k.Tenant}, page.Request{Size: 1})
	require.NoError(t, err)
	_, err = k.Members.List(t.Context(), system, member.Filter{Workspace: k.Merchant}, page.Request{After: p.Next})
	require.ErrorIs(t, err, page.ErrCursor)

	_, err = k.Members.Invitations(t.Context(), member.Account{ID: "acc-dee", EmailVerified: true}, page.Request{})
	require.ErrorIs(t, err, member.ErrEmailNotVerified)
}
