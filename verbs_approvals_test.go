package superapp_test

import (
	"context"
	"errors"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// approvalVerbs are those of requests and of settings.
var approvalVerbs = map[string]verb{
	"Approvals.On": {nil, nil},
	"Approvals.Decide": {[]audit.Verb{approval.EventApproved, workspace.EventChanged}, withChange(func(ctx context.Context, p *superapp.Platform, r approval.Request) error {
		_, err := p.Approvals.Decide(ctx, superapptest.System, r.ID, approval.Decision{Approve: true})
		return err
	})},
	"Approvals.Withdraw": {[]audit.Verb{approval.EventWithdrawn}, withChange(func(ctx context.Context, p *superapp.Platform, r approval.Request) error {
		_, err := p.Approvals.Withdraw(ctx, rbac.User(r.Submitter), r.ID, "a typing error")
		return err
	})},
	"Approvals.Get": {nil, withChange(func(ctx context.Context, p *superapp.Platform, r approval.Request) error {
		_, err := p.Approvals.Get(ctx, rbac.User(r.Submitter), r.ID)
		return err
	})},
	"Approvals.List": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Approvals.List(ctx, k.As(rbac.DeveloperAdmin), approval.Filter{}, page.Request{})
		return err
	}},
	"Approvals.Mine": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Approvals.Mine(ctx, k.As(rbac.DeveloperAdmin), approval.Filter{}, page.Request{})
		return err
	}},
	"Approvals.ToDecide": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Approvals.ToDecide(ctx, k.As(rbac.WorkspaceReviewer), approval.Filter{}, page.Request{})
		return err
	}},

	"Platform.Apply": {[]audit.Verb{approval.EventSubmitted}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Apply(ctx, rbac.User("acc-mo"), k.Tenant, nightMarket, "")
		return err
	}},
	"Workspaces.RequestChange": {[]audit.Verb{approval.EventSubmitted}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Workspaces.RequestChange(ctx, k.As(rbac.DeveloperAdmin), k.Merchant, moved, "we moved")
		return err
	}},
	"Workspaces.Settings": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Workspaces.Settings(ctx, k.As(rbac.DeveloperAdmin), k.Merchant)
		return err
	}},
	"Workspaces.SetSettings": {[]audit.Verb{workspace.EventSettingsSet}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Workspaces.SetSettings(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, workspace.Settings{MaxBatch: 20})
		return err
	}},
	// Defaults are the options, and no store is asked.
	"Members.Defaults": {nil, nil},
}

var (
	moved       = workspace.Change{Name: "Corner Coffee", Business: workspace.Business{Company: "Corner Coffee Ltd", Address: "5 New Road", Scope: "coffee", Email: "office@coffee.example"}}
	nightMarket = superapp.Application{Name: "Night Market", Business: business, Applicant: "Mo", Email: "mo@market.example"}
)

// withChange submits a change of the merchant's workspace first.
func withChange(do func(context.Context, *superapp.Platform, approval.Request) error) call {
	return func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		r, err := k.Workspaces.RequestChange(ctx, k.As(rbac.DeveloperAdmin), k.Merchant, moved, "we moved")
		if err != nil {
			return err
		}
		return do(ctx, p, r)
	}
}

// withApplication applies for a workspace first.
func withApplication(do func(context.Context, *superapptest.Kit, *superapp.Platform, approval.Request) error) call {
	return func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		r, err := k.Apply(ctx, rbac.User("acc-mo"), k.Tenant, nightMarket, "")
		if err != nil {
			return err
		}
		return do(ctx, k, p, r)
	}
}

// furtherApprovals are calls that lead to other statements; see further.
var furtherApprovals = map[string][]call{
	"Approvals.Decide": {withApplication(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, r approval.Request) error {
		_, err := p.Approvals.Decide(ctx, k.As(rbac.WorkspaceReviewer), r.ID, approval.Decision{Approve: true})
		return err
	})},
	"Approvals.Withdraw": {withApplication(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform, r approval.Request) error {
		_, err := p.Approvals.Withdraw(ctx, rbac.User("acc-mo"), r.ID, "")
		return err
	})},
	"Approvals.List": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) (err error) {
		for _, by := range []rbac.Actor{superapptest.System, k.As(rbac.WorkspaceAdmin), k.As(rbac.DeveloperAdmin), k.As(rbac.Developer)} {
			for _, f := range []approval.Filter{
				{}, {Workspace: k.Merchant}, {Tenant: k.Tenant}, {MiniProgram: k.Shop}, {Object: rbac.OnWorkspace(k.Tenant)},
				{Kinds: []approval.Kind{approval.WorkspaceChange}}, {Statuses: []approval.Status{approval.InReview}},
			} {
				_, e := p.Approvals.List(ctx, by, f, page.Request{})
				err = errors.Join(err, e)
			}
		}
		return err
	}},
	"Approvals.ToDecide": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Approvals.ToDecide(ctx, superapptest.System, approval.Filter{}, page.Request{})
		return err
	}},
	"Approvals.Mine": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Approvals.Mine(ctx, rbac.User("acc-mo"), approval.Filter{Workspace: k.Tenant}, page.Request{})
		return err
	}},
	"Workspaces.SetSettings": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Workspaces.SetSettings(ctx, k.As(rbac.DeveloperAdmin), k.Merchant, workspace.Settings{MaxBatch: 5})
		return err
	}},
	"Workspaces.RequestChange": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Workspaces.RequestChange(ctx, superapptest.System, k.Merchant, moved, "")
		return err
	}},
}
