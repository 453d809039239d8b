package workspace_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

var (
	wallet = workspace.Business{Address: "9 Sea Road", Scope: "payments", Representative: "Bo", Email: "bo@other.example"}
	market = workspace.Business{Company: "Night Market Ltd", Address: "3 Lake Lane", Scope: "food", Email: "office@market.example"}

	nobody  = id.Workspace{UUID: id.UUID{15: 255}}
	settled = []workspace.Status{workspace.Pending, workspace.Verified, workspace.Rejected, workspace.Disabled}
)

// otherTenant opens a second, verified tenant with its admin.
func otherTenant(t *testing.T, k *superapptest.Kit) (id.Workspace, rbac.Actor) {
	t.Helper()
	opened, _, err := k.OpenTenant(t.Context(), superapptest.System, superapp.Open{
		Name: "Harbour Pay", Business: wallet, Admin: member.First{Account: "acc-bo", Name: "Bo"},
	})
	require.NoError(t, err)
	put(t, k, opened.Workspace.ID, workspace.Verified)
	return opened.Workspace.ID, rbac.User("acc-bo")
}

// openMerchant opens one more developer workspace under the kit's tenant.
func openMerchant(t *testing.T, k *superapptest.Kit, name string) id.Workspace {
	t.Helper()
	opened, _, err := k.OpenDeveloper(t.Context(), k.As(rbac.WorkspaceAdmin), k.Tenant, superapp.Open{
		Name: name, Business: market, Admin: member.First{Account: id.Account("acc-" + name), Name: name},
	})
	require.NoError(t, err)
	return opened.Workspace.ID
}

// put gives a workspace a status, if it has another.
func put(t *testing.T, k *superapptest.Kit, w id.Workspace, s workspace.Status) {
	t.Helper()
	if err := k.Workspaces.SetStatus(t.Context(), superapptest.System, w, s, "as the test wants it"); err != nil {
		require.ErrorIs(t, err, workspace.ErrSameStatus)
	}
}

// archive archives a mini program.
func archive(t *testing.T, k *superapptest.Kit, p id.MiniProgram) {
	t.Helper()
	on := unit.On(superapptest.System, rbac.OnMiniProgram(p))
	require.NoError(t, k.Store.Update(t.Context(), on, func(ctx context.Context, tx storage.Tx) error {
		found, err := tx.MiniProgram(ctx, p)
		require.NoError(t, err)
		after, err := found.Archive(k.Clock.Now())
		require.NoError(t, err)
		return tx.UpdateMiniProgram(ctx, after, nil)
	}))
}
