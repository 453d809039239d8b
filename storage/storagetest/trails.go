package storagetest

import (
	"context"
	"slices"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
)

var trails = []testCase{
	{"a new workspace has an empty trail", "the head of a workspace's trail is there with the workspace, at place 0", func(b *bench) {
		t := b.newTown()
		b.same("the head", b.head(t.tenant.ID), audit.Head{Workspace: t.tenant.ID})
		b.same("the events", b.events(audit.Query{Workspace: t.tenant.ID, Limit: plenty}), nil)
		b.same("the events of nowhere", b.events(audit.Query{Workspace: id.Workspace{UUID: b.uuid()}, Limit: plenty}), nil)
	}},
	{"events come back byte by byte", "an event is kept exactly: its JSON is not reformatted, for the chain covers its bytes; the head becomes its place, hash and time", func(b *bench) {
		t := b.newTown()
		odd := b.event(t.developer, 2)
		odd.System, odd.Actor, odd.Verb = true, "nightly job 夜", "miniprogram.created"
		odd.Object = rbac.OnMiniProgram(t.program.ID)
		odd.Data = []byte("{\"z\": 1.0,\t\"a\":\"\\u00e9\",\n \"a\":\"é\", \"big\":12345678901234567890 }")
		odd.Personal, odd.Salt = []byte(`{ "actor":"nightly job 夜" }`), []byte{0, 0, 255, 128}
		b.put(odd)
		b.same("the events", b.events(audit.Query{Workspace: t.developer.ID, Limit: plenty}), []audit.Event{t.event, odd})
		b.same("the head", b.head(t.developer.ID), audit.Head{Workspace: t.developer.ID, Seq: 2, Hash: odd.Hash, At: odd.At})
	}},
	{"several events in one unit", "each event of a unit follows the one before, and the head tells so at once", func(b *bench) {
		t := b.newTown()
		b.do(on(t.developer.ID, t.tenant.ID), func(ctx context.Context, tx storage.Tx) error {
			for seq := uint64(2); seq < 6; seq++ {
				if err := insert(ctx, tx, b.event(t.developer, seq), b.event(t.tenant, seq-1)); err != nil {
					return err
				}
				h, err := tx.Head(ctx, t.developer.ID)
				if err != nil {
					return err
				}
				b.same("the head's place", h.Seq, seq)
			}
			return nil
		})
		b.same("the head of the other workspace", b.head(t.tenant.ID).Seq, 4)
	}},
	{"an event follows the head", "an event at any place but the one behind the head is refused, by the write or by the commit, and nothing is stored: a unit that read an old head cannot fork or cut the trail", func(b *bench) {
		t := b.newTown()
		b.put(b.event(t.developer, 2))
		before := b.dump()
		for _, seq := range []uint64{0, 1, 2, 4, 1 << 40} {
			if err := b.try(b.event(t.developer, seq)); err == nil {
				b.Fatalf("an event at place %d was stored behind place 2", seq)
			}
			b.same("everything stored", b.dump(), before)
		}
	}},
	{"what is wanted of a trail", "Object selects the events about exactly that object, Verbs those with one of the verbs, Actor and System what exactly that account or system actor did, After and Until a part of the trail; they combine, in the order of the trail, and at most the limit comes", func(b *bench) {
		t := b.newTown()
		objects := []rbac.Object{rbac.OnFeature(t.feature.ID), rbac.OnJSAPI(id.JSAPI{UUID: t.feature.ID.UUID}), rbac.OnMiniProgram(t.program.ID)}
		verbs := []audit.Verb{"feature.edited", "feature.edite", "Feature.edited", "feature.retired"}
		actors := []string{"u-1", "u-10", "U-1", "u-1 "}
		var all []audit.Event
		var records []any
		for seq := uint64(1); seq <= 40; seq++ {
			e := b.event(t.tenant, seq)
			e.Object, e.Verb, e.Actor, e.System = one(b, objects), one(b, verbs), one(b, actors), b.sometimes()
			all, records = append(all, e), append(records, e)
		}
		b.put(records...)
		for range 200 {
			q := audit.Query{Workspace: t.tenant.ID, After: uint64(b.rand.IntN(20)), Limit: 1 + b.rand.IntN(30)}
			if !b.sometimes() {
				q.Object = one(b, objects)
			}
			if !b.sometimes() {
				q.Verbs = some(b, verbs)
			}
			if !b.sometimes() {
				q.Actor, q.System = one(b, actors), b.sometimes()
			}
			if !b.sometimes() {
				q.Until = 1 + uint64(b.rand.IntN(45))
			}
			if b.rand.IntN(20) == 0 {
				q.After += 1 << 63
			}
			want := only(all, func(e audit.Event) bool {
				return e.Seq > q.After && (q.Until == 0 || e.Seq <= q.Until) && zeroOr(q.Object, e.Object) && nilOr(q.Verbs, e.Verb) &&
					zeroOr(q.Actor, e.Actor) && (q.Actor == "" || q.System == e.System)
			})
			b.about("query: %+v", q)
			b.same("the events", b.events(q), want[:min(len(want), q.Limit)])
		}
	}},
	{"personal data is replaced", "RedactEvent changes the actor, the personal data, the salt and the erasure of one event and nothing else of it, whatever the record says; the account is not found any more as the one who acted, and the pseudonym is (E3)", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		second := b.event(t.developer, 2)
		second.Actor, second.System = "u-dee", false
		b.put(second, b.event(t.developer, 3), b.event(other.developer, 2))
		before := b.events(audit.Query{Workspace: t.developer.ID, Limit: plenty})
		elsewhere := b.events(audit.Query{Workspace: other.developer.ID, Limit: plenty})
		given := audit.Event{Workspace: t.developer.ID, Seq: 2, Actor: "erased:1", Personal: []byte(`{"actor":"erased:1"}`), Salt: []byte{1, 2}, Erasure: 3}
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			e := given
			e.Personal, e.Salt = slices.Clone(e.Personal), slices.Clone(e.Salt)
			e.Verb, e.Data, e.Hash, e.Commitment, e.At = "other.verb", []byte("{}"), b.hash(), b.hash(), e.At.Add(time.Hour)
			err := tx.RedactEvent(ctx, e)
			spoilAll(e.Personal, e.Salt)
			return err
		})
		want := slices.Clone(before)
		want[1].Actor, want[1].Personal, want[1].Salt, want[1].Erasure = given.Actor, given.Personal, given.Salt, given.Erasure
		b.same("the events", b.events(audit.Query{Workspace: t.developer.ID, Limit: plenty}), want)
		b.same("what the account did", b.events(audit.Query{Workspace: t.developer.ID, Actor: "u-dee", Limit: plenty}), nil)
		b.same("what the pseudonym did", b.events(audit.Query{Workspace: t.developer.ID, Actor: "erased:1", Limit: plenty}), want[1:2])
		b.same("the other trail", b.events(audit.Query{Workspace: other.developer.ID, Limit: plenty}), elsewhere)
		b.same("the head", b.head(t.developer.ID).Seq, 3)
	}},
	{"only what is there is replaced", "RedactEvent answers audit.ErrWorkspace for a place without an event, storage.ErrScope for a workspace that the unit has not locked, and a unit that fails replaces nothing", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		before := b.dump()
		redact := func(w id.Workspace, seq uint64) error {
			return b.update(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
				return tx.RedactEvent(ctx, audit.Event{Workspace: w, Seq: seq, Actor: "x", Personal: []byte("{}"), Salt: []byte{1}, Erasure: 2})
			})
		}
		for _, seq := range []uint64{0, 2, 1 << 40} {
			b.is(redact(t.developer.ID, seq), audit.ErrWorkspace)
		}
		b.is(redact(other.developer.ID, 1), storage.ErrScope)
		b.is(b.store.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			b.ok(tx.RedactEvent(ctx, audit.Event{Workspace: t.developer.ID, Seq: 1, Actor: "x"}))
			return errStop
		}), errStop)
		b.same("everything stored", b.dump(), before)
	}},
	{"trails do not mix", "each workspace counts its own events", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		b.put(b.event(other.developer, 2), b.event(t.tenant, 1))
		b.same("the head", b.head(t.developer.ID).Seq, 1)
		b.same("the events", b.events(audit.Query{Workspace: t.developer.ID, Limit: plenty}), []audit.Event{t.event})
	}},
}

func (b *bench) head(w id.Workspace) audit.Head {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) (audit.Head, error) { return r.Head(ctx, w) })
}

func (b *bench) events(q audit.Query) []audit.Event {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) ([]audit.Event, error) { return r.Events(ctx, q) })
}
