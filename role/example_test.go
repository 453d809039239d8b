package role_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/role"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/workspace"
)

// wallet makes a platform in memory with one workspace, whose admin is ada, and
// an own role in it.
func wallet() (p *superapp.Platform, w id.Workspace, ada rbac.Actor, auditor role.Role) {
	ctx := context.Background()
	p, err := superapp.New(memory.New(), nil)
	check(err)
	opened, _, err := p.OpenTenant(ctx, rbac.System("setup"), superapp.Open{
		Name:     "Riverbank Wallet",
		Business: workspace.Business{Address: "1 River Street", Scope: "payments", Representative: "Ada", Email: "office@wallet.example"},
		Admin:    member.First{Account: "ada", Name: "Ada"},
	})
	check(err)
	w, ada = opened.Workspace.ID, rbac.User("ada")
	auditor, err = p.Roles.Create(ctx, ada, w, role.Create{Code: "auditor", Edit: role.Edit{
		Name: "Auditor", Cells: map[rbac.Permission]rbac.Scope{rbac.ViewAudit: rbac.InWorkspace},
	}})
	check(err)
	return p, w, ada, auditor
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func ExampleService_Create() {
	ctx := context.Background()
	p, w, ada, auditor := wallet()
	fmt.Println(auditor.Code, auditor.Cells)

	// Its code is a role like any other.
	_, token, err := p.Members.Invite(ctx, ada, member.Invite{Workspace: w, Email: "rob@example.com", Name: "Rob", Role: "auditor"})
	check(err)
	_, err = p.Members.Accept(ctx, token, member.Account{ID: "rob", Email: "rob@example.com", EmailVerified: true})
	check(err)
	d, err := p.Access.Explain(ctx, rbac.User("rob"), rbac.ViewAudit, rbac.OnWorkspace(w))
	check(err)
	fmt.Println(d)
	// Output:
	// auditor map[audit.view:workspace]
	// audit.view allowed: role auditor grants it in the whole workspace
}

func ExampleService_Edit() {
	p, _, ada, auditor := wallet()
	edited, err := p.Roles.Edit(context.Background(), ada, auditor.ID, role.Edit{
		Name: "Auditor", Cells: map[rbac.Permission]rbac.Scope{rbac.ViewAudit: rbac.InTenant, rbac.ViewMember: rbac.InWorkspace},
	})
	check(err)
	fmt.Println(edited.Revision, edited.Cells)
	// Output: 2 map[audit.view:tenant member.view:workspace]
}

func ExampleService_Delete() {
	ctx := context.Background()
	p, w, ada, auditor := wallet()
	_, _, err := p.Members.Invite(ctx, ada, member.Invite{Workspace: w, Email: "rob@example.com", Name: "Rob", Role: "auditor"})
	check(err)
	err = p.Roles.Delete(ctx, ada, auditor.ID)
	if inUse, ok := errors.AsType[*role.InUseError](err); ok {
		fmt.Println(inUse.Total.Members, "of them:")
		for _, h := range inUse.Holders {
			fmt.Println(h.Name, h.Status)
		}
	}
	// Output:
	// 1 of them:
	// Rob invitation_sent
}

func ExampleService_Get() {
	p, _, ada, auditor := wallet()
	found, err := p.Roles.Get(context.Background(), ada, auditor.ID)
	check(err)
	fmt.Println(found.Name, found.Assignment)
	// Output: Auditor none
}

func ExampleService_List() {
	p, w, ada, _ := wallet()
	list, err := p.Roles.List(context.Background(), ada, w)
	check(err)
	for _, r := range list {
		fmt.Println(r.Code, r.Name)
	}
	// Output: auditor Auditor
}

func ExampleService_Preview() {
	ctx := context.Background()
	p, w, ada, auditor := wallet()
	_, _, err := p.Members.Invite(ctx, ada, member.Invite{Workspace: w, Email: "rob@example.com", Name: "Rob", Role: "auditor"})
	check(err)
	preview, err := p.Roles.Preview(ctx, ada, auditor.ID, role.Edit{
		Name: "Auditor", Cells: map[rbac.Permission]rbac.Scope{rbac.ViewMember: rbac.InWorkspace},
	}, page.Request{})
	check(err)
	for _, m := range preview.Members.Items {
		fmt.Println(m.Name, "would gain", m.Gained, "and lose", m.Lost)
	}
	// Output: Rob would gain [member.view] and lose [audit.view]
}
