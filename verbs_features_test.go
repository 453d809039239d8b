package superapp_test

import (
	"context"
	"time"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// featureVerbs are those of the catalogue, of features on mini programs, and of
// removal.
var featureVerbs = map[string]verb{
	"Features.On": {nil, nil},
	"Features.DefineJSAPI": {[]audit.Verb{feature.EventJSAPIDefined}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Features.DefineJSAPI(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, scanner)
		return err
	}},
	"Features.EditJSAPI": {[]audit.Verb{feature.EventJSAPIEdited}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		j, err := k.Features.DefineJSAPI(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, scanner)
		if err != nil {
			return err
		}
		_, err = p.Features.EditJSAPI(ctx, k.As(rbac.WorkspaceAdmin), j.ID, feature.EditJSAPI{Platforms: []feature.Platform{feature.HarmonyOS}})
		return err
	}},
	"Features.JSAPIs": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Features.JSAPIs(ctx, k.As(rbac.DeveloperAdmin), k.Merchant, page.Request{})
		return err
	}},
	"Features.JSAPIHistory": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		j, err := k.Features.DefineJSAPI(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, scanner)
		if err != nil {
			return err
		}
		_, err = p.Features.JSAPIHistory(ctx, k.As(rbac.WorkspaceAdmin), j.ID, page.Request{})
		return err
	}},
	"Features.Define": {[]audit.Verb{feature.EventDefined}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		if _, err := k.Features.DefineJSAPI(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, scanner); err != nil {
			return err
		}
		_, err := p.Features.Define(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, camera(k, feature.Direct))
		return err
	}},
	"Features.Edit": {[]audit.Verb{feature.EventEdited}, withFeature(feature.Direct, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, f feature.Feature) error {
		_, err := p.Features.Edit(ctx, k.As(rbac.WorkspaceAdmin), f.ID, feature.Edit(camera(k, feature.Activation)))
		return err
	})},
	"Features.Retire": {[]audit.Verb{feature.EventRetired}, withFeature(feature.Direct, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, f feature.Feature) error {
		_, err := p.Features.Retire(ctx, k.As(rbac.WorkspaceAdmin), f.ID)
		return err
	})},
	"Features.Restore": {[]audit.Verb{feature.EventRestored}, withFeature(feature.Direct, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, f feature.Feature) error {
		if _, err := k.Features.Retire(ctx, k.As(rbac.WorkspaceAdmin), f.ID); err != nil {
			return err
		}
		_, err := p.Features.Restore(ctx, k.As(rbac.WorkspaceAdmin), f.ID)
		return err
	})},
	"Features.Get": {nil, withFeature(feature.Direct, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, f feature.Feature) error {
		_, err := p.Features.Get(ctx, k.As(rbac.DeveloperAdmin), k.Merchant, f.ID)
		return err
	})},
	"Features.List": {nil, withFeature(feature.Direct, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, _ feature.Feature) error {
		_, err := p.Features.List(ctx, k.As(rbac.DeveloperAdmin), k.Merchant, page.Request{})
		return err
	})},
	"Features.History": {nil, withFeature(feature.Direct, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, f feature.Feature) error {
		_, err := p.Features.History(ctx, k.As(rbac.WorkspaceAdmin), f.ID, page.Request{})
		return err
	})},

	"MiniPrograms.AttachFeature": {[]audit.Verb{miniprogram.EventFeatureAttached}, withFeature(feature.Direct, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, f feature.Feature) error {
		_, err := p.MiniPrograms.AttachFeature(ctx, k.As(rbac.DeveloperAdmin), k.Shop, f.ID, "to scan tables")
		return err
	})},
	"MiniPrograms.DetachFeature": {[]audit.Verb{miniprogram.EventFeatureDetached}, withFeature(feature.Direct, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, f feature.Feature) error {
		if _, err := k.MiniPrograms.AttachFeature(ctx, k.As(rbac.DeveloperAdmin), k.Shop, f.ID, ""); err != nil {
			return err
		}
		return p.MiniPrograms.DetachFeature(ctx, k.As(rbac.DeveloperAdmin), k.Shop, f.ID)
	})},
	"MiniPrograms.Features": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.Features(ctx, k.As(rbac.Developer), k.Shop)
		return err
	}},

	"MiniPrograms.RequestRemoval": {[]audit.Verb{approval.EventSubmitted}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.RequestRemoval(ctx, k.As(rbac.DeveloperAdmin), k.Shop, "closed")
		return err
	}},
	"MiniPrograms.Remove": {[]audit.Verb{miniprogram.EventArchived}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		r, err := k.MiniPrograms.RequestRemoval(ctx, k.As(rbac.DeveloperAdmin), k.Shop, "closed")
		if err != nil {
			return err
		}
		if _, err := k.Approvals.Decide(ctx, k.As(rbac.WorkspaceReviewer), r.ID, approval.Decision{Approve: true}); err != nil {
			return err
		}
		_, err = p.MiniPrograms.Remove(ctx, k.As(rbac.DeveloperAdmin), k.Shop, "")
		return err
	}},
	"MiniPrograms.ForceRemove": {[]audit.Verb{miniprogram.EventForceRemoved, miniprogram.EventArchived}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.ForceRemove(ctx, k.As(rbac.MiniProgramInspector), k.Shop, "fraud")
		return err
	}},
	"MiniPrograms.Warn": {[]audit.Verb{miniprogram.EventWarned}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		return p.MiniPrograms.Warn(ctx, k.As(rbac.MiniProgramInspector), k.Shop, "crashes")
	}},
	"MiniPrograms.RequireRectification": {[]audit.Verb{miniprogram.EventRectificationRequired}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		return p.MiniPrograms.RequireRectification(ctx, k.As(rbac.MiniProgramInspector), k.Shop, "crashes", superapptest.Start.Add(time.Hour))
	}},
	"MiniPrograms.Notices": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.Notices(ctx, k.As(rbac.Developer), k.Shop, page.Request{})
		return err
	}},
}

// notices are the verbs whose event is all that they write (X2).
var notices = map[string]bool{"MiniPrograms.Warn": true, "MiniPrograms.RequireRectification": true}

var scanner = feature.DefineJSAPI{Name: "my.scan", Platforms: []feature.Platform{feature.Android, feature.IOS}}

// camera is a feature with the scanner, shared with the merchant.
func camera(k *superapptest.Kit, a feature.Access) feature.Define {
	return feature.Define{Name: "Camera", JSAPIs: []string{scanner.Name}, Access: a, Shared: []id.Workspace{k.Merchant}}
}

// withFeature gives the merchant's workspace a feature before the call.
func withFeature(a feature.Access, do func(context.Context, *superapptest.Kit, *superapp.Platform, feature.Feature) error) call {
	return func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		if _, err := k.Features.DefineJSAPI(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, scanner); err != nil {
			return err
		}
		f, err := k.Features.Define(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, camera(k, a))
		if err != nil {
			return err
		}
		return do(ctx, k, p, f)
	}
}
