package memory

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
)

// Head returns the end of a workspace's chain.
func (r *reader) Head(ctx context.Context, w id.Workspace) (audit.Head, error) {
	if err := r.ready(ctx); err != nil {
		return audit.Head{}, err
	}
	head := r.state.heads.get(w.UUID)
	if head == nil {
		return audit.Head{}, audit.ErrWorkspace
	}
	return *head, nil
}

// Events returns the events of the query.
func (r *reader) Events(ctx context.Context, q audit.Query) ([]audit.Event, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	var list []audit.Event
	take := func(e *audit.Event) bool {
		if q.Until > 0 && e.Seq > q.Until || len(list) >= q.Limit {
			return false
		}
		if e.Seq > q.After && (q.Object == rbac.Object{} || q.Object == e.Object) && (q.Verbs == nil || slices.Contains(q.Verbs, e.Verb)) &&
			(q.Actor == "" || q.Actor == e.Actor && q.System == e.System) {
			list = append(list, copyEvent(*e))
		}
		return true
	}
	switch {
	case q.Object != (rbac.Object{}):
		r.state.eventsBy(q, aboutObject(q.Object), take)
	case q.Actor != "":
		r.state.eventsBy(q, byActor(q.Actor), take)
	case len(q.Verbs) == 1:
		r.state.eventsBy(q, withVerb(q.Verbs[0]), take)
	default:
		r.state.events.Ascend(event{in: q.Workspace.UUID, seq: q.After}, func(e event) bool {
			return e.in == q.Workspace.UUID && take(e.record)
		})
	}
	return list, nil
}

// A found is an entry of the index by which events are found: of what happened to
// an object, of what an actor did, or of one verb.
type found struct {
	in  id.UUID
	by  string
	seq uint64
}

func (f found) compare(g found) int {
	return cmp.Or(f.in.Compare(g.in), strings.Compare(f.by, g.by), cmp.Compare(f.seq, g.seq))
}

func aboutObject(o rbac.Object) string { return "o" + string(o.ID[:]) }
func byActor(name string) string       { return "a" + name }
func withVerb(v audit.Verb) string     { return "v" + string(v) }

// eventsBy gives take the events of an index behind the query's place, in order.
func (s *state) eventsBy(q audit.Query, by string, take func(*audit.Event) bool) {
	w := q.Workspace.UUID
	s.eventIndex.Ascend(found{w, by, q.After}, func(f found) bool {
		if f.in != w || f.by != by {
			return false
		}
		e, _ := s.events.Get(event{in: w, seq: f.seq})
		return take(e.record)
	})
}

// AppendEvent stores the event and makes it the head of its chain.
func (t *tx) AppendEvent(ctx context.Context, e audit.Event) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	if !t.holds(e.Workspace) {
		return storage.ErrScope
	}
	head := t.state.heads.get(e.Workspace.UUID)
	if head == nil {
		return audit.ErrWorkspace
	}
	if e.Seq != head.Seq+1 {
		return storage.ErrSequence
	}
	e = copyEvent(e)
	e.At = stored(e.At)
	t.state.events.Set(event{e.Workspace.UUID, e.Seq, &e})
	for _, by := range []string{aboutObject(e.Object), byActor(e.Actor), withVerb(e.Verb)} {
		t.state.eventIndex.Set(found{e.Workspace.UUID, by, e.Seq})
	}
	t.state.fresh.put(e.Workspace.UUID, &struct{}{})
	t.state.heads.put(e.Workspace.UUID, &audit.Head{Workspace: e.Workspace, Seq: e.Seq, Hash: e.Hash, At: e.At})
	return nil
}

// RedactEvent replaces the personal data of an event.
func (t *tx) RedactEvent(ctx context.Context, e audit.Event) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	if !t.holds(e.Workspace) {
		return storage.ErrScope
	}
	stored, ok := t.state.events.Get(event{in: e.Workspace.UUID, seq: e.Seq})
	if !ok {
		return audit.ErrWorkspace
	}
	changed := *stored.record
	t.state.eventIndex.Delete(found{e.Workspace.UUID, byActor(changed.Actor), e.Seq})
	t.state.eventIndex.Set(found{e.Workspace.UUID, byActor(e.Actor), e.Seq})
	changed.Actor, changed.Personal, changed.Salt, changed.Erasure = e.Actor, copied(e.Personal), copied(e.Salt), e.Erasure
	t.state.events.Set(event{e.Workspace.UUID, e.Seq, &changed})
	return nil
}

func copyEvent(e audit.Event) audit.Event {
	e.Data, e.Personal, e.Salt = copied(e.Data), copied(e.Personal), copied(e.Salt)
	return e
}
