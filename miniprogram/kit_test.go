package miniprogram_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

var (
	nobodys = id.MiniProgram{UUID: id.UUID{15: 255}}
	nowhere = id.Workspace{UUID: id.UUID{15: 255}}
)

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

// create makes a mini program as the platform operator.
func create(t *testing.T, k *superapptest.Kit, w id.Workspace, name string) miniprogram.MiniProgram {
	t.Helper()
	p, err := k.MiniPrograms.Create(t.Context(), superapptest.System, quick(w, name))
	require.NoError(t, err)
	return p
}

// quick is the quick setup with a name.
func quick(w id.Workspace, name string) miniprogram.Create {
	return miniprogram.Create{Workspace: w, Type: miniprogram.DSL, Language: "en", Name: name}
}

// upload is a version with a number.
func upload(p id.MiniProgram, number string) miniprogram.Upload {
	return miniprogram.Upload{
		MiniProgram: p, Number: number,
		Package: miniprogram.Package{Reference: "packages/shop.zip", Size: 1 << 20, SHA256: [32]byte{1}},
	}
}

// list reads all that a filter selects of what an actor may see.
func list(t *testing.T, k *superapptest.Kit, size int, actor rbac.Actor, f miniprogram.Filter) []miniprogram.Details {
	t.Helper()
	return testkit.Pages(t, size, func(req page.Request) (page.Page[miniprogram.Details], error) {
		return k.MiniPrograms.List(t.Context(), actor, f, req)
	})
}

func team(t *testing.T, k *superapptest.Kit, p id.MiniProgram) []miniprogram.TeamMember {
	t.Helper()
	return testkit.Pages(t, 2, func(req page.Request) (page.Page[miniprogram.TeamMember], error) {
		return k.MiniPrograms.Team(t.Context(), superapptest.System, p, req)
	})
}

// trail returns the events of a workspace.
func trail(t *testing.T, k *superapptest.Kit, w id.Workspace) (events []audit.Event) {
	t.Helper()
	for e, err := range page.All(t.Context(), k.Audit.List, superapptest.System, audit.Filter{Workspace: w}) {
		require.NoError(t, err)
		events = append(events, e)
	}
	return events
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
