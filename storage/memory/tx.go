package memory

import (
	"context"
	"slices"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
)

// A reader reads one state.
type reader struct {
	storage.UnimplementedTx
	state *state
	ended bool
}

// A tx is an open unit: it reads and changes a state of its own. A nested one
// has the state and the work of the unit around it.
type tx struct {
	reader
	*work
}

// A work is what a unit keeps beside its state.
type work struct {
	store *Store
	// locked are the workspaces of the unit's scope.
	locked []id.Workspace
	// changed is what the check index has to look at after the commit.
	changed []rbac.Object
}

var _ storage.Tx = (*tx)(nil)

// ready returns the error of a call that must not begin.
func (r *reader) ready(ctx context.Context) error {
	if r.ended {
		return storage.ErrEnded
	}
	return ctx.Err()
}

// end makes the unit refuse further calls: what was committed must not change.
func (r *reader) end() { r.ended = true }

// lock adds the workspaces of a scope to those the unit may append events to.
// There is one writer, so nobody else can have them.
func (t *tx) lock(s unit.Scope) {
	if owner, _, _ := t.state.owner(s.Query.Object); owner != nil {
		t.locked = append(t.locked, owner.ID)
	}
	if found, ok := t.state.tokens.Get(token{hash: s.Token}); ok {
		t.locked = append(t.locked, t.state.members.get(found.member.UUID).Workspace)
	}
	if found, ok := t.state.linkTokens.Get(linkToken{hash: s.Token}); ok {
		t.locked = append(t.locked, t.state.links.get(found.link.UUID).Workspace)
	}
	t.locked = append(t.locked, s.Workspaces...)
}

// holds reports whether the workspace is in the unit's scope.
func (t *tx) holds(w id.Workspace) bool { return slices.Contains(t.locked, w) }

// Nest runs fn as a unit within this one.
func (t *tx) Nest(ctx context.Context, s unit.Scope, fn func(context.Context, storage.Tx) error) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	state, work := t.state.copy(), *t.work
	inner := &tx{reader{state: t.state}, t.work}
	done := false
	defer func() {
		inner.end()
		if !done {
			*t.state, *t.work = *state, work
		}
	}()
	inner.lock(s)
	if err := fn(t.store.mark(ctx), inner); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	done = true
	return nil
}
