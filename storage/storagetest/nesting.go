package storagetest

import (
	"context"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
)

var nesting = []testCase{
	{"inner failure leaves the outer's work", "a nested unit that fails leaves nothing of its own and everything of the unit around it, which may go on and commit", func(b *bench) {
		t := b.newTown()
		first, last, lost := b.member(t.developer, rbac.Operator), b.member(t.developer, rbac.Operator), b.member(t.developer, rbac.Operator)
		b.ok(b.store.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			b.ok(insert(ctx, tx, first))
			before, err := dump(ctx, tx, b.hashes)
			b.ok(err)
			b.is(tx.Nest(ctx, on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
				b.ok(b.change(ctx, tx, t))
				b.ok(insert(ctx, tx, lost))
				return errStop
			}), errStop)
			after, err := dump(ctx, tx, b.hashes)
			b.ok(err)
			b.same("everything the outer unit sees", after, before)
			return insert(ctx, tx, last)
		}))
		b.same("who is stored", b.present(first.ID, last.ID, lost.ID), []bool{true, true, false})
	}},
	{"inner success ends with the outer", "what a nested unit wrote is the outer unit's: it is gone if that one fails", func(b *bench) {
		t := b.newTown()
		before := b.dump()
		b.is(b.store.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			b.ok(tx.Nest(ctx, on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return b.change(ctx, tx, t) }))
			return errStop
		}), errStop)
		b.same("everything stored", b.dump(), before)
	}},
	{"inner and outer share one state", "a nested unit sees what the outer one wrote, and the outer one what the nested one did; both are stored by one commit", func(b *bench) {
		t := b.newTown()
		outer, inner := b.member(t.developer, rbac.Operator), b.member(t.developer, rbac.Operator)
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			if err := insert(ctx, tx, outer, b.event(t.developer, 2)); err != nil {
				return err
			}
			err := tx.Nest(ctx, on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
				if _, err := tx.Member(ctx, outer.ID); err != nil {
					return err
				}
				return insert(ctx, tx, inner, b.event(t.developer, 3))
			})
			if err != nil {
				return err
			}
			head, err := tx.Head(ctx, t.developer.ID)
			b.same("the head's place", head.Seq, 3)
			if err != nil {
				return err
			}
			_, err = tx.Member(ctx, inner.ID)
			return err
		})
		b.same("who is stored", b.present(outer.ID, inner.ID), []bool{true, true})
	}},
	{"nesting goes deeper", "a unit three deep fails alone: what the two around it wrote stays", func(b *bench) {
		t := b.newTown()
		p := []id.Member{}
		b.ok(b.store.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			add := func(ctx context.Context, tx storage.Tx) {
				m := b.member(t.developer, rbac.Operator)
				p = append(p, m.ID)
				b.ok(insert(ctx, tx, m))
			}
			add(ctx, tx)
			b.ok(tx.Nest(ctx, unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
				add(ctx, tx)
				b.is(tx.Nest(ctx, unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
					add(ctx, tx)
					return errStop
				}), errStop)
				add(ctx, tx)
				return nil
			}))
			return nil
		}))
		b.same("who is stored", b.present(p...), []bool{true, true, false, true})
	}},
	{"panic inside leaves nothing inside", "a nested unit that panics is rolled back like one that fails, even if the outer one catches the panic and commits", func(b *bench) {
		t := b.newTown()
		first, lost := b.member(t.developer, rbac.Operator), b.member(t.developer, rbac.Operator)
		b.ok(b.store.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			b.ok(insert(ctx, tx, first))
			b.same("the panic", panicOf(func() {
				_ = tx.Nest(ctx, on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
					b.ok(insert(ctx, tx, lost))
					panic("oh no")
				})
			}), "oh no")
			return nil
		}))
		b.same("who is stored", b.present(first.ID, lost.ID), []bool{true, false})
	}},
	{"a refused write inside ends only the inner unit", "a write that the store refuses fails the nested unit it stands in; the outer one goes on, as a batch does that sends the valid ones", func(b *bench) {
		t := b.newTown()
		last := b.member(t.developer, rbac.Operator)
		b.ok(b.store.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			again := t.guest
			again.ID = id.Member{UUID: b.uuid()}
			err := tx.Nest(ctx, on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return insert(ctx, tx, again) })
			if err == nil {
				b.Fatal("err = nil, want one for an e-mail that is taken: a nested unit must not succeed with a write that was refused")
			}
			return insert(ctx, tx, last)
		}))
		b.same("who is stored", b.present(last.ID), []bool{true})
	}},
	{"a store over a unit is that unit", "storage.Within joins a verb to an open unit: its Update nests, its View sees what was written", func(b *bench) {
		t := b.newTown()
		m := b.member(t.developer, rbac.Operator)
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			s := storage.Within(tx)
			if err := s.Update(ctx, on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return insert(ctx, tx, m) }); err != nil {
				return err
			}
			f, err := s.Facts(ctx, rbac.Query{Account: m.Account, Object: rbac.OnWorkspace(t.developer.ID)})
			b.same("the new member's presence", f.Home.Presence, rbac.Active)
			if err != nil {
				return err
			}
			return s.View(ctx, func(ctx context.Context, r storage.Reader) error {
				_, err := r.Member(ctx, m.ID)
				return err
			})
		})
		b.same("who is stored", b.present(m.ID), []bool{true})
	}},
}

// present tells which members are stored.
func (b *bench) present(ids ...id.Member) []bool {
	b.Helper()
	found := make([]bool, len(ids))
	b.view(func(ctx context.Context, r storage.Reader) error {
		for i, m := range ids {
			got, err := r.Member(ctx, m)
			found[i] = err == nil && got.ID == m
		}
		return nil
	})
	return found
}
