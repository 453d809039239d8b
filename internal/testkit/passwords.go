package testkit

import (
	"context"
	"errors"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/superapptest"
)

const phrase = signin.Password("a long and strange phrase")

// Passwords are the verbs about passwords that change something, or count a try: k
// prepares, p is watched.
var Passwords = map[string]func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error{
	"SignIn.SetPassword": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		return p.SignIn.SetPassword(ctx, k.As(rbac.Developer), k.Merchant, phrase)
	},
	"SignIn.SignIn": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		if err := k.SignIn.SetPassword(ctx, k.As(rbac.Developer), k.Merchant, phrase); err != nil {
			return err
		}
		_, err := p.SignIn.SignIn(ctx, signin.SignIn{Workspace: k.Merchant, Name: superapptest.Email(rbac.Developer), Password: phrase})
		return err
	},
	"SignIn.SignIn, wrong": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.SignIn.SignIn(ctx, signin.SignIn{Workspace: k.Merchant, Name: "nobody@people.example", Password: phrase})
		if !errors.Is(err, signin.ErrWrong) {
			return err
		}
		return nil
	},
	"SignIn.ChangePassword": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		if err := k.SignIn.SetPassword(ctx, k.As(rbac.Developer), k.Merchant, phrase); err != nil {
			return err
		}
		_, err := p.SignIn.ChangePassword(ctx, signin.Change{
			Workspace: k.Merchant, Name: string(superapptest.Account(rbac.Developer)), Present: phrase, New: "another strange phrase",
		})
		return err
	},
	"SignIn.Reset": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.SignIn.Reset(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID, "")
		return err
	},
	"SignIn.Unlock": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := k.SignIn.SignIn(ctx, signin.SignIn{Workspace: k.Merchant, Name: superapptest.Email(rbac.Developer), Password: phrase})
		if !errors.Is(err, signin.ErrWrong) {
			return err
		}
		return p.SignIn.Unlock(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID)
	},
	"SignIn.SetDefault": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		return p.SignIn.SetDefault(ctx, k.As(rbac.DeveloperAdmin), k.Merchant, phrase)
	},
	"SignIn.ClearDefault": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		if err := k.SignIn.SetDefault(ctx, k.As(rbac.DeveloperAdmin), k.Merchant, phrase); err != nil {
			return err
		}
		return p.SignIn.ClearDefault(ctx, k.As(rbac.DeveloperAdmin), k.Merchant)
	},
}
