package approval_test

import (
	"context"
	"fmt"
	"time"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/approval"
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
	ada, mo  = rbac.User("acc-ada"), rbac.User("acc-mo")
)

// applied is a platform with a tenant, whose admin is Ada, and to which Mo has
// applied for a developer workspace.
func applied() (*superapp.Platform, approval.Request) {
	p, err := superapp.New(memory.New(), &superapp.Options{
		Clock: func() time.Time { return time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC) },
	})
	check(err)
	t, _, err := p.OpenTenant(ctx, operator, superapp.Open{
		Name:     "Riverbank Wallet",
		Business: workspace.Business{Address: "1 River Street", Scope: "payments", Representative: "Ada", Email: "ada@wallet.example"},
		Admin:    member.First{Account: "acc-ada", Name: "Ada"},
	})
	check(err)
	check(p.Workspaces.SetStatus(ctx, operator, t.Workspace.ID, workspace.Verified, ""))
	return p, apply(p, t.Workspace.ID)
}

func apply(p *superapp.Platform, tenant id.Workspace) approval.Request {
	r, err := p.Apply(ctx, mo, tenant, superapp.Application{Name: "Night Market", Business: business, Applicant: "Mo"}, "")
	check(err)
	return r
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func ExampleService_Decide() {
	p, asked := applied()

	_, err := p.Approvals.Decide(ctx, ada, asked.ID, approval.Decision{})
	fmt.Println(err)
	decided, err := p.Approvals.Decide(ctx, ada, asked.ID, approval.Decision{Reason: "the address is missing a number"})
	check(err)
	fmt.Println(decided.Status)
	_, err = p.Approvals.Decide(ctx, ada, asked.ID, approval.Decision{Approve: true})
	fmt.Println(err)
	// Output:
	// approval: decide: reason: must not be empty
	// rejected
	// approval: decide: the request has ended: its status is rejected; submit a new one
}

func ExampleService_Withdraw() {
	p, asked := applied()

	ended, err := p.Approvals.Withdraw(ctx, mo, asked.ID, "a typing error")
	check(err)
	fmt.Println(ended.Status)
	again := apply(p, asked.Tenant)
	fmt.Println(again.Status)
	// Output:
	// withdrawn
	// in_review
}

func ExampleService_Get() {
	p, asked := applied()

	d, err := p.Approvals.Get(ctx, ada, asked.ID)
	check(err)
	fmt.Println(d.Kind, "by", d.Submitter, "is", d.Status)
	fmt.Println("Ada may", d.Actions)
	_, err = p.Approvals.Get(ctx, rbac.User("acc-stranger"), asked.ID)
	fmt.Println(err)
	// Output:
	// developer_workspace by acc-mo is in_review
	// Ada may [decide]
	// approval: get: no such request
}

func ExampleService_ToDecide() {
	p, _ := applied()

	todo, err := p.Approvals.ToDecide(ctx, ada, approval.Filter{Kinds: []approval.Kind{approval.DeveloperWorkspace}}, page.Request{})
	check(err)
	for _, d := range todo.Items {
		fmt.Println(d.Kind, d.Actions)
	}
	// Output: developer_workspace [decide]
}

func ExampleService_Mine() {
	p, _ := applied()

	mine, err := p.Approvals.Mine(ctx, mo, approval.Filter{}, page.Request{})
	check(err)
	for _, d := range mine.Items {
		fmt.Println(d.Kind, d.Status, d.Actions)
	}
	// Output: developer_workspace in_review [withdraw]
}

func ExampleService_List() {
	p, asked := applied()
	_, err := p.Approvals.Decide(ctx, ada, asked.ID, approval.Decision{Approve: true})
	check(err)

	all, err := p.Approvals.List(ctx, ada, approval.Filter{Tenant: asked.Tenant}, page.Request{})
	check(err)
	for _, d := range all.Items {
		fmt.Println(d.Kind, d.Status)
	}
	// Output: developer_workspace approved
}
