package storagetest

import (
	"context"
	"sync"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
)

var contexts = []testCase{
	{"cancelled before the start", "a call with a context that is done does nothing and returns context.Canceled; its function is not run", func(b *bench) {
		t := b.newTown()
		before := b.dump()
		ctx, cancel := context.WithCancel(b.Context())
		cancel()
		b.is(b.store.View(ctx, func(context.Context, storage.Reader) error { b.Error("the View ran"); return nil }), context.Canceled)
		b.is(b.store.Update(ctx, on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			b.Error("the Update ran")
			return b.change(ctx, tx, t)
		}), context.Canceled)
		_, err := b.store.Facts(ctx, rbac.Query{Account: t.admin.Account, Object: rbac.OnWorkspace(t.developer.ID)})
		b.is(err, context.Canceled)
		b.same("everything stored", b.dump(), before)
	}},
	{"cancelled while waiting", "an Update that waits for another unit's lock returns context.Canceled when its context is cancelled, not when the other unit ends", func(b *bench) {
		t := b.newTown()
		parent, cancel := context.WithCancel(b.Context())
		defer cancel()
		ctx := &watched{Context: parent, asked: make(chan struct{})}
		b.ok(b.store.Update(b.Context(), on(t.developer.ID), func(inside context.Context, tx storage.Tx) error {
			// Writing first, because some engines lock no earlier.
			b.ok(tx.AppendEvent(inside, b.event(t.developer, 2)))
			done := make(chan error, 1)
			go func() {
				done <- b.store.Update(ctx, on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
					return b.change(ctx, tx, t)
				})
			}()
			select {
			case <-ctx.asked:
			case <-time.After(50 * time.Millisecond):
				// A store that never asks will not return either.
			}
			cancel()
			b.is(wait(b, "an Update whose context was cancelled while another unit holds the lock", done), context.Canceled)
			return nil
		}))
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.AppendEvent(ctx, b.event(t.developer, 3)) })
	}},
	{"cancelled before the end", "a unit whose context is cancelled before its function returns is rolled back and returns context.Canceled, although the function returned nil: whoever gave up must not find it done", func(b *bench) {
		t := b.newTown()
		before := b.dump()
		ctx, cancel := context.WithCancel(b.Context())
		b.is(b.store.Update(ctx, on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			b.ok(b.change(ctx, tx, t))
			cancel()
			return nil
		}), context.Canceled)
		b.same("everything stored", b.dump(), before)
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return b.change(ctx, tx, t) })
	}},
	{"cancelled before the end of a nested unit", "a nested unit whose own context is cancelled before its function returns is rolled back and returns context.Canceled; the unit around it goes on", func(b *bench) {
		t := b.newTown()
		first, lost, last := b.member(t.developer, rbac.Operator), b.member(t.developer, rbac.Operator), b.member(t.developer, rbac.Operator)
		b.ok(b.store.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			b.ok(insert(ctx, tx, first))
			own, cancel := context.WithCancel(ctx)
			b.is(tx.Nest(own, on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
				b.ok(insert(ctx, tx, lost))
				cancel()
				return nil
			}), context.Canceled)
			return insert(ctx, tx, last)
		}))
		b.same("who is stored", b.present(first.ID, lost.ID, last.ID), []bool{true, false, true})
	}},
	{"no unit inside a unit", "Facts, View and Update refuse a context that belongs to a unit of the same store with storage.ErrNested: they would wait for it, or not see what it wrote", func(b *bench) {
		t := b.newTown()
		check := func(ctx context.Context) {
			_, err := b.store.Facts(ctx, rbac.Query{Account: t.admin.Account, Object: rbac.OnWorkspace(t.developer.ID)})
			b.is(err, storage.ErrNested)
			b.is(b.store.View(ctx, func(context.Context, storage.Reader) error { return nil }), storage.ErrNested)
			b.is(b.store.Update(ctx, on(), func(context.Context, storage.Tx) error { return nil }), storage.ErrNested)
		}
		b.view(func(ctx context.Context, _ storage.Reader) error {
			check(ctx)
			inner, cancel := context.WithCancel(ctx)
			defer cancel()
			check(inner)
			return nil
		})
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			check(ctx)
			return tx.Nest(ctx, on(), func(ctx context.Context, _ storage.Tx) error { check(ctx); return nil })
		})
	}},
	{"a unit of another store is another matter", "the mark of a unit names its store: inside it, units of other stores run", func(b *bench) {
		t := b.town()
		other := b.open(b.T)[0]
		b.do(on(), func(ctx context.Context, tx storage.Tx) error {
			if err := insert(ctx, tx, t.tenant); err != nil {
				return err
			}
			return other.View(ctx, func(ctx context.Context, r storage.Reader) error {
				_, err := r.Member(ctx, id.Member{})
				if err == nil {
					b.Error("a member of nobody was found")
				}
				return nil
			})
		})
	}},
}

// watched is a context that tells when somebody begins to wait for its end.
type watched struct {
	context.Context
	once  sync.Once
	asked chan struct{}
}

func (w *watched) Done() <-chan struct{} {
	w.once.Do(func() { close(w.asked) })
	return w.Context.Done()
}
