// Package delivery hands what happened to whoever wants to know: after the commit,
// at least once, and in the order of each workspace's trail (E2).
//
// A [Handler] is registered with a [Dispatcher] under a name, which is what it is
// known by in the database. The host starts the dispatcher and stops it; without
// it nothing runs:
//
//	d, err := p.Delivery.Dispatcher(nil)
//	err = d.Handle("crm", delivery.HandlerFunc(tellCRM), nil)
//	go d.Run(ctx)
//
// Any number of processes may run dispatchers on one database. Whoever delivers a
// workspace's events to a handler holds a lease on the two, which is committed
// before the first event and ends by itself if the process dies; another goes on
// then behind the last event whose delivery was noted. So a handler sees an event
// again after a crash, and must not mind: [audit.Event] has a workspace and a
// number to know it by. Handlers do not wait for each other, nor do workspaces.
//
// An event that a handler fails on is tried again, after pauses that grow; those
// behind it wait. After enough attempts, or at once if the handler says so with
// [Permanent], it becomes a [DeadLetter], and those behind it follow.
//
// # Clocks
//
// Leases are compared with the clock of each process: keep the clocks of machines
// together to within a second. A process whose clock is further ahead may take over
// while a handler elsewhere uses the last of its Timeout, so that an event comes twice at
// the same time. None is lost by that: only whoever has the lease notes progress.
//
// # Handlers that are no longer used
//
// A handler is known by its name until it is taken out of the database, and all that time
// every workspace with events that it has not had is looked at by every claim of every
// other handler. Nothing takes it out by itself, since it may come back. Once no process
// runs it, and its dead letters are of no use, do so with the database's own client, with
// the schema and prefix of your tables before their names:
//
//	DELETE FROM dead_letter WHERE handler = 'old';
//	DELETE FROM delivery WHERE handler = 'old';
//	DELETE FROM delivery_handler WHERE name = 'old';
//
// Under that name a handler would be a new one from then on.
package delivery

import (
	"context"
	"errors"

	"github.com/superapp-go/superapp/audit"
)

// A Handler is told of events. It is called by one goroutine at a time for each
// workspace, and by several for different ones. It may use the platform. An event can
// come again: what it does twice has to be like once.
//
// It returns soon after the context is done. One that has not a second later is given up,
// and its attempt has failed, unless the dispatcher stops. Nobody is called for that
// workspace then until another [Options].Lease has passed; only a handler that is at work
// even longer than that can be called beside itself.
//
// An attempt counts once it has ended. So an event whose handling kills the process, as a
// fatal error, a lack of memory or os.Exit do, was not tried: it comes again when the lease
// has ended, to the next process too, and never becomes a dead letter. A handler that may
// be killed by what it is given keeps count itself, and returns a [Permanent] error.
type Handler interface {
	// Handle deals with an event. Its error means that the event is to come again,
	// or not if it is [Permanent]. Its text is logged, and stored with a dead letter:
	// keep personal data and secrets out of it.
	Handle(ctx context.Context, e audit.Event) error
}

// A HandlerFunc is a [Handler] that is a function.
type HandlerFunc func(ctx context.Context, e audit.Event) error

// Handle calls the function.
func (f HandlerFunc) Handle(ctx context.Context, e audit.Event) error { return f(ctx, e) }

// Permanent returns an error that says that to try again is of no use: the event
// becomes a dead letter at once. It wraps err; nil stays nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return &permanentError{err}
}

type permanentError struct{ err error }

func (e *permanentError) Error() string { return e.err.Error() }
func (e *permanentError) Unwrap() error { return e.err }

// IsPermanent reports whether an error says so, as [Permanent] makes them.
func IsPermanent(err error) bool {
	_, ok := errors.AsType[*permanentError](err)
	return ok
}
