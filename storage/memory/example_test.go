package memory_test

import (
	"context"
	"fmt"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/workspace"
)

// A platform for a test: nothing to migrate, nothing to clean up.
func Example() {
	ctx := context.Background()
	p, err := superapp.New(memory.New(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	opened, _, err := p.OpenTenant(ctx, rbac.System("setup"), superapp.Open{
		Name:     "Harbour Wallet",
		Business: workspace.Business{Address: "1 Harbour Road", Scope: "payments", Representative: "Rita Moll", Email: "rita@wallet.example"},
		Admin:    member.First{Account: "acc-rita", Name: "Rita Moll"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	on := rbac.OnWorkspace(opened.Workspace.ID)
	fmt.Println("Rita:", p.Access.Check(ctx, rbac.User("acc-rita"), rbac.InviteMember, on) == nil)
	fmt.Println("Sam:", p.Access.Check(ctx, rbac.User("acc-sam"), rbac.InviteMember, on) == nil)
	// Output:
	// Rita: true
	// Sam: false
}
