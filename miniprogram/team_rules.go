package miniprogram

import (
	"strings"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/rbac"
)

var (
	// ErrNoMember is the error for somebody who is no member of the workspace that
	// owns the mini program.
	ErrNoMember = fault.Define(fault.ErrNotFound, "miniprogram.no_member", "no such member of the workspace that owns the mini program")
	// ErrIneligible is the error for a member who may not be on a team (P5).
	ErrIneligible = fault.Define(fault.ErrState, "miniprogram.ineligible",
		"only active members who are admin or developer of the workspace, or have an own role with version.upload, may be on a team")
	// ErrOnTeam is the error for adding somebody who is on the team.
	ErrOnTeam = fault.Define(fault.ErrExists, "miniprogram.on_team", "the member is on the team already: set his role instead")
	// ErrNotOnTeam is the error for changing or removing somebody who is not on the
	// team.
	ErrNotOnTeam = fault.Define(fault.ErrNotFound, "miniprogram.not_on_team", "the member is not on the team")
	// ErrLastTeamAdmin is the error for leaving a mini program without a mini program
	// admin (P5).
	ErrLastTeamAdmin = fault.Define(fault.ErrState, "miniprogram.last_team_admin",
		"the last mini program admin stays: make another one, or ask an admin of the workspace")
	// ErrTeamCeiling is what every [TeamCeilingError] is.
	ErrTeamCeiling = fault.Define(fault.ErrDenied, "miniprogram.team_ceiling", "nobody grants, or takes, more than he holds himself")
)

// TeamCeilingError is the error for giving somebody more on a mini program than the
// actor holds there, or for acting upon somebody who has more (M12).
type TeamCeilingError struct {
	// Permissions are the names of what the actor lacks.
	Permissions []string
}

// Error lists the permissions.
func (e *TeamCeilingError) Error() string {
	return "the role on the team has what you do not hold on the mini program: " + strings.Join(e.Permissions, ", ")
}

// Code returns "miniprogram.team_ceiling".
func (e *TeamCeilingError) Code() string { return ErrTeamCeiling.Code() }

// Unwrap returns [ErrTeamCeiling].
func (e *TeamCeilingError) Unwrap() error { return ErrTeamCeiling }

// checkTeamRole returns the error of what is no team role.
func checkTeamRole(role rbac.Role) error {
	if info, _ := role.Info(); info.Place != rbac.TeamPlace {
		return fault.Invalid("role", "not_allowed", "want mini_program_admin or mini_program_developer")
	}
	return nil
}

// A seat is what decides about somebody's place on a team, with what the rules
// know of his role in the workspace.
type seat struct {
	Teammate
	info rbac.RoleInfo
	// own is his role if it is the workspace's own, nil for a built-in one.
	own *rbac.Custom
}

// join returns the member with a role on the team that he is not on.
func (t seat) join(role rbac.Role) (TeamMember, error) {
	switch {
	case t.Role != "":
		return t.TeamMember, ErrOnTeam
	case t.Blocked || !t.info.Team:
		return t.TeamMember, ErrIneligible
	}
	t.TeamMember.Role = role
	return t.TeamMember, nil
}

// turn returns the member with another role on the team that he is on, "" for
// none. Only somebody who is an admin elsewhere takes its last admin away.
func (t seat) turn(role rbac.Role, above bool) (TeamMember, error) {
	switch {
	case t.Role == "":
		return t.TeamMember, ErrNotOnTeam
	case t.Role == rbac.MiniProgramAdmin && role != rbac.MiniProgramAdmin && t.Admins <= 1 && !above:
		return t.TeamMember, ErrLastTeamAdmin
	}
	t.TeamMember.Role = role
	return t.TeamMember, nil
}

// rules reports whether the actor is the platform operator, or an active admin of
// the workspace or of its tenant.
func rules(actor rbac.Actor, f rbac.Facts) bool {
	for _, m := range []rbac.Membership{f.Home, f.Above} {
		if info, _ := m.Role.Role().Info(); info.Admin && m.Presence == rbac.Active {
			return true
		}
	}
	return actor.IsSystem()
}
