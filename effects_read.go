package superapp

import (
	"context"
	"encoding/json"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

// effects are what a unit has done so far, by what was recorded of it.
func (r *recording) effects(ctx context.Context, tx storage.Tx) (e Effects, err error) {
	for _, ev := range r.events {
		c := Change{Workspace: ev.Workspace, Verb: ev.Verb, Object: ev.Object, Ends: ending[ev.Verb]}
		if c.Data, err = ev.DecodeData(); err != nil {
			return Effects{}, err
		}
		if c.Personal, err = ev.DecodePersonal(); err != nil {
			return Effects{}, err
		}
		e.Changes = append(e.Changes, c)
	}
	if e.Told, err = r.told(ctx, tx, e.Changes); err != nil {
		return Effects{}, err
	}
	if err := e.count(ctx, tx); err != nil {
		return Effects{}, err
	}
	e.Digest, err = r.digest(e)
	return e, err
}

// count finds out which limits are touched. It reads in any case, so that a store
// that holds writes back finds out here what is wrong with them.
func (e *Effects) count(ctx context.Context, tx storage.Tx) error {
	gone, removed := map[id.Workspace]int{}, map[id.Workspace]bool{{}: true}
	var order []id.Workspace
	for _, c := range e.Changes {
		switch {
		case c.Verb == workspace.EventRemoved:
			removed[c.Workspace] = true
		case c.Object.Kind == rbac.KindMember:
			lost, err := adminsLost(c)
			if err != nil {
				return err
			}
			if _, ok := gone[c.Workspace]; !ok && lost != 0 {
				order = append(order, c.Workspace)
			}
			gone[c.Workspace] += lost
		case c.Verb == member.EventLinkUsed:
			l, err := state[member.LinkSnapshot](c.Data.After)
			if err != nil {
				return err
			}
			e.Limits = append(e.Limits, Limit{LimitLinkUses, c.Object, l.Uses - 1, l.Uses, l.MaxUses})
		}
	}
	for _, w := range append(order, id.Workspace{}) {
		found, err := tx.Lookup(ctx, member.Lookup{Workspace: w, Admins: true})
		if err != nil {
			return err
		}
		if !removed[w] && gone[w] != 0 {
			e.Limits = append(e.Limits, Limit{LimitAdmins, rbac.OnWorkspace(w), found.Admins + gone[w], found.Admins, 1})
		}
	}
	return nil
}

// adminsLost is by how many the active admins become fewer.
func adminsLost(c Change) (lost int, err error) {
	for _, s := range []struct {
		raw json.RawMessage
		n   int
	}{{c.Data.Before, 1}, {c.Data.After, -1}} {
		m, err := state[member.Snapshot](s.raw)
		if err != nil {
			return 0, err
		}
		if info, _ := m.Role.Info(); m.State == member.Active && info.Admin {
			lost += s.n
		}
	}
	return lost, nil
}

// state decodes what an event holds, zero if that is nothing.
func state[T any](raw json.RawMessage) (v T, err error) {
	if raw == nil {
		return v, nil
	}
	err = json.Unmarshal(raw, &v)
	return v, err
}
