package rbac_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/rbac"
)

// cells are the permissions of an own role, by number.
func cells(of map[rbac.Permission]rbac.Scope) map[string]rbac.Scope {
	named := make(map[string]rbac.Scope)
	for p, s := range of {
		named[p.Name()] = s
	}
	return named
}

// column is a built-in role written as an own role.
func column(m *rbac.Matrix, role rbac.Role) *rbac.Custom {
	info, _ := role.Info()
	named := make(map[string]rbac.Scope)
	for _, p := range m.Permissions() {
		named[m.Name(p)] = m.Scope(role, p)
	}
	return rbac.NewCustom("my_"+role, info.Assignment, named)
}

// customised is the membership with an own role that has the same cells.
func customised(at rbac.Membership, own map[rbac.RoleKey]*rbac.Custom) rbac.Membership {
	if c := own[at.Role]; c != nil {
		at.Role, at.Custom = rbac.CustomKey, c
	}
	return at
}

// An own role with the cells of a built-in one decides alike on everything that
// R1, R2, W1 and W6 look at.
func TestOwnRoleDecidesAsABuiltInOneWithItsCells(t *testing.T) {
	t.Parallel()
	m, own := rbac.BuiltIn(), map[rbac.RoleKey]*rbac.Custom{}
	for _, info := range rbac.Roles() {
		if info.Place != rbac.TeamPlace {
			own[info.Role.Key()] = column(m, info.Role)
		}
	}
	for _, p := range []rbac.Permission{rbac.InviteMember, rbac.ViewMiniProgram, rbac.UploadVersion, rbac.DecideApproval, rbac.OwnApproval, rbac.ViewAudit} {
		t.Run(m.Name(p), func(t *testing.T) {
			t.Parallel()
			for f := range everyFacts {
				g := f
				g.Home, g.Above = customised(f.Home, own), customised(f.Above, own)
				want, got := m.Decide(rbac.User("u-42"), f, p), m.Decide(rbac.User("u-42"), g, p)
				if want.Reason != got.Reason || want.Scope != got.Scope {
					require.Equal(t, want.Reason.String(), got.Reason.String(), "%+v", f)
					require.Equal(t, want.Scope, got.Scope, "%+v", f)
				}
				if want.Allowed && want.Reason != rbac.GrantedByTeamRole {
					require.Equal(t, "my_"+want.Granting(), got.Granting())
				}
			}
		})
	}
}

func TestOwnRoleIsNamed(t *testing.T) {
	t.Parallel()
	m := rbac.BuiltIn()
	cashier := rbac.NewCustom("cashier", rbac.RequiredAssignment, cells(map[rbac.Permission]rbac.Scope{rbac.ManageQRCode: rbac.Assigned}))
	f := onMerchantProgram("", "", true)
	f.Home.Role, f.Home.Custom = rbac.CustomKey, cashier
	decide := func(p rbac.Permission) rbac.Decision { return m.Decide(rbac.User("u-42"), f, p) }
	require.Equal(t, "qrcode.manage allowed: role cashier grants it on assigned mini programs", decide(rbac.ManageQRCode).String())
	require.Equal(t, "member.invite denied: the role cashier does not grant it; give the member the role developer_admin", decide(rbac.InviteMember).String())
	f.Home.Assigned = false
	require.Equal(t, "qrcode.manage denied: the role cashier grants it on assigned mini programs, not here; assign the mini program to the member",
		decide(rbac.ManageQRCode).String())
	f.Above, f.Home = f.Home, rbac.Membership{}
	f.Above.Assigned = true
	require.Equal(t, "qrcode.manage allowed: tenant role cashier grants it on assigned mini programs", decide(rbac.ManageQRCode).String())
	f.Above.Presence = rbac.Blocked
	require.Equal(t, "qrcode.manage denied: the member is blocked; unblock the member", decide(rbac.ManageQRCode).String())
}

func withRole(f rbac.Facts, c *rbac.Custom) rbac.Facts {
	f.Home.Role, f.Home.Custom = rbac.CustomKey, c
	return f
}

// A permission that the matrix does not know grants nothing, and nobody else
// gets it instead.
func TestOwnRoleKeepsWhatTheMatrixDoesNotKnow(t *testing.T) {
	t.Parallel()
	c := rbac.NewCustom("clerk", rbac.NoAssignment, map[string]rbac.Scope{"loyalty.manage": rbac.InWorkspace, "member.view": rbac.InWorkspace, "audit.view": rbac.None})
	f := withRole(onMerchantProgram("", "", false), c)
	m := rbac.BuiltIn()
	for _, p := range m.Permissions() {
		require.Equal(t, p == rbac.ViewMember, m.Decide(rbac.User("u-42"), f, p).Allowed, p.Name())
	}
	const loyalty = rbac.FirstHostPermission + 5
	ours, err := m.With(rbac.Edits{Permissions: []rbac.HostPermission{{Permission: loyalty, Name: "loyalty.manage", Area: "loyalty", Meaning: "points",
		Cells: map[rbac.Role]rbac.Scope{rbac.WorkspaceAdmin: rbac.InWorkspace, rbac.DeveloperAdmin: rbac.InWorkspace}}}})
	require.NoError(t, err)
	for range 2 { // and back to the first matrix
		require.True(t, ours.Decide(rbac.User("u-42"), f, loyalty).Allowed)
		require.False(t, m.Decide(rbac.User("u-42"), f, loyalty).Allowed)
	}
	require.Equal(t, map[string]rbac.Scope{"loyalty.manage": rbac.InWorkspace, "member.view": rbac.InWorkspace}, c.Cells())
}

func TestOwnRoleAsText(t *testing.T) {
	t.Parallel()
	c := rbac.NewCustom("cashier", rbac.OptionalAssignment, map[string]rbac.Scope{"qrcode.manage": rbac.Assigned, "member.view": rbac.InWorkspace})
	const want = `{"code":"cashier","assignment":"optional","cells":{"member.view":"workspace","qrcode.manage":"assigned"}}`
	require.Equal(t, want, c.String())
	text, err := json.Marshal(c)
	require.NoError(t, err)
	require.Equal(t, want, string(text))
	back, err := rbac.ParseCustom(want)
	require.NoError(t, err)
	require.Equal(t, c.String(), back.String())
	require.Equal(t, []any{c.Code(), c.Assignment(), c.Cells()}, []any{back.Code(), back.Assignment(), back.Cells()})
	for _, bad := range []string{"", "{}", `{"code":"x","assignment":"some"}`, `{"code":"x","cells":{"a.b":"most"}}`, "[]"} {
		_, err := rbac.ParseCustom(bad)
		require.ErrorIs(t, err, rbac.ErrCustom, bad)
	}
}

func TestMisfits(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		place rbac.Place
		a     rbac.Assignment
		p     rbac.Permission
		s     rbac.Scope
		want  string
	}{
		"fits":                        {rbac.DeveloperPlace, rbac.RequiredAssignment, rbac.ManageQRCode, rbac.Assigned, ""},
		"tenant in a merchant's":      {rbac.DeveloperPlace, rbac.NoAssignment, rbac.ViewMiniProgram, rbac.InTenant, "its own workspace at most"},
		"assigned without assignment": {rbac.TenantPlace, rbac.NoAssignment, rbac.ManageQRCode, rbac.Assigned, "no assigned mini programs"},
		"assigned by team":            {rbac.TenantPlace, rbac.NoAssignment, rbac.UploadVersion, rbac.Assigned, ""},
		"developer workspaces":        {rbac.TenantPlace, rbac.NoAssignment, rbac.ViewDeveloperWorkspace, rbac.InWorkspace, "at tenant only"},
		"no such scope":               {rbac.TenantPlace, rbac.NoAssignment, rbac.ViewMember, rbac.InTenant + 1, "no such scope"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var bad fault.Problems
			c := rbac.NewCustom("clerk", tt.a, cells(map[rbac.Permission]rbac.Scope{tt.p: tt.s}))
			rbac.BuiltIn().Misfits(c, tt.place, &bad)
			if tt.want == "" {
				require.Empty(t, bad)
				return
			}
			require.ErrorContains(t, bad.Err(), "cells["+tt.p.Name()+"]")
			require.ErrorContains(t, bad.Err(), tt.want)
		})
	}
}

func TestOwnRoleUnderTheCeiling(t *testing.T) {
	t.Parallel()
	m := rbac.BuiltIn()
	admin := onMerchantProgram(rbac.DeveloperAdmin, "", false)
	clerk := rbac.NewCustom("clerk", rbac.NoAssignment, cells(map[rbac.Permission]rbac.Scope{rbac.ManageRole: rbac.InWorkspace, rbac.ViewMember: rbac.InWorkspace}))
	wider := rbac.NewCustom("wider", rbac.NoAssignment, cells(map[rbac.Permission]rbac.Scope{rbac.ManageRole: rbac.InWorkspace, rbac.ViewMember: rbac.InTenant, rbac.DecideApproval: rbac.Own}))
	require.Nil(t, m.ExceedsCustom(rbac.User("u-42"), admin, nil, clerk, nil))
	require.Equal(t, []rbac.Permission{rbac.ViewMember, rbac.DecideApproval}, m.ExceedsCustom(rbac.User("u-42"), admin, nil, wider, nil))
	require.Nil(t, m.ExceedsCustom(rbac.System("job"), admin, nil, wider, nil))

	holder := withRole(admin, clerk)
	require.Nil(t, m.ExceedsCustom(rbac.User("u-42"), holder, nil, clerk, nil), "he grants what he has")
	require.Contains(t, m.Exceeds(rbac.User("u-42"), holder, nil, rbac.DeveloperAdmin.Key(), nil), rbac.InviteMember)
}

func TestShiftOf(t *testing.T) {
	t.Parallel()
	m := rbac.BuiltIn()
	grant := func(of map[rbac.Permission]rbac.Scope, held ...rbac.HeldProgram) rbac.Grant {
		return rbac.Grant{Workspace: shop, Tenant: wallet, Presence: rbac.Active, Role: rbac.CustomKey, Programs: held,
			Custom: rbac.NewCustom("clerk", rbac.OptionalAssignment, cells(of))}
	}
	type scopes = map[rbac.Permission]rbac.Scope
	till := rbac.HeldProgram{MiniProgram: anotherProgram, Owner: shop}
	led := till
	led.Team = rbac.MiniProgramAdmin.Key()
	for name, tt := range map[string]struct {
		before, after rbac.Grant
		want          rbac.Shift
	}{
		"nothing": {grant(scopes{rbac.ViewTeam: rbac.Assigned}, till), grant(scopes{rbac.ViewTeam: rbac.Assigned}, till), rbac.Shift{}},
		"gained":  {grant(scopes{}), grant(scopes{rbac.ViewMember: rbac.InWorkspace}), rbac.Shift{Gained: []string{"member.view"}}},
		"lost":    {grant(scopes{rbac.ViewTeam: rbac.Assigned}, till), grant(scopes{}, till), rbac.Shift{Lost: []string{"team.view"}}},
		"widened": {grant(scopes{rbac.ViewTeam: rbac.Assigned}, till), grant(scopes{rbac.ViewTeam: rbac.InWorkspace}, till), rbac.Shift{Gained: []string{"team.view"}}},
		"turned": {grant(scopes{rbac.ViewTeam: rbac.Assigned}, till), grant(scopes{rbac.ViewTeam: rbac.Own}, till),
			rbac.Shift{Gained: []string{"team.view"}, Lost: []string{"team.view"}}},
		"kept by the team":     {grant(scopes{rbac.ViewTeam: rbac.Assigned}, led), grant(scopes{}, led), rbac.Shift{}},
		"assigned, holds none": {grant(scopes{rbac.ViewTeam: rbac.Assigned}), grant(scopes{}), rbac.Shift{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := rbac.ShiftOf(m, tt.before, m, tt.after)
			require.Equal(t, tt.want, got)
			require.Equal(t, len(tt.want.Gained)+len(tt.want.Lost) == 0, got.Empty())
		})
	}

	t.Run("by two matrices", func(t *testing.T) {
		t.Parallel()
		narrowed, err := m.With(rbac.Edits{Cells: []rbac.Cell{{Permission: rbac.UploadVersion, Role: rbac.Operator, Scope: rbac.Assigned},
			{Permission: rbac.ViewTeam, Role: rbac.Operator}},
			Permissions: []rbac.HostPermission{{Permission: 70, Name: "loyalty.manage", Area: "loyalty", Meaning: "points", Cells: map[rbac.Role]rbac.Scope{
				rbac.WorkspaceAdmin: rbac.InWorkspace, rbac.DeveloperAdmin: rbac.InWorkspace, rbac.Operator: rbac.InWorkspace}}}})
		require.NoError(t, err)
		g := rbac.Grant{Workspace: shop, Tenant: wallet, Role: rbac.Operator.Key(), Programs: []rbac.HeldProgram{till}}
		require.Equal(t, rbac.Shift{Gained: []string{"version.upload", "loyalty.manage"}, Lost: []string{"team.view"}}, rbac.ShiftOf(m, g, narrowed, g))
		require.Equal(t, rbac.Shift{Gained: []string{"team.view"}, Lost: []string{"version.upload", "loyalty.manage"}}, rbac.ShiftOf(narrowed, g, m, g))
	})
}

func TestGrantors(t *testing.T) {
	t.Parallel()
	m := rbac.BuiltIn()
	uploads := rbac.NewCustom("uploader", rbac.NoAssignment, cells(map[rbac.Permission]rbac.Scope{rbac.UploadVersion: rbac.Own}))
	invites := rbac.NewCustom("inviter", rbac.NoAssignment, cells(map[rbac.Permission]rbac.Scope{rbac.InviteMember: rbac.InWorkspace}))
	own := []*rbac.Custom{uploads, invites}
	require.Equal(t, []rbac.Role{rbac.WorkspaceAdmin, rbac.DeveloperAdmin, "inviter"}, m.Grantors(rbac.InviteMember, own))
	require.Equal(t, []rbac.Role{rbac.WorkspaceAdmin, rbac.WorkspaceDeveloper, rbac.DeveloperAdmin, rbac.Developer, "uploader"}, m.Grantors(rbac.SubmitVersion, own))
}

func TestAssignmentNames(t *testing.T) {
	t.Parallel()
	for _, a := range []rbac.Assignment{rbac.NoAssignment, rbac.OptionalAssignment, rbac.RequiredAssignment} {
		got, err := rbac.ParseAssignment(a.String())
		require.NoError(t, err)
		require.Equal(t, a, got)
	}
	_, err := rbac.ParseAssignment("?")
	require.ErrorIs(t, err, rbac.ErrAssignment)
	require.Equal(t, "?", rbac.Assignment(9).String())
}
