package superapp_test

import (
	"context"
	"errors"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/superapptest"
)

const phrase = signin.Password("a long and strange phrase")

// withPassword calls fn after the merchant's developer has set his password.
func withPassword(fn call) call {
	return func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		if err := k.SignIn.SetPassword(ctx, k.As(rbac.Developer), k.Merchant, phrase); err != nil {
			return err
		}
		return fn(ctx, k, p)
	}
}

// developerSignsIn is what he signs in with.
func developerSignsIn(k *superapptest.Kit, p signin.Password) signin.SignIn {
	return signin.SignIn{Workspace: k.Merchant, Name: superapptest.Email(rbac.Developer), Password: p}
}

// signinVerbs are those of passwords.
var signinVerbs = map[string]verb{
	"SignIn.On": {nil, nil}, "SignIn.Nested": {nil, nil}, "SignIn.Defaults": {nil, nil},
	"SignIn.SetPassword": {[]audit.Verb{signin.EventSet}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		return p.SignIn.SetPassword(ctx, k.As(rbac.Developer), k.Merchant, phrase)
	}},
	"SignIn.SignIn": {nil, withPassword(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.SignIn.SignIn(ctx, developerSignsIn(k, phrase))
		return err
	})},
	"SignIn.ChangePassword": {[]audit.Verb{signin.EventChanged}, withPassword(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.SignIn.ChangePassword(ctx, signin.Change{
			Workspace: k.Merchant, Name: string(superapptest.Account(rbac.Developer)), Present: phrase, New: "another strange phrase",
		})
		return err
	})},
	"SignIn.Reset": {[]audit.Verb{signin.EventReset}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.SignIn.Reset(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID, "forgot it")
		return err
	}},
	"SignIn.Unlock": {[]audit.Verb{signin.EventUnlocked}, withPassword(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		if _, err := k.SignIn.SignIn(ctx, developerSignsIn(k, "wrong")); !errors.Is(err, signin.ErrWrong) && !errors.Is(err, signin.ErrInUnit) {
			return err
		}
		return p.SignIn.Unlock(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID)
	})},
	"SignIn.Status": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.SignIn.Status(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID)
		return err
	}},
	"SignIn.SetDefault": {[]audit.Verb{signin.EventDefaultSet}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		return p.SignIn.SetDefault(ctx, k.As(rbac.DeveloperAdmin), k.Merchant, phrase)
	}},
	"SignIn.ClearDefault": {[]audit.Verb{signin.EventDefaultCleared}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		if err := k.SignIn.SetDefault(ctx, k.As(rbac.DeveloperAdmin), k.Merchant, phrase); err != nil {
			return err
		}
		return p.SignIn.ClearDefault(ctx, k.As(rbac.DeveloperAdmin), k.Merchant)
	}},
}
