package audit

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
)

// MaxVerbs is how many verbs a [Filter] may name.
const MaxVerbs = 32

// A Filter says which events [Service.List] lists. What is left zero selects
// all; what is set combines.
type Filter struct {
	// Workspace is whose trail; required.
	Workspace id.Workspace
	// From and To are the first instant that is wanted, and the first one that is
	// not any more.
	From, To time.Time
	// After is the Seq of the last event that is not wanted, to go on behind one.
	After uint64
	// Actor is who acted. Once an account is erased, nothing is found for it; what
	// it did is found under the pseudonym.
	Actor rbac.Actor
	// Object is what it happened to.
	Object rbac.Object
	// Verbs are what happened, at most [MaxVerbs].
	Verbs []Verb
}

// check returns what is wrong with a filter.
func (f Filter) check() error {
	var problems fault.Problems
	if !f.From.IsZero() && !f.To.IsZero() && f.To.Before(f.From) {
		problems.Add("to", "not_allowed", "want a time that is not before the first one")
	}
	if len(f.Verbs) > MaxVerbs {
		problems.Add("verbs", "too_long", fmt.Sprintf("want at most %d, got %d", MaxVerbs, len(f.Verbs)))
	}
	return problems.Err()
}

// query is the filter for a store, but for its times.
func (f Filter) query() Query {
	q := Query{Workspace: f.Workspace, After: f.After, Object: f.Object, Actor: f.Actor.Name(), System: f.Actor.IsSystem()}
	if len(f.Verbs) > 0 {
		q.Verbs = f.Verbs
	}
	return q
}

// list names the list of the filter, so that its cursors serve no other one. It
// holds a hash of what is filtered, since a cursor may stand in a log.
func (f Filter) list() string {
	name := "audit:" + f.Workspace.String()
	if f.From.IsZero() && f.To.IsZero() && f.After == 0 && f.Actor == (rbac.Actor{}) && f.Object == (rbac.Object{}) && len(f.Verbs) == 0 {
		return name
	}
	b, _ := json.Marshal([]any{f.From.UnixMicro(), f.To.UnixMicro(), f.After, f.Actor.Name(), f.Actor.IsSystem(), f.Object.Kind, f.Object.ID, f.Verbs})
	return fmt.Sprintf("%s:%x", name, sha256.Sum256(b))
}

// period narrows a query to the times of the filter. Times in a trail never go
// back, so a time is a place in it, which is found in as many steps as the number
// of its events has bits: no index is needed. It reports whether any place is left.
func (f Filter) period(ctx context.Context, r Reader, q Query) (Query, bool, error) {
	if f.From.IsZero() && f.To.IsZero() {
		return q, true, nil
	}
	head, err := r.Head(ctx, f.Workspace)
	if err != nil {
		return q, false, err
	}
	if !f.To.IsZero() {
		if q.Until, err = before(ctx, r, head, f.To); err != nil || q.Until == 0 {
			return q, false, err
		}
	}
	if !f.From.IsZero() {
		if q.After, err = before(ctx, r, head, f.From); err != nil {
			return q, false, err
		}
		q.After = max(q.After, f.After)
	}
	return q, true, nil
}

// before returns how many events of a trail happened before t.
func before(ctx context.Context, r Reader, head Head, t time.Time) (uint64, error) {
	if head.At.Before(t) {
		return head.Seq, nil
	}
	low, high := uint64(0), head.Seq // as many did at least, and at most
	for low < high {
		middle := low + (high-low)/2
		events, err := r.Events(ctx, Query{Workspace: head.Workspace, After: middle, Limit: 1})
		switch {
		case err != nil:
			return 0, err
		case len(events) == 1 && events[0].At.Before(t):
			low = middle + 1
		default:
			high = middle
		}
	}
	return low, nil
}

// List returns a page of a workspace's trail, oldest first. The caller needs
// audit.view there. A removed workspace's trail stays readable to its tenant
// (W4). A page costs the same wherever it is, if the filter names an object, an
// actor or verbs alone; if it names several of them, the rest is sifted out of
// what happened to the object or, without one, of what the actor did. Errors:
// [ErrWorkspace]; *fault.InvalidError for a filter that is none.
func (s *Service) List(ctx context.Context, actor rbac.Actor, f Filter, req page.Request) (p page.Page[Event], err error) {
	defer fault.Wrap(&err, "audit: list")
	if err := f.check(); err != nil {
		return p, err
	}
	limit, err := req.Limit()
	if err != nil {
		return p, err
	}
	list := f.list()
	key, err := page.Decode(list, req.After)
	if err != nil {
		return p, err
	}
	if key != nil && len(key) != 16 {
		return p, page.ErrCursor
	}
	err = s.view(ctx, actor, f.Workspace, func(ctx context.Context, r Reader) (err error) {
		q, some := f.query(), true
		if key != nil {
			q.After, q.Until = binary.BigEndian.Uint64(key), binary.BigEndian.Uint64(key[8:])
		} else if q, some, err = f.period(ctx, r, q); err != nil || !some {
			return err
		}
		q.Limit = limit + 1
		events, err := r.Events(ctx, q)
		if err != nil {
			return err
		}
		p = page.Cut(list, events, limit, func(e Event) []byte {
			return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, e.Seq), q.Until)
		})
		return nil
	})
	return p, err
}
