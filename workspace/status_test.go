package workspace_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// TestSetStatus makes every transition of both kinds (W1).
func TestSetStatus(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	for name, w := range map[string]id.Workspace{"tenant": k.Tenant, "merchant": k.Merchant} {
		for _, from := range settled {
			for _, to := range settled {
				t.Run(fmt.Sprintf("%s from %s to %s", name, from, to), func(t *testing.T) {
					put(t, k, w, from)
					k.Clock.Advance(time.Minute)
					before := trail(t, k, w)
					err := k.Workspaces.SetStatus(t.Context(), superapptest.System.WithRequest("req-1"), w, to, " unpaid ")
					d, readErr := k.Workspaces.Get(t.Context(), superapptest.System, w)
					require.NoError(t, readErr)
					require.Equal(t, to, d.Status)
					if from == to {
						require.ErrorIs(t, err, workspace.ErrSameStatus)
						require.ErrorIs(t, err, fault.ErrState)
						require.Equal(t, before, trail(t, k, w))
						return
					}
					require.NoError(t, err)
					require.Equal(t, k.Clock.Now(), d.UpdatedAt)
					require.True(t, d.CreatedAt.Before(d.UpdatedAt))
					added := trail(t, k, w)[len(before):]
					require.Len(t, added, 1)
					requireStatusEvent(t, added[0], from, to)
				})
			}
		}
	}
}

func requireStatusEvent(t *testing.T, e audit.Event, from, to workspace.Status) {
	t.Helper()
	require.Equal(t, workspace.EventStatusSet, e.Verb)
	require.True(t, e.System)
	data, err := e.DecodeData()
	require.NoError(t, err)
	require.Equal(t, "req-1", data.Request)
	require.Contains(t, string(data.Before), `"status":"`+from.String()+`"`)
	require.Contains(t, string(data.After), `"status":"`+to.String()+`"`)
	personal, err := e.DecodePersonal()
	require.NoError(t, err)
	require.Equal(t, "unpaid", personal.Reason)
}

func TestSetStatusRefuses(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	before := trail(t, k, k.Merchant)

	t.Run("anyone but the platform operator", func(t *testing.T) {
		for _, info := range rbac.Roles() {
			for _, w := range []id.Workspace{k.Tenant, k.Merchant, nobody} {
				err := k.Workspaces.SetStatus(t.Context(), k.As(info.Role), w, workspace.Rejected, "a reason")
				require.ErrorIs(t, err, unit.ErrOperatorOnly)
				require.ErrorIs(t, err, fault.ErrDenied)
			}
		}
	})

	t.Run("an unknown workspace", func(t *testing.T) {
		for _, w := range []id.Workspace{nobody, {}} {
			err := k.Workspaces.SetStatus(t.Context(), superapptest.System, w, workspace.Verified, "")
			require.ErrorIs(t, err, workspace.ErrNotFound)
		}
	})

	for _, tt := range []struct {
		name   string
		status workspace.Status
		reason string
		want   []string
	}{
		{"rejecting without a reason", workspace.Rejected, "", []string{"reason required"}},
		{"disabling without a reason", workspace.Disabled, " \n", []string{"reason required"}},
		{"a reason over the limit", workspace.Pending, strings.Repeat("x", workspace.MaxReason+1), []string{"reason too_long"}},
		{"a reason with a control character", workspace.Pending, "a\x00b", []string{"reason malformed"}},
		{"a reason that is no UTF-8", workspace.Disabled, "\xff", []string{"reason malformed"}},
		{"the status removed, which only removal gives", workspace.Removed, "gone", []string{"status not_allowed"}},
		{"no status", 0, "", []string{"status not_allowed"}},
		{"an unknown status", 99, "", []string{"status not_allowed"}},
		{"both", 99, "a\x00b", []string{"status not_allowed", "reason malformed"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := k.Workspaces.SetStatus(t.Context(), superapptest.System, k.Merchant, tt.status, tt.reason)
			require.Equal(t, tt.want, problems(t, err))
		})
	}
	require.Equal(t, before, trail(t, k, k.Merchant), "a refusal leaves nothing")

	t.Run("a removed workspace", func(t *testing.T) {
		require.NoError(t, k.RemoveDeveloper(t.Context(), superapptest.System, k.Merchant, "closed its shop"))
		for _, s := range settled {
			err := k.Workspaces.SetStatus(t.Context(), superapptest.System, k.Merchant, s, "back again")
			require.ErrorIs(t, err, workspace.ErrRemoved)
			require.ErrorIs(t, err, fault.ErrState)
		}
	})
}

func TestSetStatusTakesReasons(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	for _, s := range []workspace.Status{workspace.Pending, workspace.Verified} {
		require.NoError(t, k.Workspaces.SetStatus(t.Context(), superapptest.System, k.Tenant, s, ""), "%s needs none", s)
	}
	require.NoError(t, k.Workspaces.SetStatus(t.Context(), superapptest.System, k.Tenant, workspace.Disabled, strings.Repeat("咖", workspace.MaxReason)))
}

// trail returns the events of a workspace.
func trail(t *testing.T, k *superapptest.Kit, w id.Workspace) (events []audit.Event) {
	t.Helper()
	for e, err := range page.All(t.Context(), k.Audit.List, superapptest.System, audit.Filter{Workspace: w}) {
		require.NoError(t, err)
		events = append(events, e)
	}
	return events
}
