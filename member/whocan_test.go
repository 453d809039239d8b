package member_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/role"
	"github.com/superapp-go/superapp/superapptest"
)

func TestEveryAnswerIsTheSame(t *testing.T) {
	t.Parallel()
	for name, open := range testkit.Stores() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.Agreement(t, open(t))
		})
	}
}

func TestWhoCanShowsWhomTheCallerMaySee(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	names := func(all []member.Able) (names []string) {
		for _, x := range all {
			names = append(names, string(x.Member.Role)+": "+x.Decision.Why())
		}
		return names
	}
	on := rbac.OnMiniProgram(k.Shop)
	require.Equal(t, []string{"developer_admin: role developer_admin grants it in the whole workspace"},
		names(testkit.Able(t, k, k.As(rbac.DeveloperAdmin), rbac.ViewQRCode, on)), "the merchant's admin sees his own people")
	require.Equal(t, []string{"developer_admin: role developer_admin grants it in the whole workspace", "workspace_admin: tenant role workspace_admin grants it in the whole tenant"},
		names(testkit.Able(t, k, superapptest.System, rbac.ViewQRCode, on)))
	_, err := k.Members.WhoCan(t.Context(), k.As(rbac.Developer), rbac.ViewQRCode, on, page.Request{})
	require.ErrorIs(t, err, rbac.ErrDenied)
	_, err = k.Roles.Create(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant, role.Create{Code: "helper", Edit: role.Edit{Name: "Helper",
		Assignment: rbac.RequiredAssignment, Cells: map[rbac.Permission]rbac.Scope{rbac.ViewMember: rbac.Assigned}}})
	require.NoError(t, err)
	_, err = k.Members.SetRole(t.Context(), k.As(rbac.DeveloperAdmin), k.Member(rbac.Operator).ID, member.SetRole{Role: "helper", MiniPrograms: []id.MiniProgram{k.Shop}})
	require.NoError(t, err)
	_, err = k.Members.WhoCan(t.Context(), k.As(rbac.Operator), rbac.ViewQRCode, on, page.Request{})
	require.ErrorIs(t, err, rbac.ErrDenied, "member.view on one mini program shows nobody of the workspace")
	_, err = k.Members.WhoCan(t.Context(), k.As(rbac.DeveloperAdmin), 99, on, page.Request{})
	require.ErrorIs(t, err, rbac.ErrPermission)
	_, err = k.Members.WhoCan(t.Context(), k.As(rbac.DeveloperAdmin), rbac.ViewQRCode, on, page.Request{After: "x"})
	require.ErrorIs(t, err, page.ErrCursor)
}

func TestShiftsTellWhoGainsAndLosesByAMatrix(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		ctx := t.Context()
		_, err := k.Roles.Create(ctx, k.As(rbac.DeveloperAdmin), k.Merchant, role.Create{Code: "points", Edit: role.Edit{Name: "Points",
			Cells: map[rbac.Permission]rbac.Scope{rbac.ViewMember: rbac.InWorkspace}}})
		require.NoError(t, err)
		_, _, err = k.Members.Invite(ctx, k.As(rbac.DeveloperAdmin), member.Invite{Workspace: k.Merchant, Email: "pia@people.example", Name: "Pia", Role: "points"})
		require.NoError(t, err)
		narrowed, err := rbac.BuiltIn().With(rbac.Edits{Cells: []rbac.Cell{
			{Permission: rbac.ViewTeam, Role: rbac.Operator}, {Permission: rbac.UploadVersion, Role: rbac.Operator, Scope: rbac.Assigned}}})
		require.NoError(t, err)
		got := map[rbac.Role]rbac.Shift{}
		collect := func(w id.Workspace, actor rbac.Actor) {
			clear(got)
			for req := (page.Request{Size: 2}); ; {
				p, err := k.Members.Shifts(ctx, actor, w, narrowed, req)
				require.NoError(t, err)
				for _, s := range p.Items {
					got[s.Member.Role] = s.Shift
				}
				if req.After = p.Next; p.Next == "" {
					return
				}
			}
		}
		want := map[rbac.Role]rbac.Shift{rbac.Operator: {Gained: []string{"version.upload"}, Lost: []string{"team.view"}}}
		collect(k.Merchant, k.As(rbac.DeveloperAdmin))
		require.Equal(t, want, got)
		collect(id.Workspace{}, superapptest.System)
		require.Equal(t, want, got)
		collect(k.Tenant, k.As(rbac.WorkspaceAdmin))
		require.Empty(t, got)
		_, err = k.Members.Shifts(ctx, k.As(rbac.DeveloperAdmin), id.Workspace{}, narrowed, page.Request{})
		require.Error(t, err)
		_, err = k.Members.Shifts(ctx, k.As(rbac.DeveloperAdmin), k.Merchant, nil, page.Request{})
		require.Error(t, err)
	})
}

func ExampleService_SetRoles() {
	ctx := context.Background()
	p, w, ada := wallet()
	rob := join(p, w, ada)
	_, err := p.Roles.Create(ctx, ada, w, role.Create{Code: "auditor", Edit: role.Edit{
		Name: "Auditor", Cells: map[rbac.Permission]rbac.Scope{rbac.ViewAudit: rbac.InWorkspace},
	}})
	check(err)
	after, err := p.Members.SetRoles(ctx, ada, w, []id.Member{rob.ID}, member.SetRole{Role: "auditor"})
	check(err)
	fmt.Println(after[0].Name, after[0].Role)
	// Output: Rob auditor
}

func ExampleService_WhoCan() {
	ctx := context.Background()
	p, w, ada := wallet()
	join(p, w, ada)
	able, err := p.Members.WhoCan(ctx, ada, rbac.DecideApproval, rbac.OnWorkspace(w), page.Request{})
	check(err)
	for _, a := range able.Items {
		fmt.Println(a.Member.Name+":", a.Decision.Why())
	}
	// Output:
	// Ada: role workspace_admin grants it in the whole tenant
	// Rob: role workspace_reviewer grants it in the whole tenant
}

func ExampleService_Shifts() {
	ctx := context.Background()
	p, w, ada := wallet()
	join(p, w, ada)
	narrowed, err := rbac.BuiltIn().With(rbac.Edits{Cells: []rbac.Cell{{Permission: rbac.ViewAudit, Role: rbac.WorkspaceReviewer}}})
	check(err)
	shifts, err := p.Members.Shifts(ctx, ada, w, narrowed, page.Request{})
	check(err)
	for _, s := range shifts.Items {
		fmt.Println(s.Member.Name, "gains", s.Gained, "and loses", s.Lost)
	}
	// Output: Rob gains [] and loses [audit.view]
}
