// Package member holds the people of a workspace, from invitation to removal.
//
// One record follows a person through a workspace: it begins as an invitation,
// becomes a member when the invitation is accepted, and ends as withdrawn or
// deleted; whoever comes again gets a new record. Its id never changes, so the
// id that Invite returns is the id that Block takes.
package member

import (
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// A State is what people did with a record: what is stored. [Member.Status]
// adds what the clock did.
type State string

// The states.
const (
	Invited   State = "invited"
	Active    State = "active"
	Inactive  State = "inactive" // blocked
	Withdrawn State = "withdrawn"
	Deleted   State = "deleted"
)

// Present reports whether the record is of a member: active or blocked.
func (s State) Present() bool { return s == Active || s == Inactive }

// Open reports whether the record is of a member or of an open invitation: the
// states in which an e-mail is taken (M6).
func (s State) Open() bool { return s == Invited || s.Present() }

// A Status is what a console shows (M2).
type Status string

// The statuses.
const (
	StatusSent      Status = "invitation_sent"
	StatusExpired   Status = "invitation_expired"
	StatusActive    Status = "active"
	StatusInactive  Status = "inactive"
	StatusWithdrawn Status = "withdrawn"
	StatusDeleted   Status = "deleted"
)

// Statuses returns every status, the ends included: what a filter wants to show
// all.
func Statuses() []Status {
	return []Status{StatusSent, StatusExpired, StatusActive, StatusInactive, StatusWithdrawn, StatusDeleted}
}

// A Member is one person in one workspace, as it is stored.
type Member struct {
	ID id.Member
	// Workspace is where, Tenant that workspace's tenant.
	Workspace, Tenant id.Workspace
	State             State
	Role              rbac.Role
	// Programs are the mini programs that are assigned to the member or of
	// whose team he is, in the order of their ids.
	Programs []rbac.HeldProgram
	// Name is what the inviter wrote, NameKey its folded form.
	Name, NameKey string
	// Email is the invited address, folded; "" for a first admin who was
	// entered by account.
	Email string
	// Account is who accepted; "" until then.
	Account id.Account
	// First marks the first admin of a workspace (W5).
	First bool
	// Invitation is how the member was invited last; zero if never.
	Invitation Invitation
	CreatedAt  time.Time
	UpdatedAt  time.Time
	// JoinedAt is when the account became a member; zero until then.
	JoinedAt time.Time
}

// An Invitation is the sending of an invitation.
type Invitation struct {
	// SentAt and ExpiresAt bound its validity: now < ExpiresAt (M4).
	SentAt, ExpiresAt time.Time
	// Generation counts the sendings, from 1. Tokens of an earlier generation
	// no longer work.
	Generation int
	// Sender sent it last; "" if that was the platform operator.
	Sender id.Account
}

// Status returns the status at a time.
func (m Member) Status(now time.Time) Status {
	switch m.State {
	case Invited:
		if now.Before(m.Invitation.ExpiresAt) {
			return StatusSent
		}
		return StatusExpired
	case Active:
		return StatusActive
	case Inactive:
		return StatusInactive
	case Withdrawn:
		return StatusWithdrawn
	}
	return StatusDeleted
}

// Assigned returns the mini programs assigned to the member: none if his role
// takes none, even if he is on teams. Of somebody with an own role, of which the
// record tells the code alone, they are all that he holds.
func (m Member) Assigned() []id.MiniProgram {
	if info, ok := m.Role.Info(); ok && info.Assignment == rbac.NoAssignment {
		return nil
	}
	var ids []id.MiniProgram
	for _, h := range m.Programs {
		ids = append(ids, h.MiniProgram)
	}
	return ids
}
