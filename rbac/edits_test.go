package rbac_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/rbac"
)

const (
	manageLoyalty = rbac.FirstHostPermission + iota
	viewLoyalty
)

// loyalty is a sound extension.
func loyalty() rbac.Edits {
	return rbac.Edits{Permissions: []rbac.HostPermission{
		{Permission: manageLoyalty, Area: "loyalty", Name: "loyalty.manage", Meaning: "run loyalty campaigns",
			Cells: map[rbac.Role]rbac.Scope{rbac.WorkspaceAdmin: rbac.InTenant, rbac.WorkspaceOperator: rbac.Assigned, rbac.DeveloperAdmin: rbac.InWorkspace}},
		{Permission: viewLoyalty, Area: "loyalty", Name: "loyalty.view", Meaning: "see loyalty campaigns",
			Cells: map[rbac.Role]rbac.Scope{rbac.WorkspaceAdmin: rbac.InTenant, rbac.WorkspaceOperator: rbac.InTenant}},
	}}
}

func TestWith(t *testing.T) {
	t.Parallel()

	t.Run("adds the host's permissions", func(t *testing.T) {
		t.Parallel()
		m, err := rbac.BuiltIn().With(loyalty())
		require.NoError(t, err)
		require.Equal(t, "loyalty.manage", m.Name(manageLoyalty))
		require.Equal(t, rbac.Assigned, m.Scope(rbac.WorkspaceOperator, manageLoyalty))
		require.Equal(t, rbac.None, m.Scope(rbac.Developer, manageLoyalty))
		require.Equal(t, rbac.NeedEnabled, m.Need(manageLoyalty), "the default")
		require.Equal(t, rbac.NeedPresent, m.Need(viewLoyalty), "the default for looking")
		require.Len(t, m.Table(), len(rbac.BuiltIn().Table())+2)
		require.True(t, m.Decide(rbac.User("u-42"), onMerchantProgram(rbac.DeveloperAdmin, "", false), manageLoyalty).Allowed)
		require.False(t, m.Decide(rbac.User("u-42"), onMerchantProgram(rbac.Developer, "", true), manageLoyalty).Allowed)
	})

	t.Run("narrows and widens", func(t *testing.T) {
		t.Parallel()
		m, err := rbac.BuiltIn().With(rbac.Edits{Cells: []rbac.Cell{
			{rbac.UploadVersion, rbac.Developer, rbac.None},
			{rbac.EditMiniProgram, rbac.WorkspaceAdmin, rbac.InTenant},
		}})
		require.NoError(t, err)
		require.False(t, m.Decide(rbac.User("u-42"), onMerchantProgram(rbac.Developer, "", true), rbac.UploadVersion).Allowed)
		require.Equal(t, []rbac.Difference{
			{Permission: "miniprogram.edit", Role: rbac.WorkspaceAdmin, From: rbac.InWorkspace, To: rbac.InTenant},
			{Permission: "version.upload", Role: rbac.Developer, From: rbac.Assigned, To: rbac.None},
		}, rbac.Diff(rbac.BuiltIn().Table(), m.Table()))
	})

	t.Run("leaves the matrix it starts from alone", func(t *testing.T) {
		t.Parallel()
		before := rbac.BuiltIn().Table()
		_, err := rbac.BuiltIn().With(loyalty())
		require.NoError(t, err)
		require.Equal(t, before, rbac.BuiltIn().Table())
		require.False(t, rbac.BuiltIn().Known(manageLoyalty))
	})

	t.Run("edits an edited matrix", func(t *testing.T) {
		t.Parallel()
		first, err := rbac.BuiltIn().With(loyalty())
		require.NoError(t, err)
		second, err := first.With(rbac.Edits{Cells: []rbac.Cell{{manageLoyalty, rbac.DeveloperAdmin, rbac.None}}})
		require.NoError(t, err)
		require.Equal(t, rbac.InWorkspace, first.Scope(rbac.DeveloperAdmin, manageLoyalty))
		require.Equal(t, rbac.None, second.Scope(rbac.DeveloperAdmin, manageLoyalty))
		_, err = second.With(loyalty())
		require.ErrorContains(t, err, "permissions[0].name: loyalty.manage is a permission of the matrix already")
		require.ErrorContains(t, err, "permissions[0].permission: 64 is loyalty.manage already")
	})

	t.Run("changes nothing without edits", func(t *testing.T) {
		t.Parallel()
		m, err := rbac.BuiltIn().With(rbac.Edits{})
		require.NoError(t, err)
		require.Equal(t, rbac.BuiltIn().Table(), m.Table())
		for _, p := range m.Permissions() {
			require.Equal(t, rbac.BuiltIn().Need(p), m.Need(p))
		}
	})

	t.Run("repeats what a cell says", func(t *testing.T) {
		t.Parallel()
		_, err := rbac.BuiltIn().With(rbac.Edits{Cells: []rbac.Cell{{rbac.OwnApproval, rbac.MiniProgramAdmin, rbac.Own}}})
		require.NoError(t, err)
	})
}

func TestWithRefuses(t *testing.T) {
	t.Parallel()
	one := func(change func(*rbac.HostPermission)) rbac.Edits {
		e := loyalty()
		e.Permissions = e.Permissions[:1]
		change(&e.Permissions[0])
		return e
	}
	cell := func(p rbac.Permission, r rbac.Role, s rbac.Scope) rbac.Edits {
		return rbac.Edits{Cells: []rbac.Cell{{p, r, s}}}
	}
	for _, c := range []struct {
		name, field, reason string
		edits               rbac.Edits
	}{
		{"built-in number", "permissions[0].permission", "not_allowed", one(func(h *rbac.HostPermission) { h.Permission = rbac.UploadVersion })},
		{"number over 127", "permissions[0].permission", "not_allowed", one(func(h *rbac.HostPermission) { h.Permission = 128 })},
		{"number twice", "permissions[1].permission", "duplicate", func() rbac.Edits {
			e := loyalty()
			e.Permissions[1].Permission = manageLoyalty
			return e
		}()},
		{"name twice", "permissions[1].name", "duplicate", func() rbac.Edits {
			e := loyalty()
			e.Permissions[1].Name = "loyalty.manage"
			return e
		}()},
		{"name of a built-in one", "permissions[0].name", "duplicate", one(func(h *rbac.HostPermission) { h.Name = "version.upload" })},
		{"no name", "permissions[0].name", "malformed", one(func(h *rbac.HostPermission) { h.Name = "" })},
		{"name of one word", "permissions[0].name", "malformed", one(func(h *rbac.HostPermission) { h.Name = "loyalty" })},
		{"name in capitals", "permissions[0].name", "malformed", one(func(h *rbac.HostPermission) { h.Name = "Loyalty.manage" })},
		{"name with an empty word", "permissions[0].name", "malformed", one(func(h *rbac.HostPermission) { h.Name = "loyalty..manage" })},
		{"name with a space", "permissions[0].name", "malformed", one(func(h *rbac.HostPermission) { h.Name = "loyalty.man age" })},
		{"long name", "permissions[0].name", "malformed", one(func(h *rbac.HostPermission) { h.Name = "a." + strings.Repeat("b", 63) })},
		{"area of two words", "permissions[0].area", "malformed", one(func(h *rbac.HostPermission) { h.Area = "loyalty.club" })},
		{"no meaning", "permissions[0].meaning", "malformed", one(func(h *rbac.HostPermission) { h.Meaning = " " })},
		{"meaning with a tab", "permissions[0].meaning", "malformed", one(func(h *rbac.HostPermission) { h.Meaning = "a\tb" })},
		{"meaning that is no text", "permissions[0].meaning", "malformed", one(func(h *rbac.HostPermission) { h.Meaning = "\xff" })},
		{"unknown need", "permissions[0].need", "unknown", one(func(h *rbac.HostPermission) { h.Need = 9 })},
		{"unknown role in its cells", "permissions[0].cells[boss]", "unknown", one(func(h *rbac.HostPermission) { h.Cells["boss"] = rbac.Own })},
		{"unknown permission", "cells[0]", "unknown", cell(viewLoyalty, rbac.Developer, rbac.Own)},
		{"permission that aliases", "cells[0]", "unknown", cell(128+rbac.UploadVersion, rbac.Developer, rbac.None)},
		{"unknown role", "cells[0]", "unknown", cell(rbac.UploadVersion, "boss", rbac.Own)},
		{"unknown scope", "cells[0]", "not_allowed", cell(rbac.UploadVersion, rbac.Developer, 9)},
		{"wide team role", "cells[0]", "not_allowed", cell(rbac.UploadVersion, rbac.MiniProgramAdmin, rbac.InWorkspace)},
		{"team role at own", "cells[0]", "not_allowed", cell(rbac.UploadVersion, rbac.MiniProgramAdmin, rbac.Own)},
		{"merchant at tenant", "cells[0]", "not_allowed", cell(rbac.UploadVersion, rbac.DeveloperAdmin, rbac.InTenant)},
		{"inspector at assigned", "cells[0]", "not_allowed", cell(rbac.UploadVersion, rbac.MiniProgramInspector, rbac.Assigned)},
		{"cell twice", "cells[1]", "duplicate", rbac.Edits{Cells: []rbac.Cell{
			{rbac.UploadVersion, rbac.Developer, rbac.None}, {rbac.UploadVersion, rbac.Developer, rbac.Own}}}},
		{"unknown granted role", "granted_by[boss]", "unknown", rbac.Edits{GrantedBy: map[rbac.Role]rbac.Role{"boss": ""}}},
		{"no granted role", "granted_by[]", "unknown", rbac.Edits{GrantedBy: map[rbac.Role]rbac.Role{"": ""}}},
		{"unknown granter", "granted_by[operator]", "unknown", rbac.Edits{GrantedBy: map[rbac.Role]rbac.Role{rbac.Operator: "boss"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m, err := rbac.BuiltIn().With(c.edits)
			require.Nil(t, m)
			problem := onlyProblem(t, err)
			require.Equal(t, c.field, problem.Field)
			require.Equal(t, c.reason, problem.Reason)
		})
	}

	t.Run("everything at once", func(t *testing.T) {
		t.Parallel()
		_, err := rbac.BuiltIn().With(rbac.Edits{
			Permissions: []rbac.HostPermission{{}},
			Cells:       []rbac.Cell{{}},
			GrantedBy:   map[rbac.Role]rbac.Role{"boss": ""},
		})
		invalid, ok := errors.AsType[*fault.InvalidError](err)
		require.True(t, ok)
		require.Len(t, invalid.Problems, 7)
	})
}

func onlyProblem(t *testing.T, err error) fault.Problem {
	t.Helper()
	invalid, ok := errors.AsType[*fault.InvalidError](err)
	require.True(t, ok, "err = %v", err)
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.Len(t, invalid.Problems, 1, "%s", err)
	return invalid.Problems[0]
}

// R4: an admin has to cover the roles of his workspace, or somebody is named.
func TestWithKeepsAdminsAboveTheirRoles(t *testing.T) {
	t.Parallel()
	wide := []rbac.Cell{{rbac.ManageAudience, rbac.WorkspaceOperator, rbac.InTenant}}
	for _, c := range []struct {
		name  string
		edits rbac.Edits
		field string // "" if it is built
		text  string
	}{
		{name: "narrowed admin", edits: rbac.Edits{Cells: []rbac.Cell{{rbac.ManageAudience, rbac.WorkspaceAdmin, rbac.None}}},
			field: "granted_by[workspace_operator]", text: "workspace_admin does not cover workspace_operator: he lacks audience.manage that far"},
		{name: "widened role", edits: rbac.Edits{Cells: wide}, field: "granted_by[workspace_operator]", text: "lacks audience.manage"},
		{name: "widened role with its admin", edits: rbac.Edits{Cells: append(wide, rbac.Cell{Permission: rbac.ManageAudience, Role: rbac.WorkspaceAdmin, Scope: rbac.InTenant})}},
		{name: "by the platform operator", edits: rbac.Edits{Cells: wide, GrantedBy: map[rbac.Role]rbac.Role{rbac.WorkspaceOperator: ""}}},
		{name: "by one who may not invite", edits: rbac.Edits{Cells: wide, GrantedBy: map[rbac.Role]rbac.Role{rbac.WorkspaceOperator: rbac.WorkspaceOperator}},
			field: "granted_by[workspace_operator]", text: "workspace_operator may not grant anything in a tenant workspace: he lacks member.invite there"},
		{name: "by one who may invite and covers it",
			edits: rbac.Edits{Cells: append(wide, rbac.Cell{Permission: rbac.InviteMember, Role: rbac.WorkspaceOperator, Scope: rbac.InWorkspace}),
				GrantedBy: map[rbac.Role]rbac.Role{rbac.WorkspaceOperator: rbac.WorkspaceOperator}},
			field: "granted_by[workspace_operator]", text: "does not cover workspace_operator in a tenant workspace either: he lacks miniprogram.view, version.view, team.view, feature.view"},
		{name: "by a stranger to the workspace", edits: rbac.Edits{Cells: wide, GrantedBy: map[rbac.Role]rbac.Role{rbac.WorkspaceOperator: rbac.DeveloperAdmin}},
			field: "granted_by[workspace_operator]", text: "developer_admin may not grant anything in a tenant workspace"},
		{name: "merchants' role by the tenant",
			edits: rbac.Edits{
				Cells: []rbac.Cell{{rbac.InviteMember, rbac.WorkspaceAdmin, rbac.InTenant}},
				Permissions: []rbac.HostPermission{{Permission: manageLoyalty, Area: "loyalty", Name: "loyalty.manage", Meaning: "run campaigns",
					Cells: map[rbac.Role]rbac.Scope{rbac.WorkspaceAdmin: rbac.InTenant, rbac.Operator: rbac.InWorkspace}}},
				GrantedBy: map[rbac.Role]rbac.Role{rbac.Operator: rbac.WorkspaceAdmin}}},
		{name: "assigned merchants' mini programs", edits: rbac.Edits{Cells: []rbac.Cell{{rbac.ViewTeam, rbac.WorkspaceAdmin, rbac.InWorkspace}, {rbac.ViewTeam, rbac.MiniProgramInspector, rbac.None}},
			GrantedBy: map[rbac.Role]rbac.Role{rbac.WorkspaceReviewer: ""}},
			field: "granted_by[workspace_operator]", text: "he lacks team.view that far"},
		{name: "many at once are not all named", edits: func() rbac.Edits {
			var e rbac.Edits
			for _, p := range []rbac.Permission{rbac.ViewMiniProgram, rbac.ViewVersion, rbac.ViewTeam, rbac.ViewFeature, rbac.ForceRemoveMiniProgram, rbac.ViewQuality} {
				e.Cells = append(e.Cells, rbac.Cell{Permission: p, Role: rbac.WorkspaceAdmin, Scope: rbac.InWorkspace})
			}
			e.GrantedBy = map[rbac.Role]rbac.Role{rbac.WorkspaceReviewer: "", rbac.WorkspaceOperator: ""}
			return e
		}(), field: "granted_by[mini_program_inspector]", text: "team.view, feature.view, 1 more that far"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := rbac.BuiltIn().With(c.edits)
			if c.field == "" {
				require.NoError(t, err)
				return
			}
			problem := onlyProblem(t, err)
			require.Equal(t, c.field, problem.Field)
			require.Contains(t, problem.Detail, c.text)
		})
	}

	t.Run("team role beyond both admins", func(t *testing.T) {
		t.Parallel()
		e := rbac.Edits{Permissions: []rbac.HostPermission{{Permission: manageLoyalty, Area: "loyalty", Name: "loyalty.manage", Meaning: "run campaigns",
			Cells: map[rbac.Role]rbac.Scope{rbac.MiniProgramAdmin: rbac.Assigned}}}}
		_, err := rbac.BuiltIn().With(e)
		require.ErrorContains(t, err, "workspace_admin does not cover mini_program_admin: he lacks loyalty.manage")
		require.ErrorContains(t, err, "developer_admin does not cover mini_program_admin: he lacks loyalty.manage")
		e.GrantedBy = map[rbac.Role]rbac.Role{rbac.MiniProgramAdmin: rbac.MiniProgramDeveloper}
		_, err = rbac.BuiltIn().With(e)
		require.ErrorContains(t, err, "mini_program_developer may not grant anything in a tenant workspace: he lacks team.manage there")
		e.GrantedBy = map[rbac.Role]rbac.Role{rbac.MiniProgramAdmin: rbac.MiniProgramAdmin}
		m, err := rbac.BuiltIn().With(e)
		require.NoError(t, err)

		_, err = m.With(rbac.Edits{})
		require.NoError(t, err, "who grants it is remembered")
	})
}
