package approval

import (
	"context"
	"fmt"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// MaxReason is the greatest length of a reason, in characters.
const MaxReason = 500

var (
	// ErrOwn is the error for deciding a request that one submitted oneself.
	ErrOwn = fault.Define(fault.ErrDenied, "approval.own",
		"nobody decides his own request: ask somebody else, or have the tenant switch own decisions on")
	// ErrVoid is the error for deciding a request whose matter was changed since it
	// was submitted. It has ended as void.
	ErrVoid = fault.Define(fault.ErrState, "approval.void",
		"what was submitted has changed since, so the request is void: submit it again")
	// ErrClosed is the error for deciding or withdrawing a request of a workspace
	// that is disabled or removed, or whose tenant is.
	ErrClosed = fault.Define(fault.ErrState, "approval.workspace_closed",
		"the workspace is disabled or removed: nothing may be decided or withdrawn in it")
	// ErrKind is the error for a request of a kind that the platform does not know.
	ErrKind = fault.Define(fault.ErrUnavailable, "approval.kind",
		"this platform does not know the kind of the request: build all programs on a database alike")
	// ErrState is what every [StateError] is.
	ErrState = fault.Define(fault.ErrState, "approval.state", "the request has ended")
)

// StateError is the error for deciding or withdrawing a request that has ended:
// it is never decided again.
type StateError struct {
	Status Status
}

// Error names the status.
func (e *StateError) Error() string {
	return fmt.Sprintf("the request has ended: its status is %s; submit a new one", e.Status)
}

// Code returns "approval.state".
func (e *StateError) Code() string { return ErrState.Code() }

// Unwrap returns [ErrState].
func (e *StateError) Unwrap() error { return ErrState }

// A Decision is the answer to a request.
type Decision struct {
	// Approve approves. Default: it is rejected.
	Approve bool
	// Reason is shown to the submitter: one line of at most [MaxReason] characters,
	// required to reject.
	Reason string
}

// outcome returns the status that the decision leads to, and its reason as it is
// stored.
func (d Decision) outcome() (Status, string, error) {
	to, min := Approved, 0
	if !d.Approve {
		to, min = Rejected, 1
	}
	answer, err := checkReason(d.Reason, min)
	return to, answer, err
}

// checkReason returns a reason of at least min characters as it is stored.
func checkReason(reason string, min int) (string, error) {
	var p fault.Problems
	reason = text.Line(&p, "reason", reason, min, MaxReason)
	return reason, p.Err()
}

// Decide approves or rejects a request that is in review, with all that follows
// from it, in one unit (V4). It is the only way to decide one: there is no other
// function that does. The caller needs the permission that decides the kind,
// which is approval.decide; a workspace change is for the platform operator alone.
// What the platform operator submitted he may decide himself.
//
// Errors: *fault.InvalidError; [ErrNotFound]; *rbac.DeniedError or
// [unit.ErrOperatorOnly]; [ErrOwn] for the submitter himself, unless his tenant
// lets him; a *[StateError] once the request has ended, so also the second time;
// [ErrVoid] if what is reviewed is not what was submitted: the request is void
// then, and that is stored; [ErrClosed]. An effect may add errors of its own, after
// which nothing is stored.
func (s *Service) Decide(ctx context.Context, actor rbac.Actor, r id.Request, d Decision) (decided Request, err error) {
	defer fault.Wrap(&err, "approval: decide")
	outcome, answer, err := d.outcome()
	if err != nil {
		return decided, err
	}
	decided, err = s.end(ctx, actor, r, func(ctx context.Context, tx Tx, f rbac.Facts, c Case) error {
		switch {
		case !s.decides(actor, f, c):
			return s.mayNotDecide(ctx, tx, actor, f, c)
		case c.own(actor) && !c.OwnDecision:
			return ErrOwn
		}
		return nil
	}, func(c Case, m Matter) (Status, string) {
		if m.Digest() != c.Digest {
			return Void, ""
		}
		return outcome, answer
	})
	if err == nil && decided.Status == Void {
		err = ErrVoid
	}
	if err != nil {
		return Request{}, err
	}
	return decided, nil
}

// mayNotDecide is why the actor may not decide.
func (s *Service) mayNotDecide(ctx context.Context, tx Tx, actor rbac.Actor, f rbac.Facts, c Case) error {
	spec, known := s.kinds[c.Kind]
	switch {
	case !known:
		return ErrKind
	case c.applied(actor):
		return ErrOwn
	case spec.Decide != 0:
		return s.denied(ctx, tx, actor, spec.Decide, c)
	case s.sees(actor, f, c):
		return unit.ErrOperatorOnly
	}
	return s.denied(ctx, tx, actor, rbac.ViewApproval, c)
}

// denied is the error for a permission that the actor does not hold.
func (s *Service) denied(ctx context.Context, tx Reader, actor rbac.Actor, p rbac.Permission, c Case) error {
	_, err := s.env.Authorize(ctx, tx, actor, p, rbac.OnRequest(c.ID), ErrNotFound)
	return err
}

// Withdraw ends a request that is in review without a decision; a version whose
// release it was for is new again. It is for whoever submitted it, who needs
// approval.own (an account that applied for a workspace needs nothing), and for
// those who hold the permission that submitting took. The reason is optional.
// Errors: *fault.InvalidError, *rbac.DeniedError, [ErrNotFound], [ErrClosed]; a
// *[StateError] once it has ended, so also the second time.
func (s *Service) Withdraw(ctx context.Context, actor rbac.Actor, r id.Request, reason string) (ended Request, err error) {
	defer fault.Wrap(&err, "approval: withdraw")
	reason, err = checkReason(reason, 0)
	if err != nil {
		return ended, err
	}
	return s.end(ctx, actor, r, func(ctx context.Context, tx Tx, f rbac.Facts, c Case) error {
		if !s.withdraws(actor, f, c) {
			return s.denied(ctx, tx, actor, rbac.OwnApproval, c)
		}
		return nil
	}, func(Case, Matter) (Status, string) { return Withdrawn, reason })
}

// end ends a request that is in review, if the actor may, with its effect.
func (s *Service) end(ctx context.Context, actor rbac.Actor, r id.Request,
	may func(context.Context, Tx, rbac.Facts, Case) error, how func(Case, Matter) (Status, string)) (ended Request, err error) {
	if err := actor.Validate(); err != nil {
		return ended, err
	}
	on := rbac.OnRequest(r)
	err = s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		facts, err := tx.Facts(ctx, rbac.Query{Account: actor.Account(), Object: on})
		if err != nil {
			return err
		}
		c, err := tx.Case(ctx, r)
		if err != nil {
			return err
		}
		if err := may(ctx, tx, facts, c); err != nil {
			return err
		}
		switch {
		case c.Status != InReview:
			return &StateError{Status: c.Status}
		case c.closed():
			return ErrClosed
		}
		now := s.env.Now()
		m, err := s.load(ctx, tx, actor, c.Request, now)
		if err != nil {
			return err
		}
		to, answer := how(c, m)
		if ended, err = end(ctx, tx, actor, c.Request, to, answer, now); err != nil {
			return err
		}
		return m.End(ctx, ended)
	})
	if err != nil {
		return Request{}, err
	}
	return ended, nil
}

// load reads what a request is about.
func (s *Service) load(ctx context.Context, tx Tx, actor rbac.Actor, r Request, now time.Time) (Matter, error) {
	spec, known := s.kinds[r.Kind]
	if !known {
		return nil, ErrKind
	}
	return spec.Load(ctx, tx, actor, r, now)
}
