package storagetest

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
)

var members = []testCase{
	{"a member comes back as he was stored", "every field is kept, in every state, with his mini programs in the order of their ids", func(b *bench) {
		t := b.newTown()
		second := b.program(t.developer)
		b.put(second)
		full := b.member(t.developer, rbac.Developer, holding(rbac.MiniProgramDeveloper.Key(), t.program), holding(0, second))
		full.First = true
		full.Invitation = member.Invitation{SentAt: now.Add(-time.Hour), ExpiresAt: now.Add(time.Hour), Generation: 3, Sender: t.admin.Account}
		full.UpdatedAt, full.JoinedAt = now.Add(time.Minute), now.Add(time.Second)
		bare := member.Member{ID: id.Member{UUID: b.uuid()}, Workspace: t.tenant.ID, Tenant: t.tenant.ID, State: member.Active, Role: rbac.WorkspaceAdmin, Account: "u-1", CreatedAt: now, UpdatedAt: now}
		for _, m := range []member.Member{
			full, bare, b.member(t.developer, rbac.Operator, invited), b.member(t.developer, rbac.Operator, state(member.Inactive)),
			b.member(t.developer, rbac.Operator, state(member.Withdrawn)), b.member(t.developer, rbac.Operator, state(member.Deleted)),
		} {
			b.put(m)
			b.same("the member", b.find(m.ID), m)
		}
	}},
	{"an update replaces him and his mini programs", "UpdateMember replaces everything but the id, the workspaces and the time of creation; mini programs that are not given again are gone", func(b *bench) {
		t := b.newTown()
		second := b.program(t.developer)
		b.put(second)
		want := t.guest
		want.State, want.Role, want.Account, want.Programs = member.Active, rbac.Operator, "u-new", nil
		holding(0, second)(&want)
		want.Name, want.NameKey, want.Email, want.First = "Nina", "nina", "nina@people.example", true
		want.Invitation.Generation, want.UpdatedAt, want.JoinedAt = 4, now.Add(time.Hour), now.Add(time.Hour)
		given := want
		given.CreatedAt = now.Add(time.Hour)
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateMember(ctx, given) })
		b.same("the member", b.find(want.ID), want)
		b.same("who holds the old one", b.people(member.Query{MiniProgram: t.program.ID, Limit: plenty}), []member.Member{t.admin})
		want.Programs = nil
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateMember(ctx, want) })
		b.same("the member with no mini programs", b.find(want.ID), want)
	}},
	{"PutHeld gives one mini program", "PutHeld adds a mini program to a member, or replaces how he holds it, and leaves the others alone", func(b *bench) {
		t := b.newTown()
		second, third := b.program(t.developer), b.program(t.developer)
		m := b.member(t.developer, rbac.Developer, holding(rbac.MiniProgramDeveloper.Key(), t.program))
		b.put(second, third, m)
		for _, h := range []struct {
			p    program
			team rbac.Role
		}{{third, ""}, {second, rbac.MiniProgramDeveloper}, {third, rbac.MiniProgramAdmin}, {second, ""}} {
			b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
				return tx.PutHeld(ctx, m.ID, rbac.HeldProgram{MiniProgram: h.p.ID, Owner: t.developer.ID, Team: h.team.Key()})
			})
		}
		holding(0, second)(&m)
		holding(rbac.MiniProgramAdmin.Key(), third)(&m)
		b.same("the member", b.find(m.ID), m)
		b.is(b.update(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			b.ok(tx.PutHeld(ctx, m.ID, rbac.HeldProgram{MiniProgram: third.ID, Owner: t.developer.ID}))
			return errStop
		}), errStop)
		b.same("the member after a unit that failed", b.find(m.ID), m)
	}},
	{"mini programs are put in order", "a member's mini programs may be given in any order, to InsertMember as to UpdateMember; PutHeld finds each of them all the same", func(b *bench) {
		t := b.newTown()
		all := []program{t.program, b.program(t.developer), b.program(t.developer), b.program(t.developer)}
		b.put(all[1], all[2], all[3])
		want := b.member(t.developer, rbac.Developer, holding(0, all...))
		given := want
		given.Programs = slices.Clone(want.Programs)
		slices.Reverse(given.Programs)
		lead := func(i int) {
			h := want.Programs[i]
			h.Team = rbac.MiniProgramAdmin.Key()
			b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.PutHeld(ctx, want.ID, h) })
			want.Programs[i] = h
			b.same("the member", b.find(want.ID), want)
			b.same("his team role", b.facts(want.Account, rbac.OnMiniProgram(h.MiniProgram)).Team, h.Team)
		}
		b.put(given)
		b.same("the member", b.find(want.ID), want)
		lead(0)
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateMember(ctx, given) })
		want.Programs[0].Team = 0
		b.same("the member", b.find(want.ID), want)
		lead(3)
	}},
	{"a tenant's member holds a merchant's mini program", "the owner of a held mini program may be another workspace of the tenant, and is kept", func(b *bench) {
		t := b.newTown()
		m := b.member(t.tenant, rbac.WorkspaceReviewer, holding(0, t.program))
		b.put(m)
		b.same("the member", b.find(m.ID), m)
	}},
	{"a missing member is not found", "reading a member by an id that was never stored is member.ErrNotFound", func(b *bench) {
		t := b.newTown()
		b.view(func(ctx context.Context, r storage.Reader) error {
			for _, u := range []id.UUID{b.uuid(), {}, t.developer.ID.UUID} {
				_, err := r.Member(ctx, id.Member{UUID: u})
				b.is(err, member.ErrNotFound)
			}
			return nil
		})
	}},
	{"the list selects by every field", "each field of a member.Query selects as its comment says, a zero one selects all, and fields combine", func(b *bench) {
		all := b.crowd()
		for range 200 {
			q := b.memberQuery(all)
			want := kept(all, func(m member.Member) bool { return selects(q, m) }, func(m member.Member) id.UUID { return m.ID.UUID })
			b.about("query: %+v", q)
			b.same("the list", b.people(q), want)
		}
	}},
	{"the clock decides at the microsecond", "an invitation is sent while now is before its end and expired from that moment on; ExpiresFrom wants an end at or after the time, ExpiresBefore one that lies before, not at, it", func(b *bench) {
		t := b.newTown()
		end := t.guest.Invitation.ExpiresAt
		for _, c := range []struct {
			q    member.Query
			want bool
		}{
			{member.Query{Statuses: []member.Status{member.StatusSent}, Now: end.Add(-time.Microsecond)}, true},
			{member.Query{Statuses: []member.Status{member.StatusSent}, Now: end}, false},
			{member.Query{Statuses: []member.Status{member.StatusExpired}, Now: end.Add(-time.Microsecond)}, false},
			{member.Query{Statuses: []member.Status{member.StatusExpired}, Now: end}, true},
			{member.Query{ExpiresFrom: end}, true},
			{member.Query{ExpiresFrom: end.Add(time.Microsecond)}, false},
			{member.Query{ExpiresFrom: end, ExpiresBefore: end.Add(time.Microsecond)}, true},
			{member.Query{ExpiresBefore: end}, false},
			{member.Query{ExpiresBefore: end.Add(time.Microsecond)}, true},
		} {
			c.q.Limit = plenty
			b.about("query: %+v", c.q)
			b.same("whether it is listed", len(b.people(c.q)) == 1, c.want)
		}
	}},
	{"an invitation without an end is in no span of time", "an invitation whose end is zero is expired, but ExpiresFrom and ExpiresBefore do not select it", func(b *bench) {
		t := b.tenant()
		endless := b.member(t, rbac.WorkspaceReviewer, invited)
		endless.Invitation.ExpiresAt = time.Time{}
		b.put(t, endless)
		for _, q := range []member.Query{{ExpiresBefore: now}, {ExpiresFrom: now.AddDate(-2000, 0, 0)}, {ExpiresFrom: now, ExpiresBefore: now.AddDate(1, 0, 0)}} {
			q.Limit = plenty
			b.about("query: %+v", q)
			b.same("the list", b.people(q), nil)
		}
		expired := member.Query{Statuses: []member.Status{member.StatusExpired}, Now: now, Limit: plenty}
		b.same("the expired ones", b.people(expired), []member.Member{endless})
	}},
	{"a name is any part of the folded name, nothing else", "Name finds the members whose folded name contains it, character by character: signs that mean something to a database are plain text", func(b *bench) {
		t := b.newTown()
		var all []member.Member
		for _, key := range []string{"100% sure", "100 sure", "a_b", "axb", `a\b`, "o'neil", "张伟明", "*", "[x]", `"q"`} {
			all = append(all, b.member(t.developer, rbac.Operator, func(m *member.Member) { m.Name, m.NameKey = key, key }))
			b.put(all[len(all)-1])
		}
		for _, text := range []string{"%", "_", `\`, "0% s", "a_b", "'", "伟", "张", "*", "[x]", `"`, "?", "--", "a_", " sure"} {
			want := kept(all, func(m member.Member) bool { return strings.Contains(m.NameKey, text) }, func(m member.Member) id.UUID { return m.ID.UUID })
			b.about("name: %s", text)
			b.same("the list", b.people(member.Query{Name: text, Limit: plenty}), want)
		}
	}},
	{"the team is who has a team role", "Team lists the active and blocked members with a team role on that very mini program; those it is only assigned to, invited or gone are not on it", func(b *bench) {
		t := b.newTown()
		other := b.program(t.developer)
		dev := rbac.MiniProgramDeveloper.Key()
		blocked := b.member(t.developer, rbac.Developer, state(member.Inactive), holding(dev, t.program, other))
		b.put(other, blocked,
			b.member(t.developer, rbac.Developer, holding(dev, other)),
			b.member(t.developer, rbac.Operator, holding(0, t.program)),
			b.member(t.tenant, rbac.WorkspaceReviewer, holding(0, t.program)),
			b.member(t.developer, rbac.Developer, state(member.Deleted), holding(dev, t.program)),
			b.member(t.developer, rbac.Developer, state(member.Withdrawn), holding(dev, t.program)))
		want := kept([]member.Member{t.admin, blocked}, func(member.Member) bool { return true }, func(m member.Member) id.UUID { return m.ID.UUID })
		got := b.team(t.program.ID)
		b.same("the number on the team", len(got), len(want))
		for i, m := range want {
			b.same("who is on the team", got[i].Member, m.ID)
			b.same("his name", got[i].Name, m.Name)
			b.same("his role in the workspace", got[i].WorkspaceRole, m.Role)
			b.same("his role on the team", got[i].Role, m.Programs[held(m, t.program.ID)].Team.Role())
			b.same("whether he is blocked", got[i].Blocked, m.State == member.Inactive)
		}
	}},
}

// held returns the place of a mini program among those of a member, -1 for
// none.
func held(m member.Member, p id.MiniProgram) int {
	for i, h := range m.Programs {
		if h.MiniProgram == p {
			return i
		}
	}
	return -1
}

func (b *bench) find(m id.Member) member.Member {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) (member.Member, error) { return r.Member(ctx, m) })
}

func (b *bench) people(q member.Query) []member.Member {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) ([]member.Member, error) { return r.Members(ctx, q) })
}
