package miniprogram

import (
	"context"
	"slices"
	"time"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// A change is an open unit about one mini program: what its rules depend on, kept
// as the unit changes it.
type change struct {
	tx    Tx
	actor rbac.Actor
	// facts are the actor's on the subject.
	facts rbac.Facts
	now   time.Time
	Dossier
}

// object returns what the subject is to the evaluator, and the error if it is not
// there.
func (s Subject) object() (on rbac.Object, notFound error) {
	if !s.Version.IsZero() {
		return rbac.OnVersion(s.Version), ErrVersionNotFound
	}
	return rbac.OnMiniProgram(s.MiniProgram), ErrNotFound
}

// change runs fn as a unit about a mini program on which the actor holds the
// permission. After it every version whose review is no longer of what it froze
// goes back (V3, V4). [ErrArchived] for one that was removed.
func (s *Service) change(ctx context.Context, actor rbac.Actor, p rbac.Permission, sub Subject, fn func(context.Context, *change) error) error {
	on, notFound := sub.object()
	return s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		facts, err := s.env.Authorize(ctx, tx, actor, p, on, notFound)
		if err != nil {
			return err
		}
		c, err := open(ctx, tx, actor, s.env.Now(), sub)
		if err != nil {
			return err
		}
		c.facts = facts
		if c.MiniProgram.Status == Archived {
			return ErrArchived
		}
		if err := fn(ctx, c); err != nil {
			return err
		}
		return c.settle(ctx)
	})
}

// open begins a change in a unit that others opened.
func open(ctx context.Context, tx Tx, actor rbac.Actor, now time.Time, sub Subject) (*change, error) {
	d, err := tx.Dossier(ctx, sub)
	if err != nil {
		return nil, err
	}
	return &change{tx: tx, actor: actor, now: now, Dossier: d}, nil
}

// event appends an event of the change to the trail.
func (c *change) event(ctx context.Context, verb audit.Verb, on rbac.Object, reason string, before, after audit.Snapshot) error {
	return audit.Append(ctx, c.tx, audit.Entry{
		Workspace: c.MiniProgram.Workspace, Verb: verb, Object: on, Actor: c.actor, At: c.now,
		Reason: reason, Before: before, After: after,
	})
}

// put stores a version that came to a status, and reports it.
func (c *change) put(ctx context.Context, verb audit.Verb, v Version, step Step) error {
	before := v
	step.At, step.By = c.now, c.actor.Account()
	v.Status, v.Progress = step.Status, append(slices.Clip(v.Progress), step)
	return c.store(ctx, verb, before, v, step.Reason)
}

// store stores a version as it is from now on, and reports it.
func (c *change) store(ctx context.Context, verb audit.Verb, before, after Version, reason string) error {
	if err := c.tx.UpdateVersion(ctx, after); err != nil {
		return err
	}
	same := func(x Version) bool { return x.ID == after.ID }
	c.Live = append(slices.DeleteFunc(slices.Clone(c.Live), same), after)
	if c.Version.ID == after.ID {
		c.Version = after
	}
	return c.event(ctx, verb, rbac.OnVersion(after.ID), reason, before, after)
}

// settle ends reviews that are no longer of what they froze: versions under review
// go back to the beginning with their requests, approved ones too, and a request for
// removal is void.
func (c *change) settle(ctx context.Context) error {
	for _, v := range c.Live {
		stale, err := c.stale(v)
		if err != nil {
			return err
		}
		if !stale {
			continue
		}
		if err := c.void(ctx, v); err != nil {
			return err
		}
	}
	r, asked := c.request(approval.Removal, rbac.OnMiniProgram(c.MiniProgram.ID), approval.InReview)
	_, digest, err := c.removing()
	if err != nil || !asked || r.Digest == digest {
		return err
	}
	return approval.End(ctx, c.tx, c.actor, r, approval.Void, "", c.now)
}

// void ends the review of a version.
func (c *change) void(ctx context.Context, v Version) error {
	for _, r := range c.Requests {
		if r.Object != rbac.OnVersion(v.ID) || r.Status != approval.InReview {
			continue
		}
		if err := approval.End(ctx, c.tx, c.actor, r, approval.Void, "", c.now); err != nil {
			return err
		}
	}
	v.Digest = [32]byte{}
	return c.move(ctx, MoveVoid, v, Step{})
}
