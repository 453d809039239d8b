package storagetest

import (
	"strings"
	"time"

	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
)

// crowd stores people of every kind in four workspaces.
func (b *bench) crowd() (all []member.Member) {
	states := []member.State{member.Invited, member.Active, member.Active, member.Inactive, member.Withdrawn, member.Deleted}
	for range 2 {
		t := b.newTown()
		all = append(all, t.admin, t.guest)
		for i := range 24 {
			w, role := t.developer, one(b, []rbac.Role{rbac.DeveloperAdmin, rbac.Developer, rbac.Operator})
			if i%2 == 0 {
				w, role = t.tenant, one(b, []rbac.Role{rbac.WorkspaceAdmin, rbac.WorkspaceReviewer})
			}
			m := b.member(w, role)
			if m.State = one(b, states); m.State == member.Invited {
				invited(&m)
				m.Invitation.ExpiresAt = now.Add(time.Duration(b.rand.IntN(5)-2) * time.Hour)
			}
			if b.sometimes() {
				holding(0, t.program)(&m)
			}
			b.put(m)
			all = append(all, m)
		}
	}
	return all
}

// memberQuery makes a query about a crowd.
func (b *bench) memberQuery(all []member.Member) member.Query {
	q := member.Query{Limit: plenty, Now: now.Add(time.Duration(b.rand.IntN(5)-2) * time.Hour)}
	m, other := one(b, all), one(b, all)
	if b.sometimes() {
		q.Workspace = m.Workspace
	}
	if b.sometimes() {
		q.Tenant = m.Tenant
	}
	if b.sometimes() {
		q.Statuses = []member.Status{m.Status(q.Now), other.Status(q.Now)}
	}
	if b.sometimes() {
		q.Roles = []rbac.Role{m.Role, rbac.Operator}
	}
	if b.sometimes() && len(m.Programs) > 0 {
		q.MiniProgram = m.Programs[0].MiniProgram
	}
	switch b.rand.IntN(12) {
	case 0:
		q.Account = m.Account
	case 1:
		q.Email = m.Email
	case 2:
		q.Name = m.NameKey[1:6]
	case 3:
		q.ExpiresBefore = now.Add(time.Hour)
	case 4:
		q.ExpiresFrom = now.Add(time.Hour)
	}
	return q
}

// selects is what a member.Query means.
func selects(q member.Query, m member.Member) bool {
	end := m.Invitation.ExpiresAt
	return zeroOr(q.Workspace, m.Workspace) && zeroOr(q.Tenant, m.Tenant) && zeroOr(q.Account, m.Account) &&
		zeroOr(q.Email, m.Email) && nilOr(q.Statuses, m.Status(q.Now)) && nilOr(q.Roles, m.Role) &&
		strings.Contains(m.NameKey, q.Name) && (q.MiniProgram.IsZero() || held(m, q.MiniProgram) >= 0) &&
		(q.ExpiresFrom.IsZero() || m.State == member.Invited && !end.Before(q.ExpiresFrom)) &&
		(q.ExpiresBefore.IsZero() || m.State == member.Invited && !end.IsZero() && end.Before(q.ExpiresBefore))
}
