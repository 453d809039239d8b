package qrcode

import (
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
)

// The verbs of the audit trail about QR codes. Their state is a [Snapshot], with a
// [SnapshotPersonal]: after, and before as well except of a new code. The default
// code of a mini program comes with its creation and has no event of its own for
// that. Scans are counted, not written here.
const (
	// EventDefined: the code is new.
	EventDefined audit.Verb = "qrcode.defined"
	// EventRenamed: it has another name.
	EventRenamed audit.Verb = "qrcode.renamed"
	// EventRetargeted: it opens another page, or has other parameters.
	EventRetargeted audit.Verb = "qrcode.retargeted"
	// EventRevoked: it was revoked.
	EventRevoked audit.Verb = "qrcode.revoked"
	// EventReinstated: it is not revoked any more.
	EventReinstated audit.Verb = "qrcode.reinstated"
	// EventExpirySet: it expires at another time, or never.
	EventExpirySet audit.Verb = "qrcode.expiry_set"
	// EventDeleted: it was deleted.
	EventDeleted audit.Verb = "qrcode.deleted"
	// EventRestored: it is not deleted any more.
	EventRestored audit.Verb = "qrcode.restored"
)

// A Snapshot is a QR code in the audit trail.
type Snapshot struct {
	MiniProgram id.MiniProgram `json:"mini_program"`
	Default     bool           `json:"default,omitempty"`
	Short       string         `json:"short,omitempty"`
	Revision    int            `json:"revision"`
	ExpiresAt   time.Time      `json:"expires_at,omitzero"`
	RevokedAt   time.Time      `json:"revoked_at,omitzero"`
	DeletedAt   time.Time      `json:"deleted_at,omitzero"`
}

// A SnapshotPersonal is what people wrote into a QR code, and so may be personal
// data, in the audit trail.
type SnapshotPersonal struct {
	Name    string     `json:"name"`
	Page    string     `json:"page,omitempty"`
	Params  []Param    `json:"params,omitempty"`
	Creator id.Account `json:"creator,omitempty"`
}

// Audit returns the [Snapshot] and [SnapshotPersonal] of the code.
func (d Definition) Audit() (state, personal any) {
	return Snapshot{
			MiniProgram: d.MiniProgram, Default: d.Default, Short: d.Short, Revision: d.Revision,
			ExpiresAt: d.ExpiresAt, RevokedAt: d.RevokedAt, DeletedAt: d.DeletedAt,
		},
		SnapshotPersonal{Name: d.Name, Page: d.Page, Params: d.Params, Creator: d.Creator}
}
