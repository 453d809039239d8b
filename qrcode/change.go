package qrcode

import (
	"context"
	"reflect"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// ErrDirect is the error for what only short codes can do: the picture of a direct
// code holds the whole link and never changes.
var ErrDirect = fault.Define(fault.ErrState, "qrcode.direct",
	"a direct code cannot change once it is printed: define a short code instead")

// A rule is what a change makes of a definition as it stands, or why it may not.
type rule func(d Definition, now time.Time) (Definition, error)

// change applies a rule to a code, with one event. A rule that changes nothing
// stores nothing, and makes no event.
func (s *Service) change(ctx context.Context, actor rbac.Actor, code id.QRCode, verb audit.Verb, rule rule) (Code, error) {
	on := rbac.OnQRCode(code)
	var after Definition
	var p miniprogram.MiniProgram
	err := s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		if _, err := s.env.Authorize(ctx, tx, actor, rbac.ManageQRCode, on, ErrNotFound); err != nil {
			return err
		}
		now := s.env.Now()
		before, err := tx.QRCode(ctx, code)
		if err != nil {
			return err
		}
		if p, err = tx.MiniProgram(ctx, before.MiniProgram); err != nil {
			return err
		}
		if p.Status == miniprogram.Archived {
			return miniprogram.ErrArchived
		}
		if after, err = rule(before, now); err != nil || reflect.DeepEqual(before, after) {
			return err
		}
		after.UpdatedAt = now
		if err := tx.UpdateQRCode(ctx, after); err != nil {
			return err
		}
		if after.Revision != before.Revision {
			if err := tx.InsertRetarget(ctx, code, after.retarget(actor.Account())); err != nil {
				return err
			}
		}
		return audit.Append(ctx, tx, audit.Entry{
			Workspace: after.Workspace, Verb: verb, Object: on, Actor: actor, At: now, Before: before, After: after,
		})
	})
	if err != nil {
		return Code{}, err
	}
	return s.code(after, p), nil
}

// code gives a definition its link. It runs outside of the unit, since the scheme
// may be the host's. Why it does not fail: what was changed is stored, and a list
// must show a code whose link cannot be made, so that somebody can mend it.
func (s *Service) code(d Definition, p miniprogram.MiniProgram) Code {
	c := Code{Definition: d, Working: p.Status != miniprogram.Archived && d.working(s.env.Now()) == nil}
	if d.Short != "" {
		if s.short == "" {
			c.unlinked = fault.Invalid("link", "required", "short codes need an address where their links begin: set Options.Short")
			return c
		}
		c.Link = s.short + d.Short
		return c
	}
	var bad fault.Problems
	link, err := s.target(&bad, d.target())
	if err == nil {
		err = bad.Err()
	}
	if err != nil {
		c.unlinked = err
		return c
	}
	c.Link = link
	return c
}

// target is what the code opens.
func (d Definition) target() Target {
	return Target{MiniProgram: d.MiniProgram, Page: d.Page, Params: d.Params, Trial: d.Default}
}

// present is the rule for changes of a code: it is not deleted.
func (d Definition) present() error {
	if !d.DeletedAt.IsZero() {
		return ErrDeleted
	}
	return nil
}

// changeable is the rule for changes of a short code: it is one, and present.
func (d Definition) changeable() error {
	if d.Short == "" {
		return ErrDirect
	}
	return d.present()
}

// Rename gives a code another name, by the rules of [Define]; the same a second
// time changes nothing. The caller needs qrcode.manage. Errors:
// *[fault.InvalidError]; [ErrNotFound]; [ErrDeleted]; [miniprogram.ErrArchived].
func (s *Service) Rename(ctx context.Context, actor rbac.Actor, code id.QRCode, name string) (c Code, err error) {
	defer fault.Wrap(&err, "qrcode: rename")
	var bad fault.Problems
	name = text.Line(&bad, "name", name, 1, MaxName)
	if err := bad.Err(); err != nil {
		return Code{}, err
	}
	return s.change(ctx, actor, code, EventRenamed, func(d Definition, _ time.Time) (Definition, error) {
		d.Name = name
		return d, d.present()
	})
}
