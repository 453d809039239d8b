package superapp

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"time"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// An Application asks for a developer workspace for a merchant (W7). A request for
// it freezes it, as JSON.
type Application struct {
	// Name is the name of the workspace, 1 to 64 characters.
	Name string `json:"name"`
	// Business says who stands behind it.
	Business workspace.Business `json:"business"`
	// Applicant is what the one who applies is called, 1 to 64 characters: its first
	// admin.
	Applicant string `json:"applicant"`
	// Email is his address, for whoever decides. Nobody has verified it, so it is not
	// kept with the member. Default: none.
	Email string `json:"email,omitempty"`
}

// first is the applicant as first admin.
func (a Application) first(account id.Account) member.First {
	return member.First{Account: account, Name: a.Applicant}
}

// check returns the application as it is stored, or all that is wrong with it.
func (a Application) check(w, tenant id.Workspace, account id.Account, now time.Time) (Application, error) {
	opened, err := workspace.Open(w, tenant, a.Name, a.Business, now)
	a.Name, a.Business = opened.Name, opened.Business
	var p fault.Problems
	a.Applicant = text.Line(&p, "applicant", a.Applicant, 1, member.MaxName)
	if a.Email != "" {
		a.Email = text.Email(&p, "email", a.Email)
	}
	return a, fault.Join(err, p.Err())
}

// freeze returns what a request freezes, and its digest.
func (a Application) freeze() (frozen json.RawMessage, digest [32]byte, err error) {
	frozen, err = json.Marshal(a)
	return frozen, sha256.Sum256(frozen), err
}

// ErrNoApplicant is the error for applying as the platform operator, whose account
// could not become the workspace's admin.
var ErrNoApplicant = fault.Define(fault.ErrInvalid, "superapp.no_applicant",
	"an application needs an account that applies: open the workspace with OpenDeveloper instead")

// Apply applies for a developer workspace under a tenant (W7). Any account may, once
// at a time with each tenant. Whoever holds approval.decide on the tenant approves
// it: the workspace is opened with the applicant as its first admin; or rejects it:
// a new try is a new request. The reason is optional. The applicant finds it by
// Approvals.Mine.
//
// Errors: *fault.InvalidError; workspace.ErrNotFound if there is no such tenant,
// or for an actor who is bound to a workspace;
// [ErrNotVerified]; approval.ErrOpen while another application of the account is in
// review there; [ErrNoApplicant] for the platform operator.
func (p *Platform) Apply(ctx context.Context, actor rbac.Actor, tenant id.Workspace, a Application, reason string) (r approval.Request, err error) {
	defer fault.Wrap(&err, "superapp: apply")
	if err := actor.Validate(); err != nil {
		return r, err
	}
	if actor.IsSystem() {
		return r, ErrNoApplicant
	}
	if tenant.IsZero() || !actor.Bound().IsZero() {
		return r, workspace.ErrNotFound
	}
	var problems fault.Problems
	reason = text.Line(&problems, "reason", reason, 0, approval.MaxReason)
	newID := id.Request{UUID: p.env.NewID()}
	a, err = a.check(id.Workspace(newID), tenant, actor.Account(), p.env.Now())
	if err := fault.Join(err, problems.Err()); err != nil {
		return r, err
	}
	on := rbac.OnWorkspace(tenant)
	err = p.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx storage.Tx) error {
		facts, err := tx.Facts(ctx, rbac.Query{Account: actor.Account(), Object: on})
		if err != nil {
			return err
		}
		switch {
		case !facts.Found || facts.Owner != facts.Tenant || facts.TenantStatus == workspace.Removed:
			// Why: whose merchants there are is nothing for strangers.
			return workspace.ErrNotFound
		case facts.TenantStatus != workspace.Verified:
			return ErrNotVerified
		}
		r = approval.Request{
			ID: newID, Kind: approval.DeveloperWorkspace, Status: approval.InReview, Workspace: tenant, Tenant: tenant, Object: on,
			Submitter: actor.Account(), Reason: reason, SubmittedAt: p.env.Now(),
		}
		if r.Frozen, r.Digest, err = a.freeze(); err != nil {
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

// An application is what a request for a developer workspace is about.
type application struct {
	Application
	platform *Platform
	tx       storage.Tx
	actor    rbac.Actor
	now      time.Time
	digest   [32]byte
}

func (p *Platform) loadApplication(_ context.Context, tx storage.Tx, actor rbac.Actor, r approval.Request, now time.Time) (approval.Matter, error) {
	a := &application{platform: p, tx: tx, actor: actor, now: now}
	if err := json.Unmarshal(r.Frozen, &a.Application); err != nil {
		return nil, err
	}
	var err error
	_, a.digest, err = a.freeze()
	return a, err
}

// Digest is that of what was submitted: it alone is reviewed.
func (a *application) Digest() [32]byte { return a.digest }

// End opens the workspace that was approved.
func (a *application) End(ctx context.Context, r approval.Request) error {
	if r.Status != approval.Approved {
		return nil
	}
	tenant, err := a.tx.Workspace(ctx, r.Tenant)
	if err != nil {
		return err
	}
	if tenant.Status != workspace.Verified {
		return ErrNotVerified
	}
	opened, err := workspace.Open(id.Workspace{UUID: a.platform.env.NewID()}, r.Tenant, a.Name, a.Business, a.now)
	if err != nil {
		return err
	}
	_, _, err = a.platform.enter(ctx, a.tx, a.actor, opened, a.first(r.Submitter))
	return err
}
