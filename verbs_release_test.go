package superapp_test

import (
	"context"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// onVersion calls fn with a version of the merchant's mini program that is ready
// for review, or approved.
func onVersion(approved bool, fn func(context.Context, *superapp.Platform, rbac.Actor, id.Version) error) call {
	return func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		testkit.Complete(testkit.Panics, k, k.Shop)
		v := testkit.Upload(testkit.Panics, k, k.Shop, "1.0.0")
		if approved {
			testkit.Approve(testkit.Panics, k.Platform, v)
		}
		return fn(ctx, p, k.As(rbac.DeveloperAdmin), v)
	}
}

// onReleased calls fn when a version was superseded by another.
func onReleased(fn func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, first id.Version) error) call {
	return func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		testkit.Complete(testkit.Panics, k, k.Shop)
		first := testkit.Release(testkit.Panics, k, k.Shop, "1.0.0")
		testkit.Release(testkit.Panics, k, k.Shop, "1.1.0")
		return fn(ctx, k, p, first)
	}
}

// releaseVerbs are those about versions and their release.
var releaseVerbs = map[string]verb{
	"MiniPrograms.Version": {nil, onVersion(false, func(ctx context.Context, p *superapp.Platform, by rbac.Actor, v id.Version) error {
		_, err := p.MiniPrograms.Version(ctx, by, v)
		return err
	})},
	"MiniPrograms.ReleaseOf": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.ReleaseOf(ctx, k.As(rbac.DeveloperAdmin), k.Shop)
		return err
	}},
	"MiniPrograms.EditNotes": {[]audit.Verb{miniprogram.EventNotesSet, miniprogram.EventVoided},
		onVersion(true, func(ctx context.Context, p *superapp.Platform, by rbac.Actor, v id.Version) error {
			_, err := p.MiniPrograms.EditNotes(ctx, by, v, map[string]string{"en": "Best."})
			return err
		})},
	"MiniPrograms.Submit": {[]audit.Verb{approval.EventSubmitted, miniprogram.EventSubmitted},
		onVersion(false, func(ctx context.Context, p *superapp.Platform, by rbac.Actor, v id.Version) error {
			_, err := p.MiniPrograms.Submit(ctx, by, v, "")
			return err
		})},
	"MiniPrograms.Pilot": {[]audit.Verb{miniprogram.EventPiloted},
		onVersion(true, func(ctx context.Context, p *superapp.Platform, by rbac.Actor, v id.Version) error {
			_, err := p.MiniPrograms.Pilot(ctx, by, v)
			return err
		})},
	"MiniPrograms.Grayscale": {[]audit.Verb{miniprogram.EventGrayscaled, miniprogram.EventPublished},
		onVersion(true, func(ctx context.Context, p *superapp.Platform, by rbac.Actor, v id.Version) error {
			_, err := p.MiniPrograms.Grayscale(ctx, by, v, 10)
			return err
		})},
	"MiniPrograms.Release": {[]audit.Verb{miniprogram.EventReleased, miniprogram.EventPublished},
		onVersion(true, func(ctx context.Context, p *superapp.Platform, by rbac.Actor, v id.Version) error {
			_, err := p.MiniPrograms.Release(ctx, by, v)
			return err
		})},
	"MiniPrograms.CancelRelease": {[]audit.Verb{miniprogram.EventReleaseCanceled},
		onVersion(true, func(ctx context.Context, p *superapp.Platform, by rbac.Actor, v id.Version) error {
			_, err := p.MiniPrograms.CancelRelease(ctx, by, v, "never mind")
			return err
		})},
	"MiniPrograms.RollBack": {[]audit.Verb{miniprogram.EventBroughtBack, miniprogram.EventRolledBack},
		onReleased(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, first id.Version) error {
			_, err := p.MiniPrograms.RollBack(ctx, k.As(rbac.DeveloperAdmin), first, "it crashes")
			return err
		})},
	"MiniPrograms.TakeOffline": {[]audit.Verb{miniprogram.EventTakenOffline, miniprogram.EventOffline},
		onReleased(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, _ id.Version) error {
			_, err := p.MiniPrograms.TakeOffline(ctx, k.As(rbac.DeveloperAdmin), k.Shop, "a leak")
			return err
		})},
	"MiniPrograms.BringBack": {[]audit.Verb{miniprogram.EventReturned, miniprogram.EventPublished},
		onReleased(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, _ id.Version) error {
			if _, err := k.MiniPrograms.TakeOffline(ctx, k.As(rbac.DeveloperAdmin), k.Shop, "a leak"); err != nil {
				return err
			}
			_, err := p.MiniPrograms.BringBack(ctx, k.As(rbac.DeveloperAdmin), k.Shop)
			return err
		})},
}
