package audit_test

import (
	"context"
	"fmt"
	"log"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
)

// reviewer lets Rob join a workspace as one who reviews there.
func reviewer(ctx context.Context, p *superapp.Platform, w id.Workspace) rbac.Actor {
	_, token, err := p.Members.Invite(ctx, rbac.User("u-ada"), member.Invite{
		Workspace: w, Email: "rob@wallet.example", Name: "Rob", Role: rbac.WorkspaceReviewer,
	})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := p.Members.Accept(ctx, token, member.Account{ID: "u-rob", Email: "rob@wallet.example", EmailVerified: true}); err != nil {
		log.Fatal(err)
	}
	return rbac.User("u-rob")
}

// Where denials are switched on, what a verb refuses is listed.
func ExampleService_Denials() {
	ctx := context.Background()
	p, w := wallet(ctx)
	rob := reviewer(ctx, p, w)
	for range 3 {
		_, _, err := p.Members.Invite(ctx, rob, member.Invite{Workspace: w, Email: "eve@wallet.example", Name: "Eve", Role: rbac.WorkspaceAdmin})
		fmt.Println(err != nil)
	}

	denials, err := p.Audit.Denials(ctx, rbac.User("u-ada"), audit.DenialFilter{Workspace: w}, page.Request{})
	if err != nil {
		log.Fatal(err)
	}
	for _, d := range denials.Items {
		fmt.Println(d.Actor, d.Permission, d.Reason, d.Count)
	}
	// Output:
	// true
	// true
	// true
	// u-rob member.invite role_lacks_it 3
}

// What a host refuses by a check of its own, it records itself.
func ExampleService_RecordDenial() {
	ctx := context.Background()
	p, w := wallet(ctx)
	rob := reviewer(ctx, p, w)

	refused := p.Access.Check(ctx, rob, rbac.InviteMember, rbac.OnWorkspace(w))
	if err := p.Audit.RecordDenial(ctx, refused); err != nil {
		log.Print(err) // the refusal stands, recorded or not
	}

	denials, err := p.Audit.Denials(ctx, rbac.User("u-ada"), audit.DenialFilter{Workspace: w, Actor: rob}, page.Request{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(denials.Items), "denied")
	// Output: 1 denied
}
