package superapp_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

const day = 24 * time.Hour

// TestRemovalGuard: refused while now < last upload + period, archived mini
// programs' uploads included, and while a mini program is published (W4).
func TestRemovalGuard(t *testing.T) {
	t.Parallel()
	for _, period := range []time.Duration{30 * day, 90 * time.Minute} {
		t.Run(fmt.Sprint("uploads within ", period), func(t *testing.T) {
			t.Parallel()
			o := superapptest.Options{Platform: superapp.Options{RemovalPeriod: period}}
			if period == 30*day {
				o.Platform.RemovalPeriod = 0 // the default
			}
			testkit.OnStores(t, o, func(t *testing.T, k *superapptest.Kit) {
				old := create(t, k, k.Merchant, "Noodles")
				uploaded := k.Clock.Now().Add(time.Hour)
				for i, p := range []id.MiniProgram{k.Shop, old} {
					k.Clock.Set(uploaded.Add(time.Duration(i-1) * time.Minute)) // the last one goes to Noodles
					_, err := k.MiniPrograms.UploadVersion(t.Context(), superapptest.System, upload(p, "1.0.0"))
					require.NoError(t, err)
				}
				testkit.SetStatus(t, k, old, miniprogram.Archived)
				before := stored(t, k.Store)
				for _, now := range []time.Time{uploaded, uploaded.Add(period - time.Microsecond)} {
					k.Clock.Set(now)
					err := k.RemoveDeveloper(t.Context(), k.As(rbac.WorkspaceAdmin), k.Merchant, "closed")
					var guarded *workspace.RemovalError
					require.ErrorAs(t, err, &guarded)
					require.Equal(t, workspace.RemovalError{
						Activity: workspace.Activity{LastUpload: uploaded, LastUploadTo: "Noodles"}, Until: uploaded.Add(period),
					}, *guarded)
					require.Equal(t, before, stored(t, k.Store))
				}
				k.Clock.Set(uploaded.Add(period))
				require.NoError(t, k.RemoveDeveloper(t.Context(), k.As(rbac.WorkspaceAdmin), k.Merchant, "closed"))
			})
		})
	}

	t.Run("published mini programs", func(t *testing.T) {
		t.Parallel()
		testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
			second, third := create(t, k, k.Merchant, "Noodles"), create(t, k, k.Merchant, "Dumplings")
			testkit.SetStatus(t, k, k.Shop, miniprogram.Published)
			testkit.SetStatus(t, k, second, miniprogram.Published)
			testkit.SetStatus(t, k, third, miniprogram.Offline)
			testkit.SetStatus(t, k, k.App, miniprogram.Published) // the tenant's own is another matter
			err := k.RemoveDeveloper(t.Context(), superapptest.System, k.Merchant, "closed")
			var guarded *workspace.RemovalError
			require.ErrorAs(t, err, &guarded)
			require.Equal(t, workspace.RemovalError{Activity: workspace.Activity{Published: []string{"Coffee Shop", "Noodles"}}}, *guarded)
			require.ErrorIs(t, err, workspace.ErrRemovalGuarded)

			testkit.SetStatus(t, k, k.Shop, miniprogram.Offline)
			testkit.SetStatus(t, k, second, miniprogram.Archived)
			require.NoError(t, k.RemoveDeveloper(t.Context(), superapptest.System, k.Merchant, "closed"))
		})
	})

	t.Run("at most 20 are named", func(t *testing.T) {
		t.Parallel()
		testkit.OnStores(t, superapptest.Options{NoRerun: true}, func(t *testing.T, k *superapptest.Kit) {
			for i := range 21 {
				testkit.SetStatus(t, k, create(t, k, k.Merchant, fmt.Sprint("Noodles ", i)), miniprogram.Published)
			}
			err := k.RemoveDeveloper(t.Context(), superapptest.System, k.Merchant, "closed")
			var guarded *workspace.RemovalError
			require.ErrorAs(t, err, &guarded)
			require.Len(t, guarded.Published, 20)
		})
	})
}

// TestRemoveDeveloper: what removal does to the workspace's mini programs,
// people, invitations and trail (W4).
func TestRemoveDeveloper(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		invited, token := k.Invite(rbac.Developer, "nia")
		expired, oldToken := k.Invite(rbac.Developer, "oli")
		_, err := k.Members.Block(t.Context(), k.As(rbac.DeveloperAdmin), k.Member(rbac.Operator).ID, "")
		require.NoError(t, err)
		offline := create(t, k, k.Merchant, "Noodles")
		testkit.SetStatus(t, k, offline, miniprogram.Offline)
		gone := create(t, k, k.Merchant, "Dumplings")
		testkit.SetStatus(t, k, gone, miniprogram.Archived)
		k.Clock.Advance(4 * day)
		_, fresh, err := k.Members.Resend(t.Context(), k.As(rbac.DeveloperAdmin), invited.ID)
		require.NoError(t, err)

		admin := k.As(rbac.WorkspaceAdmin)
		require.NoError(t, k.RemoveDeveloper(t.Context(), admin.WithRequest("req-9"), k.Merchant, " closed its shop "))

		for _, p := range []id.MiniProgram{k.Shop, offline, gone} {
			_, err = k.MiniPrograms.Get(t.Context(), admin, p)
			require.ErrorIs(t, err, rbac.ErrDenied, "the workspace is removed")
		}
		for i, name := range []string{"Coffee Shop", "Noodles", "Dumplings"} {
			require.NotZero(t, create(t, k, k.Tenant, name), "name %d is free again", i)
		}
		members, err := k.Members.List(t.Context(), superapptest.System, member.Filter{
			Statuses: member.Statuses(), Email: "nia@people.example",
		}, page.Request{})
		require.NoError(t, err)
		require.Equal(t, member.StatusWithdrawn, members.Items[0].Status)
		for _, x := range []struct {
			token member.Token
			want  error
		}{{fresh, member.ErrTokenWithdrawn}, {token, member.ErrTokenWithdrawn}, {oldToken, member.ErrTokenWithdrawn}} {
			_, err := k.Members.Accept(t.Context(), x.token, superapptest.Person("nia"))
			require.ErrorIs(t, err, x.want)
			seen, err := k.Members.Inspect(t.Context(), x.token)
			require.NoError(t, err)
			require.Equal(t, member.TokenWithdrawn, seen.State)
		}
		for _, role := range []rbac.Role{rbac.DeveloperAdmin, rbac.Developer, rbac.Operator} {
			mine, err := k.Members.Mine(t.Context(), k.As(role), page.Request{})
			require.NoError(t, err)
			require.Empty(t, mine.Items)
			for _, on := range []rbac.Object{rbac.OnWorkspace(k.Merchant), rbac.OnMiniProgram(k.Shop)} {
				d, err := k.Access.Explain(t.Context(), k.As(role), rbac.ViewMiniProgram, on)
				require.NoError(t, err)
				require.Equal(t, rbac.NoMembership, d.Reason)
			}
		}
		require.NoError(t, k.Access.Check(t.Context(), k.As(rbac.WorkspaceDeveloper), rbac.UploadVersion, rbac.OnMiniProgram(k.App)), "the tenant goes on")

		events := trail(t, k, admin, k.Merchant)
		tail := events[len(events)-8:]
		ended := map[id.UUID]audit.Verb{
			k.Shop.UUID: miniprogram.EventArchived, offline.UUID: miniprogram.EventArchived,
			k.Member(rbac.DeveloperAdmin).ID.UUID: member.EventDeleted, k.Member(rbac.Developer).ID.UUID: member.EventDeleted,
			k.Member(rbac.Operator).ID.UUID: member.EventDeleted,
			invited.ID.UUID:                 member.EventWithdrawn, expired.ID.UUID: member.EventWithdrawn,
			k.Merchant.UUID: workspace.EventRemoved,
		}
		for _, e := range tail {
			require.Equal(t, ended[e.Object.ID], e.Verb)
			delete(ended, e.Object.ID)
			personal, err := e.DecodePersonal()
			require.NoError(t, err)
			require.Equal(t, "closed its shop", personal.Reason)
			require.Equal(t, string(admin.Account()), personal.Actor)
		}
		require.Empty(t, ended)
		require.Equal(t, workspace.EventRemoved, tail[7].Verb)
		_, err = k.Audit.Verify(t.Context(), admin, k.Merchant)
		require.NoError(t, err)
		_, err = k.Audit.List(t.Context(), k.As(rbac.DeveloperAdmin), audit.Filter{Workspace: k.Merchant}, page.Request{})
		require.ErrorIs(t, err, audit.ErrWorkspace, "the merchant reads it no more")

		for _, actor := range []rbac.Actor{admin, superapptest.System} {
			err := k.RemoveDeveloper(t.Context(), actor, k.Merchant, "again")
			var denied *rbac.DeniedError
			require.ErrorAs(t, err, &denied, "the second time")
			require.Equal(t, rbac.WorkspaceState, denied.Decision.Reason)
		}
		require.Len(t, trail(t, k, admin, k.Merchant), len(events))
	})
}

// trail returns the events of a workspace as an actor reads them.
func trail(t *testing.T, k *superapptest.Kit, actor rbac.Actor, w id.Workspace) (events []audit.Event) {
	t.Helper()
	for e, err := range page.All(t.Context(), k.Audit.List, actor, audit.Filter{Workspace: w}) {
		require.NoError(t, err)
		events = append(events, e)
	}
	return events
}

// TestRemoveMany: more mini programs and people than one page of either.
func TestRemoveMany(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, &superapptest.Options{NoRerun: true, Platform: superapp.Options{Members: &member.Options{MaxBatch: 100}}})
	require.NoError(t, k.Update(t.Context(), func(ctx context.Context, p *superapp.Platform) error {
		for i := range page.MaxSize {
			_, err := p.MiniPrograms.Create(ctx, superapptest.System, miniprogram.Create{
				Workspace: k.Merchant, Type: miniprogram.DSL, Language: "en", Name: fmt.Sprint("Noodles ", i),
			})
			if err != nil {
				return err
			}
		}
		for i := range page.MaxSize / 100 {
			in := member.InviteAll{Workspace: k.Merchant}
			for n := range 100 {
				in.Invitees = append(in.Invitees, member.Invite{Email: fmt.Sprintf("p%d.%d@people.example", i, n), Name: "P", Role: rbac.DeveloperAdmin})
			}
			if _, _, err := p.Members.InviteAll(ctx, superapptest.System, in); err != nil {
				return err
			}
		}
		return nil
	}, k.Merchant))
	require.NoError(t, k.RemoveDeveloper(t.Context(), superapptest.System, k.Merchant, "closed"))
	for p, err := range page.All(t.Context(), k.Members.List, superapptest.System, member.Filter{Statuses: member.Statuses()}) {
		require.NoError(t, err)
		if p.Workspace == k.Merchant {
			require.Contains(t, []member.Status{member.StatusDeleted, member.StatusWithdrawn}, p.Status)
		}
	}
	live, err := k.Workspaces.List(t.Context(), superapptest.System, workspace.Filter{Kind: workspace.Developer}, page.Request{})
	require.NoError(t, err)
	require.Zero(t, live.Items[0].MiniPrograms)
}

// TestRemovalAgainstUpload: of an upload and a removal at once either the upload
// comes first and guards the workspace, or it finds the workspace removed.
func TestRemovalAgainstUpload(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		uploaded := make(chan error)
		go func() {
			_, err := k.MiniPrograms.UploadVersion(t.Context(), superapptest.System, upload(k.Shop, "1.0.0"))
			uploaded <- err
		}()
		removed := k.RemoveDeveloper(t.Context(), superapptest.System, k.Merchant, "closed")
		if err := <-uploaded; err == nil {
			require.ErrorIs(t, removed, workspace.ErrRemovalGuarded)
		} else {
			require.ErrorIs(t, err, rbac.ErrDenied)
			require.NoError(t, removed)
		}
	})
}

func TestRemoveDeveloperRefuses(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	before := stored(t, k.Store)
	for _, tt := range []struct {
		name  string
		actor rbac.Actor
		w     id.Workspace
		err   error
	}{
		{"a tenant workspace", k.As(rbac.WorkspaceAdmin), k.Tenant, workspace.ErrNotDeveloper},
		{"a tenant workspace, as the operator", superapptest.System, k.Tenant, workspace.ErrNotDeveloper},
		{"the merchant's own admin", k.As(rbac.DeveloperAdmin), k.Merchant, rbac.ErrDenied},
		{"a reviewer", k.As(rbac.WorkspaceReviewer), k.Merchant, rbac.ErrDenied},
		{"a stranger", rbac.User("acc-nobody"), k.Merchant, workspace.ErrNotFound},
		{"an unknown workspace", superapptest.System, nowhere, workspace.ErrNotFound},
		{"no workspace", superapptest.System, id.Workspace{}, workspace.ErrNotFound},
		{"nobody", rbac.User(""), k.Merchant, id.ErrAccount},
	} {
		require.ErrorIs(t, k.RemoveDeveloper(t.Context(), tt.actor, tt.w, "closed"), tt.err, "%s", tt.name)
	}
	for reason, text := range map[string]string{
		"required": "", "too_long": strings.Repeat("x", workspace.MaxReason+1), "malformed": "a\nb",
	} {
		err := k.RemoveDeveloper(t.Context(), k.As(rbac.WorkspaceAdmin), k.Merchant, text)
		var invalid *fault.InvalidError
		require.ErrorAs(t, err, &invalid)
		require.Equal(t, "reason", invalid.Problems[0].Field)
		require.Equal(t, reason, invalid.Problems[0].Reason)
	}
	require.Equal(t, before, stored(t, k.Store))
}
