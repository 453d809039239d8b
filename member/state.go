package member

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/rbac"
)

// An Action is something that may be done with a member or invitation.
type Action string

// The actions.
const (
	ActionAccept   Action = "accept"
	ActionWithdraw Action = "withdraw"
	ActionResend   Action = "resend"
	ActionBlock    Action = "block"
	ActionUnblock  Action = "unblock"
	ActionSetRole  Action = "set_role"
	ActionDelete   Action = "delete"
	ActionLeave    Action = "leave"
)

// open is the state table (M3): what may be done in each status, by whoever
// has the right.
var open = map[Status][]Action{
	StatusSent:     {ActionAccept, ActionResend, ActionWithdraw},
	StatusExpired:  {ActionResend, ActionWithdraw},
	StatusActive:   {ActionBlock, ActionSetRole, ActionDelete, ActionLeave},
	StatusInactive: {ActionUnblock, ActionSetRole, ActionDelete},
}

// OpenActions returns what may be done in a status, by whoever has the right
// (M3).
func OpenActions(s Status) []Action { return slices.Clone(open[s]) }

// permissions says which right an action needs; accepting and leaving need
// none.
var permissions = map[Action]rbac.Permission{
	ActionWithdraw: rbac.InviteMember,
	ActionResend:   rbac.InviteMember,
	ActionBlock:    rbac.BlockMember,
	ActionUnblock:  rbac.BlockMember,
	ActionSetRole:  rbac.SetMemberRole,
	ActionDelete:   rbac.RemoveMember,
}

// ErrState is what every [StateError] is.
var ErrState = fault.Define(fault.ErrState, "member.state", "the member's status does not allow it")

// StateError is the error for an action that is not open in the member's
// status (M3).
type StateError struct {
	Action Action
	Status Status
	// Open are the actions that are.
	Open []Action
}

// Error names the status and the actions that are open.
func (e *StateError) Error() string {
	names := make([]string, len(e.Open))
	for i, a := range e.Open {
		names[i] = string(a)
	}
	if len(names) == 0 {
		return fmt.Sprintf("cannot %s: the status is %s, which is final", e.Action, e.Status)
	}
	return fmt.Sprintf("cannot %s: the status is %s, where one may %s", e.Action, e.Status, strings.Join(names, ", "))
}

// Code returns "member.state".
func (e *StateError) Code() string { return ErrState.Code() }

// Unwrap returns [ErrState].
func (e *StateError) Unwrap() error { return ErrState }

// may returns a *StateError unless the action is open at the time.
func (m Member) may(a Action, now time.Time) error {
	st := m.Status(now)
	if slices.Contains(open[st], a) {
		return nil
	}
	return &StateError{Action: a, Status: st, Open: OpenActions(st)}
}

// The rules about who acts upon whom (M12, W5).
var (
	// ErrSelf: nobody changes, blocks or deletes himself.
	ErrSelf = fault.Define(fault.ErrDenied, "member.self",
		"nobody changes, blocks or deletes himself: ask another admin, or leave the workspace")
	// ErrLastAdmin: a workspace keeps at least one active admin.
	ErrLastAdmin = fault.Define(fault.ErrState, "member.last_admin",
		"the workspace's last active admin stays: make somebody else an admin first")
	// ErrFirstAdmin: the first admin's invitation is not withdrawn while nobody
	// has accepted.
	ErrFirstAdmin = fault.Define(fault.ErrState, "member.first_admin",
		"the workspace has no active admin yet: resend this invitation, or set another first admin")
	// ErrHasAdmin: the first admin is not replaced once there is one.
	ErrHasAdmin = fault.Define(fault.ErrState, "member.has_admin", "the workspace has an active admin already: invite further members")
	// ErrWorkspaceClosed: the workspace, or its tenant, is disabled or removed.
	ErrWorkspaceClosed = fault.Define(fault.ErrState, "member.workspace_closed",
		"the workspace is disabled or removed: nothing may be changed in it")
)

// ErrCeiling is what every [CeilingError] is.
var ErrCeiling = fault.Define(fault.ErrDenied, "member.ceiling",
	"nobody grants, or acts upon, more than he holds himself")

// CeilingError is the error for granting permissions beyond one's own, or for
// acting upon somebody who holds more than oneself (M12).
type CeilingError struct {
	// Permissions are those that go beyond, by name.
	Permissions []string
}

// Error names the permissions, the first few of many.
func (e *CeilingError) Error() string {
	const most = 5
	names := e.Permissions
	more := ""
	if len(names) > most {
		more = fmt.Sprintf(" and %d more", len(names)-most)
		names = names[:most]
	}
	return "beyond what the caller holds himself: " + strings.Join(names, ", ") + more
}

// Code returns "member.ceiling".
func (e *CeilingError) Code() string { return ErrCeiling.Code() }

// Unwrap returns [ErrCeiling].
func (e *CeilingError) Unwrap() error { return ErrCeiling }

// isActiveAdmin reports whether the member counts for the last-admin rule.
func (m Member) isActiveAdmin() bool {
	info, _ := m.Role.Info()
	return m.State == Active && info.Admin
}

// end returns the member as withdrawn or deleted: he holds nothing any more.
func (m Member) end(s State, now time.Time) Member {
	m.State, m.Programs, m.UpdatedAt = s, nil, now
	return m
}

// End returns the member as his workspace's removal leaves him: an invitation
// withdrawn, a member deleted (W4).
func (m Member) End(now time.Time) (Member, audit.Verb) {
	if m.State == Invited {
		return m.end(Withdrawn, now), EventWithdrawn
	}
	return m.end(Deleted, now), EventDeleted
}
