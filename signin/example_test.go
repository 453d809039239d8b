package signin_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/signin/argon2id"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/workspace"
)

// wallet makes a platform in memory that keeps passwords, with one workspace, whose
// admin is ada, and rob in it, a reviewer.
func wallet() (p *superapp.Platform, w id.Workspace, ada rbac.Actor, rob member.Member) {
	ctx, setup := context.Background(), rbac.System("setup")
	hasher, err := argon2id.New(&argon2id.Options{UnsafeCheap: true}) // nil, outside of tests
	check(err)
	p, err = superapp.New(memory.New(), &superapp.Options{SignIn: &signin.Options{Hasher: hasher}})
	check(err)
	opened, _, err := p.OpenTenant(ctx, setup, superapp.Open{
		Name:     "Riverbank Wallet",
		Business: workspace.Business{Address: "1 River Street", Scope: "payments", Representative: "Ada", Email: "office@wallet.example"},
		Admin:    member.First{Account: "ada", Name: "Ada"},
	})
	check(err)
	w, ada = opened.Workspace.ID, rbac.User("ada")
	check(p.Workspaces.SetStatus(ctx, setup, w, workspace.Verified, ""))
	_, token, err := p.Members.Invite(ctx, ada, member.Invite{Workspace: w, Email: "rob@example.com", Name: "Rob", Role: rbac.WorkspaceReviewer})
	check(err)
	rob, err = p.Members.Accept(ctx, token, member.Account{ID: "rob", Email: "rob@example.com", EmailVerified: true})
	check(err)
	return p, w, ada, rob
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func ExampleService_SetPassword() {
	ctx := context.Background()
	p, w, _, _ := wallet()
	// Rob has just accepted his invitation: the host knows that he is rob.
	fmt.Println(p.SignIn.SetPassword(ctx, rbac.User("rob"), w, "riverbank"))
	fmt.Println(p.SignIn.SetPassword(ctx, rbac.User("rob"), w, "seven herons at dawn"))
	// Output:
	// signin: set password: password: want at least 12 characters, got 9
	// <nil>
}

func ExampleService_SignIn() {
	ctx := context.Background()
	p, w, _, _ := wallet()
	check(p.SignIn.SetPassword(ctx, rbac.User("rob"), w, "seven herons at dawn"))

	_, err := p.SignIn.SignIn(ctx, signin.SignIn{Workspace: w, Name: "rob@example.com", Password: "six herons at dawn"})
	fmt.Println(err)
	who, err := p.SignIn.SignIn(ctx, signin.SignIn{Workspace: w, Name: "rob@example.com", Password: "seven herons at dawn"})
	check(err)
	// The host keeps the two in its session, and makes the actor again from them.
	fmt.Println(who.Actor.Account(), who.Actor.Bound() == w)
	fmt.Println(who.Actor == rbac.User("rob").Within(w))
	// Output:
	// signin: sign in: the name or the password is wrong
	// rob true
	// true
}

func ExampleService_ChangePassword() {
	ctx := context.Background()
	p, w, ada, rob := wallet()
	given, err := p.SignIn.Reset(ctx, ada, rob.ID, "")
	check(err)

	_, err = p.SignIn.SignIn(ctx, signin.SignIn{Workspace: w, Name: "rob", Password: given.Password})
	fmt.Println(errors.Is(err, signin.ErrMustChange))
	who, err := p.SignIn.ChangePassword(ctx, signin.Change{
		Workspace: w, Name: "rob", Present: given.Password, New: "seven herons at dawn",
	})
	check(err)
	fmt.Println(who.Member.Name)
	// Output:
	// true
	// Rob
}

func ExampleService_Reset() {
	ctx := context.Background()
	p, _, ada, rob := wallet()
	given, err := p.SignIn.Reset(ctx, ada, rob.ID, "called from his own telephone")
	check(err)
	fmt.Println(len(given.Password.Reveal()), given.Password)
	fmt.Println(given.Credential.ExpiresAt.Sub(given.Credential.SetAt))
	// Output:
	// 16 [redacted]
	// 24h0m0s
}

func ExampleService_SetDefault() {
	ctx := context.Background()
	p, w, ada, rob := wallet()
	fmt.Println(p.SignIn.SetDefault(ctx, ada, w, "Welcome2024!"))
	check(p.SignIn.SetDefault(ctx, ada, w, "come in and look around"))
	given, err := p.SignIn.Reset(ctx, ada, rob.ID, "")
	check(err)
	fmt.Println(given.Password == "")
	// Output:
	// signin: set default: default_password: it is one of those that are tried first: want another
	// true
}

func ExampleService_ClearDefault() {
	ctx := context.Background()
	p, w, ada, rob := wallet()
	check(p.SignIn.SetDefault(ctx, ada, w, "come in and look around"))
	check(p.SignIn.ClearDefault(ctx, ada, w))
	given, err := p.SignIn.Reset(ctx, ada, rob.ID, "")
	check(err)
	fmt.Println(given.Password == "")
	// Output:
	// false
}

func ExampleService_Status() {
	ctx := context.Background()
	p, w, ada, rob := wallet()
	check(p.SignIn.SetPassword(ctx, rbac.User("rob"), w, "seven herons at dawn"))
	_, err := p.SignIn.SignIn(ctx, signin.SignIn{Workspace: w, Name: "rob", Password: "six herons at dawn"})
	fmt.Println(fault.CodeOf(err))
	st, err := p.SignIn.Status(ctx, ada, rob.ID)
	check(err)
	fmt.Println(st.Set, st.MustChange, st.Failures, st.LockedUntil.IsZero())
	// Output:
	// signin.wrong
	// true false 1 true
}

func ExampleService_Unlock() {
	ctx := context.Background()
	p, w, ada, rob := wallet()
	check(p.SignIn.SetPassword(ctx, rbac.User("rob"), w, "seven herons at dawn"))
	in := signin.SignIn{Workspace: w, Name: "rob", Password: "six herons at dawn"}
	for range 5 {
		_, err := p.SignIn.SignIn(ctx, in)
		fmt.Print(fault.CodeOf(err), " ")
	}
	in.Password = "seven herons at dawn"
	_, err := p.SignIn.SignIn(ctx, in)
	fmt.Println(fault.CodeOf(err))

	check(p.SignIn.Unlock(ctx, ada, rob.ID))
	_, err = p.SignIn.SignIn(ctx, in)
	fmt.Println(err)
	// Output:
	// signin.wrong signin.wrong signin.wrong signin.wrong signin.wrong signin.locked
	// <nil>
}
