package audit_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/workspace"
)

// wallet is a platform with one tenant workspace, opened and verified by the
// platform operator. Denials are recorded.
func wallet(ctx context.Context) (*superapp.Platform, id.Workspace) {
	p, err := superapp.New(memory.New(), &superapp.Options{Denials: &audit.DenialOptions{}})
	if err != nil {
		log.Fatal(err)
	}
	opened, _, err := p.OpenTenant(ctx, rbac.System("console"), superapp.Open{
		Name: "Riverbank Wallet",
		Business: workspace.Business{
			Address: "1 River Street", Scope: "payments", Representative: "Ada Lovelace", Email: "ada@wallet.example",
		},
		Admin: member.First{Account: "u-ada", Email: "ada@wallet.example", Name: "Ada"},
	})
	if err != nil {
		log.Fatal(err)
	}
	w := opened.Workspace.ID
	if err := p.Workspaces.SetStatus(ctx, rbac.System("console"), w, workspace.Verified, "papers seen"); err != nil {
		log.Fatal(err)
	}
	return p, w
}

// A trail is read page by page, oldest first.
func ExampleService_List() {
	ctx := context.Background()
	p, w := wallet(ctx)

	trail, err := p.Audit.List(ctx, rbac.User("u-ada"), audit.Filter{Workspace: w}, page.Request{})
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range trail.Items {
		personal, err := e.DecodePersonal()
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(e.Seq, e.Verb, "by", personal.Actor)
	}
	// Output:
	// 1 workspace.opened by console
	// 2 member.entered by console
	// 3 workspace.status_set by console
}

// Keep the head elsewhere: a trail that was cut at its end no longer reaches
// it.
func ExampleService_Verify() {
	ctx := context.Background()
	p, w := wallet(ctx)

	head, err := p.Audit.Verify(ctx, rbac.User("u-ada"), w)
	if broken, ok := errors.AsType[*audit.BrokenError](err); ok {
		fmt.Println("tampered with at event", broken.Seq)
		return
	}
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("intact up to event", head.Seq)
	// Output: intact up to event 3
}
