package delivery

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/unit"
)

// claim takes leases on at most n workspaces.
func (r *route) claim(ctx context.Context, n int) (claimed []Claimed, lease id.UUID, until time.Time, err error) {
	if n == 0 {
		return nil, lease, until, nil
	}
	lease = id.New()
	err = r.store.Update(ctx, unit.Scope{}, func(ctx context.Context, tx Tx) (err error) {
		now := r.env.Now()
		until = now.Add(r.o.Lease)
		claimed, err = tx.ClaimDeliveries(ctx, Claim{Handler: r.name, Lease: lease, Now: now, Until: until, Limit: n})
		return err
	})
	if err != nil {
		// What was claimed, if the outcome is not known, ends by itself.
		return nil, lease, until, err
	}
	return claimed, lease, until, nil
}

// Workspaces with few events are claimed several for each worker, as long as they
// take little time: to claim each by itself would take longer than to serve it.
const (
	longestRow = 16
	shortTime  = 250 * time.Millisecond
)

// serveRow serves workspaces one after the other. While others of the row wait, one
// whose events take too long ends its turn, and those that wait are let go, for others
// to serve. It returns the stuck of the one with which it ended.
func (r *route) serveRow(ctx context.Context, row []*serving) (stuck chan struct{}) {
	began := time.Now()
	for i, s := range row {
		if stuck != nil || ctx.Err() != nil || time.Since(began) > shortTime {
			if s.save(ctx, time.Time{}) {
				r.rouse()
			}
			continue
		}
		if i < len(row)-1 {
			s.ends = began.Add(shortTime)
		}
		s.serve(ctx)
		stuck = s.stuck
	}
	if time.Since(began) > shortTime {
		r.row.Store(1)
	} else if len(row) == int(r.row.Load()) {
		r.row.Store(min(2*int64(len(row)), longestRow))
	}
	return stuck
}

// A serving is the work under one lease.
type serving struct {
	*route
	Claimed
	lease id.UUID
	until time.Time
	// ends is when others want the worker; zero if nobody waits for it.
	ends time.Time
	// stuck is closed when a handler that was given up returns; nil if none was.
	stuck chan struct{}
}

// work is what there is to do under a lease.
type work struct {
	events []audit.Event
	again  []DeadLetter
	// of are the events of the dead letters.
	of []audit.Event
}

// serve tells the handler of a workspace's events, and notes how far it got.
func (s *serving) serve(ctx context.Context) {
	w, err := s.read(ctx)
	if err != nil {
		s.warn(ctx, "events could not be read, trying again", err)
		s.save(ctx, s.env.Now().Add(s.o.pause(1, rand.Float64())))
		return
	}
	for i, l := range w.again {
		if s.over(ctx, i) {
			break
		}
		if !s.again(ctx, l, w.of[i]) {
			return
		}
	}
	due := time.Time{}
	for i, e := range w.events {
		if s.over(ctx, i+len(w.again)) {
			break
		}
		if !s.hold(ctx) {
			return
		}
		err := s.attempt(ctx, e, s.Attempts+1)
		if err == nil {
			s.Seq, s.Attempts = e.Seq, 0
			continue
		}
		if ctx.Err() != nil {
			break // stopped, which is no failure of the handler's
		}
		s.Attempts++
		if !IsPermanent(err) && s.Attempts < s.o.Attempts {
			due = s.env.Now().Add(s.o.pause(s.Attempts, rand.Float64()))
			if s.Attempts == 1 && s.stuck == nil {
				s.tell(ctx, "an event could not be delivered, trying again", e.Seq, s.Attempts, err)
			}
			break
		}
		if !s.bury(ctx, e, err) {
			return
		}
	}
	// Why also then: a turn that is over may leave events that were read.
	more := due.IsZero() && len(w.events) > 0 && (len(w.events) == s.o.Batch || s.Seq < w.events[len(w.events)-1].Seq)
	if due.IsZero() {
		due = s.env.Now()
	}
	if s.save(ctx, due) && more {
		s.rouse()
	}
}

// over reports whether a workspace's turn ends before another event, after so many:
// the dispatcher stops, a handler hangs, others of the row wait for too long, or the lease
// would have to be renewed, so that one whose events take long does not keep others
// waiting.
func (s *serving) over(ctx context.Context, had int) bool {
	return ctx.Err() != nil || s.stuck != nil || had > 0 && (s.short() || !s.ends.IsZero() && time.Now().After(s.ends))
}

// short reports whether the lease may end before an event is dealt with.
func (s *serving) short() bool { return s.until.Sub(s.env.Now()) <= s.o.Timeout+2*grace }

// read reads what there is to do.
func (s *serving) read(ctx context.Context) (w work, err error) {
	err = s.store.View(ctx, func(ctx context.Context, r Reader) (err error) {
		w = work{}
		if w.events, err = r.Events(ctx, audit.Query{Workspace: s.Workspace, After: s.Seq, Limit: s.o.Batch}); err != nil {
			return err
		}
		letters, err := r.DeadLetters(ctx, Query{Handler: s.name, Workspace: s.Workspace, Again: true, Limit: 20})
		if err != nil {
			return err
		}
		for _, l := range letters {
			found, err := r.Events(ctx, audit.Query{Workspace: s.Workspace, After: l.Seq - 1, Limit: 1})
			if err != nil {
				return err
			}
			if len(found) == 1 && found[0].Seq == l.Seq {
				w.again, w.of = append(w.again, l), append(w.of, found[0])
			}
		}
		return nil
	})
	return w, err
}

// hold makes sure that the lease lasts for one more event, and reports whether it
// does.
func (s *serving) hold(ctx context.Context) bool {
	if !s.short() {
		return true
	}
	now := s.env.Now()
	until := now.Add(s.o.Lease)
	if !s.note(ctx, unit.Scope{}, now, until, nothing) {
		return false
	}
	s.until = until
	return true
}

// save notes how far the handler is, and lets the lease go. That of a handler that hangs
// is kept instead, and ends by itself: nobody else is to be called beside it.
func (s *serving) save(ctx context.Context, due time.Time) bool {
	var until time.Time
	if s.hangs() {
		until = s.env.Now().Add(s.o.Lease)
	}
	return s.note(ctx, unit.Scope{}, due, until, nothing)
}

// nothing is no more than what note does anyway.
func nothing(context.Context, Tx) error { return nil }

// lastSave is how long it may take to note the last when the dispatcher stops.
const lastSave = 5 * time.Second

// note notes how far the handler is, keeps the lease until then or lets it go, and does
// more in the same unit. It reports whether that was committed; if not, the lease is
// lost, or is given up.
func (s *serving) note(ctx context.Context, scope unit.Scope, due, until time.Time, more func(context.Context, Tx) error) bool {
	if ctx.Err() != nil {
		// Why: what the handler has had must not come again because the host stops.
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastSave)
		defer cancel()
		ctx = bounded
	}
	err := s.store.Update(ctx, scope, func(ctx context.Context, tx Tx) error {
		if err := tx.SaveDelivery(ctx, Progress{
			Handler: s.name, Workspace: s.Workspace, Lease: s.lease, Seq: s.Seq, Attempts: s.Attempts, DueAt: due, Until: until,
		}); err != nil {
			return err
		}
		return more(ctx, tx)
	})
	if err != nil {
		s.warn(ctx, "a delivery could not be noted: events come again", err)
	}
	return err == nil
}

// warn is that of the route, and says of which workspace.
func (s *serving) warn(ctx context.Context, what string, err error, more ...slog.Attr) {
	s.route.warn(ctx, what, err, append(more, slog.String("workspace", s.Workspace.String()))...)
}

// tell warns about an event that was tried so often.
func (s *serving) tell(ctx context.Context, what string, seq uint64, attempts int, err error) {
	s.warn(ctx, what, err, slog.Uint64("seq", seq), slog.Int("attempts", attempts))
}
