package signin

import (
	"time"

	"github.com/superapp-go/superapp/audit"
)

// The verbs of the audit trail about passwords. No event tells one, or its hash.
// Signing in is none, and failures are counted, not chained (E1).
const (
	// EventSet: a member set his first password. The object is the member, the state
	// a [Snapshot], as of those below.
	EventSet audit.Verb = "password.set"
	// EventChanged: a member changed his password.
	EventChanged audit.Verb = "password.changed"
	// EventReset: somebody else gave a member another password.
	EventReset audit.Verb = "password.reset"
	// EventUnlocked: a member may try again before his time.
	EventUnlocked audit.Verb = "password.unlocked"
	// EventDefaultSet and EventDefaultCleared: a workspace, which is the object, has
	// another default password, or none any more.
	EventDefaultSet     audit.Verb = "password.default_set"
	EventDefaultCleared audit.Verb = "password.default_cleared"
)

// A Snapshot is a member's password in the audit trail.
type Snapshot struct {
	MustChange bool      `json:"must_change"`
	ExpiresAt  time.Time `json:"expires_at,omitzero"`
	// Default says that a reset gave the workspace's default password.
	Default bool `json:"default,omitempty"`
}

// Audit returns the [Snapshot].
func (c Credential) Audit() (state, personal any) {
	return Snapshot{MustChange: c.MustChange, ExpiresAt: c.ExpiresAt}, nil
}

// reset is a credential that was reset in the audit trail.
type reset struct {
	Credential
	isDefault bool
}

// Audit returns the [Snapshot].
func (r reset) Audit() (state, personal any) {
	return Snapshot{MustChange: true, ExpiresAt: r.ExpiresAt, Default: r.isDefault}, nil
}
