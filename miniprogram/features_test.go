package miniprogram_test

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// define makes a feature, and the JSAPIs in it that the tenant has not got.
func define(t *testing.T, k *superapptest.Kit, tenant id.Workspace, a feature.Access, shared []id.Workspace, name string, jsapis ...string) feature.Feature {
	t.Helper()
	for _, j := range jsapis {
		_, err := k.Features.DefineJSAPI(t.Context(), superapptest.System, tenant, feature.DefineJSAPI{Name: j, Platforms: []feature.Platform{feature.IOS}})
		if !errors.Is(err, feature.ErrNameTaken) {
			require.NoError(t, err)
		}
	}
	f, err := k.Features.Define(t.Context(), superapptest.System, tenant, feature.Define{Name: name, JSAPIs: jsapis, Access: a, Shared: shared})
	require.NoError(t, err)
	return f
}

// give attaches a feature to the merchant's mini program as its admin.
func give(t *testing.T, k *superapptest.Kit, f feature.Feature) {
	t.Helper()
	a, err := k.MiniPrograms.AttachFeature(t.Context(), k.As(rbac.DeveloperAdmin), k.Shop, f.ID, "")
	require.NoError(t, err)
	require.True(t, a.Attached)
}

// has lists the names of the features that a mini program has.
func has(t *testing.T, k *superapptest.Kit, p id.MiniProgram) (names []string) {
	t.Helper()
	all, err := k.MiniPrograms.Features(t.Context(), superapptest.System, p)
	require.NoError(t, err)
	for _, f := range all {
		names = append(names, f.Name)
	}
	return names
}

func decide(t *testing.T, k *superapptest.Kit, r id.Request, yes bool, want error) {
	t.Helper()
	_, err := k.Approvals.Decide(t.Context(), k.As(rbac.WorkspaceReviewer), r, approval.Decision{Approve: yes, Reason: "looked at it"})
	require.ErrorIs(t, err, want)
}

// TestAttachDirect: direct access attaches at once, and detaches again (F2).
func TestAttachDirect(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		admin := k.As(rbac.DeveloperAdmin)
		other := openMerchant(t, k, k.Tenant, "other")
		f := define(t, k, k.Tenant, feature.Direct, []id.Workspace{k.Merchant, other}, "Camera", "my.scan", "my.photo")
		k.Clock.Advance(time.Hour)
		a, err := k.MiniPrograms.AttachFeature(t.Context(), admin, k.Shop, f.ID, "to scan tables")
		require.NoError(t, err)
		require.Equal(t, miniprogram.Attachment{Attached: true}, a)
		all, err := k.MiniPrograms.Features(t.Context(), k.As(rbac.Developer), k.Shop)
		require.NoError(t, err)
		want := miniprogram.Attached{Feature: f, AttachedAt: k.Clock.Now()}
		want.Shared = []id.Workspace{k.Merchant}
		require.Equal(t, []miniprogram.Attached{want}, all, "without whom else it is shared with")

		_, err = k.MiniPrograms.AttachFeature(t.Context(), admin, k.Shop, f.ID, "")
		require.ErrorIs(t, err, miniprogram.ErrAttached)

		// What is attached stays when it is no longer shared, or retired.
		_, err = k.Features.Edit(t.Context(), superapptest.System, f.ID, feature.Edit{
			Name: "Camera", JSAPIs: []string{"my.scan"}, Access: feature.Direct, Shared: []id.Workspace{other},
		})
		require.NoError(t, err)
		_, err = k.Features.Retire(t.Context(), superapptest.System, f.ID)
		require.NoError(t, err)
		all, err = k.MiniPrograms.Features(t.Context(), admin, k.Shop)
		require.NoError(t, err)
		require.Len(t, all, 1)
		require.Equal(t, []id.Workspace{}, all[0].Shared)
		require.Equal(t, []string{"my.scan"}, all[0].JSAPIs)

		require.NoError(t, k.MiniPrograms.DetachFeature(t.Context(), admin, k.Shop, f.ID))
		require.Empty(t, has(t, k, k.Shop))
		err = k.MiniPrograms.DetachFeature(t.Context(), admin, k.Shop, f.ID)
		require.ErrorIs(t, err, miniprogram.ErrNotAttached)

		events := trail(t, k, k.Merchant)
		got := events[len(events)-2:]
		require.Equal(t, miniprogram.EventFeatureAttached, got[0].Verb)
		require.Contains(t, string(got[0].Data), `"after":{"feature":"`+f.ID.String()+`","name":"Camera","jsapis":["my.photo","my.scan"]}`)
		require.Contains(t, string(got[0].Personal), "to scan tables")
		require.Equal(t, miniprogram.EventFeatureDetached, got[1].Verb)
		require.Contains(t, string(got[1].Data), `"before":{"feature":"`+f.ID.String())
	})
}

func TestAttachRefused(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		tenant, other := openTenant(t, k, "other"), openMerchant(t, k, k.Tenant, "market")
		ok := define(t, k, k.Tenant, feature.Direct, nil, "Camera", "my.scan")
		retired := define(t, k, k.Tenant, feature.Activation, nil, "Old", "my.scan")
		_, err := k.Features.Retire(t.Context(), superapptest.System, retired.ID)
		require.NoError(t, err)
		for _, c := range []struct {
			name    string
			actor   rbac.Actor
			program id.MiniProgram
			feature id.Feature
			reason  string
			want    error
		}{
			{"no such feature", superapptest.System, k.Shop, id.Feature{UUID: id.UUID{15: 255}}, "", feature.ErrNotFound},
			{"no feature", superapptest.System, k.Shop, id.Feature{}, "", feature.ErrNotFound},
			{"another tenant's", superapptest.System, k.Shop, define(t, k, tenant, feature.Direct, nil, "Theirs", "my.scan").ID, "", feature.ErrNotFound},
			{"another merchant's", superapptest.System, k.Shop, define(t, k, k.Tenant, feature.Direct, []id.Workspace{other}, "Market", "my.scan").ID, "", feature.ErrNotFound},
			{"the tenant's alone", superapptest.System, k.Shop, define(t, k, k.Tenant, feature.Direct, []id.Workspace{k.Tenant}, "Own", "my.scan").ID, "", feature.ErrNotFound},
			{"retired", superapptest.System, k.Shop, retired.ID, "", feature.ErrRetired},
			{"no such mini program", k.As(rbac.DeveloperAdmin), nobodys, ok.ID, "", miniprogram.ErrNotFound},
			{"another tenant's mini program", rbac.User("acc-other"), k.Shop, ok.ID, "", miniprogram.ErrNotFound},
			{"by a developer", k.As(rbac.Developer), k.Shop, ok.ID, "", rbac.ErrDenied},
			{"by the tenant", k.As(rbac.WorkspaceAdmin), k.Shop, ok.ID, "", rbac.ErrDenied},
			{"with too long a reason", superapptest.System, k.Shop, ok.ID, strings.Repeat("a", 501), fault.ErrInvalid},
		} {
			before := len(trail(t, k, k.Merchant))
			a, err := k.MiniPrograms.AttachFeature(t.Context(), c.actor, c.program, c.feature, c.reason)
			require.ErrorIs(t, err, c.want, c.name)
			require.Zero(t, a, c.name)
			require.Len(t, trail(t, k, k.Merchant), before, c.name)
		}
		_, err = k.MiniPrograms.Features(t.Context(), rbac.User("acc-other"), k.Shop)
		require.ErrorIs(t, err, miniprogram.ErrNotFound)
		err = k.MiniPrograms.DetachFeature(t.Context(), rbac.User("acc-other"), k.Shop, ok.ID)
		require.ErrorIs(t, err, miniprogram.ErrNotFound)
		require.Empty(t, has(t, k, k.Shop))
	})
}

// TestActivation: what needs activation is attached once its request is approved,
// and not if the feature is another by then (F2, V4).
func TestActivation(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		ctx, admin := t.Context(), k.As(rbac.DeveloperAdmin)
		f := define(t, k, k.Tenant, feature.Activation, nil, "Payment", "my.pay")
		ask := func() id.Request {
			a, err := k.MiniPrograms.AttachFeature(ctx, admin, k.Shop, f.ID, "to be paid")
			require.NoError(t, err)
			require.False(t, a.Attached)
			require.Empty(t, has(t, k, k.Shop))
			return a.Request.ID
		}
		asked := ask()
		_, err := k.MiniPrograms.AttachFeature(ctx, admin, k.Shop, f.ID, "")
		require.ErrorIs(t, err, approval.ErrOpen)
		d, err := k.Approvals.Get(ctx, k.As(rbac.WorkspaceReviewer), asked)
		require.NoError(t, err)
		require.Equal(t, approval.FeatureActivation, d.Kind)
		require.Equal(t, rbac.OnFeature(f.ID), d.Object)
		require.Equal(t, k.Shop, d.MiniProgram)
		var frozen miniprogram.Activating
		require.NoError(t, json.Unmarshal(d.Frozen, &frozen))
		require.Equal(t, miniprogram.Activating{
			MiniProgram: k.Shop, Name: "Coffee Shop", Access: feature.Activation,
			Feature: miniprogram.ReviewedFeature{Feature: f.ID, Name: "Payment", JSAPIs: []string{"my.pay"}},
		}, frozen)

		decide(t, k, asked, false, nil)
		require.Empty(t, has(t, k, k.Shop), "rejected")

		edit := feature.Edit{Name: "Payment", JSAPIs: []string{"my.pay"}, Access: feature.Activation}
		for name, change := range map[string]func() error{
			"another name": func() error {
				edit.Name = "Money"
				_, err := k.Features.Edit(ctx, superapptest.System, f.ID, edit)
				return err
			},
			"not shared": func() error {
				edit.Shared = []id.Workspace{k.Tenant}
				_, err := k.Features.Edit(ctx, superapptest.System, f.ID, edit)
				return err
			},
			"retired": func() error { _, err := k.Features.Retire(ctx, superapptest.System, f.ID); return err },
		} {
			asked := ask()
			require.NoError(t, change(), name)
			decide(t, k, asked, true, approval.ErrVoid)
			require.Empty(t, has(t, k, k.Shop), name)
			edit.Shared = nil
			_, err := k.Features.Restore(ctx, superapptest.System, f.ID)
			if !errors.Is(err, feature.ErrNotRetired) {
				require.NoError(t, err)
			}
			_, err = k.Features.Edit(ctx, superapptest.System, f.ID, edit)
			require.NoError(t, err)
		}

		asked = ask()
		decide(t, k, asked, true, nil)
		require.Equal(t, []string{"Money"}, has(t, k, k.Shop))
		_, err = k.Approvals.Decide(ctx, superapptest.System, asked, approval.Decision{Approve: true})
		require.ErrorIs(t, err, fault.ErrState, "deciding twice")

		// What became direct meanwhile is attached at once, and the request over.
		require.NoError(t, k.MiniPrograms.DetachFeature(ctx, admin, k.Shop, f.ID))
		asked = ask()
		edit.Access = feature.Direct
		_, err = k.Features.Edit(ctx, superapptest.System, f.ID, edit)
		require.NoError(t, err)
		give(t, k, f)
		d, err = k.Approvals.Get(ctx, admin, asked)
		require.NoError(t, err)
		require.Equal(t, approval.Void, d.Status)
	})
}

// TestFeaturesAreReviewed: attaching and detaching end the review of a version
// (V3).
func TestFeaturesAreReviewed(t *testing.T) {
	t.Parallel()
	k := ready(t)
	admin := k.As(rbac.DeveloperAdmin)
	direct := define(t, k, k.Tenant, feature.Direct, nil, "Camera", "my.scan")
	activated := define(t, k, k.Tenant, feature.Activation, nil, "Payment", "my.pay")
	v := testkit.Upload(t, k, k.Shop, "1.0.0")
	asked, err := k.MiniPrograms.AttachFeature(t.Context(), admin, k.Shop, activated.ID, "")
	require.NoError(t, err)
	for name, change := range map[string]func(){
		"attach and detach": func() {
			give(t, k, direct)
			require.Equal(t, miniprogram.VersionNew, status(t, k, v), "attached")
			_, err := k.MiniPrograms.Submit(t.Context(), admin, v, "")
			require.NoError(t, err)
			require.NoError(t, k.MiniPrograms.DetachFeature(t.Context(), admin, k.Shop, direct.ID))
		},
		"activate": func() { decide(t, k, asked.Request.ID, true, nil) },
	} {
		r, err := k.MiniPrograms.Submit(t.Context(), admin, v, "")
		require.NoError(t, err, name)
		change()
		require.Equal(t, miniprogram.VersionNew, status(t, k, v), name)
		d, err := k.Approvals.Get(t.Context(), admin, r.ID)
		require.NoError(t, err)
		require.Equal(t, approval.Void, d.Status, name)
	}
}

// TestDetachInUse: a version that users get keeps the features that it uses (F2).
func TestDetachInUse(t *testing.T) {
	t.Parallel()
	k := ready(t)
	ctx, admin := t.Context(), k.As(rbac.DeveloperAdmin)
	camera := define(t, k, k.Tenant, feature.Direct, nil, "Camera", "my.scan", "my.photo", "my.zoom")
	photos := define(t, k, k.Tenant, feature.Direct, nil, "Photos", "my.photo")
	scanner := define(t, k, k.Tenant, feature.Direct, nil, "Scanner", "my.scan")
	unused := define(t, k, k.Tenant, feature.Direct, nil, "Unused", "my.fly")
	for _, f := range []feature.Feature{camera, photos, unused} {
		give(t, k, f)
	}
	first := testkit.Release(t, k, k.Shop, "1.0.0", "my.scan", "my.photo")
	second := testkit.Upload(t, k, k.Shop, "1.1.0", "my.zoom")
	testkit.Approve(t, k.Platform, second)
	_, err := k.MiniPrograms.Pilot(ctx, admin, second)
	require.NoError(t, err)

	err = k.MiniPrograms.DetachFeature(ctx, admin, k.Shop, camera.ID)
	require.ErrorIs(t, err, miniprogram.ErrFeatureInUse)
	var inUse *miniprogram.FeatureInUseError
	require.ErrorAs(t, err, &inUse)
	require.Equal(t, "Camera", inUse.Feature)
	require.ElementsMatch(t, []miniprogram.FeatureUse{
		{Version: first, Number: "1.0.0", Status: miniprogram.Released, JSAPIs: []string{"my.scan"}},
		{Version: second, Number: "1.1.0", Status: miniprogram.PilotTesting, JSAPIs: []string{"my.zoom"}},
	}, inUse.Uses, "without what another feature has as well")
	require.Equal(t, "miniprogram.feature_in_use", fault.CodeOf(err))
	require.Contains(t, err.Error(), "version 1.0.0 (released) has my.scan")
	require.Equal(t, []string{"Camera", "Photos", "Unused"}, has(t, k, k.Shop))

	require.NoError(t, k.MiniPrograms.DetachFeature(ctx, admin, k.Shop, unused.ID))
	require.NoError(t, k.MiniPrograms.DetachFeature(ctx, admin, k.Shop, photos.ID), "another feature has it")
	require.Equal(t, miniprogram.Released, status(t, k, first), "a released version stays")

	_, err = k.MiniPrograms.Grayscale(ctx, admin, second, 10)
	require.NoError(t, err)
	give(t, k, scanner)
	give(t, k, photos)
	err = k.MiniPrograms.DetachFeature(ctx, admin, k.Shop, camera.ID)
	require.ErrorAs(t, err, &inUse)
	require.Len(t, inUse.Uses, 1)
	require.Equal(t, miniprogram.Grayscale, inUse.Uses[0].Status)
	_, err = k.MiniPrograms.CancelRelease(ctx, admin, second, "")
	require.NoError(t, err)
	require.NoError(t, k.MiniPrograms.DetachFeature(ctx, admin, k.Shop, camera.ID))

	// What is offline does not hold it, and does not come back without.
	_, err = k.MiniPrograms.TakeOffline(ctx, admin, k.Shop, "a pause")
	require.NoError(t, err)
	require.NoError(t, k.MiniPrograms.DetachFeature(ctx, admin, k.Shop, scanner.ID))
	_, err = k.MiniPrograms.BringBack(ctx, admin, k.Shop)
	require.ErrorIs(t, err, miniprogram.ErrChanged)
}

// TestOneAttaches: of many who attach a feature at once, or ask for it, one does.
func TestOneAttaches(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		for access, want := range map[feature.Access]error{feature.Direct: miniprogram.ErrAttached, feature.Activation: approval.ErrOpen} {
			f := define(t, k, k.Tenant, access, nil, string(access), "my.scan")
			one(t, want, func() error {
				_, err := k.MiniPrograms.AttachFeature(t.Context(), k.As(rbac.DeveloperAdmin), k.Shop, f.ID, "")
				return err
			})
		}
		require.Equal(t, []string{"direct"}, has(t, k, k.Shop))
		open, err := k.Approvals.ToDecide(t.Context(), superapptest.System, approval.Filter{}, page.Request{})
		require.NoError(t, err)
		require.Len(t, open.Items, 1)
	})
}

// one calls do many times at once: one call succeeds, the others fail as is wanted.
func one(t *testing.T, want error, do func() error) {
	t.Helper()
	errs := make([]error, 12)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { errs[i] = do() })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		require.ErrorIs(t, err, want)
	}
	require.Equal(t, 1, won)
}
