package superapp_test

import (
	"context"
	"testing"
	"time"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// counts are the verbs that store a count, or the hash of a further token, which
// is no event (E1).
var counts = map[string]bool{"QRCodes.FlushScans": true, "SignIn.SignIn": true, "Members.Mint": true}

// onDirect calls fn with a direct code of the merchant's mini program.
func onDirect(fn func(context.Context, *superapp.Platform, rbac.Actor, qrcode.Code) error) call {
	return func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		by := k.As(rbac.DeveloperAdmin)
		c, err := k.QRCodes.Define(ctx, by, qrcode.Define{MiniProgram: k.Shop, Name: "Table 1", Page: "pages/table"})
		if err != nil {
			return err
		}
		return fn(ctx, p, by, c)
	}
}

// verbKit is a kit on which every verb can be called: it knows where short links
// begin.
func verbKit(t *testing.T, o superapptest.Options) *superapptest.Kit {
	t.Helper()
	o.Platform.QRCodes = &qrcode.Options{Short: "https://w.example/q/"}
	return superapptest.New(t, &o)
}

// onShort calls fn with a short code after the preparations.
func onShort(fn func(context.Context, *superapp.Platform, rbac.Actor, qrcode.Code) error,
	prepare ...func(context.Context, *qrcode.Service, rbac.Actor, qrcode.Code) (qrcode.Code, error)) call {
	return func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		by := k.As(rbac.DeveloperAdmin)
		c, err := k.QRCodes.Define(ctx, by, qrcode.Define{MiniProgram: k.Shop, Name: "Table 1", Page: "pages/table", Short: true})
		for _, do := range prepare {
			if err == nil {
				c, err = do(ctx, k.QRCodes, by, c)
			}
		}
		if err != nil {
			return err
		}
		return fn(ctx, p, by, c)
	}
}

// qrcodeVerbs are those about QR codes.
var qrcodeVerbs = map[string]verb{
	"QRCodes.Define": {[]audit.Verb{qrcode.EventDefined}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.QRCodes.Define(ctx, k.As(rbac.DeveloperAdmin), qrcode.Define{MiniProgram: k.Shop, Name: "Table 1", Page: "pages/table"})
		return err
	}},
	"QRCodes.DefineAll": {[]audit.Verb{qrcode.EventDefined}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.QRCodes.DefineAll(ctx, k.As(rbac.DeveloperAdmin), []qrcode.Define{{MiniProgram: k.Shop, Name: "Table 1", Page: "pages/table"}})
		return err
	}},
	"QRCodes.Get": {nil, onDirect(func(ctx context.Context, p *superapp.Platform, by rbac.Actor, c qrcode.Code) error {
		_, err := p.QRCodes.Get(ctx, by, c.ID)
		return err
	})},
	"QRCodes.List": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.QRCodes.List(ctx, k.As(rbac.DeveloperAdmin), qrcode.Filter{MiniProgram: k.Shop}, page.Request{})
		return err
	}},
	"QRCodes.Default": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.QRCodes.Default(ctx, k.As(rbac.DeveloperAdmin), k.Shop)
		return err
	}},
	"QRCodes.Rename": {[]audit.Verb{qrcode.EventRenamed}, onDirect(func(ctx context.Context, p *superapp.Platform, by rbac.Actor, c qrcode.Code) error {
		_, err := p.QRCodes.Rename(ctx, by, c.ID, "Table 2")
		return err
	})},
	"QRCodes.Retarget": {[]audit.Verb{qrcode.EventRetargeted}, onShort(func(ctx context.Context, p *superapp.Platform, by rbac.Actor, c qrcode.Code) error {
		_, err := p.QRCodes.Retarget(ctx, by, c.ID, "pages/menu", []qrcode.Param{{Key: "table", Value: "7"}})
		return err
	})},
	"QRCodes.History": {nil, onShort(func(ctx context.Context, p *superapp.Platform, by rbac.Actor, c qrcode.Code) error {
		_, err := p.QRCodes.History(ctx, by, c.ID, page.Request{})
		return err
	})},
	"QRCodes.Revoke": {[]audit.Verb{qrcode.EventRevoked}, onShort(func(ctx context.Context, p *superapp.Platform, by rbac.Actor, c qrcode.Code) error {
		_, err := p.QRCodes.Revoke(ctx, by, c.ID)
		return err
	})},
	"QRCodes.Reinstate": {[]audit.Verb{qrcode.EventReinstated}, onShort(func(ctx context.Context, p *superapp.Platform, by rbac.Actor, c qrcode.Code) error {
		_, err := p.QRCodes.Reinstate(ctx, by, c.ID)
		return err
	}, func(ctx context.Context, s *qrcode.Service, by rbac.Actor, c qrcode.Code) (qrcode.Code, error) {
		return s.Revoke(ctx, by, c.ID)
	})},
	"QRCodes.SetExpiry": {[]audit.Verb{qrcode.EventExpirySet}, onShort(func(ctx context.Context, p *superapp.Platform, by rbac.Actor, c qrcode.Code) error {
		_, err := p.QRCodes.SetExpiry(ctx, by, c.ID, superapptest.Start.Add(time.Hour))
		return err
	})},
	"QRCodes.Delete": {[]audit.Verb{qrcode.EventDeleted}, onDirect(func(ctx context.Context, p *superapp.Platform, by rbac.Actor, c qrcode.Code) error {
		_, err := p.QRCodes.Delete(ctx, by, c.ID)
		return err
	})},
	"QRCodes.Restore": {[]audit.Verb{qrcode.EventRestored}, onShort(func(ctx context.Context, p *superapp.Platform, by rbac.Actor, c qrcode.Code) error {
		_, err := p.QRCodes.Restore(ctx, by, c.ID)
		return err
	}, func(ctx context.Context, s *qrcode.Service, by rbac.Actor, c qrcode.Code) (qrcode.Code, error) {
		return s.Delete(ctx, by, c.ID)
	})},
	"QRCodes.Resolve": {nil, onShort(func(ctx context.Context, p *superapp.Platform, _ rbac.Actor, c qrcode.Code) error {
		_, err := p.QRCodes.Resolve(ctx, c.Short)
		return err
	})},
	"QRCodes.Peek": {nil, onShort(func(ctx context.Context, p *superapp.Platform, _ rbac.Actor, c qrcode.Code) error {
		_, err := p.QRCodes.Peek(ctx, c.Short)
		return err
	})},
	"QRCodes.FlushScans": {nil, onShort(func(ctx context.Context, p *superapp.Platform, _ rbac.Actor, c qrcode.Code) error {
		if _, err := p.QRCodes.Resolve(ctx, c.Short); err != nil {
			return err
		}
		return p.QRCodes.FlushScans(ctx)
	})},
	"QRCodes.Scans": {nil, onShort(func(ctx context.Context, p *superapp.Platform, by rbac.Actor, c qrcode.Code) error {
		_, err := p.QRCodes.Scans(ctx, by, c.ID)
		return err
	})},
}
