package storagetest

import (
	"context"

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
	{"what happened to one object", "Object selects the events about exactly that object, Verbs those with one of the verbs; they combine, in the order of the trail, and at most the limit comes", func(b *bench) {
		t := b.newTown()
		objects := []rbac.Object{rbac.OnFeature(t.feature.ID), rbac.OnJSAPI(id.JSAPI{UUID: t.feature.ID.UUID}), rbac.OnMiniProgram(t.program.ID)}
		verbs := []audit.Verb{"feature.edited", "feature.edite", "Feature.edited", "feature.retired"}
		var all []audit.Event
		var records []any
		for seq := uint64(1); seq <= 40; seq++ {
			e := b.event(t.tenant, seq)
			e.Object, e.Verb = one(b, objects), one(b, verbs)
			all, records = append(all, e), append(records, e)
		}
		b.put(records...)
		for range 60 {
			q := audit.Query{Workspace: t.tenant.ID, After: uint64(b.rand.IntN(20)), Limit: 1 + b.rand.IntN(30)}
			if !b.sometimes() {
				q.Object = one(b, objects)
			}
			if !b.sometimes() {
				q.Verbs = some(b, verbs)
			}
			want := only(all, func(e audit.Event) bool {
				return e.Seq > q.After && zeroOr(q.Object, e.Object) && nilOr(q.Verbs, e.Verb)
			})
			b.about("query: %+v", q)
			b.same("the events", b.events(q), want[:min(len(want), q.Limit)])
		}
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
