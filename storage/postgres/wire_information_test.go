package postgres_test

import (
	"bytes"
	"context"
	"image"
	"image/png"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// informationMutating are the verbs that change what a mini program is said to be,
// its configuration or its team.
var informationMutating = map[string]mutation{
	"MiniPrograms.SetInformation": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.SetInformation(ctx, k.As(rbac.DeveloperAdmin), k.Shop, miniprogram.Information{Language: "fr", Name: "Le café", Keywords: []string{"thé"}})
		return err
	},
	"MiniPrograms.DeleteInformation": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		if _, err := k.MiniPrograms.SetInformation(ctx, k.As(rbac.DeveloperAdmin), k.Shop, miniprogram.Information{Language: "fr", Name: "Le café"}); err != nil {
			return err
		}
		return p.MiniPrograms.DeleteInformation(ctx, k.As(rbac.DeveloperAdmin), k.Shop, "fr")
	},
	"MiniPrograms.SetProfile": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.SetProfile(ctx, k.As(rbac.DeveloperAdmin), k.Shop, miniprogram.ProfileEdit{Category: "Food", Regions: []string{"SG"}})
		return err
	},
	"MiniPrograms.SetLogo": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.SetLogo(ctx, k.As(rbac.DeveloperAdmin), k.Shop, square())
		return err
	},
	"MiniPrograms.DeleteLogo": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		if _, err := k.MiniPrograms.SetLogo(ctx, k.As(rbac.DeveloperAdmin), k.Shop, square()); err != nil {
			return err
		}
		return p.MiniPrograms.DeleteLogo(ctx, k.As(rbac.DeveloperAdmin), k.Shop)
	},
	"MiniPrograms.Configure": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.Configure(ctx, k.As(rbac.DeveloperAdmin), k.Shop, miniprogram.Configuration{ClientID: "c-1", Servers: []string{"api.example.com"}})
		return err
	},
	"MiniPrograms.AddTeam": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		if err := k.MiniPrograms.RemoveTeam(ctx, k.As(rbac.DeveloperAdmin), k.Shop, k.Member(rbac.Developer).ID); err != nil {
			return err
		}
		_, err := p.MiniPrograms.AddTeam(ctx, k.As(rbac.DeveloperAdmin), k.Shop, k.Member(rbac.Developer).ID, rbac.MiniProgramAdmin)
		return err
	},
	"MiniPrograms.SetTeamRole": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.SetTeamRole(ctx, k.As(rbac.DeveloperAdmin), k.Shop, k.Member(rbac.Developer).ID, rbac.MiniProgramAdmin)
		return err
	},
	"MiniPrograms.RemoveTeam": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		return p.MiniPrograms.RemoveTeam(ctx, k.As(rbac.DeveloperAdmin), k.Shop, k.Member(rbac.Developer).ID)
	},
}

// square draws a logo.
func square() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 16, 16))); err != nil {
		panic(err)
	}
	return b.Bytes()
}
