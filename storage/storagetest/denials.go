package storagetest

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

var denials = []testCase{
	{"a denial is kept and replaced", "PutDenial keeps every field, and replaces all but the place of what was there; a workspace without denials has none, and one that does not exist neither", func(b *bench) {
		t := b.newTown()
		b.same("none", b.denials(audit.DenialQuery{Workspace: t.developer.ID, Limit: plenty}), nil)
		b.same("none of nowhere", b.denials(audit.DenialQuery{Workspace: id.Workspace{UUID: b.uuid()}, Limit: plenty}), nil)
		one := denialOf(t.developer, 1)
		other := audit.Denial{
			Workspace: t.developer.ID, Seq: 1, System: true, Actor: "nightly job 夜 ", Permission: "Host.Permission ", Object: rbac.OnFeature(t.feature.ID),
			Count: 1 << 40, First: now.Add(time.Microsecond), Last: now.Add(time.Hour), OnBehalfOf: "ü", Request: "request 夜", Reason: rbac.OutOfScope,
		}
		for _, d := range []audit.Denial{one, other, one} {
			b.deny(d)
			b.same("the denials", b.denials(audit.DenialQuery{Workspace: t.developer.ID, Limit: plenty}), []audit.Denial{d})
		}
		local := time.FixedZone("", 3600)
		one.Seq, one.First, one.Last = 2, one.First.Add(999).In(local), one.Last.Add(999).In(local)
		b.deny(one)
		b.same("the times (S5)", b.denials(audit.DenialQuery{Workspace: t.developer.ID, Limit: 1}), []audit.Denial{denialOf(t.developer, 2)})
	}},
	{"what is wanted of denials", "Actor and System select what exactly that account or system actor was denied, Object what was denied on exactly that, Before those of a smaller Seq; they combine, the greatest Seq comes first, and at most the limit comes", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		objects := []rbac.Object{rbac.OnFeature(t.feature.ID), rbac.OnJSAPI(id.JSAPI{UUID: t.feature.ID.UUID}), rbac.OnMiniProgram(t.program.ID)}
		actors := []string{"u-1", "u-10", "U-1", "u-1 "}
		var all []audit.Denial
		for seq := uint64(1); seq <= 40; seq++ {
			d := denialOf(t.developer, seq)
			d.Object, d.Actor, d.System = one(b, objects), one(b, actors), b.sometimes()
			all = append(all, d)
			b.deny(d)
			d.Workspace = other.developer.ID
			b.deny(d)
		}
		slices.Reverse(all)
		for range 200 {
			q := audit.DenialQuery{Workspace: t.developer.ID, Limit: 1 + b.rand.IntN(30)}
			if !b.sometimes() {
				q.Object = one(b, objects)
			}
			if !b.sometimes() {
				q.Actor, q.System = one(b, actors), b.sometimes()
			}
			if !b.sometimes() {
				q.Before = 1 + uint64(b.rand.IntN(45))
			}
			want := only(all, func(d audit.Denial) bool {
				return (q.Before == 0 || d.Seq < q.Before) && zeroOr(q.Object, d.Object) && zeroOr(q.Actor, d.Actor) && (q.Actor == "" || q.System == d.System)
			})
			b.about("query: %+v", q)
			b.same("the denials", b.denials(q), want[:min(len(want), q.Limit)])
		}
	}},
	{"an erased account is found no more", "of a denial that is replaced no index keeps who it was (E3)", func(b *bench) {
		t := b.newTown()
		d := denialOf(t.developer, 1)
		b.deny(d)
		by := func(actor string) int {
			return len(b.denials(audit.DenialQuery{Workspace: t.developer.ID, Actor: actor, Limit: plenty}))
		}
		b.same("found by the account", by(d.Actor), 1)
		was := d.Actor
		d.Actor, d.OnBehalfOf = "erased:1", "erased:1"
		b.deny(d)
		b.same("found by the account", by(was), 0)
		b.same("found by the pseudonym", by("erased:1"), 1)
	}},
	{"old denials are deleted", "DeleteDenials deletes what was first denied before the time, and nothing at it or after, nor elsewhere", func(b *bench) {
		t := b.newTown()
		for seq := uint64(1); seq <= 5; seq++ {
			for _, w := range []workspace.Workspace{t.developer, t.tenant} {
				d := denialOf(w, seq)
				d.First = now.Add(time.Duration(seq) * time.Microsecond)
				b.deny(d)
			}
		}
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			return tx.DeleteDenials(ctx, t.developer.ID, now.Add(3*time.Microsecond).Add(999))
		})
		var left []uint64
		for _, d := range b.denials(audit.DenialQuery{Workspace: t.developer.ID, Limit: plenty}) {
			left = append(left, d.Seq)
		}
		b.same("what is left", left, []uint64{5, 4, 3})
		d := denialOf(t.developer, 1)
		b.same("what is left of the account", len(b.denials(audit.DenialQuery{Workspace: t.developer.ID, Actor: d.Actor, Limit: plenty})), 3)
		b.same("what is left on the object", len(b.denials(audit.DenialQuery{Workspace: t.developer.ID, Object: d.Object, Limit: plenty})), 3)
		b.same("elsewhere", len(b.denials(audit.DenialQuery{Workspace: t.tenant.ID, Limit: plenty})), 5)
	}},
	{"denials are changed under the lock", "PutDenial and DeleteDenials answer storage.ErrScope for a workspace that the unit has not locked; a unit that fails, or a nested one, changes nothing, and reads what it wrote", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		d := denialOf(t.developer, 1)
		b.deny(d, denialOf(other.developer, 1))
		before := b.dump()
		all := func(ctx context.Context, tx storage.Tx) error {
			b.is(tx.PutDenial(ctx, denialOf(other.developer, 2)), storage.ErrScope)
			b.is(tx.DeleteDenials(ctx, other.developer.ID, now.Add(time.Hour)), storage.ErrScope)
			b.ok(errors.Join(tx.PutDenial(ctx, denialOf(t.developer, 2)), tx.PutDenial(ctx, denialOf(t.developer, 3)), tx.DeleteDenials(ctx, t.developer.ID, now)))
			found, err := tx.Denials(ctx, audit.DenialQuery{Workspace: t.developer.ID, Actor: d.Actor, Limit: 1})
			b.ok(err)
			b.same("the denials in the unit", found, []audit.Denial{denialOf(t.developer, 3)})
			return errStop
		}
		b.is(b.store.Update(b.Context(), on(t.developer.ID), all), errStop)
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			b.is(tx.Nest(ctx, on(t.developer.ID), all), errStop)
			return nil
		})
		b.same("everything stored", b.dump(), before)
	}},
}

// denialRaces are the cases about concurrency for denials.
var denialRaces = []testCase{
	{"denials are counted exactly", "of units that read how often somebody was denied and count one more, no two see the same number, and none takes another's place (E1)", func(b *bench) {
		t := b.newTown()
		const racers = 24
		for _, err := range b.race(racers, func(i int, s storage.Store) error {
			return s.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
				d := denialOf(t.developer, 1)
				d.Actor = []string{"u-1", "u-2"}[i%2]
				last, err := tx.Denials(ctx, audit.DenialQuery{Workspace: d.Workspace, Limit: 1})
				if err != nil {
					return err
				}
				mine, err := tx.Denials(ctx, audit.DenialQuery{Workspace: d.Workspace, Actor: d.Actor, Limit: 1})
				if err != nil {
					return err
				}
				d.Count = 1
				for _, l := range last {
					d.Seq = l.Seq + 1
				}
				for _, m := range mine {
					d.Seq, d.Count = m.Seq, m.Count+1
				}
				return tx.PutDenial(ctx, d)
			})
		}) {
			b.ok(err)
		}
		for _, actor := range []string{"u-1", "u-2"} {
			found := b.denials(audit.DenialQuery{Workspace: t.developer.ID, Actor: actor, Limit: plenty})
			b.same("the records of an account", len(found), 1)
			b.same("how often it was denied", found[0].Count, racers/2)
		}
	}},
}

// denialOf is a denial in a workspace.
func denialOf(w workspace.Workspace, seq uint64) audit.Denial {
	return audit.Denial{
		Workspace: w.ID, Seq: seq, Actor: "u-denied", Permission: "member.block", Object: rbac.OnWorkspace(w.ID), Count: 2,
		First: now, Last: now.Add(time.Minute), OnBehalfOf: "u-other", Request: "req-1", Reason: rbac.RoleLacksIt,
	}
}

// deny stores denials, each in a unit.
func (b *bench) deny(all ...audit.Denial) {
	b.Helper()
	for _, d := range all {
		b.do(on(d.Workspace), func(ctx context.Context, tx storage.Tx) error { return tx.PutDenial(ctx, d) })
	}
}

func (b *bench) denials(q audit.DenialQuery) []audit.Denial {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) ([]audit.Denial, error) { return r.Denials(ctx, q) })
}
