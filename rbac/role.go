package rbac

import (
	"strings"

	"github.com/superapp-go/superapp/fault"
)

// A Role is the stable name of a role: as in the matrix, or the code of an own
// role of a workspace (M15). A member has one role
// in his workspace; a member of a mini program's team has a team role on it as
// well.
type Role string

// The built-in roles of a tenant workspace.
const (
	WorkspaceAdmin       Role = "workspace_admin"
	WorkspaceReviewer    Role = "workspace_reviewer"
	WorkspaceDeveloper   Role = "workspace_developer"
	WorkspaceOperator    Role = "workspace_operator"
	MiniProgramInspector Role = "mini_program_inspector"
)

// The built-in roles of a developer workspace.
const (
	DeveloperAdmin Role = "developer_admin"
	Developer      Role = "developer"
	Operator       Role = "operator"
)

// The team roles.
const (
	MiniProgramAdmin     Role = "mini_program_admin"
	MiniProgramDeveloper Role = "mini_program_developer"
)

// A Place is where a role is held.
type Place uint8

// The places.
const (
	// TenantPlace: in a tenant workspace.
	TenantPlace Place = iota + 1
	// DeveloperPlace: in a developer workspace.
	DeveloperPlace
	// TeamPlace: on the team of one mini program.
	TeamPlace
)

// An Assignment says whether a member with a role has assigned mini programs
// (M1).
type Assignment uint8

// The rules of assignment; [Assignment.String] gives their names.
const (
	// NoAssignment: members with the role have none.
	NoAssignment Assignment = iota
	// OptionalAssignment: they may have some, of the workspace itself or, in a
	// tenant, of its developer workspaces.
	OptionalAssignment
	// RequiredAssignment: they have at least one, of the own workspace only.
	// Assigning adds the member to the mini program's team, and removing him
	// from the team unassigns him (P5).
	RequiredAssignment
)

// RoleInfo is what the rules know of a role beside its cells in the matrix.
type RoleInfo struct {
	Role  Role
	Place Place
	// Assignment says whether the role takes assigned mini programs.
	Assignment Assignment
	// Admin marks the role that counts for the last-admin rule (M12).
	Admin bool
	// Team says whether its holders may be on teams (P5).
	Team bool
}

// A RoleKey is the compact form of a role inside [Facts]: what the evaluator
// computes with. 0 is no role.
type RoleKey uint8

const columns = 10

// CustomKey is the key of every own role of a workspace (M15); the [Custom]
// beside it says which.
const CustomKey RoleKey = columns + 1

var roleInfos = [columns + 1]RoleInfo{
	1:  {WorkspaceAdmin, TenantPlace, NoAssignment, true, true},
	2:  {WorkspaceReviewer, TenantPlace, OptionalAssignment, false, false},
	3:  {WorkspaceDeveloper, TenantPlace, RequiredAssignment, false, true},
	4:  {WorkspaceOperator, TenantPlace, OptionalAssignment, false, false},
	5:  {MiniProgramInspector, TenantPlace, NoAssignment, false, false},
	6:  {DeveloperAdmin, DeveloperPlace, NoAssignment, true, true},
	7:  {Developer, DeveloperPlace, RequiredAssignment, false, true},
	8:  {Operator, DeveloperPlace, RequiredAssignment, false, false},
	9:  {MiniProgramAdmin, TeamPlace, NoAssignment, true, false},
	10: {MiniProgramDeveloper, TeamPlace, NoAssignment, false, false},
}

// ErrRole is the error for an unknown role.
var ErrRole = fault.Define(fault.ErrInvalid, "rbac.role", "unknown role")

// ParseRole returns the role of that name, or an error that is [ErrRole] and
// says what was given and which name is near.
func ParseRole(name string) (Role, error) {
	if r := Role(name); r.Key() != 0 {
		return r, nil
	}
	names := make([]string, columns)
	for i, r := range roleInfos[1:] {
		names[i] = string(r.Role)
	}
	return "", unknown(ErrRole, name, names, "want "+strings.Join(names[:columns-1], ", ")+" or "+names[columns-1])
}

// Roles lists the built-in roles in the order of the matrix's columns.
func Roles() []RoleInfo { return append([]RoleInfo(nil), roleInfos[1:]...) }

// Info returns what the rules know of a built-in role; ok is false for any
// other, an own role of a workspace included.
func (r Role) Info() (info RoleInfo, ok bool) {
	k := r.Key()
	return roleInfos[k], k != 0
}

// Key returns the compact form of a built-in role, 0 for any other.
func (r Role) Key() RoleKey {
	switch r {
	case WorkspaceAdmin:
		return 1
	case WorkspaceReviewer:
		return 2
	case WorkspaceDeveloper:
		return 3
	case WorkspaceOperator:
		return 4
	case MiniProgramInspector:
		return 5
	case DeveloperAdmin:
		return 6
	case Developer:
		return 7
	case Operator:
		return 8
	case MiniProgramAdmin:
		return 9
	case MiniProgramDeveloper:
		return 10
	}
	return 0
}

// Role returns the built-in role of the key, "" for 0 and [CustomKey].
func (k RoleKey) Role() Role {
	if int(k) >= len(roleInfos) {
		return ""
	}
	return roleInfos[k].Role
}
