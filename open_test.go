package superapp_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// TestOpen: a workspace comes with its first admin, known or invited (W5).
func TestOpen(t *testing.T) {
	t.Parallel()
	for _, kind := range []workspace.Kind{workspace.Tenant, workspace.Developer} {
		open := func(t *testing.T, k *superapptest.Kit, admin member.First) (superapp.Opened, member.Token, error) {
			if kind == workspace.Tenant {
				return k.OpenTenant(t.Context(), superapptest.System, secondWallet(admin))
			}
			return k.OpenDeveloper(t.Context(), k.As(rbac.WorkspaceAdmin), k.Tenant, market(admin))
		}
		check := func(t *testing.T, k *superapptest.Kit, o superapp.Opened) {
			require.Equal(t, kind, o.Workspace.Kind)
			require.Equal(t, o.Workspace.ID, o.Admin.Workspace)
			require.Equal(t, o.Workspace.Tenant, o.Admin.Tenant)
			require.True(t, o.Admin.First)
			if kind == workspace.Tenant {
				require.Equal(t, workspace.Pending, o.Workspace.Status)
				require.Equal(t, o.Workspace.ID, o.Workspace.Tenant)
				require.Equal(t, rbac.WorkspaceAdmin, o.Admin.Role)
			} else {
				require.Equal(t, workspace.Verified, o.Workspace.Status)
				require.Equal(t, k.Tenant, o.Workspace.Tenant)
				require.Equal(t, rbac.DeveloperAdmin, o.Admin.Role)
			}
			got, err := k.Workspaces.Get(t.Context(), superapptest.System, o.Workspace.ID)
			require.NoError(t, err)
			require.Equal(t, o.Workspace, got.Workspace, "what is stored is what was answered")
			m, err := k.Members.Get(t.Context(), superapptest.System, o.Admin.ID)
			require.NoError(t, err)
			require.Equal(t, o.Admin, m.Member)
		}

		t.Run(kind.String()+" with a known account", func(t *testing.T) {
			t.Parallel()
			testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
				o, token, err := open(t, k, member.First{Account: "acc-mo", Name: "Mo"})
				require.NoError(t, err)
				require.Empty(t, token.Reveal())
				check(t, k, o)
				require.Equal(t, member.Active, o.Admin.State)
				require.NoError(t, k.Access.Check(t.Context(), rbac.User("acc-mo"), rbac.InviteMember, rbac.OnWorkspace(o.Workspace.ID)), "active at once")
			})
		})

		t.Run(kind.String()+" with an invited one", func(t *testing.T) {
			t.Parallel()
			testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
				o, token, err := open(t, k, member.First{Email: "Mo@People.example", Name: "Mo"})
				require.NoError(t, err)
				check(t, k, o)
				require.Equal(t, member.Invited, o.Admin.State)
				require.Equal(t, "mo@people.example", o.Admin.Email)
				require.Equal(t, k.Clock.Now().Add(3*24*time.Hour), o.Admin.Invitation.ExpiresAt)
				m, err := k.Members.Accept(t.Context(), token, superapptest.Person("mo"))
				require.NoError(t, err)
				require.Equal(t, o.Admin.ID, m.ID)
				require.NoError(t, k.Access.Check(t.Context(), rbac.User("acc-mo"), rbac.InviteMember, rbac.OnWorkspace(o.Workspace.ID)))
			})
		})
	}
}

// TestOpenRights: the operator opens tenants, whoever holds
// developer_workspace.create developer workspaces.
func TestOpenRights(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	before := stored(t, k.Store)
	mo := member.First{Account: "acc-mo", Name: "Mo"}

	for _, info := range rbac.Roles() {
		_, _, err := k.OpenTenant(t.Context(), k.As(info.Role), secondWallet(mo))
		require.ErrorIs(t, err, unit.ErrOperatorOnly, "%s", info.Role)
	}
	_, _, err := k.OpenTenant(t.Context(), rbac.System(""), secondWallet(mo))
	require.ErrorIs(t, err, id.ErrAccount, "an operator without a name")

	for _, tt := range []struct {
		name  string
		actor rbac.Actor
		under id.Workspace
		err   error
	}{
		{"a reviewer", k.As(rbac.WorkspaceReviewer), k.Tenant, rbac.ErrDenied},
		{"a workspace developer", k.As(rbac.WorkspaceDeveloper), k.Tenant, rbac.ErrDenied},
		{"a merchant's admin", k.As(rbac.DeveloperAdmin), k.Tenant, workspace.ErrNotFound},
		{"a stranger", rbac.User("acc-nobody"), k.Tenant, workspace.ErrNotFound},
		{"under nothing", superapptest.System, id.Workspace{}, workspace.ErrNotFound},
		{"under an unknown workspace", superapptest.System, nowhere, workspace.ErrNotFound},
		{"under a merchant", k.As(rbac.WorkspaceAdmin), k.Merchant, superapp.ErrNotTenant},
		{"under a merchant, as the operator", superapptest.System, k.Merchant, superapp.ErrNotTenant},
		{"under a merchant, as its admin", k.As(rbac.DeveloperAdmin), k.Merchant, rbac.ErrDenied},
		{"under the tenant, as nobody", rbac.User(""), k.Tenant, id.ErrAccount},
	} {
		o, token, err := k.OpenDeveloper(t.Context(), tt.actor, tt.under, market(mo))
		require.ErrorIs(t, err, tt.err, "%s", tt.name)
		require.Zero(t, o)
		require.Empty(t, token.Reveal())
	}
	require.Equal(t, before, stored(t, k.Store))

	_, _, err = k.OpenDeveloper(t.Context(), superapptest.System, k.Tenant, market(mo))
	require.NoError(t, err, "the operator may")
	_, _, err = k.OpenDeveloper(t.Context(), k.As(rbac.WorkspaceAdmin), k.Tenant, market(mo))
	require.NoError(t, err, "so may a workspace admin; names of workspaces need not differ")
}

// TestOpenChecks: bad input, of the workspace or of the admin, leaves nothing.
func TestOpenChecks(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		before := stored(t, k.Store)
		mo := member.First{Account: "acc-mo", Name: "Mo"}
		for name, in := range map[string]superapp.Open{
			"name":                    {Business: business, Admin: mo},
			"business.email":          {Name: "Night Market", Business: workspace.Business{Company: "a", Address: "b", Scope: "c", Email: "office"}, Admin: mo},
			"business.representative": {Name: "Night Market", Business: workspace.Business{Company: "a", Address: "b", Scope: "c", Representative: "d", Email: business.Email}, Admin: mo},
			"admin.name":              market(member.First{Account: "acc-mo"}),
			"admin.email":             market(member.First{Name: "Mo"}),
			"admin.account":           market(member.First{Account: "a\x00", Name: "Mo"}),
		} {
			o, token, err := k.OpenDeveloper(t.Context(), k.As(rbac.WorkspaceAdmin), k.Tenant, in)
			var invalid *fault.InvalidError
			require.ErrorAs(t, err, &invalid)
			require.Len(t, invalid.Problems, 1)
			require.Equal(t, name, invalid.Problems[0].Field)
			require.Zero(t, o)
			require.Empty(t, token.Reveal())
		}
		_, _, err := k.OpenTenant(t.Context(), superapptest.System, secondWallet(member.First{Email: "mo", Name: "Mo"}))
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.Equal(t, before, stored(t, k.Store))
	})
}

// TestForeign: ids of another tenant answer like ids that do not exist (S4).
func TestForeign(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	_, _, err := k.OpenTenant(t.Context(), superapptest.System, secondWallet(member.First{Account: "acc-bo", Name: "Bo"}))
	require.NoError(t, err)
	stranger := rbac.User("acc-bo")
	for name, call := range map[string]func(id.Workspace) error{
		"open developer": func(w id.Workspace) error {
			_, _, err := k.OpenDeveloper(t.Context(), stranger, w, market(member.First{Account: "acc-mo", Name: "Mo"}))
			return err
		},
		"remove developer": func(w id.Workspace) error {
			return k.RemoveDeveloper(t.Context(), stranger, w, "closed")
		},
	} {
		unknown := call(nowhere)
		require.ErrorIs(t, unknown, workspace.ErrNotFound, "%s", name)
		for _, w := range []id.Workspace{k.Tenant, k.Merchant, {}} {
			require.EqualError(t, call(w), unknown.Error(), "%s", name)
			require.ErrorIs(t, call(w), workspace.ErrNotFound, "%s", name)
		}
	}
}
