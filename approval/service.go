package approval

import (
	"context"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// A Service decides, ends and lists requests. It is safe for concurrent use.
type Service struct {
	store Store
	env   *unit.Env
	kinds map[Kind]Spec
}

// New returns the service over a store, for the kinds that are given.
func New(store Store, env *unit.Env, kinds map[Kind]Spec) *Service {
	return &Service{store: store, env: env, kinds: kinds}
}

// On returns the same service over another store, such as an open unit.
func (s *Service) On(store Store) *Service {
	on := *s
	on.store = store
	return &on
}

// An Action is something that may be done with a request: what a console shows
// as a button.
type Action string

// The actions.
const (
	// ActionDecide is to approve or reject.
	ActionDecide   Action = "decide"
	ActionWithdraw Action = "withdraw"
)

// Details is a request as its page and lists show it, with what it froze.
type Details struct {
	Request
	// Actions is what is open to the caller: nothing once it has ended.
	Actions []Action
}

// Get returns a request with what it froze, whatever the caller may see of the
// mini program. It is for those who hold approval.view on it, or the permission
// that submitting it took; for its submitter, who needs approval.own; and for
// the account that applied for a workspace, which needs nothing. Anyone else
// gets a *rbac.DeniedError, or [ErrNotFound] if he is no member there.
func (s *Service) Get(ctx context.Context, actor rbac.Actor, r id.Request) (d Details, err error) {
	defer fault.Wrap(&err, "approval: get")
	if err := actor.Validate(); err != nil {
		return d, err
	}
	err = s.store.View(ctx, func(ctx context.Context, tx Reader) error {
		c, err := tx.Case(ctx, r)
		if err != nil {
			return err
		}
		facts, err := tx.Facts(ctx, rbac.Query{Account: actor.Account(), Object: rbac.OnRequest(r)})
		if err != nil {
			return err
		}
		if !s.sees(actor, facts, c) {
			return s.denied(ctx, tx, actor, rbac.ViewApproval, c)
		}
		d = s.details(actor, facts, c)
		return nil
	})
	return d, err
}

// holds reports whether the actor has the permission on a request with these
// facts; nobody has none.
func (s *Service) holds(actor rbac.Actor, f rbac.Facts, p rbac.Permission) bool {
	return p != 0 && s.env.Matrix.Decide(actor, f, p).Allowed
}

// own reports whether the actor submitted the request.
func (c Case) own(actor rbac.Actor) bool {
	return c.Submitter != "" && c.Submitter == actor.Account()
}

// applied reports whether the request is the actor's application, for which he
// needs no membership (W7). One who is bound to a workspace has made none there.
func (c Case) applied(actor rbac.Actor) bool {
	return c.Kind == DeveloperWorkspace && c.own(actor) && actor.Bound().IsZero()
}

// closed reports whether the workspace or its tenant is disabled or removed.
func (c Case) closed() bool {
	return c.OwnerStatus >= rbac.Disabled || c.TenantStatus >= rbac.Disabled
}

// sees reports whether the actor may see the request.
func (s *Service) sees(actor rbac.Actor, f rbac.Facts, c Case) bool {
	return s.withdraws(actor, f, c) || s.holds(actor, f, rbac.ViewApproval)
}

// withdraws reports whether the actor has the right to withdraw the request.
func (s *Service) withdraws(actor rbac.Actor, f rbac.Facts, c Case) bool {
	return c.applied(actor) || s.holds(actor, f, rbac.OwnApproval) || s.holds(actor, f, s.kinds[c.Kind].Submit)
}

// decides reports whether the actor has the right to decide the request, be it
// his own or not.
func (s *Service) decides(actor rbac.Actor, f rbac.Facts, c Case) bool {
	spec, known := s.kinds[c.Kind]
	if spec.Decide == 0 {
		return known && actor.IsSystem()
	}
	return s.holds(actor, f, spec.Decide)
}

// details returns the request with the actions that are open.
func (s *Service) details(actor rbac.Actor, f rbac.Facts, c Case) Details {
	d := Details{Request: c.Request}
	if c.Status != InReview || c.closed() {
		return d
	}
	if s.decides(actor, f, c) && (c.OwnDecision || !c.own(actor)) {
		d.Actions = append(d.Actions, ActionDecide)
	}
	if s.withdraws(actor, f, c) {
		d.Actions = append(d.Actions, ActionWithdraw)
	}
	return d
}
