// Package role holds the roles that workspaces make for themselves, beside the
// built-in ones (M15).
//
// An own role is known by its code wherever a built-in one is known by its name:
// a member has it as his rbac.Role, lists filter by it, decisions name it. What
// it may do stands in the role, as permissions with their scopes, and an edit
// holds from the next check on, for everybody who has the role.
package role

import (
	"maps"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// The limits of own roles.
const (
	// MaxRoles is the greatest number of own roles of a workspace.
	MaxRoles = 100
	// MaxCode is the greatest length of a code, in bytes.
	MaxCode = 64
	// MaxName is the greatest length of a name, in characters.
	MaxName = 64
	// MaxHolders is how many holders an [InUseError] lists.
	MaxHolders = 20
)

// A Role is a workspace's own role, as it is stored.
type Role struct {
	ID id.Role
	// Workspace is whose it is, Tenant that workspace's tenant.
	Workspace, Tenant id.Workspace
	// Code is what members have as their role. It never changes.
	Code rbac.Role
	// Name is what people call it.
	Name string
	// Assignment says whether members with the role have assigned mini programs
	// (M1).
	Assignment rbac.Assignment
	// Cells are the permissions that the role grants, by name, with their scopes.
	// What the platform's matrix does not know stays here and grants nothing.
	Cells map[string]rbac.Scope
	// Revision counts the forms that the role has had, from 1.
	Revision  int
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Custom returns the role as decisions need it.
func (r Role) Custom() *rbac.Custom { return rbac.NewCustom(r.Code, r.Assignment, r.Cells) }

// Defined is for stores: it returns the role with everything that [Role.Custom]
// takes of it, read back.
func (r Role) Defined(c *rbac.Custom) Role {
	r.Code, r.Assignment, r.Cells = c.Code(), c.Assignment(), c.Cells()
	return r
}

// same reports whether two forms of a role differ in nothing that was edited.
func (r Role) same(other Role) bool {
	return r.Name == other.Name && r.Assignment == other.Assignment && maps.Equal(r.Cells, other.Cells)
}

// A Difference is one permission in which two forms of a role differ.
type Difference struct {
	// Permission is its name.
	Permission string
	// From and To are its scopes, rbac.None where it is not granted.
	From, To rbac.Scope
}
