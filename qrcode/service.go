package qrcode

import (
	"context"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// Options configure a [Service]. A nil *Options is the default.
type Options struct {
	// Scheme makes the links. Default: AlipayStyle("superapp").
	Scheme Scheme
}

// A Service defines and reads QR codes. It is safe for concurrent use.
type Service struct {
	store  Store
	env    *unit.Env
	scheme Scheme
}

// New returns the service over a store; nil options are the defaults. The error
// is that of the scheme if it cannot make a link.
func New(store Store, env *unit.Env, o *Options) (*Service, error) {
	s := &Service{env: env, scheme: AlipayStyle("")}
	if o != nil && o.Scheme != nil {
		s.scheme = o.Scheme
	}
	if _, err := s.scheme.Link(Target{Page: "pages/index", Params: []Param{{Key: "key", Value: "value"}}}); err != nil {
		return nil, err
	}
	return s.On(store), nil
}

// On returns the same service over another store, such as an open unit.
func (s *Service) On(store Store) *Service {
	on := *s
	on.store = store
	return &on
}

// Define makes a code that opens a page of a mini program. The caller needs
// qrcode.manage there; without a place from which to know of the mini program
// the error is [miniprogram.ErrNotFound]. An *[fault.InvalidError] lists
// everything that is wrong with the input, [miniprogram.ErrArchived] refuses a
// mini program that was removed. Defining the same again makes another code.
func (s *Service) Define(ctx context.Context, actor rbac.Actor, in Define) (c Code, err error) {
	defer fault.Wrap(&err, "qrcode: define")
	in, link, err := in.check(s.scheme)
	if err != nil {
		return Code{}, err
	}
	code := id.QRCode{UUID: s.env.NewID()}
	on := rbac.OnMiniProgram(in.MiniProgram)
	var d Definition
	err = s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		if _, err := s.env.Authorize(ctx, tx, actor, rbac.ManageQRCode, on, miniprogram.ErrNotFound); err != nil {
			return err
		}
		now := s.env.Now()
		p, err := tx.MiniProgram(ctx, in.MiniProgram)
		if err != nil {
			return err
		}
		if d, err = in.on(p, code, actor.Account(), now); err != nil {
			return err
		}
		if err := tx.InsertQRCode(ctx, d); err != nil {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{
			Workspace: d.Workspace, Verb: EventDefined, Object: rbac.OnQRCode(d.ID), Actor: actor, At: now, After: d,
		})
	})
	if err != nil {
		return Code{}, err
	}
	return Code{Definition: d, Link: link}, nil
}

// Get returns a code. The caller needs qrcode.view on its mini program; the
// error is [ErrNotFound] if there is no such code, or none he may know of.
func (s *Service) Get(ctx context.Context, actor rbac.Actor, code id.QRCode) (c Code, err error) {
	defer fault.Wrap(&err, "qrcode: get")
	var d Definition
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		if _, err := s.env.Authorize(ctx, r, actor, rbac.ViewQRCode, rbac.OnQRCode(code), ErrNotFound); err != nil {
			return err
		}
		d, err = r.QRCode(ctx, code)
		return err
	})
	if err != nil {
		return Code{}, err
	}
	return s.code(d)
}

// List returns a page of a mini program's codes, in the order of their ids. The
// caller needs qrcode.view there; the error is [miniprogram.ErrNotFound] if
// there is no such mini program, or none he may know of.
func (s *Service) List(ctx context.Context, actor rbac.Actor, p id.MiniProgram, req page.Request) (codes page.Page[Code], err error) {
	defer fault.Wrap(&err, "qrcode: list")
	list := "qrcode:" + p.String()
	limit, after, err := req.ByID(list)
	if err != nil {
		return codes, err
	}
	var found page.Page[Definition]
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		if _, err := s.env.Authorize(ctx, r, actor, rbac.ViewQRCode, rbac.OnMiniProgram(p), miniprogram.ErrNotFound); err != nil {
			return err
		}
		all, err := r.QRCodes(ctx, p, id.QRCode{UUID: after}, limit+1)
		found = page.Cut(list, all, limit, func(d Definition) []byte { return d.ID.Bytes() })
		return err
	})
	if err != nil {
		return codes, err
	}
	items := make([]Code, len(found.Items))
	for i, d := range found.Items {
		if items[i], err = s.code(d); err != nil {
			return codes, err
		}
	}
	return page.Page[Code]{Items: items, Next: found.Next}, nil
}

// code gives a definition its link. It runs outside of the unit, since the
// scheme may be the host's.
func (s *Service) code(d Definition) (Code, error) {
	link, err := s.scheme.Link(Target{MiniProgram: d.MiniProgram, Page: d.Page, Params: d.Params})
	if err != nil {
		return Code{}, err
	}
	return Code{Definition: d, Link: link}, nil
}
