package audit

import (
	"context"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
)

// Verify checks a workspace's whole chain, in constant memory, and returns its
// head. Whoever can write to the database could cut the end of a trail and the
// head with it: note heads elsewhere, as text, and pass those of the workspace
// that were noted before, so that a cut shows as well. A *[BrokenError] says
// where the chain breaks. Personal data that is not what it was at first is
// accepted where an erasure in the chain says so, and only in the form in which
// that erasure left it. The caller needs audit.view.
func (s *Service) Verify(ctx context.Context, actor rbac.Actor, w id.Workspace, noted ...Head) (head Head, err error) {
	defer fault.Wrap(&err, "audit: verify")
	for _, n := range noted {
		if n.Workspace != w {
			return head, ErrHead
		}
	}
	err = s.view(ctx, actor, w, func(ctx context.Context, r Reader) error {
		head = Head{Workspace: w}
		end, err := r.Head(ctx, w)
		if err != nil {
			return err
		}
		if err := head.agrees(noted); err != nil {
			return err
		}
		v := verifier{r: r, head: &head}
		for {
			events, err := r.Events(ctx, Query{Workspace: w, After: head.Seq, Limit: page.MaxSize})
			if err != nil {
				return err
			}
			for _, e := range events {
				if err := v.step(ctx, e); err != nil {
					return err
				}
				if err := head.agrees(noted); err != nil {
					return err
				}
			}
			if len(events) < page.MaxSize {
				break
			}
		}
		if !head.equal(end) {
			return &BrokenError{Workspace: w, Seq: head.Seq + 1, What: "head"}
		}
		return head.reaches(noted)
	})
	if err != nil {
		return Head{}, err
	}
	return head, nil
}

// A verifier goes along a chain.
type verifier struct {
	r    Reader
	head *Head
	// erasure is the one that was looked at last, since neighbours often share
	// one, and seq its place.
	erasure Erasure
	seq     uint64
}

// step checks the event behind the head and goes on to it.
func (v *verifier) step(ctx context.Context, e Event) error {
	if err := check(*v.head, e, func(e Event) ([32]byte, bool, error) { return v.left(ctx, e) }); err != nil {
		return err
	}
	v.head.Seq, v.head.Hash, v.head.At = e.Seq, e.Hash, e.At
	if e.Verb == EventErased {
		return v.stands(ctx, e)
	}
	return nil
}

// left returns the commitment that the erasure of an event left, and whether there
// is one: the erasure stands behind the event, in the same chain. The hash of the
// erasure is checked when the chain gets there.
func (v *verifier) left(ctx context.Context, e Event) (left [32]byte, ok bool, err error) {
	if e.Erasure <= e.Seq {
		return left, false, nil
	}
	if v.seq != e.Erasure {
		found, err := v.r.Events(ctx, Query{Workspace: e.Workspace, After: e.Erasure - 1, Limit: 1})
		if err != nil {
			return left, false, err
		}
		if len(found) == 0 || found[0].Seq != e.Erasure || found[0].Verb != EventErased {
			return left, false, nil
		}
		if v.erasure, err = found[0].DecodeErasure(); err != nil {
			return left, false, nil
		}
		v.seq = e.Erasure
	}
	left, ok = v.erasure.left(e.Seq)
	return left, ok, nil
}

// stands checks that what an erasure took out is not there again: each of its
// events says that this erasure, or a later one, was the last.
func (v *verifier) stands(ctx context.Context, e Event) error {
	erasure, err := e.DecodeErasure()
	if err != nil || !erasure.behind(e.Seq) {
		// Why: whoever can append an event can write anything into it.
		return &BrokenError{Workspace: e.Workspace, Seq: e.Seq, What: "edited"}
	}
	left := erasure.Events
	for len(left) > 0 {
		events, err := v.r.Events(ctx, Query{Workspace: e.Workspace, After: left[0].Seq - 1, Limit: eraseSize})
		if err != nil {
			return err
		}
		for _, found := range events {
			if len(left) == 0 || found.Seq != left[0].Seq {
				continue
			}
			if found.Erasure < e.Seq {
				return &BrokenError{Workspace: e.Workspace, Seq: found.Seq, What: "erasure undone"}
			}
			left = left[1:]
		}
		if len(events) < eraseSize {
			break
		}
	}
	return nil
}
