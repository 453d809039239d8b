package audit

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// RecordDenial records a *[rbac.DeniedError] that err is or wraps, if denials are
// switched on; a platform does so by itself for those that its verbs answer. It is
// for hosts: for what their own middleware refuses by [rbac.Access.Check], and for
// what a verb refused inside a transaction of theirs, when that has ended. A check
// alone records nothing, since it may only ask which buttons to show.
//
// It is written in a unit of its own, into the workspace that owns the object. Of
// an object that does not exist, or of which the actor may not know, nothing is
// recorded, and as fast, so that nobody can tell them apart (S4); nor beyond
// [MaxDenials], nor of an error that does not name the actor. Denials that are older
// than is kept are deleted in passing. The error is that of the store or of
// [rbac.Actor.Validate]; nil if there was nothing to record.
func (s *Service) RecordDenial(ctx context.Context, err error) (failed error) {
	denied, ok := errors.AsType[*rbac.DeniedError](err)
	if !ok || !s.denials || denied.Hidden() || denied.Actor == (rbac.Actor{}) {
		return nil
	}
	defer fault.Wrap(&failed, "audit: record denial")
	if err := denied.Actor.Validate(); err != nil {
		return err
	}
	w := denied.Decision.Facts().Owner
	try := Denial{
		Workspace: w, System: denied.Actor.IsSystem(), Actor: denied.Actor.Name(), OnBehalfOf: string(denied.Actor.Behalf()),
		Permission: denied.Decision.Name(), Object: denied.Object, Reason: denied.Decision.Reason, Request: denied.Actor.Request(),
	}
	return s.store.Update(ctx, unit.Scope{Workspaces: []id.Workspace{w}}, func(ctx context.Context, tx Tx) error {
		try := try
		try.Last = s.env.Now()
		newest, err := tx.Denials(ctx, DenialQuery{Workspace: w, Limit: 1})
		if err != nil {
			return err
		}
		recent, err := tx.Denials(ctx, DenialQuery{Workspace: w, Actor: try.Actor, System: try.System, Limit: MaxDenials})
		if err != nil {
			return err
		}
		d, room := try.counted(newest, recent)
		if !room {
			return nil
		}
		if d.Count == 1 {
			if err := tx.DeleteDenials(ctx, w, d.First.Add(-s.keep)); err != nil {
				return err
			}
		}
		return tx.PutDenial(ctx, d)
	})
}

// A DenialFilter says which denials [Service.Denials] lists. What is left zero
// selects all; what is set combines.
type DenialFilter struct {
	// Workspace is whose; required.
	Workspace id.Workspace
	// Actor is who was denied. Once an account is erased, nothing is found for it.
	Actor rbac.Actor
	// Object is what it was denied on.
	Object rbac.Object
}

// list names the list of the filter, like [Filter.list].
func (f DenialFilter) list() string {
	b, _ := json.Marshal([]any{f.Actor.Name(), f.Actor.IsSystem(), f.Object.Kind, f.Object.ID})
	return fmt.Sprintf("denials:%s:%x", f.Workspace, sha256.Sum256(b))
}

// Denials returns a page of what people were denied in a workspace, by First, the
// newest first. One whose First is longer ago than denials are kept is not
// listed. The caller needs audit.view. Errors: [ErrWorkspace]; page.ErrCursor.
func (s *Service) Denials(ctx context.Context, actor rbac.Actor, f DenialFilter, req page.Request) (p page.Page[Denial], err error) {
	defer fault.Wrap(&err, "audit: denials")
	limit, err := req.Limit()
	if err != nil {
		return p, err
	}
	list := f.list()
	key, err := page.Decode(list, req.After)
	if err != nil {
		return p, err
	}
	q := DenialQuery{Workspace: f.Workspace, Actor: f.Actor.Name(), System: f.Actor.IsSystem(), Object: f.Object, Limit: limit + 1}
	if key != nil {
		if len(key) != 8 {
			return p, page.ErrCursor
		}
		q.Before = binary.BigEndian.Uint64(key)
	}
	err = s.view(ctx, actor, f.Workspace, func(ctx context.Context, r Reader) error {
		denials, err := r.Denials(ctx, q)
		if err != nil {
			return err
		}
		oldest := s.env.Now().Add(-s.keep)
		for i, d := range denials {
			if d.First.Before(oldest) {
				denials = denials[:i]
				break
			}
		}
		p = page.Cut(list, denials, limit, func(d Denial) []byte { return binary.BigEndian.AppendUint64(nil, d.Seq) })
		return nil
	})
	return p, err
}

// eraseDenials takes a person out of the denials of a workspace.
func (s *Service) eraseDenials(ctx context.Context, actor rbac.Actor, w id.Workspace, p *person, changed *int) error {
	q := DenialQuery{Workspace: w, Limit: eraseSize}
	for {
		var read, erased int
		var last uint64
		err := s.store.Update(ctx, unit.On(actor, rbac.OnWorkspace(w)), func(ctx context.Context, tx Tx) error {
			read, erased = 0, 0
			if _, err := s.env.Authorize(ctx, tx, actor, rbac.ViewAudit, rbac.OnWorkspace(w), ErrWorkspace); err != nil {
				return err
			}
			denials, err := tx.Denials(ctx, q)
			if err != nil {
				return err
			}
			for _, d := range denials {
				last = d.Seq
				if !p.leave(&d) {
					continue
				}
				if err := tx.PutDenial(ctx, d); err != nil {
					return err
				}
				erased++
			}
			read = len(denials)
			return nil
		})
		if err != nil {
			return err
		}
		if *changed += erased; read < eraseSize {
			return nil
		}
		q.Before = last
	}
}

// leave takes the person out of a denial, and reports whether he was in it.
func (p *person) leave(d *Denial) bool {
	was := *d
	if !d.System && d.Actor == p.account {
		d.Actor = p.pseudonym
	}
	if d.OnBehalfOf == p.account {
		d.OnBehalfOf = p.pseudonym
	}
	return *d != was
}
