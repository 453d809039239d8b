package rbac

// A Decision is the answer to one question: may this actor do that here? It is
// data; [Decision.Err], [Decision.String] and [Decision.Remedy] make words of
// it.
type Decision struct {
	// Allowed is the answer.
	Allowed bool
	// Reason says what granted or denied it.
	Reason Reason
	// Permission is what was asked for.
	Permission Permission
	// Role and Scope are the cell that granted it, zero on a denial; which own
	// role [CustomKey] is, [Decision.Granting] tells.
	Role  RoleKey
	Scope Scope

	system bool
	facts  Facts
	matrix *Matrix
}

// Facts returns what the decision was made from. For [NoMembership] they tell
// whether the object exists: do not show them to the caller.
func (d Decision) Facts() Facts { return d.facts }

// Decide answers one question from the facts alone: it reads nothing, changes
// nothing and allocates nothing. An unknown permission is denied.
func (m *Matrix) Decide(a Actor, f Facts, p Permission) Decision {
	if !a.within.IsZero() {
		f.bind(a.within)
	}
	why, role, scope := m.judge(a.system, &f, p)
	return Decision{
		Allowed: why <= GrantedToSystem, Reason: why, Permission: p, Role: role, Scope: scope,
		system: a.system, facts: f, matrix: m,
	}
}

// judge is the evaluator: the one place where a permission is granted.
func (m *Matrix) judge(system bool, f *Facts, p Permission) (Reason, RoleKey, Scope) {
	if p > lastPermission {
		p = 0 // which no matrix knows
	}
	if !f.Found {
		return NoMembership, 0, None
	}
	open := m.lets(f.OwnerStatus, p) && m.lets(f.TenantStatus, p)
	if system {
		if !open {
			return m.closed(p), 0, None
		}
		return GrantedToSystem, 0, InTenant
	}
	own := 0
	if f.Own {
		own = relOwn
	}
	if open && f.Home.Presence == Active {
		rel := relHome | own
		if f.Home.Assigned {
			rel |= relAssigned
		}
		if m.grants(f.Home.Role, rel, p) {
			return GrantedByRole, f.Home.Role, m.rows[p].cells[f.Home.Role-1]
		}
		if c := f.Home.Custom; c != nil {
			if s := c.granted(m, rel, p); s != None {
				return GrantedByRole, CustomKey, s
			}
		}
		if m.grants(f.Team, relAssigned, p) {
			return GrantedByTeamRole, f.Team, m.rows[p].cells[f.Team-1]
		}
	}
	if open && f.Above.Presence == Active {
		rel := own
		if f.Above.Assigned {
			rel |= relAssigned
		}
		if m.grants(f.Above.Role, rel, p) {
			return GrantedByTenantRole, f.Above.Role, m.rows[p].cells[f.Above.Role-1]
		}
		if c := f.Above.Custom; c != nil {
			if s := c.granted(m, rel, p); s != None {
				return GrantedByTenantRole, CustomKey, s
			}
		}
	}
	return m.denial(f, p, open), 0, None
}

// allows reports whether an account with these facts has p.
func (m *Matrix) allows(f *Facts, p Permission) bool {
	why, _, _ := m.judge(false, f, p)
	return why <= GrantedToSystem
}

// lets reports whether a workspace of the status lets p through.
func (m *Matrix) lets(s WorkspaceStatus, p Permission) bool { return s <= Removed && m.open[s].has(p) }

// grants reports whether the role grants p on an object that relates so to its
// holder.
func (m *Matrix) grants(k RoleKey, rel int, p Permission) bool {
	return k != 0 && int(k) < len(m.reach) && m.reach[k][rel&(relations-1)].has(p)
}

// closed tells a workspace's state from a permission that does not exist.
func (m *Matrix) closed(p Permission) Reason {
	if !m.Known(p) {
		return RoleLacksIt
	}
	return WorkspaceState
}

// denial finds the reason that helps most: what is missing first.
func (m *Matrix) denial(f *Facts, p Permission, open bool) Reason {
	active := f.Home.Presence == Active || f.Above.Presence == Active
	switch {
	case active:
	case f.Home.Presence == Blocked || f.Above.Presence == Blocked:
		return MemberBlocked
	default:
		return NoMembership
	}
	if !open {
		return m.closed(p)
	}
	if f.Home.Presence == Blocked || f.Above.Presence == Blocked {
		// Why: active in one of two workspaces, he may lack it only because he
		// is blocked in the other.
		free := *f
		free.Home.Presence, free.Above.Presence = Active, Active
		if m.allows(&free, p) {
			return MemberBlocked
		}
	}
	for _, r := range f.roles() {
		if m.cellOf(r, p) != None {
			return OutOfScope
		}
	}
	return RoleLacksIt
}
