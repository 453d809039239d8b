package qrcode

import (
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
)

// EventDefined is the verb of the audit trail for a new code: its state is a
// [Snapshot], with a [SnapshotPersonal].
const EventDefined audit.Verb = "qrcode.defined"

// A Snapshot is a QR code in the audit trail.
type Snapshot struct {
	MiniProgram id.MiniProgram `json:"mini_program"`
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
	return Snapshot{MiniProgram: d.MiniProgram}, SnapshotPersonal{Name: d.Name, Page: d.Page, Params: d.Params, Creator: d.Creator}
}
