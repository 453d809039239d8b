package miniprogram

import (
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
)

// The verbs of the audit trail about features that a mini program has, whose state
// is a [FeatureSnapshot], and the notices about it (X2). The object is the mini
// program.
const (
	// EventFeatureAttached: it got a feature.
	EventFeatureAttached audit.Verb = "miniprogram.feature_attached"
	// EventFeatureDetached: a feature was taken from it.
	EventFeatureDetached audit.Verb = "miniprogram.feature_detached"
	// EventWarned: its tenant warned of it.
	EventWarned audit.Verb = "miniprogram.warned"
	// EventRectificationRequired: its tenant wants something put right. The state is
	// a [RectificationSnapshot].
	EventRectificationRequired audit.Verb = "miniprogram.rectification_required"
	// EventForceRemoved: its tenant removed it without a request.
	EventForceRemoved audit.Verb = "miniprogram.force_removed"
)

// A FeatureSnapshot is a feature that a mini program has in the audit trail.
type FeatureSnapshot struct {
	Feature id.Feature `json:"feature"`
	Name    string     `json:"name"`
	JSAPIs  []string   `json:"jsapis"`
}

// Audit returns the snapshot; it holds no personal data.
func (s FeatureSnapshot) Audit() (state, personal any) { return s, nil }

func featureSnapshot(f feature.Feature) FeatureSnapshot {
	return FeatureSnapshot{Feature: f.ID, Name: f.Name, JSAPIs: f.JSAPIs}
}

// A RectificationSnapshot says until when something is to be put right in the
// audit trail.
type RectificationSnapshot struct {
	Due time.Time `json:"due"`
}

// Audit returns the snapshot; it holds no personal data.
func (s RectificationSnapshot) Audit() (state, personal any) { return s, nil }
