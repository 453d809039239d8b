package mapstore

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// A tx is a unit of work: a reader whose state is its own to change.
type tx struct {
	reader
	scope map[id.Workspace]bool
}

var _ storage.Tx = (*tx)(nil)

// Nest runs fn on a copy and takes the copy over if fn returns nil before the
// context ends.
func (t *tx) Nest(ctx context.Context, s unit.Scope, fn func(context.Context, storage.Tx) error) error {
	inner := &tx{reader: reader{state: t.state.clone()}, scope: map[id.Workspace]bool{}}
	maps.Copy(inner.scope, t.scope)
	owner, _, _ := t.state.owner(s.Query.Object)
	invited := t.state.members[t.state.tokens[s.Token].member]
	linked := t.state.links[t.state.linkTokens[s.Token].link]
	for _, w := range append(slices.Clone(s.Workspaces), owner.ID, invited.Workspace, linked.Workspace) {
		inner.scope[w] = true
	}
	h := &handle{inner}
	defer h.end()
	if err := fn(ctx, h); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	t.state, t.scope = inner.state, inner.scope
	return nil
}

func (t *tx) AppendEvent(_ context.Context, e audit.Event) error {
	head, ok := t.state.heads[e.Workspace]
	switch {
	case !ok || !t.scope[e.Workspace]:
		return storage.ErrScope
	case e.Seq != head.Seq+1:
		return storage.ErrSequence
	}
	e = cloneEvent(e)
	t.state.events[place{e.Workspace, e.Seq}] = e
	t.state.heads[e.Workspace] = audit.Head{Workspace: e.Workspace, Seq: e.Seq, Hash: e.Hash, At: e.At}
	return nil
}

func (t *tx) RedactEvent(_ context.Context, e audit.Event) error {
	old, ok := t.state.events[place{e.Workspace, e.Seq}]
	switch {
	case !t.scope[e.Workspace]:
		return storage.ErrScope
	case !ok:
		return audit.ErrWorkspace
	}
	old.Actor, old.Personal, old.Salt, old.Erasure = e.Actor, e.Personal, e.Salt, e.Erasure
	t.state.events[place{e.Workspace, e.Seq}] = cloneEvent(old)
	return nil
}

func (t *tx) PutDenial(_ context.Context, d audit.Denial) error {
	if !t.scope[d.Workspace] {
		return storage.ErrScope
	}
	cut(&d.First, &d.Last)
	t.state.denials[place{d.Workspace, d.Seq}] = d
	return nil
}

func (t *tx) DeleteDenials(_ context.Context, w id.Workspace, before time.Time) error {
	if !t.scope[w] {
		return storage.ErrScope
	}
	cut(&before)
	maps.DeleteFunc(t.state.denials, func(p place, d audit.Denial) bool { return p.workspace == w && d.First.Before(before) })
	return nil
}

func (t *tx) InsertWorkspace(_ context.Context, w workspace.Workspace) error {
	t.scope[w.ID] = true
	cut(&w.CreatedAt, &w.UpdatedAt)
	if err := insert(t.state.workspaces, w.ID, w); err != nil {
		return err
	}
	return insert(t.state.heads, w.ID, audit.Head{Workspace: w.ID})
}

func (t *tx) UpdateWorkspace(_ context.Context, w workspace.Workspace) error {
	old, ok := t.state.workspaces[w.ID]
	if !ok {
		return workspace.ErrNotFound
	}
	w.Tenant, w.Kind, w.CreatedAt = old.Tenant, old.Kind, old.CreatedAt
	cut(&w.UpdatedAt)
	t.state.workspaces[w.ID] = w
	return nil
}

func (t *tx) PutSettings(_ context.Context, w id.Workspace, s workspace.Settings) error {
	if _, ok := t.state.workspaces[w]; !ok {
		return workspace.ErrNotFound
	}
	t.state.settings[w] = s
	return nil
}

func (t *tx) InsertMember(_ context.Context, m member.Member) error {
	if t.taken(m) {
		return member.ErrPresent
	}
	return insert(t.state.members, m.ID, cloneMember(m))
}

func (t *tx) UpdateMember(_ context.Context, m member.Member) error {
	old, ok := t.state.members[m.ID]
	if !ok {
		return member.ErrNotFound
	}
	m.Workspace, m.Tenant, m.CreatedAt = old.Workspace, old.Tenant, old.CreatedAt
	if t.taken(m) {
		return member.ErrPresent
	}
	t.state.members[m.ID] = cloneMember(m)
	if m.State == member.Deleted {
		delete(t.state.credentials, m.ID)
	}
	return nil
}

// taken reports whether another record of the workspace has the e-mail or the
// account (M6).
func (t *tx) taken(m member.Member) bool {
	for _, o := range t.state.members {
		if o.ID == m.ID || o.Workspace != m.Workspace {
			continue
		}
		if m.Email != "" && o.Email == m.Email && m.State.Open() && o.State.Open() ||
			m.Account != "" && o.Account == m.Account && m.State.Present() && o.State.Present() {
			return true
		}
	}
	return false
}

func (t *tx) InsertToken(_ context.Context, hash [32]byte, m id.Member, generation int) error {
	return insert(t.state.tokens, hash, token{m, generation})
}

func insert[K comparable, V any](into map[K]V, key K, v V) error {
	if _, ok := into[key]; ok {
		return storage.ErrExists
	}
	into[key] = v
	return nil
}
