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
	// EventChanged: its name and business information were changed, as a request
	// asked for.
	EventChanged audit.Verb = "workspace.changed"
	// EventSettingsSet: its settings were changed; the state is [Settings].
	EventSettingsSet audit.Verb = "workspace.settings_set"
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
}

// A SnapshotPersonal is the personal data of a workspace in the audit trail.
type SnapshotPersonal struct {
	Address        string `json:"address"`
	Scope          string `json:"scope"`
	Representative string `json:"representative,omitempty"`
	Email          string `json:"email"`
}

// Audit returns the [Snapshot] and [SnapshotPersonal] of the workspace.
func (w Workspace) Audit() (state, personal any) {
	b := w.Business
	return Snapshot{Kind: w.Kind, Tenant: w.Tenant, Name: w.Name, Status: w.Status, Company: b.Company},
		SnapshotPersonal{Address: b.Address, Scope: b.Scope, Representative: b.Representative, Email: b.Email}
}
