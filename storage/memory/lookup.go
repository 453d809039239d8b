package memory

import (
	"context"
	"slices"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
)

// Lookup reads what a verb needs to know.
func (r *reader) Lookup(ctx context.Context, l member.Lookup) (member.Found, error) {
	if err := r.ready(ctx); err != nil {
		return member.Found{}, err
	}
	var f member.Found
	s := r.state
	if m := s.members.get(l.Member.UUID); m != nil {
		f.Member = copyMember(*m)
	}
	if t, ok := s.tokens.Get(token{hash: l.Token}); ok {
		s.invitation(t, &f)
		l.Workspace = f.Workspace.ID
	}
	if l := s.links.get(l.Link.UUID); l != nil {
		f.Link = copyLink(*l)
	}
	if t, ok := s.linkTokens.Get(linkToken{hash: l.LinkToken}); ok {
		s.behind(t, &f)
		l.Workspace = f.Workspace.ID
	}
	f.Open = s.openWith(l.Workspace, l.Emails)
	if l.Account != "" {
		f.Present.UUID = s.present.first(l.Workspace.UUID, string(l.Account))
	}
	if l.Admins {
		for range s.admins.after(l.Workspace.UUID, id.UUID{}) {
			f.Admins++
		}
	}
	if l.First {
		f.First = s.firstOf(l.Workspace)
	}
	if l.Settings {
		f.Own, f.Above = s.settingsOf(l.Workspace)
	}
	for key := range listed(l.Programs, func(p id.MiniProgram) id.UUID { return p.UUID }, id.UUID{}) {
		if p := s.programs.get(key); p != nil {
			f.Programs = append(f.Programs, member.Program{ID: p.ID, Owner: p.Workspace, Tenant: p.Tenant, Archived: p.live() == 0})
		}
	}
	return f, nil
}

// invitation tells what a token leads to.
func (s *state) invitation(t token, f *member.Found) {
	m := s.members.get(t.member.UUID)
	f.Member, f.TokenHash, f.Generation = copyMember(*m), t.hash, t.generation
	f.Workspace = *s.workspaces.get(m.Workspace.UUID)
	f.TenantStatus = s.status(f.Workspace.Tenant)
	if m.Invitation.Sender != "" {
		f.Sender = s.facts(rbac.Query{Account: m.Invitation.Sender, Object: rbac.OnWorkspace(m.Workspace)})
	}
}

// firstOf returns the open invitation of a workspace's first admin.
func (s *state) firstOf(w id.Workspace) member.Member {
	for key := range s.membersOf.after(w.UUID, id.UUID{}) {
		if m := s.members.get(key); m.First && m.State == member.Invited {
			return copyMember(*m)
		}
	}
	return member.Member{}
}

// openWith returns the open records of a workspace with one of the e-mails, in
// the order of their ids.
func (s *state) openWith(w id.Workspace, emails []string) []member.Member {
	var list []member.Member
	for _, e := range emails {
		if m := s.members.get(s.open.first(w.UUID, e)); m != nil {
			list = append(list, copyMember(*m))
		}
	}
	slices.SortFunc(list, func(a, b member.Member) int { return a.ID.Compare(b.ID.UUID) })
	return slices.CompactFunc(list, func(a, b member.Member) bool { return a.ID == b.ID })
}
