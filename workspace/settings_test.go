package workspace_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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

const (
	hour = time.Hour
	day  = 24 * hour
)

var defaults = workspace.Settings{Validity: 3 * day, MaxBatch: 10, Recipient: "invited_email", RemovalPeriod: 30 * day, Security: security}

// security is what holds of passwords where nothing is set.
var security = workspace.Security{MinLength: 12, Classes: 1, Failures: 5, Lock: 15 * time.Minute, ResetValidity: day}

// TestEffective: a workspace's own, else its tenant's, else the default; but never
// laxer than the tenant allows (W8).
func TestEffective(t *testing.T) {
	t.Parallel()
	full := workspace.Settings{Validity: 2 * day, MaxBatch: 5, Recipient: "unsafe_any_verified_email", RemovalPeriod: 60 * day, OwnDecision: true,
		Security: workspace.Security{MinLength: 16, Classes: 2, Failures: 10, Lock: hour, MaxAge: 90 * day, ResetValidity: 2 * day}}
	for name, tt := range map[string]struct{ own, tenant, want workspace.Settings }{
		"nothing is set":      {workspace.Settings{}, workspace.Settings{}, defaults},
		"the tenant sets":     {workspace.Settings{}, full, full},
		"both are a tenant's": {full, full, full},
		"stricter than the tenant": {
			workspace.Settings{Validity: hour, MaxBatch: 1, Recipient: "invited_email", RemovalPeriod: 90 * day}, full,
			workspace.Settings{Validity: hour, MaxBatch: 1, Recipient: "invited_email", RemovalPeriod: 60 * day, OwnDecision: true, Security: full.Security},
		},
		"laxer than the tenant": {
			workspace.Settings{Validity: 3 * day, MaxBatch: 6, Recipient: "unsafe_any_account", RemovalPeriod: day}, full, full,
		},
		"laxer than the default": {
			workspace.Settings{Validity: 4 * day, MaxBatch: 11, Recipient: "unsafe_any_account", RemovalPeriod: day, OwnDecision: true}, workspace.Settings{}, defaults,
		},
		"stricter than the default, under a laxer tenant": {
			workspace.Settings{Validity: hour}, workspace.Settings{Validity: 90 * day, MaxBatch: 100},
			workspace.Settings{Validity: hour, MaxBatch: 100, Recipient: "invited_email", RemovalPeriod: 30 * day, Security: security},
		},
	} {
		require.Equal(t, tt.want, workspace.Effective(tt.own, tt.tenant, defaults), name)
	}
}

// TestSetSettings: what is set is stored and told with before and after, and holds.
func TestSetSettings(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		tenants := workspace.Settings{Validity: 2 * day, MaxBatch: 5, Recipient: "unsafe_any_verified_email", RemovalPeriod: 60 * day, OwnDecision: true}
		c, err := k.Workspaces.SetSettings(t.Context(), k.As(rbac.WorkspaceAdmin), k.Tenant, tenants)
		require.NoError(t, err)
		holds := tenants
		holds.Security = security
		require.Equal(t, workspace.Configuration{Own: tenants, Tenant: tenants, Effective: holds}, c)

		own := workspace.Settings{Validity: day}
		c, err = k.Workspaces.SetSettings(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant, own)
		require.NoError(t, err)
		want := holds
		want.Validity = day
		require.Equal(t, workspace.Configuration{Own: own, Tenant: tenants, Effective: want}, c)
		got, err := k.Workspaces.Settings(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant)
		require.NoError(t, err)
		require.Equal(t, c, got)

		_, err = k.Workspaces.SetSettings(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant, own)
		require.NoError(t, err, "the second time")
		_, err = k.Workspaces.SetSettings(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant, workspace.Settings{})
		require.NoError(t, err)
		var changes []audit.Data
		all, err := k.Audit.List(t.Context(), superapptest.System, audit.Filter{Workspace: k.Merchant}, page.Request{Size: page.MaxSize})
		require.NoError(t, err)
		for _, e := range all.Items {
			if e.Verb == workspace.EventSettingsSet {
				d, err := e.DecodeData()
				require.NoError(t, err)
				changes = append(changes, d)
			}
		}
		day, err := json.Marshal(own)
		require.NoError(t, err)
		require.Equal(t, []audit.Data{{Before: []byte("{}"), After: day}, {Before: day, After: []byte("{}")}}, changes)

		// A tenant that becomes stricter is so at once; what was set comes back.
		_, err = k.Workspaces.SetSettings(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant, own)
		require.NoError(t, err)
		for _, v := range []time.Duration{hour, 2 * 24 * hour} {
			_, err = k.Workspaces.SetSettings(t.Context(), k.As(rbac.WorkspaceAdmin), k.Tenant, workspace.Settings{Validity: v})
			require.NoError(t, err)
			got, err = k.Workspaces.Settings(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant)
			require.NoError(t, err)
			require.Equal(t, min(v, own.Validity), got.Effective.Validity)
			require.Equal(t, own, got.Own)
		}
	})
}

// TestSettingsBounds: every field at, below and over its limits.
func TestSettingsBounds(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	tenant, merchant := k.Tenant, k.Merchant
	for _, tt := range []struct {
		w     id.Workspace
		set   workspace.Settings
		field string
	}{
		{tenant, workspace.Settings{Validity: workspace.MinValidity}, ""},
		{tenant, workspace.Settings{Validity: workspace.MinValidity - time.Second}, "validity"},
		{tenant, workspace.Settings{Validity: workspace.MaxValidity}, ""},
		{tenant, workspace.Settings{Validity: workspace.MaxValidity + time.Second}, "validity"},
		{tenant, workspace.Settings{Validity: -hour}, "validity"},
		{tenant, workspace.Settings{Validity: hour + 1}, "validity"},
		{tenant, workspace.Settings{MaxBatch: 1}, ""},
		{tenant, workspace.Settings{MaxBatch: workspace.MaxBatch}, ""},
		{tenant, workspace.Settings{MaxBatch: workspace.MaxBatch + 1}, "max_batch"},
		{tenant, workspace.Settings{MaxBatch: -1}, "max_batch"},
		{tenant, workspace.Settings{Recipient: "unsafe_any_account"}, ""},
		{tenant, workspace.Settings{Recipient: "everybody"}, "recipient"},
		{tenant, workspace.Settings{RemovalPeriod: time.Second}, ""},
		{tenant, workspace.Settings{RemovalPeriod: workspace.MaxRemovalPeriod}, ""},
		{tenant, workspace.Settings{RemovalPeriod: workspace.MaxRemovalPeriod + time.Second}, "removal_period"},
		{tenant, workspace.Settings{RemovalPeriod: -time.Second}, "removal_period"},
		{tenant, workspace.Settings{RemovalPeriod: time.Millisecond}, "removal_period"},
		// A merchant's, with nothing set at the tenant: the defaults bound it.
		{merchant, workspace.Settings{Validity: 3 * day}, ""},
		{merchant, workspace.Settings{Validity: 3*day + time.Second}, "validity"},
		{merchant, workspace.Settings{MaxBatch: 10}, ""},
		{merchant, workspace.Settings{MaxBatch: 11}, "max_batch"},
		{merchant, workspace.Settings{Recipient: "invited_email"}, ""},
		{merchant, workspace.Settings{Recipient: "unsafe_any_verified_email"}, "recipient"},
		{merchant, workspace.Settings{RemovalPeriod: 30 * day}, "removal_period"},
		{merchant, workspace.Settings{OwnDecision: true}, "own_decision"},
	} {
		t.Run(fmt.Sprintf("%+v", tt.set), func(t *testing.T) {
			err := undone(t, k, func(ctx context.Context, p *superapp.Platform) error {
				_, err := p.Workspaces.SetSettings(ctx, superapptest.System, tt.w, tt.set)
				return err
			})
			if tt.field == "" {
				require.NoError(t, err)
				return
			}
			invalid, ok := errors.AsType[*fault.InvalidError](err)
			require.True(t, ok, "err = %v", err)
			require.Len(t, invalid.Problems, 1)
			require.Equal(t, tt.field, invalid.Problems[0].Field)
		})
	}

	t.Run("all at once", func(t *testing.T) {
		for w, n := range map[id.Workspace]int{tenant: 4, merchant: 4} {
			_, err := k.Workspaces.SetSettings(t.Context(), superapptest.System, w,
				workspace.Settings{Validity: 1000 * day, MaxBatch: 1000, Recipient: "x", RemovalPeriod: -1 * time.Second})
			invalid, ok := errors.AsType[*fault.InvalidError](err)
			require.True(t, ok, "err = %v", err)
			require.Len(t, invalid.Problems, n)
		}
	})
}

// TestWhoSets: the admins of the workspace itself, and the operator.
func TestWhoSets(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	_, foreign := otherTenant(t, k)
	for _, tt := range []struct {
		by   rbac.Actor
		w    id.Workspace
		want error
	}{
		{superapptest.System, k.Merchant, nil},
		{k.As(rbac.DeveloperAdmin), k.Merchant, nil},
		{k.As(rbac.WorkspaceAdmin), k.Tenant, nil},
		{k.As(rbac.WorkspaceAdmin), k.Merchant, rbac.ErrDenied},
		{k.As(rbac.DeveloperAdmin), k.Tenant, workspace.ErrNotFound},
		{k.As(rbac.Developer), k.Merchant, rbac.ErrDenied},
		{k.As(rbac.WorkspaceReviewer), k.Tenant, rbac.ErrDenied},
		{foreign, k.Tenant, workspace.ErrNotFound},
		{foreign, k.Merchant, workspace.ErrNotFound},
		{superapptest.System, nobody, workspace.ErrNotFound},
	} {
		_, err := k.Workspaces.Settings(t.Context(), tt.by, tt.w)
		require.ErrorIs(t, err, tt.want)
		_, err = k.Workspaces.SetSettings(t.Context(), tt.by, tt.w, workspace.Settings{MaxBatch: 9})
		require.ErrorIs(t, err, tt.want)
	}
	put(t, k, k.Merchant, workspace.Disabled)
	for _, by := range []rbac.Actor{k.As(rbac.DeveloperAdmin), superapptest.System} {
		_, err := k.Workspaces.SetSettings(t.Context(), by, k.Merchant, workspace.Settings{})
		require.ErrorIs(t, err, rbac.ErrDenied)
	}
}

// TestSettingsHold: invitations, acceptance and removal go by what holds in the
// workspace (W8).
func TestSettingsHold(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		ctx := t.Context()
		set := func(w id.Workspace, s workspace.Settings) {
			t.Helper()
			_, err := k.Workspaces.SetSettings(ctx, superapptest.System, w, s)
			require.NoError(t, err)
		}
		set(k.Tenant, workspace.Settings{Validity: 2 * hour, MaxBatch: 2, Recipient: "unsafe_any_account", RemovalPeriod: 4 * hour})
		set(k.Merchant, workspace.Settings{Validity: hour})
		valid := func(m member.Member) time.Duration { return m.Invitation.ExpiresAt.Sub(m.Invitation.SentAt) }

		m, _ := k.Invite(rbac.Operator, "dee")
		require.Equal(t, hour, valid(m))
		m, token, err := k.Members.Resend(ctx, k.As(rbac.DeveloperAdmin), m.ID)
		require.NoError(t, err)
		require.Equal(t, hour, valid(m))
		_, err = k.Members.Accept(ctx, token, member.Account{ID: "acc-somebody"})
		require.NoError(t, err, "any account may")
		above, _ := k.Invite(rbac.WorkspaceReviewer, "dee")
		require.Equal(t, 2*hour, valid(above))

		invite := func(n int) error {
			var in []member.Invite
			for i := range n {
				in = append(in, member.Invite{Email: fmt.Sprint("x", i, "@people.example"), Name: "X", Role: rbac.DeveloperAdmin})
			}
			_, _, err := k.Members.InviteAll(ctx, k.As(rbac.DeveloperAdmin), member.InviteAll{Workspace: k.Merchant, Invitees: in})
			return err
		}
		require.ErrorIs(t, invite(3), member.ErrBatchSize)
		require.NoError(t, invite(2))

		// The first admin of a new workspace is invited as its tenant allows.
		o, _, err := k.OpenDeveloper(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, superapp.Open{
			Name: "Market", Business: market, Admin: member.First{Email: "mo@market.example", Name: "Mo"},
		})
		require.NoError(t, err)
		require.Equal(t, 2*hour, valid(o.Admin))
		first, _, err := k.Members.SetFirstAdmin(ctx, superapptest.System, o.Workspace.ID, member.First{Email: "moe@market.example", Name: "Moe"})
		require.NoError(t, err)
		require.Equal(t, 2*hour, valid(first))

		set(k.Merchant, workspace.Settings{Recipient: "invited_email"})
		_, token = k.Invite(rbac.Operator, "eve")
		_, err = k.Members.Accept(ctx, token, member.Account{ID: "acc-another"})
		require.ErrorIs(t, err, member.ErrEmailNotVerified)
		_, err = k.MiniPrograms.UploadVersion(ctx, k.As(rbac.Developer), miniprogram.Upload{
			MiniProgram: k.Shop, Number: "1.0.0", Package: miniprogram.Package{Reference: "a.zip", Size: 1, SHA256: [32]byte{1}},
		})
		require.NoError(t, err)
		for i := range 4 {
			err := k.RemoveDeveloper(ctx, k.As(rbac.WorkspaceAdmin), k.Merchant, "closed")
			guard, ok := errors.AsType[*workspace.RemovalError](err)
			require.True(t, ok, "err = %v, after %d hours", err, i)
			require.Equal(t, superapptest.Start.Add(4*hour), guard.Until)
			k.Clock.Advance(hour)
		}
		require.NoError(t, k.RemoveDeveloper(ctx, k.As(rbac.WorkspaceAdmin), k.Merchant, "closed"))
	})
}
