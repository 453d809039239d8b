package storagetest

import (
	"context"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
)

var teams = []testCase{
	{"what decides about a place on a team", "Teammate tells of an active or blocked member, of whatever workspace, his place on the team and where he is a member, and counts the mini program admins on the team, blocked ones too; of anybody else it tells of no member", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		lead, dev := holding(rbac.MiniProgramAdmin.Key(), t.program), holding(rbac.MiniProgramDeveloper.Key(), t.program)
		blocked, idle := b.member(t.developer, rbac.DeveloperAdmin, lead, state(member.Inactive)), b.member(t.developer, rbac.Operator, holding(0, t.program))
		helper, outside := b.member(t.developer, rbac.Developer, dev), b.member(t.tenant, rbac.WorkspaceDeveloper)
		gone := b.member(t.developer, rbac.DeveloperAdmin, lead, state(member.Deleted))
		b.put(blocked, idle, helper, outside, gone, b.member(t.developer, rbac.DeveloperAdmin, lead, invited))
		for _, c := range []struct {
			of      member.Member
			role    rbac.Role
			blocked bool
		}{
			{t.admin, rbac.MiniProgramAdmin, false}, {blocked, rbac.MiniProgramAdmin, true}, {helper, rbac.MiniProgramDeveloper, false},
			{idle, "", false}, {outside, "", false}, {other.admin, "", false},
		} {
			want := miniprogram.Teammate{Workspace: c.of.Workspace, Admins: 2, TeamMember: miniprogram.TeamMember{
				Member: c.of.ID, Name: c.of.Name, WorkspaceRole: c.of.Role, Role: c.role, Blocked: c.blocked,
			}}
			b.same("the teammate", b.teammate(t.program.ID, c.of.ID), want)
		}
		for _, m := range []id.Member{gone.ID, t.guest.ID, {UUID: b.uuid()}, {}} {
			b.same("the member", b.teammate(t.program.ID, m).Member, id.Member{})
		}
		empty := b.program(t.developer)
		b.put(empty)
		b.same("the number of admins of an empty team", b.teammate(empty.ID, t.admin.ID).Admins, 0)
	}},
	{"who may join a team", "Eligible lists the active members of the workspace with one of the roles, in the order of their ids, each with his place on the team of the mini program, if he has one", func(b *bench) {
		t := b.newTown()
		second := b.program(t.developer)
		all := []member.Member{t.admin, t.guest}
		b.put(second, b.member(t.tenant, rbac.WorkspaceDeveloper))
		for i := range 12 {
			m := b.member(t.developer, []rbac.Role{rbac.Developer, rbac.Operator, rbac.DeveloperAdmin}[i%3])
			m.State = []member.State{member.Active, member.Active, member.Inactive, member.Deleted}[i/3]
			if i%2 == 0 {
				holding(rbac.MiniProgramDeveloper.Key(), t.program)(&m)
				holding(0, second)(&m)
			}
			b.put(m)
			all = append(all, m)
		}
		for _, p := range []program{t.program, second} {
			for _, roles := range [][]rbac.Role{nil, {rbac.Developer}, {rbac.DeveloperAdmin, rbac.Developer}, {rbac.WorkspaceAdmin}} {
				var want []miniprogram.TeamMember
				for _, m := range kept(all, func(m member.Member) bool { return m.State == member.Active && nilOr(roles, m.Role) },
					func(m member.Member) id.UUID { return m.ID.UUID }) {
					place := miniprogram.TeamMember{Member: m.ID, Name: m.Name, WorkspaceRole: m.Role}
					if i := held(m, p.ID); i >= 0 {
						place.Role = m.Programs[i].Team.Role()
					}
					want = append(want, place)
				}
				q := miniprogram.EligibleQuery{Workspace: t.developer.ID, MiniProgram: p.ID, Roles: roles, Limit: plenty}
				b.about("roles: %v", roles)
				b.same("who is eligible", b.eligible(q), want)
			}
		}
	}},
	{"a mini program is taken away", "DeleteHeld takes one mini program from a member, with his place on its team, and leaves his others; the second time nothing is left to do", func(b *bench) {
		t := b.newTown()
		second := b.program(t.developer)
		m := b.member(t.developer, rbac.Developer, holding(rbac.MiniProgramDeveloper.Key(), t.program, second))
		b.put(second, m)
		want := m
		want.Programs = nil
		holding(rbac.MiniProgramDeveloper.Key(), second)(&want)
		for range 2 {
			b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.DeleteHeld(ctx, m.ID, t.program.ID) })
			b.same("the member", b.find(m.ID), want)
			b.same("who holds it", b.people(member.Query{MiniProgram: t.program.ID, Workspace: t.developer.ID, Account: m.Account, Limit: plenty}), nil)
			f, err := b.store.Facts(b.Context(), rbac.Query{Account: m.Account, Object: rbac.OnMiniProgram(t.program.ID)})
			b.ok(err)
			b.same("whether it is assigned", []any{f.Home.Assigned, f.Team}, []any{false, rbac.RoleKey(0)})
			b.same("what the other's team is", b.teammate(second.ID, m.ID).Role, rbac.MiniProgramDeveloper)
		}
		b.same("the admin", b.find(t.admin.ID), t.admin)
	}},
}

func (b *bench) teammate(p id.MiniProgram, m id.Member) miniprogram.Teammate {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) (miniprogram.Teammate, error) {
		return r.Teammate(ctx, p, m)
	})
}

func (b *bench) eligible(q miniprogram.EligibleQuery) []miniprogram.TeamMember {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) ([]miniprogram.TeamMember, error) {
		return r.Eligible(ctx, q)
	})
}
