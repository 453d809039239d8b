package role

import (
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/rbac"
)

// The verbs of the audit trail about own roles, whose object is the role. The
// state is a [Snapshot].
const (
	// EventCreated: an own role was made.
	EventCreated audit.Verb = "role.created"
	// EventEdited: it was edited.
	EventEdited audit.Verb = "role.edited"
	// EventDeleted: it was deleted.
	EventDeleted audit.Verb = "role.deleted"
)

// A Snapshot is an own role in the audit trail.
type Snapshot struct {
	Code       rbac.Role             `json:"code"`
	Name       string                `json:"name"`
	Assignment rbac.Assignment       `json:"assignment"`
	Cells      map[string]rbac.Scope `json:"cells"`
	Revision   int                   `json:"revision"`
}

// Audit returns the [Snapshot] of the role; nothing of it is personal.
func (r Role) Audit() (state, personal any) {
	return Snapshot{Code: r.Code, Name: r.Name, Assignment: r.Assignment, Cells: r.Cells, Revision: r.Revision}, nil
}
