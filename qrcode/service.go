package qrcode

import (
	"context"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// Options configure a [Service]. A nil *Options is the default.
type Options struct {
	// Scheme makes the links to targets. Default: AlipayStyle("superapp").
	Scheme Scheme
	// Short is where the links of short codes begin: the https address at which the
	// host serves package qrhttp, up to its last slash, such as
	// https://w.example/q/. It is in every picture: keep it short, and never let it
	// go. All in capitals (HTTPS://W.EXAMPLE/Q/) the link fits the alphanumeric mode
	// and makes a symbol of 25 modules a side instead of 29; the server must then
	// know the path in capitals too. Default: none, so that no short code can be
	// defined, and those that are there are read without their link.
	Short string
}

// A Service defines and reads QR codes, and resolves short ones. It is safe for
// concurrent use.
type Service struct {
	store  Store
	env    *unit.Env
	scheme Scheme
	short  string
	scans  *counter
}

// New returns the service over a store; nil options are the defaults. The error
// is that of the scheme if it cannot make a link, or an *[fault.InvalidError].
func New(store Store, env *unit.Env, o *Options) (*Service, error) {
	if o == nil {
		o = &Options{}
	}
	s := &Service{env: env, scheme: o.Scheme, short: o.Short, scans: newCounter()}
	if s.scheme == nil {
		s.scheme = AlipayStyle("")
	}
	if _, err := s.scheme.Link(Target{Page: "pages/index", Params: []Param{{Key: "key", Value: "value"}}}); err != nil {
		return nil, err
	}
	if s.short != "" {
		if err := checkShort(s.short); err != nil {
			return nil, err
		}
	}
	return s.On(store), nil
}

// On returns the same service over another store, such as an open unit. Both count
// scans together.
func (s *Service) On(store Store) *Service {
	on := *s
	on.store = store
	return &on
}

// Get returns a code, deleted or not. The caller needs qrcode.view on its mini
// program; the error is [ErrNotFound] if there is no such code, or none he may know
// of.
func (s *Service) Get(ctx context.Context, actor rbac.Actor, code id.QRCode) (c Code, err error) {
	defer fault.Wrap(&err, "qrcode: get")
	d, p, err := s.read(ctx, actor, rbac.ViewQRCode, code)
	if err != nil {
		return Code{}, err
	}
	return s.code(d, p), nil
}

// read returns a code and its mini program to whoever holds the permission.
func (s *Service) read(ctx context.Context, actor rbac.Actor, perm rbac.Permission, code id.QRCode) (d Definition, p miniprogram.MiniProgram, err error) {
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		if _, err := s.env.Authorize(ctx, r, actor, perm, rbac.OnQRCode(code), ErrNotFound); err != nil {
			return err
		}
		if d, err = r.QRCode(ctx, code); err != nil {
			return err
		}
		p, err = r.MiniProgram(ctx, d.MiniProgram)
		return err
	})
	return d, p, err
}

// A Filter selects codes of a mini program.
type Filter struct {
	// MiniProgram is whose codes; required.
	MiniProgram id.MiniProgram
	// Deleted selects those that are deleted, instead of the others.
	Deleted bool
}

// List returns a page of a mini program's codes, the oldest first: the default one
// is among them, see [Printable]. The caller needs qrcode.view there; the error is
// [miniprogram.ErrNotFound] if there is no such mini program, or none he may know
// of, [page.ErrCursor] for a cursor of another list.
func (s *Service) List(ctx context.Context, actor rbac.Actor, f Filter, req page.Request) (codes page.Page[Code], err error) {
	defer fault.Wrap(&err, "qrcode: list")
	list := "qrcode:" + f.MiniProgram.String()
	if f.Deleted {
		list += ":deleted"
	}
	limit, after, err := req.ByID(list)
	if err != nil {
		return codes, err
	}
	var found page.Page[Definition]
	var of miniprogram.MiniProgram
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		if _, err := s.env.Authorize(ctx, r, actor, rbac.ViewQRCode, rbac.OnMiniProgram(f.MiniProgram), miniprogram.ErrNotFound); err != nil {
			return err
		}
		if of, err = r.MiniProgram(ctx, f.MiniProgram); err != nil {
			return err
		}
		all, err := r.QRCodes(ctx, Query{MiniProgram: f.MiniProgram, Deleted: f.Deleted, After: id.QRCode{UUID: after}, Limit: limit + 1})
		found = page.Cut(list, all, limit, func(d Definition) []byte { return d.ID.Bytes() })
		return err
	})
	if err != nil {
		return codes, err
	}
	items := make([]Code, len(found.Items))
	for i, d := range found.Items {
		items[i] = s.code(d, of)
	}
	return page.Page[Code]{Items: items, Next: found.Next}, nil
}
