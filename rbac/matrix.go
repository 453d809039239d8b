package rbac

import "fmt"

// A Matrix says at which scope each role grants each permission. It is
// immutable; [BuiltIn] is the start, [Matrix.With] makes changed copies.
type Matrix struct {
	rows  [lastPermission + 1]Row
	needs [lastPermission + 1]Need
	// reach holds, for each role and each way an object may relate to the
	// holder, what is granted there: the whole evaluation is one look-up.
	reach [columns + 1][relations]mask
	// open holds what each status of a workspace lets through.
	open [Removed + 1]mask
	// grantedBy names who grants the roles that an admin does not cover (R4).
	grantedBy map[Role]Role
}

// How an object relates to the holder of a role, as bits.
const (
	relHome     = 1 << iota // it belongs to the holder's own workspace
	relAssigned             // it is assigned to him, or he is on its team
	relOwn                  // he created it
	relations   = 1 << iota
)

var builtIn = newBuiltIn()

// BuiltIn returns the matrix that is built in (R1).
func BuiltIn() *Matrix { return builtIn }

func newBuiltIn() *Matrix {
	m := new(Matrix)
	for p, r := range builtinRows {
		if p > 0 {
			m.rows[p], m.needs[p] = r, need(Permission(p), r.Name)
		}
	}
	m.compile()
	return m
}

// compile derives reach and open from the cells.
func (m *Matrix) compile() {
	m.reach, m.open = [columns + 1][relations]mask{}, [Removed + 1]mask{}
	for p := range m.rows {
		p := Permission(p)
		if m.needs[p] == 0 {
			continue
		}
		for c, scope := range m.rows[p].cells {
			for rel := range relations {
				if scope.covers(rel) {
					m.reach[c+1][rel].add(p)
				}
			}
		}
		for s := Pending; s <= Removed; s++ {
			if m.needs[p].metBy(s) {
				m.open[s].add(p)
			}
		}
	}
}

// covers reports whether a permission granted at the scope reaches an object
// that relates so to the holder. In a workspace of its tenant, an object that
// is not of the holder's own workspace is reached by tenant scope.
func (s Scope) covers(rel int) bool {
	switch s {
	case InTenant:
		return true
	case InWorkspace:
		return rel&relHome != 0
	case Assigned:
		return rel&relAssigned != 0
	case Own:
		return rel&relOwn != 0
	}
	return false
}

// metBy reports whether a workspace of the status meets the need.
func (n Need) metBy(s WorkspaceStatus) bool {
	switch n {
	case NeedNothing:
		return true
	case NeedPresent:
		return s != Removed
	case NeedEnabled:
		return s != Removed && s != Disabled
	case NeedVerified:
		return s == Verified
	}
	return false
}

// Known reports whether p is a permission of this matrix.
func (m *Matrix) Known(p Permission) bool { return p <= lastPermission && m.needs[p] != 0 }

// Permissions lists the permissions of the matrix, built-in ones first.
func (m *Matrix) Permissions() []Permission {
	var all []Permission
	for p := range m.rows {
		if m.needs[p] != 0 {
			all = append(all, Permission(p))
		}
	}
	return all
}

// Name returns the name of the permission, "" if it is not in the matrix.
func (m *Matrix) Name(p Permission) string {
	if p > lastPermission {
		return ""
	}
	return m.rows[p].Name
}

// ParsePermission returns the permission of that name, the host's own
// included, or an error that is [ErrPermission] and says what was given and
// which name is near.
func (m *Matrix) ParsePermission(name string) (Permission, error) {
	all := m.Permissions()
	names := make([]string, len(all))
	for i, p := range all {
		if names[i] = m.rows[p].Name; names[i] == name {
			return p, nil
		}
	}
	return 0, unknown(ErrPermission, name, names, "docs/matrix.md lists the built-in ones")
}

// Need returns what the permission asks of the state of the workspace, 0 for
// an unknown permission.
func (m *Matrix) Need(p Permission) Need {
	if p > lastPermission {
		return 0
	}
	return m.needs[p]
}

// Scope returns the scope at which the role grants the permission, [None] for
// an unknown role or permission.
func (m *Matrix) Scope(r Role, p Permission) Scope {
	k := r.Key()
	if k == 0 || !m.Known(p) {
		return None
	}
	return m.rows[p].cells[k-1]
}

// Row returns the permission's line: its area, name, meaning and cells. ok is
// false for a permission that is not in the matrix.
func (m *Matrix) Row(p Permission) (r Row, ok bool) {
	if !m.Known(p) {
		return Row{}, false
	}
	return m.rows[p], true
}

// label returns the name of p, or its number if it has none.
func (m *Matrix) label(p Permission) string {
	if n := m.Name(p); n != "" {
		return n
	}
	return fmt.Sprintf("permission(%d)", uint8(p))
}
