package miniprogram

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// A Notice is something that a tenant told those who make a mini program (X2). It
// stands in the audit trail, and nowhere else.
type Notice struct {
	// Verb is [EventWarned], [EventRectificationRequired] or [EventForceRemoved].
	Verb audit.Verb
	// Reason is what was wrong.
	Reason string
	// Due is until when it is to be put right; zero but for a rectification.
	Due time.Time
	At  time.Time
	// By gave the notice; "" if the platform operator did.
	By id.Account
}

// Warn gives a mini program a warning. The caller needs miniprogram.force_remove,
// which is the tenant's, and gives a reason of at most 500 characters. A second
// one is another notice. Errors: *fault.InvalidError; [ErrArchived];
// [ErrNotFound].
func (s *Service) Warn(ctx context.Context, actor rbac.Actor, p id.MiniProgram, reason string) (err error) {
	defer fault.Wrap(&err, "miniprogram: warn")
	if reason, err = checkReason(reason, 1); err != nil {
		return err
	}
	return s.change(ctx, actor, rbac.ForceRemoveMiniProgram, Subject{MiniProgram: p}, func(ctx context.Context, c *change) error {
		return c.event(ctx, EventWarned, rbac.OnMiniProgram(p), reason, nil, nil)
	})
}

// RequireRectification asks that something about a mini program be put right until
// a time, which is to come. What happens after it is the tenant's to decide. The
// caller needs miniprogram.force_remove, which is the tenant's, and gives a reason
// of at most 500 characters. A second one is another notice. Errors:
// *fault.InvalidError; [ErrArchived]; [ErrNotFound].
func (s *Service) RequireRectification(ctx context.Context, actor rbac.Actor, p id.MiniProgram, reason string, due time.Time) (err error) {
	defer fault.Wrap(&err, "miniprogram: require rectification")
	due = unit.Time(due)
	reason, err = checkReason(reason, 1)
	if err := fault.Join(err, checkDue(due, s.env.Now())); err != nil {
		return err
	}
	return s.change(ctx, actor, rbac.ForceRemoveMiniProgram, Subject{MiniProgram: p}, func(ctx context.Context, c *change) error {
		return c.event(ctx, EventRectificationRequired, rbac.OnMiniProgram(p), reason, nil, RectificationSnapshot{due})
	})
}

func checkDue(due, now time.Time) error {
	if due.After(now) && due.Year() <= 9999 {
		return nil
	}
	return fault.Invalid("due", "not_allowed", fmt.Sprintf("want a time after %s", now.Format(time.RFC3339)))
}

// Notices returns a page of the notices about a mini program, oldest first; also
// once it was removed. The caller needs miniprogram.view on it; [ErrNotFound] for
// anyone who is a member neither of its workspace nor of its tenant.
func (s *Service) Notices(ctx context.Context, actor rbac.Actor, p id.MiniProgram, req page.Request) (found page.Page[Notice], err error) {
	defer fault.Wrap(&err, "miniprogram: notices")
	list := "miniprogram.notices:" + p.String()
	on := rbac.OnMiniProgram(p)
	q, err := audit.Query{Object: on, Verbs: []audit.Verb{EventWarned, EventRectificationRequired, EventForceRemoved}}.At(list, req)
	if err != nil {
		return found, err
	}
	var events page.Page[audit.Event]
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		facts, err := s.env.Authorize(ctx, r, actor, rbac.ViewMiniProgram, on, ErrNotFound)
		if err != nil {
			return err
		}
		q.Workspace = facts.Owner
		events, err = q.Page(ctx, r, list)
		return err
	})
	if err != nil {
		return found, err
	}
	found.Next = events.Next
	for _, e := range events.Items {
		n, err := noticeOf(e)
		if err != nil {
			return page.Page[Notice]{}, err
		}
		found.Items = append(found.Items, n)
	}
	return found, nil
}

// noticeOf reads an event.
func noticeOf(e audit.Event) (n Notice, err error) {
	n = Notice{Verb: e.Verb, At: e.At}
	if !e.System {
		n.By = id.Account(e.Actor)
	}
	personal, err := e.DecodePersonal()
	if err != nil {
		return n, err
	}
	n.Reason = personal.Reason
	data, err := e.DecodeData()
	if err != nil || data.After == nil {
		return n, err
	}
	var state RectificationSnapshot
	err = json.Unmarshal(data.After, &state)
	n.Due = state.Due
	return n, err
}
