package qrcode

import (
	"context"
	"errors"
	"fmt"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// draws is how often a short id is drawn before Define gives up. The second draw is
// as good as certain: that there is a third means that the source of randomness, or
// the store, is broken.
const draws = 8

// Define makes a code that opens a page of a mini program. The caller needs
// qrcode.manage there; without a place from which to know of the mini program
// the error is [miniprogram.ErrNotFound]. An *[fault.InvalidError] lists
// everything that is wrong with the input, [miniprogram.ErrArchived] refuses a
// mini program that was removed. Defining the same again makes another code.
func (s *Service) Define(ctx context.Context, actor rbac.Actor, in Define) (c Code, err error) {
	defer fault.Wrap(&err, "qrcode: define")
	in, link, err := in.check(s)
	if err != nil {
		return Code{}, err
	}
	codes, err := s.define(ctx, actor, []Define{in}, []string{link})
	if err != nil {
		return Code{}, err
	}
	return codes[0], nil
}

// MaxDefined is the greatest number of codes in one [Service.DefineAll].
const MaxDefined = 500

// DefineAll makes several codes of one mini program, all or none: one for each table
// of a restaurant, say. They come back in their order. It is [Service.Define] with the
// same errors, those of the input under "codes[17]", counted from 0, and with an event
// for each code; at most [MaxDefined].
func (s *Service) DefineAll(ctx context.Context, actor rbac.Actor, all []Define) (codes []Code, err error) {
	defer fault.Wrap(&err, "qrcode: define")
	if len(all) < 1 || len(all) > MaxDefined {
		return nil, fault.Invalid("codes", "not_allowed", fmt.Sprintf("want 1 to %d codes, got %d", MaxDefined, len(all)))
	}
	stored, links := make([]Define, len(all)), make([]string, len(all))
	var wrong error
	for i, in := range all {
		field := fmt.Sprintf("codes[%d]", i)
		var err error
		if stored[i], links[i], err = in.check(s); err != nil && !errors.Is(err, fault.ErrInput) {
			return nil, err
		}
		if in.MiniProgram != all[0].MiniProgram {
			err = fault.Join(err, fault.Invalid("mini_program", "not_allowed", "want the same mini program as that of the first code"))
		}
		if err != nil {
			wrong = fault.Join(wrong, fault.Under(field, err))
		}
	}
	if wrong != nil {
		return nil, wrong
	}
	return s.define(ctx, actor, stored, links)
}

// define stores what was checked, under ids that are drawn until they are free.
func (s *Service) define(ctx context.Context, actor rbac.Actor, all []Define, links []string) (codes []Code, err error) {
	for range draws {
		drawn := make([]drawn, len(all))
		for i := range drawn {
			drawn[i].code, drawn[i].short = id.QRCode{UUID: s.env.NewID()}, newShort()
		}
		if codes, err = s.insert(ctx, actor, all, drawn); !errors.Is(err, ErrShortTaken) {
			break
		}
	}
	for i, c := range codes {
		if codes[i].Link = links[i]; c.Short != "" {
			codes[i].Link = s.short + c.Short
		}
	}
	return codes, err
}

// drawn are the ids of a new code; a direct one does not use the short one.
type drawn struct {
	code  id.QRCode
	short string
}

func (s *Service) insert(ctx context.Context, actor rbac.Actor, all []Define, drawn []drawn) (codes []Code, err error) {
	on := rbac.OnMiniProgram(all[0].MiniProgram)
	err = s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		if _, err := s.env.Authorize(ctx, tx, actor, rbac.ManageQRCode, on, miniprogram.ErrNotFound); err != nil {
			return err
		}
		now := s.env.Now()
		p, err := tx.MiniProgram(ctx, all[0].MiniProgram)
		if err != nil {
			return err
		}
		made := make([]Code, len(all))
		for i, in := range all {
			d, err := in.on(p, drawn[i].code, drawn[i].short, actor.Account(), now)
			if err != nil {
				return err
			}
			if err := tx.InsertQRCode(ctx, d); err != nil {
				return err
			}
			if d.Short != "" {
				if err := tx.InsertRetarget(ctx, d.ID, d.retarget(actor.Account())); err != nil {
					return err
				}
			}
			if err := audit.Append(ctx, tx, audit.Entry{
				Workspace: d.Workspace, Verb: EventDefined, Object: rbac.OnQRCode(d.ID), Actor: actor, At: now, After: d,
			}); err != nil {
				return err
			}
			made[i] = Code{Definition: d, Working: true}
		}
		codes = made
		return nil
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}
