package rbac

// A Reason says what granted a permission, or what denied it (R3).
type Reason uint8

// The reasons. The first three allow, the others deny.
const (
	// GrantedByRole: the role in the object's own workspace grants it.
	GrantedByRole Reason = iota + 1
	// GrantedByTenantRole: the role in the tenant grants it at a scope that
	// reaches the object.
	GrantedByTenantRole
	// GrantedByTeamRole: the team role on this mini program grants it.
	GrantedByTeamRole
	// GrantedToSystem: the platform operator holds every permission.
	GrantedToSystem
	// NoMembership: the account is a member neither of the object's workspace
	// nor of its tenant, or there is no such object; which of them is not told
	// (S4).
	NoMembership
	// MemberBlocked: the account is blocked.
	MemberBlocked
	// WorkspaceState: the state of the workspace, or of its tenant, does not
	// let it through.
	WorkspaceState
	// RoleLacksIt: no role of the account grants it at any scope.
	RoleLacksIt
	// OutOfScope: a role grants it, but not for this object.
	OutOfScope
)

var reasonNames = [...]string{"", "role", "tenant_role", "team_role", "system",
	"no_membership", "member_blocked", "workspace_state", "role_lacks_it", "out_of_scope"}

// String returns the stable name of the reason.
func (r Reason) String() string {
	if int(r) >= len(reasonNames) {
		return "?"
	}
	return reasonNames[r]
}

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
	// Role and Scope are the cell that granted it, zero on a denial.
	Role  RoleKey
	Scope Scope

	system bool
	facts  Facts
	matrix *Matrix
}

// Facts returns what the decision was made from.
func (d Decision) Facts() Facts { return d.facts }

// Decide answers one question from the facts alone: it reads nothing, changes
// nothing and allocates nothing. An unknown permission is denied.
func (m *Matrix) Decide(a Actor, f Facts, p Permission) Decision {
	d := Decision{Permission: p, system: a.system, facts: f, matrix: m}
	d.Reason, d.Role, d.Scope = m.judge(a.system, &f, p)
	d.Allowed = d.Reason <= GrantedToSystem
	return d
}

// judge is the evaluator: the one place where a permission is granted.
func (m *Matrix) judge(system bool, f *Facts, p Permission) (Reason, RoleKey, Scope) {
	p &= lastPermission
	if !f.Found {
		return NoMembership, 0, None
	}
	open := f.OwnerStatus <= Removed && f.TenantStatus <= Removed &&
		m.open[f.OwnerStatus].has(p) && m.open[f.TenantStatus].has(p)
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
	}
	return m.denial(f, p, open), 0, None
}

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
	for _, k := range [...]RoleKey{f.Home.Role, f.Above.Role, f.Team} {
		if k != 0 && int(k) <= columns && m.rows[p].cells[k-1] != None {
			return OutOfScope
		}
	}
	return RoleLacksIt
}
