package feature_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

var (
	nowhere = id.Workspace{UUID: id.UUID{15: 255}}
	nothing = id.Feature{UUID: id.UUID{15: 255}}
	noJSAPI = id.JSAPI{UUID: id.UUID{15: 255}}
)

// openTenant opens one more tenant, verified; its admin's account is "acc-" and
// the name.
func openTenant(t *testing.T, k *superapptest.Kit, name string) id.Workspace {
	t.Helper()
	opened, _, err := k.OpenTenant(t.Context(), superapptest.System, superapp.Open{
		Name:     name,
		Business: workspace.Business{Address: "9 Sea Road", Scope: "payments", Representative: "Bo", Email: "bo@other.example"},
		Admin:    member.First{Account: id.Account("acc-" + name), Name: name},
	})
	require.NoError(t, err)
	require.NoError(t, k.Workspaces.SetStatus(t.Context(), superapptest.System, opened.Workspace.ID, workspace.Verified, ""))
	return opened.Workspace.ID
}

// openMerchant opens one more developer workspace under a tenant; its admin's
// account is "acc-" and the name.
func openMerchant(t *testing.T, k *superapptest.Kit, tenant id.Workspace, name string) id.Workspace {
	t.Helper()
	opened, _, err := k.OpenDeveloper(t.Context(), superapptest.System, tenant, superapp.Open{
		Name:     name,
		Business: workspace.Business{Company: name, Address: "3 Lake Lane", Scope: "food", Email: "office@market.example"},
		Admin:    member.First{Account: id.Account("acc-" + name), Name: name},
	})
	require.NoError(t, err)
	return opened.Workspace.ID
}

// defineJSAPIs defines JSAPIs as the platform operator.
func defineJSAPIs(t *testing.T, k *superapptest.Kit, tenant id.Workspace, names ...string) (ids []id.JSAPI) {
	t.Helper()
	for _, name := range names {
		j, err := k.Features.DefineJSAPI(t.Context(), superapptest.System, tenant, jsapi(name))
		require.NoError(t, err)
		ids = append(ids, j.ID)
	}
	return ids
}

func jsapi(name string) feature.DefineJSAPI {
	return feature.DefineJSAPI{Name: name, Platforms: []feature.Platform{feature.IOS, feature.Android}}
}

// camera is a feature with the JSAPI my.scan.
func camera() feature.Define {
	return feature.Define{Name: "Camera", Description: "Sees.", JSAPIs: []string{"my.scan"}, Access: feature.Direct}
}

// define makes a feature as the tenant's admin.
func define(t *testing.T, k *superapptest.Kit, d feature.Define) feature.Feature {
	t.Helper()
	f, err := k.Features.Define(t.Context(), k.As(rbac.WorkspaceAdmin), k.Tenant, d)
	require.NoError(t, err)
	return f
}

// problems lists what an *InvalidError finds wrong, as "field reason".
func problems(t *testing.T, err error) (list []string) {
	t.Helper()
	require.ErrorIs(t, err, fault.ErrInvalid)
	var invalid *fault.InvalidError
	require.ErrorAs(t, err, &invalid)
	for _, p := range invalid.Problems {
		require.NotEmpty(t, p.Detail)
		list = append(list, p.Field+" "+p.Reason)
	}
	return list
}

// names reads what a workspace sees of the catalogue, page by page.
func names(t *testing.T, k *superapptest.Kit, actor rbac.Actor, w id.Workspace) (names []string) {
	t.Helper()
	for f, err := range page.Walk(func(r page.Request) (page.Page[feature.Feature], error) {
		r.Size = 2
		return k.Features.List(t.Context(), actor, w, r)
	}) {
		require.NoError(t, err)
		names = append(names, f.Name)
	}
	return names
}

// many returns n names of JSAPIs.
func many(n int) (names []string) {
	for i := range n {
		names = append(names, fmt.Sprintf("my.api%04d", i))
	}
	return names
}
