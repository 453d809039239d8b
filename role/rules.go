package role

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/rbac"
)

// checkCode notes a problem unless the code can be one, and is not the name of a
// built-in role.
func checkCode(p *fault.Problems, code rbac.Role) {
	s := string(code)
	switch {
	case s == "" || len(s) > MaxCode || s[0] < 'a' || s[0] > 'z' || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") != "":
		p.Add("code", "malformed", fmt.Sprintf("%.70q: want a lower-case word of at most %d bytes, such as cashier; digits and underscores may follow its first letter",
			s, MaxCode))
	case code.Key() != 0:
		p.Add("code", "not_allowed", s+" is a built-in role")
	}
}

// checkEdit checks what people write, and returns it as it is stored.
func checkEdit(p *fault.Problems, m *rbac.Matrix, e Edit) (name string, cells map[string]rbac.Scope) {
	name = text.Line(p, "name", e.Name, 1, MaxName)
	if e.Assignment > rbac.RequiredAssignment {
		p.Add("assignment", "unknown", "want none, optional or required")
	}
	cells = make(map[string]rbac.Scope)
	for _, perm := range slices.Sorted(maps.Keys(e.Cells)) {
		if !m.Known(perm) {
			p.Add(fmt.Sprintf("cells[%d]", perm), "unknown", "the matrix has no such permission")
		} else if e.Cells[perm] != rbac.None {
			cells[m.Name(perm)] = e.Cells[perm]
		}
	}
	return name, cells
}

// edited returns the role with an edit. What the matrix does not know, and so
// nobody can name in an edit, stays.
func (r Role) edited(m *rbac.Matrix, e Edit, name string, cells map[string]rbac.Scope) Role {
	all := make(map[string]rbac.Scope, len(r.Cells))
	for name, s := range r.Cells {
		if _, err := m.ParsePermission(name); err != nil {
			all[name] = s
		}
	}
	maps.Copy(all, cells)
	r.Name, r.Assignment, r.Cells = name, e.Assignment, all
	return r
}

// differences lists the permissions in which two forms of a role differ, in the
// order of their names.
func differences(before, after Role) (list []Difference) {
	names := make(map[string]bool)
	for _, cells := range []map[string]rbac.Scope{before.Cells, after.Cells} {
		for name := range cells {
			names[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if from, to := before.Cells[name], after.Cells[name]; from != to {
			list = append(list, Difference{Permission: name, From: from, To: to})
		}
	}
	return list
}

// reseats reports whether the two forms differ in what members with the role may
// hold: assigned mini programs, or places on teams (P5). Members who have the
// role would hold what it cannot have, or lack what it needs.
func reseats(m *rbac.Matrix, before, after Role) bool {
	b, a := before.Custom().Info(m, 0), after.Custom().Info(m, 0)
	return b.Assignment != a.Assignment || b.Team != a.Team
}

// place returns the kind of a workspace.
func place(owner, tenant id.Workspace) rbac.Place {
	if owner == tenant {
		return rbac.TenantPlace
	}
	return rbac.DeveloperPlace
}
