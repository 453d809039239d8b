package signin_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// TestClosed: in a disabled workspace, or below a disabled tenant, nobody gets a
// password, and whoever has one may sign in, to look, and change it for that (W6).
func TestClosed(t *testing.T) {
	t.Parallel()
	for name, which := range map[string]func(*kit) id.Workspace{
		"the workspace is disabled": func(k *kit) id.Workspace { return k.Merchant },
		"its tenant is disabled":    func(k *kit) id.Workspace { return k.Tenant },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onStores(t, func(t *testing.T, k *kit) {
				ctx := t.Context()
				status := func(s workspace.Status) {
					t.Helper()
					require.NoError(t, k.Workspaces.SetStatus(ctx, superapptest.System, which(k), s, "review"))
				}
				first := func() error { return k.SignIn.SetPassword(ctx, k.As(rbac.Developer), k.Merchant, phrase) }
				status(workspace.Disabled)
				err := first()
				require.ErrorIs(t, err, member.ErrWorkspaceClosed)
				require.ErrorIs(t, err, fault.ErrState)
				require.Empty(t, k.hash())
				require.Empty(t, k.events())
				require.Zero(t, k.hasher.Computations(), "no hash for who may not")

				status(workspace.Verified)
				require.NoError(t, first())
				status(workspace.Disabled)
				_, err = k.try(phrase)
				require.NoError(t, err)
				_, err = k.change(phrase, another)
				require.NoError(t, err)
				_, err = k.try(another)
				require.NoError(t, err)
			})
		})
	}
}

// TestClosedMeanwhile: what is disabled while the hash is made keeps no password.
func TestClosedMeanwhile(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, k *kit) {
		p := k.on(&made{meanwhile: func() error {
			return k.Workspaces.SetStatus(t.Context(), superapptest.System, k.Merchant, workspace.Disabled, "review")
		}})
		err := p.SignIn.SetPassword(t.Context(), k.As(rbac.Developer), k.Merchant, phrase)
		require.ErrorIs(t, err, member.ErrWorkspaceClosed)
		require.Empty(t, k.hash())
	})
}

// A made hash lets something happen before it is.
type made struct {
	superapptest.Hasher
	meanwhile func() error
}

func (h *made) Hash(ctx context.Context, p signin.Password) (string, error) {
	if err := h.meanwhile(); err != nil {
		return "", err
	}
	return h.Hasher.Hash(ctx, p)
}
