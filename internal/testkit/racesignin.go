package testkit

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/superapptest"
)

// fewAreTried lets everybody guess at once: the workspace allows five, and a right
// password is worth nothing to who comes later.
func fewAreTried(r *race) {
	const password = signin.Password("a long and strange phrase")
	developer := r.As(rbac.Developer)
	r.ok(r.SignIn.SetPassword(r.Context(), developer, r.Merchant, password))
	var wrong, locked atomic.Int64
	guess := func(p *superapp.Platform, name string, with signin.Password) error {
		_, err := p.SignIn.SignIn(r.Context(), signin.SignIn{Workspace: r.Merchant, Name: name, Password: with})
		return err
	}
	for _, name := range []string{superapptest.Email(rbac.Developer), "nobody@people.example"} {
		wrong.Store(0)
		locked.Store(0)
		r.run(func(i int, p *superapp.Platform) error {
			err := guess(p, name, signin.Password(fmt.Sprint("guess number ", i)))
			if errors.Is(err, signin.ErrWrong) {
				wrong.Add(1)
			} else {
				locked.Add(1)
			}
			return err
		}, signin.ErrWrong, signin.ErrLocked)
		r.same("how many were looked at", int(wrong.Load()), 5)
		r.same("how many were not", int(locked.Load()), many-5)
	}
	if err := guess(r.platforms[0], superapptest.Email(rbac.Developer), password); !errors.Is(err, signin.ErrLocked) {
		r.Errorf("the right one afterwards: %v", err)
	}
	r.ok(r.SignIn.Unlock(r.Context(), r.As(rbac.DeveloperAdmin), r.Member(rbac.Developer).ID))
	r.ok(guess(r.platforms[len(r.platforms)-1], superapptest.Email(rbac.Developer), password))
}
