package superapp_test

import (
	"context"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// newLink is a link into the kit's merchant.
func newLink(k *superapptest.Kit) member.NewLink {
	return member.NewLink{Workspace: k.Merchant, Role: rbac.Developer, MiniPrograms: []id.MiniProgram{k.Shop}}
}

// onLink calls fn with a link of the merchant's, as its admin.
func onLink(fn func(context.Context, *superapp.Platform, rbac.Actor, member.Link, member.Token) error) call {
	return func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		by := k.As(rbac.DeveloperAdmin)
		l, token, err := k.Links.Create(ctx, by, newLink(k))
		if err != nil {
			return err
		}
		return fn(ctx, p, by, l, token)
	}
}

var linkVerbs = map[string]verb{
	"Links.Create": {[]audit.Verb{member.EventLinkCreated}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, _, err := p.Links.Create(ctx, k.As(rbac.DeveloperAdmin), newLink(k))
		return err
	}},
	"Links.Renew": {[]audit.Verb{member.EventLinkRenewed}, onLink(func(ctx context.Context, p *superapp.Platform, by rbac.Actor, l member.Link, _ member.Token) error {
		_, _, err := p.Links.Renew(ctx, by, l.ID)
		return err
	})},
	"Links.Revoke": {[]audit.Verb{member.EventLinkRevoked}, onLink(func(ctx context.Context, p *superapp.Platform, by rbac.Actor, l member.Link, _ member.Token) error {
		_, err := p.Links.Revoke(ctx, by, l.ID)
		return err
	})},
	"Links.Inspect": {nil, onLink(func(ctx context.Context, p *superapp.Platform, _ rbac.Actor, _ member.Link, t member.Token) error {
		_, err := p.Links.Inspect(ctx, t)
		return err
	})},
	"Links.Accept": {[]audit.Verb{member.EventLinkUsed, member.EventJoined}, onLink(func(ctx context.Context, p *superapp.Platform, _ rbac.Actor, _ member.Link, t member.Token) error {
		_, err := p.Links.Accept(ctx, t, superapptest.Person("nia"), "Nia")
		return err
	})},
	"Links.Get": {nil, onLink(func(ctx context.Context, p *superapp.Platform, by rbac.Actor, l member.Link, _ member.Token) error {
		_, err := p.Links.Get(ctx, by, l.ID)
		return err
	})},
	"Links.List": {nil, onLink(func(ctx context.Context, p *superapp.Platform, by rbac.Actor, l member.Link, _ member.Token) error {
		_, err := p.Links.List(ctx, by, member.LinkFilter{Workspace: l.Workspace}, page.Request{})
		return err
	})},
}
