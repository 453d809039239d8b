package workspace

import (
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
)

// The verbs of the audit trail whose object is a workspace. Their state is a
// [Snapshot], their personal data a [SnapshotPersonal].
const (
	// EventOpened: the workspace was opened.
	EventOpened audit.Verb = "workspace.opened"
	// EventStatusSet: the platform operator changed its status.
	EventStatusSet audit.Verb = "workspace.status_set"
	// EventRemoved: it was removed.
	EventRemoved audit.Verb = "workspace.removed"
)

// A Snapshot is a workspace in the audit trail.
type Snapshot struct {
	Kind    Kind         `json:"kind"`
	Tenant  id.Workspace `json:"tenant"`
	Name    string       `json:"name"`
	Status  Status       `json:"status"`
	Company string       `json:"company,omitempty"`
	Address string       `json:"address"`
	Scope   string       `json:"scope"`
}

// A SnapshotPersonal is the personal data of a workspace in the audit trail.
type SnapshotPersonal struct {
	Representative string `json:"representative,omitempty"`
	Email          string `json:"email"`
}

// Audit returns the [Snapshot] and [SnapshotPersonal] of the workspace.
func (w Workspace) Audit() (state, personal any) {
	return Snapshot{
		Kind: w.Kind, Tenant: w.Tenant, Name: w.Name, Status: w.Status,
		Company: w.Business.Company, Address: w.Business.Address, Scope: w.Business.Scope,
	}, SnapshotPersonal{Representative: w.Business.Representative, Email: w.Business.Email}
}
