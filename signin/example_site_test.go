package signin_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/signin"
)

// A session is what a host keeps of who is signed in, in a cookie or a table of its
// own.
type session struct {
	account   id.Account
	workspace id.Workspace
}

// actor is who acts, made anew at each request.
func (s session) actor() rbac.Actor { return rbac.User(s.account).Within(s.workspace) }

// A site is a host with pages to sign in and to choose a password.
type site struct {
	*superapp.Platform
	workspace id.Workspace
}

// login is the page to sign in: what it answers.
func (s site) login(name string, p signin.Password) (session, string) {
	return answer(s.SignIn.SignIn(context.Background(), signin.SignIn{Workspace: s.workspace, Name: name, Password: p}))
}

// choose is the page to choose another password.
func (s site) choose(name string, present, p signin.Password) (session, string) {
	return answer(s.SignIn.ChangePassword(context.Background(), signin.Change{Workspace: s.workspace, Name: name, Present: present, New: p}))
}

// answer says the same of everybody who does not know the password.
func answer(who signin.SignedIn, err error) (session, string) {
	switch {
	case err == nil:
		return session{who.Actor.Account(), who.Actor.Bound()}, "welcome, " + who.Member.Name
	case errors.Is(err, signin.ErrLocked): // a *signin.LockedError says until when
		return session{}, "too many tries: wait, or ask your admin"
	case errors.Is(err, signin.ErrMustChange):
		return session{}, "choose another password"
	case errors.Is(err, signin.ErrExpired):
		return session{}, "ask for another password"
	case errors.Is(err, signin.ErrWrong):
		return session{}, "the name or the password is wrong"
	default:
		return session{}, err.Error()
	}
}

// The whole way of a password: Rob, who has accepted his invitation, sets one and
// signs in; forgets it and is locked out; Ada, the admin, resets it; he chooses
// another. When she blocks him, his session is worth nothing at the next request.
func Example() {
	ctx := context.Background()
	p, w, ada, rob := wallet()
	pages, robs := site{p, w}, "rob@example.com"
	show := func(_ session, page string) { fmt.Println(page) }

	check(p.SignIn.SetPassword(ctx, rbac.User("rob"), w, "seven herons at dawn"))
	s, page := pages.login(robs, "seven herons at dawn")
	fmt.Println(page)
	fmt.Println("may look:", p.Access.Check(ctx, s.actor(), rbac.ViewApproval, rbac.OnWorkspace(w)) == nil)

	for range 5 {
		show(pages.login(robs, "six herons at dawn"))
	}
	show(pages.login(robs, "seven herons at dawn"))
	st, err := p.SignIn.Status(ctx, ada, rob.ID)
	check(err)
	fmt.Println("locked:", st.Failures, "failures, for", st.LockedUntil.Sub(st.Now).Round(time.Minute))

	given, err := p.SignIn.Reset(ctx, ada, rob.ID, "called from his own telephone")
	check(err)
	show(pages.login(robs, given.Password))
	show(pages.choose(robs, given.Password, "rob@example.com"))
	s, page = pages.choose(robs, given.Password, "nine geese over the river")
	fmt.Println(page)

	_, err = p.Members.Block(ctx, ada, rob.ID, "left the company")
	check(err)
	fmt.Println("may look:", p.Access.Check(ctx, s.actor(), rbac.ViewApproval, rbac.OnWorkspace(w)) == nil)
	show(pages.login(robs, "nine geese over the river"))
	// Output:
	// welcome, Rob
	// may look: true
	// the name or the password is wrong
	// the name or the password is wrong
	// the name or the password is wrong
	// the name or the password is wrong
	// the name or the password is wrong
	// too many tries: wait, or ask your admin
	// locked: 5 failures, for 15m0s
	// choose another password
	// signin: change password: new: it is made of the address, the name or the account: want another
	// welcome, Rob
	// may look: false
	// the name or the password is wrong
}
