package storagetest

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

var lookups = []testCase{
	{"nothing asked, nothing found", "a zero Lookup asks for nothing and finds nothing", func(b *bench) {
		t := b.newTown()
		b.same("what is found", b.lookup(member.Lookup{}), member.Found{})
		b.same("what is found in a workspace", b.lookup(member.Lookup{Workspace: t.developer.ID}), member.Found{})
	}},
	{"by member", "Member finds one by id; what comes with a token only stays empty", func(b *bench) {
		t := b.newTown()
		b.same("what is found", b.lookup(member.Lookup{Member: t.guest.ID}), member.Found{Member: t.guest})
		b.same("what is found of nobody", b.lookup(member.Lookup{Member: id.Member{UUID: b.uuid()}, Workspace: t.developer.ID}), member.Found{})
	}},
	{"by token", "a token finds the member it was made for, its own hash as stored, his workspace with the tenant's status, the token's generation, and the facts of who sent it", func(b *bench) {
		t := b.town()
		t.tenant.Status = workspace.Disabled
		b.put(t.records()...)
		want := member.Found{
			Member: t.guest, TokenHash: t.token.hash, Generation: 1, Workspace: t.developer, TenantStatus: workspace.Disabled,
			Sender: b.facts(t.admin.Account, rbac.OnWorkspace(t.developer.ID)),
		}
		b.same("whether the sender is an active member", want.Sender.Home.Presence, rbac.Active)
		b.same("what is found", b.lookup(member.Lookup{Token: t.token.hash}), want)
	}},
	{"by token of a platform operator's invitation", "where the platform operator sent it there are no facts of a sender", func(b *bench) {
		t := b.newTown()
		m := b.member(t.tenant, rbac.WorkspaceAdmin, invited)
		hash := b.hash()
		b.put(m, token{hash, m, 1})
		b.same("what is found", b.lookup(member.Lookup{Token: hash}), member.Found{
			Member: m, TokenHash: hash, Generation: 1, Workspace: t.tenant, TenantStatus: workspace.Verified,
		})
	}},
	{"by token of an older generation", "a link that was replaced still finds its member, with its own generation beside the present one, so that the answer can be that a newer one was sent (M4)", func(b *bench) {
		t := b.newTown()
		t.guest.Invitation.Generation, t.guest.Invitation.Sender = 2, ""
		newer := b.hash()
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			if err := tx.UpdateMember(ctx, t.guest); err != nil {
				return err
			}
			return tx.InsertToken(ctx, newer, t.guest.ID, 2)
		})
		for generation, hash := range [][32]byte{1: t.token.hash, 2: newer} {
			if generation > 0 {
				f := b.lookup(member.Lookup{Token: hash})
				b.same("the token's hash", f.TokenHash, hash)
				b.same("the token's generation", f.Generation, generation)
				b.same("the member", f.Member, t.guest)
			}
		}
	}},
	{"by any token of a generation", "every letter about an invitation makes a token of its own: an invitation may have none, and any number of one generation, each of which finds it", func(b *bench) {
		t := b.newTown()
		m := b.member(t.tenant, rbac.WorkspaceAdmin, invited)
		b.put(m)
		b.same("the invitation without a token", b.lookup(member.Lookup{Member: m.ID, Workspace: t.tenant.ID}).Member, m)
		for range 3 {
			hash := b.hash()
			b.put(token{hash, m, 1})
			f := b.lookup(member.Lookup{Token: hash})
			b.same("the member", f.Member, m)
			b.same("the token's hash", f.TokenHash, hash)
		}
	}},
	{"by a token in any state", "a token is found whatever became of its member: spent, withdrawn, deleted", func(b *bench) {
		t := b.newTown()
		for _, s := range []member.State{member.Active, member.Inactive, member.Withdrawn, member.Deleted} {
			t.guest.State = s
			if s.Present() {
				t.guest.Account = "u-guest"
			}
			b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateMember(ctx, t.guest) })
			b.same("the member", b.lookup(member.Lookup{Token: t.token.hash}).Member, t.guest)
		}
	}},
	{"by a token that nobody has", "an unknown token is no error: nothing is found, in no workspace", func(b *bench) {
		t := b.newTown()
		near := t.token.hash
		near[31] ^= 1
		l := member.Lookup{Token: near, Emails: []string{t.admin.Email}, Account: t.admin.Account, Admins: true}
		b.same("what is found", b.lookup(l), member.Found{})
	}},
	{"by e-mails", "Emails finds the open records of the workspace: invited, expired too, active and blocked; not those that ended, nor another workspace's", func(b *bench) {
		t := b.newTown()
		var all, open []member.Member
		for _, s := range []member.State{member.Invited, member.Active, member.Inactive, member.Withdrawn, member.Deleted} {
			m := b.member(t.developer, rbac.Operator, state(s))
			if s == member.Invited {
				invited(&m)
				m.Invitation.ExpiresAt = now.Add(-time.Hour)
			}
			all = append(all, m)
			if s.Open() {
				open = append(open, m)
			}
			elsewhere := b.member(t.tenant, rbac.WorkspaceReviewer, func(o *member.Member) { o.Email = m.Email })
			b.put(m, elsewhere)
		}
		emails := []string{"nobody@people.example", all[0].Email}
		for _, m := range all {
			emails = append(emails, m.Email)
		}
		byID := func(m member.Member) id.UUID { return m.ID.UUID }
		anyone := func(member.Member) bool { return true }
		got := b.lookup(member.Lookup{Workspace: t.developer.ID, Emails: emails})
		b.same("the open records", kept(got.Open, anyone, byID), kept(open, anyone, byID))
	}},
	{"by account", "Account finds who is present in the workspace with it: active or blocked, not one who left or is elsewhere", func(b *bench) {
		t := b.newTown()
		was := b.member(t.developer, rbac.Operator, state(member.Deleted))
		blocked := b.member(t.developer, rbac.Operator, state(member.Inactive))
		elsewhere := b.member(t.tenant, rbac.WorkspaceReviewer)
		again := b.member(t.developer, rbac.Operator, account(was.Account))
		b.put(was, blocked, elsewhere)
		for _, c := range []struct {
			a    id.Account
			want id.Member
		}{{t.admin.Account, t.admin.ID}, {blocked.Account, blocked.ID}, {was.Account, id.Member{}}, {elsewhere.Account, id.Member{}}, {"u-nobody", id.Member{}}} {
			b.same("who is present", b.lookup(member.Lookup{Workspace: t.developer.ID, Account: c.a}), member.Found{Present: c.want})
		}
		b.put(again)
		b.same("who is present again", b.lookup(member.Lookup{Workspace: t.developer.ID, Account: was.Account}).Present, again.ID)
	}},
	{"the number of admins", "Admins counts the active members of the workspace with a built-in admin role", func(b *bench) {
		t := b.newTown()
		b.put(b.member(t.developer, rbac.DeveloperAdmin), b.member(t.developer, rbac.DeveloperAdmin, state(member.Inactive)),
			b.member(t.developer, rbac.DeveloperAdmin, invited), b.member(t.developer, rbac.DeveloperAdmin, state(member.Deleted)),
			b.member(t.developer, rbac.Developer), b.member(t.tenant, rbac.WorkspaceAdmin))
		b.same("the number", b.lookup(member.Lookup{Workspace: t.developer.ID, Admins: true}), member.Found{Admins: 2})
		b.same("the number, not asked for", b.lookup(member.Lookup{Workspace: t.developer.ID}), member.Found{})
	}},
	{"the first admin's invitation", "First finds the open invitation of the workspace's first admin, expired too; not another's, nor one that was accepted or ended", func(b *bench) {
		t := b.newTown()
		first := func(m *member.Member) { m.First = true }
		b.put(b.member(t.developer, rbac.DeveloperAdmin, first), b.member(t.tenant, rbac.WorkspaceAdmin, invited, first),
			b.member(t.developer, rbac.DeveloperAdmin, invited, first, state(member.Withdrawn)), b.member(t.developer, rbac.DeveloperAdmin, invited))
		b.same("what is found where none is open", b.lookup(member.Lookup{Workspace: t.developer.ID, First: true}), member.Found{})
		open := b.member(t.developer, rbac.DeveloperAdmin, invited, first, holding(rbac.MiniProgramAdmin.Key(), t.program),
			func(m *member.Member) { m.Invitation.ExpiresAt = now.Add(-time.Hour) })
		b.put(open)
		b.same("what is found", b.lookup(member.Lookup{Workspace: t.developer.ID, First: true}), member.Found{First: open})
		b.same("what is found, not asked for", b.lookup(member.Lookup{Workspace: t.developer.ID}), member.Found{})
	}},
	{"the owners of mini programs", "Programs finds who owns each one that exists, in any workspace, in the order of their ids", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		old := b.program(t.tenant, archived)
		b.put(old)
		ps := kept([]program{t.program, other.program, old}, func(program) bool { return true }, func(p program) id.UUID { return p.ID.UUID })
		var want []member.Program
		for _, p := range ps {
			want = append(want, member.Program{ID: p.ID, Owner: p.Workspace, Tenant: p.Tenant, Archived: p.Status == miniprogram.Archived})
		}
		l := member.Lookup{Programs: []id.MiniProgram{ps[2].ID, {UUID: b.uuid()}, ps[0].ID, ps[1].ID, ps[0].ID}}
		b.same("the owners", b.lookup(l), member.Found{Programs: want})
	}},
	{"what is set", "Settings finds what the workspace and its tenant set: the workspace of the token, if there is one", func(b *bench) {
		t := b.newTown()
		above := workspace.Settings{Recipient: "unsafe_any_account", OwnDecision: true}
		b.put(set{t.tenant.ID, above})
		b.same("what is found", b.lookup(member.Lookup{Workspace: t.developer.ID, Settings: true}), member.Found{Own: t.set.Settings, Above: above})
		b.same("what is found of the tenant", b.lookup(member.Lookup{Workspace: t.tenant.ID, Settings: true}), member.Found{Own: above, Above: above})
		b.same("what is found of no workspace", b.lookup(member.Lookup{Workspace: id.Workspace{UUID: b.uuid()}, Settings: true}), member.Found{})
		b.same("what is found, not asked for", b.lookup(member.Lookup{Workspace: t.developer.ID}), member.Found{})
		got := b.lookup(member.Lookup{Token: t.token.hash, Workspace: t.tenant.ID, Settings: true})
		b.same("what is found by token", []workspace.Settings{got.Own, got.Above}, []workspace.Settings{t.set.Settings, above})
	}},
	{"everything at once", "one Lookup answers all its parts together; a token says which workspace the others look in", func(b *bench) {
		t := b.newTown()
		l := member.Lookup{
			Token: t.token.hash, Emails: []string{t.admin.Email}, Account: t.admin.Account, Admins: true,
			Programs: []id.MiniProgram{t.program.ID},
		}
		want := member.Found{
			Member: t.guest, TokenHash: t.token.hash, Generation: 1, Workspace: t.developer, TenantStatus: workspace.Verified,
			Sender: b.facts(t.admin.Account, rbac.OnWorkspace(t.developer.ID)),
			Open:   []member.Member{t.admin}, Present: t.admin.ID, Admins: 1,
			Programs: []member.Program{{ID: t.program.ID, Owner: t.developer.ID, Tenant: t.tenant.ID}},
		}
		b.same("what is found by token", b.lookup(l), want)
		l.Token, l.Member, l.Workspace = [32]byte{}, t.guest.ID, t.developer.ID
		want.TokenHash, want.Generation, want.Workspace, want.TenantStatus, want.Sender = [32]byte{}, 0, workspace.Workspace{}, 0, rbac.Facts{}
		b.same("what is found by member", b.lookup(l), want)
	}},
}

func (b *bench) lookup(l member.Lookup) member.Found {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) (member.Found, error) { return r.Lookup(ctx, l) })
}

func (b *bench) facts(a id.Account, o rbac.Object) rbac.Facts {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) (rbac.Facts, error) {
		return r.Facts(ctx, rbac.Query{Account: a, Object: o})
	})
}
