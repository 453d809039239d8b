package member_test

import (
	"context"
	"fmt"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
)

// reviewers makes a link for two reviewers.
func reviewers(p *superapp.Platform, w id.Workspace, by rbac.Actor) (member.Link, member.Token) {
	l, token, err := p.Links.Create(context.Background(), by, member.NewLink{Workspace: w, Role: rbac.WorkspaceReviewer, Uses: 2})
	check(err)
	return l, token
}

func ExampleLinkService_Create() {
	p, w, ada := wallet()
	l, token, err := p.Links.Create(context.Background(), ada, member.NewLink{
		Workspace: w, Role: rbac.WorkspaceReviewer, Uses: 20, Domains: []string{"Bücher.example"},
	})
	check(err)
	fmt.Println(l.Role, l.MaxUses, l.Domains, l.Validity)
	fmt.Println(token, token.ForLink())
	// Output:
	// workspace_reviewer 20 [xn--bcher-kva.example] 72h0m0s
	// [redacted] true
}

func ExampleLinkService_Accept() {
	ctx := context.Background()
	p, w, ada := wallet()
	_, token := reviewers(p, w, ada)
	m, err := p.Links.Accept(ctx, token, rob, "Rob")
	check(err)
	fmt.Println(m.Name, "is", m.State, "as", m.Role)

	_, err = p.Links.Accept(ctx, token, rob, "Rob")
	fmt.Println(err)
	// Output:
	// Rob is active as workspace_reviewer
	// member: accept link: the account is a member of this workspace already
}

func ExampleLinkService_Inspect() {
	p, w, ada := wallet()
	_, token := reviewers(p, w, ada)
	in, err := p.Links.Inspect(context.Background(), token)
	check(err)
	fmt.Println(in.Inviter, "invites you to", in.WorkspaceName, "as", in.Role)
	fmt.Println(in.State)
	// Output:
	// Ada invites you to Riverbank Wallet as workspace_reviewer
	// open
}

func ExampleLinkService_Renew() {
	ctx := context.Background()
	p, w, ada := wallet()
	l, old := reviewers(p, w, ada)
	_, err := p.Links.Accept(ctx, old, rob, "Rob")
	check(err)
	l, _, err = p.Links.Renew(ctx, ada, l.ID)
	check(err)
	fmt.Println("used", l.Uses, "of", l.MaxUses)

	_, err = p.Links.Accept(ctx, old, member.Account{ID: "eve", Email: "eve@example.com", EmailVerified: true}, "Eve")
	fmt.Println(err)
	// Output:
	// used 1 of 2
	// member: accept link: a newer invitation was sent: use the latest link
}

func ExampleLinkService_Revoke() {
	ctx := context.Background()
	p, w, ada := wallet()
	l, token := reviewers(p, w, ada)
	_, err := p.Links.Revoke(ctx, ada, l.ID)
	check(err)
	_, err = p.Links.Accept(ctx, token, rob, "Rob")
	fmt.Println(err)
	_, err = p.Links.Revoke(ctx, ada, l.ID)
	fmt.Println(err)
	// Output:
	// member: accept link: the invitation was withdrawn: ask for a new one
	// member: revoke link: cannot revoke the link: it is revoked, which is final; make another link
}

func ExampleLinkService_Get() {
	ctx := context.Background()
	p, w, ada := wallet()
	l, _ := reviewers(p, w, ada)
	d, err := p.Links.Get(ctx, ada, l.ID)
	check(err)
	fmt.Println(d.Status, d.Actions)
	// Output: usable [renew revoke]
}

func ExampleLinkService_List() {
	ctx := context.Background()
	p, w, ada := wallet()
	reviewers(p, w, ada)
	over, _ := reviewers(p, w, ada)
	_, err := p.Links.Revoke(ctx, ada, over.ID)
	check(err)
	links, err := p.Links.List(ctx, ada, member.LinkFilter{Workspace: w}, page.Request{})
	check(err)
	for _, d := range links.Items {
		fmt.Println(d.Role, d.Uses, "of", d.MaxUses, d.Status)
	}
	// Output:
	// workspace_reviewer 0 of 2 usable
	// workspace_reviewer 0 of 2 revoked
}
