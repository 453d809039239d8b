package mapstore

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
)

func (r reader) Facts(_ context.Context, q rbac.Query) (rbac.Facts, error) {
	w, p, creator := r.state.owner(q.Object)
	if w.ID.IsZero() {
		return rbac.Facts{}, nil
	}
	f := rbac.Facts{
		Found: true, Owner: w.ID, Tenant: w.Tenant, OwnerStatus: w.Status,
		TenantStatus: r.state.workspaces[w.Tenant].Status,
		MiniProgram:  p, Own: q.Account != "" && creator == q.Account,
	}
	home := r.state.present(w.ID, q.Account)
	f.Home = r.state.membership(home, p)
	if h, ok := held(home, p); ok {
		f.Team = h.Team
	}
	if w.ID != w.Tenant {
		f.Above = r.state.membership(r.state.present(w.Tenant, q.Account), p)
	}
	return f, nil
}

// membership is a present member as facts tell of him, zero for nobody.
func (s *state) membership(m member.Member, p id.MiniProgram) rbac.Membership {
	_, assigned := held(m, p)
	role, own := s.role(m)
	return rbac.Membership{Member: m.ID, Presence: presence(m.State), Role: role, Custom: own, Assigned: assigned}
}

func presence(s member.State) rbac.Presence {
	switch s {
	case member.Active:
		return rbac.Active
	case member.Inactive:
		return rbac.Blocked
	}
	return rbac.Absent
}

func (r reader) Grants(_ context.Context, account id.Account) ([]rbac.Grant, error) {
	var grants []rbac.Grant
	for _, m := range pick(r.state.members, math.MaxInt, func(m member.Member) bool {
		return m.Account == account && m.State.Present()
	}, byMember, cloneMember) {
		role, own := r.state.role(m)
		grants = append(grants, rbac.Grant{
			Member: m.ID, Workspace: m.Workspace, Tenant: m.Tenant,
			WorkspaceStatus: r.state.workspaces[m.Workspace].Status,
			TenantStatus:    r.state.workspaces[m.Tenant].Status,
			Presence:        presence(m.State), Role: role, Custom: own, Programs: m.Programs,
		})
	}
	return grants, nil
}

func (r reader) Member(_ context.Context, m id.Member) (member.Member, error) {
	found, err := get(r.state.members, m, member.ErrNotFound)
	return cloneMember(found), err
}

func (r reader) Members(_ context.Context, q member.Query) ([]member.Member, error) {
	return pick(r.state.members, q.Limit, func(m member.Member) bool {
		_, holds := held(m, q.MiniProgram)
		end := m.Invitation.ExpiresAt
		return m.ID.Compare(q.After.UUID) > 0 &&
			is(q.Workspace, m.Workspace) && is(q.Tenant, m.Tenant) && is(q.Account, m.Account) && is(q.Email, m.Email) &&
			in(q.Statuses, m.Status(q.Now)) && in(q.Roles, m.Role) && strings.Contains(m.NameKey, q.Name) &&
			(holds || q.MiniProgram.IsZero()) &&
			(q.ExpiresFrom.IsZero() || m.State == member.Invited && !end.Before(q.ExpiresFrom)) &&
			(q.ExpiresBefore.IsZero() || m.State == member.Invited && !end.IsZero() && end.Before(q.ExpiresBefore))
	}, byMember, cloneMember), nil
}

func (r reader) Lookup(ctx context.Context, l member.Lookup) (f member.Found, err error) {
	if t, ok := r.state.tokens[l.Token]; ok {
		f.TokenHash, f.Generation, l.Member = l.Token, t.generation, t.member
		l.Workspace = r.state.members[t.member].Workspace
		f.Workspace = r.state.workspaces[l.Workspace]
		f.TenantStatus = r.state.workspaces[f.Workspace.Tenant].Status
	}
	if t, ok := r.state.linkTokens[l.LinkToken]; ok {
		f.TokenHash, f.Generation, l.Link = l.LinkToken, t.generation, t.link
		l.Workspace = r.state.links[t.link].Workspace
		f.Workspace = r.state.workspaces[l.Workspace]
		f.TenantStatus = r.state.workspaces[f.Workspace.Tenant].Status
	}
	f.Member, f.Link = cloneMember(r.state.members[l.Member]), cloneLink(r.state.links[l.Link])
	if sender := f.Member.Invitation.Sender + f.Link.Maker; f.Generation > 0 && sender != "" {
		if f.Sender, err = r.Facts(ctx, rbac.Query{Account: sender, Object: rbac.OnWorkspace(l.Workspace)}); err != nil {
			return member.Found{}, err
		}
	}
	f.Open = pick(r.state.members, math.MaxInt, func(m member.Member) bool {
		return m.Workspace == l.Workspace && m.State.Open() && slices.Contains(l.Emails, m.Email)
	}, byMember, cloneMember)
	f.Present = r.state.present(l.Workspace, l.Account).ID
	for _, m := range r.state.members {
		if l.Admins && m.Workspace == l.Workspace && isAdmin(m) {
			f.Admins++
		}
		if l.First && m.Workspace == l.Workspace && m.First && m.State == member.Invited {
			f.First = cloneMember(m)
		}
	}
	if l.Settings {
		f.Own, f.Above = r.state.settings[l.Workspace], r.state.settings[r.state.workspaces[l.Workspace].Tenant]
	}
	for _, p := range pick(r.state.programs, math.MaxInt, func(p program) bool {
		return slices.Contains(l.Programs, p.ID)
	}, byID, same) {
		f.Programs = append(f.Programs, member.Program{
			ID: p.ID, Owner: p.Workspace, Tenant: p.Tenant, Archived: p.Status == miniprogram.Archived,
		})
	}
	return f, nil
}
