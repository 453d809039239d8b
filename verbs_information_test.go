package superapp_test

import (
	"bytes"
	"context"
	"image"
	"image/png"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// informationVerbs are those of what a mini program is said to be, its
// configuration, its page and its team.
var informationVerbs = map[string]verb{
	"MiniPrograms.SetInformation": {[]audit.Verb{miniprogram.EventInformationSet}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.SetInformation(ctx, k.As(rbac.DeveloperAdmin), k.Shop, miniprogram.Information{Language: "fr", Name: "Le café", Keywords: []string{"thé"}})
		return err
	}},
	"MiniPrograms.DeleteInformation": {[]audit.Verb{miniprogram.EventInformationDeleted}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		if _, err := k.MiniPrograms.SetInformation(ctx, k.As(rbac.DeveloperAdmin), k.Shop, miniprogram.Information{Language: "fr", Name: "Le café"}); err != nil {
			return err
		}
		return p.MiniPrograms.DeleteInformation(ctx, k.As(rbac.DeveloperAdmin), k.Shop, "fr")
	}},
	"MiniPrograms.SetProfile": {[]audit.Verb{miniprogram.EventProfileSet}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.SetProfile(ctx, k.As(rbac.DeveloperAdmin), k.Shop, miniprogram.ProfileEdit{Category: "Food", Regions: []string{"SG"}})
		return err
	}},
	"MiniPrograms.SetLogo": {[]audit.Verb{miniprogram.EventLogoSet}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.SetLogo(ctx, k.As(rbac.DeveloperAdmin), k.Shop, square())
		return err
	}},
	"MiniPrograms.DeleteLogo": {[]audit.Verb{miniprogram.EventLogoDeleted}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		if _, err := k.MiniPrograms.SetLogo(ctx, k.As(rbac.DeveloperAdmin), k.Shop, square()); err != nil {
			return err
		}
		return p.MiniPrograms.DeleteLogo(ctx, k.As(rbac.DeveloperAdmin), k.Shop)
	}},
	"MiniPrograms.Configure": {[]audit.Verb{miniprogram.EventConfigured}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.Configure(ctx, k.As(rbac.DeveloperAdmin), k.Shop, miniprogram.Configuration{ClientID: "c-1", Servers: []string{"api.example.com"}})
		return err
	}},
	"MiniPrograms.AddTeam": {[]audit.Verb{miniprogram.EventTeamAdded}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		if err := k.MiniPrograms.RemoveTeam(ctx, k.As(rbac.DeveloperAdmin), k.Shop, k.Member(rbac.Developer).ID); err != nil {
			return err
		}
		_, err := p.MiniPrograms.AddTeam(ctx, k.As(rbac.DeveloperAdmin), k.Shop, k.Member(rbac.Developer).ID, rbac.MiniProgramAdmin)
		return err
	}},
	"MiniPrograms.SetTeamRole": {[]audit.Verb{miniprogram.EventTeamRoleSet}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.SetTeamRole(ctx, k.As(rbac.DeveloperAdmin), k.Shop, k.Member(rbac.Developer).ID, rbac.MiniProgramAdmin)
		return err
	}},
	"MiniPrograms.RemoveTeam": {[]audit.Verb{miniprogram.EventTeamRemoved}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		return p.MiniPrograms.RemoveTeam(ctx, k.As(rbac.DeveloperAdmin), k.Shop, k.Member(rbac.Developer).ID)
	}},
	"MiniPrograms.Logo": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		if _, err := k.MiniPrograms.SetLogo(ctx, k.As(rbac.DeveloperAdmin), k.Shop, square()); err != nil {
			return err
		}
		_, _, err := p.MiniPrograms.Logo(ctx, k.As(rbac.Developer), k.Shop)
		return err
	}},
	"MiniPrograms.Configuration": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.Configuration(ctx, k.As(rbac.DeveloperAdmin), k.Shop)
		return err
	}},
	"MiniPrograms.Page": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.Page(ctx, k.As(rbac.DeveloperAdmin), k.Shop, "en")
		return err
	}},
	"MiniPrograms.Eligible": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.Eligible(ctx, k.As(rbac.DeveloperAdmin), k.Shop, page.Request{})
		return err
	}},
}

// square draws a logo.
func square() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 16, 16))); err != nil {
		panic(err)
	}
	return b.Bytes()
}
