package superapp_test

import (
	"context"
	"errors"
	"time"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

type call = func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error

// further are calls of verbs that lead to other statements than the one in
// verbs does.
var further = joined(furtherCalls, furtherApprovals, furtherTrail)

var furtherCalls = map[string][]call{
	"Platform.Update": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		return p.Update(ctx, func(context.Context, *superapp.Platform) error { return nil }, k.Tenant, k.Merchant)
	}},
	"Platform.OpenTenant": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, _, err := p.OpenTenant(ctx, superapptest.System, secondWallet(member.First{Account: "acc-bo", Name: "Bo"}))
		return err
	}},
	"Platform.OpenDeveloper": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, _, err := p.OpenDeveloper(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, market(member.First{Email: "mo@market.example", Name: "Mo"}))
		return err
	}},

	"Access.Check": {onEverything(func(ctx context.Context, p *superapp.Platform, by rbac.Actor, on rbac.Object) error {
		return p.Access.Check(ctx, by, rbac.ViewMiniProgram, on)
	})},
	"Access.Explain": {onEverything(func(ctx context.Context, p *superapp.Platform, by rbac.Actor, on rbac.Object) error {
		_, err := p.Access.Explain(ctx, by, rbac.ViewMiniProgram, on)
		return err
	})},
	"Access.CheckAll": {onEverything(func(ctx context.Context, p *superapp.Platform, by rbac.Actor, on rbac.Object) error {
		_, err := p.Access.CheckAll(ctx, by, []rbac.Ask{{Permission: rbac.ViewMiniProgram, Object: on}})
		return err
	})},

	"Links.List": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) (err error) {
		for _, f := range []member.LinkFilter{{Statuses: member.LinkStatuses()}, {Role: rbac.Developer}} {
			f.Workspace = k.Merchant
			_, e := p.Links.List(ctx, k.As(rbac.DeveloperAdmin), f, page.Request{})
			err = errors.Join(err, e)
		}
		return err
	}},
	"Workspaces.List": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) (err error) {
		for _, f := range []workspace.Filter{
			{Kind: workspace.Tenant}, {Kind: workspace.Developer}, {Tenant: k.Tenant}, {Statuses: []workspace.Status{workspace.Verified}},
		} {
			_, e := p.Workspaces.List(ctx, superapptest.System, f, page.Request{})
			err = errors.Join(err, e)
		}
		return err
	}},

	"MiniPrograms.AttachFeature": {withFeature(feature.Activation, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, f feature.Feature) error {
		_, err := p.MiniPrograms.AttachFeature(ctx, k.As(rbac.DeveloperAdmin), k.Shop, f.ID, "")
		return err
	})},
	"Features.List": {withFeature(feature.Direct, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, _ feature.Feature) error {
		_, err := p.Features.List(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, page.Request{})
		return err
	})},

	"Members.Invite": {
		func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
			_, _, err := p.Members.Invite(ctx, k.As(rbac.Operator), lesser(k))
			return err
		},
		func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error { // again, after it expired
			k.Invite(rbac.Operator, "dee")
			k.Clock.Advance(member.MaxValidity)
			_, _, err := p.Members.Invite(ctx, k.As(rbac.DeveloperAdmin), lesser(k))
			return err
		},
	},
	"Members.InviteAll": {
		func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
			_, _, err := p.Members.InviteAll(ctx, k.As(rbac.Operator), member.InviteAll{Workspace: k.Merchant, Invitees: []member.Invite{lesser(k)}})
			return err
		},
		func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
			k.Invite(rbac.Operator, "dee")
			k.Clock.Advance(member.MaxValidity)
			_, _, err := p.Members.InviteAll(ctx, k.As(rbac.DeveloperAdmin), member.InviteAll{Workspace: k.Merchant, Invitees: []member.Invite{lesser(k)}})
			return err
		},
	},
	"Members.Inspect": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, token, err := k.Members.Invite(ctx, k.As(rbac.Operator), lesser(k))
		if err != nil {
			return err
		}
		_, err = p.Members.Inspect(ctx, token)
		return err
	}},
	"Members.Accept": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, token, err := k.Members.Invite(ctx, k.As(rbac.Operator), lesser(k))
		if err != nil {
			return err
		}
		_, err = p.Members.Accept(ctx, token, superapptest.Person("dee"))
		return err
	}},
	"Members.Resend": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		m, _ := k.Invite(rbac.Operator, "dee")
		_, _, err := p.Members.Resend(ctx, k.As(rbac.Operator), m.ID)
		return err
	}},
	"Members.Withdraw": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		m, _ := k.Invite(rbac.Operator, "dee")
		_, err := p.Members.Withdraw(ctx, k.As(rbac.Operator), m.ID)
		return err
	}},
	"Members.SetFirstAdmin": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		o, _, err := k.OpenDeveloper(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, market(member.First{Email: "wrong@market.example", Name: "Mo"}))
		if err != nil {
			return err
		}
		_, _, err = p.Members.SetFirstAdmin(ctx, k.As(rbac.WorkspaceAdmin), o.Workspace.ID, member.First{Account: "acc-mo", Name: "Mo"})
		return err
	}},
	"Members.Block": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Members.Block(ctx, k.As(rbac.Operator), k.Join(rbac.Operator, "dee").ID, "")
		return err
	}},
	"Members.Unblock": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		m, err := k.Members.Block(ctx, k.As(rbac.DeveloperAdmin), k.Join(rbac.Operator, "dee").ID, "")
		if err != nil {
			return err
		}
		_, err = p.Members.Unblock(ctx, k.As(rbac.Operator), m.ID)
		return err
	}},
	"Members.Delete": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Members.Delete(ctx, k.As(rbac.Operator), k.Join(rbac.Operator, "dee").ID, "")
		return err
	}},
	"Members.SetRole": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		set := member.SetRole{Role: rbac.Operator, MiniPrograms: []id.MiniProgram{k.Shop}}
		_, err := p.Members.SetRole(ctx, k.As(rbac.Operator), k.Join(rbac.Operator, "dee").ID, set)
		return err
	}},
	"Members.Get": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Members.Get(ctx, k.As(rbac.Operator), k.Member(rbac.Developer).ID)
		return err
	}},
	"Members.List": {
		func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
			_, err := p.Members.List(ctx, k.As(rbac.Operator), member.Filter{Workspace: k.Merchant}, page.Request{})
			return err
		},
		func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) (err error) {
			for _, in := range []member.Filter{{}, {Workspace: k.Merchant}, {Tenant: k.Tenant}} {
				for _, f := range []member.Filter{
					{}, {Email: "dee@people.example"}, {MiniProgram: k.Shop}, {Name: "dee"}, {Roles: []rbac.Role{rbac.Developer}},
					{Statuses: []member.Status{member.StatusSent}}, {ExpiresBefore: k.Clock.Now().Add(time.Hour)},
				} {
					f.Workspace, f.Tenant = in.Workspace, in.Tenant
					_, e := p.Members.List(ctx, superapptest.System, f, page.Request{})
					err = errors.Join(err, e)
				}
			}
			return err
		},
	},
	"Members.Invitations": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		k.Invite(rbac.Developer, "dee")
		_, err := p.Members.Invitations(ctx, superapptest.Person("dee"), page.Request{})
		return err
	}},

	"MiniPrograms.Versions": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		f := miniprogram.VersionFilter{MiniProgram: k.Shop, Statuses: []miniprogram.VersionStatus{miniprogram.VersionNew, miniprogram.Released}}
		_, err := p.MiniPrograms.Versions(ctx, k.As(rbac.Developer), f, page.Request{})
		return err
	}},
	"MiniPrograms.List": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) (err error) {
		for _, by := range []rbac.Actor{superapptest.System, k.As(rbac.WorkspaceAdmin), k.As(rbac.DeveloperAdmin), k.As(rbac.Developer)} {
			for _, f := range []miniprogram.Filter{
				{}, {Workspace: k.Merchant}, {Tenant: k.Tenant}, {ID: k.Shop}, {Creator: superapptest.Account(rbac.DeveloperAdmin)},
				{Statuses: []miniprogram.Status{miniprogram.Published}}, {Type: miniprogram.H5},
			} {
				for _, f.Name = range []string{"", "coffee"} {
					_, e := p.MiniPrograms.List(ctx, by, f, page.Request{})
					err = errors.Join(err, e)
				}
			}
		}
		return err
	}},
}

// lesser is an invitation by somebody who is no admin.
func lesser(k *superapptest.Kit) member.Invite {
	return member.Invite{
		Workspace: k.Merchant, Email: "dee@people.example", Name: "Dee", Role: rbac.Operator, MiniPrograms: []id.MiniProgram{k.Shop},
	}
}

// onEverything asks about an object of every kind.
func onEverything(ask func(context.Context, *superapp.Platform, rbac.Actor, rbac.Object) error) call {
	return func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		admin := k.As(rbac.DeveloperAdmin)
		v, err := k.MiniPrograms.UploadVersion(ctx, admin, upload(k.Shop, "1.0.0"))
		if err != nil {
			return err
		}
		c, err := k.QRCodes.Define(ctx, admin, qrcode.Define{MiniProgram: k.Shop, Name: "Table 1"})
		if err != nil {
			return err
		}
		l, _, err := k.Links.Create(ctx, admin, newLink(k))
		if err != nil {
			return err
		}
		for _, on := range []rbac.Object{
			rbac.OnLink(l.ID), rbac.OnWorkspace(k.Merchant), rbac.OnMiniProgram(k.Shop), rbac.OnMember(k.Member(rbac.Developer).ID), rbac.OnVersion(v.ID), rbac.OnQRCode(c.ID),
		} {
			err = errors.Join(err, ask(ctx, p, admin, on))
		}
		return err
	}
}
