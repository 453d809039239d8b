package rbac

import "strings"

// A Remedy is the smallest change that would allow what was denied (R3): to
// unblock before to assign, to assign before a place on the team, that before
// the weakest role that would do, and to join last. It says what would help,
// not that anybody should do it.
type Remedy struct {
	// Steps are the changes, all of them needed, in the order to make them.
	// There are none if it is allowed already, or [Remedy.Impossible].
	Steps []Step
	// Impossible says that no change of membership or status would do: no role
	// grants the permission, the workspace is removed, or there is no such
	// object.
	Impossible bool

	reason Reason
}

// A StepKind is a kind of change.
type StepKind uint8

// The kinds of change.
const (
	// StepSetStatus: the platform operator sets the status of the workspace in
	// Place to Status.
	StepSetStatus StepKind = iota + 1
	// StepUnblock: the member in Place is unblocked.
	StepUnblock
	// StepSetRole: the member in Place gets Role instead of his own.
	StepSetRole
	// StepJoin: the account becomes a member in Place with Role.
	StepJoin
	// StepAssign: the mini program is assigned to the member in Place.
	StepAssign
	// StepJoinTeam: the member gets Role on the mini program's team, instead
	// of another he may have there.
	StepJoinTeam
)

// A Step is one change of a [Remedy].
type Step struct {
	Kind StepKind
	// Place is [DeveloperPlace] or [TenantPlace]: the workspace that owns the
	// object, or the tenant above it. For a team it is [TeamPlace].
	Place Place
	// Role is the role to be had, for StepSetRole, StepJoin and StepJoinTeam.
	Role Role
	// Status is the status to be had, for StepSetStatus.
	Status WorkspaceStatus
}

// Remedy returns the smallest change that would allow what was denied. It is
// found by trying changes on the decision's own facts with the evaluator that
// denied, so it holds as long as facts and matrix stay the same.
//
// Its steps tell that an object exists which the caller may not know of (S4):
// the text of [Remedy.String] does not, and is safe to show.
func (d Decision) Remedy() Remedy {
	r := Remedy{reason: d.Reason}
	if d.Allowed {
		return r
	}
	if d.matrix == nil || !d.facts.Found || !d.matrix.Known(d.Permission) {
		r.Impossible = true
		return r
	}
	f := d.facts
	steps, ok := d.matrix.reopen(&f, d.Permission)
	if ok && !d.system && !d.matrix.allows(&f, d.Permission) {
		var least plan
		least, ok = d.matrix.leastPlan(f, d.Permission)
		steps = append(steps, least.steps(f)...)
	}
	if !ok {
		r.Impossible = true
		return r
	}
	r.Steps = steps
	return r
}

// String says the remedy in an imperative, such as "unblock the member". For somebody
// who is no member it is the same whether or not the object exists.
func (r Remedy) String() string {
	switch {
	case r.reason == NoMembership:
		return "have the caller join the object's workspace, if there is one, with a role that grants it"
	case r.Impossible:
		return "no change of role or status would allow it"
	case len(r.Steps) == 0:
		return "nothing to change"
	}
	words := make([]string, len(r.Steps))
	for i, s := range r.Steps {
		words[i] = s.String()
	}
	return strings.Join(words, ", then ")
}

var stepNames = [...]string{"", "set_status", "unblock", "set_role", "join", "assign", "join_team"}

// String returns the stable name of the kind of change.
func (k StepKind) String() string {
	if int(k) >= len(stepNames) {
		return "?"
	}
	return stepNames[k]
}

// String says the step in an imperative.
func (s Step) String() string {
	switch s.Kind {
	case StepSetStatus:
		return "have the platform operator set the " + placeNames[s.Place] + " to " + s.Status.String()
	case StepUnblock:
		return "unblock the member"
	case StepSetRole:
		return "give the member the role " + string(s.Role)
	case StepJoin:
		return "have the caller join the " + placeNames[s.Place] + " as " + string(s.Role)
	case StepAssign:
		return "assign the mini program to the member"
	case StepJoinTeam:
		return "make the member " + string(s.Role) + " on its team"
	}
	return "?"
}

var placeNames = [...]string{"workspace", TenantPlace: "tenant workspace", DeveloperPlace: "developer workspace", TeamPlace: "team"}
