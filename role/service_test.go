package role_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/role"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

type scopes = map[rbac.Permission]rbac.Scope

// till is what a cashier may do.
var till = role.Edit{Name: "Cashier", Assignment: rbac.RequiredAssignment, Cells: scopes{rbac.ViewMiniProgram: rbac.Assigned, rbac.ManageQRCode: rbac.Assigned}}

func create(t *testing.T, k *superapptest.Kit, code rbac.Role, e role.Edit) role.Role {
	t.Helper()
	r, err := k.Roles.Create(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant, role.Create{Code: code, Edit: e})
	require.NoError(t, err)
	return r
}

func invite(t *testing.T, k *superapptest.Kit, r rbac.Role, handle string, programs ...id.MiniProgram) (member.Member, member.Token) {
	t.Helper()
	m, token, err := k.Members.Invite(t.Context(), k.As(rbac.DeveloperAdmin), member.Invite{
		Workspace: k.Merchant, Email: handle + "@people.example", Name: handle, Role: r, MiniPrograms: programs,
	})
	require.NoError(t, err)
	return m, token
}

func join(t *testing.T, k *superapptest.Kit, r rbac.Role, handle string, programs ...id.MiniProgram) (member.Member, rbac.Actor) {
	t.Helper()
	_, token := invite(t, k, r, handle, programs...)
	m, err := k.Members.Accept(t.Context(), token, superapptest.Person(handle))
	require.NoError(t, err)
	return m, rbac.User(superapptest.Person(handle).ID)
}

func on(t *testing.T, test func(*testing.T, *superapptest.Kit)) {
	t.Helper()
	testkit.OnStores(t, superapptest.Options{}, test)
}

// From its making to its end an own role is a role like any other.
func TestAnOwnRoleIsHeldAsABuiltInOneIs(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, k *superapptest.Kit) {
		ctx, admin := t.Context(), k.As(rbac.DeveloperAdmin)
		cashier := create(t, k, "cashier", till)
		m, cara := join(t, k, "cashier", "cara", k.Shop)
		require.Equal(t, rbac.Role("cashier"), m.Role)
		require.Equal(t, []id.MiniProgram{k.Shop}, m.Assigned())

		require.NoError(t, k.Access.Check(ctx, cara, rbac.ManageQRCode, rbac.OnMiniProgram(k.Shop)))
		err := k.Access.Check(ctx, cara, rbac.UploadVersion, rbac.OnMiniProgram(k.Shop))
		require.ErrorContains(t, err, "the role cashier does not grant it")
		d, err := k.Access.Explain(ctx, cara, rbac.ManageQRCode, rbac.OnMiniProgram(k.Shop))
		require.NoError(t, err)
		require.Equal(t, rbac.Role("cashier"), d.Granting())
		all, err := k.MiniPrograms.List(ctx, cara, miniprogram.Filter{}, page.Request{})
		require.NoError(t, err)
		require.Len(t, all.Items, 1)

		list, err := k.Members.List(ctx, admin, member.Filter{Workspace: k.Merchant, Roles: []rbac.Role{"cashier"}}, page.Request{})
		require.NoError(t, err)
		require.Len(t, list.Items, 1)
		require.Equal(t, []member.Action{member.ActionBlock, member.ActionSetRole, member.ActionDelete}, list.Items[0].Actions)
		_, err = k.Members.List(ctx, admin, member.Filter{Workspace: k.Merchant, Roles: []rbac.Role{"barista"}}, page.Request{})
		require.ErrorIs(t, err, fault.ErrInvalid)

		edit := till
		edit.Cells = scopes{rbac.ViewMiniProgram: rbac.Assigned, rbac.ViewMember: rbac.InWorkspace}
		edited, err := k.Roles.Edit(ctx, admin, cashier.ID, edit)
		require.NoError(t, err)
		require.Equal(t, 2, edited.Revision)
		require.NoError(t, k.Access.Check(ctx, cara, rbac.ViewMember, rbac.OnWorkspace(k.Merchant)), "from the commit on")
		require.ErrorIs(t, k.Access.Check(ctx, cara, rbac.ManageQRCode, rbac.OnMiniProgram(k.Shop)), rbac.ErrDenied)
		again, err := k.Roles.Edit(ctx, admin, cashier.ID, edit)
		require.NoError(t, err)
		require.Equal(t, edited, again, "the same edit changes nothing")

		_, err = k.Members.Block(ctx, admin, m.ID, "")
		require.NoError(t, err)
		require.ErrorContains(t, k.Access.Check(ctx, cara, rbac.ViewMember, rbac.OnWorkspace(k.Merchant)), "blocked")
		_, err = k.Members.Unblock(ctx, admin, m.ID)
		require.NoError(t, err)
		require.NoError(t, k.Access.Check(ctx, cara, rbac.ViewMember, rbac.OnWorkspace(k.Merchant)))

		_, err = k.Members.SetRole(ctx, admin, m.ID, member.SetRole{Role: rbac.Operator, MiniPrograms: []id.MiniProgram{k.Shop}})
		require.NoError(t, err)
		require.NoError(t, k.Roles.Delete(ctx, admin, cashier.ID))
		require.ErrorIs(t, k.Roles.Delete(ctx, admin, cashier.ID), role.ErrNotFound)
		_, err = k.Roles.Get(ctx, admin, cashier.ID)
		require.ErrorIs(t, err, role.ErrNotFound)
		create(t, k, "cashier", till)
	})
}

func TestARoleInUseIsNotDeleted(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, k *superapptest.Kit) {
		ctx, admin := t.Context(), k.As(rbac.DeveloperAdmin)
		cashier := create(t, k, "cashier", till)
		active, _ := join(t, k, "cashier", "ann", k.Shop)
		blocked, _ := join(t, k, "cashier", "bea", k.Shop)
		_, err := k.Members.Block(ctx, admin, blocked.ID, "")
		require.NoError(t, err)
		sent, _ := invite(t, k, "cashier", "cy", k.Shop)

		var inUse *role.InUseError
		require.ErrorAs(t, k.Roles.Delete(ctx, admin, cashier.ID), &inUse)
		require.Equal(t, []role.Holder{{active.ID, "ann", member.StatusActive}, {blocked.ID, "bea", member.StatusInactive}, {sent.ID, "cy", member.StatusSent}}, inUse.Holders)
		require.Equal(t, role.Holding{Members: 3}, inUse.Total)
		require.ErrorIs(t, inUse, role.ErrInUse)
		require.NotContains(t, inUse.Error(), "ann", "an error may get into a log")
		for name, e := range map[string]role.Edit{
			"assignment": {Name: "Cashier", Cells: scopes{rbac.ViewMember: rbac.InWorkspace}},
			"team":       {Name: "Cashier", Assignment: rbac.RequiredAssignment, Cells: scopes{rbac.UploadVersion: rbac.Assigned}},
		} {
			_, err = k.Roles.Edit(ctx, admin, cashier.ID, e)
			require.ErrorIs(t, err, role.ErrInUse, name)
			_, err = k.Roles.Preview(ctx, admin, cashier.ID, e, page.Request{})
			require.ErrorIs(t, err, role.ErrInUse, name)
		}

		_, err = k.Members.SetRoles(ctx, admin, k.Merchant, []id.Member{active.ID, blocked.ID}, member.SetRole{Role: rbac.Operator, MiniPrograms: []id.MiniProgram{k.Shop}})
		require.NoError(t, err)
		require.ErrorAs(t, k.Roles.Delete(ctx, admin, cashier.ID), &inUse)
		require.Len(t, inUse.Holders, 1)
		shown, err := k.Members.Get(ctx, admin, sent.ID)
		require.NoError(t, err)
		require.Contains(t, shown.Actions, member.ActionResend)
		k.Clock.Advance(4 * 24 * time.Hour)
		require.NoError(t, k.Roles.Delete(ctx, admin, cashier.ID), "an expired invitation does not hold it")
		_, _, err = k.Members.Resend(ctx, admin, sent.ID)
		require.ErrorIs(t, err, member.ErrRoleGone)
		shown, err = k.Members.Get(ctx, admin, sent.ID)
		require.NoError(t, err)
		require.Equal(t, []member.Action{member.ActionWithdraw}, shown.Actions)
		create(t, k, "cashier", role.Edit{Name: "Cashier", Cells: scopes{rbac.ViewMember: rbac.InWorkspace}})
		_, _, err = k.Members.Resend(ctx, admin, sent.ID)
		require.ErrorIs(t, err, member.ErrRoleGone, "another role of the code, which takes no mini programs")
	})
}

func TestNobodyDefinesMoreThanHeHolds(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, k *superapptest.Kit) {
		ctx, admin := t.Context(), k.As(rbac.DeveloperAdmin)
		var ceiling *role.CeilingError
		_, err := k.Roles.Create(ctx, admin, k.Merchant, role.Create{Code: "judge", Edit: role.Edit{Name: "Judge", Cells: scopes{rbac.DecideApproval: rbac.InWorkspace}}})
		require.ErrorAs(t, err, &ceiling)
		require.Equal(t, []string{"approval.decide"}, ceiling.Permissions)
		_, err = k.Roles.Create(ctx, superapptest.System, k.Merchant, role.Create{Code: "judge", Edit: role.Edit{Name: "Judge", Cells: scopes{rbac.DecideApproval: rbac.InWorkspace}}})
		require.NoError(t, err, "the platform operator holds everything")

		create(t, k, "lead", role.Edit{Name: "Lead", Cells: scopes{
			rbac.ManageRole: rbac.InWorkspace, rbac.InviteMember: rbac.InWorkspace, rbac.SetMemberRole: rbac.InWorkspace, rbac.ViewMember: rbac.InWorkspace}})
		cashier := create(t, k, "cashier", till)
		_, lea := join(t, k, "lead", "lea")
		_, err = k.Roles.Edit(ctx, lea, cashier.ID, role.Edit{Name: "Cashier"})
		require.ErrorIs(t, err, role.ErrCeiling, "nor what he does not hold as it is")
		_, err = k.Roles.Create(ctx, lea, k.Merchant, role.Create{Code: "host", Edit: role.Edit{Name: "Host", Cells: scopes{rbac.ViewMember: rbac.InWorkspace}}})
		require.NoError(t, err)
		_, _, err = k.Members.Invite(ctx, lea, member.Invite{Workspace: k.Merchant, Email: "x@people.example", Name: "X", Role: "host"})
		require.NoError(t, err)
		_, _, err = k.Members.Invite(ctx, lea, member.Invite{Workspace: k.Merchant, Email: "y@people.example", Name: "Y", Role: "cashier", MiniPrograms: []id.MiniProgram{k.Shop}})
		require.ErrorIs(t, err, member.ErrCeiling)
		_, err = k.Members.SetRole(ctx, lea, k.Member(rbac.Operator).ID, member.SetRole{Role: "host"})
		require.ErrorIs(t, err, member.ErrCeiling)
	})
}

// P5: who holds version.upload by an own role may be on teams.
func TestOwnRolesOnTeams(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, k *superapptest.Kit) {
		ctx, admin := t.Context(), k.As(rbac.DeveloperAdmin)
		create(t, k, "cashier", till)
		create(t, k, "builder", role.Edit{Name: "Builder", Assignment: rbac.OptionalAssignment, Cells: scopes{rbac.UploadVersion: rbac.Assigned}})
		cara, _ := join(t, k, "cashier", "cara", k.Shop)
		bob, actor := join(t, k, "builder", "bob")
		_, err := k.MiniPrograms.AddTeam(ctx, admin, k.Shop, cara.ID, rbac.MiniProgramDeveloper)
		require.ErrorIs(t, err, miniprogram.ErrIneligible)
		_, err = k.MiniPrograms.AddTeam(ctx, admin, k.Shop, bob.ID, rbac.MiniProgramAdmin)
		require.NoError(t, err)
		require.NoError(t, k.Access.Check(ctx, actor, rbac.SubmitVersion, rbac.OnMiniProgram(k.Shop)))
		eligible, err := k.MiniPrograms.Eligible(ctx, admin, k.Shop, page.Request{})
		require.NoError(t, err)
		var names []string
		for _, m := range eligible.Items {
			names = append(names, m.Name)
		}
		require.Contains(t, names, "bob")
		require.NotContains(t, names, "cara")

		dora, _ := join(t, k, "builder", "dora", k.Shop)
		require.Equal(t, rbac.MiniProgramDeveloper.Key(), dora.Programs[0].Team, "assigning and the team are one record")
		after, err := k.Members.SetRole(ctx, admin, bob.ID, member.SetRole{Role: "cashier", MiniPrograms: []id.MiniProgram{k.Shop}})
		require.NoError(t, err)
		require.Zero(t, after.Programs[0].Team, "a change to an ineligible role ends the place on the team")
	})
}

// A tenant's own role that takes merchants' mini programs puts nobody on their teams,
// which are of the workspace that owns them (P5).
func TestATenantsOwnRoleIsOnNoMerchantsTeam(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, k *superapptest.Kit) {
		ctx, admin := t.Context(), k.As(rbac.WorkspaceAdmin)
		_, err := k.Roles.Create(ctx, admin, k.Tenant, role.Create{Code: "helper", Edit: role.Edit{Name: "Helper", Assignment: rbac.OptionalAssignment,
			Cells: scopes{rbac.ViewMiniProgram: rbac.Assigned, rbac.UploadVersion: rbac.InWorkspace}}})
		require.NoError(t, err)
		before, err := k.MiniPrograms.Team(ctx, k.As(rbac.DeveloperAdmin), k.Shop, page.Request{})
		require.NoError(t, err)
		_, token, err := k.Members.Invite(ctx, admin, member.Invite{
			Workspace: k.Tenant, Email: "hal@people.example", Name: "Hal", Role: "helper", MiniPrograms: []id.MiniProgram{k.Shop},
		})
		require.NoError(t, err)
		hal, err := k.Members.Accept(ctx, token, superapptest.Person("hal"))
		require.NoError(t, err)
		require.Len(t, hal.Programs, 1)
		require.Zero(t, hal.Programs[0].Team)
		after, err := k.MiniPrograms.Team(ctx, k.As(rbac.DeveloperAdmin), k.Shop, page.Request{})
		require.NoError(t, err)
		require.Equal(t, before.Items, after.Items)
		require.NoError(t, k.Access.Check(ctx, rbac.User(superapptest.Person("hal").ID), rbac.ViewMiniProgram, rbac.OnMiniProgram(k.Shop)))
	})
}

func TestPreviewTellsWhoGainsAndLoses(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, k *superapptest.Kit) {
		ctx, admin := t.Context(), k.As(rbac.DeveloperAdmin)
		cashier := create(t, k, "builder", role.Edit{Name: "Builder", Assignment: rbac.OptionalAssignment,
			Cells: scopes{rbac.UploadVersion: rbac.Assigned, rbac.EditMiniProgram: rbac.Assigned}})
		ann, _ := join(t, k, "builder", "ann", k.Shop)
		bea, _ := join(t, k, "builder", "bea", k.Shop)
		_, err := k.MiniPrograms.SetTeamRole(ctx, admin, k.Shop, bea.ID, rbac.MiniProgramAdmin)
		require.NoError(t, err)
		edit := role.Edit{Name: "Builder", Assignment: rbac.OptionalAssignment, Revision: 1, Cells: scopes{rbac.UploadVersion: rbac.Assigned, rbac.ViewMember: rbac.InWorkspace}}
		p, err := k.Roles.Preview(ctx, admin, cashier.ID, edit, page.Request{Size: 1})
		require.NoError(t, err)
		require.Equal(t, []role.Difference{{"member.view", rbac.None, rbac.InWorkspace}, {"miniprogram.edit", rbac.Assigned, rbac.None}}, p.Differences)
		require.Equal(t, []role.Affected{{role.Holder{Member: ann.ID, Name: "ann", Status: member.StatusActive}, rbac.Shift{Gained: []string{"member.view"}, Lost: []string{"miniprogram.edit"}}}}, p.Members.Items)
		p, err = k.Roles.Preview(ctx, admin, cashier.ID, edit, page.Request{Size: 1, After: p.Members.Next})
		require.NoError(t, err)
		require.Equal(t, rbac.Shift{Gained: []string{"member.view"}}, p.Members.Items[0].Shift, "the team gives bea the other")
		require.Empty(t, p.Members.Next)
		got, err := k.Roles.Get(ctx, admin, cashier.ID)
		require.NoError(t, err)
		require.Equal(t, cashier, got, "nothing was done")

		_, err = k.Roles.Edit(ctx, admin, cashier.ID, role.Edit{Name: "Other", Assignment: rbac.OptionalAssignment, Cells: scopes{rbac.UploadVersion: rbac.Assigned}})
		require.NoError(t, err)
		_, err = k.Roles.Edit(ctx, admin, cashier.ID, edit)
		require.ErrorIs(t, err, role.ErrRevision)
	})
}

func TestInput(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	create(t, k, "taken", role.Edit{Name: "Taken"})
	for name, tt := range map[string]struct {
		in   role.Create
		want string
	}{
		"no code":          {role.Create{Edit: role.Edit{Name: "X"}}, "code"},
		"upper case":       {role.Create{Code: "Cashier", Edit: role.Edit{Name: "X"}}, "code"},
		"a digit first":    {role.Create{Code: "1st", Edit: role.Edit{Name: "X"}}, "code"},
		"long":             {role.Create{Code: rbac.Role(strings.Repeat("x", 65)), Edit: role.Edit{Name: "X"}}, "code"},
		"built in":         {role.Create{Code: rbac.MiniProgramAdmin, Edit: role.Edit{Name: "X"}}, "built-in"},
		"no name":          {role.Create{Code: "x"}, "name"},
		"assignment":       {role.Create{Code: "x", Edit: role.Edit{Name: "X", Assignment: 3}}, "assignment"},
		"a permission":     {role.Create{Code: "x", Edit: role.Edit{Name: "X", Cells: scopes{127: rbac.Own}}}, "cells[127]"},
		"a scope":          {role.Create{Code: "x", Edit: role.Edit{Name: "X", Cells: scopes{rbac.ViewMember: 9}}}, "no such scope"},
		"beyond the place": {role.Create{Code: "x", Edit: role.Edit{Name: "X", Cells: scopes{rbac.ViewMiniProgram: rbac.InTenant}}}, "its own workspace at most"},
		"unassigned":       {role.Create{Code: "x", Edit: role.Edit{Name: "X", Cells: scopes{rbac.ViewMiniProgram: rbac.Assigned}}}, "no assigned mini programs"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := k.Roles.Create(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant, tt.in)
			require.ErrorIs(t, err, fault.ErrInvalid)
			require.ErrorContains(t, err, tt.want)
		})
	}
	_, err := k.Roles.Create(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant, role.Create{Code: "taken", Edit: role.Edit{Name: "X"}})
	require.ErrorIs(t, err, role.ErrCodeTaken)
}

func TestWhoMay(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	ctx, r := t.Context(), create(t, k, "cashier", till)
	for who, tt := range map[string]struct {
		actor        rbac.Actor
		change, look error
	}{
		"a developer":      {k.As(rbac.Developer), rbac.ErrDenied, rbac.ErrDenied},
		"the tenant above": {k.As(rbac.WorkspaceAdmin), rbac.ErrDenied, rbac.ErrDenied},
		"a stranger":       {rbac.User("nobody"), role.ErrNotFound, role.ErrNotFound},
	} {
		_, err := k.Roles.Edit(ctx, tt.actor, r.ID, till)
		require.ErrorIs(t, err, tt.change, who)
		_, err = k.Roles.Preview(ctx, tt.actor, r.ID, till, page.Request{})
		require.ErrorIs(t, err, tt.change, who)
		require.ErrorIs(t, k.Roles.Delete(ctx, tt.actor, r.ID), tt.change, who)
		_, err = k.Roles.Get(ctx, tt.actor, r.ID)
		require.ErrorIs(t, err, tt.look, who)
	}
	_, err := k.Roles.List(ctx, rbac.User("nobody"), k.Merchant)
	require.ErrorIs(t, err, workspace.ErrNotFound)
	_, err = k.Roles.Create(ctx, rbac.User("nobody"), k.Merchant, role.Create{Code: "x", Edit: till})
	require.ErrorIs(t, err, workspace.ErrNotFound)
	list, err := k.Roles.List(ctx, k.As(rbac.DeveloperAdmin), k.Merchant)
	require.NoError(t, err)
	require.Equal(t, []role.Role{r}, list)
}

// M15: lists are bounded, counts are not.
func TestHoldersAreAllCounted(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, k *superapptest.Kit) {
		ctx, admin := t.Context(), k.As(rbac.DeveloperAdmin)
		cashier := create(t, k, "cashier", till)
		for i := range role.MaxHolders + 2 {
			invite(t, k, "cashier", fmt.Sprintf("p%d", i), k.Shop)
			_, _, err := k.Links.Create(ctx, admin, member.NewLink{Workspace: k.Merchant, Role: "cashier", MiniPrograms: []id.MiniProgram{k.Shop}})
			require.NoError(t, err)
		}
		want := role.Holding{Members: role.MaxHolders + 2, Links: role.MaxHolders + 2}
		var inUse *role.InUseError
		require.ErrorAs(t, k.Roles.Delete(ctx, admin, cashier.ID), &inUse)
		require.Equal(t, want, inUse.Total)
		require.Len(t, inUse.Holders, role.MaxHolders)
		require.Len(t, inUse.Links, role.MaxHolders)
		preview, err := k.Roles.Preview(ctx, admin, cashier.ID, role.Edit{Name: "Till", Assignment: rbac.RequiredAssignment}, page.Request{Size: 5})
		require.NoError(t, err)
		require.Equal(t, want, preview.Total)
		require.Len(t, preview.Members.Items, 5)
	})
}

// What a matrix does not know stays with the role, whoever edits it.
func TestAnEditKeepsWhatThisBuildDoesNotKnow(t *testing.T) {
	t.Parallel()
	const loyalty = rbac.FirstHostPermission
	wider, err := rbac.BuiltIn().With(rbac.Edits{Permissions: []rbac.HostPermission{{Permission: loyalty, Name: "loyalty.manage", Area: "loyalty", Meaning: "points",
		Cells: map[rbac.Role]rbac.Scope{rbac.WorkspaceAdmin: rbac.InWorkspace, rbac.DeveloperAdmin: rbac.InWorkspace}}}})
	require.NoError(t, err)
	k := superapptest.New(t, &superapptest.Options{Platform: superapp.Options{Matrix: wider}})
	old, err := superapp.New(k.Store, nil)
	require.NoError(t, err)
	ctx, r := t.Context(), create(t, k, "clerk", role.Edit{Name: "Clerk", Cells: scopes{loyalty: rbac.InWorkspace, rbac.ViewMember: rbac.InWorkspace}})
	_, clara := join(t, k, "clerk", "clara")
	_, err = old.Roles.Edit(ctx, k.As(rbac.DeveloperAdmin), r.ID, role.Edit{Name: "Clerks", Cells: scopes{rbac.ViewAudit: rbac.InWorkspace}})
	require.NoError(t, err)
	require.NoError(t, k.Access.Check(ctx, clara, loyalty, rbac.OnWorkspace(k.Merchant)))
	require.NoError(t, old.Access.Check(ctx, clara, rbac.ViewAudit, rbac.OnWorkspace(k.Merchant)))
	require.ErrorIs(t, old.Access.Check(ctx, clara, rbac.ViewMember, rbac.OnWorkspace(k.Merchant)), rbac.ErrDenied)
}

func TestTheLimitOfRolesHoldsUnderConcurrency(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, k *superapptest.Kit) {
		for i := range role.MaxRoles - 3 {
			create(t, k, rbac.Role(fmt.Sprintf("role_%d", i)), role.Edit{Name: "Role"})
		}
		errs := make([]error, 8)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				_, errs[i] = k.Roles.Create(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant, role.Create{Code: rbac.Role(fmt.Sprintf("late_%d", i)), Edit: role.Edit{Name: "Late"}})
			})
		}
		wg.Wait()
		made := 0
		for _, err := range errs {
			if err == nil {
				made++
				continue
			}
			require.ErrorIs(t, err, role.ErrTooMany)
		}
		require.Equal(t, 3, made)
	})
}

// Of deleting a role and inviting somebody with it one wins, and nobody is left
// with a role that there is not.
func TestARoleIsNotDeletedUnderAnInvitation(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, k *superapptest.Kit) {
		for i := range 10 {
			r := create(t, k, "cashier", till)
			var deleted, invited error
			var wg sync.WaitGroup
			wg.Go(func() { deleted = k.Roles.Delete(t.Context(), k.As(rbac.DeveloperAdmin), r.ID) })
			var m member.Member
			wg.Go(func() {
				m, _, invited = k.Members.Invite(t.Context(), k.As(rbac.DeveloperAdmin), member.Invite{
					Workspace: k.Merchant, Email: fmt.Sprintf("p%d@people.example", i), Name: "P", Role: "cashier", MiniPrograms: []id.MiniProgram{k.Shop}})
			})
			wg.Wait()
			require.NotEqual(t, deleted == nil, invited == nil)
			if invited == nil {
				require.ErrorIs(t, deleted, role.ErrInUse)
				_, err := k.Members.Withdraw(t.Context(), k.As(rbac.DeveloperAdmin), m.ID)
				require.NoError(t, err)
				require.NoError(t, k.Roles.Delete(t.Context(), k.As(rbac.DeveloperAdmin), r.ID))
			} else {
				require.ErrorIs(t, invited, fault.ErrInvalid)
			}
		}
	})
}
