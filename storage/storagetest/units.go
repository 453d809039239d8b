package storagetest

import (
	"context"
	"errors"
	"runtime"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
)

// errStop is what a unit of the suite fails with.
var errStop = errors.New("the unit changed its mind")

var units = []testCase{
	{"commit keeps what was written", "an Update whose function returns nil leaves everything it wrote, for every later View", func(b *bench) {
		t := b.town()
		b.ok(b.store.Update(b.Context(), on(), func(ctx context.Context, tx storage.Tx) error {
			return insert(ctx, tx, t.records()...)
		}))
		b.same("the member", read(b, func(ctx context.Context, r storage.Reader) (member.Member, error) {
			return r.Member(ctx, t.admin.ID)
		}), t.admin)
	}},
	{"error leaves nothing", "an Update whose function fails leaves no record, no change and no event, and returns that very error", func(b *bench) {
		t := b.newTown()
		before := b.dump()
		b.is(b.store.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			b.ok(b.change(ctx, tx, t))
			return errStop
		}), errStop)
		b.same("everything stored", b.dump(), before)
	}},
	{"panic leaves nothing", "a function that panics leaves nothing, its panic reaches the caller, and the lock is let go: the next unit runs", func(b *bench) {
		t := b.newTown()
		before := b.dump()
		b.same("the panic", panicOf(func() {
			b.ok(b.store.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
				b.ok(b.change(ctx, tx, t))
				panic("oh no")
			}))
		}), "oh no")
		b.same("everything stored", b.dump(), before)
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return b.change(ctx, tx, t) })
	}},
	{"a goroutine that ends inside leaves nothing", "a test that fails inside a unit ends its goroutine without a panic: the unit is rolled back and the lock is let go all the same", func(b *bench) {
		t := b.newTown()
		before := b.dump()
		ended := make(chan bool)
		go func() {
			defer close(ended)
			_ = b.store.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
				if err := b.change(ctx, tx, t); err != nil {
					b.Errorf("err = %v, want none", err)
				}
				runtime.Goexit()
				return nil
			})
		}()
		wait(b, "a goroutine that ends inside a unit", ended)
		b.same("everything stored", b.dump(), before)
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return b.change(ctx, tx, t) })
	}},
	{"panic in a View reaches the caller", "a View that panics lets its snapshot go and panics on", func(b *bench) {
		for range 20 {
			b.same("the panic", panicOf(func() {
				b.ok(b.store.View(b.Context(), func(context.Context, storage.Reader) error { panic("oh no") }))
			}), "oh no")
		}
		b.newTown()
	}},
	{"error of a View is returned", "a View returns the error of its function as it is", func(b *bench) {
		b.is(b.store.View(b.Context(), func(context.Context, storage.Reader) error { return errStop }), errStop)
	}},
	{"a rerun gives the same", "a unit that was rolled back and runs again finds what it found before and leaves what it would have left", func(b *bench) {
		t := b.newTown()
		var seen, want []string
		for _, end := range []error{errStop, nil} {
			err := b.store.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) (err error) {
				if err := b.change(ctx, tx, t); err != nil {
					return err
				}
				if seen, err = dump(ctx, tx, b.hashes); err != nil {
					return err
				}
				return end
			})
			if !errors.Is(err, end) {
				b.Fatalf("err = %v, want %v", err, end)
			}
			if end != nil {
				want = seen
			}
		}
		b.same("what the second run saw", seen, want)
		b.same("what it left", b.dump(), want)
	}},
	{"a unit reads its writes", "inside an Update every read method sees what the unit wrote, the head of the trail included", func(b *bench) {
		t := b.newTown()
		var inside []string
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) (err error) {
			if err := b.change(ctx, tx, t); err != nil {
				return err
			}
			head, err := tx.Head(ctx, t.developer.ID)
			if err != nil {
				return err
			}
			b.same("the head's place", head.Seq, 2)
			found, err := tx.Lookup(ctx, member.Lookup{Workspace: t.developer.ID, Admins: true})
			if err != nil {
				return err
			}
			b.same("the number of admins", found.Admins, 0)
			f, err := tx.Facts(ctx, rbac.Query{Account: t.admin.Account, Object: rbac.OnMiniProgram(t.program.ID)})
			if err != nil {
				return err
			}
			b.same("the admin's presence", f.Home.Presence, rbac.Blocked)
			taken, err := tx.NameTaken(ctx, t.tenant.ID, "en", "renamed")
			if err != nil {
				return err
			}
			b.same("whether the new name is taken", taken, true)
			inside, err = dump(ctx, tx, b.hashes)
			return err
		})
		b.same("what was seen inside", inside, b.dump())
	}},
	{"a View sees one state", "whatever is committed while a View runs, the View goes on seeing the state it began with; the next one sees the new", func(b *bench) {
		t := b.newTown()
		b.view(func(ctx context.Context, r storage.Reader) error {
			before, err := dump(ctx, r, b.hashes)
			if err != nil {
				return err
			}
			done := make(chan error, 1)
			go func() {
				done <- b.store.Update(context.WithoutCancel(b.Context()), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
					return b.change(ctx, tx, t)
				})
			}()
			b.ok(wait(b, "a unit that commits while a View is open", done))
			after, err := dump(ctx, r, b.hashes)
			b.same("what the View sees", after, before)
			return err
		})
		b.same("the head's place afterwards", read(b, func(ctx context.Context, r storage.Reader) (uint64, error) {
			h, err := r.Head(ctx, t.developer.ID)
			return h.Seq, err
		}), 2)
	}},
	{"a View sees nothing uncommitted", "a View or a question for facts that begins while a unit is open neither waits for it nor sees what it wrote", func(b *bench) {
		t := b.newTown()
		before := b.dump()
		b.is(b.store.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			b.ok(b.change(ctx, tx, t))
			done := make(chan []string, 1)
			go func() {
				var all []string
				err := b.store.View(b.Context(), func(ctx context.Context, r storage.Reader) (err error) {
					all, err = dump(ctx, r, b.hashes)
					return err
				})
				f, ferr := b.store.Facts(b.Context(), rbac.Query{Account: t.admin.Account, Object: rbac.OnWorkspace(t.developer.ID)})
				if err != nil || ferr != nil || f.Home.Presence != rbac.Active {
					b.Errorf("facts = %+v, err = %v, %v, want those before the unit", f, err, ferr)
				}
				done <- all
			}()
			b.same("what a View sees", wait(b, "a View while a unit is open", done), before)
			return errStop
		}), errStop)
	}},
	{"the context is handed on", "the function gets a context made from the caller's: its values and its cancellation", func(b *bench) {
		type key struct{}
		ctx := context.WithValue(b.Context(), key{}, "value")
		check := func(ctx context.Context) {
			b.same("the value", ctx.Value(key{}), "value")
		}
		b.ok(b.store.View(ctx, func(ctx context.Context, _ storage.Reader) error { check(ctx); return nil }))
		b.ok(b.store.Update(ctx, unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
			check(ctx)
			return tx.Nest(ctx, unit.Scope{}, func(ctx context.Context, _ storage.Tx) error { check(ctx); return nil })
		}))
	}},
	{"updates of what is missing create nothing", "replacing a record that was never stored, whether it is an error or not, stores nothing", func(b *bench) {
		t := b.newTown()
		before := b.dump()
		ghost := b.program(t.developer)
		for _, try := range []func(context.Context, storage.Tx) error{
			func(ctx context.Context, tx storage.Tx) error { return tx.UpdateWorkspace(ctx, b.developer(t.tenant)) },
			func(ctx context.Context, tx storage.Tx) error {
				return tx.UpdateMember(ctx, b.member(t.developer, rbac.Operator))
			},
			func(ctx context.Context, tx storage.Tx) error {
				return tx.UpdateMiniProgram(ctx, ghost.MiniProgram, ghost.terms)
			},
			func(ctx context.Context, tx storage.Tx) error { return tx.UpdateVersion(ctx, b.version(ghost)) },
			func(ctx context.Context, tx storage.Tx) error {
				return tx.UpdateRequest(ctx, b.request(t.developer, approval.Removal, rbac.OnMiniProgram(ghost.ID)))
			},
			func(ctx context.Context, tx storage.Tx) error {
				return tx.PutProfile(ctx, ghost.ID, miniprogram.Profile{Category: "food"})
			},
			func(ctx context.Context, tx storage.Tx) error {
				return tx.PutInformation(ctx, ghost.MiniProgram, ghost.information())
			},
			func(ctx context.Context, tx storage.Tx) error { return tx.DeleteInformation(ctx, ghost.ID, "en") },
			func(ctx context.Context, tx storage.Tx) error { return tx.PutLogo(ctx, ghost.ID, []byte{1}) },
			func(ctx context.Context, tx storage.Tx) error { return tx.Attach(ctx, ghost.ID, t.feature.ID, now) },
			func(ctx context.Context, tx storage.Tx) error {
				return tx.Attach(ctx, t.program.ID, id.Feature{UUID: b.uuid()}, now)
			},
			func(ctx context.Context, tx storage.Tx) error { return tx.Detach(ctx, ghost.ID, t.feature.ID) },
			func(ctx context.Context, tx storage.Tx) error { return tx.DeleteHeld(ctx, t.admin.ID, ghost.ID) },
			func(ctx context.Context, tx storage.Tx) error { return tx.UpdateQRCode(ctx, b.code(ghost)) },
			func(ctx context.Context, tx storage.Tx) error {
				return tx.InsertRetarget(ctx, b.code(ghost).ID, t.target.Retarget)
			},
			func(ctx context.Context, tx storage.Tx) error {
				return tx.AddScans(ctx, []qrcode.Scans{{Code: b.code(ghost).ID, Count: 1}})
			},
			func(ctx context.Context, tx storage.Tx) error {
				return tx.PutSettings(ctx, id.Workspace{UUID: b.uuid()}, someSettings())
			},
		} {
			_ = b.update(on(t.developer.ID), try)
		}
		b.same("everything stored", b.dump(), before)
	}},
}

// panicOf returns what fn panics with, nil if it does not.
func panicOf(fn func()) (v any) {
	defer func() { v = recover() }()
	fn()
	return nil
}
