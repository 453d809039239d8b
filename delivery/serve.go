package delivery

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
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

// serveRow serves workspaces one after the other. Those for which it takes too long
// it lets go, for others to serve. It returns the stuck of the one with which it
// ended.
func (r *route) serveRow(ctx context.Context, row []*serving) (stuck chan struct{}) {
	began := time.Now()
	for _, s := range row {
		if stuck != nil || ctx.Err() != nil || time.Since(began) > shortTime {
			s.save(ctx, time.Time{}, time.Time{})
			continue
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
		s.save(ctx, s.env.Now().Add(s.o.pause(1, rand.Float64())), time.Time{})
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
		err := s.attempt(ctx, e)
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
	if s.save(ctx, due, time.Time{}) && more {
		s.rouse()
	}
}

// over reports whether a workspace's turn ends before another event, after so many:
// the dispatcher stops, a handler hangs, or the lease would have to be renewed, so that
// one whose events take long does not keep others waiting.
func (s *serving) over(ctx context.Context, had int) bool {
	return ctx.Err() != nil || s.stuck != nil || had > 0 && s.short()
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
	if !s.save(ctx, now, until) {
		return false
	}
	s.until = until
	return true
}

// attempt calls the handler, for as long as it may take.
func (s *serving) attempt(ctx context.Context, e audit.Event) error {
	ctx, cancel := context.WithTimeout(ctx, s.o.Timeout)
	defer cancel()
	result, returned := make(chan error, 1), make(chan struct{})
	go func() {
		err := error(ErrPanic) // also if it ends its goroutine
		defer func() {
			if v := recover(); v != nil {
				err = fmt.Errorf("%w: %v", ErrPanic, v)
			}
			result <- err
			close(returned)
		}()
		err = s.handler.Handle(ctx, e)
	}()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
	}
	late := time.NewTimer(grace)
	defer late.Stop()
	select {
	case err := <-result:
		return err
	case <-late.C:
		s.stuck = returned
		return ErrHangs
	}
}

// again tries a dead letter once more, and reports whether the lease still holds.
func (s *serving) again(ctx context.Context, l DeadLetter, e audit.Event) bool {
	if !s.hold(ctx) {
		return false
	}
	err := s.attempt(ctx, e)
	if err != nil && ctx.Err() != nil {
		s.save(ctx, s.env.Now(), time.Time{})
		return false
	}
	// Why the lock of the workspace: somebody may drop the letter meanwhile.
	return s.note(ctx, unit.Scope{Workspaces: []id.Workspace{s.Workspace}}, s.env.Now(), s.until, func(ctx context.Context, tx Tx) error {
		if err == nil {
			return tx.DeleteDeadLetter(ctx, l.Handler, l.Workspace, l.Seq)
		}
		found, there, e := letterOf(ctx, tx, l.Handler, l.Workspace, l.Seq)
		if e != nil || !there {
			return e
		}
		found.Attempts, found.Error, found.FailedAt, found.Again = l.Attempts+1, said(err), s.env.Now(), false
		return tx.PutDeadLetter(ctx, found)
	})
}

// bury makes a dead letter of an event and goes on behind it.
func (s *serving) bury(ctx context.Context, e audit.Event, err error) bool {
	l := DeadLetter{
		Handler: s.name, Workspace: e.Workspace, Seq: e.Seq, Attempts: s.Attempts, Error: said(err), FailedAt: s.env.Now(),
	}
	s.warn(ctx, "an event became a dead letter", err)
	s.Seq, s.Attempts = e.Seq, 0
	return s.note(ctx, unit.Scope{}, s.env.Now(), s.until, func(ctx context.Context, tx Tx) error { return tx.PutDeadLetter(ctx, l) })
}

// save notes how far the handler is, and keeps the lease until then or lets it go.
func (s *serving) save(ctx context.Context, due, until time.Time) bool {
	return s.note(ctx, unit.Scope{}, due, until, func(context.Context, Tx) error { return nil })
}

// lastSave is how long it may take to note the last when the dispatcher stops.
const lastSave = 5 * time.Second

// note is save with something more in the same unit. It reports whether that was
// committed; if not, the lease is lost, or is given up.
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

// said is as much of an error as is stored.
func said(err error) string {
	text := strings.ToValidUTF8(strings.ReplaceAll(err.Error(), "\x00", ""), "")
	if len(text) > MaxError {
		text = strings.ToValidUTF8(text[:MaxError], "")
	}
	return text
}
