package qrcode

import (
	"context"
	"encoding/binary"
	"slices"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
)

// Retarget lets a short code open another page with other parameters, by the rules
// of [Define], on pictures that are printed too (Q2). What it opened before stays
// in its history; the same target a second time changes nothing. A revoked or
// expired code may be retargeted, and stays so. The caller needs qrcode.manage.
// Errors: *[fault.InvalidError]; [ErrNotFound]; [ErrDirect] for a direct code, the
// default one included; [ErrDeleted]; [miniprogram.ErrArchived].
func (s *Service) Retarget(ctx context.Context, actor rbac.Actor, code id.QRCode, path string, params []Param) (c Code, err error) {
	defer fault.Wrap(&err, "qrcode: retarget")
	params = copyParams(params)
	var bad fault.Problems
	checkPage(&bad, path)
	checkParams(&bad, params)
	if err := bad.Err(); err != nil {
		return Code{}, err
	}
	// Why a snapshot of its own: the link depends on the mini program, which is that
	// of the code for good, and the scheme is not asked inside of the unit.
	d, _, err := s.read(ctx, actor, rbac.ManageQRCode, code)
	if err != nil {
		return Code{}, err
	}
	if _, err = s.target(&bad, Target{MiniProgram: d.MiniProgram, Page: path, Params: params}); err != nil {
		return Code{}, err
	}
	if err := bad.Err(); err != nil {
		return Code{}, err
	}
	return s.change(ctx, actor, code, EventRetargeted, func(d Definition, _ time.Time) (Definition, error) {
		if err := d.changeable(); err != nil {
			return d, err
		}
		return d.retargeted(path, params), nil
	})
}

// retargeted is the rule: the next revision of the code, or the code as it is if it
// opens that target already.
func (d Definition) retargeted(path string, params []Param) Definition {
	if d.Page == path && slices.Equal(d.Params, params) {
		return d
	}
	d.Page, d.Params = path, params
	d.Revision++
	return d
}

// retarget is the entry of the history for the target that was set last.
func (d Definition) retarget(by id.Account) Retarget {
	return Retarget{Revision: d.Revision, Page: d.Page, Params: d.Params, By: by, At: d.UpdatedAt}
}

// History returns a page of the targets that a short code has had, the latest
// first; there are none of a direct code. The caller needs qrcode.view. Errors:
// [ErrNotFound]; those of the request.
func (s *Service) History(ctx context.Context, actor rbac.Actor, code id.QRCode, req page.Request) (targets page.Page[Retarget], err error) {
	defer fault.Wrap(&err, "qrcode: history")
	list := "qrcode.history:" + code.String()
	limit, err := req.Limit()
	if err != nil {
		return targets, err
	}
	key, err := page.Decode(list, req.After)
	if err != nil {
		return targets, err
	}
	below := 0
	if key != nil {
		if len(key) != 8 {
			return targets, page.ErrCursor
		}
		below = int(binary.BigEndian.Uint64(key))
	}
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		if _, err := s.env.Authorize(ctx, r, actor, rbac.ViewQRCode, rbac.OnQRCode(code), ErrNotFound); err != nil {
			return err
		}
		all, err := r.Retargets(ctx, code, below, limit+1)
		targets = page.Cut(list, all, limit, func(t Retarget) []byte {
			return binary.BigEndian.AppendUint64(nil, uint64(t.Revision))
		})
		return err
	})
	if err != nil {
		return page.Page[Retarget]{}, err
	}
	return targets, nil
}
