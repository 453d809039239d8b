package rbac

import "github.com/superapp-go/superapp/fault"

// A Scope says how far a role's permission reaches; a greater one reaches
// further (R1).
type Scope uint8

// The scopes.
const (
	// None: the role does not hold the permission.
	None Scope = iota
	// Own: what the caller created or submitted himself.
	Own
	// Assigned: mini programs assigned to the member, or of whose team he is.
	// In the column of a team role: that very mini program.
	Assigned
	// InWorkspace: everything of the member's workspace.
	InWorkspace
	// InTenant: everything of the tenant workspace and of every developer
	// workspace under it.
	InTenant
)

var scopeNames = [...]string{None: "-", Own: "own", Assigned: "assigned", InWorkspace: "workspace", InTenant: "tenant"}

// String returns the name used in the matrix: "-", "own", "assigned",
// "workspace" or "tenant".
func (s Scope) String() string {
	if int(s) >= len(scopeNames) {
		return "?"
	}
	return scopeNames[s]
}

// MarshalText returns the name used in the matrix.
func (s Scope) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name used in the matrix.
func (s *Scope) UnmarshalText(text []byte) (err error) {
	*s, err = ParseScope(string(text))
	return err
}

// ErrScope is the error for an unknown scope.
var ErrScope = fault.Define(fault.ErrInvalid, "rbac.scope", "unknown scope: want -, own, assigned, workspace or tenant")

// ParseScope reads a scope as [Scope.String] prints it.
func ParseScope(name string) (Scope, error) {
	for s, n := range scopeNames {
		if n == name {
			return Scope(s), nil
		}
	}
	return None, ErrScope
}
