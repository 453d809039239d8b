package member_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// first is the account of an orphan's first admin.
func first() member.Account { return superapptest.Person("first") }

// orphanTenant opens a tenant whose first admin is invited.
func orphanTenant(t *testing.T, k *superapptest.Kit) (superapp.Opened, member.Token) {
	t.Helper()
	opened, token, err := k.OpenTenant(t.Context(), system, superapp.Open{
		Name:     "Orphan Wallet",
		Business: workspace.Business{Address: "5 Short Lane", Scope: "payments", Representative: "Olive", Email: "office@orphan.example"},
		Admin:    member.First{Email: "first@people.example", Name: "First"},
	})
	require.NoError(t, err)
	return opened, token
}

// TestFirstAdminEnters: a known account is active at once, an e-mail is invited
// (W5).
func TestFirstAdminEnters(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	admin := k.Member(rbac.WorkspaceAdmin)
	require.Equal(t, member.Active, admin.State)
	require.True(t, admin.First)
	require.Equal(t, superapptest.Start, admin.JoinedAt)
	require.Zero(t, admin.Invitation)

	opened, token := orphan(t, k)
	require.Len(t, token.Reveal(), 43)
	require.Equal(t, member.Invited, opened.Admin.State)
	require.Equal(t, rbac.DeveloperAdmin, opened.Admin.Role)
	require.True(t, opened.Admin.First)
	m, err := k.Members.Accept(t.Context(), token, first())
	require.NoError(t, err)
	require.NoError(t, k.Access.Check(t.Context(), rbac.User(m.Account), rbac.InviteMember, rbac.OnWorkspace(opened.Workspace.ID)))

	tenant, token := orphanTenant(t, k)
	require.Equal(t, rbac.WorkspaceAdmin, tenant.Admin.Role)
	_, err = k.Members.Accept(t.Context(), token, first())
	require.NoError(t, err)

	known, token, err := k.Members.SetFirstAdmin(t.Context(), tenantAdmin, reopen(t, k), member.First{Account: "boss", Name: "Boss"})
	require.NoError(t, err)
	require.Empty(t, token.Reveal(), "a known account needs no token")
	require.Equal(t, member.Active, known.State)
	require.Empty(t, known.Email)
}

// reopen opens another orphan and returns its id.
func reopen(t *testing.T, k *superapptest.Kit) id.Workspace {
	t.Helper()
	opened, _ := orphan(t, k)
	return opened.Workspace.ID
}

// TestFirstAdminStays: while nobody has accepted, the invitation is neither
// withdrawn nor pushed aside (W5).
func TestFirstAdminStays(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	ctx := t.Context()
	opened, token := orphan(t, k)
	w := opened.Workspace.ID
	for _, st := range []member.Status{member.StatusSent, member.StatusExpired} {
		if st == member.StatusExpired {
			k.Clock.Set(opened.Admin.Invitation.ExpiresAt)
		}
		d := get(t, k, opened.Admin.ID)
		require.Equal(t, st, d.Status)
		require.Equal(t, []member.Action{member.ActionResend}, d.Actions)
		before := all(t, k)
		_, err := k.Members.Withdraw(ctx, system, opened.Admin.ID)
		require.ErrorIs(t, err, member.ErrFirstAdmin)
		require.ErrorIs(t, err, fault.ErrState)
		_, _, err = k.Members.Invite(ctx, system, member.Invite{Workspace: w, Email: "first@people.example", Name: "First", Role: rbac.DeveloperAdmin})
		require.Error(t, err, "inviting again would withdraw it")
		require.Equal(t, before, all(t, k))
	}

	// Once the workspace has an admin it is an invitation like any other.
	_, second, err := k.Members.Invite(ctx, system, member.Invite{Workspace: w, Email: "second@people.example", Name: "Second", Role: rbac.DeveloperAdmin})
	require.NoError(t, err)
	_, err = k.Members.Withdraw(ctx, system, opened.Admin.ID)
	require.ErrorIs(t, err, member.ErrFirstAdmin, "an invited admin is none yet")
	third, _, err := k.Members.Invite(ctx, system, member.Invite{Workspace: w, Email: "third@people.example", Name: "Third", Role: rbac.DeveloperAdmin})
	require.NoError(t, err)
	_, err = k.Members.Withdraw(ctx, system, third.ID)
	require.NoError(t, err, "another's invitation is withdrawn at any time")
	m, err := k.Members.Accept(ctx, second, superapptest.Person("second"))
	require.NoError(t, err)
	require.Equal(t, []member.Action{member.ActionResend, member.ActionWithdraw}, get(t, k, opened.Admin.ID).Actions)
	_, err = k.Members.Withdraw(ctx, rbac.User(m.Account), opened.Admin.ID)
	require.NoError(t, err)
	_, err = k.Members.Accept(ctx, token, first())
	require.ErrorIs(t, err, member.ErrTokenWithdrawn)
}

// TestFirstAdminIsResent: by the operator and the tenant's admin, whatever the
// time; by nobody else (W5).
func TestFirstAdminIsResent(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		by   rbac.Actor
		want error
	}{
		"the operator":               {system, nil},
		"the tenant's admin":         {tenantAdmin, nil},
		"the tenant's reviewer":      {rbac.User(superapptest.Account(rbac.WorkspaceReviewer)), rbac.ErrDenied},
		"another merchant's admin":   {merchantAdmin, member.ErrNotFound},
		"whoever is invited himself": {rbac.User(first().ID), member.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := kit(t, nil)
			opened, old := orphan(t, k)
			k.Clock.Advance(3 * day)
			before := all(t, k)
			_, token, err := k.Members.Resend(t.Context(), tt.by, opened.Admin.ID)
			if tt.want != nil {
				require.ErrorIs(t, err, tt.want)
				require.Equal(t, before, all(t, k))
				return
			}
			require.NoError(t, err)
			_, err = k.Members.Accept(t.Context(), old, first())
			require.ErrorIs(t, err, member.ErrTokenSuperseded)
			_, err = k.Members.Accept(t.Context(), token, first())
			require.NoError(t, err, "first admins are exempt from the sender's ceiling (M12)")
		})
	}

	t.Run("the tenant's admin resends no other invitation", func(t *testing.T) {
		t.Parallel()
		k := kit(t, nil)
		e := become(t, k, member.StatusSent)
		_, _, err := k.Members.Resend(t.Context(), tenantAdmin, e.ID)
		require.ErrorIs(t, err, rbac.ErrDenied)
	})

	t.Run("though its sender is gone", func(t *testing.T) {
		t.Parallel()
		k := kit(t, nil)
		_, token := orphan(t, k)
		second := k.Join(rbac.WorkspaceAdmin, "second")
		_, err := k.Members.Delete(t.Context(), rbac.User(second.Account), k.Member(rbac.WorkspaceAdmin).ID, "")
		require.NoError(t, err)
		_, err = k.Members.Accept(t.Context(), token, first())
		require.NoError(t, err)
	})
}

// TestSetFirstAdmin: whoever was named before is replaced (W5).
func TestSetFirstAdmin(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		by     rbac.Actor
		after  bool // the invitation has expired
		first  member.First
		active bool
	}{
		"the operator names another address":       {system, false, member.First{Email: "new@people.example", Name: "New"}, false},
		"the tenant's admin names another address": {tenantAdmin, false, member.First{Email: "new@people.example", Name: "New"}, false},
		"the same address":                         {tenantAdmin, false, member.First{Email: "FIRST@people.example", Name: "New"}, false},
		"after the end":                            {tenantAdmin, true, member.First{Email: "new@people.example", Name: "New"}, false},
		"the same address after the end":           {tenantAdmin, true, member.First{Email: "first@people.example", Name: "New"}, false},
		"a known account":                          {tenantAdmin, false, member.First{Account: "acc-new", Name: "New"}, true},
		"a known account with an address":          {tenantAdmin, false, member.First{Account: "acc-new", Email: "new@people.example", Name: "New"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := kit(t, nil)
			ctx := t.Context()
			opened, old := orphan(t, k)
			if tt.after {
				k.Clock.Advance(3 * day)
			}
			m, token, err := k.Members.SetFirstAdmin(ctx, tt.by, opened.Workspace.ID, tt.first)
			require.NoError(t, err)
			require.True(t, m.First)
			require.Equal(t, m, get(t, k, m.ID).Member)
			require.Equal(t, member.StatusWithdrawn, get(t, k, opened.Admin.ID).Status)
			_, err = k.Members.Accept(ctx, old, first())
			require.ErrorIs(t, err, member.ErrTokenWithdrawn)
			if tt.active {
				require.Equal(t, member.Active, m.State)
				require.Empty(t, token.Reveal())
			} else {
				person := superapptest.Person("new")
				person.Email = tt.first.Email
				m, err = k.Members.Accept(ctx, token, person)
				require.NoError(t, err)
			}
			require.NoError(t, k.Access.Check(ctx, rbac.User(m.Account), rbac.InviteMember, rbac.OnWorkspace(opened.Workspace.ID)))

			before := all(t, k)
			_, _, err = k.Members.SetFirstAdmin(ctx, tt.by, opened.Workspace.ID, member.First{Email: "third@people.example", Name: "Third"})
			require.ErrorIs(t, err, member.ErrHasAdmin)
			require.ErrorIs(t, err, fault.ErrState)
			require.Equal(t, before, all(t, k))
		})
	}
}

// TestSetFirstAdminRefused: who may not, and whom not.
func TestSetFirstAdminRefused(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	ctx := t.Context()
	opened, _ := orphan(t, k)
	tenant, _ := orphanTenant(t, k)
	other := rival(t, k)
	// dee is invited before there is an admin.
	_, token, err := k.Members.Invite(ctx, system, member.Invite{
		Workspace: opened.Workspace.ID, Email: "dee@people.example", Name: "Dee", Role: rbac.DeveloperAdmin,
	})
	require.NoError(t, err)
	fine := member.First{Email: "new@people.example", Name: "New"}
	for name, tt := range map[string]struct {
		by    rbac.Actor
		w     id.Workspace
		first member.First
		want  error
	}{
		"a reviewer of the tenant":               {rbac.User(superapptest.Account(rbac.WorkspaceReviewer)), opened.Workspace.ID, fine, rbac.ErrDenied},
		"another merchant's admin":               {merchantAdmin, opened.Workspace.ID, fine, workspace.ErrNotFound},
		"another tenant's admin":                 {other.Admin, opened.Workspace.ID, fine, workspace.ErrNotFound},
		"a tenant's admin for his own tenant":    {tenantAdmin, k.Tenant, fine, unit.ErrOperatorOnly},
		"a tenant's admin for another tenant":    {tenantAdmin, tenant.Workspace.ID, fine, workspace.ErrNotFound},
		"a merchant's admin for his own":         {merchantAdmin, k.Merchant, fine, rbac.ErrDenied},
		"the operator for a furnished one":       {system, k.Merchant, fine, member.ErrHasAdmin},
		"the operator for nothing":               {system, id.Workspace{UUID: unknown()}, fine, workspace.ErrNotFound},
		"somebody invited in another role":       {system, opened.Workspace.ID, member.First{Email: "Dee@people.example", Name: "Dee"}, member.ErrPresent},
		"nobody":                                 {system, opened.Workspace.ID, member.First{Name: "New"}, fault.ErrInput},
		"somebody without a name":                {system, opened.Workspace.ID, member.First{Account: "new"}, fault.ErrInput},
		"an impossible account":                  {system, opened.Workspace.ID, member.First{Account: "\x00", Name: "New"}, fault.ErrInput},
		"a known account with a broken address":  {system, opened.Workspace.ID, member.First{Account: "new", Email: "new", Name: "New"}, fault.ErrInput},
		"somebody with a line break in his name": {system, opened.Workspace.ID, member.First{Account: "new", Name: "New\nBcc: x"}, fault.ErrInput},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			before := all(t, k)
			m, token, err := k.Members.SetFirstAdmin(ctx, tt.by, tt.w, tt.first)
			require.ErrorIs(t, err, tt.want)
			require.Zero(t, m)
			require.Empty(t, token.Reveal())
			require.Equal(t, before, all(t, k))
		})
	}

	t.Run("an admin who was invited otherwise is one too", func(t *testing.T) {
		_, err := k.Members.Accept(ctx, token, superapptest.Person("dee"))
		require.NoError(t, err)
		_, _, err = k.Members.SetFirstAdmin(ctx, system, opened.Workspace.ID, fine)
		require.ErrorIs(t, err, member.ErrHasAdmin)
	})

	t.Run("the account of a member is refused", func(t *testing.T) {
		lone := reopen(t, k)
		app, err := k.MiniPrograms.Create(ctx, system, miniprogram.Create{Workspace: lone, Type: miniprogram.DSL, Language: "en", Name: "Lone App"})
		require.NoError(t, err)
		dee, token, err := k.Members.Invite(ctx, system, member.Invite{
			Workspace: lone, Email: "dee@people.example", Name: "Dee", Role: rbac.Developer, MiniPrograms: []id.MiniProgram{app.ID},
		})
		require.NoError(t, err)
		_, err = k.Members.Accept(ctx, token, superapptest.Person("dee"))
		require.NoError(t, err)
		for _, st := range []member.Status{member.StatusActive, member.StatusInactive} {
			if st == member.StatusInactive {
				_, err = k.Members.Block(ctx, system, dee.ID, "")
				require.NoError(t, err)
			}
			before := all(t, k)
			_, _, err = k.Members.SetFirstAdmin(ctx, tenantAdmin, lone, member.First{Account: superapptest.Person("dee").ID, Name: "Dee"})
			present, ok := errorAs[*member.PresentError](err)
			require.True(t, ok, "err = %v", err)
			require.Equal(t, member.PresentError{Status: st, Member: dee.ID}, *present)
			require.Equal(t, before, all(t, k))
		}
	})
}
