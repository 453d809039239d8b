package member

import (
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/rbac"
)

// The verbs of the audit trail whose object is a link. Their state is a
// [LinkSnapshot]; there is no personal data in it.
const (
	EventLinkCreated audit.Verb = "link.created"
	EventLinkRenewed audit.Verb = "link.renewed"
	EventLinkRevoked audit.Verb = "link.revoked"
	// EventLinkUsed: an account became a member by the link. The event after it
	// is the member's [EventJoined].
	EventLinkUsed audit.Verb = "link.used"
)

// EventJoined tells that an account became a member, the object, by a link, which
// the reason names.
const EventJoined audit.Verb = "member.joined"

// A LinkSnapshot is a link in the audit trail.
type LinkSnapshot struct {
	Role      rbac.Role         `json:"role"`
	Programs  []SnapshotProgram `json:"programs,omitempty"`
	Domains   []string          `json:"domains,omitempty"`
	MaxUses   int               `json:"max_uses"`
	Uses      int               `json:"uses"`
	ExpiresAt time.Time         `json:"expires_at"`
	// Generation counts the tokens.
	Generation int  `json:"generation"`
	Revoked    bool `json:"revoked,omitempty"`
}

// Audit returns the [LinkSnapshot] of the link.
func (l Link) Audit() (state, personal any) {
	s := LinkSnapshot{
		Role: l.Role, Domains: l.Domains, MaxUses: l.MaxUses, Uses: l.Uses, ExpiresAt: l.ExpiresAt,
		Generation: l.Generation, Revoked: !l.RevokedAt.IsZero(),
	}
	for _, h := range l.Programs {
		s.Programs = append(s.Programs, SnapshotProgram{MiniProgram: h.MiniProgram, Team: h.Team.Role()})
	}
	return s, nil
}
