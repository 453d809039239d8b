package delivery

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/superapp-go/superapp/unit"
)

// A Dispatcher delivers events to handlers while it runs. Make one with
// [Service.Dispatcher], give it its handlers, then run it, once.
type Dispatcher struct {
	store   unit.Store[Reader, Tx]
	env     *unit.Env
	o       Options
	routes  []*route
	started atomic.Bool
}

// A route is the way to a handler.
type route struct {
	*Dispatcher
	name      string
	handler   Handler
	fromStart bool
	wake      chan struct{}
	// woken is how often Wake was called.
	woken atomic.Int64
	// row is how many workspaces are claimed for each worker.
	row atomic.Int64
}

// Handle registers a handler under a name of 1 to 64 lower-case letters, digits,
// dots, dashes and underscores. Under the same name it goes on where it was,
// whatever process ran it; under another name it is another handler. Do not make names up
// at each start: one that no process uses any more slows down every claim, until it is
// taken out as the package's comment says. Errors: [ErrHandler]; [ErrRunning].
func (d *Dispatcher) Handle(name string, h Handler, o *HandlerOptions) error {
	if d.started.Load() {
		return ErrRunning
	}
	for _, r := range d.routes {
		if r.name == name {
			return ErrHandler
		}
	}
	if !named(name) || h == nil {
		return ErrHandler
	}
	r := &route{Dispatcher: d, name: name, handler: h, wake: make(chan struct{}, 1)}
	r.row.Store(1)
	if o != nil {
		r.fromStart = o.FromStart
	}
	d.routes = append(d.routes, r)
	return nil
}

// Wake makes the dispatcher look for events at once instead of at the next
// interval: call it after a commit in the same process, if you like. It never
// waits.
func (d *Dispatcher) Wake() {
	for _, r := range d.routes {
		r.woken.Add(1)
		r.rouse()
	}
}

func (r *route) rouse() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run delivers until the context is done. Then the handlers' contexts end as well; it
// waits a second for them to return, and notes what they have had. What they did not
// finish comes again; if a handler has not returned, when its lease has ended. The error
// is [ErrRunning] or nil: what goes wrong meanwhile is logged as a warning, with the
// handler, the workspace and the event's place, and tried again. Of an event that fails
// the first failure is logged, and the last; of one that hangs each.
func (d *Dispatcher) Run(ctx context.Context) error {
	if d.started.Swap(true) {
		return ErrRunning
	}
	var routes sync.WaitGroup
	for _, r := range d.routes {
		routes.Go(func() { r.run(ctx) })
	}
	routes.Wait()
	return nil
}

// How often a route makes sure that it is known and misses nothing, and how often
// it lets workspaces rest of which all is delivered.
const (
	registerEvery = 10 * time.Minute
	restEvery     = 5 * time.Second
	restAtMost    = 500
)

// run claims workspaces as there are workers for them.
func (r *route) run(ctx context.Context) {
	var working sync.WaitGroup
	defer working.Wait()
	workers := make(chan struct{}, r.o.Workers)
	var registered, rested time.Time
	for ctx.Err() == nil {
		if registered.IsZero() || time.Since(registered) > registerEvery {
			if err := r.register(ctx); err != nil {
				r.warn(ctx, "a handler could not be registered, trying again", err)
				r.wait(ctx)
				continue
			}
			registered = time.Now()
		}
		free := take(ctx, workers)
		claimed, lease, until, err := r.claim(ctx, free*int(r.row.Load()))
		for i := range free {
			var row []*serving
			for n := i; n < len(claimed); n += free {
				row = append(row, &serving{route: r, Claimed: claimed[n], lease: lease, until: until})
			}
			if len(row) == 0 {
				<-workers
				continue
			}
			working.Go(func() {
				woken := r.woken.Load()
				stuck := r.serveRow(ctx, row)
				if r.woken.Load() != woken {
					r.rouse() // it was for events that are behind those that were read, perhaps
				}
				if stuck == nil {
					<-workers
					return
				}
				// Why: a handler that never returns must not take more and more of
				// the process.
				go func() {
					<-stuck
					<-workers
				}()
			})
		}
		if err != nil {
			r.warn(ctx, "events could not be claimed, trying again", err)
		}
		if time.Since(rested) > restEvery && err == nil {
			rested = time.Now()
			if err := r.store.Update(ctx, unit.Scope{}, func(ctx context.Context, tx Tx) error {
				return tx.RestDeliveries(ctx, restAtMost)
			}); err != nil {
				r.warn(ctx, "workspaces could not be let rest, trying again", err)
			}
		}
		if err != nil || free > 0 && len(claimed) == 0 {
			r.wait(ctx)
		}
	}
}

// take waits for a worker that is free and takes all that are.
func take(ctx context.Context, workers chan struct{}) (n int) {
	select {
	case workers <- struct{}{}:
		n++
	case <-ctx.Done():
		return 0
	}
	for {
		select {
		case workers <- struct{}{}:
			n++
		default:
			return n
		}
	}
}

// wait waits for the interval or a call of Wake.
func (r *route) wait(ctx context.Context) {
	// Why not always as long: processes that were started together would ask
	// together.
	timer := time.NewTimer(r.o.Interval - time.Duration(rand.Float64()*float64(r.o.Interval)/4))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.wake:
	case <-ctx.Done():
	}
}

func (r *route) register(ctx context.Context) error {
	return r.store.Update(ctx, unit.Scope{}, func(ctx context.Context, tx Tx) error {
		return tx.RegisterHandler(ctx, Registration{Handler: r.name, At: r.env.Now(), FromStart: r.fromStart})
	})
}

// warn logs what went wrong, unless it is that the dispatcher was stopped.
func (r *route) warn(ctx context.Context, what string, err error, more ...slog.Attr) {
	if ctx.Err() == nil {
		r.env.Log.LogAttrs(ctx, slog.LevelWarn, what, append(more, slog.String("handler", r.name), slog.Any("error", err))...)
	}
}
