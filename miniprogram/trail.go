package miniprogram

import (
	"encoding/hex"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// The verbs of the audit trail about mini programs. The state of the first two
// is a [Snapshot], with a [SnapshotPersonal]; of the third a [TeamSnapshot]; of
// the last, whose object is the version, a [VersionSnapshot] with a
// [VersionPersonal].
const (
	// EventCreated: the mini program was created.
	EventCreated audit.Verb = "miniprogram.created"
	// EventArchived: it was removed.
	EventArchived audit.Verb = "miniprogram.archived"
	// EventTeamAdded: somebody joined its team.
	EventTeamAdded audit.Verb = "miniprogram.team_added"
	// EventUploaded: a version was uploaded.
	EventUploaded audit.Verb = "version.uploaded"
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

// A VersionSnapshot is a version in the audit trail.
type VersionSnapshot struct {
	MiniProgram id.MiniProgram `json:"mini_program"`
	Number      string         `json:"number"`
	Status      VersionStatus  `json:"status"`
	Package     string         `json:"package"`
	SHA256      string         `json:"sha256"`
	Size        int64          `json:"size"`
	JSAPIs      []string       `json:"jsapis,omitempty"`
}

// A VersionPersonal is what people wrote about a version, and so may be personal
// data, in the audit trail.
type VersionPersonal struct {
	Notes    map[string]string `json:"notes,omitempty"`
	Uploader id.Account        `json:"uploader,omitempty"`
}

// Audit returns the [VersionSnapshot] and [VersionPersonal] of the version.
func (v Version) Audit() (state, personal any) {
	return VersionSnapshot{
		MiniProgram: v.MiniProgram, Number: v.Number, Status: v.Status,
		Package: v.Package.Reference, SHA256: hex.EncodeToString(v.Package.SHA256[:]), Size: v.Package.Size, JSAPIs: v.JSAPIs,
	}, VersionPersonal{Notes: v.Notes, Uploader: v.Uploader}
}
