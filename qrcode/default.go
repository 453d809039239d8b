package qrcode

import (
	"context"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
)

// DefaultName is the name of default codes, until somebody gives another.
const DefaultName = "Test"

// DefaultOf is for stores: the default code of a new mini program (Q1). It is
// direct, and opens what testers get on the first page.
func DefaultOf(p miniprogram.MiniProgram, c id.QRCode) Definition {
	return Definition{
		ID: c, MiniProgram: p.ID, Workspace: p.Workspace, Tenant: p.Tenant, Default: true, Name: DefaultName, Revision: 1,
		Creator: p.Creator, CreatedAt: p.CreatedAt, UpdatedAt: p.CreatedAt,
	}
}

// Default returns the code for testing that a mini program has from its creation
// on (Q1), deleted or not: [Service.Delete] takes it away and [Service.Restore]
// makes it again. The caller needs qrcode.view there; the error is
// [miniprogram.ErrNotFound] if there is no such mini program, or none he may know
// of, [ErrNotFound] for one that was removed before mini programs had such a code.
func (s *Service) Default(ctx context.Context, actor rbac.Actor, program id.MiniProgram) (c Code, err error) {
	defer fault.Wrap(&err, "qrcode: default")
	var d Definition
	var p miniprogram.MiniProgram
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		if _, err := s.env.Authorize(ctx, r, actor, rbac.ViewQRCode, rbac.OnMiniProgram(program), miniprogram.ErrNotFound); err != nil {
			return err
		}
		if d, err = r.DefaultQRCode(ctx, program); err != nil {
			return err
		}
		p, err = r.MiniProgram(ctx, program)
		return err
	})
	if err != nil {
		return Code{}, err
	}
	return s.code(d, p), nil
}
