package miniprogram

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// RequestRemoval asks that a mini program may be removed (X1). Somebody with
// approval.decide approves it; then [Service.Remove] removes it. The caller needs
// miniprogram.remove, and gives a reason of at most 500 characters. Errors:
// *fault.InvalidError; approval.ErrOpen the second time; [ErrRemovalApproved];
// [ErrArchived]; [ErrNotFound]. An approval does not lapse.
func (s *Service) RequestRemoval(ctx context.Context, actor rbac.Actor, p id.MiniProgram, reason string) (r approval.Request, err error) {
	defer fault.Wrap(&err, "miniprogram: request removal")
	if reason, err = checkReason(reason, 1); err != nil {
		return r, err
	}
	newID := id.Request{UUID: s.env.NewID()}
	err = s.change(ctx, actor, rbac.RemoveMiniProgram, Subject{MiniProgram: p}, func(ctx context.Context, c *change) error {
		if _, approved := c.request(approval.Removal, rbac.OnMiniProgram(p), approval.Approved); approved {
			return ErrRemovalApproved
		}
		frozen, digest, err := c.removing()
		if err != nil {
			return err
		}
		r, err = c.ask(ctx, approval.Request{
			ID: newID, Kind: approval.Removal, Object: rbac.OnMiniProgram(p), Frozen: frozen, Digest: digest, Reason: reason,
		})
		return err
	})
	if err != nil {
		return approval.Request{}, err
	}
	return r, nil
}

// ErrRemovalApproved is the error for asking for what was approved already.
var ErrRemovalApproved = fault.Define(fault.ErrState, "miniprogram.removal_approved",
	"the removal of the mini program was approved already: remove it")

// A Removing is what a request for the removal of a mini program freezes, as JSON.
type Removing struct {
	MiniProgram id.MiniProgram `json:"mini_program"`
	Name        string         `json:"name"`
}

// removing returns what a request for removal freezes, and its digest. What users
// get is not part of it: to take the mini program offline meanwhile changes
// nothing about the wish to remove it.
func (d Dossier) removing() (frozen json.RawMessage, digest [32]byte, err error) {
	frozen, err = json.Marshal(Removing{d.MiniProgram.ID, d.MiniProgram.Name})
	return frozen, sha256.Sum256(frozen), err
}

// A removal is what a request for removal is about.
type removal struct{ digest [32]byte }

// LoadRemoval reads what a request for removal is about, in the unit that ends it.
// It is how such requests are handled: see [approval.Spec].
func LoadRemoval(ctx context.Context, tx Tx, actor rbac.Actor, r approval.Request, now time.Time) (approval.Matter, error) {
	c, err := open(ctx, tx, actor, now, Subject{MiniProgram: r.MiniProgram})
	if err != nil {
		return nil, err
	}
	_, digest, err := c.removing()
	return removal{digest}, err
}

// Digest is that of the mini program, as it is now.
func (r removal) Digest() [32]byte { return r.digest }

// End does nothing: what was approved is removed by [Service.Remove].
func (r removal) End(context.Context, approval.Request) error { return nil }

// Remove removes a mini program whose removal was approved (X1): the released
// version goes offline, whatever is in flight ends, requests about it are
// withdrawn, it is archived and its names are free again. Nothing is purged. The
// caller needs miniprogram.remove, and may give a reason of at most 500
// characters. Errors: *fault.InvalidError; a *[RemovalError] before the approval;
// [ErrArchived] the second time; [ErrNotFound].
func (s *Service) Remove(ctx context.Context, actor rbac.Actor, program id.MiniProgram, reason string) (p MiniProgram, err error) {
	defer fault.Wrap(&err, "miniprogram: remove")
	if reason, err = checkReason(reason, 0); err != nil {
		return p, err
	}
	err = s.change(ctx, actor, rbac.RemoveMiniProgram, Subject{MiniProgram: program}, func(ctx context.Context, c *change) error {
		if err := c.mayRemove(); err != nil {
			return err
		}
		err := c.retire(ctx, reason)
		p = c.MiniProgram
		return err
	})
	if err != nil {
		return MiniProgram{}, err
	}
	return p, nil
}

// mayRemove returns a *RemovalError unless the removal was approved.
func (d Dossier) mayRemove() error {
	on := rbac.OnMiniProgram(d.MiniProgram.ID)
	if _, approved := d.request(approval.Removal, on, approval.Approved); approved {
		return nil
	}
	r, _ := d.inReview(approval.Removal, on)
	return &RemovalError{Request: r.ID}
}

// ForceRemove removes a mini program at once, without a request, with the effects
// of [Service.Remove] (X2); [Service.Notices] tells of it. The caller needs
// miniprogram.force_remove, which is the tenant's, and gives a reason of at most
// 500 characters. Errors: *fault.InvalidError; [ErrArchived] the second time;
// [ErrNotFound].
func (s *Service) ForceRemove(ctx context.Context, actor rbac.Actor, program id.MiniProgram, reason string) (p MiniProgram, err error) {
	defer fault.Wrap(&err, "miniprogram: force removal")
	if reason, err = checkReason(reason, 1); err != nil {
		return p, err
	}
	err = s.change(ctx, actor, rbac.ForceRemoveMiniProgram, Subject{MiniProgram: program}, func(ctx context.Context, c *change) error {
		if err := c.event(ctx, EventForceRemoved, rbac.OnMiniProgram(program), reason, nil, nil); err != nil {
			return err
		}
		err := c.retire(ctx, reason)
		p = c.MiniProgram
		return err
	})
	if err != nil {
		return MiniProgram{}, err
	}
	return p, nil
}

// ErrRemovalNotApproved is what every [RemovalError] is.
var ErrRemovalNotApproved = fault.Define(fault.ErrState, "miniprogram.removal_not_approved", "the removal of the mini program was not approved")

// RemovalError is the error for removing a mini program whose removal was not
// approved (X1).
type RemovalError struct {
	// Request is the one in review; its IsZero if nobody asked.
	Request id.Request
}

// Error says what is missing.
func (e *RemovalError) Error() string {
	if e.Request.IsZero() {
		return "the removal of the mini program was not approved: request it first"
	}
	return fmt.Sprintf("the request to remove the mini program, %s, is in review: wait for the decision", e.Request)
}

// Code returns "miniprogram.removal_not_approved".
func (e *RemovalError) Code() string { return ErrRemovalNotApproved.Code() }

// Unwrap returns [ErrRemovalNotApproved].
func (e *RemovalError) Unwrap() error { return ErrRemovalNotApproved }
