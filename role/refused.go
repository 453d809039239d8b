package role

import (
	"fmt"
	"strings"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
)

var (
	// ErrNotFound is the error for an own role that does not exist, or that the
	// caller may not know of.
	ErrNotFound = fault.Define(fault.ErrNotFound, "role.not_found", "no such own role")
	// ErrCodeTaken is the error for a code that an own role of the workspace has.
	ErrCodeTaken = fault.Define(fault.ErrExists, "role.code_taken", "another own role of the workspace has this code")
	// ErrTooMany is the error for a workspace that has [MaxRoles] own roles.
	ErrTooMany = fault.Define(fault.ErrLimit, "role.too_many", "the workspace has 100 own roles, which is the most: delete one that nobody holds")
	// ErrRevision is the error for an edit of a role that somebody else has edited
	// meanwhile.
	ErrRevision = fault.Define(fault.ErrConflict, "role.revision", "the role was edited meanwhile: look at it again")
	// ErrInUse is what every [InUseError] is.
	ErrInUse = fault.Define(fault.ErrState, "role.in_use", "members hold the role, or links give it")
	// ErrCeiling is what every [CeilingError] is.
	ErrCeiling = fault.Define(fault.ErrDenied, "role.ceiling", "nobody defines more than he holds himself")
)

// A Holder is somebody who holds a role.
type Holder struct {
	Member id.Member
	Name   string
	Status member.Status
}

// InUseError is the error for a role that cannot go, or change what its members
// may hold, because somebody holds it, or a link gives it (M15).
type InUseError struct {
	// Holders are those who hold it, in the order in which they were invited: at
	// most [MaxHolders].
	Holders []Holder
	// Links are the usable links that give it, in the order in which they were made:
	// at most [MaxHolders].
	Links []id.Link
	// More says that there are others.
	More bool
}

// Error names the holders.
func (e *InUseError) Error() string {
	names := make([]string, len(e.Holders))
	for i, h := range e.Holders {
		names[i] = fmt.Sprintf("%s (%s)", h.Name, h.Status)
	}
	if len(e.Links) > 0 {
		names = append(names, fmt.Sprintf("links (%d)", len(e.Links)))
	}
	if e.More {
		names = append(names, "and others")
	}
	return "the role is held by " + strings.Join(names, ", ") + ": give members another one, and revoke links, first"
}

// Code returns "role.in_use".
func (e *InUseError) Code() string { return ErrInUse.Code() }

// Unwrap returns [ErrInUse].
func (e *InUseError) Unwrap() error { return ErrInUse }

// CeilingError is the error for a role that has more than the caller holds
// himself (M12).
type CeilingError struct {
	// Permissions are the names of what he lacks.
	Permissions []string
}

// Error lists the permissions.
func (e *CeilingError) Error() string {
	return "the role has what you do not hold that far: " + strings.Join(e.Permissions, ", ")
}

// Code returns "role.ceiling".
func (e *CeilingError) Code() string { return ErrCeiling.Code() }

// Unwrap returns [ErrCeiling].
func (e *CeilingError) Unwrap() error { return ErrCeiling }
