package miniprogram_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// widened lets mini program developers manage teams.
func widened(t *testing.T) *superapptest.Options {
	t.Helper()
	m, err := rbac.BuiltIn().With(rbac.Edits{Cells: []rbac.Cell{{Role: rbac.MiniProgramDeveloper, Permission: rbac.ManageTeam, Scope: rbac.Assigned}}})
	require.NoError(t, err)
	return &superapptest.Options{Platform: superapp.Options{Matrix: m}}
}

// TestPage: each tab for those who may see it (P4).
func TestPage(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		admin, s := k.As(rbac.DeveloperAdmin), k.MiniPrograms
		_, err := s.UploadVersion(t.Context(), admin, upload(k.Shop, "1.0.0"))
		require.NoError(t, err)
		g, err := s.Configure(t.Context(), admin, k.Shop, miniprogram.Configuration{ClientID: "c-1"})
		require.NoError(t, err)
		asked, err := s.RequestRemoval(t.Context(), admin, k.Shop, "closing down")
		require.NoError(t, err)
		const (
			information, versions, teamTab, features = miniprogram.TabInformation, miniprogram.TabVersions, miniprogram.TabTeam, miniprogram.TabFeatures
			codes, configuration, requests           = miniprogram.TabQRCodes, miniprogram.TabConfiguration, miniprogram.TabRequests
		)
		for _, tt := range []struct {
			actor rbac.Actor
			tabs  []miniprogram.Tab
		}{
			{superapptest.System, []miniprogram.Tab{information, versions, teamTab, features, codes, configuration, requests}},
			{admin, []miniprogram.Tab{information, versions, teamTab, features, codes, configuration, requests}},
			{k.As(rbac.WorkspaceAdmin), []miniprogram.Tab{information, versions, teamTab, features, codes, configuration, requests}},
			{k.As(rbac.Developer), []miniprogram.Tab{information, versions, teamTab, features}},
			{k.As(rbac.Operator), []miniprogram.Tab{information, versions, teamTab, features}},
		} {
			p, err := s.Page(t.Context(), tt.actor, k.Shop)
			require.NoError(t, err)
			require.Equal(t, tt.tabs, p.Tabs, "%s", tt.actor.Name())
			require.Len(t, p.Versions.Items, 1)
			require.Len(t, p.Team.Items, 2)
			require.Equal(t, "Coffee Shop", p.Best.Name)
			require.NotEmpty(t, p.Missing)
			if !slices.Contains(tt.tabs, configuration) {
				require.Zero(t, p.Profile.Configuration)
				require.Empty(t, p.Requests)
				continue
			}
			require.Equal(t, g, p.Profile.Configuration)
			require.Len(t, p.Requests, 1)
			require.Equal(t, asked.ID, p.Requests[0].ID)
			require.Nil(t, p.Requests[0].Frozen)
		}
		_, err = s.Page(t.Context(), k.As(rbac.WorkspaceReviewer), k.Shop)
		require.ErrorIs(t, err, rbac.ErrDenied)
		_, err = s.Page(t.Context(), rbac.User("acc-nobody"), k.Shop)
		require.ErrorIs(t, err, miniprogram.ErrNotFound)
	})
}

// tries says for each action a verb that it stands for.
var tries = map[miniprogram.Action]func(ctx context.Context, p *superapp.Platform, by rbac.Actor, of id.MiniProgram, now time.Time) error{
	miniprogram.ActionView: func(ctx context.Context, p *superapp.Platform, by rbac.Actor, of id.MiniProgram, _ time.Time) error {
		_, err := p.MiniPrograms.Get(ctx, by, of)
		return err
	},
	miniprogram.ActionEdit: func(ctx context.Context, p *superapp.Platform, by rbac.Actor, of id.MiniProgram, _ time.Time) error {
		_, err := p.MiniPrograms.SetInformation(ctx, by, of, miniprogram.Information{Language: "fr", Name: "Le café"})
		return err
	},
	miniprogram.ActionViewVersions: func(ctx context.Context, p *superapp.Platform, by rbac.Actor, of id.MiniProgram, _ time.Time) error {
		_, err := p.MiniPrograms.Versions(ctx, by, miniprogram.VersionFilter{MiniProgram: of}, page.Request{})
		return err
	},
	miniprogram.ActionUpload: func(ctx context.Context, p *superapp.Platform, by rbac.Actor, of id.MiniProgram, _ time.Time) error {
		_, err := p.MiniPrograms.UploadVersion(ctx, by, upload(of, "9.0.0"))
		return err
	},
	miniprogram.ActionViewTeam: func(ctx context.Context, p *superapp.Platform, by rbac.Actor, of id.MiniProgram, _ time.Time) error {
		_, err := p.MiniPrograms.Team(ctx, by, of, page.Request{})
		return err
	},
	miniprogram.ActionManageTeam: func(ctx context.Context, p *superapp.Platform, by rbac.Actor, of id.MiniProgram, _ time.Time) error {
		eligible, err := p.MiniPrograms.Eligible(ctx, superapptest.System, of, page.Request{})
		if err != nil {
			return err
		}
		i := slices.IndexFunc(eligible.Items, func(m miniprogram.TeamMember) bool { return m.Role == rbac.MiniProgramDeveloper })
		return p.MiniPrograms.RemoveTeam(ctx, by, of, eligible.Items[i].Member)
	},
	miniprogram.ActionViewFeatures: func(ctx context.Context, p *superapp.Platform, by rbac.Actor, of id.MiniProgram, _ time.Time) error {
		_, err := p.MiniPrograms.Features(ctx, by, of)
		return err
	},
	miniprogram.ActionAttachFeature: func(ctx context.Context, p *superapp.Platform, by rbac.Actor, of id.MiniProgram, _ time.Time) error {
		_, err := p.MiniPrograms.AttachFeature(ctx, by, of, id.Feature{UUID: id.UUID{15: 9}}, "")
		if fault.CodeOf(err) == "feature.not_found" {
			return nil // it got that far
		}
		return err
	},
	miniprogram.ActionViewQRCodes: func(ctx context.Context, p *superapp.Platform, by rbac.Actor, of id.MiniProgram, _ time.Time) error {
		_, err := p.QRCodes.List(ctx, by, qrcode.Filter{MiniProgram: of}, page.Request{})
		return err
	},
	miniprogram.ActionDefineQRCode: func(ctx context.Context, p *superapp.Platform, by rbac.Actor, of id.MiniProgram, _ time.Time) error {
		_, err := p.QRCodes.Define(ctx, by, qrcode.Define{MiniProgram: of, Name: "Table 1"})
		return err
	},
	miniprogram.ActionViewConfiguration: func(ctx context.Context, p *superapp.Platform, by rbac.Actor, of id.MiniProgram, _ time.Time) error {
		_, err := p.MiniPrograms.Configuration(ctx, by, of)
		return err
	},
	miniprogram.ActionConfigure: func(ctx context.Context, p *superapp.Platform, by rbac.Actor, of id.MiniProgram, _ time.Time) error {
		_, err := p.MiniPrograms.Configure(ctx, by, of, miniprogram.Configuration{ClientID: "c-9"})
		return err
	},
	miniprogram.ActionTakeOffline: func(ctx context.Context, p *superapp.Platform, by rbac.Actor, of id.MiniProgram, _ time.Time) error {
		_, err := p.MiniPrograms.TakeOffline(ctx, by, of, "broken")
		return err
	},
	miniprogram.ActionBringBack: func(ctx context.Context, p *superapp.Platform, by rbac.Actor, of id.MiniProgram, _ time.Time) error {
		_, err := p.MiniPrograms.BringBack(ctx, by, of)
		return err
	},
	miniprogram.ActionRequestRemoval: func(ctx context.Context, p *superapp.Platform, by rbac.Actor, of id.MiniProgram, _ time.Time) error {
		_, err := p.MiniPrograms.RequestRemoval(ctx, by, of, "closing down")
		return err
	},
	miniprogram.ActionRemove: func(ctx context.Context, p *superapp.Platform, by rbac.Actor, of id.MiniProgram, _ time.Time) error {
		_, err := p.MiniPrograms.Remove(ctx, by, of, "")
		return err
	},
	miniprogram.ActionForceRemove: func(ctx context.Context, p *superapp.Platform, by rbac.Actor, of id.MiniProgram, _ time.Time) error {
		_, err := p.MiniPrograms.ForceRemove(ctx, by, of, "fraud")
		return err
	},
	miniprogram.ActionWarn: func(ctx context.Context, p *superapp.Platform, by rbac.Actor, of id.MiniProgram, _ time.Time) error {
		return p.MiniPrograms.Warn(ctx, by, of, "spam")
	},
	miniprogram.ActionRectify: func(ctx context.Context, p *superapp.Platform, by rbac.Actor, of id.MiniProgram, now time.Time) error {
		return p.MiniPrograms.RequireRectification(ctx, by, of, "spam", now.Add(time.Hour))
	},
}

// TestActionsAreVerbs: an action is open on the page exactly if its verb is not
// refused, for everybody, in every state (P4).
func TestActionsAreVerbs(t *testing.T) {
	t.Parallel()
	undo := errors.New("undone")
	for name, arrange := range map[string]func(t *testing.T, k *superapptest.Kit){
		"in development": func(*testing.T, *superapptest.Kit) {},
		"published": func(t *testing.T, k *superapptest.Kit) {
			testkit.SetStatus(t, k, k.Shop, miniprogram.Published)
		},
		"offline": func(t *testing.T, k *superapptest.Kit) {
			testkit.SetStatus(t, k, k.Shop, miniprogram.Offline)
		},
		"archived": func(t *testing.T, k *superapptest.Kit) {
			testkit.SetStatus(t, k, k.Shop, miniprogram.Archived)
		},
		"its removal is asked for": func(t *testing.T, k *superapptest.Kit) {
			_, err := k.MiniPrograms.RequestRemoval(t.Context(), k.As(rbac.DeveloperAdmin), k.Shop, "closing down")
			require.NoError(t, err)
		},
		"in a disabled workspace": func(t *testing.T, k *superapptest.Kit) {
			require.NoError(t, k.Workspaces.SetStatus(t.Context(), superapptest.System, k.Merchant, workspace.Disabled, "unpaid"))
		},
		"in a tenant that is not verified": func(t *testing.T, k *superapptest.Kit) {
			require.NoError(t, k.Workspaces.SetStatus(t.Context(), superapptest.System, k.Tenant, workspace.Pending, "again"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := superapptest.New(t, &superapptest.Options{NoRerun: true})
			k.Join(rbac.Developer, "zoe") // somebody to remove
			arrange(t, k)
			open := 0
			actors := []rbac.Actor{superapptest.System}
			for _, info := range rbac.Roles() {
				actors = append(actors, k.As(info.Role))
			}
			for _, by := range actors {
				p, err := k.MiniPrograms.Page(t.Context(), by, k.Shop)
				if err != nil {
					continue
				}
				open += len(p.Actions)
				for action, try := range tries {
					var refused error
					err := k.Update(t.Context(), func(ctx context.Context, inside *superapp.Platform) error {
						refused = try(ctx, inside, by, k.Shop, k.Clock.Now())
						return undo
					})
					require.ErrorIs(t, err, undo)
					require.Equal(t, refused == nil, slices.Contains(p.Actions, action), "%s: %s says %v", by.Name(), action, refused)
				}
			}
			require.NotZero(t, open)
		})
	}
}

// TestListHasItsShareOfThePage: a list shows the actions of the page but for those
// that depend on more than the mini program.
func TestListHasItsShareOfThePage(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	for _, by := range []rbac.Actor{superapptest.System, k.As(rbac.DeveloperAdmin), k.As(rbac.Developer)} {
		d, err := k.MiniPrograms.Get(t.Context(), by, k.Shop)
		require.NoError(t, err)
		p, err := k.MiniPrograms.Page(t.Context(), by, k.Shop)
		require.NoError(t, err)
		require.Subset(t, p.Actions, d.Actions)
	}
}
