package workspace_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// TestEffectiveSecurity: nowhere laxer than the tenant allows, field by field (W8).
func TestEffectiveSecurity(t *testing.T) {
	t.Parallel()
	type S = workspace.Security
	for _, tt := range []struct{ own, tenant, want S }{
		{S{}, S{}, security},
		{S{MinLength: 20}, S{}, S{20, 1, 5, 15 * time.Minute, 0, day}},
		{S{MinLength: 8}, S{}, security},
		{S{MinLength: 8}, S{MinLength: 10}, S{10, 1, 5, 15 * time.Minute, 0, day}},
		{S{Classes: 3}, S{Classes: 2}, S{12, 3, 5, 15 * time.Minute, 0, day}},
		{S{Classes: 1}, S{Classes: 2}, S{12, 2, 5, 15 * time.Minute, 0, day}},
		{S{Failures: 3}, S{Failures: 10}, S{12, 1, 3, 15 * time.Minute, 0, day}},
		{S{Failures: 20}, S{Failures: 10}, S{12, 1, 10, 15 * time.Minute, 0, day}},
		{S{Lock: hour}, S{Lock: time.Minute}, S{12, 1, 5, hour, 0, day}},
		{S{Lock: time.Minute}, S{Lock: hour}, S{12, 1, 5, hour, 0, day}},
		{S{MaxAge: 30 * day}, S{}, S{12, 1, 5, 15 * time.Minute, 30 * day, day}},
		{S{}, S{MaxAge: 30 * day}, S{12, 1, 5, 15 * time.Minute, 30 * day, day}},
		{S{MaxAge: 60 * day}, S{MaxAge: 30 * day}, S{12, 1, 5, 15 * time.Minute, 30 * day, day}},
		{S{MaxAge: 10 * day}, S{MaxAge: 30 * day}, S{12, 1, 5, 15 * time.Minute, 10 * day, day}},
		{S{ResetValidity: hour}, S{ResetValidity: 2 * day}, S{12, 1, 5, 15 * time.Minute, 0, hour}},
		{S{ResetValidity: 3 * day}, S{ResetValidity: 2 * day}, S{12, 1, 5, 15 * time.Minute, 0, 2 * day}},
	} {
		got := workspace.Effective(workspace.Settings{Security: tt.own}, workspace.Settings{Security: tt.tenant}, defaults)
		require.Equal(t, tt.want, got.Security, "%+v under %+v", tt.own, tt.tenant)
	}
}

// TestSecurityBounds: every field at, below and over its limits, and a merchant's
// against its tenant's.
func TestSecurityBounds(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	type S = workspace.Security
	for _, tt := range []struct {
		w     id.Workspace
		set   S
		field string
	}{
		{k.Tenant, S{8, 1, 1, time.Minute, day, 15 * time.Minute}, ""},
		{k.Tenant, S{64, 4, 100, day, 3650 * day, 30 * day}, ""},
		{k.Tenant, S{MinLength: 7}, "security.min_length"},
		{k.Tenant, S{MinLength: 65}, "security.min_length"},
		{k.Tenant, S{Classes: 5}, "security.classes"},
		{k.Tenant, S{Classes: -1}, "security.classes"},
		{k.Tenant, S{Failures: 101}, "security.failures"},
		{k.Tenant, S{Lock: time.Minute - time.Second}, "security.lock"},
		{k.Tenant, S{Lock: day + time.Second}, "security.lock"},
		{k.Tenant, S{Lock: hour + time.Millisecond}, "security.lock"},
		{k.Tenant, S{MaxAge: day - time.Second}, "security.max_age"},
		{k.Tenant, S{MaxAge: -day}, "security.max_age"},
		{k.Tenant, S{MaxAge: 3650*day + time.Second}, "security.max_age"},
		{k.Tenant, S{ResetValidity: time.Minute}, "security.reset_validity"},
		{k.Tenant, S{ResetValidity: 31 * day}, "security.reset_validity"},
		{k.Merchant, S{12, 1, 5, 15 * time.Minute, 3650 * day, day}, ""},
		{k.Merchant, S{MinLength: 11}, "security.min_length"},
		{k.Merchant, S{Failures: 6}, "security.failures"},
		{k.Merchant, S{Lock: 14 * time.Minute}, "security.lock"},
		{k.Merchant, S{ResetValidity: day + time.Second}, "security.reset_validity"},
	} {
		t.Run(fmt.Sprintf("%+v", tt.set), func(t *testing.T) {
			_, err := k.Workspaces.SetSettings(t.Context(), superapptest.System, tt.w, workspace.Settings{Security: tt.set})
			if tt.field == "" {
				require.NoError(t, err)
				_, err = k.Workspaces.SetSettings(t.Context(), superapptest.System, tt.w, workspace.Settings{})
				require.NoError(t, err)
				return
			}
			invalid, ok := errors.AsType[*fault.InvalidError](err)
			require.True(t, ok, "err = %v", err)
			require.Len(t, invalid.Problems, 1)
			require.Equal(t, tt.field, invalid.Problems[0].Field)
		})
	}

	strict := workspace.Settings{Security: S{Classes: 3, MaxAge: 30 * day}}
	_, err := k.Workspaces.SetSettings(t.Context(), k.As(rbac.WorkspaceAdmin), k.Tenant, strict)
	require.NoError(t, err)
	_, err = k.Workspaces.SetSettings(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant, workspace.Settings{Security: S{Classes: 2, MaxAge: 31 * day}})
	invalid, ok := errors.AsType[*fault.InvalidError](err)
	require.True(t, ok, "err = %v", err)
	require.Len(t, invalid.Problems, 2)
}
