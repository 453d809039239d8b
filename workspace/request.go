package workspace

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"time"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// A Change is what a workspace asks to be called and to be known as (W2): all of
// it, also what stays. A request for it freezes it, as JSON.
type Change struct {
	Name     string   `json:"name"`
	Business Business `json:"business"`
}

// check returns the change as it is stored, for a workspace of the kind.
func (c Change) check(k Kind) (Change, error) {
	var p fault.Problems
	c.Name = text.Line(&p, "name", c.Name, 1, MaxName)
	c.Business = c.Business.check(&p, k)
	return c, p.Err()
}

// freeze returns what a request for the change freezes, and its digest.
func (c Change) freeze() (frozen json.RawMessage, digest [32]byte, err error) {
	frozen, err = json.Marshal(c)
	return frozen, sha256.Sum256(frozen), err
}

// RequestChange asks the platform operator to change the name and the business
// information of a workspace (W2). The caller needs workspace.change.request, and
// may ask while the workspace is pending or rejected, too. Approval applies exactly
// what is submitted here. The reason is optional.
//
// Errors: *fault.InvalidError; approval.ErrOpen while another change of the
// workspace is in review; *rbac.DeniedError, also for a disabled or removed
// workspace; [ErrNotFound].
func (s *Service) RequestChange(ctx context.Context, actor rbac.Actor, w id.Workspace, c Change, reason string) (r approval.Request, err error) {
	defer fault.Wrap(&err, "workspace: request change")
	var problems fault.Problems
	reason = text.Line(&problems, "reason", reason, 0, approval.MaxReason)
	newID, on := id.Request{UUID: s.env.NewID()}, rbac.OnWorkspace(w)
	err = s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		facts, err := s.env.Authorize(ctx, tx, actor, rbac.RequestWorkspaceChange, on, ErrNotFound)
		if err != nil {
			return err
		}
		kind := Developer
		if facts.Owner == facts.Tenant {
			kind = Tenant
		}
		checked, err := c.check(kind)
		if err := fault.Join(err, problems.Err()); err != nil {
			return err
		}
		r = approval.Request{
			ID: newID, Kind: approval.WorkspaceChange, Status: approval.InReview, Workspace: w, Tenant: facts.Tenant, Object: on,
			Submitter: actor.Account(), Reason: reason, SubmittedAt: s.env.Now(),
		}
		if r.Frozen, r.Digest, err = checked.freeze(); err != nil {
			return err
		}
		if err := approval.Free(ctx, tx, r); err != nil {
			return err
		}
		return approval.Submit(ctx, tx, actor, r)
	})
	if err != nil {
		return approval.Request{}, err
	}
	return r, nil
}

// A changeMatter is what a request for a change is about.
type changeMatter struct {
	tx     Tx
	actor  rbac.Actor
	now    time.Time
	change Change
	digest [32]byte
}

// LoadChange is for the platform: it reads what a request for a change is about.
func LoadChange(_ context.Context, tx Tx, actor rbac.Actor, r approval.Request, now time.Time) (approval.Matter, error) {
	m := &changeMatter{tx: tx, actor: actor, now: now}
	if err := json.Unmarshal(r.Frozen, &m.change); err != nil {
		return nil, err
	}
	var err error
	_, m.digest, err = m.change.freeze()
	return m, err
}

// Digest is that of the values that were submitted: they alone are reviewed.
func (m *changeMatter) Digest() [32]byte { return m.digest }

// End gives the workspace what was approved.
func (m *changeMatter) End(ctx context.Context, r approval.Request) error {
	if r.Status != approval.Approved {
		return nil
	}
	before, err := m.tx.Workspace(ctx, r.Workspace)
	if err != nil {
		return err
	}
	after := before
	after.Name, after.Business, after.UpdatedAt = m.change.Name, m.change.Business, m.now
	if err := m.tx.UpdateWorkspace(ctx, after); err != nil {
		return err
	}
	return audit.Append(ctx, m.tx, audit.Entry{
		Workspace: r.Workspace, Verb: EventChanged, Object: r.Object, Actor: m.actor, At: m.now, Before: before, After: after,
	})
}
