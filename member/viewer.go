package member

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

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
	// own are the workspace's own roles; nil until one matters.
	own map[rbac.Role]*rbac.Custom
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
	gone, err := v.roleGone(ctx, r, &m)
	if err != nil {
		return Details{}, err
	}
	for _, a := range open[d.Status] {
		if v.may(&m, a, covers) && !(gone && a == ActionResend) {
			d.Actions = append(d.Actions, a)
		}
	}
	return d, nil
}

// covers reports whether the member holds no more than the viewer (M12).
func (v *viewer) covers(ctx context.Context, r Reader, m *Member) (bool, error) {
	own, err := v.ownRole(ctx, r, m.Role)
	if err != nil || v.service.over(v.actor, v.facts, v.grants, m.Role, own, m.Programs) == nil {
		return err == nil, err
	}
	if v.grants != nil {
		return false, nil
	}
	if v.grants, err = r.Grants(ctx, v.actor.Account()); err != nil {
		return false, err
	}
	return v.service.over(v.actor, v.facts, v.grants, m.Role, own, m.Programs) == nil, nil
}

// roleGone reports whether an invitation cannot be sent again for its own role: see
// [ErrRoleGone].
func (v *viewer) roleGone(ctx context.Context, r Reader, m *Member) (bool, error) {
	if m.State != Invited || m.Role.Key() != 0 {
		return false, nil
	}
	own, err := v.ownRole(ctx, r, m.Role)
	return own == nil || !fits(own.Info(v.service.env.Matrix, placeOf(v.facts.Owner, v.facts.Tenant)), v.facts.Owner, m.Programs), err
}

// ownRole returns the own role of that name, nil for any other: all of the
// workspace are read with the first, since a list may have many.
func (v *viewer) ownRole(ctx context.Context, r Reader, name rbac.Role) (*rbac.Custom, error) {
	if name.Key() != 0 {
		return nil, nil
	}
	if v.own == nil {
		list, err := r.OwnRoles(ctx, v.facts.Owner, nil)
		if err != nil {
			return nil, err
		}
		v.own = make(map[rbac.Role]*rbac.Custom, len(list))
		for _, c := range list {
			v.own[c.Code()] = c
		}
	}
	return v.own[name], nil
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
