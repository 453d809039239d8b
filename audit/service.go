package audit

import (
	"context"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// A Query is for stores: it selects events of one workspace, in the order of Seq.
type Query struct {
	Workspace id.Workspace
	// Object selects what happened to one object; zero means any.
	Object rbac.Object
	// Verbs selects events with one of these; nil means any.
	Verbs []Verb
	// After is the Seq of the last event not wanted.
	After uint64
	// Limit is the greatest number of events.
	Limit int
}

// A Reader is for stores: it reads trails.
type Reader interface {
	rbac.Reader
	// Head returns the end of a workspace's chain; ErrWorkspace if there is no
	// such workspace.
	Head(ctx context.Context, w id.Workspace) (Head, error)
	// Events returns the events of the query.
	Events(ctx context.Context, q Query) ([]Event, error)
}

// A Tx is for stores: it appends to trails.
type Tx interface {
	Reader
	// AppendEvent stores the event and makes it the head of its workspace's
	// chain. The unit has the workspace in its scope; Head tells the new head
	// from then on.
	AppendEvent(ctx context.Context, e Event) error
}

// ErrWorkspace is the error for a trail of a workspace that does not exist, or
// that the caller may not know of.
var ErrWorkspace = fault.Define(fault.ErrNotFound, "audit.workspace", "no such workspace")

// A Service reads trails. It is safe for concurrent use.
type Service struct {
	store unit.Store[Reader, Tx]
	env   *unit.Env
}

// New returns the service over a store.
func New(store unit.Store[Reader, Tx], env *unit.Env) *Service {
	return &Service{store: store, env: env}
}

// A Filter says which events [Service.List] lists.
type Filter struct {
	// Workspace is whose trail; required.
	Workspace id.Workspace
}

// List returns a page of a workspace's trail, oldest first. The caller needs
// audit.view there. A removed workspace's trail stays readable to its tenant
// (W4).
func (s *Service) List(ctx context.Context, actor rbac.Actor, f Filter, req page.Request) (p page.Page[Event], err error) {
	defer fault.Wrap(&err, "audit: list")
	list := "audit:" + f.Workspace.String()
	q, err := Query{Workspace: f.Workspace}.At(list, req)
	if err != nil {
		return p, err
	}
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		if _, err := s.env.Authorize(ctx, r, actor, rbac.ViewAudit, rbac.OnWorkspace(f.Workspace), ErrWorkspace); err != nil {
			return err
		}
		p, err = q.Page(ctx, r, list)
		return err
	})
	return p, err
}

// Verify checks a workspace's whole chain, in constant memory, and returns its
// head. Whoever can write to the database could cut the end of a trail and the
// head with it: note heads elsewhere, as text, and pass those of the workspace
// that were noted before, so that a cut shows as well. A *[BrokenError] says
// where the chain breaks. The caller needs audit.view.
func (s *Service) Verify(ctx context.Context, actor rbac.Actor, w id.Workspace, noted ...Head) (head Head, err error) {
	defer fault.Wrap(&err, "audit: verify")
	for _, n := range noted {
		if n.Workspace != w {
			return head, ErrHead
		}
	}
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		head = Head{Workspace: w}
		if _, err := s.env.Authorize(ctx, r, actor, rbac.ViewAudit, rbac.OnWorkspace(w), ErrWorkspace); err != nil {
			return err
		}
		end, err := r.Head(ctx, w)
		if err != nil {
			return err
		}
		for {
			events, err := r.Events(ctx, Query{Workspace: w, After: head.Seq, Limit: page.MaxSize})
			if err != nil {
				return err
			}
			for _, e := range events {
				if err := check(head, e); err != nil {
					return err
				}
				head.Seq, head.Hash, head.At = e.Seq, e.Hash, e.At
				if err := head.agrees(noted); err != nil {
					return err
				}
			}
			if len(events) < page.MaxSize {
				break
			}
		}
		if !head.equal(end) {
			return &BrokenError{Workspace: w, Seq: head.Seq + 1, What: "head"}
		}
		return head.reaches(noted)
	})
	if err != nil {
		return Head{}, err
	}
	return head, nil
}
