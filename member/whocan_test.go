package member_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/role"
	"github.com/superapp-go/superapp/superapptest"
)

// able reads WhoCan to its end, in pages of two: they may be short.
func able(t *testing.T, k *superapptest.Kit, actor rbac.Actor, p rbac.Permission, on rbac.Object) (all []member.Able) {
	t.Helper()
	for req := (page.Request{Size: 2}); ; {
		got, err := k.Members.WhoCan(t.Context(), actor, p, on, req)
		require.NoError(t, err)
		require.LessOrEqual(t, len(got.Items), 2)
		all = append(all, got.Items...)
		if got.Next == "" {
			return all
		}
		req.After = got.Next
	}
}

// randomScopes are cells that a role of a workspace can have.
func randomScopes(r *rand.Rand, m *rbac.Matrix, a rbac.Assignment, tenant bool) map[rbac.Permission]rbac.Scope {
	cells := map[rbac.Permission]rbac.Scope{}
	for _, p := range m.Permissions() {
		from := []rbac.Scope{rbac.None, rbac.None, rbac.Own, rbac.InWorkspace}
		if a != rbac.NoAssignment {
			from = append(from, rbac.Assigned, rbac.Assigned)
		}
		if tenant {
			from = append(from, rbac.InTenant)
		}
		if rbac.ViewDeveloperWorkspace <= p && p <= rbac.RemoveDeveloperWorkspace {
			from = []rbac.Scope{rbac.None}
		}
		cells[p] = from[r.IntN(len(from))]
	}
	return cells
}

// populate makes own roles by chance in both workspaces, and members with them,
// some of whom are in both, are blocked, are on teams, or have made something.
func populate(t *testing.T, k *superapptest.Kit, r *rand.Rand) (accounts []id.Account, objects []rbac.Object) {
	t.Helper()
	ctx := t.Context()
	programs := map[id.Workspace][]id.MiniProgram{k.Tenant: {k.App}, k.Merchant: {k.Shop}}
	objects = []rbac.Object{rbac.OnWorkspace(k.Tenant), rbac.OnWorkspace(k.Merchant), rbac.OnMiniProgram(k.App), rbac.OnMiniProgram(k.Shop),
		rbac.OnMember(k.Member(rbac.Developer).ID)}
	for n, w := range []id.Workspace{k.Tenant, k.Merchant} {
		for i := range 3 {
			a := rbac.Assignment(i)
			own, err := k.Roles.Create(ctx, superapptest.System, w, role.Create{Code: rbac.Role(fmt.Sprintf("own_%d", i)),
				Edit: role.Edit{Name: "Own", Assignment: a, Cells: randomScopes(r, rbac.BuiltIn(), a, n == 0)}})
			require.NoError(t, err)
			objects = append(objects, rbac.OnRole(own.ID))
			for j := range 3 {
				// The first person of each role is in both workspaces.
				handle := fmt.Sprintf("p%d%d", i, j)
				if j > 0 {
					handle = fmt.Sprintf("p%d%d%d", n, i, j)
				}
				in := member.Invite{Workspace: w, Email: handle + "@people.example", Name: handle, Role: own.Code}
				if a != rbac.NoAssignment {
					in.MiniPrograms = programs[w]
				}
				_, token, err := k.Members.Invite(ctx, superapptest.System, in)
				require.NoError(t, err)
				m, err := k.Members.Accept(ctx, token, superapptest.Person(handle))
				require.NoError(t, err)
				accounts = append(accounts, m.Account)
				if made, err := k.MiniPrograms.Create(ctx, rbac.User(m.Account), miniprogram.Create{
					Workspace: w, Type: miniprogram.DSL, Language: "en", Name: "Made by " + handle + fmt.Sprint(n)}); err == nil {
					objects = append(objects, rbac.OnMiniProgram(made.ID))
				}
				if j == 2 && r.IntN(2) == 0 {
					_, err = k.Members.Block(ctx, superapptest.System, m.ID, "")
					require.NoError(t, err)
				}
			}
		}
	}
	for _, info := range rbac.Roles() {
		if info.Place != rbac.TeamPlace {
			accounts = append(accounts, superapptest.Account(info.Role))
		}
	}
	return append(accounts, "nobody"), objects
}

// R3, R4: check, batch, explanation, WhatCan, list filter and WhoCan say the same
// of everybody, own roles included.
func TestEveryAnswerIsTheSame(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{NoRerun: true}, func(t *testing.T, k *superapptest.Kit) {
		r := rand.New(rand.NewPCG(6, 26))
		accounts, objects := populate(t, k, r)
		ctx, m := t.Context(), rbac.BuiltIn()
		may := map[rbac.Object]map[rbac.Permission]map[id.Account]bool{}
		for _, on := range objects {
			may[on] = map[rbac.Permission]map[id.Account]bool{}
			for _, p := range m.Permissions() {
				may[on][p] = map[id.Account]bool{}
			}
			for _, a := range accounts {
				what, err := k.Access.WhatCan(ctx, rbac.User(a), on)
				require.NoError(t, err)
				asks := make([]rbac.Ask, len(what))
				for i, d := range what {
					asks[i] = rbac.Ask{Permission: d.Permission, Object: on}
					if d.Allowed {
						may[on][d.Permission][a] = true
					}
				}
				batch, err := k.Access.CheckAll(ctx, rbac.User(a), asks)
				require.NoError(t, err)
				for i, d := range batch {
					require.Equal(t, what[i].String(), d.String())
				}
				p := asks[r.IntN(len(asks))].Permission
				explained, err := k.Access.Explain(ctx, rbac.User(a), p, on)
				require.NoError(t, err)
				require.Equal(t, may[on][p][a], explained.Allowed)
				require.Equal(t, explained.Allowed, k.Access.Check(ctx, rbac.User(a), p, on) == nil)
			}
		}
		for _, on := range objects {
			for range 12 {
				p := m.Permissions()[r.IntN(len(m.Permissions()))]
				can := map[id.Account]bool{}
				for _, x := range able(t, k, superapptest.System, p, on) {
					require.True(t, x.Decision.Allowed)
					can[x.Member.Account] = true
				}
				require.Equal(t, may[on][p], can, "who can %s on %s %s", p, on.Kind, on.ID)
			}
		}
		for _, a := range accounts {
			listed := map[rbac.Object]bool{}
			seen := testkit.Pages(t, 3, func(req page.Request) (page.Page[miniprogram.Details], error) {
				return k.MiniPrograms.List(ctx, rbac.User(a), miniprogram.Filter{}, req)
			})
			for _, s := range seen {
				listed[rbac.OnMiniProgram(s.ID)] = true
			}
			for _, on := range objects {
				if on.Kind == rbac.KindMiniProgram {
					require.Equal(t, may[on][rbac.ViewMiniProgram][a], listed[on], "%s sees %s", a, on.ID)
				}
			}
		}
	})
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
		names(able(t, k, k.As(rbac.DeveloperAdmin), rbac.ViewQRCode, on)), "the merchant's admin sees his own people")
	require.Equal(t, []string{"developer_admin: role developer_admin grants it in the whole workspace", "workspace_admin: tenant role workspace_admin grants it in the whole tenant"},
		names(able(t, k, superapptest.System, rbac.ViewQRCode, on)))
	_, err := k.Members.WhoCan(t.Context(), k.As(rbac.Developer), rbac.ViewQRCode, on, page.Request{})
	require.ErrorIs(t, err, rbac.ErrDenied)
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
