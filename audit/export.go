package audit

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"io"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
)

// A Line is a line of an export, as JSON: an event or, last, the head.
type Line struct {
	Workspace id.Workspace `json:"workspace"`
	Seq       uint64       `json:"seq"`
	At        time.Time    `json:"at"`
	Verb      Verb         `json:"verb,omitempty"`
	// Kind and Object are the object's: its kind as a word.
	Kind   string  `json:"kind,omitempty"`
	Object id.UUID `json:"object,omitzero"`
	System bool    `json:"system,omitempty"`
	Actor  string  `json:"actor,omitempty"`
	// Data and Personal are those of the event, as JSON: see [Data] and [Personal].
	Data     json.RawMessage `json:"data,omitempty"`
	Personal json.RawMessage `json:"personal,omitempty"`
	// Salt, Commitment and Hash are in hexadecimal digits.
	Salt       string `json:"salt,omitempty"`
	Commitment string `json:"commitment,omitempty"`
	Hash       string `json:"hash,omitempty"`
	Erasure    uint64 `json:"erasure,omitempty"`
	// Head is that of the last line, as [Head.MarshalText] gives it: note it, and
	// give it to [Service.Verify] later.
	Head string `json:"head,omitempty"`
}

// Line returns the event as a line of an export.
func (e Event) Line() Line {
	return Line{
		Workspace: e.Workspace, Seq: e.Seq, At: e.At, Verb: e.Verb, Kind: e.Object.Kind.String(), Object: e.Object.ID,
		System: e.System, Actor: e.Actor, Data: e.Data, Personal: e.Personal, Salt: hex.EncodeToString(e.Salt),
		Commitment: hex.EncodeToString(e.Commitment[:]), Hash: hex.EncodeToString(e.Hash[:]), Erasure: e.Erasure,
	}
}

// Export writes a workspace's trail to w as JSON lines, each a [Line]: the events
// of the filter up to the head as it was at first, oldest first, and then that
// head, which is returned as well. An export without a head on its last line is not
// complete. It reads in pages of their own, so it takes constant memory, and a slow
// writer keeps nothing in the database waiting. The caller needs audit.view during
// all of it. Errors are those of [Service.List], and the writer's.
func (s *Service) Export(ctx context.Context, actor rbac.Actor, f Filter, w io.Writer) (head Head, err error) {
	defer fault.Wrap(&err, "audit: export")
	if err := f.check(); err != nil {
		return Head{}, err
	}
	q := f.query()
	q.Limit = page.MaxSize
	some := true
	err = s.view(ctx, actor, f.Workspace, func(ctx context.Context, r Reader) (err error) {
		if head, err = r.Head(ctx, f.Workspace); err != nil {
			return err
		}
		q, some, err = f.period(ctx, r, q)
		return err
	})
	if err != nil {
		return Head{}, err
	}
	if q.Until == 0 {
		q.Until = head.Seq
	}
	out := bufio.NewWriter(w)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	for some = some && head.Seq > 0; some; {
		var events []Event
		err := s.view(ctx, actor, f.Workspace, func(ctx context.Context, r Reader) (err error) {
			events, err = r.Events(ctx, q)
			return err
		})
		if err != nil {
			return Head{}, err
		}
		for _, e := range events {
			if err := lines.Encode(e.Line()); err != nil {
				return Head{}, err
			}
			q.After = e.Seq
		}
		some = len(events) == q.Limit
	}
	text, err := head.MarshalText()
	if err != nil {
		return Head{}, err
	}
	if err := lines.Encode(Line{Workspace: head.Workspace, Seq: head.Seq, At: head.At, Head: string(text)}); err != nil {
		return Head{}, err
	}
	if err := out.Flush(); err != nil {
		return Head{}, err
	}
	return head, nil
}

// view is a View for a caller who may see the trail.
func (s *Service) view(ctx context.Context, actor rbac.Actor, w id.Workspace, fn func(context.Context, Reader) error) error {
	return s.store.View(ctx, func(ctx context.Context, r Reader) error {
		if _, err := s.env.Authorize(ctx, r, actor, rbac.ViewAudit, rbac.OnWorkspace(w), ErrWorkspace); err != nil {
			return err
		}
		return fn(ctx, r)
	})
}
