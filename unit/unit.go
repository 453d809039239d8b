// Package unit holds the unit of work: how a verb loads, decides and saves as
// one, on any store and inside the host's own transaction.
//
// Every Update first locks the workspaces it is about, then reads, then
// decides, then writes; nothing else makes the rules over several rows hold
// under concurrency. Its function may run more than once, when the database
// asks for it: it must take its ids and secrets from outside, assign its
// results instead of appending to them, and touch nothing but its transaction. A
// verb that runs inside a larger unit makes them there, anew at each run; the last
// run's are those that are returned.
package unit

import (
	"context"
	"log/slog"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// A Scope names what an Update is about: the workspaces to lock, and whose
// facts to read along with the lock. The zero Scope locks nothing, which only
// suits what creates a workspace, and counts.
type Scope struct {
	// Query names the object, whose owner is locked, and the account whose
	// facts the unit will ask for.
	Query rbac.Query
	// Token is the hash of a token, of a mailed invitation or of a link, whose
	// workspace is locked; zero for none.
	Token [32]byte
	// Workspaces are locked as well.
	Workspaces []id.Workspace
}

// On is the scope for an actor and an object.
func On(a rbac.Actor, o rbac.Object) Scope {
	return Scope{Query: rbac.Query{Account: a.Account(), Object: o}}
}

// A Store runs units of work whose transaction is a T and whose snapshot is an
// R. A domain's service needs a Store of exactly the methods it uses.
type Store[R, T any] interface {
	// View runs fn on a consistent snapshot.
	View(ctx context.Context, fn func(context.Context, R) error) error
	// Update runs fn as one unit of work: it commits if fn returns nil, and
	// rolls everything back if not. fn may run again.
	Update(ctx context.Context, s Scope, fn func(context.Context, T) error) error
}

// Env is what services share: the matrix that decides, and where time and ids
// come from.
type Env struct {
	// Matrix decides.
	Matrix *rbac.Matrix
	// Clock tells the time.
	Clock func() time.Time
	// NewID makes identifiers.
	NewID func() id.UUID
	// Log gets denials at level debug, and what is tried again at level warn.
	Log *slog.Logger
}

// Now returns the time as it is stored. A unit reads it once, after the lock.
func (e *Env) Now() time.Time { return Time(e.Clock()) }

// Time returns a time as it is stored: UTC, cut to microseconds (S5).
func Time(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// Authorize returns the actor's facts on the object if he holds the permission
// there. Otherwise the error is a *[rbac.DeniedError], or notFound if he has
// no place from which he could know of the object (S4).
func (e *Env) Authorize(ctx context.Context, r rbac.Reader, a rbac.Actor, p rbac.Permission, o rbac.Object, notFound error) (rbac.Facts, error) {
	if err := a.Validate(); err != nil {
		return rbac.Facts{}, err
	}
	f, err := r.Facts(ctx, rbac.Query{Account: a.Account(), Object: o})
	if err != nil {
		return rbac.Facts{}, err
	}
	d := e.Matrix.Decide(a, f, p)
	if d.Allowed {
		return d.Facts(), nil
	}
	e.Log.LogAttrs(ctx, slog.LevelDebug, "denied", slog.String("permission", e.Matrix.Name(p)),
		slog.String("reason", d.Reason.String()), slog.String("request", a.Request()))
	if d.Reason == rbac.NoMembership {
		return rbac.Facts{}, notFound
	}
	return rbac.Facts{}, &rbac.DeniedError{Decision: d, Actor: a, Object: o}
}

// ErrOperatorOnly is the error for what only the platform operator may do.
var ErrOperatorOnly = fault.Define(fault.ErrDenied, "unit.operator_only",
	"only the platform operator may do this: call it with rbac.System")

// OperatorOnly returns [ErrOperatorOnly] unless the actor is the system.
func OperatorOnly(a rbac.Actor) error {
	if !a.IsSystem() {
		return ErrOperatorOnly
	}
	return a.Validate()
}
