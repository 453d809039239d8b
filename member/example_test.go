package member_test

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
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/workspace"
)

// wallet makes a platform in memory with one workspace, whose admin is ada.
func wallet() (p *superapp.Platform, w id.Workspace, ada rbac.Actor) {
	p, err := superapp.New(memory.New(), nil)
	check(err)
	opened, _, err := p.OpenTenant(context.Background(), rbac.System("setup"), superapp.Open{
		Name:     "Riverbank Wallet",
		Business: workspace.Business{Address: "1 River Street", Scope: "payments", Representative: "Ada", Email: "office@wallet.example"},
		Admin:    member.First{Account: "ada", Name: "Ada"},
	})
	check(err)
	check(p.Workspaces.SetStatus(context.Background(), rbac.System("setup"), opened.Workspace.ID, workspace.Verified, ""))
	return p, opened.Workspace.ID, rbac.User("ada")
}

// invite invites rob as a reviewer, which is a role that needs no mini program.
func invite(p *superapp.Platform, w id.Workspace, by rbac.Actor) (member.Member, member.Token) {
	m, token, err := p.Members.Invite(context.Background(), by, member.Invite{
		Workspace: w, Email: "rob@example.com", Name: "Rob", Role: rbac.WorkspaceReviewer,
	})
	check(err)
	return m, token
}

// rob is his account: the host has seen that the address is his.
var rob = member.Account{ID: "rob", Email: "rob@example.com", EmailVerified: true}

// join makes rob an active reviewer.
func join(p *superapp.Platform, w id.Workspace, by rbac.Actor) member.Member {
	_, token := invite(p, w, by)
	m, err := p.Members.Accept(context.Background(), token, rob)
	check(err)
	return m
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func ExampleService_Invite() {
	ctx := context.Background()
	p, w, ada := wallet()
	m, token, err := p.Members.Invite(ctx, ada, member.Invite{
		Workspace: w, Email: " Rob@Example.com", Name: "Rob", Role: rbac.WorkspaceReviewer,
	})
	check(err)
	fmt.Println(m.State, m.Email)
	fmt.Println(token, len(token.Reveal()))

	_, _, err = p.Members.Invite(ctx, ada, member.Invite{Workspace: w, Email: "rob@example.com", Name: "Rob", Role: rbac.WorkspaceOperator})
	fmt.Println(err)
	// Output:
	// invited rob@example.com
	// [redacted] 43
	// member: invite: already invited to the workspace: resend or withdraw that invitation instead
}

func ExampleService_InviteAll() {
	p, w, ada := wallet()
	verdicts, tokens, err := p.Members.InviteAll(context.Background(), ada, member.InviteAll{
		Workspace: w,
		Invitees: []member.Invite{
			{Email: "rob@example.com", Name: "Rob", Role: rbac.WorkspaceReviewer},
			{Email: "eve", Name: "Eve", Role: rbac.WorkspaceOperator},
		},
		BestEffort: true,
	})
	check(err)
	for i, v := range verdicts {
		if v.Err != nil {
			fmt.Println("not invited:", v.Err)
			continue
		}
		fmt.Println("invited:", v.Member.Name, tokens[i])
	}
	// Output:
	// invited: Rob [redacted]
	// not invited: email: want an e-mail address like dee@example.com
}

func ExampleService_Inspect() {
	ctx := context.Background()
	p, w, ada := wallet()
	_, token := invite(p, w, ada)
	in, err := p.Members.Inspect(ctx, token)
	check(err)
	fmt.Println(in.Inviter, "invites you to", in.WorkspaceName, "as", in.Role)
	fmt.Println(in.State)

	_, err = p.Members.Inspect(ctx, "cut-off")
	fmt.Println(errors.Is(err, member.ErrTokenMalformed))
	// Output:
	// Ada invites you to Riverbank Wallet as workspace_reviewer
	// open
	// true
}

func ExampleService_Accept() {
	ctx := context.Background()
	p, w, ada := wallet()
	_, token := invite(p, w, ada)

	_, err := p.Members.Accept(ctx, token, member.Account{ID: "eve", Email: "eve@example.com", EmailVerified: true})
	fmt.Println(err)

	m, err := p.Members.Accept(ctx, token, member.Account{ID: "rob", Email: "rob@example.com", EmailVerified: true})
	check(err)
	fmt.Println(m.Name, m.State)

	_, err = p.Members.Accept(ctx, token, member.Account{ID: "rob", Email: "rob@example.com", EmailVerified: true})
	fmt.Println(errors.Is(err, member.ErrTokenSpent))
	// Output:
	// member: accept invitation: the invitation is for another e-mail address: sign in with that account
	// Rob active
	// true
}

func ExampleService_Resend() {
	ctx := context.Background()
	p, w, ada := wallet()
	m, old := invite(p, w, ada)
	_, token, err := p.Members.Resend(ctx, ada, m.ID)
	check(err)

	_, err = p.Members.Accept(ctx, old, rob)
	fmt.Println(err)
	_, err = p.Members.Accept(ctx, token, rob)
	fmt.Println(err)
	// Output:
	// member: accept invitation: a newer invitation was sent: use the latest link
	// <nil>
}

func ExampleService_Withdraw() {
	ctx := context.Background()
	p, w, ada := wallet()
	m, token := invite(p, w, ada)
	m, err := p.Members.Withdraw(ctx, ada, m.ID)
	check(err)
	fmt.Println(m.State)

	_, err = p.Members.Accept(ctx, token, rob)
	fmt.Println(err)
	// Output:
	// withdrawn
	// member: accept invitation: the invitation was withdrawn: ask for a new one
}

func ExampleService_SetFirstAdmin() {
	ctx := context.Background()
	p, tenant, ada := wallet()
	shop, _, err := p.OpenDeveloper(ctx, ada, tenant, superapp.Open{
		Name:     "Corner Coffee",
		Business: workspace.Business{Company: "Corner Coffee Ltd", Address: "2 Hill Road", Scope: "coffee", Email: "office@coffee.example"},
		Admin:    member.First{Email: "carl@cofee.example", Name: "Carl"}, // who will never get that letter
	})
	check(err)

	m, _, err := p.Members.SetFirstAdmin(ctx, ada, shop.Workspace.ID, member.First{Email: "carl@coffee.example", Name: "Carl"})
	check(err)
	fmt.Println(m.Role, m.State, m.Email)
	// Output:
	// developer_admin invited carl@coffee.example
}

func ExampleService_Block() {
	ctx := context.Background()
	p, w, ada := wallet()
	m := join(p, w, ada)
	m, err := p.Members.Block(ctx, ada, m.ID, "lost his phone")
	check(err)
	fmt.Println(m.State)

	err = p.Access.Check(ctx, rbac.User("rob"), rbac.ViewApproval, rbac.OnWorkspace(w))
	fmt.Println(errors.Is(err, rbac.ErrDenied))

	_, err = p.Members.Block(ctx, ada, m.ID, "again")
	fmt.Println(err)
	// Output:
	// inactive
	// true
	// member: block: cannot block: the status is inactive, where one may unblock, set_role, delete
}

func ExampleService_Unblock() {
	ctx := context.Background()
	p, w, ada := wallet()
	m := join(p, w, ada)
	_, err := p.Members.Block(ctx, ada, m.ID, "lost his phone")
	check(err)

	m, err = p.Members.Unblock(ctx, ada, m.ID)
	check(err)
	fmt.Println(m.State, m.Role)
	fmt.Println(p.Access.Check(ctx, rbac.User("rob"), rbac.ViewApproval, rbac.OnWorkspace(w)))
	// Output:
	// active workspace_reviewer
	// <nil>
}

func ExampleService_Delete() {
	ctx := context.Background()
	p, w, ada := wallet()
	m := join(p, w, ada)
	m, err := p.Members.Delete(ctx, ada, m.ID, "left the company")
	check(err)
	fmt.Println(m.State)

	again, _ := invite(p, w, ada) // whoever comes again gets a new record
	fmt.Println(again.ID != m.ID)
	// Output:
	// deleted
	// true
}

func ExampleService_SetRole() {
	ctx := context.Background()
	p, w, ada := wallet()
	m := join(p, w, ada)
	m, err := p.Members.SetRole(ctx, ada, m.ID, member.SetRole{Role: rbac.MiniProgramInspector})
	check(err)
	fmt.Println(m.Role)

	_, err = p.Members.SetRole(ctx, ada, m.ID, member.SetRole{Role: rbac.WorkspaceDeveloper})
	fmt.Println(err)
	// Output:
	// mini_program_inspector
	// member: set role: mini_programs: workspace_developer needs at least one assigned mini program
}

func ExampleService_Leave() {
	ctx := context.Background()
	p, w, ada := wallet()
	join(p, w, ada)
	m, err := p.Members.Leave(ctx, rbac.User("rob"), w)
	check(err)
	fmt.Println(m.Name, m.State)

	_, err = p.Members.Leave(ctx, ada, w)
	fmt.Println(err)
	// Output:
	// Rob deleted
	// member: leave: the workspace's last active admin stays: make somebody else an admin first
}

func ExampleService_Get() {
	ctx := context.Background()
	p, w, ada := wallet()
	m := join(p, w, ada)
	d, err := p.Members.Get(ctx, ada, m.ID)
	check(err)
	fmt.Println(d.Name, d.Role, d.Status, d.Actions)
	// Output:
	// Rob workspace_reviewer active [block set_role delete]
}

func ExampleService_List() {
	ctx := context.Background()
	p, w, ada := wallet()
	invite(p, w, ada)
	list := member.Filter{Workspace: w}
	for req := (page.Request{Size: 1}); ; {
		found, err := p.Members.List(ctx, ada, list, req)
		check(err)
		for _, d := range found.Items {
			fmt.Println(d.Name, d.Role, d.Status, d.Actions)
		}
		if found.Next == "" {
			break
		}
		req.After = found.Next
	}
	// Output:
	// Ada workspace_admin active []
	// Rob workspace_reviewer invitation_sent [resend withdraw]
}

func ExampleService_Mine() {
	p, w, ada := wallet()
	join(p, w, ada)
	mine, err := p.Members.Mine(context.Background(), rbac.User("rob"), page.Request{})
	check(err)
	for _, m := range mine.Items {
		fmt.Println(m.WorkspaceName, m.Kind, m.Role, m.Status)
	}
	// Output:
	// Riverbank Wallet tenant workspace_reviewer active
}

func ExampleService_Invitations() {
	p, w, ada := wallet()
	invite(p, w, ada)
	open, err := p.Members.Invitations(context.Background(), rob, page.Request{})
	check(err)
	for _, m := range open.Items {
		fmt.Println(m.WorkspaceName, "awaits you as", m.Role)
	}
	// Output:
	// Riverbank Wallet awaits you as workspace_reviewer
}

func ExampleToken() {
	token := member.Token("q7vT0c3nUO0nTz9wq2b8mJ5hYk1sXr4dLp6fGa_-E1A") // as it came in with a link
	fmt.Printf("%v %+v %q %x\n", token, token, token, token)
	fmt.Println("https://wallet.example/join#" + token.Reveal())
	// Output:
	// [redacted] [redacted] [redacted] [redacted]
	// https://wallet.example/join#q7vT0c3nUO0nTz9wq2b8mJ5hYk1sXr4dLp6fGa_-E1A
}

func ExampleOpenActions() {
	fmt.Println(member.OpenActions(member.StatusExpired))
	// Output: [resend withdraw]
}
