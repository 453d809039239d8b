package workspace

import (
	"context"
	"errors"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// A Service answers for workspaces. It is safe for concurrent use.
type Service struct {
	store    Store
	env      *unit.Env
	defaults Settings
}

// New returns the service over a store. The defaults are what holds where nothing
// is set; every field is.
func New(store Store, env *unit.Env, defaults Settings) *Service {
	return &Service{store: store, env: env, defaults: defaults}
}

// Details is a workspace as its detail page and lists show it.
type Details struct {
	Summary
	// Actions is what is open to the caller.
	Actions []Action
}

// Get returns a workspace with its business information and counts (W1). Its
// own members need workspace.view, its tenant's developer_workspace.view;
// [ErrNotFound] for anyone who is in neither.
func (s *Service) Get(ctx context.Context, actor rbac.Actor, w id.Workspace) (d Details, err error) {
	defer fault.Wrap(&err, "workspace: get")
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		facts, err := s.mayView(ctx, r, actor, w)
		if err != nil {
			return err
		}
		found, err := r.Workspaces(ctx, Query{IDs: []id.Workspace{w}, Limit: 1})
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return ErrNotFound
		}
		d = Details{found[0], openActions(s.env.Matrix, actor, facts, found[0].Kind)}
		return nil
	})
	return d, err
}

// mayView returns the actor's facts if he may see the workspace from inside it
// or from its tenant.
func (s *Service) mayView(ctx context.Context, r Reader, actor rbac.Actor, w id.Workspace) (rbac.Facts, error) {
	facts, err := s.env.Authorize(ctx, r, actor, rbac.ViewDeveloperWorkspace, rbac.OnWorkspace(w), ErrNotFound)
	if err == nil && facts.Owner != facts.Tenant || err != nil && !errors.Is(err, rbac.ErrDenied) {
		return facts, err
	}
	return s.env.Authorize(ctx, r, actor, rbac.ViewWorkspace, rbac.OnWorkspace(w), ErrNotFound)
}

// Admins returns a page of a workspace's active admins (W3), in the order in
// which they were invited. The caller needs workspace.admins.view.
func (s *Service) Admins(ctx context.Context, actor rbac.Actor, w id.Workspace, req page.Request) (p page.Page[Admin], err error) {
	defer fault.Wrap(&err, "workspace: admins")
	list := "workspace.admins:" + w.String()
	limit, after, err := req.ByID(list)
	if err != nil {
		return p, err
	}
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		if _, err := s.env.Authorize(ctx, r, actor, rbac.ViewWorkspaceAdmins, rbac.OnWorkspace(w), ErrNotFound); err != nil {
			return err
		}
		admins, err := r.Admins(ctx, w, id.Member{UUID: after}, limit+1)
		p = page.Cut(list, admins, limit, func(a Admin) []byte { return a.Member.Bytes() })
		return err
	})
	return p, err
}

// Developers returns a page of a tenant's developer workspaces with the number
// of their mini programs and the actions open to the caller (W3), oldest first,
// removed ones not. The caller needs developer_workspace.view on the tenant.
func (s *Service) Developers(ctx context.Context, actor rbac.Actor, tenant id.Workspace, req page.Request) (p page.Page[Details], err error) {
	defer fault.Wrap(&err, "workspace: developers")
	q := Query{Tenant: tenant, Kind: Developer, Statuses: []Status{Pending, Verified, Rejected, Disabled}}
	return s.list(ctx, actor, "workspace.developers:"+tenant.String(), q, req, func(ctx context.Context, r Reader) error {
		_, err := s.env.Authorize(ctx, r, actor, rbac.ViewDeveloperWorkspace, rbac.OnWorkspace(tenant), ErrNotFound)
		return err
	})
}

// Filter narrows [Service.List]. Zero fields select everything.
type Filter struct {
	Kind     Kind
	Tenant   id.Workspace
	Statuses []Status
}

// check notes kinds and statuses that do not exist.
func (f Filter) check() error {
	var p fault.Problems
	if f.Kind > Developer {
		p.Add("kind", "unknown", "want tenant or developer")
	}
	for _, s := range f.Statuses {
		if s < Pending || s > Removed {
			p.Add("statuses", "unknown", "want pending_verification, verified, rejected, disabled or removed")
		}
	}
	return p.Err()
}

// List returns a page of the workspaces of all tenants, removed ones included,
// oldest first. It is for the platform operator alone (R2); anyone else gets
// [unit.ErrOperatorOnly].
func (s *Service) List(ctx context.Context, actor rbac.Actor, f Filter, req page.Request) (p page.Page[Details], err error) {
	defer fault.Wrap(&err, "workspace: list")
	if err := f.check(); err != nil {
		return p, err
	}
	q := Query{Kind: f.Kind, Tenant: f.Tenant}
	if len(f.Statuses) > 0 {
		q.Statuses = f.Statuses
	}
	return s.list(ctx, actor, "workspace.list", q, req, func(context.Context, Reader) error {
		return unit.OperatorOnly(actor)
	})
}

// list pages through workspaces once allow has let the actor through.
func (s *Service) list(ctx context.Context, actor rbac.Actor, list string, q Query, req page.Request,
	allow func(context.Context, Reader) error) (p page.Page[Details], err error) {
	limit, after, err := req.ByID(list)
	if err != nil {
		return p, err
	}
	q.After, q.Limit = id.Workspace{UUID: after}, limit+1
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		if err := allow(ctx, r); err != nil {
			return err
		}
		found, err := r.Workspaces(ctx, q)
		if err != nil {
			return err
		}
		tenants, err := tenantStatuses(ctx, r, found)
		if err != nil {
			return err
		}
		grants, err := r.Grants(ctx, actor.Account())
		if err != nil {
			return err
		}
		rows := make([]Details, len(found))
		for i, w := range found {
			t := rbac.Target{Owner: w.ID, Tenant: w.Tenant, OwnerStatus: w.Status, TenantStatus: tenants[w.Tenant]}
			rows[i] = Details{w, openActions(s.env.Matrix, actor, t.Facts(actor.Account(), grants), w.Kind)}
		}
		p = page.Cut(list, rows, limit, func(d Details) []byte { return d.ID.Bytes() })
		return nil
	})
	return p, err
}

// tenantStatuses returns the status of the tenant of each workspace.
func tenantStatuses(ctx context.Context, r Reader, found []Summary) (map[id.Workspace]Status, error) {
	statuses := make(map[id.Workspace]Status)
	var ids []id.Workspace
	for _, w := range found {
		if _, seen := statuses[w.Tenant]; !seen {
			statuses[w.Tenant] = 0
			ids = append(ids, w.Tenant)
		}
	}
	if len(ids) == 0 {
		return statuses, nil
	}
	tenants, err := r.Workspaces(ctx, Query{IDs: ids, Limit: len(ids)})
	for _, t := range tenants {
		statuses[t.ID] = t.Status
	}
	return statuses, err
}

// SetStatus gives a workspace another status: verified, rejected, disabled or
// pending again (W1, W6). It is for the platform operator alone. Disabling a
// tenant covers its developer workspaces, whose own status stays. A reason is
// required to reject or disable. Errors: *fault.InvalidError,
// [unit.ErrOperatorOnly], [ErrNotFound]; [ErrSameStatus] the second time;
// [ErrRemoved] for a removed workspace.
func (s *Service) SetStatus(ctx context.Context, actor rbac.Actor, w id.Workspace, status Status, reason string) (err error) {
	defer fault.Wrap(&err, "workspace: set status")
	if err := unit.OperatorOnly(actor); err != nil {
		return err
	}
	var p fault.Problems
	reason = checkStatus(&p, status, reason)
	if err := p.Err(); err != nil {
		return err
	}
	return s.store.Update(ctx, unit.On(actor, rbac.OnWorkspace(w)), func(ctx context.Context, tx Tx) error {
		now := s.env.Now()
		before, err := tx.Workspace(ctx, w)
		if err != nil {
			return err
		}
		after, err := before.setStatus(status, now)
		if err != nil {
			return err
		}
		if err := tx.UpdateWorkspace(ctx, after); err != nil {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{
			Workspace: w, Verb: EventStatusSet, Object: rbac.OnWorkspace(w), Actor: actor, At: now,
			Reason: reason, Before: before, After: after,
		})
	})
}
