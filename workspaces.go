package superapp

import (
	"context"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// An Open asks for a new workspace together with its first admin (W5).
type Open struct {
	// Name is its name, 1 to 64 characters.
	Name string
	// Business says who stands behind it.
	Business workspace.Business
	// Admin is its first admin: a known account, active at once, or an e-mail,
	// which is invited.
	Admin member.First
}

// Opened is a new workspace and its first admin.
type Opened struct {
	Workspace workspace.Workspace
	Admin     member.Member
}

// OpenTenant opens a tenant workspace; it starts pending, until
// Workspaces.SetStatus verifies it. It is for the platform operator alone. The
// token is the first admin's invitation, "" for a known account. Errors:
// *fault.InvalidError, [unit.ErrOperatorOnly].
func (p *Platform) OpenTenant(ctx context.Context, actor rbac.Actor, in Open) (o Opened, t member.Token, err error) {
	defer fault.Wrap(&err, "superapp: open tenant workspace")
	if err := unit.OperatorOnly(actor); err != nil {
		return o, "", err
	}
	return p.open(ctx, actor, id.Workspace{}, in)
}

// OpenDeveloper opens a developer workspace for a merchant under a tenant; it is
// verified from the start. The caller needs developer_workspace.create on the
// tenant. The token is the first admin's invitation, "" for a known account.
// Errors: *fault.InvalidError, *rbac.DeniedError, workspace.ErrNotFound,
// [ErrNotTenant], [ErrNotVerified].
func (p *Platform) OpenDeveloper(ctx context.Context, actor rbac.Actor, tenant id.Workspace, in Open) (o Opened, t member.Token, err error) {
	defer fault.Wrap(&err, "superapp: open developer workspace")
	if tenant.IsZero() {
		return o, "", workspace.ErrNotFound
	}
	return p.open(ctx, actor, tenant, in)
}

// ErrNotTenant is the error for opening a developer workspace under a workspace
// that is not a tenant's.
var ErrNotTenant = fault.Define(fault.ErrState, "superapp.not_tenant", "developer workspaces are opened under a tenant workspace")

// ErrNotVerified is the error for opening a developer workspace under a tenant
// that the platform operator has not verified (W1).
var ErrNotVerified = fault.Define(fault.ErrState, "superapp.not_verified", "the tenant workspace is not verified: have the platform operator verify it first")

func (p *Platform) open(ctx context.Context, actor rbac.Actor, tenant id.Workspace, in Open) (o Opened, t member.Token, err error) {
	newID := id.Workspace{UUID: p.env.NewID()}
	_, err = workspace.Open(newID, tenant, in.Name, in.Business, p.env.Now())
	if err := fault.Join(err, fault.Under("admin", in.Admin.Validate())); err != nil {
		return o, "", err
	}
	on := rbac.OnWorkspace(tenant)
	err = p.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx storage.Tx) error {
		if !tenant.IsZero() {
			facts, err := p.env.Authorize(ctx, tx, actor, rbac.CreateDeveloperWorkspace, on, workspace.ErrNotFound)
			if err != nil {
				return err
			}
			switch {
			case facts.Owner != facts.Tenant:
				return ErrNotTenant
			case facts.TenantStatus != workspace.Verified:
				return ErrNotVerified
			}
		}
		now := p.env.Now()
		opened, err := workspace.Open(newID, tenant, in.Name, in.Business, now)
		if err != nil {
			return err
		}
		o, t, err = p.enter(ctx, tx, actor, opened, in.Admin)
		return err
	})
	if err != nil {
		return Opened{}, "", err
	}
	return o, t, nil
}

// enter stores a new workspace and its first admin.
func (p *Platform) enter(ctx context.Context, tx storage.Tx, actor rbac.Actor, opened workspace.Workspace, first member.First) (Opened, member.Token, error) {
	if err := tx.InsertWorkspace(ctx, opened); err != nil {
		return Opened{}, "", err
	}
	if err := audit.Append(ctx, tx, audit.Entry{
		Workspace: opened.ID, Verb: workspace.EventOpened, Object: rbac.OnWorkspace(opened.ID), Actor: actor, At: opened.CreatedAt, After: opened,
	}); err != nil {
		return Opened{}, "", err
	}
	admin, t, err := p.Members.EnterFirst(ctx, tx, actor, opened, first)
	return Opened{opened, admin}, t, err
}

// RemoveDeveloper removes a developer workspace: its mini programs are archived,
// its members deleted, its open invitations and requests withdrawn, its links revoked, in one unit;
// its audit trail stays readable (W4). The caller needs developer_workspace.remove, and
// gives a reason of at most 500 characters. Errors: *fault.InvalidError; a
// *workspace.RemovalError while it has published mini programs or recent
// uploads; workspace.ErrNotDeveloper for a tenant workspace; a *rbac.DeniedError
// the second time.
func (p *Platform) RemoveDeveloper(ctx context.Context, actor rbac.Actor, w id.Workspace, reason string) (err error) {
	defer fault.Wrap(&err, "superapp: remove developer workspace")
	var problems fault.Problems
	reason = text.Line(&problems, "reason", reason, 1, workspace.MaxReason)
	if err := problems.Err(); err != nil {
		return err
	}
	on := rbac.OnWorkspace(w)
	return p.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx storage.Tx) error {
		if _, err := p.env.Authorize(ctx, tx, actor, rbac.RemoveDeveloperWorkspace, on, workspace.ErrNotFound); err != nil {
			return err
		}
		entry := audit.Entry{Workspace: w, Actor: actor, At: p.env.Now(), Reason: reason}
		all, err := tx.Contents(ctx, w)
		if err != nil {
			return err
		}
		period := workspace.Effective(all.Own, all.Above, p.defaults).RemovalPeriod
		after, err := all.Workspace.Remove(all.Activity, period, entry.At)
		if err != nil {
			return err
		}
		for _, r := range all.Requests {
			if err := approval.End(ctx, tx, actor, r, approval.Withdrawn, reason, entry.At); err != nil {
				return err
			}
		}
		for _, m := range all.MiniPrograms {
			if err := miniprogram.Retire(ctx, tx, actor, miniprogram.Dossier{MiniProgram: m, Live: versionsOf(all, m.ID)}, reason, entry.At); err != nil {
				return err
			}
		}
		for _, m := range all.Members {
			if err := end(ctx, tx, entry, m); err != nil {
				return err
			}
		}
		if err := tx.PutDefaultPassword(ctx, w, signin.Default{}); err != nil {
			return err
		}
		for _, l := range all.Links {
			if err := revoke(ctx, tx, entry, l); err != nil {
				return err
			}
		}
		if err := tx.UpdateWorkspace(ctx, after); err != nil {
			return err
		}
		entry.Verb, entry.Object, entry.Before, entry.After = workspace.EventRemoved, on, all.Workspace, after
		return audit.Append(ctx, tx, entry)
	})
}

// versionsOf returns those of a mini program.
func versionsOf(all storage.Contents, p id.MiniProgram) (of []miniprogram.Version) {
	for _, v := range all.Versions {
		if v.MiniProgram == p {
			of = append(of, v)
		}
	}
	return of
}

// end ends a membership or open invitation of the entry's workspace.
func end(ctx context.Context, tx storage.Tx, entry audit.Entry, before member.Member) error {
	after, verb := before.End(entry.At)
	if err := tx.UpdateMember(ctx, after); err != nil {
		return err
	}
	entry.Verb, entry.Object, entry.Before, entry.After = verb, rbac.OnMember(before.ID), before, after
	return audit.Append(ctx, tx, entry)
}

// revoke ends a link of the entry's workspace.
func revoke(ctx context.Context, tx storage.Tx, entry audit.Entry, before member.Link) error {
	after := before.Revoke(entry.At)
	if err := tx.UpdateLink(ctx, after); err != nil {
		return err
	}
	entry.Verb, entry.Object, entry.Before, entry.After = member.EventLinkRevoked, rbac.OnLink(before.ID), before, after
	return audit.Append(ctx, tx, entry)
}
