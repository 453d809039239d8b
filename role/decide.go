package role

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
)

// decide returns a role as it is and as an edit makes it, or why it must not: for
// the edit, and for who asks beforehand.
func (s *Service) decide(ctx context.Context, r Reader, actor rbac.Actor, of id.Role, e Edit) (before, after Role, err error) {
	var p fault.Problems
	name, cells := checkEdit(&p, s.env.Matrix, e)
	if err := p.Err(); err != nil {
		return before, after, err
	}
	facts, err := s.env.Authorize(ctx, r, actor, rbac.ManageRole, rbac.OnRole(of), ErrNotFound)
	if err != nil {
		return before, after, err
	}
	if before, err = r.Role(ctx, of); err != nil {
		return before, after, err
	}
	after = before.edited(s.env.Matrix, e, name, cells)
	switch {
	case e.Revision != 0 && e.Revision != before.Revision:
		return before, after, ErrRevision
	case after.same(before):
		return before, before, nil
	}
	if err := s.ceiling(actor, facts, before.Custom()); err != nil {
		return before, after, err
	}
	if err := s.sound(actor, facts, after); err != nil {
		return before, after, err
	}
	after.Revision, after.UpdatedAt = before.Revision+1, s.env.Now()
	if reseats(s.env.Matrix, before, after) {
		err = inUse(ctx, r, before, after.UpdatedAt)
	}
	return before, after, err
}

// sound returns the error of a role that cannot be, or that the actor may not
// define.
func (s *Service) sound(actor rbac.Actor, f rbac.Facts, of Role) error {
	var p fault.Problems
	s.env.Matrix.Misfits(of.Custom(), place(f.Owner, f.Tenant), &p)
	if err := p.Err(); err != nil {
		return err
	}
	return s.ceiling(actor, f, of.Custom())
}

// ceiling returns a *[CeilingError] if a role has what the actor does not hold
// that far (M12).
func (s *Service) ceiling(actor rbac.Actor, f rbac.Facts, of *rbac.Custom) error {
	over := s.env.Matrix.ExceedsCustom(actor, f, nil, of, nil)
	if over == nil {
		return nil
	}
	names := make([]string, len(over))
	for i, p := range over {
		names[i] = s.env.Matrix.Name(p)
	}
	return &CeilingError{Permissions: names}
}

// holding are the statuses in which somebody holds his role (M15).
var holding = []member.Status{member.StatusSent, member.StatusActive, member.StatusInactive}

// inUse returns an *[InUseError] if anybody holds the role, or a link gives it.
func inUse(ctx context.Context, r Reader, of Role, now time.Time) error {
	all, err := r.Holding(ctx, of.Workspace, of.Code, now)
	if err != nil || all == (Holding{}) {
		return err
	}
	held, err := r.Members(ctx, member.Query{
		Workspace: of.Workspace, Roles: []rbac.Role{of.Code}, Statuses: holding, Now: now, Limit: MaxHolders,
	})
	if err != nil {
		return err
	}
	links, err := r.Links(ctx, member.LinkQuery{
		Workspace: of.Workspace, Role: of.Code, Statuses: []member.LinkStatus{member.LinkUsable}, Now: now, Limit: MaxHolders,
	})
	if err != nil {
		return err
	}
	e := &InUseError{Total: all}
	for _, m := range held {
		e.Holders = append(e.Holders, Holder{Member: m.ID, Name: m.Name, Status: m.Status(now)})
	}
	for _, l := range links {
		e.Links = append(e.Links, l.ID)
	}
	return e
}

// A Preview is what an edit would do.
type Preview struct {
	// Before and After are the role as it is and as it would be.
	Before, After Role
	// Differences are the permissions in which they differ, in the order of their
	// names.
	Differences []Difference
	// Total counts all who hold the role, and the usable links that give it. Whoever
	// made such a link, or sent such an invitation, and does not hold himself what the
	// role grants after the edit, cannot let anybody in by it any more: see
	// member.TokenNotEntitled.
	Total Holding
	// Members are a page of those who hold the role, in the order in which they
	// were invited.
	Members page.Page[Affected]
}

// An Affected is what an edit would give to a holder of the role and take from
// him. Nothing, if his places on teams give it anyway.
type Affected struct {
	Holder
	rbac.Shift
}

// Preview tells what an edit would do, and to whom, and does nothing. It answers
// with the errors of [Service.Edit] what that would refuse, and those of
// page.Request. To be sure that the edit does what was shown, give it the
// Revision of Before.
func (s *Service) Preview(ctx context.Context, actor rbac.Actor, r id.Role, e Edit, req page.Request) (out Preview, err error) {
	defer fault.Wrap(&err, "role: preview")
	list := "role.preview:" + r.String()
	limit, last, err := req.ByID(list)
	if err != nil {
		return out, err
	}
	err = s.store.View(ctx, func(ctx context.Context, rd Reader) error {
		before, after, err := s.decide(ctx, rd, actor, r, e)
		if err != nil {
			return err
		}
		now := s.env.Now()
		held, err := rd.Members(ctx, member.Query{
			Workspace: before.Workspace, Roles: []rbac.Role{before.Code}, Statuses: holding, Now: now, After: id.Member{UUID: last}, Limit: limit + 1,
		})
		if err != nil {
			return err
		}
		all, err := rd.Holding(ctx, before.Workspace, before.Code, now)
		if err != nil {
			return err
		}
		was, is := before.Custom(), after.Custom()
		affected := make([]Affected, len(held))
		for i, m := range held {
			g := rbac.Grant{Workspace: m.Workspace, Tenant: m.Tenant, Role: rbac.CustomKey, Custom: was, Programs: m.Programs}
			then := g
			then.Custom = is
			affected[i] = Affected{Holder{m.ID, m.Name, m.Status(now)}, rbac.ShiftOf(s.env.Matrix, g, s.env.Matrix, then)}
		}
		out = Preview{Before: before, After: after, Differences: differences(before, after), Total: all}
		out.Members = page.Cut(list, affected, limit, func(a Affected) []byte { return a.Member.Bytes() })
		return nil
	})
	if err != nil {
		return Preview{}, err
	}
	return out, nil
}
