package member

import (
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// The verbs of the audit trail whose object is a member. Their state is a
// [Snapshot], their personal data a [SnapshotPersonal].
const (
	EventInvited   audit.Verb = "member.invited"
	EventResent    audit.Verb = "member.resent"
	EventWithdrawn audit.Verb = "member.withdrawn"
	EventAccepted  audit.Verb = "member.accepted"
	// EventEntered: a first admin became active without an invitation.
	EventEntered   audit.Verb = "member.entered"
	EventBlocked   audit.Verb = "member.blocked"
	EventUnblocked audit.Verb = "member.unblocked"
	EventRoleSet   audit.Verb = "member.role_set"
	EventDeleted   audit.Verb = "member.deleted"
	EventLeft      audit.Verb = "member.left"
)

// A Snapshot is a member in the audit trail.
type Snapshot struct {
	State     State             `json:"state"`
	Role      rbac.Role         `json:"role"`
	First     bool              `json:"first,omitempty"`
	Programs  []SnapshotProgram `json:"programs,omitempty"`
	ExpiresAt time.Time         `json:"expires_at,omitzero"`
	// Generation counts the sendings of the invitation.
	Generation int `json:"generation,omitempty"`
}

// A SnapshotProgram is a mini program that a member holds.
type SnapshotProgram struct {
	MiniProgram id.MiniProgram `json:"mini_program"`
	Team        rbac.Role      `json:"team,omitempty"`
}

// A SnapshotPersonal is the personal data of a member in the audit trail.
type SnapshotPersonal struct {
	Name    string     `json:"name"`
	Email   string     `json:"email,omitempty"`
	Account id.Account `json:"account,omitempty"`
}

// Audit returns the [Snapshot] and [SnapshotPersonal] of the member.
func (m Member) Audit() (state, personal any) {
	s := Snapshot{State: m.State, Role: m.Role, First: m.First, Generation: m.Invitation.Generation}
	if m.State == Invited {
		s.ExpiresAt = m.Invitation.ExpiresAt
	}
	for _, h := range m.Programs {
		s.Programs = append(s.Programs, SnapshotProgram{MiniProgram: h.MiniProgram, Team: h.Team.Role()})
	}
	return s, SnapshotPersonal{Name: m.Name, Email: m.Email, Account: m.Account}
}
