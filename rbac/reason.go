package rbac

import "github.com/superapp-go/superapp/fault"

// A Reason says what granted a permission, or what denied it (R3).
type Reason uint8

// The reasons. The first four allow, the others deny.
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

// ErrReason is the error for an unknown reason.
var ErrReason = fault.Define(fault.ErrInvalid, "rbac.reason", "unknown reason of a decision")

// ParseReason reads a reason as [Reason.String] prints it, or returns
// [ErrReason].
func ParseReason(name string) (Reason, error) {
	for r, n := range reasonNames {
		if r > 0 && n == name {
			return Reason(r), nil
		}
	}
	return 0, ErrReason
}

// MarshalText returns the stable name.
func (r Reason) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the stable name.
func (r *Reason) UnmarshalText(text []byte) (err error) {
	*r, err = ParseReason(string(text))
	return err
}
