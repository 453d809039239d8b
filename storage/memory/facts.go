package memory

import (
	"context"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

// Facts returns everything a decision about the query depends on.
func (r *reader) Facts(ctx context.Context, q rbac.Query) (rbac.Facts, error) {
	if err := r.ready(ctx); err != nil {
		return rbac.Facts{}, err
	}
	return r.state.facts(q), nil
}

// Grants returns the active and blocked memberships of an account.
func (r *reader) Grants(ctx context.Context, account id.Account) ([]rbac.Grant, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	var list []rbac.Grant
	for key := range r.state.accounts.after(id.UUID{}, string(account), id.UUID{}) {
		m := r.state.members.get(key)
		if !m.State.Present() {
			continue
		}
		role, own := r.state.roleOf(m.Workspace, m.Role)
		list = append(list, rbac.Grant{
			Member: m.ID, Workspace: m.Workspace, Tenant: m.Tenant,
			WorkspaceStatus: r.state.status(m.Workspace), TenantStatus: r.state.status(m.Tenant),
			Presence: presence(m), Role: role, Custom: own, Programs: copied(m.Programs),
		})
	}
	return list, nil
}

// facts answers a query from the trees.
func (s *state) facts(q rbac.Query) rbac.Facts {
	owner, program, creator := s.owner(q.Object)
	if owner == nil {
		return rbac.Facts{}
	}
	f := rbac.Facts{
		Found: true, Owner: owner.ID, Tenant: owner.Tenant,
		OwnerStatus: owner.Status, TenantStatus: s.status(owner.Tenant),
		MiniProgram: program,
	}
	if q.Account == "" {
		return f
	}
	f.Own = creator == q.Account
	f.Home, f.Team = s.membership(q.Account, f.Owner, program)
	if f.Tenant != f.Owner {
		f.Above, _ = s.membership(q.Account, f.Tenant, program)
	}
	return f
}

// owner returns the workspace that owns an object, nil if there is no such
// object, with the object's mini program and creator.
func (s *state) owner(o rbac.Object) (w *workspace.Workspace, p id.MiniProgram, creator id.Account) {
	switch o.Kind {
	case rbac.KindWorkspace:
		return s.workspaces.get(o.ID), p, ""
	case rbac.KindMember:
		if m := s.members.get(o.ID); m != nil {
			return s.workspaces.get(m.Workspace.UUID), p, ""
		}
		return nil, p, ""
	case rbac.KindLink:
		if l := s.links.get(o.ID); l != nil {
			return s.workspaces.get(l.Workspace.UUID), p, ""
		}
		return nil, p, ""
	case rbac.KindRequest:
		if r := s.requests.get(o.ID); r != nil {
			return s.workspaces.get(r.Workspace.UUID), r.MiniProgram, r.Submitter
		}
		return nil, p, ""
	case rbac.KindRole:
		if r := s.roles.get(o.ID); r != nil {
			return s.workspaces.get(r.Workspace.UUID), p, ""
		}
		return nil, p, ""
	case rbac.KindFeature:
		if f := s.features.get(o.ID); f != nil {
			return s.workspaces.get(f.Tenant.UUID), p, ""
		}
		return nil, p, ""
	case rbac.KindJSAPI:
		if j := s.jsapis.get(o.ID); j != nil {
			return s.workspaces.get(j.Tenant.UUID), p, ""
		}
		return nil, p, ""
	case rbac.KindMiniProgram:
		p.UUID = o.ID
	case rbac.KindVersion:
		if v := s.versions.get(o.ID); v != nil {
			p, creator = v.MiniProgram, v.Uploader
		}
	case rbac.KindQRCode:
		if c := s.codes.get(o.ID); c != nil {
			p, creator = c.MiniProgram, c.Creator
		}
	}
	found := s.programs.get(p.UUID)
	if found == nil {
		return nil, id.MiniProgram{}, ""
	}
	if o.Kind == rbac.KindMiniProgram {
		creator = found.Creator
	}
	return s.workspaces.get(found.Workspace.UUID), p, creator
}

// membership returns an account's place in a workspace, and its team role on a
// mini program.
func (s *state) membership(a id.Account, w id.Workspace, p id.MiniProgram) (rbac.Membership, rbac.RoleKey) {
	m := s.members.get(s.present.first(w.UUID, string(a)))
	if m == nil {
		return rbac.Membership{}, 0
	}
	h, assigned := held(m, p)
	role, own := s.roleOf(w, m.Role)
	return rbac.Membership{Member: m.ID, Presence: presence(m), Role: role, Custom: own, Assigned: assigned}, h.Team
}

func presence(m *member.Member) rbac.Presence {
	switch m.State {
	case member.Active:
		return rbac.Active
	case member.Inactive:
		return rbac.Blocked
	}
	return rbac.Absent
}
