package rbac

import (
	"fmt"
	"maps"
	"slices"

	"github.com/superapp-go/superapp/fault"
)

// Edits is what a host changes in a matrix (R4).
type Edits struct {
	// Permissions are the host's own; none by default.
	Permissions []HostPermission
	// Cells replaces single cells, those of the host's own permissions
	// included; none by default.
	Cells []Cell
	// GrantedBy names who grants a role that an admin of its workspace does not
	// cover: a role that covers it and may invite (for a team role: manage the
	// team), or "" for the platform operator alone. None by default.
	GrantedBy map[Role]Role
}

// A HostPermission is a permission of the host's own. The library only answers
// questions about it.
type HostPermission struct {
	// Permission is its number, from [FirstHostPermission] to 127. Only the
	// name is ever stored.
	Permission Permission
	// Name is its stable name: lower-case words joined by dots, such as
	// "loyalty.manage".
	Name string
	// Area groups it in the printed matrix: one lower-case word.
	Area string
	// Meaning says in one line what it allows.
	Meaning string
	// Need is what it asks of the state of the workspace. The default is
	// [NeedPresent] for a name that ends in ".view", [NeedEnabled] otherwise.
	Need Need
	// Cells are the scopes at which roles grant it; the default is [None]. An
	// admin role must cover the roles of his workspace (R4): what a role gets,
	// give the admin as well, at least as far; a team role's admins are both
	// WorkspaceAdmin and DeveloperAdmin. Permissions are independent: this one
	// does not bring the right to see what it is held on.
	Cells map[Role]Scope
}

// A Cell is one cell of a matrix, with the scope it is to have.
type Cell struct {
	Permission Permission
	Role       Role
	Scope      Scope
}

// With returns a copy of the matrix with the edits. Widening a cell, narrowing
// it and adding permissions are all the same to the evaluator.
//
// It refuses a matrix in which an admin role lacks something that a built-in
// role of his workspace, or a team role, holds: under the ceiling (M12) that
// admin could neither invite nor block anybody with the role. A host that
// wants it so says in GrantedBy who does it instead.
//
// The error is a *[fault.InvalidError] with everything that is wrong; what
// admins cover is looked at once the edits themselves are sound.
func (m *Matrix) With(e Edits) (edited *Matrix, err error) {
	defer fault.Wrap(&err, "rbac: edit the matrix")
	c := *m
	c.grantedBy = make(map[Role]Role)
	maps.Copy(c.grantedBy, m.grantedBy)
	bad := new(fault.Problems)
	for i, h := range e.Permissions {
		c.define(h, fmt.Sprintf("permissions[%d]", i), bad)
	}
	c.setAll(e.Cells, bad)
	c.nameGranters(e.GrantedBy, bad)
	if len(*bad) == 0 {
		c.compile()
		c.checkAdmins(bad)
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	return &c, nil
}

// define adds a permission of the host's own.
func (m *Matrix) define(h HostPermission, field string, bad *fault.Problems) {
	r := Row{Area: h.Area, Name: h.Name, Meaning: h.Meaning}
	for i, wrong := range r.problems() {
		if wrong != "" {
			bad.Add(field+[firstCell]string{".area", ".name", ".meaning"}[i], "malformed", wrong)
		}
	}
	if h.Need > NeedVerified {
		bad.Add(field+".need", "unknown", fmt.Sprintf("%d is no need: want one of the Need constants, or 0 for the default", h.Need))
	}
	for p := range m.rows {
		if h.Name != "" && m.rows[p].Name == h.Name {
			bad.Add(field+".name", "duplicate", h.Name+" is a permission of the matrix already")
		}
	}
	switch p := h.Permission; {
	case p < FirstHostPermission || p > lastPermission:
		bad.Add(field+".permission", "not_allowed", fmt.Sprintf("%d: want a number from %d to %d", p, FirstHostPermission, lastPermission))
		return
	case m.Known(p):
		bad.Add(field+".permission", "duplicate", fmt.Sprintf("%d is %s already: number the host's permissions with iota", p, m.Name(p)))
		return
	}
	m.rows[h.Permission], m.needs[h.Permission] = r, h.Need
	if h.Need == 0 {
		m.needs[h.Permission] = need(h.Permission, h.Name)
	}
	for _, role := range slices.Sorted(maps.Keys(h.Cells)) {
		m.set(Cell{h.Permission, role, h.Cells[role]}, fmt.Sprintf("%s.cells[%.40s]", field, role), bad)
	}
}

// setAll replaces cells, each at most once.
func (m *Matrix) setAll(cells []Cell, bad *fault.Problems) {
	seen := make(map[Cell]bool)
	for i, x := range cells {
		field, at := fmt.Sprintf("cells[%d]", i), Cell{Permission: x.Permission, Role: x.Role}
		if seen[at] {
			bad.Add(field, "duplicate", fmt.Sprintf("the cell of %s and %.40s stands here twice", m.label(x.Permission), x.Role))
		}
		seen[at] = true
		m.set(x, field, bad)
	}
}

// nameGranters notes who grants the roles that an admin does not cover.
func (m *Matrix) nameGranters(grantedBy map[Role]Role, bad *fault.Problems) {
	for _, role := range slices.Sorted(maps.Keys(grantedBy)) {
		by, field := grantedBy[role], fmt.Sprintf("granted_by[%.40s]", role)
		if _, err := ParseRole(string(role)); err != nil {
			bad.Add(field, "unknown", err.Error())
		}
		if _, err := ParseRole(string(by)); err != nil && by != "" {
			bad.Add(field, "unknown", err.Error())
		}
		m.grantedBy[role] = by
	}
}

// set replaces one cell.
func (m *Matrix) set(x Cell, field string, bad *fault.Problems) {
	_, err := ParseRole(string(x.Role))
	if err != nil {
		bad.Add(field, "unknown", err.Error())
	}
	if !m.Known(x.Permission) {
		bad.Add(field, "unknown", unknownNumber(x.Permission).Error())
		return
	}
	if err != nil || m.cell(x.Role.Key(), x.Permission) == x.Scope {
		return
	}
	info, _ := x.Role.Info()
	if wrong := info.misfit(x.Permission, x.Scope); wrong != "" {
		bad.Add(field, "not_allowed", fmt.Sprintf("%s %s at %s: %s", x.Role, m.label(x.Permission), x.Scope, wrong))
		return
	}
	m.rows[x.Permission].cells[x.Role.Key()-1] = x.Scope
}

// misfit says why the role cannot hold a permission at the scope, "" if it can:
// a cell must not promise what the evaluator would not give.
func (info RoleInfo) misfit(p Permission, s Scope) string {
	switch {
	case ViewDeveloperWorkspace <= p && p <= RemoveDeveloperWorkspace && s != None && s != InTenant:
		return "developer workspaces are reached at tenant only"
	case s > InTenant:
		return "no such scope"
	case info.Place == TeamPlace && s != None && s != Assigned:
		return "a team role reaches its own mini program, want - or assigned"
	case info.Place == DeveloperPlace && s == InTenant:
		return "a merchant's role reaches its own workspace at most"
	case s == Assigned && info.Place != TeamPlace && info.Assignment == NoAssignment && !info.Team:
		return "the role has no assigned mini programs and is on no team"
	}
	return ""
}
