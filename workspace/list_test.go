package workspace_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// TestGet: who sees what of a workspace, from where (W1, W3, S4).
func TestGet(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	_, stranger := otherTenant(t, k)
	for _, tt := range []struct {
		name  string
		actor rbac.Actor
		of    id.Workspace
		err   error
	}{
		{"a workspace admin sees his own", k.As(rbac.WorkspaceAdmin), k.Tenant, nil},
		{"a workspace admin sees his merchant's", k.As(rbac.WorkspaceAdmin), k.Merchant, nil},
		{"a developer admin sees his own", k.As(rbac.DeveloperAdmin), k.Merchant, nil},
		{"the platform operator sees both", superapptest.System, k.Merchant, nil},
		{"the platform operator sees the tenant", superapptest.System, k.Tenant, nil},
		{"a developer may know of it, not see it", k.As(rbac.Developer), k.Merchant, rbac.ErrDenied},
		{"a reviewer may know of it, not see it", k.As(rbac.WorkspaceReviewer), k.Tenant, rbac.ErrDenied},
		{"a reviewer may know of the merchant, not see it", k.As(rbac.WorkspaceReviewer), k.Merchant, rbac.ErrDenied},
		{"a developer admin knows nothing of the tenant", k.As(rbac.DeveloperAdmin), k.Tenant, workspace.ErrNotFound},
		{"another tenant's admin knows nothing of the tenant", stranger, k.Tenant, workspace.ErrNotFound},
		{"another tenant's admin knows nothing of the merchant", stranger, k.Merchant, workspace.ErrNotFound},
		{"a stranger knows nothing", rbac.User("acc-nobody"), k.Merchant, workspace.ErrNotFound},
		{"there is no such workspace", superapptest.System, nobody, workspace.ErrNotFound},
		{"there is no zero workspace", superapptest.System, id.Workspace{}, workspace.ErrNotFound},
		{"nobody acts", rbac.User(""), k.Merchant, id.ErrAccount},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, err := k.Workspaces.Get(t.Context(), tt.actor, tt.of)
			if tt.err != nil {
				require.ErrorIs(t, err, tt.err)
				require.Zero(t, d)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tt.of, d.ID)
			require.Equal(t, k.Tenant, d.Tenant)
			require.Equal(t, 1, d.MiniPrograms)
			require.Contains(t, d.Actions, workspace.ActionView)
		})
	}

	t.Run("all that W1 lists is there", func(t *testing.T) {
		t.Parallel()
		d, err := k.Workspaces.Get(t.Context(), k.As(rbac.WorkspaceAdmin), k.Merchant)
		require.NoError(t, err)
		require.Equal(t, workspace.Summary{MiniPrograms: 1, Workspace: workspace.Workspace{
			ID: k.Merchant, Tenant: k.Tenant, Kind: workspace.Developer, Name: "Corner Coffee", Status: workspace.Verified,
			Business: workspace.Business{
				Company: "Corner Coffee Ltd", Address: "2 Hill Road", Scope: "coffee", Email: "office@coffee.example",
			},
			CreatedAt: superapptest.Start, UpdatedAt: superapptest.Start,
		}}, d.Summary)
	})
}

// TestForeign: ids of another tenant answer like ids that do not exist (S4).
func TestForeign(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	_, stranger := otherTenant(t, k)
	for name, call := range map[string]func(id.Workspace) error{
		"get": func(w id.Workspace) error {
			_, err := k.Workspaces.Get(t.Context(), stranger, w)
			return err
		},
		"admins": func(w id.Workspace) error {
			_, err := k.Workspaces.Admins(t.Context(), stranger, w, page.Request{})
			return err
		},
		"developers": func(w id.Workspace) error {
			_, err := k.Workspaces.Developers(t.Context(), stranger, w, page.Request{})
			return err
		},
		"set status": func(w id.Workspace) error {
			return k.Workspaces.SetStatus(t.Context(), stranger, w, workspace.Verified, "")
		},
	} {
		unknown := call(nobody)
		require.Error(t, unknown)
		for _, w := range []id.Workspace{k.Tenant, k.Merchant} {
			err := call(w)
			require.EqualError(t, err, unknown.Error(), "%s", name)
			require.Equal(t, fault.CodeOf(unknown), fault.CodeOf(err), "%s", name)
		}
	}
}

func TestAdmins(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		second := k.Join(rbac.WorkspaceAdmin, "zoe")
		blocked := k.Join(rbac.WorkspaceAdmin, "yan")
		third := k.Join(rbac.WorkspaceAdmin, "xia")
		k.Invite(rbac.WorkspaceAdmin, "invited")
		_, err := k.Members.Block(t.Context(), k.As(rbac.WorkspaceAdmin), blocked.ID, "")
		require.NoError(t, err)
		admins := func(actor rbac.Actor, w id.Workspace) func(page.Request) (page.Page[workspace.Admin], error) {
			return func(req page.Request) (page.Page[workspace.Admin], error) {
				return k.Workspaces.Admins(t.Context(), actor, w, req)
			}
		}

		t.Run("the active ones, in the order in which they were invited", func(t *testing.T) {
			first := k.Member(rbac.WorkspaceAdmin)
			want := []workspace.Admin{
				{Member: first.ID, Name: "Workspace Admin", Email: "workspace_admin@people.example", JoinedAt: superapptest.Start},
				{Member: second.ID, Name: "Zoe", Email: "zoe@people.example", JoinedAt: superapptest.Start},
				{Member: third.ID, Name: "Xia", Email: "xia@people.example", JoinedAt: superapptest.Start},
			}
			for size := 1; size <= 4; size++ {
				require.Equal(t, want, testkit.Pages(t, size, admins(k.As(rbac.WorkspaceAdmin), k.Tenant)))
			}
			require.Equal(t, want, testkit.Pages(t, 2, admins(superapptest.System, k.Tenant)))
			require.Len(t, testkit.Pages(t, 2, admins(k.As(rbac.DeveloperAdmin), k.Merchant)), 1)
		})

		t.Run("not for other roles, nor from the tenant", func(t *testing.T) {
			for _, tt := range []struct {
				role rbac.Role
				w    id.Workspace
				err  error
			}{
				{rbac.WorkspaceReviewer, k.Tenant, rbac.ErrDenied},
				{rbac.Developer, k.Merchant, rbac.ErrDenied},
				{rbac.WorkspaceAdmin, k.Merchant, rbac.ErrDenied},
				{rbac.DeveloperAdmin, k.Tenant, workspace.ErrNotFound},
			} {
				_, err := admins(k.As(tt.role), tt.w)(page.Request{})
				require.ErrorIs(t, err, tt.err, "%s", tt.role)
			}
		})
	})
}

func TestDevelopers(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		other, stranger := otherTenant(t, k)
		market, gone, bakery := openMerchant(t, k, "market"), openMerchant(t, k, "gone"), openMerchant(t, k, "bakery")
		admin := k.As(rbac.WorkspaceAdmin)
		create := func(w id.Workspace, name string) id.MiniProgram {
			p, err := k.MiniPrograms.Create(t.Context(), superapptest.System, miniprogram.Create{Workspace: w, Type: miniprogram.H5, Language: "en", Name: name})
			require.NoError(t, err)
			return p.ID
		}
		create(market, "Noodles")
		archive(t, k, create(market, "Dumplings"))
		create(market, "Dumplings")
		put(t, k, bakery, workspace.Disabled)
		require.NoError(t, k.RemoveDeveloper(t.Context(), admin, gone, "closed"))

		developers := func(actor rbac.Actor, tenant id.Workspace) func(page.Request) (page.Page[workspace.Details], error) {
			return func(req page.Request) (page.Page[workspace.Details], error) {
				return k.Workspaces.Developers(t.Context(), actor, tenant, req)
			}
		}
		for size := 1; size <= 4; size++ {
			type row struct {
				ID       id.Workspace
				Company  string
				Programs int
			}
			var rows []row
			for _, d := range testkit.Pages(t, size, developers(admin, k.Tenant)) {
				rows = append(rows, row{d.ID, d.Business.Company, d.MiniPrograms})
				got, err := k.Workspaces.Get(t.Context(), admin, d.ID)
				require.NoError(t, err)
				require.Equal(t, got, d, "the list tells what the detail page tells")
			}
			require.Equal(t, []row{
				{k.Merchant, "Corner Coffee Ltd", 1}, {market, "Night Market Ltd", 2}, {bakery, "Night Market Ltd", 0},
			}, rows, "oldest first, archived mini programs not counted, removed workspaces not shown")
		}
		require.Empty(t, testkit.Pages(t, 2, developers(stranger, other)))
		require.Len(t, testkit.Pages(t, 2, developers(superapptest.System, k.Tenant)), 3)

		for _, role := range []rbac.Role{rbac.WorkspaceReviewer, rbac.WorkspaceDeveloper, rbac.MiniProgramInspector} {
			_, err := developers(k.As(role), k.Tenant)(page.Request{})
			require.ErrorIs(t, err, rbac.ErrDenied)
		}
		_, err := developers(k.As(rbac.DeveloperAdmin), k.Tenant)(page.Request{})
		require.ErrorIs(t, err, workspace.ErrNotFound)
	})
}

func TestList(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		other, _ := otherTenant(t, k)
		market, gone := openMerchant(t, k, "market"), openMerchant(t, k, "gone")
		require.NoError(t, k.RemoveDeveloper(t.Context(), superapptest.System, gone, "closed"))
		put(t, k, other, workspace.Disabled)

		list := func(actor rbac.Actor, f workspace.Filter) func(page.Request) (page.Page[workspace.Details], error) {
			return func(req page.Request) (page.Page[workspace.Details], error) {
				return k.Workspaces.List(t.Context(), actor, f, req)
			}
		}
		for _, tt := range []struct {
			name   string
			filter workspace.Filter
			want   []id.Workspace
		}{
			{"all tenants, removed ones included", workspace.Filter{}, []id.Workspace{k.Tenant, k.Merchant, other, market, gone}},
			{"tenants", workspace.Filter{Kind: workspace.Tenant}, []id.Workspace{k.Tenant, other}},
			{"developer workspaces", workspace.Filter{Kind: workspace.Developer}, []id.Workspace{k.Merchant, market, gone}},
			{"of a tenant, itself included", workspace.Filter{Tenant: k.Tenant}, []id.Workspace{k.Tenant, k.Merchant, market, gone}},
			{"of a tenant without merchants", workspace.Filter{Tenant: other, Kind: workspace.Developer}, nil},
			{"by status", workspace.Filter{Statuses: []workspace.Status{workspace.Disabled, workspace.Removed}}, []id.Workspace{other, gone}},
			{"of no tenant", workspace.Filter{Tenant: nobody}, nil},
		} {
			t.Run(tt.name, func(t *testing.T) {
				t.Parallel()
				for size := 1; size <= 6; size++ {
					var ids []id.Workspace
					for _, d := range testkit.Pages(t, size, list(superapptest.System, tt.filter)) {
						ids = append(ids, d.ID)
					}
					require.Equal(t, tt.want, ids)
				}
			})
		}

		t.Run("for the platform operator alone", func(t *testing.T) {
			t.Parallel()
			for _, info := range rbac.Roles() {
				_, err := list(k.As(info.Role), workspace.Filter{Tenant: k.Tenant})(page.Request{})
				require.ErrorIs(t, err, unit.ErrOperatorOnly)
			}
		})

		t.Run("an unknown kind or status is refused", func(t *testing.T) {
			t.Parallel()
			_, err := list(superapptest.System, workspace.Filter{Kind: 3, Statuses: []workspace.Status{workspace.Verified, 0, 6}})(page.Request{})
			require.Equal(t, []string{"kind unknown", "statuses unknown", "statuses unknown"}, problems(t, err))
		})
	})
}

// TestCursors: a list refuses what is no page of it.
func TestCursors(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	k.Join(rbac.WorkspaceAdmin, "zoe")
	openMerchant(t, k, "market")
	lists := map[string]func(page.Request) (page.Cursor, error){
		"admins": func(req page.Request) (page.Cursor, error) {
			p, err := k.Workspaces.Admins(t.Context(), superapptest.System, k.Tenant, req)
			return p.Next, err
		},
		"developers": func(req page.Request) (page.Cursor, error) {
			p, err := k.Workspaces.Developers(t.Context(), superapptest.System, k.Tenant, req)
			return p.Next, err
		},
		"list": func(req page.Request) (page.Cursor, error) {
			p, err := k.Workspaces.List(t.Context(), superapptest.System, workspace.Filter{}, req)
			return p.Next, err
		},
	}
	cursors := map[string]page.Cursor{}
	for name, list := range lists {
		next, err := list(page.Request{Size: 1})
		require.NoError(t, err)
		require.NotEmpty(t, next)
		cursors[name] = next
	}
	for name, list := range lists {
		for from, cursor := range cursors {
			if _, err := list(page.Request{After: cursor}); from == name {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, page.ErrCursor, "%s with a cursor of %s", name, from)
			}
		}
		for _, req := range []page.Request{{After: "2"}, {After: cursors[name] + "x"}, {Size: -1}, {Size: page.MaxSize + 1}} {
			_, err := list(req)
			require.ErrorIs(t, err, fault.ErrInvalid, "%s of %v", name, req)
		}
	}
}
