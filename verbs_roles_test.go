package superapp_test

import (
	"context"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/role"
	"github.com/superapp-go/superapp/superapptest"
)

// cashier is a role of a merchant's own.
var cashier = role.Edit{Name: "Cashier", Assignment: rbac.RequiredAssignment, Cells: map[rbac.Permission]rbac.Scope{
	rbac.ViewMiniProgram: rbac.Assigned, rbac.ManageQRCode: rbac.Assigned,
}}

// withRole prepares an own role of the merchant.
func withRole(call func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, r role.Role) error) func(context.Context, *superapptest.Kit, *superapp.Platform) error {
	return func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		r, err := k.Roles.Create(ctx, k.As(rbac.DeveloperAdmin), k.Merchant, role.Create{Code: "cashier", Edit: cashier})
		if err != nil {
			return err
		}
		return call(ctx, k, p, r)
	}
}

// roleVerbs are those of own roles, and of who may do what.
var roleVerbs = map[string]verb{
	"Roles.Create": {[]audit.Verb{role.EventCreated}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Roles.Create(ctx, k.As(rbac.DeveloperAdmin), k.Merchant, role.Create{Code: "cashier", Edit: cashier})
		return err
	}},
	"Roles.Edit": {[]audit.Verb{role.EventEdited}, withRole(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, r role.Role) error {
		_, err := p.Roles.Edit(ctx, k.As(rbac.DeveloperAdmin), r.ID, role.Edit{Name: "Till"})
		return err
	})},
	"Roles.Delete": {[]audit.Verb{role.EventDeleted}, withRole(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, r role.Role) error {
		return p.Roles.Delete(ctx, k.As(rbac.DeveloperAdmin), r.ID)
	})},
	"Roles.Get": {nil, withRole(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, r role.Role) error {
		_, err := p.Roles.Get(ctx, k.As(rbac.DeveloperAdmin), r.ID)
		return err
	})},
	"Roles.List": {nil, withRole(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, _ role.Role) error {
		_, err := p.Roles.List(ctx, k.As(rbac.DeveloperAdmin), k.Merchant)
		return err
	})},
	"Roles.Preview": {nil, withRole(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, r role.Role) error {
		_, err := p.Roles.Preview(ctx, k.As(rbac.DeveloperAdmin), r.ID, role.Edit{Name: "Till"}, page.Request{})
		return err
	})},
	"Members.SetRoles": {[]audit.Verb{member.EventRoleSet, member.EventRoleSet}, withRole(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, r role.Role) error {
		_, err := p.Members.SetRoles(ctx, k.As(rbac.DeveloperAdmin), k.Merchant,
			[]id.Member{k.Member(rbac.Developer).ID, k.Member(rbac.Operator).ID}, member.SetRole{Role: r.Code, MiniPrograms: []id.MiniProgram{k.Shop}})
		return err
	})},
	"Members.WhoCan": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Members.WhoCan(ctx, k.As(rbac.DeveloperAdmin), rbac.UploadVersion, rbac.OnMiniProgram(k.Shop), page.Request{})
		return err
	}},
	"Members.Shifts": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Members.Shifts(ctx, k.As(rbac.DeveloperAdmin), k.Merchant, rbac.BuiltIn(), page.Request{})
		return err
	}},
	"Access.WhatCan": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Access.WhatCan(ctx, k.As(rbac.Developer), rbac.OnMiniProgram(k.Shop))
		return err
	}},
}
