package storagetest

import (
	"context"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
)

var scopes = []testCase{
	{"events go to workspaces of the scope only", "an event in a workspace that the unit has not locked could overtake another: it is refused with storage.ErrScope and nothing is stored", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		before := b.dump()
		for name, s := range map[string]unit.Scope{
			"no scope":                          {},
			"another workspace":                 on(other.developer.ID),
			"the tenant of the workspace":       on(t.tenant.ID),
			"an object of another workspace":    {Query: rbac.Query{Object: rbac.OnMiniProgram(other.program.ID)}},
			"an account that is a member there": {Query: rbac.Query{Account: t.admin.Account}},
			"a token of another workspace":      {Token: other.token.hash},
			"a token that nobody has":           {Token: [32]byte{1}},
			"an object that does not exist":     {Query: rbac.Query{Object: rbac.OnMember(b.member(t.developer, rbac.Operator).ID)}},
		} {
			err := b.update(s, func(ctx context.Context, tx storage.Tx) error { return tx.AppendEvent(ctx, b.event(t.developer, 2)) })
			b.about("scope: %s", name)
			b.is(err, storage.ErrScope)
		}
		for _, o := range []rbac.Object{rbac.OnWorkspace(t.developer.ID), rbac.OnMiniProgram(t.program.ID), rbac.OnMember(t.admin.ID)} {
			b.about("scope: an object of the tenant's developer workspace, event: the tenant's")
			b.is(b.update(unit.Scope{Query: rbac.Query{Object: o}}, func(ctx context.Context, tx storage.Tx) error {
				return tx.AppendEvent(ctx, b.event(t.tenant, 1))
			}), storage.ErrScope)
		}
		b.same("everything stored", b.dump(), before)
	}},
	{"every way to name a workspace", "a scope names a workspace by its id, by an object in it, or by a token of an invitation into it; naming it twice is once", func(b *bench) {
		t := b.newTown()
		object := func(o rbac.Object) unit.Scope {
			return unit.Scope{Query: rbac.Query{Account: "u-nobody", Object: o}}
		}
		both := object(rbac.OnQRCode(t.code.ID))
		both.Token, both.Workspaces = t.token.hash, on(t.developer.ID, t.tenant.ID, t.developer.ID).Workspaces
		for i, s := range []unit.Scope{
			on(t.developer.ID),
			object(rbac.OnWorkspace(t.developer.ID)),
			object(rbac.OnMiniProgram(t.program.ID)),
			object(rbac.OnMember(t.admin.ID)),
			object(rbac.OnMember(t.guest.ID)),
			object(rbac.OnVersion(t.version.ID)),
			object(rbac.OnQRCode(t.code.ID)),
			{Token: t.token.hash},
			both,
		} {
			b.do(s, func(ctx context.Context, tx storage.Tx) error {
				return tx.AppendEvent(ctx, b.event(t.developer, uint64(i+2)))
			})
		}
		b.do(both, func(ctx context.Context, tx storage.Tx) error { return tx.AppendEvent(ctx, b.event(t.tenant, 1)) })
	}},
	{"an older token still names its workspace", "a link that was replaced is recognised: its token locks the workspace like the new one", func(b *bench) {
		t := b.newTown()
		t.guest.Invitation.Generation = 2
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateMember(ctx, t.guest) })
		b.do(unit.Scope{Token: t.token.hash}, func(ctx context.Context, tx storage.Tx) error { return tx.AppendEvent(ctx, b.event(t.developer, 2)) })
	}},
	{"a scope that finds nothing is no error", "ids that do not exist lock nothing; the unit runs, so that the verb can say what was not found", func(b *bench) {
		t := b.town()
		s := unit.Scope{Query: rbac.Query{Account: "u-1", Object: rbac.OnVersion(t.version.ID)}, Token: [32]byte{9}, Workspaces: on(t.tenant.ID).Workspaces}
		runs := 0
		b.ok(b.store.Update(b.Context(), s, func(ctx context.Context, tx storage.Tx) error {
			runs++
			return tx.Nest(ctx, s, func(context.Context, storage.Tx) error { runs++; return nil })
		}))
		b.same("the runs", runs, 2)
	}},
	{"what a unit creates is in its scope", "a unit that stores a workspace may append to its trail at once, and so may a unit nested in it afterwards", func(b *bench) {
		t := b.town()
		b.do(on(), func(ctx context.Context, tx storage.Tx) error {
			if err := insert(ctx, tx, t.tenant, b.event(t.tenant, 1)); err != nil {
				return err
			}
			return tx.Nest(ctx, on(t.tenant.ID), func(ctx context.Context, tx storage.Tx) error {
				return insert(ctx, tx, b.event(t.tenant, 2), t.developer, b.event(t.developer, 1))
			})
		})
	}},
	{"a nested unit adds its scope", "a nested unit locks the workspaces of its own scope beside those that are locked already", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			return tx.Nest(ctx, unit.Scope{Query: rbac.Query{Object: rbac.OnMiniProgram(other.program.ID)}}, func(ctx context.Context, tx storage.Tx) error {
				return insert(ctx, tx, b.event(other.developer, 2), b.event(t.developer, 2))
			})
		})
		b.is(b.update(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			return tx.Nest(ctx, on(other.developer.ID), func(ctx context.Context, tx storage.Tx) error {
				return tx.AppendEvent(ctx, b.event(other.tenant, 1))
			})
		}), storage.ErrScope)
	}},
	{"a nested unit that fails lets its scope go", "what a nested unit locked or created is not in the scope of the unit around it if it fails", func(b *bench) {
		t, other, lost := b.newTown(), b.newTown(), b.tenant()
		before := b.dump()
		for w, e := range map[string]audit.Event{"locked": b.event(other.developer, 2), "created": b.event(lost, 1)} {
			b.about("a workspace that the nested unit %s", w)
			b.is(b.update(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
				b.is(tx.Nest(ctx, on(other.developer.ID), func(ctx context.Context, tx storage.Tx) error {
					b.ok(insert(ctx, tx, lost))
					return errStop
				}), errStop)
				return tx.AppendEvent(ctx, e)
			}), storage.ErrScope)
		}
		b.same("everything stored", b.dump(), before)
	}},
}
