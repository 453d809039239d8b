package delivery

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/unit"
)

// attempt calls the handler, for as long as it may take, for the n-th time.
func (s *serving) attempt(ctx context.Context, e audit.Event, n int) error {
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
		// Why also when the dispatcher stops: the workspace waits for the lease then.
		s.tell(context.WithoutCancel(ctx), "a handler did not return in time and was given up", e.Seq, n, ErrHangs)
		return ErrHangs
	}
}

// hangs reports whether a handler that was given up is still at work.
func (s *serving) hangs() bool {
	if s.stuck == nil {
		return false
	}
	select {
	case <-s.stuck:
		return false
	default:
		return true
	}
}

// again tries a dead letter once more, and reports whether the lease still holds.
func (s *serving) again(ctx context.Context, l DeadLetter, e audit.Event) bool {
	if !s.hold(ctx) {
		return false
	}
	err := s.attempt(ctx, e, l.Attempts+1)
	if err != nil && ctx.Err() != nil {
		s.save(ctx, s.env.Now())
		return false
	}
	if err != nil && s.stuck == nil {
		s.tell(ctx, "a dead letter could not be delivered", e.Seq, l.Attempts+1, err)
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
	s.tell(ctx, "an event became a dead letter", e.Seq, s.Attempts, err)
	s.Seq, s.Attempts = e.Seq, 0
	return s.note(ctx, unit.Scope{}, s.env.Now(), s.until, func(ctx context.Context, tx Tx) error { return tx.PutDeadLetter(ctx, l) })
}

// said is as much of an error as is stored.
func said(err error) string {
	text := strings.ToValidUTF8(strings.ReplaceAll(err.Error(), "\x00", ""), "")
	if len(text) > MaxError {
		text = strings.ToValidUTF8(text[:MaxError], "")
	}
	return text
}
