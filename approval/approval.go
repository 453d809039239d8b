// Package approval holds what is submitted for approval: one record, one way to
// decide it, whatever it is about (V4).
//
// A request freezes what was submitted and a digest of everything that is
// reviewed. [Service.Decide] is the only way to decide one. What a request means
// is a [Matter], which the package that submits it has: its digest as things
// stand now, and what happens when the request ends.
package approval

import (
	"encoding/json"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// A Kind is the kind of a request.
type Kind string

// The kinds.
const (
	// VersionRelease asks that a version may be released.
	VersionRelease Kind = "version_release"
	// Removal asks that a mini program may be removed.
	Removal Kind = "removal"
	// FeatureActivation asks for a feature that needs activation.
	FeatureActivation Kind = "feature_activation"
	// DeveloperWorkspace is a merchant's application for a workspace (W7).
	DeveloperWorkspace Kind = "developer_workspace"
	// WorkspaceChange asks for other business information (W2).
	WorkspaceChange Kind = "workspace_change"
)

// A Status is the status of a request (V4).
type Status string

// The statuses. All but the first are ends.
const (
	InReview  Status = "in_review"
	Approved  Status = "approved"
	Rejected  Status = "rejected"
	Withdrawn Status = "withdrawn"
	// Void: what the request froze was changed while it was in review.
	Void Status = "void"
)

// A Request is something submitted for approval, as it is stored.
type Request struct {
	ID     id.Request
	Kind   Kind
	Status Status
	// Workspace is where the request belongs, and Tenant that one's tenant: for
	// an application the tenant itself.
	Workspace, Tenant id.Workspace
	// MiniProgram is the one it is about, zero for kinds that are about a
	// workspace.
	MiniProgram id.MiniProgram
	// Object is what it is about: the version, the mini program, the feature, or
	// the workspace; the tenant for an application. It has at most one request
	// in review for each kind, but for applications, of which each account has
	// one.
	Object rbac.Object
	// Submitter submitted it; "" if the platform operator did.
	Submitter id.Account
	// Frozen is what was submitted, as JSON, for whoever may see the request. It
	// may hold personal data.
	Frozen json.RawMessage
	// Digest is that of everything that is reviewed, when it was submitted.
	Digest [32]byte
	// Reason is what the submitter wrote.
	Reason string
	// Decider ended it: decided, withdrew, changed what it froze, or was told when he
	// wanted to decide it that it was changed. "" while it is
	// in review, and if the platform operator did.
	Decider id.Account
	// Answer is the reason that the decider gave.
	Answer      string
	SubmittedAt time.Time
	// EndedAt is when it was decided, withdrawn or void; zero while in review.
	EndedAt time.Time
}

// OpenKey is what at most one request in review has in a workspace; "" once it
// has ended.
func (r Request) OpenKey() string {
	if r.Status != InReview {
		return ""
	}
	key := string(r.Kind) + ":" + r.MiniProgram.String() + ":" + r.Object.ID.String()
	if r.Kind == DeveloperWorkspace {
		key += ":" + string(r.Submitter)
	}
	return key
}

var (
	// ErrNotFound is the error for a request that does not exist, or that the
	// caller may not know of.
	ErrNotFound = fault.Define(fault.ErrNotFound, "approval.not_found", "no such request")
	// ErrOpen is the error for submitting what is in review already.
	ErrOpen = fault.Define(fault.ErrExists, "approval.open",
		"a request for this is in review already: wait for the decision, or withdraw it")
)
