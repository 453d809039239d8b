package storagetest

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/storage"
)

var deliveries = []testCase{
	{"a handler begins where it wants to", "a new handler is given what comes, or what there is too if it begins at the start; to register one again changes nothing", func(b *bench) {
		t := b.newTown()
		b.register("late", false)
		b.register("early", true)
		b.same("what is new", b.claim("late", now, 9), nil)
		b.same("what there is", b.claim("early", now, 9), []delivery.Claimed{{Workspace: t.developer.ID}})
		b.register("late", true)
		b.same("what is new", b.claim("late", now, 9), nil)
		b.put(b.event(t.developer, 2), b.event(t.tenant, 1))
		b.same("what came", b.sorted(b.claim("late", now, 9)), b.sorted([]delivery.Claimed{{Workspace: t.developer.ID, Seq: 1}, {Workspace: t.tenant.ID}}))
		b.same("what came for the other", b.claim("early", now, 9), []delivery.Claimed{{Workspace: t.tenant.ID}})
	}},
	{"a lease keeps others out until it ends", "a workspace that was claimed is not claimed again for the same handler before the lease has ended, or was let go", func(b *bench) {
		t := b.newTown()
		b.register("a", true)
		lease := b.uuid()
		want := []delivery.Claimed{{Workspace: t.developer.ID}}
		b.same("the first", b.claims("a", lease, now, 9), want)
		b.same("before the end", b.claim("a", now.Add(minute-time.Microsecond), 9), nil)
		next := b.uuid()
		b.same("at the end", b.claims("a", next, now.Add(minute), 9), want)
		b.is(b.save(delivery.Progress{Handler: "a", Workspace: t.developer.ID, Lease: lease, Seq: 1, DueAt: now}), delivery.ErrLease)
		b.ok(b.save(delivery.Progress{Handler: "a", Workspace: t.developer.ID, Lease: next, Attempts: 2, DueAt: now, Until: now.Add(9 * minute)}))
		b.same("before the new end", b.claim("a", now.Add(8*minute), 9), nil)
		b.ok(b.save(delivery.Progress{Handler: "a", Workspace: t.developer.ID, Lease: next, Attempts: 3, DueAt: now}))
		b.is(b.save(delivery.Progress{Handler: "a", Workspace: t.developer.ID, Lease: next, Seq: 1, DueAt: now}), delivery.ErrLease)
		b.same("let go", b.claim("a", now, 9), []delivery.Claimed{{Workspace: t.developer.ID, Attempts: 3}})
	}},
	{"no lease, no progress", "progress of somebody who has no lease is refused, also where nobody has one", func(b *bench) {
		t := b.newTown()
		b.register("a", false)
		b.register("b", true)
		for _, p := range []delivery.Progress{
			{Handler: "a", Workspace: t.developer.ID, Lease: b.uuid()}, {Handler: "a", Workspace: t.developer.ID},
			{Handler: "b", Workspace: t.developer.ID, Lease: b.uuid()}, {Handler: "b", Workspace: t.developer.ID},
			{Handler: "nobody", Workspace: id.Workspace{UUID: b.uuid()}, Lease: b.uuid()},
		} {
			b.is(b.save(p), delivery.ErrLease)
		}
	}},
	{"progress is kept", "a workspace whose events a handler has had is not claimed until there are more, nor before it is due", func(b *bench) {
		t := b.newTown()
		b.register("a", true)
		b.have("a", now, delivery.Progress{Seq: 1, DueAt: now.Add(minute)})
		b.same("all had", b.claim("a", now.Add(9*minute), 9), nil)
		b.put(b.event(t.developer, 2))
		b.same("not due", b.claim("a", now.Add(minute-time.Microsecond), 9), nil)
		b.same("due", b.claim("a", now.Add(minute), 9), []delivery.Claimed{{Workspace: t.developer.ID, Seq: 1}})
	}},
	{"the earliest comes first", "those that were due first are claimed first, before them those that had nothing yet, as many as the limit", func(b *bench) {
		towns := []town{b.newTown(), b.newTown(), b.newTown(), b.newTown()}
		b.register("a", true)
		lease := b.uuid()
		b.same("all", len(b.claims("a", lease, now, 9)), 4)
		for i, due := range []int{3, 1, 2} {
			b.ok(b.save(delivery.Progress{Handler: "a", Workspace: towns[i].developer.ID, Lease: lease, DueAt: now.Add(time.Duration(due) * time.Second)}))
		}
		b.put(b.event(towns[3].tenant, 1))
		want := []delivery.Claimed{{Workspace: towns[3].tenant.ID}, {Workspace: towns[1].developer.ID}, {Workspace: towns[2].developer.ID}}
		b.same("the first", b.claim("a", now.Add(minute/2), 3), want)
		b.same("the rest", b.claim("a", now.Add(minute/2), 3), []delivery.Claimed{{Workspace: towns[0].developer.ID}})
	}},
	{"rest loses nothing", "RestDeliveries hides no workspace of which a handler, old or new, has not had all, or has dead letters to try again; a new event ends the rest", func(b *bench) {
		t := b.newTown()
		rest := func() {
			b.Helper()
			b.do(on(), func(ctx context.Context, tx storage.Tx) error { return tx.RestDeliveries(ctx, plenty) })
		}
		rest()
		b.register("a", true)
		b.register("b", true)
		b.have("a", now, delivery.Progress{Seq: 1, DueAt: now})
		rest()
		b.same("what the other has not had", b.claim("b", now, 9), []delivery.Claimed{{Workspace: t.developer.ID}})
		b.have("b", now.Add(minute), delivery.Progress{Seq: 1, DueAt: now})
		rest()
		b.register("c", true)
		b.same("what a new one has not had", b.claim("c", now, 9), []delivery.Claimed{{Workspace: t.developer.ID}})
		b.have("c", now.Add(minute), delivery.Progress{Seq: 1, DueAt: now})
		b.letter(delivery.DeadLetter{Handler: "a", Workspace: t.developer.ID, Seq: 1, FailedAt: now, Again: true})
		b.put(b.event(t.developer, 2))
		for _, h := range []string{"a", "b", "c"} {
			b.have(h, now.Add(minute), delivery.Progress{Seq: 2, DueAt: now})
		}
		rest()
		b.same("what is to be tried again", b.claim("a", now.Add(minute), 9), []delivery.Claimed{{Workspace: t.developer.ID, Seq: 2}})
		b.same("what all have had", b.claim("b", now.Add(minute), 9), nil)
		rest()
		b.put(b.event(t.developer, 3))
		b.same("what came", b.claim("b", now.Add(minute), 9), []delivery.Claimed{{Workspace: t.developer.ID, Seq: 2}})
	}},
	{"dead letters come back", "dead letters are kept as they are, one for each handler, workspace and place; they come in the order of workspace and place, of one handler, and of one workspace or those to be tried again if that is wanted", func(b *bench) {
		spaces := []id.Workspace{b.newTown().developer.ID, b.newTown().developer.ID, b.newTown().developer.ID}
		var all []delivery.DeadLetter
		for _, h := range []string{"a", "ab"} {
			b.register(h, true)
			for _, w := range spaces {
				for _, seq := range []uint64{1, 2, 256, 1 << 40} {
					all = append(all, delivery.DeadLetter{
						Handler: h, Workspace: w, Seq: seq, Attempts: b.rand.IntN(9), Error: strings.Repeat("咖 ", b.rand.IntN(50)), FailedAt: now, Again: b.sometimes(),
					})
				}
			}
		}
		first := all[0]
		first.Error, first.Attempts, first.FailedAt, first.Again = "was", 99, now.Add(time.Hour), !first.Again
		b.letter(append([]delivery.DeadLetter{first}, all...)...)
		slices.SortFunc(all, func(x, y delivery.DeadLetter) int {
			return 2*x.Workspace.Compare(y.Workspace.UUID) + int(min(max(int64(x.Seq)-int64(y.Seq), -1), 1))
		})
		for range 100 {
			q := delivery.Query{Handler: one(b, []string{"a", "ab", "nobody"}), Again: b.sometimes(), Limit: 1 + b.rand.IntN(9)}
			if b.sometimes() {
				q.Workspace = one(b, spaces)
			}
			if b.sometimes() {
				q.AfterWorkspace, q.AfterSeq = one(b, spaces), one(b, []uint64{0, 1, 2, 255, 256, 1 << 40, 1<<63 + 5})
			}
			want := only(all, func(l delivery.DeadLetter) bool {
				behind := l.Workspace.Compare(q.AfterWorkspace.UUID)
				return l.Handler == q.Handler && zeroOr(q.Workspace, l.Workspace) && (l.Again || !q.Again) && (behind > 0 || behind == 0 && l.Seq > q.AfterSeq)
			})
			b.about("query: %+v", q)
			b.same("the dead letters", b.letters(q), want[:min(len(want), q.Limit)])
		}
		gone := all[0]
		for range 2 {
			b.do(on(), func(ctx context.Context, tx storage.Tx) error {
				return tx.DeleteDeadLetter(ctx, gone.Handler, gone.Workspace, gone.Seq)
			})
		}
		b.same("the others", b.letters(delivery.Query{Handler: gone.Handler, Limit: plenty}), only(all[1:], func(l delivery.DeadLetter) bool { return l.Handler == gone.Handler }))
	}},
}

// deliveryRaces are the cases about concurrency for deliveries.
var deliveryRaces = []testCase{
	{"one gets the lease", "of many who claim the same workspaces at once, each workspace goes to one: nobody else delivers at the same time", func(b *bench) {
		towns := []town{b.newTown(), b.newTown(), b.newTown()}
		b.register("a", true)
		got := make([][]delivery.Claimed, many)
		b.winners(b.race(many, func(i int, s storage.Store) error {
			lease := id.New()
			return s.Update(b.Context(), on(), func(ctx context.Context, tx storage.Tx) (err error) {
				got[i], err = tx.ClaimDeliveries(ctx, delivery.Claim{Handler: "a", Lease: lease, Now: now, Until: now.Add(minute), Limit: 2})
				return err
			})
		}), many, nil)
		claimed := map[id.Workspace]int{}
		for _, c := range slices.Concat(got...) {
			claimed[c.Workspace]++
		}
		for w, n := range claimed {
			if n != 1 {
				b.Fatalf("%d have a lease on workspace %v, want one", n, w)
			}
		}
		if len(claimed) == 0 || len(claimed) > len(towns) {
			b.Fatalf("%d workspaces were claimed, want 1 to %d", len(claimed), len(towns))
		}
	}},
	{"a rest that meets an event loses nothing", "RestDeliveries at the same time as an event is appended leaves the workspace to be claimed", func(b *bench) {
		t := b.newTown()
		b.register("a", false)
		for seq := uint64(2); seq < 8; seq++ {
			b.winners(b.race(3, func(i int, s storage.Store) error {
				if i == 0 {
					return s.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
						return tx.AppendEvent(ctx, b.event(t.developer, seq))
					})
				}
				return s.Update(b.Context(), on(), func(ctx context.Context, tx storage.Tx) error { return tx.RestDeliveries(ctx, plenty) })
			}), 3, nil)
			b.have("a", now, delivery.Progress{Seq: seq, DueAt: now})
		}
	}},
}

const minute = time.Minute

func (b *bench) register(handler string, fromStart bool) {
	b.Helper()
	b.do(on(), func(ctx context.Context, tx storage.Tx) error {
		return tx.RegisterHandler(ctx, delivery.Registration{Handler: handler, At: now, FromStart: fromStart})
	})
}

// claim takes leases of a minute for somebody.
func (b *bench) claim(handler string, at time.Time, limit int) []delivery.Claimed {
	b.Helper()
	return b.claims(handler, b.uuid(), at, limit)
}

func (b *bench) claims(handler string, lease id.UUID, at time.Time, limit int) (claimed []delivery.Claimed) {
	b.Helper()
	b.do(on(), func(ctx context.Context, tx storage.Tx) (err error) {
		claimed, err = tx.ClaimDeliveries(ctx, delivery.Claim{Handler: handler, Lease: lease, Now: at, Until: at.Add(minute), Limit: limit})
		return err
	})
	return claimed
}

func (b *bench) save(p delivery.Progress) error {
	return b.update(on(), func(ctx context.Context, tx storage.Tx) error { return tx.SaveDelivery(ctx, p) })
}

// have claims the one workspace there is to claim, and lets it go with the progress.
func (b *bench) have(handler string, at time.Time, p delivery.Progress) {
	b.Helper()
	lease := b.uuid()
	claimed := b.claims(handler, lease, at, 9)
	if len(claimed) != 1 {
		b.Fatalf("%d workspaces were claimed for %s, want one", len(claimed), handler)
	}
	p.Handler, p.Workspace, p.Lease = handler, claimed[0].Workspace, lease
	b.ok(b.save(p))
}

func (b *bench) letter(letters ...delivery.DeadLetter) {
	b.Helper()
	b.do(on(), func(ctx context.Context, tx storage.Tx) error {
		for _, l := range letters {
			if err := tx.PutDeadLetter(ctx, l); err != nil {
				return err
			}
		}
		return nil
	})
}

func (b *bench) letters(q delivery.Query) []delivery.DeadLetter {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) ([]delivery.DeadLetter, error) {
		return r.DeadLetters(ctx, q)
	})
}

// sorted is a list of claims in the order of the workspaces.
func (b *bench) sorted(list []delivery.Claimed) []delivery.Claimed {
	return slices.SortedFunc(slices.Values(list), func(x, y delivery.Claimed) int { return x.Workspace.Compare(y.Workspace.UUID) })
}
