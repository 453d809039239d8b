package memory

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

// Member returns one.
func (r *reader) Member(ctx context.Context, m id.Member) (member.Member, error) {
	if err := r.ready(ctx); err != nil {
		return member.Member{}, err
	}
	found := r.state.members.get(m.UUID)
	if found == nil {
		return member.Member{}, member.ErrNotFound
	}
	return copyMember(*found), nil
}

// Members returns those of the query.
func (r *reader) Members(ctx context.Context, q member.Query) ([]member.Member, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	var list []member.Member
	for key := range r.state.someMembers(&q) {
		if len(list) >= q.Limit {
			break
		}
		if m := r.state.members.get(key); selectsMember(&q, m) {
			list = append(list, copyMember(*m))
		}
	}
	return list, nil
}

// someMembers walks the narrowest index that holds all of the query.
func (s *state) someMembers(q *member.Query) iter.Seq[id.UUID] {
	after := q.After.UUID
	switch {
	case q.Account != "":
		return s.accounts.after(id.UUID{}, string(q.Account), after)
	case q.Email != "":
		return s.emails.after(id.UUID{}, q.Email, after)
	case !q.MiniProgram.IsZero():
		return s.holders.after(q.MiniProgram.UUID, after)
	case !q.Workspace.IsZero():
		return s.membersOf.after(q.Workspace.UUID, after)
	case !q.ExpiresFrom.IsZero() || !q.ExpiresBefore.IsZero():
		return s.invited.after(after)
	case !q.Tenant.IsZero():
		return s.membersUnder.after(q.Tenant.UUID, after)
	}
	return s.members.after(after)
}

// selectsMember reports whether the query selects the member.
func selectsMember(q *member.Query, m *member.Member) bool {
	_, holds := held(m, q.MiniProgram)
	return (q.Workspace.IsZero() || q.Workspace == m.Workspace) &&
		(q.Tenant.IsZero() || q.Tenant == m.Tenant) &&
		(q.Account == "" || q.Account == m.Account) &&
		(q.Email == "" || q.Email == m.Email) &&
		(q.Statuses == nil || slices.Contains(q.Statuses, m.Status(q.Now))) &&
		(q.ExpiresFrom.IsZero() || m.State == member.Invited && !m.Invitation.ExpiresAt.Before(q.ExpiresFrom)) &&
		(q.ExpiresBefore.IsZero() || m.State == member.Invited && !m.Invitation.ExpiresAt.IsZero() && m.Invitation.ExpiresAt.Before(q.ExpiresBefore)) &&
		(q.Roles == nil || slices.Contains(q.Roles, m.Role)) &&
		strings.Contains(m.NameKey, q.Name) &&
		(q.MiniProgram.IsZero() || holds)
}

// InsertMember stores a new member with his mini programs.
func (t *tx) InsertMember(ctx context.Context, m member.Member) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	if err := t.state.members.free(m.ID.UUID); err != nil {
		return err
	}
	if t.state.workspaces.get(m.Workspace.UUID) == nil {
		return workspace.ErrNotFound
	}
	if err := t.state.admits(&m); err != nil {
		return err
	}
	m = storedMember(m)
	m.CreatedAt = stored(m.CreatedAt)
	t.state.membersOf.add(m.Workspace.UUID, m.ID.UUID)
	t.state.membersUnder.add(m.Tenant.UUID, m.ID.UUID)
	t.putMember(nil, &m)
	return nil
}

// UpdateMember replaces a stored member and his mini programs.
func (t *tx) UpdateMember(ctx context.Context, m member.Member) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	before := t.state.members.get(m.ID.UUID)
	if before == nil {
		return member.ErrNotFound
	}
	m.Workspace, m.Tenant = before.Workspace, before.Tenant
	if err := t.state.admits(&m); err != nil {
		return err
	}
	m = storedMember(m)
	m.CreatedAt = before.CreatedAt
	t.putMember(before, &m)
	if m.State == member.Deleted {
		t.state.credentials.remove(m.ID.UUID)
	}
	return nil
}

// InsertToken stores the hash of a token.
func (t *tx) InsertToken(ctx context.Context, hash [32]byte, m id.Member, generation int) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	if t.state.members.get(m.UUID) == nil {
		return member.ErrNotFound
	}
	if _, ok := t.state.tokens.Get(token{hash: hash}); ok {
		return storage.ErrExists
	}
	t.state.tokens.Set(token{hash, m, generation})
	return nil
}

// admits returns the error of a record that has no place: another one of the
// workspace has the e-mail or the account (M6), or it holds a mini program that
// is not stored.
func (s *state) admits(m *member.Member) error {
	if another(s.open, openKey(m)) || another(s.present, presentKey(m)) {
		return member.ErrPresent
	}
	for _, h := range m.Programs {
		if s.programs.get(h.MiniProgram.UUID) == nil {
			return miniprogram.ErrNotFound
		}
	}
	return nil
}

func another(w words, k word) bool {
	if k == (word{}) {
		return false
	}
	by := w.first(k.in, k.text)
	return !by.IsZero() && by != k.to
}

// putMember puts a record in the place of another, nil for none.
func (t *tx) putMember(before, after *member.Member) {
	s := t.state
	s.members.put(after.ID.UUID, after)
	s.accounts.replace(accountKey(before), accountKey(after))
	s.emails.replace(emailKey(before), emailKey(after))
	s.open.replace(openKey(before), openKey(after))
	s.present.replace(presentKey(before), presentKey(after))
	s.admins.replace(adminKey(before), adminKey(after))
	if after.State == member.Invited {
		s.invited.put(after.ID.UUID, after)
	} else {
		s.invited.remove(after.ID.UUID)
	}
	if before != nil {
		for _, h := range before.Programs {
			if _, ok := held(after, h.MiniProgram); !ok {
				s.holders.replace(link{h.MiniProgram.UUID, after.ID.UUID}, link{})
			}
		}
	}
	for _, h := range after.Programs {
		s.holders.add(h.MiniProgram.UUID, after.ID.UUID)
	}
	t.changed = append(t.changed, rbac.OnMember(after.ID))
}

// The entries of a record in the indexes whose entries change; zero for none.

func accountKey(m *member.Member) word {
	if m == nil || m.Account == "" {
		return word{}
	}
	return word{text: string(m.Account), to: m.ID.UUID}
}

func emailKey(m *member.Member) word {
	if m == nil || m.Email == "" {
		return word{}
	}
	return word{text: m.Email, to: m.ID.UUID}
}

func openKey(m *member.Member) word {
	if m == nil || m.Email == "" || !m.State.Open() {
		return word{}
	}
	return word{m.Workspace.UUID, m.Email, m.ID.UUID}
}

func presentKey(m *member.Member) word {
	if m == nil || m.Account == "" || !m.State.Present() {
		return word{}
	}
	return word{m.Workspace.UUID, string(m.Account), m.ID.UUID}
}

func adminKey(m *member.Member) link {
	if m == nil || m.State != member.Active {
		return link{}
	}
	if info, _ := m.Role.Info(); !info.Admin {
		return link{}
	}
	return link{m.Workspace.UUID, m.ID.UUID}
}

// storedMember returns a record as it is kept: a copy, mini programs in order.
func storedMember(m member.Member) member.Member {
	m = copyMember(m)
	slices.SortFunc(m.Programs, func(a, b rbac.HeldProgram) int { return a.MiniProgram.Compare(b.MiniProgram.UUID) })
	m.Invitation.SentAt, m.Invitation.ExpiresAt = stored(m.Invitation.SentAt), stored(m.Invitation.ExpiresAt)
	m.UpdatedAt, m.JoinedAt = stored(m.UpdatedAt), stored(m.JoinedAt)
	return m
}

func copyMember(m member.Member) member.Member {
	m.Programs = copied(m.Programs)
	return m
}
