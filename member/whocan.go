package member

import (
	"context"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

// An Able is a member who may do something, and why.
type Able struct {
	Member Member
	// Decision says what gives him the right. It is about this membership alone:
	// who has one in the merchant's workspace and one in its tenant may stand in
	// the list twice.
	Decision rbac.Decision
}

// WhoCan returns a page of the active members who hold a permission on an object,
// with the reason (R4): those of the workspace that owns it first, then those of
// the tenant above it, each in the order in which they were invited. The answers
// are those of Access.Check. The caller needs member.view in a workspace to see
// its members here, and in the one that owns the object at least. A page may be
// shorter than was asked for, and even empty, with more to come: follow Next until
// it is "". Errors: rbac.ErrPermission; page.Request's; workspace.ErrNotFound for
// an object that he may not know of.
func (s *Service) WhoCan(ctx context.Context, actor rbac.Actor, p rbac.Permission, on rbac.Object, req page.Request) (out page.Page[Able], err error) {
	defer fault.Wrap(&err, "member: who can")
	if _, err := s.env.Matrix.ParsePermission(s.env.Matrix.Name(p)); err != nil {
		return out, err
	}
	list := "member.who_can:" + s.env.Matrix.Name(p) + ":" + on.Kind.String() + ":" + on.ID.String()
	limit, err := req.Limit()
	if err != nil {
		return out, err
	}
	key, err := page.Decode(list, req.After)
	if err != nil {
		return out, err
	}
	if key != nil && len(key) != 1+len(id.UUID{}) {
		return out, page.ErrCursor
	}
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		facts, err := s.env.Authorize(ctx, r, actor, rbac.ViewMember, on, workspace.ErrNotFound)
		if err != nil {
			return err
		}
		// Why again: who has it at a narrower scope may not see whoever is in the workspace.
		if _, err := s.env.Authorize(ctx, r, actor, rbac.ViewMember, rbac.OnWorkspace(facts.Owner), workspace.ErrNotFound); err != nil {
			return err
		}
		w := search{service: s, permission: p, on: on, facts: facts, limit: limit}
		w.target = rbac.Target{Owner: facts.Owner, Tenant: facts.Tenant, OwnerStatus: facts.OwnerStatus, TenantStatus: facts.TenantStatus, MiniProgram: facts.MiniProgram}
		in := []id.Workspace{facts.Owner}
		if facts.Owner != facts.Tenant {
			above, err := r.Facts(ctx, rbac.Query{Account: actor.Account(), Object: rbac.OnWorkspace(facts.Tenant)})
			if err != nil {
				return err
			}
			if s.env.Matrix.Decide(actor, above, rbac.ViewMember).Allowed {
				in = append(in, facts.Tenant)
			}
		}
		out, err = w.page(ctx, r, list, in, key)
		return err
	})
	if err != nil {
		return page.Page[Able]{}, err
	}
	return out, nil
}

// A search looks for those who hold a permission on an object.
type search struct {
	service    *Service
	permission rbac.Permission
	on         rbac.Object
	facts      rbac.Facts
	target     rbac.Target
	limit      int
	// found says that whoever made the object was met already.
	found bool
}

// page looks through one batch of members: of the first workspace from the key on,
// or of the next one when that is done.
func (w *search) page(ctx context.Context, r Reader, list string, in []id.Workspace, key []byte) (out page.Page[Able], err error) {
	at, after := 0, id.Member{}
	if key != nil {
		at, after.UUID = int(key[0]), id.UUID(key[1:])
	}
	if at >= len(in) {
		return out, nil
	}
	own, err := r.OwnRoles(ctx, in[at], nil)
	if err != nil {
		return out, err
	}
	rows, err := r.Members(ctx, Query{
		Workspace: in[at], Statuses: []Status{StatusActive}, Now: w.service.env.Now(),
		Roles: w.service.env.Matrix.Grantors(w.permission, own), After: after, Limit: w.limit + 1,
	})
	if err != nil {
		return out, err
	}
	for _, m := range rows[:min(len(rows), w.limit)] {
		d, err := w.decide(ctx, r, m, own)
		if err != nil {
			return out, err
		}
		if d.Allowed {
			out.Items = append(out.Items, Able{m, d})
		}
	}
	switch {
	case len(rows) > w.limit:
		out.Next = page.Encode(list, append([]byte{byte(at)}, rows[w.limit-1].ID.Bytes()...))
	case at+1 < len(in):
		out.Next = page.Encode(list, append([]byte{byte(at + 1)}, id.UUID{}.Bytes()...))
	}
	return out, nil
}

// decide answers for one member. Whether he made the object is asked only if that
// would give him the right.
func (w *search) decide(ctx context.Context, r Reader, m Member, own []*rbac.Custom) (rbac.Decision, error) {
	matrix, someone := w.service.env.Matrix, rbac.User(m.Account)
	f := w.target.Facts(m.Account, []rbac.Grant{grantOf(m, own)})
	d := matrix.Decide(someone, f, w.permission)
	if d.Allowed || w.found {
		return d, nil
	}
	f.Own = true
	made := matrix.Decide(someone, f, w.permission)
	if !made.Allowed {
		return d, nil
	}
	real, err := r.Facts(ctx, rbac.Query{Account: m.Account, Object: w.on})
	if err != nil || !real.Own {
		return d, err
	}
	w.found = true
	return made, nil
}

// grantOf returns what a present member holds, as grants tell of it; own are the
// own roles of his workspace.
func grantOf(m Member, own []*rbac.Custom) rbac.Grant {
	g := rbac.Grant{Member: m.ID, Workspace: m.Workspace, Tenant: m.Tenant, Presence: rbac.Active, Role: m.Role.Key(), Programs: m.Programs}
	if m.State == Inactive {
		g.Presence = rbac.Blocked
	}
	for _, c := range own {
		if c.Code() == m.Role && g.Role == 0 {
			g.Role, g.Custom = rbac.CustomKey, c
		}
	}
	return g
}
