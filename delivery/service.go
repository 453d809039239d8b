package delivery

import (
	"context"
	"encoding/binary"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// What happened to a dead letter; the object is its workspace, After a [Snapshot].
const (
	EventRetried audit.Verb = "delivery.retried"
	EventDropped audit.Verb = "delivery.dropped"
)

// A Snapshot is a dead letter in the audit trail.
type Snapshot struct {
	Handler string `json:"handler"`
	Seq     uint64 `json:"seq"`
}

// Audit returns the [Snapshot]; it holds no personal data.
func (l DeadLetter) Audit() (state, personal any) {
	return Snapshot{Handler: l.Handler, Seq: l.Seq}, nil
}

// A Service makes dispatchers and answers for dead letters, which are the platform
// operator's. It is safe for concurrent use.
type Service struct {
	store unit.Store[Reader, Tx]
	env   *unit.Env
}

// New returns the service over a store.
func New(store unit.Store[Reader, Tx], env *unit.Env) *Service {
	return &Service{store: store, env: env}
}

// Dispatcher returns a dispatcher, which does nothing before it runs. Do not make
// one on the host's own transaction. Error: *fault.InvalidError for options out of
// their bounds.
func (s *Service) Dispatcher(o *Options) (*Dispatcher, error) {
	set, err := o.filled()
	if err != nil {
		return nil, err
	}
	return &Dispatcher{store: s.store, env: s.env, o: set}, nil
}

// A Filter says which dead letters [Service.DeadLetters] lists.
type Filter struct {
	// Handler is whose; required.
	Handler string
	// Workspace is of which trail; zero means any.
	Workspace id.Workspace
}

// DeadLetters returns a page of a handler's dead letters, in the order of their
// workspaces and places. The caller is the platform operator.
func (s *Service) DeadLetters(ctx context.Context, actor rbac.Actor, f Filter, req page.Request) (p page.Page[DeadLetter], err error) {
	defer fault.Wrap(&err, "delivery: dead letters")
	if err := unit.OperatorOnly(actor); err != nil {
		return p, err
	}
	limit, err := req.Limit()
	if err != nil {
		return p, err
	}
	list := "dead_letters:" + f.Handler + ":" + f.Workspace.String()
	key, err := page.Decode(list, req.After)
	if err != nil {
		return p, err
	}
	q := Query{Handler: f.Handler, Workspace: f.Workspace, Limit: limit + 1}
	switch {
	case key == nil:
	case len(key) == 24:
		q.AfterWorkspace.UUID, q.AfterSeq = id.UUID(key[:16]), binary.BigEndian.Uint64(key[16:])
	default:
		return p, page.ErrCursor
	}
	var letters []DeadLetter
	err = s.store.View(ctx, func(ctx context.Context, r Reader) (err error) {
		letters, err = r.DeadLetters(ctx, q)
		return err
	})
	if err != nil {
		return p, err
	}
	return page.Cut(list, letters, limit, func(l DeadLetter) []byte {
		return binary.BigEndian.AppendUint64(append([]byte(nil), l.Workspace.UUID[:]...), l.Seq)
	}), nil
}

// Retry has a dead letter tried once more, by a dispatcher that runs; it is gone if
// that succeeds, and as before if not. One that is waiting for it already stays as
// it is. The caller is the platform operator. Error: [ErrNoLetter].
func (s *Service) Retry(ctx context.Context, actor rbac.Actor, handler string, w id.Workspace, seq uint64) (err error) {
	defer fault.Wrap(&err, "delivery: retry")
	return s.decide(ctx, actor, handler, w, seq, EventRetried, func(ctx context.Context, tx Tx, l DeadLetter) (bool, error) {
		if l.Again {
			return false, nil
		}
		l.Again = true
		return true, tx.PutDeadLetter(ctx, l)
	})
}

// Drop deletes a dead letter: the handler will not be told of the event. The caller
// is the platform operator. Error: [ErrNoLetter].
func (s *Service) Drop(ctx context.Context, actor rbac.Actor, handler string, w id.Workspace, seq uint64) (err error) {
	defer fault.Wrap(&err, "delivery: drop")
	return s.decide(ctx, actor, handler, w, seq, EventDropped, func(ctx context.Context, tx Tx, l DeadLetter) (bool, error) {
		return true, tx.DeleteDeadLetter(ctx, l.Handler, l.Workspace, l.Seq)
	})
}

// decide changes a dead letter and reports it.
func (s *Service) decide(ctx context.Context, actor rbac.Actor, handler string, w id.Workspace, seq uint64, verb audit.Verb,
	change func(context.Context, Tx, DeadLetter) (changed bool, err error)) error {
	if err := unit.OperatorOnly(actor); err != nil {
		return err
	}
	if seq == 0 {
		return ErrNoLetter
	}
	return s.store.Update(ctx, unit.On(actor, rbac.OnWorkspace(w)), func(ctx context.Context, tx Tx) error {
		now := s.env.Now()
		found, there, err := letterOf(ctx, tx, handler, w, seq)
		switch {
		case err != nil:
			return err
		case !there:
			return ErrNoLetter
		}
		if changed, err := change(ctx, tx, found); err != nil || !changed {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{
			Workspace: w, Verb: verb, Object: rbac.OnWorkspace(w), Actor: actor, At: now, After: found,
		})
	})
}

// letterOf returns the dead letter of an event, if there is one.
func letterOf(ctx context.Context, r Reader, handler string, w id.Workspace, seq uint64) (l DeadLetter, there bool, err error) {
	found, err := r.DeadLetters(ctx, Query{Handler: handler, Workspace: w, AfterWorkspace: w, AfterSeq: seq - 1, Limit: 1})
	if err != nil || len(found) == 0 || found[0].Seq != seq {
		return l, false, err
	}
	return found[0], true, nil
}
