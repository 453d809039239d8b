package qrcode_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"log/slog"
	"slices"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// The merchant's mini program shop, the people around it, and a time.
var (
	tenant   = id.Workspace{UUID: id.UUID{15: 1}}
	merchant = id.Workspace{UUID: id.UUID{15: 2}}
	shop     = id.MiniProgram{UUID: id.UUID{15: 3}}
	admin    = rbac.User("ada")
	operator = rbac.User("otto")
	stranger = rbac.User("sue")
	noon     = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
)

// store is as much of a store as codes of one mini program need. It runs every
// unit twice, as a real one may.
type store struct {
	status miniprogram.Status
	codes  []qrcode.Definition
	events []audit.Event
	// scope is that of the last Update.
	scope unit.Scope
	// broken fails lists and events.
	broken error
}

// tx is the part of a transaction that the service calls.
type tx struct {
	qrcode.Tx
	*store
}

func (s *store) View(ctx context.Context, fn func(context.Context, qrcode.Reader) error) error {
	return fn(ctx, tx{store: s})
}

func (s *store) Update(ctx context.Context, scope unit.Scope, fn func(context.Context, qrcode.Tx) error) error {
	s.scope = scope
	first := *s
	if err := fn(ctx, tx{store: &first}); err != nil {
		return err
	}
	second := *s
	if err := fn(ctx, tx{store: &second}); err != nil {
		return err
	}
	*s = second
	return nil
}

func (t tx) Facts(_ context.Context, q rbac.Query) (rbac.Facts, error) {
	isCode := slices.ContainsFunc(t.codes, func(d qrcode.Definition) bool { return rbac.OnQRCode(d.ID) == q.Object })
	if q.Object != rbac.OnMiniProgram(shop) && !isCode {
		return rbac.Facts{}, nil
	}
	f := rbac.Facts{
		Found: true, Owner: merchant, Tenant: tenant, MiniProgram: shop,
		OwnerStatus: rbac.Verified, TenantStatus: rbac.Verified,
	}
	switch q.Account {
	case admin.Account():
		f.Home = rbac.Membership{Presence: rbac.Active, Role: rbac.DeveloperAdmin.Key()}
	case operator.Account():
		f.Home = rbac.Membership{Presence: rbac.Active, Role: rbac.Operator.Key(), Assigned: true}
	}
	return f, nil
}

func (t tx) MiniProgram(context.Context, id.MiniProgram) (miniprogram.MiniProgram, error) {
	return miniprogram.MiniProgram{ID: shop, Workspace: merchant, Tenant: tenant, Status: t.status}, nil
}

func (t tx) InsertQRCode(_ context.Context, d qrcode.Definition) error {
	t.codes = append(slices.Clone(t.codes), d)
	return nil
}

func (t tx) QRCode(_ context.Context, c id.QRCode) (qrcode.Definition, error) {
	for _, d := range t.codes {
		if d.ID == c {
			return d, nil
		}
	}
	return qrcode.Definition{}, qrcode.ErrNotFound
}

func (t tx) QRCodes(_ context.Context, q qrcode.Query) (found []qrcode.Definition, err error) {
	for _, d := range t.codes {
		if bytes.Compare(d.ID.UUID[:], q.After.UUID[:]) > 0 && len(found) < q.Limit {
			found = append(found, d)
		}
	}
	return found, t.broken
}

func (t tx) Head(context.Context, id.Workspace) (h audit.Head, err error) {
	h.Workspace = merchant
	if n := len(t.events); n > 0 {
		h.Seq, h.Hash, h.At = t.events[n-1].Seq, t.events[n-1].Hash, t.events[n-1].At
	}
	return h, nil
}

func (t tx) AppendEvent(_ context.Context, e audit.Event) error {
	if t.broken != nil {
		return t.broken
	}
	t.events = append(slices.Clone(t.events), e)
	return nil
}

// newService returns a service over a new store, with counted ids.
func newService(o *qrcode.Options) (*qrcode.Service, *store) {
	s := &store{status: miniprogram.InDevelopment}
	var n uint64
	env := &unit.Env{
		Matrix: rbac.BuiltIn(),
		Clock:  func() time.Time { return noon },
		NewID: func() (u id.UUID) {
			n++
			binary.BigEndian.PutUint64(u[8:], 100+n)
			return u
		},
		Log: slog.New(slog.DiscardHandler),
	}
	service, err := qrcode.New(s, env, o)
	if err != nil {
		panic(err)
	}
	return service, s
}
