package qrcode_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/superapptest"
)

const base = "https://w.example/q/"

// wallet is how the platforms of these tests make links.
var wallet = superapp.Options{QRCodes: &qrcode.Options{Scheme: qrcode.HTTPS("https://wallet.example/open"), Short: base}}

// A bench is a platform with short codes, where every unit runs twice, and the
// merchant's admin.
type bench struct {
	*superapptest.Kit
	t  testing.TB
	by rbac.Actor
}

func newBench(t testing.TB) *bench {
	k := superapptest.New(t, &superapptest.Options{Platform: wallet})
	return &bench{k, t, k.As(rbac.DeveloperAdmin)}
}

// define defines a code of the shop.
func (b *bench) define(short bool) qrcode.Code {
	b.t.Helper()
	in := menu
	in.MiniProgram, in.Short = b.Shop, short
	c, err := b.QRCodes.Define(b.t.Context(), b.by, in)
	require.NoError(b.t, err)
	return c
}

// defaultCode returns that of the shop.
func (b *bench) defaultCode() qrcode.Code {
	b.t.Helper()
	c, err := b.QRCodes.Default(b.t.Context(), b.by, b.Shop)
	require.NoError(b.t, err)
	return c
}

// list lists the ids of the shop's codes.
func (b *bench) list(deleted bool) []id.QRCode {
	b.t.Helper()
	ids := []id.QRCode{}
	for c, err := range page.All(b.t.Context(), b.QRCodes.List, b.by, qrcode.Filter{MiniProgram: b.Shop, Deleted: deleted}) {
		require.NoError(b.t, err)
		ids = append(ids, c.ID)
	}
	return ids
}

// history lists the targets of a code, read one a page.
func (b *bench) history(c id.QRCode) (all []qrcode.Retarget) {
	b.t.Helper()
	for req := (page.Request{Size: 1}); ; {
		p, err := b.QRCodes.History(b.t.Context(), b.by, c, req)
		require.NoError(b.t, err)
		all = append(all, p.Items...)
		if req.After = p.Next; req.After == "" {
			return all
		}
	}
}

// events lists those of a code.
func (b *bench) events(c id.QRCode) (all []audit.Event) {
	b.t.Helper()
	for e, err := range page.All(b.t.Context(), b.Audit.List, superapptest.System, audit.Filter{Workspace: b.Merchant}) {
		require.NoError(b.t, err)
		if e.Object == rbac.OnQRCode(c) {
			all = append(all, e)
		}
	}
	return all
}

// archive removes the shop.
func (b *bench) archive() {
	b.t.Helper()
	inspector := b.As(rbac.MiniProgramInspector)
	_, err := b.MiniPrograms.ForceRemove(b.t.Context(), inspector, b.Shop, "fraud")
	require.NoError(b.t, err)
}

// An act changes a code.
type act func(ctx context.Context, s *qrcode.Service, by rbac.Actor, c id.QRCode) (qrcode.Code, error)

// acts are all of them, in an order in which each may be done to a short code.
var acts = []struct {
	name string
	verb audit.Verb
	// short says that only short codes can do it.
	short bool
	// again is the error of the second time, nil if it changes nothing.
	again error
	do    act
}{
	{"rename", qrcode.EventRenamed, false, nil, func(ctx context.Context, s *qrcode.Service, by rbac.Actor, c id.QRCode) (qrcode.Code, error) {
		return s.Rename(ctx, by, c, " Door ")
	}},
	{"retarget", qrcode.EventRetargeted, true, nil, func(ctx context.Context, s *qrcode.Service, by rbac.Actor, c id.QRCode) (qrcode.Code, error) {
		return s.Retarget(ctx, by, c, "pages/door", param("side", "left"))
	}},
	{"set expiry", qrcode.EventExpirySet, true, nil, func(ctx context.Context, s *qrcode.Service, by rbac.Actor, c id.QRCode) (qrcode.Code, error) {
		return s.SetExpiry(ctx, by, c, superapptest.Start.Add(time.Hour))
	}},
	{"revoke", qrcode.EventRevoked, true, qrcode.ErrRevoked, func(ctx context.Context, s *qrcode.Service, by rbac.Actor, c id.QRCode) (qrcode.Code, error) {
		return s.Revoke(ctx, by, c)
	}},
	{"reinstate", qrcode.EventReinstated, true, qrcode.ErrNotRevoked, func(ctx context.Context, s *qrcode.Service, by rbac.Actor, c id.QRCode) (qrcode.Code, error) {
		return s.Reinstate(ctx, by, c)
	}},
	{"delete", qrcode.EventDeleted, false, qrcode.ErrDeleted, func(ctx context.Context, s *qrcode.Service, by rbac.Actor, c id.QRCode) (qrcode.Code, error) {
		return s.Delete(ctx, by, c)
	}},
	{"restore", qrcode.EventRestored, false, qrcode.ErrNotDeleted, func(ctx context.Context, s *qrcode.Service, by rbac.Actor, c id.QRCode) (qrcode.Code, error) {
		return s.Restore(ctx, by, c)
	}},
}

// over returns the codes of the bench's platform over a store that tells a hook of
// every call.
func (b *bench) over(hook func(storagetest.Call) error) *qrcode.Service {
	b.t.Helper()
	return b.on(storagetest.Spy(b.Store, hook), wallet.QRCodes)
}

// on returns the codes of a platform of its own over a store.
func (b *bench) on(s storage.Store, codes *qrcode.Options) *qrcode.Service {
	b.t.Helper()
	o := superapp.Options{Clock: b.Clock.Now, QRCodes: codes}
	p, err := superapp.New(s, &o)
	require.NoError(b.t, err)
	return p.QRCodes
}

var noShop = id.MiniProgram{UUID: id.UUID{15: 250}}
