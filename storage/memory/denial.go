package memory

import (
	"cmp"
	"context"
	"math"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
)

// A denial is what somebody was denied in a workspace.
type denial struct {
	in     id.UUID
	seq    uint64
	record *audit.Denial
}

func (d denial) compare(e denial) int {
	return cmp.Or(d.in.Compare(e.in), cmp.Compare(d.seq, e.seq))
}

// Denials returns the denials of the query.
func (r *reader) Denials(ctx context.Context, q audit.DenialQuery) ([]audit.Denial, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	w, last := q.Workspace.UUID, uint64(math.MaxUint64)
	if q.Before > 0 {
		last = q.Before - 1
	}
	var list []audit.Denial
	take := func(d *audit.Denial) bool {
		if len(list) >= q.Limit {
			return false
		}
		if (q.Object == rbac.Object{} || q.Object == d.Object) && (q.Actor == "" || q.Actor == d.Actor && q.System == d.System) {
			list = append(list, *d)
		}
		return true
	}
	by := ""
	switch {
	case q.Actor != "":
		by = byActor(q.Actor)
	case q.Object != (rbac.Object{}):
		by = aboutObject(q.Object)
	default:
		r.state.denials.Descend(denial{in: w, seq: last}, func(d denial) bool { return d.in == w && take(d.record) })
		return list, nil
	}
	r.state.denialIndex.Descend(found{w, by, last}, func(f found) bool {
		if f.in != w || f.by != by {
			return false
		}
		d, _ := r.state.denials.Get(denial{in: w, seq: f.seq})
		return take(d.record)
	})
	return list, nil
}

// PutDenial stores a denial in the place of what was there.
func (t *tx) PutDenial(ctx context.Context, d audit.Denial) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	if !t.holds(d.Workspace) {
		return storage.ErrScope
	}
	d.First, d.Last = stored(d.First), stored(d.Last)
	if was, ok := t.state.denials.Set(denial{d.Workspace.UUID, d.Seq, &d}); ok {
		t.state.unindex(was)
	}
	t.state.denialIndex.Set(found{d.Workspace.UUID, byActor(d.Actor), d.Seq})
	t.state.denialIndex.Set(found{d.Workspace.UUID, aboutObject(d.Object), d.Seq})
	return nil
}

// DeleteDenials deletes the old ones of a workspace.
func (t *tx) DeleteDenials(ctx context.Context, w id.Workspace, before time.Time) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	if !t.holds(w) {
		return storage.ErrScope
	}
	var old []denial
	t.state.denials.Ascend(denial{in: w.UUID}, func(d denial) bool {
		if d.in == w.UUID && d.record.First.Before(stored(before)) {
			old = append(old, d)
		}
		return d.in == w.UUID
	})
	for _, d := range old {
		t.state.denials.Delete(d)
		t.state.unindex(d)
	}
	return nil
}

// unindex lets a denial not be found any more.
func (s *state) unindex(d denial) {
	s.denialIndex.Delete(found{d.in, byActor(d.record.Actor), d.seq})
	s.denialIndex.Delete(found{d.in, aboutObject(d.record.Object), d.seq})
}
