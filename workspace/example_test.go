package workspace_test

import (
	"context"
	"fmt"
	"time"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/workspace"
)

var (
	ctx      = context.Background()
	operator = rbac.System("console")
	ada, cho = rbac.User("acc-ada"), rbac.User("acc-cho")
)

// town is a platform with a tenant, whose admin is Ada, and a merchant under it,
// whose admin is Cho.
func town() (p *superapp.Platform, tenant, merchant id.Workspace) {
	p, err := superapp.New(memory.New(), &superapp.Options{
		Clock: func() time.Time { return time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC) },
	})
	check(err)
	t, _, err := p.OpenTenant(ctx, operator, superapp.Open{
		Name:     "Riverbank Wallet",
		Business: workspace.Business{Address: "1 River Street", Scope: "payments", Representative: "Ada", Email: "ada@wallet.example"},
		Admin:    member.First{Account: "acc-ada", Email: "ada@wallet.example", Name: "Ada"},
	})
	check(err)
	check(p.Workspaces.SetStatus(ctx, operator, t.Workspace.ID, workspace.Verified, ""))
	m, _, err := p.OpenDeveloper(ctx, ada, t.Workspace.ID, superapp.Open{
		Name:     "Corner Coffee",
		Business: workspace.Business{Company: "Corner Coffee Ltd", Address: "2 Hill Road", Scope: "coffee", Email: "office@coffee.example"},
		Admin:    member.First{Account: "acc-cho", Email: "cho@coffee.example", Name: "Cho"},
	})
	check(err)
	return p, t.Workspace.ID, m.Workspace.ID
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func ExampleService_Get() {
	p, _, merchant := town()

	d, err := p.Workspaces.Get(ctx, cho, merchant)
	check(err)
	fmt.Println(d.Name, "is", d.Status)
	fmt.Println("Cho may", d.Actions)

	_, err = p.Workspaces.Get(ctx, rbac.User("acc-stranger"), merchant)
	fmt.Println(err)
	// Output:
	// Corner Coffee is verified
	// Cho may [view view_admins view_members invite create_mini_program request_change manage_settings]
	// workspace: get: no such workspace
}

func ExampleService_Admins() {
	p, tenant, _ := town()

	admins, err := p.Workspaces.Admins(ctx, ada, tenant, page.Request{})
	check(err)
	for _, a := range admins.Items {
		fmt.Println(a.Name, "since", a.JoinedAt.Format(time.DateOnly))
	}
	// Output: Ada since 2026-01-05
}

func ExampleService_Developers() {
	p, tenant, _ := town()

	developers, err := p.Workspaces.Developers(ctx, ada, tenant, page.Request{})
	check(err)
	for _, d := range developers.Items {
		fmt.Println(d.Name, "of", d.Business.Company, "with", d.MiniPrograms, "mini programs")
		fmt.Println("Ada may", d.Actions)
	}
	// Output:
	// Corner Coffee of Corner Coffee Ltd with 0 mini programs
	// Ada may [view remove]
}

func ExampleService_List() {
	p, _, _ := town()

	verified, err := p.Workspaces.List(ctx, operator, workspace.Filter{Kind: workspace.Tenant, Statuses: []workspace.Status{workspace.Verified}}, page.Request{})
	check(err)
	for _, d := range verified.Items {
		fmt.Println(d.Name, "is verified")
	}

	_, err = p.Workspaces.List(ctx, ada, workspace.Filter{}, page.Request{})
	fmt.Println(err)
	// Output:
	// Riverbank Wallet is verified
	// workspace: list: only the platform operator may do this: call it with rbac.System
}

func ExampleService_SetStatus() {
	p, tenant, _ := town()

	err := p.Workspaces.SetStatus(ctx, operator, tenant, workspace.Disabled, "complaints")
	fmt.Println(err)
	err = p.Workspaces.SetStatus(ctx, operator, tenant, workspace.Verified, "")
	fmt.Println(err)
	err = p.Workspaces.SetStatus(ctx, operator, tenant, workspace.Disabled, "")
	fmt.Println(err)
	// Output:
	// <nil>
	// <nil>
	// workspace: set status: reason: must not be empty
}

func ExampleWorkspace_Remove() {
	uploaded := time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)
	w := workspace.Workspace{Kind: workspace.Developer, Status: workspace.Verified}

	_, err := w.Remove(workspace.Activity{
		Published: []string{"Coffee Shop"}, LastUpload: uploaded, LastUploadTo: "Coffee Shop",
	}, 30*24*time.Hour, uploaded.AddDate(0, 0, 7))
	fmt.Println(err)
	// Output: the workspace cannot be removed yet: published mini programs (Coffee Shop), to be taken offline or removed first; a version of Coffee Shop was uploaded at 2026-01-05 09:00 UTC, so wait until 2026-02-04 09:00 UTC
}
