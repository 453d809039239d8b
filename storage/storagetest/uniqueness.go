package storagetest

import (
	"context"
	"strings"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
)

var uniqueness = []testCase{
	{"one open record per e-mail and workspace", "an e-mail that is invited, active or blocked in a workspace is refused there with member.ErrPresent, by the write or by the commit, and nothing is stored (M6)", func(b *bench) {
		t := b.newTown()
		for _, s := range []member.State{member.Invited, member.Active, member.Inactive} {
			first := b.member(t.developer, rbac.Operator, state(s))
			if s == member.Invited {
				invited(&first)
			}
			b.put(first)
			before := b.dump()
			for _, again := range []member.State{member.Invited, member.Active, member.Inactive} {
				second := b.member(t.developer, rbac.Operator, state(again), func(m *member.Member) { m.Email = first.Email })
				if again == member.Invited {
					invited(&second)
				}
				b.about("first %s, second %s", s, again)
				b.taken(b.try(second), member.ErrPresent)
				b.same("everything stored", b.dump(), before)
			}
		}
	}},
	{"an update cannot take an e-mail either", "UpdateMember into an open state, or to another e-mail, meets the same rule", func(b *bench) {
		t := b.newTown()
		old := b.member(t.developer, rbac.Operator, state(member.Withdrawn), func(m *member.Member) { m.Email = t.guest.Email })
		other := b.member(t.developer, rbac.Operator)
		b.put(old, other)
		before := b.dump()
		old.State, other.Email = member.Active, t.guest.Email
		for _, m := range []member.Member{old, other} {
			b.taken(b.update(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateMember(ctx, m) }), member.ErrPresent)
		}
		b.same("everything stored", b.dump(), before)
	}},
	{"an e-mail is free again", "once the record is withdrawn or deleted its e-mail may be invited again; in another workspace it was always free", func(b *bench) {
		t := b.newTown()
		for _, end := range []member.State{member.Withdrawn, member.Deleted} {
			m := b.member(t.developer, rbac.Operator)
			again, elsewhere := m, m
			again.ID, again.Account = id.Member{UUID: b.uuid()}, "u-again"
			elsewhere.ID, elsewhere.Workspace = id.Member{UUID: b.uuid()}, t.tenant.ID
			b.put(m, elsewhere)
			m.State = end
			b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateMember(ctx, m) })
			b.put(again)
			again.State = end
			b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateMember(ctx, again) })
		}
	}},
	{"an e-mail may pass on in one unit", "a unit that withdraws a record and stores another with its e-mail succeeds: that is how an expired invitation is replaced", func(b *bench) {
		t := b.newTown()
		again := t.guest
		again.ID = id.Member{UUID: b.uuid()}
		t.guest.State = member.Withdrawn
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			if err := tx.UpdateMember(ctx, t.guest); err != nil {
				return err
			}
			return tx.InsertMember(ctx, again)
		})
		b.same("the new record", b.find(again.ID), again)
	}},
	{"no e-mail is no e-mail", "records without an e-mail, as first admins entered by account are, do not stand in each other's way", func(b *bench) {
		t := b.newTown()
		for range 3 {
			b.put(b.member(t.developer, rbac.DeveloperAdmin, func(m *member.Member) { m.Email = "" }))
		}
	}},
	{"one present member per account and workspace", "an account that is active or blocked in a workspace is refused there with member.ErrPresent, when stored and when an invitation is accepted (M6)", func(b *bench) {
		t := b.newTown()
		for _, s := range []member.State{member.Active, member.Inactive} {
			m := b.member(t.developer, rbac.Operator, state(s))
			b.put(m)
			before := b.dump()
			for _, again := range []member.State{member.Active, member.Inactive} {
				b.taken(b.try(b.member(t.developer, rbac.Operator, state(again), account(m.Account))), member.ErrPresent)
			}
			accepted := t.guest
			accepted.State, accepted.Account = member.Active, m.Account
			b.taken(b.update(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateMember(ctx, accepted) }), member.ErrPresent)
			b.same("everything stored", b.dump(), before)
		}
	}},
	{"an account is free again", "an account whose record was deleted may come back, and may be in other workspaces all the time; invitations have no account and do not clash", func(b *bench) {
		t := b.newTown()
		t.admin.State = member.Deleted
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateMember(ctx, t.admin) })
		b.put(b.member(t.developer, rbac.DeveloperAdmin, account(t.admin.Account)),
			b.member(t.tenant, rbac.WorkspaceAdmin, account(t.admin.Account)),
			b.member(t.developer, rbac.Operator, state(member.Deleted), account(t.admin.Account)),
			b.member(t.developer, rbac.Operator, invited), b.member(t.developer, rbac.Operator, invited))
	}},
	{"one name per tenant and language", "a folded name that a mini program of the tenant has in a language is refused with miniprogram.ErrNameTaken, in every workspace of the tenant, when stored and when changed (P7)", func(b *bench) {
		t := b.newTown()
		other := b.program(t.developer)
		b.put(other)
		before := b.dump()
		for _, w := range []program{b.program(t.tenant, named("en", t.program.NameKey)), b.program(t.developer, named("en", t.program.NameKey))} {
			b.taken(b.try(w), miniprogram.ErrNameTaken)
		}
		named("en", t.program.NameKey)(&other)
		b.taken(b.update(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			return tx.PutInformation(ctx, other.MiniProgram, other.information())
		}), miniprogram.ErrNameTaken)
		named("zh-Hans", t.inside.information[1].NameKey)(&other)
		b.taken(b.update(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			return tx.PutInformation(ctx, other.MiniProgram, other.information())
		}), miniprogram.ErrNameTaken)
		b.same("everything stored", b.dump(), before)
	}},
	{"a name is free elsewhere and again", "the same name is free in another tenant, in another language, and once the mini program is archived; coming back from the archive meets the rule again", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		key := t.program.NameKey
		b.put(b.program(other.developer, named("en", key)), b.program(t.developer, named("fr", key)), b.program(t.developer, named("en", key), archived),
			b.program(t.developer, named("en", key+" ")), b.program(t.developer, named("en", "T"+key[1:])))
		archived(&t.program)
		replace := func(ctx context.Context, tx storage.Tx) error {
			return tx.UpdateMiniProgram(ctx, t.program.MiniProgram, t.program.terms)
		}
		b.do(on(t.developer.ID), replace)
		b.put(b.program(t.tenant, named("en", key)))
		t.program.Status = miniprogram.InDevelopment
		b.taken(b.update(on(t.developer.ID), replace), miniprogram.ErrNameTaken)
	}},
	{"one request in review for each matter", "a request in review whose open key another one in review of the workspace has is refused with approval.ErrOpen, when stored and when put back; it is free in another workspace, for another kind, object or mini program, and once the other has ended", func(b *bench) {
		t := b.newTown()
		again := t.request
		again.ID = id.Request{UUID: b.uuid()}
		was := b.request(t.developer, t.request.Kind, t.request.Object, ofProgram(t.program), decided(approval.Rejected))
		b.put(was)
		before := b.dump()
		b.taken(b.try(again), approval.ErrOpen)
		reopened := was
		reopened.Status = approval.InReview
		b.taken(b.update(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateRequest(ctx, reopened) }), approval.ErrOpen)
		b.same("everything stored", b.dump(), before)
		other := b.program(t.developer)
		b.put(other, b.request(t.developer, approval.Removal, t.request.Object, ofProgram(t.program)),
			b.request(t.developer, t.request.Kind, rbac.OnVersion(id.Version{UUID: b.uuid()}), ofProgram(t.program)),
			b.request(t.developer, t.request.Kind, t.request.Object, ofProgram(other)),
			b.request(t.developer, t.request.Kind, t.request.Object), b.request(t.tenant, t.request.Kind, t.request.Object))
		decided(approval.Withdrawn)(&t.request)
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			if err := tx.UpdateRequest(ctx, t.request); err != nil {
				return err
			}
			return tx.InsertRequest(ctx, again)
		})
	}},
	{"each account has one application", "an application for a workspace in review keeps out another one of the same account alone, and accounts compare byte by byte", func(b *bench) {
		t := b.newTown()
		apply := func(a id.Account) approval.Request {
			return b.request(t.tenant, approval.DeveloperWorkspace, rbac.OnWorkspace(t.tenant.ID), func(r *approval.Request) { r.Submitter = a })
		}
		long := strings.Repeat("ä", 127)
		for _, a := range []id.Account{"a", "A", "a ", "á", "a\u0301", "ａ", id.Account(long + "1"), id.Account(long + "2")} {
			b.about("account: %q", a)
			b.put(apply(a))
			b.taken(b.try(apply(a)), approval.ErrOpen)
		}
	}},
}

// taken fails unless err is the sentinel, with the kind that goes with it.
func (b *bench) taken(err error, sentinel error) {
	b.Helper()
	b.is(err, sentinel)
	b.same("the kind of the error", fault.KindOf(err), fault.ErrExists)
}

// named returns a change of name.
func named(language, key string) func(*program) {
	return func(p *program) { p.Language, p.Name, p.NameKey, p.terms = language, key, key, []string{key} }
}
