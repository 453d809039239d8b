package superapp_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

var mo = rbac.User("acc-mo")

// TestApply: whoever applies and is approved has a workspace, and is its admin (W7).
func TestApply(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		ctx := t.Context()
		given := nightMarket
		given.Name, given.Email, given.Applicant = " Night Market ", "MO@market.example", " Mo "
		r, err := k.Apply(ctx, mo, k.Tenant, given, "we sell noodles")
		require.NoError(t, err)
		require.Equal(t, approval.Request{
			ID: r.ID, Kind: approval.DeveloperWorkspace, Status: approval.InReview, Workspace: k.Tenant, Tenant: k.Tenant,
			Object: rbac.OnWorkspace(k.Tenant), Submitter: mo.Account(), Reason: "we sell noodles",
			Frozen: r.Frozen, Digest: r.Digest, SubmittedAt: k.Clock.Now(),
		}, r)
		for _, by := range []rbac.Actor{mo, k.As(rbac.WorkspaceReviewer)} {
			d, err := k.Approvals.Get(ctx, by, r.ID)
			require.NoError(t, err)
			var frozen superapp.Application
			require.NoError(t, json.Unmarshal(d.Frozen, &frozen))
			require.Equal(t, nightMarket, frozen, "what is reviewed is what will be stored")
		}
		none, err := k.Members.Mine(ctx, mo, page.Request{})
		require.NoError(t, err)
		require.Empty(t, none.Items, "nothing holds before it is approved")

		k.Clock.Advance(1)
		_, err = k.Approvals.Decide(ctx, k.As(rbac.WorkspaceReviewer), r.ID, approval.Decision{Approve: true})
		require.NoError(t, err)
		mine, err := k.Members.Mine(ctx, mo, page.Request{})
		require.NoError(t, err)
		require.Len(t, mine.Items, 1)
		m := mine.Items[0]
		require.Equal(t, rbac.DeveloperAdmin, m.Role)
		require.Equal(t, member.StatusActive, m.Status)
		require.Equal(t, "Mo", m.Name)
		require.Empty(t, m.Email, "nobody has verified it")
		d, err := k.Workspaces.Get(ctx, mo, m.Workspace)
		require.NoError(t, err)
		require.Equal(t, workspace.Workspace{
			ID: m.Workspace, Tenant: k.Tenant, Kind: workspace.Developer, Name: "Night Market", Status: workspace.Verified, Business: business,
			CreatedAt: k.Clock.Now(), UpdatedAt: k.Clock.Now(),
		}, d.Workspace)
		verifyAll(t, k)

		_, err = k.Apply(ctx, mo, k.Tenant, nightMarket, "")
		require.NoError(t, err, "who has one may apply for another")
	})
}

// TestApplyAgain: one at a time for each account and tenant; a new try is a new
// request.
func TestApplyAgain(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		ctx := t.Context()
		other, _, err := k.OpenTenant(ctx, superapptest.System, secondWallet(member.First{Account: "acc-bo", Name: "Bo"}))
		require.NoError(t, err)
		require.NoError(t, k.Workspaces.SetStatus(ctx, superapptest.System, other.Workspace.ID, workspace.Verified, ""))
		first, err := k.Apply(ctx, mo, k.Tenant, nightMarket, "")
		require.NoError(t, err)
		_, err = k.Apply(ctx, mo, k.Tenant, superapp.Application{Name: "Another", Business: business, Applicant: "Mo"}, "")
		require.ErrorIs(t, err, approval.ErrOpen)
		_, err = k.Apply(ctx, mo, other.Workspace.ID, nightMarket, "")
		require.NoError(t, err, "another tenant")
		_, err = k.Apply(ctx, rbac.User("acc-noe"), k.Tenant, nightMarket, "")
		require.NoError(t, err, "another account")
		_, err = k.Approvals.Decide(ctx, k.As(rbac.WorkspaceAdmin), first.ID, approval.Decision{Reason: "no such street"})
		require.NoError(t, err)
		d, err := k.Approvals.Get(ctx, mo, first.ID)
		require.NoError(t, err)
		require.Equal(t, "no such street", d.Answer)
		second, err := k.Apply(ctx, mo, k.Tenant, nightMarket, "")
		require.NoError(t, err)
		require.NotEqual(t, first.ID, second.ID)
		_, err = k.Approvals.Withdraw(ctx, mo, second.ID, "")
		require.NoError(t, err)
		_, err = k.Apply(ctx, mo, k.Tenant, nightMarket, "")
		require.NoError(t, err)
	})
}

// TestApplyWhere: only verified tenants take applications, and strangers learn of no
// other workspace.
func TestApplyWhere(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	for _, tt := range []struct {
		by   rbac.Actor
		w    id.Workspace
		want error
	}{
		{mo, nowhere, workspace.ErrNotFound},
		{mo, id.Workspace{}, workspace.ErrNotFound},
		{mo, k.Merchant, workspace.ErrNotFound},
		{superapptest.System, k.Tenant, superapp.ErrNoApplicant},
		{rbac.Actor{}, k.Tenant, id.ErrAccount},
	} {
		_, err := k.Apply(t.Context(), tt.by, tt.w, nightMarket, "")
		require.ErrorIs(t, err, tt.want)
	}
	r, err := k.Apply(t.Context(), mo, k.Tenant, nightMarket, "")
	require.NoError(t, err)
	for _, status := range []workspace.Status{workspace.Pending, workspace.Rejected, workspace.Disabled} {
		require.NoError(t, k.Workspaces.SetStatus(t.Context(), superapptest.System, k.Tenant, status, "because"))
		_, err := k.Apply(t.Context(), rbac.User("acc-noe"), k.Tenant, nightMarket, "")
		require.ErrorIs(t, err, superapp.ErrNotVerified)
		_, err = k.Approvals.Decide(t.Context(), superapptest.System, r.ID, approval.Decision{Approve: true})
		if status == workspace.Disabled {
			require.ErrorIs(t, err, rbac.ErrDenied)
		} else {
			require.ErrorIs(t, err, superapp.ErrNotVerified, "nor is a workspace opened")
		}
	}
}

// TestApplyInput: all faults at once.
func TestApplyInput(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	long := strings.Repeat("x", 1000)
	for name, tt := range map[string]struct {
		in     superapp.Application
		reason string
		fields []string
	}{
		"nothing": {superapp.Application{}, "", []string{
			"name", "business.address", "business.scope", "business.email", "business.company", "applicant"}},
		"too long":        {superapp.Application{Name: long, Business: business, Applicant: long}, long, []string{"name", "applicant", "reason"}},
		"no address":      {superapp.Application{Name: "Market", Business: business, Applicant: "Mo", Email: "mo"}, "", []string{"email"}},
		"at their limits": {superapp.Application{Name: long[:64], Business: business, Applicant: long[:64]}, long[:500], nil},
	} {
		_, err := k.Apply(t.Context(), mo, k.Tenant, tt.in, tt.reason)
		if tt.fields == nil {
			require.NoError(t, err, name)
			continue
		}
		invalid, ok := errors.AsType[*fault.InvalidError](err)
		require.True(t, ok, "%s: err = %v", name, err)
		var fields []string
		for _, p := range invalid.Problems {
			fields = append(fields, p.Field)
		}
		require.ElementsMatch(t, tt.fields, fields, name)
	}
}
