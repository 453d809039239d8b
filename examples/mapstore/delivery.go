package mapstore

import (
	"cmp"
	"context"
	"slices"

	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/id"
)

// A pair is a handler and a workspace whose events it gets.
type pair struct {
	handler   string
	workspace id.Workspace
}

// A letter is where a dead letter is.
type letter struct {
	pair
	seq uint64
}

// RegisterHandler notes how far a new handler is.
func (t *tx) RegisterHandler(_ context.Context, g delivery.Registration) error {
	if t.state.handlers[g.Handler] {
		return nil
	}
	t.state.handlers[g.Handler] = true
	for w, head := range t.state.heads {
		if !g.FromStart {
			t.state.delivered[pair{g.Handler, w}] = delivery.Progress{Seq: head.Seq}
		}
	}
	return nil
}

// ClaimDeliveries looks at every workspace, so that none has to be let rest.
func (t *tx) ClaimDeliveries(_ context.Context, c delivery.Claim) (claimed []delivery.Claimed, _ error) {
	due := func(p pair) bool {
		at := t.state.delivered[p]
		return (t.state.heads[p.workspace].Seq > at.Seq || t.state.again(p)) && !at.Until.After(c.Now) && !at.DueAt.After(c.Now)
	}
	var pairs []pair
	for w := range t.state.heads {
		if p := (pair{c.Handler, w}); due(p) {
			pairs = append(pairs, p)
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(t.state.delivered[a].DueAt.Compare(t.state.delivered[b].DueAt), a.workspace.Compare(b.workspace.UUID))
	})
	for _, p := range pairs[:min(c.Limit, len(pairs))] {
		at := t.state.delivered[p]
		at.Lease, at.Until = c.Lease, c.Until
		cut(&at.Until)
		t.state.delivered[p] = at
		claimed = append(claimed, delivery.Claimed{Workspace: p.workspace, Seq: at.Seq, Attempts: at.Attempts})
	}
	return claimed, nil
}

func (s *state) again(p pair) bool {
	for k, l := range s.dead {
		if k.pair == p && l.Again {
			return true
		}
	}
	return false
}

func (t *tx) SaveDelivery(_ context.Context, p delivery.Progress) error {
	key := pair{p.Handler, p.Workspace}
	if at := t.state.delivered[key]; at.Lease.IsZero() || at.Lease != p.Lease {
		return delivery.ErrLease
	}
	if p.Until.IsZero() {
		p.Lease = id.UUID{}
	}
	cut(&p.DueAt, &p.Until)
	t.state.delivered[key] = p
	return nil
}

func (t *tx) RestDeliveries(context.Context, int) error { return nil }

func (r reader) DeadLetters(_ context.Context, q delivery.Query) ([]delivery.DeadLetter, error) {
	return pick(r.state.dead, q.Limit, func(l delivery.DeadLetter) bool {
		behind := cmp.Or(l.Workspace.Compare(q.AfterWorkspace.UUID), cmp.Compare(l.Seq, q.AfterSeq)) > 0
		return l.Handler == q.Handler && is(q.Workspace, l.Workspace) && (l.Again || !q.Again) && behind
	}, func(a, b delivery.DeadLetter) int {
		return cmp.Or(a.Workspace.Compare(b.Workspace.UUID), cmp.Compare(a.Seq, b.Seq))
	}, same), nil
}

func (t *tx) PutDeadLetter(_ context.Context, l delivery.DeadLetter) error {
	cut(&l.FailedAt)
	t.state.dead[letter{pair{l.Handler, l.Workspace}, l.Seq}] = l
	return nil
}

func (t *tx) DeleteDeadLetter(_ context.Context, handler string, w id.Workspace, seq uint64) error {
	delete(t.state.dead, letter{pair{handler, w}, seq})
	return nil
}
