package testkit

import (
	"fmt"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// A link of the merchant's with some uses.
func (r *race) link(uses int) (member.Link, member.Token) {
	r.Helper()
	l, token, err := r.Links.Create(r.Context(), r.As(rbac.DeveloperAdmin), member.NewLink{
		Workspace: r.Merchant, Role: rbac.Developer, MiniPrograms: []id.MiniProgram{r.Shop}, Uses: uses,
	})
	r.ok(err)
	return l, token
}

func asManyEnter(r *race) {
	const uses = 7
	l, token := r.link(uses)
	in := r.count(member.StatusActive)
	won := r.run(func(i int, p *superapp.Platform) error {
		_, err := p.Links.Accept(r.Context(), token, member.Account{ID: id.Account(fmt.Sprint("acc-", i/2))}, "Guest") // each comes twice
		return err
	}, member.ErrTokenUsedUp, member.ErrAlreadyMember)
	r.same("how many got in", len(won), uses)
	r.same("how many are in", r.count(member.StatusActive), in+uses)
	d, err := r.Links.Get(r.Context(), superapptest.System, l.ID)
	r.ok(err)
	r.same("how often it was used", d.Uses, uses)
	r.same("how many events tell of it", r.events(member.EventJoined), uses)
}

func noneEnterBehind(r *race) {
	l, token := r.link(many)
	in := r.count(member.StatusActive)
	won := r.run(func(i int, p *superapp.Platform) error {
		if i == many/2 {
			_, err := p.Links.Revoke(r.Context(), r.As(rbac.DeveloperAdmin), l.ID)
			return err
		}
		_, err := p.Links.Accept(r.Context(), token, member.Account{ID: id.Account(fmt.Sprint("acc-", i))}, "Guest")
		return err
	}, member.ErrTokenWithdrawn)
	d, err := r.Links.Get(r.Context(), superapptest.System, l.ID)
	r.ok(err)
	r.same("its status", d.Status, member.LinkRevoked)
	r.same("how often it was used", d.Uses, len(won)-1)
	r.same("how many are in", r.count(member.StatusActive), in+len(won)-1)
}
