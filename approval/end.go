package approval

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/rbac"
)

// The verbs of the audit trail whose object is a request. Their state is a
// [Snapshot], their personal data a [SnapshotPersonal].
const (
	// EventSubmitted: the request was submitted.
	EventSubmitted audit.Verb = "approval.submitted"
	// EventApproved: it was approved.
	EventApproved audit.Verb = "approval.approved"
	// EventRejected: it was rejected.
	EventRejected audit.Verb = "approval.rejected"
	// EventWithdrawn: it was withdrawn.
	EventWithdrawn audit.Verb = "approval.withdrawn"
	// EventVoided: what it froze was changed.
	EventVoided audit.Verb = "approval.voided"
)

var endings = map[Status]audit.Verb{
	Approved: EventApproved, Rejected: EventRejected, Withdrawn: EventWithdrawn, Void: EventVoided,
}

// A Snapshot is a request in the audit trail.
type Snapshot struct {
	Kind   Kind   `json:"kind"`
	Status Status `json:"status"`
	// Own says that the submitter decided it himself, as his tenant lets him.
	Own bool `json:"own_decision,omitempty"`
}

// A SnapshotPersonal is what people wrote, and who they are, in the audit trail.
type SnapshotPersonal struct {
	Submitter string `json:"submitter,omitempty"`
	Reason    string `json:"reason,omitempty"`
}

// Audit returns the [Snapshot] and [SnapshotPersonal] of the request.
func (r Request) Audit() (state, personal any) {
	own := r.Submitter != "" && r.Decider == r.Submitter && (r.Status == Approved || r.Status == Rejected)
	return Snapshot{Kind: r.Kind, Status: r.Status, Own: own},
		SnapshotPersonal{Submitter: string(r.Submitter), Reason: r.Reason}
}

// Submit is for the packages that submit requests: it stores a request in review
// and reports it. [ErrOpen] if one of its kind is in review on the same object.
func Submit(ctx context.Context, tx Tx, actor rbac.Actor, r Request) error {
	r.Status, r.Submitter = InReview, actor.Account()
	if err := tx.InsertRequest(ctx, r); err != nil {
		return err
	}
	return audit.Append(ctx, tx, audit.Entry{
		Workspace: r.Workspace, Verb: EventSubmitted, Object: rbac.OnRequest(r.ID), Actor: actor, At: r.SubmittedAt,
		Reason: r.Reason, After: r,
	})
}

// Free is for the packages that submit requests: it returns [ErrOpen] if a request
// of the same kind is in review on the same object, and for an application by the
// same account.
func Free(ctx context.Context, tx Reader, r Request) error {
	q := Query{Workspace: r.Workspace, Object: r.Object, Kinds: []Kind{r.Kind}, Statuses: []Status{InReview}, MiniProgram: r.MiniProgram, Limit: 1}
	if r.Kind == DeveloperWorkspace {
		q.Submitter = r.Submitter
	}
	found, err := tx.Requests(ctx, q)
	if err == nil && len(found) > 0 {
		return ErrOpen
	}
	return err
}

// End is for the packages that submit requests: it ends one that is in review,
// without a decision, and reports it. to is [Withdrawn] or [Void]: decisions are
// made by [Service.Decide] alone.
func End(ctx context.Context, tx Tx, actor rbac.Actor, r Request, to Status, reason string, now time.Time) error {
	if to != Withdrawn && to != Void {
		return ErrDecision
	}
	_, err := end(ctx, tx, actor, r, to, reason, now)
	return err
}

// ErrDecision is the error for ending a request by a decision that nobody made. It
// is a mistake of the caller's program.
var ErrDecision = fault.Define(fault.ErrState, "approval.decision", "a request is decided by Decide alone")

// end stores how a request ended, and reports it.
func end(ctx context.Context, tx Tx, actor rbac.Actor, r Request, to Status, reason string, now time.Time) (Request, error) {
	before := r
	r.Status, r.Decider, r.Answer, r.EndedAt = to, actor.Account(), reason, now
	if err := tx.UpdateRequest(ctx, r); err != nil {
		return r, err
	}
	return r, audit.Append(ctx, tx, audit.Entry{
		Workspace: r.Workspace, Verb: endings[to], Object: rbac.OnRequest(r.ID), Actor: actor, At: now,
		Reason: reason, Before: before, After: r,
	})
}
