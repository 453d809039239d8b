package workspace_test

import (
	"fmt"
	"time"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/workspace"
)

func ExampleService_RequestChange() {
	p, _, merchant := town()

	asked, err := p.Workspaces.RequestChange(ctx, cho, merchant, workspace.Change{
		Name:     "Corner Coffee & Tea",
		Business: workspace.Business{Company: "Corner Coffee Ltd", Address: "5 New Road", Scope: "coffee, tea", Email: "office@coffee.example"},
	}, "we moved")
	check(err)
	fmt.Println(asked.Status)

	_, err = p.Approvals.Decide(ctx, operator, asked.ID, approval.Decision{Approve: true})
	check(err)
	d, err := p.Workspaces.Get(ctx, cho, merchant)
	check(err)
	fmt.Println(d.Name, "at", d.Business.Address)
	// Output:
	// in_review
	// Corner Coffee & Tea at 5 New Road
}

func ExampleService_SetSettings() {
	p, tenant, merchant := town()

	_, err := p.Workspaces.SetSettings(ctx, ada, tenant, workspace.Settings{Validity: 24 * time.Hour})
	check(err)
	_, err = p.Workspaces.SetSettings(ctx, cho, merchant, workspace.Settings{Validity: 48 * time.Hour})
	fmt.Println(err)
	// Output: workspace: set settings: validity: the tenant allows at most 24h0m0s, got 48h0m0s
}

func ExampleService_Settings() {
	p, tenant, merchant := town()
	_, err := p.Workspaces.SetSettings(ctx, ada, tenant, workspace.Settings{Validity: 24 * time.Hour})
	check(err)

	c, err := p.Workspaces.Settings(ctx, cho, merchant)
	check(err)
	fmt.Println("set:", c.Own.Validity, "above:", c.Tenant.Validity)
	fmt.Println("an invitation is valid for", c.Effective.Validity, "and", c.Effective.MaxBatch, "are invited at once")
	// Output:
	// set: 0s above: 24h0m0s
	// an invitation is valid for 24h0m0s and 10 are invited at once
}
