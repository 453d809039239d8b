package memory

import (
	"context"
	"slices"

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
	r.state.events.Ascend(event{in: q.Workspace.UUID, seq: q.After}, func(e event) bool {
		if e.in != q.Workspace.UUID || len(list) >= q.Limit {
			return false
		}
		if e.seq > q.After && (q.Object == rbac.Object{} || q.Object == e.record.Object) &&
			(q.Verbs == nil || slices.Contains(q.Verbs, e.record.Verb)) {
			list = append(list, copyEvent(*e.record))
		}
		return true
	})
	return list, nil
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
	t.state.heads.put(e.Workspace.UUID, &audit.Head{Workspace: e.Workspace, Seq: e.Seq, Hash: e.Hash, At: e.At})
	return nil
}

func copyEvent(e audit.Event) audit.Event {
	e.Data, e.Personal, e.Salt = copied(e.Data), copied(e.Personal), copied(e.Salt)
	return e
}
