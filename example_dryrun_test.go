package superapp_test

import (
	"context"
	"fmt"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/memory"
)

// twoAdmins is a platform with a tenant whose admins are Ada and Bo.
func twoAdmins() (p *superapp.Platform, bo member.Member) {
	p, tenant, _ := town(memory.New())
	_, token, err := p.Members.Invite(ctx, ada, member.Invite{Workspace: tenant, Email: "bo@wallet.example", Name: "Bo", Role: rbac.WorkspaceAdmin})
	check(err)
	bo, err = p.Members.Accept(ctx, token, member.Account{ID: "acc-bo", Email: "bo@wallet.example", EmailVerified: true})
	check(err)
	return p, bo
}

func ExamplePlatform_DryRun() {
	p, bo := twoAdmins()
	effects, err := p.DryRun(ctx, func(ctx context.Context, p *superapp.Platform) error {
		_, err := p.Members.Delete(ctx, ada, bo.ID, "")
		return err
	})
	check(err)
	for _, c := range effects.Ends() {
		fmt.Println("ends:", c.Verb)
	}
	for _, l := range effects.Limits {
		fmt.Println(l.Name, l.Before, "->", l.After, "of at least", l.Bound)
	}
	// Output:
	// ends: member.deleted
	// active_admins 2 -> 1 of at least 1
}

func ExampleEffects() {
	p, tenant, _ := town(memory.New())
	invited, _, err := p.Members.Invite(ctx, ada, member.Invite{Workspace: tenant, Email: "cy@wallet.example", Name: "Cy", Role: rbac.WorkspaceReviewer})
	check(err)
	effects, err := p.DryRun(ctx, func(ctx context.Context, p *superapp.Platform) error {
		_, err := p.Members.Withdraw(ctx, ada, invited.ID)
		return err
	})
	check(err)
	for _, t := range effects.Told {
		fmt.Println("told:", t.Name)
	}
	// Output: told: Cy
}

func ExamplePlatform_Confirm() {
	p, bo := twoAdmins()
	remove := func(ctx context.Context, p *superapp.Platform) error {
		_, err := p.Members.Delete(ctx, ada, bo.ID, "left the company")
		return err
	}
	effects, err := p.DryRun(ctx, remove)
	check(err)
	// Meanwhile somebody blocks him.
	_, err = p.Members.Block(ctx, ada, bo.ID, "")
	check(err)
	err = p.Confirm(ctx, effects.Digest, remove)
	fmt.Println(err)

	effects, err = p.DryRun(ctx, remove)
	check(err)
	fmt.Println(p.Confirm(ctx, effects.Digest, remove))
	// Output:
	// what would happen is no longer what was confirmed: show the new effects, and have them confirmed
	// <nil>
}
