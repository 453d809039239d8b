package workspace_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// A try is a verb that has effect in a kit whose workspaces are verified, and
// what it asks of their state (W1, W6).
type try struct {
	name     string
	merchant bool // whether it is about the merchant; if not, about the tenant
	need     rbac.Need
	call     func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error
}

var tries = []try{
	{"see the tenant", false, rbac.NeedPresent, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Workspaces.Get(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant)
		return err
	}},
	{"see the tenant's admins", false, rbac.NeedPresent, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Workspaces.Admins(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, page.Request{})
		return err
	}},
	{"list its developer workspaces", false, rbac.NeedPresent, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Workspaces.Developers(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, page.Request{})
		return err
	}},
	{"see the tenant's mini program", false, rbac.NeedPresent, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.Get(ctx, k.As(rbac.WorkspaceDeveloper), k.App)
		return err
	}},
	{"invite into the tenant", false, rbac.NeedEnabled, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, _, err := p.Members.Invite(ctx, k.As(rbac.WorkspaceAdmin), member.Invite{
			Workspace: k.Tenant, Email: "nia@people.example", Name: "Nia", Role: rbac.WorkspaceReviewer,
		})
		return err
	}},
	{"open a developer workspace", false, rbac.NeedVerified, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, _, err := p.OpenDeveloper(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, superapp.Open{
			Name: "Night Market", Business: market, Admin: member.First{Account: "acc-mo", Name: "Mo"},
		})
		return err
	}},
	{"create a mini program in the tenant", false, rbac.NeedVerified, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.Create(ctx, k.As(rbac.WorkspaceDeveloper), miniprogram.Create{
			Workspace: k.Tenant, Type: miniprogram.DSL, Language: "en", Name: "Parking",
		})
		return err
	}},
	{"read the merchant's trail", true, rbac.NeedNothing, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Audit.List(ctx, k.As(rbac.WorkspaceAdmin), audit.Filter{Workspace: k.Merchant}, page.Request{})
		return err
	}},
	{"see the merchant from inside", true, rbac.NeedPresent, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Workspaces.Get(ctx, k.As(rbac.DeveloperAdmin), k.Merchant)
		return err
	}},
	{"see the merchant from the tenant", true, rbac.NeedPresent, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Workspaces.Get(ctx, k.As(rbac.WorkspaceAdmin), k.Merchant)
		return err
	}},
	{"list the merchant's members", true, rbac.NeedPresent, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Members.List(ctx, k.As(rbac.DeveloperAdmin), member.Filter{Workspace: k.Merchant}, page.Request{})
		return err
	}},
	{"list the versions of a mini program", true, rbac.NeedPresent, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.Versions(ctx, k.As(rbac.Operator), miniprogram.VersionFilter{MiniProgram: k.Shop}, page.Request{})
		return err
	}},
	{"invite into the merchant", true, rbac.NeedEnabled, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, _, err := p.Members.Invite(ctx, k.As(rbac.DeveloperAdmin), member.Invite{
			Workspace: k.Merchant, Email: "nia@people.example", Name: "Nia", Role: rbac.DeveloperAdmin,
		})
		return err
	}},
	{"block a member", true, rbac.NeedEnabled, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Members.Block(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Operator).ID, "")
		return err
	}},
	{"remove the merchant", true, rbac.NeedEnabled, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		return p.RemoveDeveloper(ctx, k.As(rbac.WorkspaceAdmin), k.Merchant, "closed its shop")
	}},
	{"remove the merchant as the platform operator", true, rbac.NeedEnabled, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		return p.RemoveDeveloper(ctx, superapptest.System, k.Merchant, "closed its shop")
	}},
	{"create a mini program for the merchant", true, rbac.NeedVerified, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.Create(ctx, k.As(rbac.DeveloperAdmin), miniprogram.Create{
			Workspace: k.Merchant, Type: miniprogram.DSL, Language: "en", Name: "Parking",
		})
		return err
	}},
	{"create one as the platform operator", true, rbac.NeedVerified, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.Create(ctx, superapptest.System, miniprogram.Create{
			Workspace: k.Merchant, Type: miniprogram.DSL, Language: "en", Name: "Parking",
		})
		return err
	}},
	{"upload a version", true, rbac.NeedVerified, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.UploadVersion(ctx, k.As(rbac.Developer), miniprogram.Upload{
			MiniProgram: k.Shop, Number: "1.0.0", Package: miniprogram.Package{Reference: "a.zip", Size: 1, SHA256: [32]byte{1}},
		})
		return err
	}},
}

// lets says what each status lets through, as W1 and W6 put it.
func lets(s workspace.Status, n rbac.Need) bool {
	switch n {
	case rbac.NeedNothing:
		return true
	case rbac.NeedPresent:
		return s != workspace.Removed
	case rbac.NeedEnabled:
		return s == workspace.Pending || s == workspace.Verified || s == workspace.Rejected
	}
	return s == workspace.Verified
}

// TestGate tries the verbs in every pair of statuses: disabling a tenant covers
// its developer workspaces (W6), not the other way round.
func TestGate(t *testing.T) {
	t.Parallel()
	for _, tenant := range settled {
		for _, merchant := range append([]workspace.Status{workspace.Removed}, settled...) {
			t.Run(fmt.Sprintf("tenant %s, merchant %s", tenant, merchant), func(t *testing.T) {
				t.Parallel()
				k := superapptest.New(t, nil)
				if merchant == workspace.Removed {
					require.NoError(t, k.RemoveDeveloper(t.Context(), superapptest.System, k.Merchant, "closed its shop"))
				} else {
					put(t, k, k.Merchant, merchant)
				}
				put(t, k, k.Tenant, tenant)
				for _, x := range tries {
					open := lets(tenant, x.need) && (!x.merchant || lets(merchant, x.need))
					err := undone(t, k, func(ctx context.Context, p *superapp.Platform) error { return x.call(ctx, k, p) })
					if open {
						require.NoError(t, err, "%s", x.name)
						continue
					}
					if merchant == workspace.Removed && fault.KindOf(err) == fault.ErrNotFound {
						continue // removal has made a stranger of him
					}
					if errors.Is(err, superapp.ErrNotVerified) {
						continue // a rule of state beside the right
					}
					var denied *rbac.DeniedError
					require.ErrorAs(t, err, &denied, "%s", x.name)
					require.Equal(t, rbac.WorkspaceState, denied.Decision.Reason, "%s", x.name)
				}
			})
		}
	}
}

// undone calls a verb in a unit that is rolled back, and returns its error.
func undone(t *testing.T, k *superapptest.Kit, call func(context.Context, *superapp.Platform) error) (err error) {
	t.Helper()
	rollback := fmt.Errorf("roll back")
	require.ErrorIs(t, k.Update(t.Context(), func(ctx context.Context, p *superapp.Platform) error {
		err = call(ctx, p)
		return rollback
	}), rollback)
	return err
}

// TestDisabledTenant: disabling a tenant leaves its developer workspaces'
// statuses alone, and enabling it again brings everything back.
func TestDisabledTenant(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	_, token := k.Invite(rbac.Developer, "nia")
	upload := func() error {
		return k.Access.Check(t.Context(), k.As(rbac.Developer), rbac.UploadVersion, rbac.OnMiniProgram(k.Shop))
	}
	require.NoError(t, upload())

	require.NoError(t, k.Workspaces.SetStatus(t.Context(), superapptest.System, k.Tenant, workspace.Disabled, "unpaid"))
	require.EqualError(t, upload(), "version.upload denied: the tenant workspace is disabled; have the platform operator set the tenant workspace to verified")
	_, err := k.Members.Accept(t.Context(), token, superapptest.Person("nia"))
	require.ErrorIs(t, err, member.ErrWorkspaceClosed)
	d, err := k.Workspaces.Get(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant)
	require.NoError(t, err, "members may still look")
	require.Equal(t, workspace.Verified, d.Status)
	require.Equal(t, []workspace.Action{workspace.ActionView, workspace.ActionViewAdmins, workspace.ActionViewMembers}, d.Actions)

	require.NoError(t, k.Workspaces.SetStatus(t.Context(), superapptest.System, k.Tenant, workspace.Verified, ""))
	require.NoError(t, upload())
	_, err = k.Members.Accept(t.Context(), token, superapptest.Person("nia"))
	require.NoError(t, err, "nothing was spent")
}

// TestRemovedTrail: a removed workspace is readable in the trail alone (W4).
func TestRemovedTrail(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	require.NoError(t, k.RemoveDeveloper(t.Context(), k.As(rbac.WorkspaceAdmin), k.Merchant, "closed its shop"))
	for _, actor := range []rbac.Actor{superapptest.System, k.As(rbac.WorkspaceAdmin), k.As(rbac.WorkspaceReviewer)} {
		events, err := k.Audit.List(t.Context(), actor, audit.Filter{Workspace: k.Merchant}, page.Request{})
		require.NoError(t, err)
		require.Equal(t, workspace.EventRemoved, events.Items[len(events.Items)-1].Verb)
		_, err = k.Workspaces.Get(t.Context(), actor, k.Merchant)
		require.ErrorIs(t, err, rbac.ErrDenied)
	}
	_, err := k.Audit.List(t.Context(), k.As(rbac.DeveloperAdmin), audit.Filter{Workspace: k.Merchant}, page.Request{})
	require.ErrorIs(t, err, audit.ErrWorkspace)
}
