package superapp_test

import (
	"context"
	"strings"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// reviewers invites two into the kit's tenant.
func reviewers(k *superapptest.Kit) member.Bulk {
	return member.Bulk{Workspace: k.Tenant, Key: "k", Rows: member.ReadCSV(strings.NewReader(
		"email,name,role\nnia@people.example,Nia,workspace_reviewer\noli@people.example,Oli,workspace_reviewer\n"))}
}

var bulkVerbs = map[string]verb{
	"Bulk.Plan": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		if _, err := k.Bulk.Send(ctx, k.As(rbac.WorkspaceAdmin), reviewers(k)); err != nil {
			return err
		}
		_, err := p.Bulk.Plan(ctx, k.As(rbac.WorkspaceAdmin), reviewers(k))
		return err
	}},
	"Bulk.Send": {[]audit.Verb{member.EventInvited, member.EventInvited}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Bulk.Send(ctx, k.As(rbac.WorkspaceAdmin), reviewers(k))
		return err
	}},
}
