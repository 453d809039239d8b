package workspace_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

var (
	moved   = workspace.Change{Name: "Corner Coffee", Business: workspace.Business{Company: "Corner Coffee Ltd", Address: "5 New Road", Scope: "coffee, tea", Email: "office@coffee.example"}}
	renamed = workspace.Change{Name: "Riverside Wallet", Business: wallet}
)

// TestRequestChange: the operator decides, and approval applies exactly what was
// submitted (W2).
func TestRequestChange(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		ctx := t.Context()
		for _, tt := range []struct {
			w      id.Workspace
			by     rbac.Role
			change workspace.Change
		}{{k.Merchant, rbac.DeveloperAdmin, moved}, {k.Tenant, rbac.WorkspaceAdmin, renamed}} {
			before, err := k.Workspaces.Get(ctx, superapptest.System, tt.w)
			require.NoError(t, err)
			given := tt.change
			given.Name, given.Business.Email = "  "+given.Name+" ", strings.ToUpper(given.Business.Email)
			r, err := k.Workspaces.RequestChange(ctx, k.As(tt.by), tt.w, given, "we moved")
			require.NoError(t, err)
			require.Equal(t, approval.InReview, r.Status)
			require.Equal(t, k.As(tt.by).Account(), r.Submitter)
			d, err := k.Approvals.Get(ctx, k.As(tt.by), r.ID)
			require.NoError(t, err)
			r.Frozen = d.Frozen // a store may space JSON otherwise
			require.Equal(t, r, d.Request)
			var frozen workspace.Change
			require.NoError(t, json.Unmarshal(d.Frozen, &frozen))
			require.Equal(t, tt.change, frozen, "what is reviewed is what will be stored")

			_, err = k.Workspaces.RequestChange(ctx, superapptest.System, tt.w, tt.change, "")
			require.ErrorIs(t, err, approval.ErrOpen, "one at a time")
			_, err = k.Approvals.Decide(ctx, k.As(rbac.WorkspaceAdmin), r.ID, approval.Decision{Approve: true})
			require.ErrorIs(t, err, unit.ErrOperatorOnly)
			same, err := k.Workspaces.Get(ctx, superapptest.System, tt.w)
			require.NoError(t, err)
			require.Equal(t, before, same, "nothing holds before it is approved")

			k.Clock.Advance(hour)
			_, err = k.Approvals.Decide(ctx, superapptest.System, r.ID, approval.Decision{Approve: true})
			require.NoError(t, err)
			want := before
			want.Name, want.Business, want.UpdatedAt = tt.change.Name, tt.change.Business, k.Clock.Now()
			after, err := k.Workspaces.Get(ctx, superapptest.System, tt.w)
			require.NoError(t, err)
			require.Equal(t, want, after)
		}
	})
}

// TestChangeNotApproved: a rejected or withdrawn change leaves the workspace as it
// is, and makes room for another.
func TestChangeNotApproved(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	before, err := k.Workspaces.Get(t.Context(), superapptest.System, k.Merchant)
	require.NoError(t, err)
	for _, end := range []func(id.Request) error{
		func(r id.Request) error {
			_, err := k.Approvals.Decide(t.Context(), superapptest.System, r, approval.Decision{Reason: "no such street"})
			return err
		},
		func(r id.Request) error {
			_, err := k.Approvals.Withdraw(t.Context(), k.As(rbac.DeveloperAdmin), r, "")
			return err
		},
	} {
		r, err := k.Workspaces.RequestChange(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant, moved, "")
		require.NoError(t, err)
		require.NoError(t, end(r.ID))
		after, err := k.Workspaces.Get(t.Context(), superapptest.System, k.Merchant)
		require.NoError(t, err)
		require.Equal(t, before, after)
	}
}

// TestChangeInput: what is asked for obeys the rules of the kind of workspace, all
// faults at once.
func TestChangeInput(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	for name, tt := range map[string]struct {
		w      id.Workspace
		change workspace.Change
		reason string
		fields []string
	}{
		"nothing": {k.Merchant, workspace.Change{}, strings.Repeat("x", approval.MaxReason+1), []string{
			"name", "business.address", "business.scope", "business.email", "business.company", "reason"}},
		"a tenant's in a merchant's": {k.Merchant, renamed, "", []string{"business.company", "business.representative"}},
		"a merchant's in a tenant's": {k.Tenant, moved, "", []string{"business.representative", "business.company"}},
		"too long":                   {k.Tenant, workspace.Change{Name: strings.Repeat("x", workspace.MaxName+1), Business: wallet}, "", []string{"name"}},
	} {
		_, err := k.Workspaces.RequestChange(t.Context(), superapptest.System, tt.w, tt.change, tt.reason)
		invalid, ok := errors.AsType[*fault.InvalidError](err)
		require.True(t, ok, "%s: err = %v", name, err)
		var fields []string
		for _, p := range invalid.Problems {
			fields = append(fields, p.Field)
		}
		require.ElementsMatch(t, tt.fields, fields, name)
	}
}

// TestWhoRequestsChange: the workspace's own admins, in every status but disabled
// and removed (W1, W6).
func TestWhoRequestsChange(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	_, foreign := otherTenant(t, k)
	for _, tt := range []struct {
		by   rbac.Actor
		want error
	}{
		{k.As(rbac.Developer), rbac.ErrDenied}, {k.As(rbac.WorkspaceAdmin), rbac.ErrDenied},
		{foreign, workspace.ErrNotFound}, {rbac.User("acc-stranger"), workspace.ErrNotFound}, {rbac.Actor{}, id.ErrAccount},
	} {
		_, err := k.Workspaces.RequestChange(t.Context(), tt.by, k.Merchant, moved, "")
		require.ErrorIs(t, err, tt.want)
	}
	for _, status := range settled {
		k := superapptest.New(t, nil)
		put(t, k, k.Merchant, status)
		_, err := k.Workspaces.RequestChange(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant, moved, "")
		if status == workspace.Disabled {
			require.ErrorIs(t, err, rbac.ErrDenied)
		} else {
			require.NoError(t, err, status)
		}
	}
	require.NoError(t, k.RemoveDeveloper(t.Context(), superapptest.System, k.Merchant, "closed"))
	_, err := k.Workspaces.RequestChange(t.Context(), superapptest.System, k.Merchant, moved, "")
	require.ErrorIs(t, err, rbac.ErrDenied)
}

// TestRemovalWithdraws: what a removed workspace had asked for is withdrawn (W4).
func TestRemovalWithdraws(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		r, err := k.Workspaces.RequestChange(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant, moved, "")
		require.NoError(t, err)
		above, err := k.Workspaces.RequestChange(t.Context(), k.As(rbac.WorkspaceAdmin), k.Tenant, renamed, "")
		require.NoError(t, err)
		require.NoError(t, k.RemoveDeveloper(t.Context(), k.As(rbac.WorkspaceAdmin), k.Merchant, "closed"))
		_, err = k.Approvals.Decide(t.Context(), superapptest.System, r.ID, approval.Decision{Approve: true})
		state, ok := errors.AsType[*approval.StateError](err)
		require.True(t, ok, "err = %v", err)
		require.Equal(t, approval.Withdrawn, state.Status)
		_, err = k.Approvals.Decide(t.Context(), superapptest.System, above.ID, approval.Decision{Approve: true})
		require.NoError(t, err, "the tenant's is still there")
	})
}
