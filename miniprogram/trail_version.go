package miniprogram

import (
	"encoding/hex"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
)

// The verbs of the audit trail about versions. Their state is a
// [VersionSnapshot], with a [VersionPersonal].
const (
	// EventUploaded: the version was uploaded.
	EventUploaded audit.Verb = "version.uploaded"
	// EventNotesSet: its release notes were changed.
	EventNotesSet audit.Verb = "version.notes_set"
	// EventSubmitted: its release was submitted for approval.
	EventSubmitted audit.Verb = "version.submitted"
	// EventApproved: its release was approved.
	EventApproved audit.Verb = "version.approved"
	// EventRejected: its release was rejected.
	EventRejected audit.Verb = "version.rejected"
	// EventWithdrawn: its request was withdrawn.
	EventWithdrawn audit.Verb = "version.withdrawn"
	// EventVoided: its review ended since what it was of was changed.
	EventVoided audit.Verb = "version.voided"
	// EventPiloted: it was given to the testers.
	EventPiloted audit.Verb = "version.piloted"
	// EventGrayscaled: it was given to a share of the users.
	EventGrayscaled audit.Verb = "version.grayscaled"
	// EventGrown: that share grew.
	EventGrown audit.Verb = "version.grown"
	// EventReleased: it was given to everybody.
	EventReleased audit.Verb = "version.released"
	// EventReleaseCanceled: its release was ended before it was complete.
	EventReleaseCanceled audit.Verb = "version.release_canceled"
	// EventSuperseded: another was released in its place.
	EventSuperseded audit.Verb = "version.superseded"
	// EventBroughtBack: it was brought back in place of a later one.
	EventBroughtBack audit.Verb = "version.brought_back"
	// EventRolledBack: an earlier one was brought back in its place.
	EventRolledBack audit.Verb = "version.rolled_back"
	// EventTakenOffline: its mini program was taken offline, or removed.
	EventTakenOffline audit.Verb = "version.taken_offline"
	// EventReturned: its mini program was brought back.
	EventReturned audit.Verb = "version.returned"
)

// A VersionSnapshot is a version in the audit trail.
type VersionSnapshot struct {
	MiniProgram id.MiniProgram `json:"mini_program"`
	Number      string         `json:"number"`
	Status      VersionStatus  `json:"status"`
	// Percent is the share of the users who get it, in grayscale only.
	Percent int      `json:"percent,omitempty"`
	Package string   `json:"package"`
	SHA256  string   `json:"sha256"`
	Size    int64    `json:"size"`
	JSAPIs  []string `json:"jsapis,omitempty"`
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
		MiniProgram: v.MiniProgram, Number: v.Number, Status: v.Status, Percent: v.percent(),
		Package: v.Package.Reference, SHA256: hex.EncodeToString(v.Package.SHA256[:]), Size: v.Package.Size, JSAPIs: v.JSAPIs,
	}, VersionPersonal{Notes: v.Notes, Uploader: v.Uploader}
}

// percent returns the share of the users who get a version in grayscale.
func (v Version) percent() int {
	if len(v.Progress) == 0 {
		return 0
	}
	return v.Progress[len(v.Progress)-1].Percent
}
