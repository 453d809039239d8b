package miniprogram

import (
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// The verbs of the audit trail about mini programs. The state of the last is
// a [TeamSnapshot], of the others a [Snapshot] with a [SnapshotPersonal].
const (
	// EventCreated: the mini program was created.
	EventCreated audit.Verb = "miniprogram.created"
	// EventPublished: a version of it is in grayscale or released.
	EventPublished audit.Verb = "miniprogram.published"
	// EventUnpublished: its only version in grayscale was canceled.
	EventUnpublished audit.Verb = "miniprogram.unpublished"
	// EventOffline: it was taken offline.
	EventOffline audit.Verb = "miniprogram.offline"
	// EventArchived: it was removed.
	EventArchived audit.Verb = "miniprogram.archived"
	// EventTeamAdded: somebody joined its team.
	EventTeamAdded audit.Verb = "miniprogram.team_added"
)

// A Snapshot is a mini program in the audit trail.
type Snapshot struct {
	Type     Type   `json:"type"`
	Language string `json:"language"`
	Name     string `json:"name"`
	Status   Status `json:"status"`
}

// A SnapshotPersonal is the personal data of a mini program in the audit trail.
type SnapshotPersonal struct {
	Creator id.Account `json:"creator,omitempty"`
}

// Audit returns the [Snapshot] and [SnapshotPersonal] of the mini program.
func (p MiniProgram) Audit() (state, personal any) {
	return Snapshot{Type: p.Type, Language: p.Language, Name: p.Name, Status: p.Status}, SnapshotPersonal{Creator: p.Creator}
}

// A TeamSnapshot is a place on a team in the audit trail.
type TeamSnapshot struct {
	Member id.Member `json:"member"`
	Role   rbac.Role `json:"role"`
}

// Audit returns the snapshot; it holds no personal data.
func (s TeamSnapshot) Audit() (state, personal any) { return s, nil }
