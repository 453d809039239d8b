package postgres_test

import (
	"context"
	"time"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

type mutation = func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error

// featureMutating are the mutating verbs of the catalogue, of features on mini
// programs, and of removal.
var featureMutating = map[string]mutation{
	"Features.DefineJSAPI": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Features.DefineJSAPI(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, scanner)
		return err
	},
	"Features.EditJSAPI": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		j, err := k.Features.DefineJSAPI(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, scanner)
		if err != nil {
			return err
		}
		_, err = p.Features.EditJSAPI(ctx, k.As(rbac.WorkspaceAdmin), j.ID, feature.EditJSAPI{Platforms: []feature.Platform{feature.HarmonyOS}})
		return err
	},
	"Features.Define": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		if _, err := k.Features.DefineJSAPI(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, scanner); err != nil {
			return err
		}
		_, err := p.Features.Define(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, camera(k, feature.Direct))
		return err
	},
	"Features.Edit": withFeature(feature.Direct, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, f id.Feature) error {
		_, err := p.Features.Edit(ctx, k.As(rbac.WorkspaceAdmin), f, feature.Edit(camera(k, feature.Activation)))
		return err
	}),
	"Features.Retire": withFeature(feature.Direct, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, f id.Feature) error {
		_, err := p.Features.Retire(ctx, k.As(rbac.WorkspaceAdmin), f)
		return err
	}),
	"Features.Restore": withFeature(feature.Direct, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, f id.Feature) error {
		if _, err := k.Features.Retire(ctx, k.As(rbac.WorkspaceAdmin), f); err != nil {
			return err
		}
		_, err := p.Features.Restore(ctx, k.As(rbac.WorkspaceAdmin), f)
		return err
	}),
	"MiniPrograms.AttachFeature": withFeature(feature.Direct, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, f id.Feature) error {
		_, err := p.MiniPrograms.AttachFeature(ctx, k.As(rbac.DeveloperAdmin), k.Shop, f, "")
		return err
	}),
	"MiniPrograms.AttachFeature by a request": withFeature(feature.Activation, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, f id.Feature) error {
		_, err := p.MiniPrograms.AttachFeature(ctx, k.As(rbac.DeveloperAdmin), k.Shop, f, "")
		return err
	}),
	"MiniPrograms.DetachFeature": withFeature(feature.Direct, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, f id.Feature) error {
		if _, err := k.MiniPrograms.AttachFeature(ctx, k.As(rbac.DeveloperAdmin), k.Shop, f, ""); err != nil {
			return err
		}
		return p.MiniPrograms.DetachFeature(ctx, k.As(rbac.DeveloperAdmin), k.Shop, f)
	}),
	"MiniPrograms.RequestRemoval": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.RequestRemoval(ctx, k.As(rbac.DeveloperAdmin), k.Shop, "closed")
		return err
	},
	"MiniPrograms.Remove": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		r, err := k.MiniPrograms.RequestRemoval(ctx, k.As(rbac.DeveloperAdmin), k.Shop, "closed")
		if err != nil {
			return err
		}
		if _, err := k.Approvals.Decide(ctx, superapptest.System, r.ID, approval.Decision{Approve: true}); err != nil {
			return err
		}
		_, err = p.MiniPrograms.Remove(ctx, k.As(rbac.DeveloperAdmin), k.Shop, "")
		return err
	},
	"MiniPrograms.ForceRemove": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.ForceRemove(ctx, k.As(rbac.MiniProgramInspector), k.Shop, "fraud")
		return err
	},
	"MiniPrograms.Warn": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		return p.MiniPrograms.Warn(ctx, k.As(rbac.MiniProgramInspector), k.Shop, "crashes")
	},
	"MiniPrograms.RequireRectification": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		return p.MiniPrograms.RequireRectification(ctx, k.As(rbac.MiniProgramInspector), k.Shop, "crashes", k.Clock.Now().Add(time.Hour))
	},
}

var scanner = feature.DefineJSAPI{Name: "my.scan", Platforms: []feature.Platform{feature.IOS}}

func camera(k *superapptest.Kit, a feature.Access) feature.Define {
	return feature.Define{Name: "Camera", JSAPIs: []string{scanner.Name}, Access: a, Shared: []id.Workspace{k.Merchant}}
}

// withFeature gives the merchant's workspace a feature before the call.
func withFeature(a feature.Access, do func(context.Context, *superapptest.Kit, *superapp.Platform, id.Feature) error) mutation {
	return func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		if _, err := k.Features.DefineJSAPI(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, scanner); err != nil {
			return err
		}
		f, err := k.Features.Define(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, camera(k, a))
		if err != nil {
			return err
		}
		return do(ctx, k, p, f.ID)
	}
}
