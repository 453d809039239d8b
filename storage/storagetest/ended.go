package storagetest

import (
	"context"
	"errors"
	"reflect"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

var ended = []testCase{
	{"a transaction ends with its unit", "whoever keeps a transaction gets storage.ErrEnded for every call, whether the unit succeeded or failed, and changes nothing", func(b *bench) {
		t := b.newTown()
		before := b.dump()
		for _, end := range []error{nil, errStop} {
			var kept storage.Tx
			b.is(b.store.Update(b.Context(), on(t.developer.ID), func(_ context.Context, tx storage.Tx) error {
				kept = tx
				return end
			}), end)
			b.about("a unit that ended with %v", end)
			over[storage.Tx](b, b.Context(), kept, t)
		}
		b.same("everything stored", b.dump(), before)
	}},
	{"a snapshot ends with its View", "whoever keeps a snapshot gets storage.ErrEnded for every call, whether the View succeeded or failed", func(b *bench) {
		t := b.newTown()
		for _, end := range []error{nil, errStop} {
			var kept storage.Reader
			b.is(b.store.View(b.Context(), func(_ context.Context, r storage.Reader) error {
				kept = r
				return end
			}), end)
			b.about("a View that ended with %v", end)
			over[storage.Reader](b, b.Context(), kept, t)
		}
	}},
	{"a nested transaction ends with its own unit", "whoever keeps the transaction of a nested unit gets storage.ErrEnded for every call as soon as that unit has ended, and changes nothing in the unit around it, which goes on", func(b *bench) {
		t := b.newTown()
		for _, end := range []error{nil, errStop} {
			m := b.member(t.developer, rbac.Operator)
			b.ok(b.store.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
				before, err := dump(ctx, tx, b.hashes)
				b.ok(err)
				var kept storage.Tx
				b.is(tx.Nest(ctx, on(t.developer.ID), func(_ context.Context, tx storage.Tx) error {
					kept = tx
					return end
				}), end)
				b.about("a nested unit that ended with %v", end)
				over[storage.Tx](b, ctx, kept, t)
				after, err := dump(ctx, tx, b.hashes)
				b.ok(err)
				b.same("everything the outer unit sees", after, before)
				return insert(ctx, tx, m)
			}))
			b.same("who is stored", b.present(m.ID), []bool{true})
		}
	}},
}

// over fails unless every method of a transaction or snapshot answers that its
// unit has ended. They are asked about what is in the town, and change that.
func over[T any](b *bench, ctx context.Context, kept T, t town) {
	b.Helper()
	next := b.program(t.developer)
	t.admin.State, t.version.Status = member.Deleted, miniprogram.Released
	t.link.RevokedAt = now
	t.feature.Retired, t.api.Description, t.code.Name = true, "", "Changed"
	decided(approval.Approved)(&t.request)
	for m := range reflect.TypeFor[T]().Methods() {
		if !m.IsExported() {
			continue
		}
		err := call(ctx, kept, m, t.developer.ID, t.program.ID, t.admin.ID, t.admin.Account, plenty,
			t.developer, t.admin, next.MiniProgram, t.version, t.code, b.event(t.developer, 2),
			rbac.Query{Account: t.admin.Account, Object: rbac.OnWorkspace(t.developer.ID)},
			rbac.HeldProgram{MiniProgram: t.program.ID, Owner: t.developer.ID},
			audit.Query{Workspace: t.developer.ID, Limit: plenty}, workspace.Query{Limit: plenty}, member.Query{Limit: plenty},
			miniprogram.Query{Filter: everything(), Limit: plenty}, member.Lookup{Member: t.admin.ID},
			t.request, t.request.ID, approval.Query{Limit: plenty}, t.feature, t.feature.ID, t.api, t.api.ID,
			feature.Query{Tenant: t.tenant.ID, Limit: plenty}, feature.Lookup{Tenant: t.tenant.ID, Feature: t.feature.ID},
			miniprogram.Subject{MiniProgram: t.program.ID}, miniprogram.VersionQuery{MiniProgram: t.program.ID, Limit: plenty},
			miniprogram.EligibleQuery{Workspace: t.developer.ID, Limit: plenty}, miniprogram.Profile{},
			t.short.ID, qrcode.Query{MiniProgram: t.program.ID, Limit: plenty}, qrcode.Retarget{Revision: 2}, []qrcode.Scans{{Code: t.short.ID, Count: 1}},
			t.link.Link, t.link.ID, member.RunQuery{Workspace: t.developer.ID, Key: "k"}, member.Run{Workspace: t.developer.ID, Key: "k", Digest: t.link.hash},
			[]member.RunRow{{Row: 1, Member: t.admin.ID}}, member.LinkQuery{Workspace: t.developer.ID, Limit: plenty}, t.inside.information[0], "zh-Hans", []byte{1}, workspace.Settings{}, now,
			signin.Credential{Member: t.admin.ID, Hash: "a"}, signin.Attempts{Workspace: t.developer.ID, Failures: 1}, signin.Default{Hash: "a"},
			denialOf(t.developer, 1), audit.DenialQuery{Workspace: t.developer.ID, Limit: plenty})
		if !errors.Is(err, storage.ErrEnded) {
			b.Errorf("%s: err = %v, want storage.ErrEnded%s", m.Name, err, b.told)
		}
	}
}
