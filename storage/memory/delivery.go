package memory

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/id"
)

// A cursor is how far the events of a workspace were delivered to a handler.
type cursor struct {
	handler string
	in      id.UUID
	record  *progress
}

// A progress never changes once it is stored.
type progress struct {
	seq        uint64
	attempts   int
	due, until time.Time
	lease      id.UUID
}

func (c cursor) compare(d cursor) int {
	return cmp.Or(strings.Compare(c.handler, d.handler), c.in.Compare(d.in))
}

// A deadLetter is an event that a handler could not be given.
type deadLetter struct {
	handler string
	in      id.UUID
	seq     uint64
	record  *delivery.DeadLetter
}

func (l deadLetter) compare(m deadLetter) int {
	return cmp.Or(strings.Compare(l.handler, m.handler), l.in.Compare(m.in), cmp.Compare(l.seq, m.seq))
}

// delivered returns how far a handler is in a workspace.
func (s *state) delivered(handler string, w id.UUID) progress {
	if c, ok := s.cursors.Get(cursor{handler: handler, in: w}); ok {
		return *c.record
	}
	return progress{}
}

// letters returns dead letters behind a place.
func (s *state) letters(after deadLetter, take func(*delivery.DeadLetter) bool) {
	s.dead.Ascend(after, func(l deadLetter) bool {
		return l.handler == after.handler && (l.compare(after) == 0 || take(l.record))
	})
}

// again reports whether dead letters of a workspace are to be tried again.
func (s *state) again(handler string, w id.UUID) (found bool) {
	s.letters(deadLetter{handler: handler, in: w}, func(l *delivery.DeadLetter) bool {
		found = l.Workspace.UUID == w && l.Again
		return l.Workspace.UUID == w && !found
	})
	return found
}

// RegisterHandler makes a handler known.
func (t *tx) RegisterHandler(ctx context.Context, g delivery.Registration) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	_, known := t.state.handlers.Set(g.Handler)
	for w := range t.state.heads.after(id.UUID{}) {
		head := t.state.heads.get(w)
		if !known && !g.FromStart {
			t.state.cursors.Set(cursor{g.Handler, w, &progress{seq: head.Seq}})
		}
		if head.Seq > t.state.delivered(g.Handler, w).seq {
			t.state.fresh.put(w, &struct{}{})
		}
	}
	return nil
}

// ClaimDeliveries takes leases. There is one writer, so nobody else does.
func (t *tx) ClaimDeliveries(ctx context.Context, c delivery.Claim) ([]delivery.Claimed, error) {
	if err := t.ready(ctx); err != nil {
		return nil, err
	}
	type candidate struct {
		in id.UUID
		progress
	}
	var all []candidate
	for w := range t.state.fresh.after(id.UUID{}) {
		p := t.state.delivered(c.Handler, w)
		if (t.state.heads.get(w).Seq > p.seq || t.state.again(c.Handler, w)) && !p.until.After(c.Now) && !p.due.After(c.Now) {
			all = append(all, candidate{w, p})
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return a.due.Compare(b.due) })
	var claimed []delivery.Claimed
	for _, x := range all[:min(c.Limit, len(all))] {
		x.lease, x.until = c.Lease, stored(c.Until)
		t.state.cursors.Set(cursor{c.Handler, x.in, &x.progress})
		claimed = append(claimed, delivery.Claimed{Workspace: id.Workspace{UUID: x.in}, Seq: x.seq, Attempts: x.attempts})
	}
	return claimed, nil
}

// SaveDelivery notes how far a handler is.
func (t *tx) SaveDelivery(ctx context.Context, p delivery.Progress) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	before := t.state.delivered(p.Handler, p.Workspace.UUID)
	if before.lease.IsZero() || before.lease != p.Lease {
		return delivery.ErrLease
	}
	after := &progress{seq: p.Seq, attempts: p.Attempts, due: stored(p.DueAt), until: stored(p.Until)}
	if !p.Until.IsZero() {
		after.lease = p.Lease
	}
	t.state.cursors.Set(cursor{p.Handler, p.Workspace.UUID, after})
	return nil
}

// RestDeliveries forgets workspaces of which all was delivered.
func (t *tx) RestDeliveries(ctx context.Context, limit int) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	var rest []id.UUID
workspaces:
	for w := range t.state.fresh.after(id.UUID{}) {
		if len(rest) >= limit {
			break
		}
		for _, handler := range t.state.handlers.Items() {
			if t.state.heads.get(w).Seq > t.state.delivered(handler, w).seq || t.state.again(handler, w) {
				continue workspaces
			}
		}
		rest = append(rest, w)
	}
	for _, w := range rest {
		t.state.fresh.remove(w)
	}
	return nil
}

// DeadLetters returns those of the query.
func (r *reader) DeadLetters(ctx context.Context, q delivery.Query) (list []delivery.DeadLetter, _ error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	after := deadLetter{handler: q.Handler, in: q.AfterWorkspace.UUID, seq: q.AfterSeq}
	if !q.Workspace.IsZero() && after.in.Compare(q.Workspace.UUID) < 0 {
		after.in, after.seq = q.Workspace.UUID, 0
	}
	r.state.letters(after, func(l *delivery.DeadLetter) bool {
		if len(list) >= q.Limit || !q.Workspace.IsZero() && l.Workspace != q.Workspace {
			return false
		}
		if l.Again || !q.Again {
			list = append(list, *l)
		}
		return true
	})
	return list, nil
}

// PutDeadLetter stores a dead letter.
func (t *tx) PutDeadLetter(ctx context.Context, l delivery.DeadLetter) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	l.FailedAt = stored(l.FailedAt)
	t.state.dead.Set(deadLetter{l.Handler, l.Workspace.UUID, l.Seq, &l})
	return nil
}

// DeleteDeadLetter deletes a dead letter.
func (t *tx) DeleteDeadLetter(ctx context.Context, handler string, w id.Workspace, seq uint64) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	t.state.dead.Delete(deadLetter{handler: handler, in: w.UUID, seq: seq})
	return nil
}
