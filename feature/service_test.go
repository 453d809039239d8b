package feature_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

func TestDefine(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		j, err := k.Features.DefineJSAPI(t.Context(), k.As(rbac.WorkspaceDeveloper), k.Tenant, feature.DefineJSAPI{
			Name: "my.scan", Description: "Reads a code.", Platforms: []feature.Platform{feature.IOS, feature.Android, feature.IOS},
		})
		require.NoError(t, err)
		require.Equal(t, feature.JSAPI{
			ID: j.ID, Tenant: k.Tenant, Name: "my.scan", Description: "Reads a code.",
			Platforms: []feature.Platform{feature.Android, feature.IOS}, CreatedAt: superapptest.Start, UpdatedAt: superapptest.Start,
		}, j)
		_, err = k.Features.DefineJSAPI(t.Context(), k.As(rbac.WorkspaceDeveloper), k.Tenant, jsapi("my.scan"))
		require.ErrorIs(t, err, feature.ErrNameTaken)
		defineJSAPIs(t, k, k.Tenant, "my.Scan") // which is another

		d := camera()
		d.Name, d.JSAPIs, d.Shared = " Caméra  2 ", []string{"my.scan", "my.Scan", "my.scan"}, []id.Workspace{k.Merchant, k.Tenant, k.Merchant}
		f := define(t, k, d)
		require.Equal(t, feature.Feature{
			ID: f.ID, Tenant: k.Tenant, Name: "Caméra  2", NameKey: "caméra 2", Description: "Sees.", Access: feature.Direct,
			JSAPIs: []string{"my.Scan", "my.scan"}, Shared: []id.Workspace{k.Tenant, k.Merchant},
			CreatedAt: superapptest.Start, UpdatedAt: superapptest.Start,
		}, f)
		got, err := k.Features.Get(t.Context(), k.As(rbac.WorkspaceAdmin), k.Tenant, f.ID)
		require.NoError(t, err)
		require.Equal(t, f, got)

		d.Name = "CAMÉRA 2"
		_, err = k.Features.Define(t.Context(), k.As(rbac.WorkspaceAdmin), k.Tenant, d)
		require.ErrorIs(t, err, feature.ErrNameTaken)

		// Another tenant may have the name, but not these JSAPIs and workspaces.
		other := openTenant(t, k, "other")
		defineJSAPIs(t, k, other, "my.scan")
		d.JSAPIs, d.Shared = []string{"my.scan"}, nil
		_, err = k.Features.Define(t.Context(), rbac.User("acc-other"), other, d)
		require.NoError(t, err)
	})
}

func TestEdit(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		admin := k.As(rbac.WorkspaceAdmin)
		apis := defineJSAPIs(t, k, k.Tenant, "my.scan", "my.pay")
		f := define(t, k, camera())
		other := camera()
		other.Name = "Payment"
		define(t, k, other)
		k.Clock.Set(superapptest.Start.Add(time.Hour))

		same, err := k.Features.Edit(t.Context(), admin, f.ID, feature.Edit(camera()))
		require.NoError(t, err)
		require.Equal(t, f, same, "the same again changes nothing")

		e := feature.Edit{Name: "CAMERA", JSAPIs: []string{"my.scan", "my.pay"}, Access: feature.Activation, Shared: []id.Workspace{k.Merchant}}
		edited, err := k.Features.Edit(t.Context(), admin, f.ID, e)
		require.NoError(t, err)
		want := f
		want.Name, want.Description, want.JSAPIs, want.Access, want.Shared = "CAMERA", "", []string{"my.pay", "my.scan"}, feature.Activation, []id.Workspace{k.Merchant}
		want.UpdatedAt = superapptest.Start.Add(time.Hour)
		require.Equal(t, want, edited)

		e.Name = "payment"
		_, err = k.Features.Edit(t.Context(), admin, f.ID, e)
		require.ErrorIs(t, err, feature.ErrNameTaken)
		e.Name, e.JSAPIs = "Camera", []string{"my.fly"}
		_, err = k.Features.Edit(t.Context(), admin, f.ID, e)
		require.Equal(t, []string{"jsapis unknown"}, problems(t, err))

		retired, err := k.Features.Retire(t.Context(), admin, f.ID)
		require.NoError(t, err)
		require.True(t, retired.Retired)
		_, err = k.Features.Retire(t.Context(), admin, f.ID)
		require.ErrorIs(t, err, feature.ErrRetired)
		restored, err := k.Features.Restore(t.Context(), admin, f.ID)
		require.NoError(t, err)
		require.Equal(t, want, restored)
		_, err = k.Features.Restore(t.Context(), admin, f.ID)
		require.ErrorIs(t, err, feature.ErrNotRetired)

		j, err := k.Features.EditJSAPI(t.Context(), admin, apis[0], feature.EditJSAPI{Description: "Reads.", Platforms: []feature.Platform{feature.HarmonyOS}})
		require.NoError(t, err)
		require.Equal(t, "my.scan Reads. [harmonyos]", j.Name+" "+j.Description+" ["+string(j.Platforms[0])+"]")
		_, err = k.Features.EditJSAPI(t.Context(), admin, apis[0], feature.EditJSAPI{Description: "Reads.", Platforms: []feature.Platform{feature.HarmonyOS}})
		require.NoError(t, err)
		_, err = k.Features.EditJSAPI(t.Context(), admin, apis[0], feature.EditJSAPI{})
		require.Equal(t, []string{"platforms required"}, problems(t, err))

		past, err := k.Features.History(t.Context(), admin, f.ID, page.Request{})
		require.NoError(t, err)
		require.Len(t, past.Items, 4)
		require.Equal(t, feature.Change[feature.Past]{
			Verb: feature.EventDefined, At: superapptest.Start, By: superapptest.Account(rbac.WorkspaceAdmin),
			After: &feature.Past{Snapshot: feature.Snapshot{Name: "Camera", JSAPIs: []string{"my.scan"}, Access: feature.Direct}, SnapshotPersonal: feature.SnapshotPersonal{Description: "Sees."}},
		}, past.Items[0])
		require.Equal(t, past.Items[0].After, past.Items[1].Before)
		require.Equal(t, []id.Workspace{k.Merchant}, past.Items[1].After.Shared)
		require.True(t, past.Items[2].After.Retired)
		require.Equal(t, feature.EventRestored, past.Items[3].Verb)

		pages := 0
		for c, err := range page.Walk(func(r page.Request) (page.Page[feature.Change[feature.PastJSAPI]], error) {
			pages, r.Size = pages+1, 1
			return k.Features.JSAPIHistory(t.Context(), admin, apis[0], r)
		}) {
			require.NoError(t, err)
			require.Equal(t, "my.scan", c.After.Name)
		}
		require.Equal(t, 2, pages)
		_, err = k.Features.JSAPIHistory(t.Context(), admin, apis[1], page.Request{After: must(k.Features.JSAPIHistory(t.Context(), admin, apis[0], page.Request{Size: 1})).Next})
		require.ErrorIs(t, err, page.ErrCursor)
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestShared: a developer workspace sees what is shared with it, and not with whom
// else it is.
func TestShared(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		market := openMerchant(t, k, k.Tenant, "market")
		defineJSAPIs(t, k, k.Tenant, "my.scan")
		made := map[string]feature.Feature{}
		for name, shared := range map[string][]id.Workspace{
			"all": nil, "both": {k.Merchant, market}, "market": {market}, "own": {k.Tenant},
		} {
			d := camera()
			d.Name, d.Shared = name, shared
			made[name] = define(t, k, d)
		}
		require.ElementsMatch(t, []string{"all", "both", "market", "own"}, names(t, k, k.As(rbac.WorkspaceAdmin), k.Tenant))
		require.ElementsMatch(t, []string{"all", "both"}, names(t, k, k.As(rbac.DeveloperAdmin), k.Merchant))
		require.ElementsMatch(t, []string{"all", "both", "market"}, names(t, k, rbac.User("acc-market"), market))

		both, err := k.Features.Get(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant, made["both"].ID)
		require.NoError(t, err)
		require.Equal(t, []id.Workspace{k.Merchant}, both.Shared)
		for _, name := range []string{"market", "own"} {
			f, err := k.Features.Get(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant, made[name].ID)
			require.ErrorIs(t, err, feature.ErrNotFound)
			require.Zero(t, f)
		}
		apis, err := k.Features.JSAPIs(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant, page.Request{})
		require.NoError(t, err)
		require.Len(t, apis.Items, 1)
	})
}

// TestForeign: what another tenant has answers like what does not exist, and
// whoever may not is refused.
func TestForeign(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		other := openTenant(t, k, "other")
		foreign := defineJSAPIs(t, k, other, "their.api")[0]
		theirs, err := k.Features.Define(t.Context(), superapptest.System, other, feature.Define{Name: "Theirs", JSAPIs: []string{"their.api"}, Access: feature.Direct})
		require.NoError(t, err)
		defineJSAPIs(t, k, k.Tenant, "my.scan")
		ours := define(t, k, camera())
		ctx, edit := t.Context(), feature.Edit{Name: "Mine", JSAPIs: []string{"their.api"}, Access: feature.Direct}
		s := k.Features
		calls := map[string]func(actor rbac.Actor, w id.Workspace, f id.Feature, j id.JSAPI) error{
			"DefineJSAPI": func(a rbac.Actor, w id.Workspace, _ id.Feature, _ id.JSAPI) error {
				return second(s.DefineJSAPI(ctx, a, w, jsapi("my.new")))
			},
			"EditJSAPI": func(a rbac.Actor, _ id.Workspace, _ id.Feature, j id.JSAPI) error {
				return second(s.EditJSAPI(ctx, a, j, feature.EditJSAPI{Platforms: []feature.Platform{feature.IOS}}))
			},
			"Define": func(a rbac.Actor, w id.Workspace, _ id.Feature, _ id.JSAPI) error {
				return second(s.Define(ctx, a, w, feature.Define(edit)))
			},
			"Edit": func(a rbac.Actor, _ id.Workspace, f id.Feature, _ id.JSAPI) error {
				return second(s.Edit(ctx, a, f, edit))
			},
			"Retire": func(a rbac.Actor, _ id.Workspace, f id.Feature, _ id.JSAPI) error { return second(s.Retire(ctx, a, f)) },
			"Restore": func(a rbac.Actor, _ id.Workspace, f id.Feature, _ id.JSAPI) error {
				return second(s.Restore(ctx, a, f))
			},
			"History": func(a rbac.Actor, _ id.Workspace, f id.Feature, _ id.JSAPI) error {
				return second(s.History(ctx, a, f, page.Request{}))
			},
			"JSAPIHistory": func(a rbac.Actor, _ id.Workspace, _ id.Feature, j id.JSAPI) error {
				return second(s.JSAPIHistory(ctx, a, j, page.Request{}))
			},
			"List": func(a rbac.Actor, w id.Workspace, _ id.Feature, _ id.JSAPI) error {
				return second(s.List(ctx, a, w, page.Request{}))
			},
			"JSAPIs": func(a rbac.Actor, w id.Workspace, _ id.Feature, _ id.JSAPI) error {
				return second(s.JSAPIs(ctx, a, w, page.Request{}))
			},
			"Get": func(a rbac.Actor, w id.Workspace, f id.Feature, _ id.JSAPI) error { return second(s.Get(ctx, a, w, f)) },
		}
		for name, call := range calls {
			t.Run(name, func(t *testing.T) {
				got := call(k.As(rbac.WorkspaceAdmin), other, theirs.ID, foreign)
				require.ErrorIs(t, got, fault.ErrNotFound)
				require.Equal(t, call(k.As(rbac.WorkspaceAdmin), nowhere, nothing, noJSAPI), got)
				err := call(k.As(rbac.WorkspaceReviewer), k.Tenant, ours.ID, must(s.JSAPIs(ctx, superapptest.System, k.Tenant, page.Request{})).Items[0].ID)
				require.ErrorIs(t, err, rbac.ErrDenied)
			})
		}
		_, err = s.Get(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, theirs.ID)
		require.ErrorIs(t, err, feature.ErrNotFound, "in one's own workspace")
		_, err = s.Get(ctx, superapptest.System, k.Tenant, theirs.ID)
		require.ErrorIs(t, err, feature.ErrNotFound, "even for the platform operator")
		_, err = s.History(ctx, k.As(rbac.DeveloperAdmin), ours.ID, page.Request{})
		require.ErrorIs(t, err, feature.ErrNotFound, "for a merchant")

		// A merchant has no catalogue, and a tenant's people do not read by his.
		_, err = s.DefineJSAPI(ctx, superapptest.System, k.Merchant, jsapi("my.new"))
		require.ErrorIs(t, err, feature.ErrNotTenant)
		_, err = s.Define(ctx, superapptest.System, k.Merchant, camera())
		require.ErrorIs(t, err, feature.ErrNotTenant)
		_, err = s.Define(ctx, k.As(rbac.DeveloperAdmin), k.Merchant, camera())
		require.ErrorIs(t, err, rbac.ErrDenied)
		_, err = s.List(ctx, k.As(rbac.WorkspaceAdmin), k.Merchant, page.Request{})
		require.ErrorIs(t, err, rbac.ErrDenied)

		require.NoError(t, k.Workspaces.SetStatus(ctx, superapptest.System, k.Tenant, workspace.Disabled, "unpaid"))
		_, err = s.Retire(ctx, k.As(rbac.WorkspaceAdmin), ours.ID)
		require.ErrorIs(t, err, rbac.ErrDenied)
		_, err = s.List(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, page.Request{})
		require.NoError(t, err, "members of a disabled workspace may look")
	})
}

func second[T any](_ T, err error) error { return err }

// TestOneHasTheName: of many who define a name at once one does.
func TestOneHasTheName(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		defineJSAPIs(t, k, k.Tenant, "my.scan")
		for name, define := range map[string]func(context.Context) error{
			"feature": func(ctx context.Context) error {
				return second(k.Features.Define(ctx, superapptest.System, k.Tenant, camera()))
			},
			"JSAPI": func(ctx context.Context) error {
				return second(k.Features.DefineJSAPI(ctx, superapptest.System, k.Tenant, jsapi("my.pay")))
			},
		} {
			errs := make([]error, 12)
			var wg sync.WaitGroup
			for i := range errs {
				wg.Go(func() { errs[i] = define(t.Context()) })
			}
			wg.Wait()
			won := 0
			for _, err := range errs {
				if err == nil {
					won++
					continue
				}
				require.ErrorIs(t, err, feature.ErrNameTaken, name)
			}
			require.Equal(t, 1, won, name)
		}
	})
}
