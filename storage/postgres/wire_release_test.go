package postgres_test

import (
	"context"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// launched prepares a version that is approved, beside a superseded and a released
// one, and calls fn with the superseded and the approved one.
func launched(fn func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, old, next id.Version) error) mutation {
	return func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		testkit.Complete(testkit.Panics, k, k.Shop)
		old := testkit.Release(testkit.Panics, k, k.Shop, "1.0.0")
		testkit.Release(testkit.Panics, k, k.Shop, "1.1.0")
		next := testkit.Upload(testkit.Panics, k, k.Shop, "1.2.0")
		testkit.Approve(testkit.Panics, k.Platform, next)
		return fn(ctx, k, p, old, next)
	}
}

// releaseMutating are the verbs about versions and their release.
var releaseMutating = map[string]mutation{
	"MiniPrograms.Submit": launched(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, _, _ id.Version) error {
		_, err := p.MiniPrograms.Submit(ctx, k.As(rbac.DeveloperAdmin), testkit.Upload(testkit.Panics, k, k.Shop, "1.3.0"), "")
		return err
	}),
	"MiniPrograms.EditNotes": launched(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, _, next id.Version) error {
		_, err := p.MiniPrograms.EditNotes(ctx, k.As(rbac.DeveloperAdmin), next, map[string]string{"en": "Best."})
		return err
	}),
	"MiniPrograms.Pilot": launched(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, _, next id.Version) error {
		_, err := p.MiniPrograms.Pilot(ctx, k.As(rbac.DeveloperAdmin), next)
		return err
	}),
	"MiniPrograms.Grayscale": launched(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, _, next id.Version) error {
		_, err := p.MiniPrograms.Grayscale(ctx, k.As(rbac.DeveloperAdmin), next, 10)
		return err
	}),
	"MiniPrograms.Release": launched(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, _, next id.Version) error {
		_, err := p.MiniPrograms.Release(ctx, k.As(rbac.DeveloperAdmin), next)
		return err
	}),
	"MiniPrograms.CancelRelease": launched(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, _, next id.Version) error {
		_, err := p.MiniPrograms.CancelRelease(ctx, k.As(rbac.DeveloperAdmin), next, "")
		return err
	}),
	"MiniPrograms.RollBack": launched(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, old, _ id.Version) error {
		_, err := p.MiniPrograms.RollBack(ctx, k.As(rbac.DeveloperAdmin), old, "")
		return err
	}),
	"MiniPrograms.TakeOffline": launched(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, _, _ id.Version) error {
		_, err := p.MiniPrograms.TakeOffline(ctx, k.As(rbac.DeveloperAdmin), k.Shop, "a leak")
		return err
	}),
	"MiniPrograms.BringBack": launched(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, _, _ id.Version) error {
		if _, err := k.MiniPrograms.TakeOffline(ctx, k.As(rbac.DeveloperAdmin), k.Shop, "a leak"); err != nil {
			return err
		}
		_, err := p.MiniPrograms.BringBack(ctx, k.As(rbac.DeveloperAdmin), k.Shop)
		return err
	}),
	"Approvals.Decide a release": launched(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, _, _ id.Version) error {
		r, err := k.MiniPrograms.Submit(ctx, k.As(rbac.DeveloperAdmin), testkit.Upload(testkit.Panics, k, k.Shop, "1.3.0"), "")
		if err != nil {
			return err
		}
		_, err = p.Approvals.Decide(ctx, k.As(rbac.WorkspaceReviewer), r.ID, approval.Decision{Approve: true})
		return err
	}),
}
