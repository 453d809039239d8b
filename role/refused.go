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

// A Holding is how many hold a role (M15).
type Holding struct {
	// Members are active and blocked members, and open invitations.
	Members int
	// Links are usable links that give it.
	Links int
}

// InUseError is the error for a role that cannot go, or change what its members
// may hold, because somebody holds it, or a link gives it (M15).
type InUseError struct {
	// Total counts them all.
	Total Holding
	// Holders are those who hold it, the first [MaxHolders] of them, in the order in
	// which they were invited. The rest is had by member.Service.List, with the role.
	Holders []Holder
	// Links are the usable links that give it, the first [MaxHolders] of them, in the
	// order in which they were made. The rest is had by member.LinkService.List.
	Links []id.Link
}

// Error tells how many there are. It names nobody: it may get into a log.
func (e *InUseError) Error() string {
	return fmt.Sprintf("the role is held by members or open invitations (%d), or given by links (%d): give members another one, and revoke links, first",
		e.Total.Members, e.Total.Links)
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
