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
	// Roles selects members with one of these.
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

const list = "member.list"

// query turns the filter into what the store is asked.
func (f Filter) query(now time.Time, req page.Request) (q Query, err error) {
	var p fault.Problems
	q = Query{
		Workspace: f.Workspace, Tenant: f.Tenant, Statuses: f.Statuses, Roles: f.Roles, MiniProgram: f.MiniProgram,
		ExpiresFrom: unit.Time(f.ExpiresFrom), ExpiresBefore: unit.Time(f.ExpiresBefore), Now: now, Name: text.Fold(f.Name),
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
		if role.Key() == 0 {
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
	limit, after, err := req.ByID(list)
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
		p = page.Cut(list, all, q.Limit-1, func(d Details) []byte { return d.ID.Bytes() })
		return nil
	})
	return p, err
}

// look returns the viewer of one workspace's members; facts may be known
// already.
func (s *Service) look(ctx context.Context, r Reader, actor rbac.Actor, facts rbac.Facts, w id.Workspace) (v *viewer, err error) {
	if facts.Owner != w {
		if facts, err = r.Facts(ctx, rbac.Query{Account: actor.Account(), Object: rbac.OnWorkspace(w)}); err != nil {
			return nil, err
		}
	}
	found, err := r.Lookup(ctx, Lookup{Workspace: w, Admins: true})
	return s.viewer(actor, facts, found.Admins), err
}

// A viewer is whoever looks at the members of one workspace.
type viewer struct {
	service *Service
	now     time.Time
	actor   rbac.Actor
	facts   rbac.Facts
	admins  int
	// grants are the viewer's; nil until they matter.
	grants []rbac.Grant
}

func (s *Service) viewer(actor rbac.Actor, facts rbac.Facts, admins int) *viewer {
	return &viewer{service: s, now: s.env.Now(), actor: actor, facts: facts, admins: admins}
}

func (v *viewer) details(ctx context.Context, r Reader, m Member) (Details, error) {
	d := Details{Member: m, Now: v.now, Status: m.Status(v.now)}
	covers, err := v.covers(ctx, r, &m)
	if err != nil {
		return Details{}, err
	}
	for _, a := range open[d.Status] {
		if v.may(&m, a, covers) {
			d.Actions = append(d.Actions, a)
		}
	}
	return d, nil
}

// covers reports whether the member holds no more than the viewer (M12).
func (v *viewer) covers(ctx context.Context, r Reader, m *Member) (bool, error) {
	matrix := v.service.env.Matrix
	if matrix.Exceeds(v.actor, v.facts, v.grants, m.Role.Key(), m.Programs) == nil {
		return true, nil
	}
	if v.grants != nil {
		return false, nil
	}
	var err error
	if v.grants, err = r.Grants(ctx, v.actor.Account()); err != nil {
		return false, err
	}
	return matrix.Exceeds(v.actor, v.facts, v.grants, m.Role.Key(), m.Programs) == nil, nil
}

// may reports whether the action would succeed: it is the rules of the verbs,
// asked beforehand.
func (v *viewer) may(m *Member, a Action, covers bool) bool {
	self := m.Account != "" && m.Account == v.actor.Account()
	last := m.isActiveAdmin() && v.admins <= 1
	matrix := v.service.env.Matrix
	switch a {
	case ActionAccept:
		return false // only with the token
	case ActionLeave:
		return self && !last && !closed(v.facts.OwnerStatus) && !closed(v.facts.TenantStatus)
	case ActionResend:
		if m.First && v.admins == 0 && matrix.Decide(v.actor, v.facts, rbac.CreateDeveloperWorkspace).Allowed {
			return true
		}
	case ActionWithdraw:
		if m.First && v.admins == 0 {
			return false
		}
	case ActionBlock, ActionDelete:
		if last {
			return false
		}
	}
	return !self && covers && matrix.Decide(v.actor, v.facts, permissions[a]).Allowed
}

// A Membership is the caller's own place in a workspace.
type Membership struct {
	Member
	// Status is active or inactive.
	Status Status
	// WorkspaceName and Kind are those of the workspace, WorkspaceStatus its
	// status.
	WorkspaceName   string
	Kind            workspace.Kind
	WorkspaceStatus workspace.Status
}

// Mine returns a page of the caller's own memberships, blocked ones included,
// in the order in which they began (M16). Everybody may ask for his own; the
// platform operator has none.
func (s *Service) Mine(ctx context.Context, actor rbac.Actor, req page.Request) (p page.Page[Membership], err error) {
	defer fault.Wrap(&err, "member: mine")
	if err := actor.Validate(); err != nil || actor.IsSystem() {
		return p, err
	}
	q := Query{Account: actor.Account(), Statuses: []Status{StatusActive, StatusInactive}}
	return across(ctx, s, "member.mine", q, req, func(m Member, w workspace.Workspace, now time.Time) Membership {
		return Membership{Member: m, Status: m.Status(now), WorkspaceName: w.Name, Kind: w.Kind, WorkspaceStatus: w.Status}
	}, func(m Membership) id.Member { return m.ID })
}

// A Received is an invitation as the invited person sees it.
type Received struct {
	Member        id.Member
	Workspace     id.Workspace
	WorkspaceName string
	Kind          workspace.Kind
	Role          rbac.Role
	// SentAt and ExpiresAt bound its validity.
	SentAt, ExpiresAt time.Time
	// WorkspaceStatus is the status of the workspace: in a disabled one nothing
	// can be accepted.
	WorkspaceStatus workspace.Status
}

// Invitations returns a page of the invitations to the account's verified
// e-mail that have not expired, in all workspaces, oldest first (M16). It gives
// no token: the link in the mail remains the way in. [ErrEmailNotVerified]
// unless the host has verified the address.
func (s *Service) Invitations(ctx context.Context, a Account, req page.Request) (p page.Page[Received], err error) {
	defer fault.Wrap(&err, "member: invitations")
	if err := a.ID.Validate(); err != nil {
		return p, err
	}
	if !a.EmailVerified {
		return p, ErrEmailNotVerified
	}
	var problems fault.Problems
	email := text.Email(&problems, "email", a.Email)
	if err := problems.Err(); err != nil {
		return p, err
	}
	q := Query{Email: email, Statuses: []Status{StatusSent}}
	return across(ctx, s, "member.invitations", q, req, func(m Member, w workspace.Workspace, _ time.Time) Received {
		return Received{
			Member: m.ID, Workspace: w.ID, WorkspaceName: w.Name, Kind: w.Kind, Role: m.Role,
			SentAt: m.Invitation.SentAt, ExpiresAt: m.Invitation.ExpiresAt, WorkspaceStatus: w.Status,
		}
	}, func(r Received) id.Member { return r.Member })
}

// across pages through the records of one person in all workspaces.
func across[T any](ctx context.Context, s *Service, list string, q Query, req page.Request,
	show func(Member, workspace.Workspace, time.Time) T, key func(T) id.Member) (p page.Page[T], err error) {
	limit, after, err := req.ByID(list)
	if err != nil {
		return p, err
	}
	q.Now, q.After, q.Limit = s.env.Now(), id.Member{UUID: after}, limit+1
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		found, err := r.Members(ctx, q)
		if err != nil {
			return err
		}
		rows := make([]T, len(found))
		for i, m := range found {
			w, err := r.Workspace(ctx, m.Workspace)
			if err != nil {
				return err
			}
			rows[i] = show(m, w, q.Now)
		}
		p = page.Cut(list, rows, limit, func(row T) []byte { return key(row).Bytes() })
		return nil
	})
	return p, err
}
