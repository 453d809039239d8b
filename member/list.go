package member

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// Details is a member as a list shows him: with his status at this moment, and
// the actions open to the caller.
type Details struct {
	Member
	// Now is the moment; Status is the status then.
	Now    time.Time
	Status Status
	// Actions are those that would succeed if the caller took them now.
	Actions []Action
}

// Get returns one member. The caller needs member.view. [ErrNotFound] for anyone
// who is in neither the workspace nor its tenant.
func (s *Service) Get(ctx context.Context, actor rbac.Actor, m id.Member) (d Details, err error) {
	defer fault.Wrap(&err, "member: get")
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		facts, err := s.env.Authorize(ctx, r, actor, rbac.ViewMember, rbac.OnMember(m), ErrNotFound)
		if err != nil {
			return err
		}
		found, err := r.Lookup(ctx, Lookup{Member: m, Workspace: facts.Owner, Admins: true})
		if err != nil {
			return err
		}
		if found.Member.ID.IsZero() {
			return ErrNotFound
		}
		d, err = s.viewer(actor, facts, found.Admins).details(ctx, r, found.Member)
		return err
	})
	return d, err
}

// A Filter narrows [Service.List] (M16). Zero fields select everything; fields
// combine.
type Filter struct {
	// Workspace is whose members are listed. Only the platform operator may
	// leave it zero, to list across tenants.
	Workspace id.Workspace
	// Tenant selects the members of a tenant and of all its developer
	// workspaces. It is the platform operator's alone as well.
	Tenant id.Workspace
	// Statuses selects members with one of these. Default: all but withdrawn
	// and deleted (M2); [Statuses] are all.
	Statuses []Status
	// Roles selects members with one of these: built-in ones, and the codes of own
	// roles.
	Roles []rbac.Role
	// Email selects one address.
	Email string
	// Name selects names with this in them; case and width do not matter.
	Name string
	// MiniProgram selects those to whom it is assigned, or who are on its team.
	MiniProgram id.MiniProgram
	// ExpiresFrom and ExpiresBefore select invitations that nobody has accepted,
	// and whose validity ends, or ended, at or after the one, or before the other.
	ExpiresFrom, ExpiresBefore time.Time
}

// shown are the statuses that a list shows unless it is asked for others (M2).
var shown = []Status{StatusSent, StatusExpired, StatusActive, StatusInactive}

// list names the list for its cursors.
func (f Filter) list() string { return "member.list:" + f.Workspace.String() }

// query turns the filter into what the store is asked.
func (f Filter) query(now time.Time, req page.Request) (q Query, err error) {
	var p fault.Problems
	q = Query{
		Workspace: f.Workspace, Tenant: f.Tenant, Statuses: f.Statuses, MiniProgram: f.MiniProgram,
		ExpiresFrom: unit.Time(f.ExpiresFrom), ExpiresBefore: unit.Time(f.ExpiresBefore), Now: now, Name: text.Fold(f.Name),
	}
	if len(f.Roles) > 0 {
		q.Roles = f.Roles
	}
	if len(q.Statuses) == 0 {
		q.Statuses = shown
	}
	for _, st := range q.Statuses {
		if !slices.Contains(Statuses(), st) {
			p.Add("statuses", "unknown", fmt.Sprintf("no such status: %.40q; want some of %v", string(st), Statuses()))
		}
	}
	for _, role := range q.Roles {
		if role.Key() == 0 && !isCode(role) {
			p.Add("roles", "unknown", fmt.Sprintf("no such role: %.40q", string(role)))
		}
	}
	if f.Email != "" {
		q.Email = text.Email(&p, "email", f.Email)
	}
	text.Line(&p, "name", f.Name, 0, MaxName)
	if err := p.Err(); err != nil {
		return q, err
	}
	limit, after, err := req.ByID(f.list())
	q.After, q.Limit = id.Member{UUID: after}, limit+1
	return q, err
}

// List returns a page of a workspace's members and open invitations, in the
// order in which they were invited. The caller needs member.view there.
func (s *Service) List(ctx context.Context, actor rbac.Actor, f Filter, req page.Request) (p page.Page[Details], err error) {
	defer fault.Wrap(&err, "member: list")
	q, err := f.query(s.env.Now(), req)
	if err != nil {
		return p, err
	}
	if f.Workspace.IsZero() || !f.Tenant.IsZero() {
		if err := unit.OperatorOnly(actor); err != nil {
			return p, err
		}
	}
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		var facts rbac.Facts
		if !f.Workspace.IsZero() {
			facts, err = s.env.Authorize(ctx, r, actor, rbac.ViewMember, rbac.OnWorkspace(f.Workspace), workspace.ErrNotFound)
			if err != nil {
				return err
			}
		}
		if err := checkRoles(ctx, r, f.Workspace, q.Roles); err != nil {
			return err
		}
		rows, err := r.Members(ctx, q)
		if err != nil {
			return err
		}
		seen := make(map[id.Workspace]*viewer)
		all := make([]Details, len(rows))
		for i, m := range rows {
			v, ok := seen[m.Workspace]
			if !ok {
				if v, err = s.look(ctx, r, actor, facts, m.Workspace); err != nil {
					return err
				}
				v.now = q.Now
				seen[m.Workspace] = v
			}
			if all[i], err = v.details(ctx, r, m); err != nil {
				return err
			}
		}
		p = page.Cut(f.list(), all, q.Limit-1, func(d Details) []byte { return d.ID.Bytes() })
		return nil
	})
	return p, err
}
