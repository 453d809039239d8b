package member_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// TestClosed: in a disabled workspace, or below a disabled tenant, nothing is
// changed by anybody, the operator included; what reads still works, and so does
// everything once it is enabled again (W6).
func TestClosed(t *testing.T) {
	t.Parallel()
	for name, which := range map[string]func(*superapptest.Kit, call) id.Workspace{
		"the workspace is disabled": func(_ *superapptest.Kit, c call) id.Workspace { return c.Workspace },
		"its tenant is disabled":    func(k *superapptest.Kit, _ call) id.Workspace { return k.Tenant },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, k *superapptest.Kit, v verb) {
				ctx := t.Context()
				c := v.ready(t, k)
				w := which(k, c)
				require.NoError(t, k.Workspaces.SetStatus(ctx, system, w, workspace.Disabled, "review"))
				before := all(t, k)
				for _, by := range []rbac.Actor{c.Actor, system} {
					if by.IsSystem() && v.by == "self" {
						continue // the operator is no member
					}
					now := c
					now.Actor = by
					result, err := v.run(ctx, k.Members, now)
					if v.events == nil {
						require.NoError(t, err)
						continue
					}
					requireZero(t, result)
					require.Equal(t, before, all(t, k))
					if v.name == "Accept" || v.name == "Leave" {
						require.ErrorIs(t, err, member.ErrWorkspaceClosed)
						require.ErrorIs(t, err, fault.ErrState)
						continue
					}
					denied, ok := errorAs[*rbac.DeniedError](err)
					require.True(t, ok, "err = %v", err)
					require.Equal(t, rbac.WorkspaceState, denied.Decision.Reason)
				}
				require.NoError(t, k.Workspaces.SetStatus(ctx, system, w, workspace.Verified, ""))
				if v.events != nil {
					_, err := v.run(ctx, k.Members, c)
					require.NoError(t, err)
				}
			})
		})
	}

	t.Run("pending and rejected ones have their members managed", func(t *testing.T) {
		t.Parallel()
		for _, status := range []workspace.Status{workspace.Pending, workspace.Rejected} {
			each(t, func(t *testing.T, k *superapptest.Kit, v verb) {
				c := v.ready(t, k)
				require.NoError(t, k.Workspaces.SetStatus(t.Context(), system, c.Workspace, status, "papers"))
				_, err := v.run(t.Context(), k.Members, c)
				require.NoError(t, err)
			})
		}
	})
}

// TestRemoved: of a removed workspace nothing is left to act upon (W4).
func TestRemoved(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	ctx := t.Context()
	e := become(t, k, member.StatusActive)
	sent, token := k.Invite(rbac.Developer, "sent")
	require.NoError(t, k.RemoveDeveloper(ctx, tenantAdmin, k.Merchant, "closed down"))
	before := all(t, k)

	for name, err := range map[string]error{
		"Invite": func() error { _, _, err := inviteDee(t, k, "new@people.example"); return err }(),
		"Block":  func() error { _, err := k.Members.Block(ctx, merchantAdmin, e.ID, ""); return err }(),
		"Resend": func() error { _, _, err := k.Members.Resend(ctx, merchantAdmin, sent.ID); return err }(),
		"Leave":  func() error { _, err := k.Members.Leave(ctx, rbac.User(e.Account), k.Merchant); return err }(),
		"List": func() error {
			_, err := k.Members.List(ctx, merchantAdmin, member.Filter{Workspace: k.Merchant}, page.Request{})
			return err
		}(),
		"Resend ": func() error { _, _, err := k.Members.Resend(ctx, system, sent.ID); return err }(),
		"Delete":  func() error { _, err := k.Members.Delete(ctx, system, e.ID, ""); return err }(),
		"SetFirstAdmin": func() error {
			_, _, err := k.Members.SetFirstAdmin(ctx, system, k.Merchant, member.First{Account: "new", Name: "New"})
			return err
		}(),
		"Accept": func() error { _, err := k.Members.Accept(ctx, token, superapptest.Person("sent")); return err }(),
	} {
		require.Error(t, err, name)
		require.Contains(t, []fault.Kind{fault.ErrNotFound, fault.ErrDenied, fault.ErrState}, fault.KindOf(err), name)
	}
	require.Equal(t, before, all(t, k))
	mine, err := k.Members.Mine(ctx, rbac.User(e.Account), page.Request{})
	require.NoError(t, err)
	require.Empty(t, mine.Items)
}
