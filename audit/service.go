package audit

import (
	"cmp"
	"context"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
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
	// Actor selects what an account did or, with System, the system actor of this
	// name; "" means any. It is compared with [Event].Actor, from which an erased
	// account is gone.
	Actor  string
	System bool
	// After is the Seq of the last event not wanted.
	After uint64
	// Until is the Seq of the last event wanted; 0 means no bound.
	Until uint64
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
	// Denials returns the denials of the query.
	Denials(ctx context.Context, q DenialQuery) ([]Denial, error)
}

// A Tx is for stores: it appends to trails.
type Tx interface {
	Reader
	// AppendEvent stores the event and makes it the head of its workspace's
	// chain. The unit has the workspace in its scope; Head tells the new head
	// from then on.
	AppendEvent(ctx context.Context, e Event) error
	// RedactEvent replaces Actor, Personal, Salt and Erasure of the event with the
	// Workspace and Seq, and nothing else; ErrWorkspace if there is no such event.
	// The unit has the workspace in its scope. No copy of what was there stays, in
	// an index neither.
	RedactEvent(ctx context.Context, e Event) error
	// PutDenial stores a denial, in the place of the one with its Workspace and Seq if
	// there is one. The unit has the workspace in its scope. No copy of what was there
	// stays, in an index neither.
	PutDenial(ctx context.Context, d Denial) error
	// DeleteDenials deletes a workspace's denials whose First is before a time. The
	// unit has the workspace in its scope.
	DeleteDenials(ctx context.Context, w id.Workspace, before time.Time) error
}

// ErrWorkspace is the error for a trail of a workspace that does not exist, or
// that the caller may not know of.
var ErrWorkspace = fault.Define(fault.ErrNotFound, "audit.workspace", "no such workspace")

// A Service reads trails, erases personal data from them, and records denials. It is
// safe for concurrent use.
type Service struct {
	store unit.Store[Reader, Tx]
	env   *unit.Env
	// denials says whether they are recorded, keep for how long.
	denials bool
	keep    time.Duration
}

// New returns the service over a store; nil options record no denials. The error is
// a *fault.InvalidError for options out of their bounds.
func New(store unit.Store[Reader, Tx], env *unit.Env, o *DenialOptions) (*Service, error) {
	s := &Service{store: store, env: env, denials: o != nil, keep: keepDenials}
	if o != nil {
		s.keep = cmp.Or(o.Keep, keepDenials)
	}
	return s, o.check()
}

// On returns the same service over another store.
func (s *Service) On(store unit.Store[Reader, Tx]) *Service {
	w := *s
	w.store = store
	return &w
}
