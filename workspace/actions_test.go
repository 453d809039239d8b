package workspace_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// do is each action as the verb that it stands for.
var do = map[workspace.Action]func(context.Context, *superapp.Platform, rbac.Actor, id.Workspace) error{
	workspace.ActionView: func(ctx context.Context, p *superapp.Platform, a rbac.Actor, w id.Workspace) error {
		_, err := p.Workspaces.Get(ctx, a, w)
		return err
	},
	workspace.ActionViewAdmins: func(ctx context.Context, p *superapp.Platform, a rbac.Actor, w id.Workspace) error {
		_, err := p.Workspaces.Admins(ctx, a, w, page.Request{})
		return err
	},
	workspace.ActionViewMembers: func(ctx context.Context, p *superapp.Platform, a rbac.Actor, w id.Workspace) error {
		_, err := p.Members.List(ctx, a, member.Filter{Workspace: w}, page.Request{})
		return err
	},
	workspace.ActionInvite: func(ctx context.Context, p *superapp.Platform, a rbac.Actor, w id.Workspace) error {
		role := rbac.DeveloperAdmin
		if d, err := p.Workspaces.Get(ctx, a, w); err == nil && d.Kind == workspace.Tenant {
			role = rbac.WorkspaceReviewer
		}
		_, _, err := p.Members.Invite(ctx, a, member.Invite{Workspace: w, Email: "nia@people.example", Name: "Nia", Role: role})
		return err
	},
	workspace.ActionCreateMiniProgram: func(ctx context.Context, p *superapp.Platform, a rbac.Actor, w id.Workspace) error {
		_, err := p.MiniPrograms.Create(ctx, a, miniprogram.Create{Workspace: w, Type: miniprogram.DSL, Language: "en", Name: "Parking"})
		return err
	},
	workspace.ActionOpenDeveloper: func(ctx context.Context, p *superapp.Platform, a rbac.Actor, w id.Workspace) error {
		_, _, err := p.OpenDeveloper(ctx, a, w, superapp.Open{Name: "Market", Business: market, Admin: member.First{Account: "acc-mo", Name: "Mo"}})
		return err
	},
	workspace.ActionSetStatus: func(ctx context.Context, p *superapp.Platform, a rbac.Actor, w id.Workspace) error {
		err := p.Workspaces.SetStatus(ctx, a, w, workspace.Verified, "")
		if errors.Is(err, workspace.ErrSameStatus) {
			return p.Workspaces.SetStatus(ctx, a, w, workspace.Pending, "")
		}
		return err
	},
	workspace.ActionRequestChange: func(ctx context.Context, p *superapp.Platform, a rbac.Actor, w id.Workspace) error {
		change := moved
		if d, err := p.Workspaces.Get(ctx, a, w); err == nil && d.Kind == workspace.Tenant {
			change = renamed
		}
		_, err := p.Workspaces.RequestChange(ctx, a, w, change, "")
		return err
	},
	workspace.ActionManageSettings: func(ctx context.Context, p *superapp.Platform, a rbac.Actor, w id.Workspace) error {
		_, err := p.Workspaces.SetSettings(ctx, a, w, workspace.Settings{MaxBatch: 1})
		return err
	},
	workspace.ActionRemove: func(ctx context.Context, p *superapp.Platform, a rbac.Actor, w id.Workspace) error {
		return p.RemoveDeveloper(ctx, a, w, "closed")
	},
}

// TestActions: the actions that a workspace shows are those whose verbs succeed,
// for everybody who sees it, in every pair of statuses.
func TestActions(t *testing.T) {
	t.Parallel()
	for _, tenant := range settled {
		for _, merchant := range settled {
			t.Run(fmt.Sprintf("tenant %s, merchant %s", tenant, merchant), func(t *testing.T) {
				t.Parallel()
				k := superapptest.New(t, nil)
				put(t, k, k.Merchant, merchant)
				put(t, k, k.Tenant, tenant)
				for _, actor := range []rbac.Actor{superapptest.System, k.As(rbac.WorkspaceAdmin), k.As(rbac.DeveloperAdmin)} {
					for _, w := range []id.Workspace{k.Tenant, k.Merchant} {
						d, err := k.Workspaces.Get(t.Context(), actor, w)
						if err != nil {
							require.ErrorIs(t, err, workspace.ErrNotFound)
							continue
						}
						var open []workspace.Action
						for action, call := range do {
							if undone(t, k, func(ctx context.Context, p *superapp.Platform) error { return call(ctx, p, actor, w) }) == nil {
								open = append(open, action)
							}
						}
						require.ElementsMatch(t, open, d.Actions, "%s on %s", actor.Name(), d.Kind)
					}
				}
				for _, actor := range []rbac.Actor{superapptest.System, k.As(rbac.WorkspaceAdmin)} {
					d, err := k.Workspaces.Get(t.Context(), actor, k.Merchant)
					require.NoError(t, err)
					rows, err := k.Workspaces.Developers(t.Context(), actor, k.Tenant, page.Request{})
					require.NoError(t, err)
					require.Equal(t, []workspace.Details{d}, rows.Items, "a list shows what the detail page shows")
				}
			})
		}
	}

	t.Run("removal is shown to whoever has the right, guarded or not", func(t *testing.T) {
		t.Parallel()
		k := superapptest.New(t, nil)
		_, err := k.MiniPrograms.UploadVersion(t.Context(), k.As(rbac.Developer), miniprogram.Upload{
			MiniProgram: k.Shop, Number: "1.0.0", Package: miniprogram.Package{Reference: "a.zip", Size: 1, SHA256: [32]byte{1}},
		})
		require.NoError(t, err)
		d, err := k.Workspaces.Get(t.Context(), k.As(rbac.WorkspaceAdmin), k.Merchant)
		require.NoError(t, err)
		require.Contains(t, d.Actions, workspace.ActionRemove)
		require.ErrorIs(t, k.RemoveDeveloper(t.Context(), k.As(rbac.WorkspaceAdmin), k.Merchant, "closed"), workspace.ErrRemovalGuarded)
	})

	t.Run("none on a removed workspace", func(t *testing.T) {
		t.Parallel()
		k := superapptest.New(t, nil)
		require.NoError(t, k.RemoveDeveloper(t.Context(), superapptest.System, k.Merchant, "closed"))
		p, err := k.Workspaces.List(t.Context(), superapptest.System, workspace.Filter{Kind: workspace.Developer}, page.Request{})
		require.NoError(t, err)
		require.Len(t, p.Items, 1)
		require.Empty(t, p.Items[0].Actions)
	})
}
