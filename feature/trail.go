package feature

import (
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
)

// The verbs of the audit trail about catalogues, in the trail of the tenant. The
// state of the first two, whose object is the JSAPI, is a [JSAPISnapshot], of the
// others, whose object is the feature, a [Snapshot]; each has a [SnapshotPersonal].
const (
	// EventJSAPIDefined: a JSAPI was defined.
	EventJSAPIDefined audit.Verb = "jsapi.defined"
	// EventJSAPIEdited: it was edited.
	EventJSAPIEdited audit.Verb = "jsapi.edited"
	// EventDefined: a feature was defined.
	EventDefined audit.Verb = "feature.defined"
	// EventEdited: it was edited.
	EventEdited audit.Verb = "feature.edited"
	// EventRetired: it was retired.
	EventRetired audit.Verb = "feature.retired"
	// EventRestored: it is not retired any more.
	EventRestored audit.Verb = "feature.restored"
)

// A JSAPISnapshot is a JSAPI in the audit trail.
type JSAPISnapshot struct {
	Name      string     `json:"name"`
	Platforms []Platform `json:"platforms"`
}

// A Snapshot is a feature in the audit trail.
type Snapshot struct {
	Name   string   `json:"name"`
	JSAPIs []string `json:"jsapis"`
	Access Access   `json:"access"`
	// Shared is null for a feature that all see.
	Shared  []id.Workspace `json:"shared"`
	Retired bool           `json:"retired,omitempty"`
}

// A SnapshotPersonal is what people wrote into a catalogue, and so may be personal
// data, in the audit trail.
type SnapshotPersonal struct {
	Description string `json:"description,omitempty"`
}

// Audit returns the [JSAPISnapshot] and [SnapshotPersonal] of the JSAPI.
func (j JSAPI) Audit() (state, personal any) {
	return JSAPISnapshot{Name: j.Name, Platforms: j.Platforms}, SnapshotPersonal{j.Description}
}

// Audit returns the [Snapshot] and [SnapshotPersonal] of the feature.
func (f Feature) Audit() (state, personal any) {
	return Snapshot{Name: f.Name, JSAPIs: f.JSAPIs, Access: f.Access, Shared: f.Shared, Retired: f.Retired}, SnapshotPersonal{f.Description}
}
