package rbac_test

import (
	"context"
	"fmt"
	"os"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// The people and objects of the examples: Dee is a developer at a merchant,
// with one mini program assigned.
var (
	dee      = rbac.User("u-42")
	merchant = id.Workspace{UUID: id.UUID{2}}
	menu     = id.MiniProgram{UUID: id.UUID{3}}
	grants   = []rbac.Grant{{
		Workspace: merchant, Tenant: wallet, WorkspaceStatus: rbac.Verified, TenantStatus: rbac.Verified,
		Presence: rbac.Active, Role: rbac.Developer.Key(),
		Programs: []rbac.HeldProgram{{MiniProgram: menu, Owner: merchant, Team: rbac.MiniProgramDeveloper.Key()}},
	}}
)

// deesFacts is a store that knows Dee alone. A program uses one of the stores
// under storage.
type deesFacts struct{}

func (deesFacts) Facts(_ context.Context, q rbac.Query) (rbac.Facts, error) {
	f := rbac.Facts{Found: true, Owner: merchant, Tenant: wallet, OwnerStatus: rbac.Verified, TenantStatus: rbac.Verified}
	f.Home = rbac.Membership{Presence: rbac.Active, Role: rbac.Developer.Key()}
	switch {
	case q.Account != dee.Account():
		return rbac.Facts{}, nil
	case q.Object == rbac.OnMiniProgram(menu):
		f.MiniProgram, f.Home.Assigned, f.Team = menu, true, rbac.MiniProgramDeveloper.Key()
	}
	return f, nil
}

func ExampleAccess_Check() {
	access := rbac.NewAccess(deesFacts{}, rbac.BuiltIn())
	ctx := context.Background()

	if err := access.Check(ctx, dee, rbac.UploadVersion, rbac.OnMiniProgram(menu)); err == nil {
		fmt.Println("Dee may upload")
	}
	if err := access.Check(ctx, dee, rbac.BlockMember, rbac.OnWorkspace(merchant)); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Dee may upload
	// member.block denied: the role developer does not grant it; give the member the role developer_admin
}

func ExampleAccess_CheckAll() {
	access := rbac.NewAccess(deesFacts{}, rbac.BuiltIn())
	on := rbac.OnMiniProgram(menu)
	buttons, err := access.CheckAll(context.Background(), dee, []rbac.Ask{
		{Permission: rbac.ViewVersion, Object: on},
		{Permission: rbac.UploadVersion, Object: on},
		{Permission: rbac.ReleaseVersion, Object: on},
	})
	if err != nil {
		fmt.Println(err)
	}
	for _, d := range buttons {
		fmt.Println(d.Permission, d.Allowed)
	}
	// Output:
	// version.view true
	// version.upload true
	// version.release false
}

func ExampleAccess_Explain() {
	access := rbac.NewAccess(deesFacts{}, rbac.BuiltIn())
	d, err := access.Explain(context.Background(), dee, rbac.SubmitVersion, rbac.OnMiniProgram(menu))
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(d.Reason)
	fmt.Println(d)
	// Output:
	// role_lacks_it
	// version.submit denied: the roles developer, mini_program_developer do not grant it; make the member mini_program_admin on its team
}

func ExampleAccess_WhatCan() {
	access := rbac.NewAccess(deesFacts{}, rbac.BuiltIn())
	all, err := access.WhatCan(context.Background(), dee, rbac.OnMiniProgram(menu))
	if err != nil {
		fmt.Println(err)
	}
	for _, d := range all {
		if d.Allowed && d.Scope == rbac.Assigned && d.Reason == rbac.GrantedByRole {
			fmt.Println(d.Permission)
		}
	}
	// Output:
	// miniprogram.view
	// version.view
	// version.upload
	// team.view
	// feature.view
	// analytics.performance.view
	// analytics.behavior.view
	// quality.view
}

func ExampleNewCustom() {
	cashier := rbac.NewCustom("cashier", rbac.RequiredAssignment, map[string]rbac.Scope{"qrcode.manage": rbac.Assigned})
	fmt.Println(cashier)
	fmt.Println(cashier.Scope(rbac.BuiltIn(), rbac.ManageQRCode))
	// Output:
	// {"code":"cashier","assignment":"required","cells":{"qrcode.manage":"assigned"}}
	// assigned
}

func ExampleMatrix_Decide() {
	facts, _ := deesFacts{}.Facts(context.Background(), rbac.Query{Account: dee.Account(), Object: rbac.OnMiniProgram(menu)})
	fmt.Println(rbac.BuiltIn().Decide(dee, facts, rbac.UploadVersion))
	// Output:
	// version.upload allowed: role developer grants it on assigned mini programs
}

func ExampleDecision_Remedy() {
	facts, _ := deesFacts{}.Facts(context.Background(), rbac.Query{Account: dee.Account(), Object: rbac.OnMiniProgram(menu)})
	facts.OwnerStatus, facts.Home.Presence = rbac.Disabled, rbac.Blocked
	for _, step := range rbac.BuiltIn().Decide(dee, facts, rbac.UploadVersion).Remedy().Steps {
		fmt.Println(step.Kind, "-", step)
	}
	// Output:
	// set_status - have the platform operator set the developer workspace to verified
	// unblock - unblock the member
}

func ExampleMatrix_With() {
	const manageLoyalty = rbac.FirstHostPermission
	m, err := rbac.BuiltIn().With(rbac.Edits{
		Permissions: []rbac.HostPermission{{
			Permission: manageLoyalty, Name: "loyalty.manage", Area: "loyalty", Meaning: "run loyalty campaigns",
			Cells: map[rbac.Role]rbac.Scope{rbac.WorkspaceAdmin: rbac.InTenant, rbac.DeveloperAdmin: rbac.InWorkspace},
		}},
		Cells: []rbac.Cell{{Permission: rbac.EditMiniProgram, Role: rbac.WorkspaceAdmin, Scope: rbac.InTenant}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Name(manageLoyalty), m.Scope(rbac.DeveloperAdmin, manageLoyalty))

	// Nobody could be invited as an operator any more: the matrix is refused.
	_, err = m.With(rbac.Edits{Cells: []rbac.Cell{{Permission: manageLoyalty, Role: rbac.Operator, Scope: rbac.InWorkspace},
		{Permission: manageLoyalty, Role: rbac.DeveloperAdmin, Scope: rbac.None}}})
	fmt.Println(err)
	// Output:
	// loyalty.manage workspace
	// rbac: edit the matrix: granted_by[operator]: developer_admin does not cover operator: he lacks loyalty.manage that far; widen his cells, or name who grants the role
}

func ExampleTable_WriteMarkdown() {
	if err := rbac.BuiltIn().Table()[:1].WriteMarkdown(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// | area | permission | meaning | workspace_admin | workspace_reviewer | workspace_developer | workspace_operator | mini_program_inspector | developer_admin | developer | operator | mini_program_admin | mini_program_developer |
	// |---|---|---|---|---|---|---|---|---|---|---|---|---|
	// | workspace | workspace.view | see the own workspace: id, name, status, business details | workspace | - | - | - | - | workspace | - | - | - | - |
}

func ExampleDiff() {
	mine, err := rbac.BuiltIn().With(rbac.Edits{Cells: []rbac.Cell{
		{Permission: rbac.EditMiniProgram, Role: rbac.WorkspaceAdmin, Scope: rbac.InTenant},
		{Permission: rbac.ViewQuality, Role: rbac.Developer, Scope: rbac.None},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range rbac.Diff(rbac.BuiltIn().Table(), mine.Table()) {
		fmt.Println(d)
	}
	// Output:
	// miniprogram.edit workspace_admin: workspace -> tenant
	// quality.view developer: assigned -> -
}

func ExampleMatrix_Filter() {
	f := rbac.BuiltIn().Filter(dee, grants, rbac.ViewMiniProgram)
	fmt.Println("mini programs:", len(f.MiniPrograms), "- whole workspaces:", len(f.Workspaces))
	fmt.Println(f.Covers(rbac.Target{Owner: merchant, Tenant: wallet, OwnerStatus: rbac.Verified, TenantStatus: rbac.Verified, MiniProgram: menu}))
	// Output:
	// mini programs: 1 - whole workspaces: 0
	// true
}

func ExampleMatrix_Exceeds() {
	facts, _ := deesFacts{}.Facts(context.Background(), rbac.Query{Account: dee.Account(), Object: rbac.OnWorkspace(merchant)})
	over := rbac.BuiltIn().Exceeds(dee, facts, grants, rbac.Operator.Key(), grants[0].Programs)
	fmt.Println(over)
	// Output:
	// [analytics.behavior.view analytics.transactions.view analytics.metrics.view]
}
