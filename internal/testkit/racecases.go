package testkit

import (
	"errors"
	"fmt"
	"sync"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

func oneAccepts(r *race) {
	m, token := r.Invite(rbac.Developer, "dee")
	accepted := r.events(member.EventAccepted)
	account := func(i int) id.Account { return id.Account(fmt.Sprint("acc-", i/2)) } // some come twice
	winner := r.one(func(i int, p *superapp.Platform) error {
		_, err := p.Members.Accept(r.Context(), token, member.Account{ID: account(i)})
		return err
	}, member.ErrTokenSpent)
	r.same("who is in", r.get(m.ID).Account, account(winner))
	r.same("how many accepted", r.events(member.EventAccepted), accepted+1)
}

func oneEnds(r *race) {
	m, token := r.Invite(rbac.Developer, "dee")
	accepted := r.events(member.EventAccepted)
	var mu sync.Mutex // guards the token of the last letter
	last := func() member.Token { mu.Lock(); defer mu.Unlock(); return token }
	won := r.run(func(i int, p *superapp.Platform) (err error) {
		switch i % 4 {
		case 0, 1:
			_, err = p.Members.Accept(r.Context(), last(), superapptest.Person("dee"))
		case 2:
			var fresh member.Token
			if _, fresh, err = p.Members.Resend(r.Context(), r.As(rbac.DeveloperAdmin), m.ID); err == nil {
				mu.Lock()
				token = fresh
				mu.Unlock()
			}
		case 3:
			_, err = p.Members.Withdraw(r.Context(), r.As(rbac.DeveloperAdmin), m.ID)
		}
		return err
	}, member.ErrState, member.ErrTokenSpent, member.ErrTokenSuperseded, member.ErrTokenWithdrawn)
	var by [4]int
	for _, i := range won {
		by[i%4]++
	}
	r.same("how many ended it", by[0]+by[1]+by[3], 1)
	r.same("how many were let in", r.events(member.EventAccepted)-accepted, by[0]+by[1])
	r.same("how many withdrew it", r.events(member.EventWithdrawn), by[3])
	want := member.StatusActive
	if by[3] == 1 {
		want = member.StatusWithdrawn
	}
	end := r.get(m.ID)
	r.same("what became of it", end.Status, want)
	r.same("how often it was sent", end.Invitation.Generation, by[2]+1)
}

func oneIsInvited(r *race) {
	forms := []string{"dee@people.example", "DEE@people.example", " dee@PEOPLE.example "}
	r.one(func(i int, p *superapp.Platform) error {
		_, _, err := p.Members.Invite(r.Context(), r.As(rbac.DeveloperAdmin), member.Invite{
			Workspace: r.Merchant, Email: forms[i/3%len(forms)], Name: "Dee", Role: rbac.Developer, MiniPrograms: []id.MiniProgram{r.Shop},
		})
		return err
	}, member.ErrPresent)
	r.same("how many are invited", r.count(member.StatusSent), 1)
}

func oneEnters(r *race) {
	var tokens []member.Token
	for i := range many {
		_, token := r.Invite(rbac.Developer, fmt.Sprint("dee-", i))
		tokens = append(tokens, token)
	}
	r.one(func(i int, p *superapp.Platform) error {
		_, err := p.Members.Accept(r.Context(), tokens[i], member.Account{ID: "acc-one"})
		return err
	}, member.ErrAlreadyMember)
	r.same("how many invitations are open still", r.count(member.StatusSent), many-1)
}

func oneRemains(r *race) {
	one, two := r.Member(rbac.DeveloperAdmin), r.Join(rbac.DeveloperAdmin, "second")
	won := r.run(func(i int, p *superapp.Platform) (err error) {
		by, whom := rbac.User(one.Account), two.ID
		if i/3%2 == 1 {
			by, whom = rbac.User(two.Account), one.ID
		}
		switch i % 4 {
		case 0:
			_, err = p.Members.Block(r.Context(), by, whom, "")
		case 1:
			_, err = p.Members.Delete(r.Context(), by, whom, "")
		case 2:
			_, err = p.Members.SetRole(r.Context(), superapptest.System, whom, member.SetRole{Role: rbac.Operator, MiniPrograms: []id.MiniProgram{r.Shop}})
		case 3:
			_, err = p.Members.Leave(r.Context(), by, r.Merchant)
		}
		return err
	},
		// Whoever was taken away himself may do nothing any more.
		fault.ErrState, fault.ErrDenied, fault.ErrNotFound)
	if len(won) == 0 {
		r.Fatalf("nobody was taken away")
	}
	admins, err := r.Workspaces.Admins(r.Context(), superapptest.System, r.Merchant, page.Request{})
	r.ok(err)
	r.same("how many admins remain", len(admins.Items), 1)
}

func oneIsFirst(r *race) {
	business := workspace.Business{Company: "Night Market Ltd", Address: "3 Lake Lane", Scope: "food", Email: "office@market.example"}
	opened, _, err := r.OpenDeveloper(r.Context(), r.As(rbac.WorkspaceAdmin), r.Tenant, superapp.Open{
		Name: "Night Market", Business: business, Admin: member.First{Email: "first@people.example", Name: "First"},
	})
	r.ok(err)
	r.one(func(i int, p *superapp.Platform) error {
		_, _, err := p.Members.SetFirstAdmin(r.Context(), r.As(rbac.WorkspaceAdmin), opened.Workspace.ID,
			member.First{Account: id.Account(fmt.Sprint("acc-", i)), Name: "Boss"})
		return err
	}, member.ErrHasAdmin)
}

func oneHasTheName(r *race) {
	r.one(func(i int, p *superapp.Platform) error {
		_, err := p.MiniPrograms.Create(r.Context(), superapptest.System, miniprogram.Create{
			Workspace: []id.Workspace{r.Tenant, r.Merchant}[i/3%2], Type: miniprogram.DSL, Language: "en", Name: "Noodles",
		})
		return err
	}, miniprogram.ErrNameTaken)
}

func allAreNoted(r *race) {
	before := r.events(member.EventInvited)
	won := r.run(func(i int, p *superapp.Platform) error {
		_, _, err := p.Members.Invite(r.Context(), r.As(rbac.DeveloperAdmin), member.Invite{
			Workspace: r.Merchant, Email: fmt.Sprint("dee-", i, "@people.example"), Name: "Dee", Role: rbac.DeveloperAdmin,
		})
		return err
	})
	r.same("how many were invited", len(won), many)
	r.same("how many events tell of it", r.events(member.EventInvited)-before, many)
}

// holdsAtOnce is no race: a node of a cluster may not have seen yet what
// another one did, unless its sessions wait for that.
func holdsAtOnce(r *race) {
	m := r.Member(rbac.Developer)
	for i := range many {
		here := r.platforms[i%len(r.platforms)]
		var err, want error
		if i%2 == 0 {
			_, err = here.Members.Block(r.Context(), r.As(rbac.DeveloperAdmin), m.ID, "")
			want = rbac.ErrDenied
		} else {
			_, err = here.Members.Unblock(r.Context(), r.As(rbac.DeveloperAdmin), m.ID)
		}
		r.ok(err)
		for n, p := range r.platforms {
			got := p.Access.Check(r.Context(), rbac.User(m.Account), rbac.UploadVersion, rbac.OnMiniProgram(r.Shop))
			if !errors.Is(got, want) {
				r.Fatalf("a check through store %d after change %d: err = %v, want %v", n, i, got, want)
			}
		}
	}
}
