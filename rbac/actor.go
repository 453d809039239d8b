package rbac

import (
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
)

// An Actor is whoever acts: an account, or the system. It is an explicit
// argument of every verb, never hidden in a context.
type Actor struct {
	account  id.Account
	system   bool
	onBehalf id.Account
	request  string
	within   id.Workspace
}

// User is the actor for a person that the host's login knows.
func User(account id.Account) Actor { return Actor{account: account} }

// System is the actor for the host itself, the platform operator: it holds
// every permission everywhere, is bound by the rules of state like anyone, and
// is audited as what it is (R2). The name says which part of the host acts,
// such as "nightly-job".
func System(name string) Actor { return Actor{account: id.Account(name), system: true} }

// OnBehalfOf returns the actor with the account it acts for, which the audit
// trail shows. It changes nothing about what is allowed.
func (a Actor) OnBehalfOf(account id.Account) Actor { a.onBehalf = account; return a }

// Within returns the actor bound to one workspace, as who signed in with the
// password of one membership is (M14): what the account is in any other
// workspace counts for nothing. A developer workspace's objects are within their
// tenant for a member of that. The system holds what it holds anywhere.
//
// The zero workspace leaves the actor as he is, so that a session of a host may have
// one or not. A host whose people all sign in by passwords refuses a session without.
func (a Actor) Within(w id.Workspace) Actor {
	if !w.IsZero() {
		a.within = w
	}
	return a
}

// Bound returns the workspace that the actor is bound to, zero for none.
func (a Actor) Bound() id.Workspace { return a.within }

// WithRequest returns the actor with the host's id of the request, which the
// audit trail shows: one line of at most [MaxRequest] bytes, or verbs answer
// [ErrRequest]. Cut what a client sent.
func (a Actor) WithRequest(request string) Actor { a.request = request; return a }

// IsSystem reports whether the actor is the platform operator.
func (a Actor) IsSystem() bool { return a.system }

// Account returns the account of a user, "" for the system.
func (a Actor) Account() id.Account {
	if a.system {
		return ""
	}
	return a.account
}

// Name returns the account of a user, or the name of the system actor.
func (a Actor) Name() string { return string(a.account) }

// Behalf returns the account the actor acts for, "" for none.
func (a Actor) Behalf() id.Account { return a.onBehalf }

// Request returns the host's id of the request, "" for none.
func (a Actor) Request() string { return a.request }

// MaxRequest is the greatest length of a request id, in bytes.
const MaxRequest = 255

// ErrRequest is the error for a request id that is too long or no plain line.
var ErrRequest = fault.Define(fault.ErrInvalid, "rbac.request",
	"not a request id: want at most 255 bytes of valid UTF-8 without control characters")

// Validate returns an error unless the actor is the system or a possible
// account, and his request id can be kept.
func (a Actor) Validate() error {
	if a.request != "" && (len(a.request) > MaxRequest || !isLine(a.request)) {
		return ErrRequest
	}
	if a.onBehalf != "" {
		if err := a.onBehalf.Validate(); err != nil {
			return err
		}
	}
	return a.account.Validate()
}
