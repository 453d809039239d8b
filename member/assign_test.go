package member_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// programs are the mini programs that the table of M1 speaks of, as seen from
// the role's own workspace.
type programs struct {
	own, below, above, beside, foreign, missing, archived id.MiniProgram
}

func makePrograms(t *testing.T, k *superapptest.Kit, place rbac.Place) programs {
	p := programs{
		own: k.App, below: k.Shop, above: k.App,
		beside:  merchant(t, k, k.Tenant, tenantAdmin, "beside").Program,
		foreign: rival(t, k).Program,
		missing: id.MiniProgram{UUID: unknown()},
	}
	if place == rbac.DeveloperPlace {
		p.own, p.archived = k.Shop, k.Create(rbac.DeveloperAdmin, k.Merchant, "Old Shop")
	} else {
		p.archived = k.Create(rbac.WorkspaceAdmin, k.Tenant, "Old App")
	}
	archive(t, k, p.archived)
	return p
}

// TestAssignment: which mini programs a role takes, at the invitation and at a
// change of role alike (M1). "" means that it is done, anything else is the
// reason of the problem.
func TestAssignment(t *testing.T) {
	t.Parallel()
	const no, must, who = "not_allowed", "required", "unknown"
	for _, tt := range []struct {
		role rbac.Role
		none, own, twice, twoOwn, below, above, beside, foreign, missing, archived,
		mixed string // an own one and one that does not exist
	}{
		{rbac.WorkspaceAdmin, "", no, no, no, no, no, no, no, no, no, no},
		{rbac.WorkspaceReviewer, "", "", "", "", "", "", "", who, who, no, who},
		{rbac.WorkspaceDeveloper, must, "", "", "", who, "", who, who, who, no, who},
		{rbac.WorkspaceOperator, "", "", "", "", "", "", "", who, who, no, who},
		{rbac.MiniProgramInspector, "", no, no, no, no, no, no, no, no, no, no},
		{rbac.DeveloperAdmin, "", no, no, no, no, no, no, no, no, no, no},
		{rbac.Developer, must, "", "", "", "", who, who, who, who, no, who},
		{rbac.Operator, must, "", "", "", "", who, who, who, who, no, who},
	} {
		t.Run(string(tt.role), func(t *testing.T) {
			t.Parallel()
			k := kit(t, nil)
			info, _ := tt.role.Info()
			w, by, present := k.Tenant, tenantAdmin, k.Join(rbac.WorkspaceReviewer, "present")
			second := k.Create(rbac.WorkspaceAdmin, k.Tenant, "Second App")
			if info.Place == rbac.DeveloperPlace {
				w, by, present = k.Merchant, merchantAdmin, k.Join(rbac.Developer, "present-too")
				second = k.Create(rbac.DeveloperAdmin, k.Merchant, "Second Shop")
			}
			p := makePrograms(t, k, info.Place)
			for _, c := range []struct {
				name     string
				programs []id.MiniProgram
				want     string
			}{
				{"none", nil, tt.none},
				{"an own one", []id.MiniProgram{p.own}, tt.own},
				{"an own one twice", []id.MiniProgram{p.own, p.own}, tt.twice},
				{"two own ones", []id.MiniProgram{second, p.own}, tt.twoOwn},
				{"a merchant's", []id.MiniProgram{p.below}, tt.below},
				{"the tenant's", []id.MiniProgram{p.above}, tt.above},
				{"another merchant's", []id.MiniProgram{p.beside}, tt.beside},
				{"another tenant's", []id.MiniProgram{p.foreign}, tt.foreign},
				{"one that does not exist", []id.MiniProgram{p.missing}, tt.missing},
				{"an archived one", []id.MiniProgram{p.archived}, tt.archived},
				{"an own one and one that does not exist", []id.MiniProgram{p.own, p.missing}, tt.mixed},
			} {
				name := c.name + " is done"
				if c.want != "" {
					name = c.name + " is refused as " + c.want
				}
				check := func(t *testing.T, m member.Member, err error) {
					t.Helper()
					if c.want != "" {
						field := "mini_programs"
						if c.want != must && info.Assignment != rbac.NoAssignment {
							field = fmt.Sprintf("mini_programs[%d]", len(c.programs)-1)
						}
						requireProblem(t, err, field, c.want)
						return
					}
					require.NoError(t, err)
					require.Equal(t, tt.role, m.Role)
					require.Equal(t, m, get(t, k, m.ID).Member)
					require.ElementsMatch(t, dedup(c.programs), m.Assigned())
					if !info.Admin { // who stays on the teams he is on
						require.Equal(t, held(m), m.Assigned())
					}
					for i, h := range m.Programs {
						want := rbac.Role("")
						if info.Team {
							want = rbac.MiniProgramDeveloper
						}
						require.Equal(t, want, h.Team.Role(), "assigning adds to the team whoever may be on it (P5)")
						require.True(t, i == 0 || m.Programs[i-1].MiniProgram.Compare(h.MiniProgram.UUID) < 0, "in the order of their ids")
					}
				}
				t.Run("inviting with "+name, func(t *testing.T) {
					m, _, err := k.Members.Invite(t.Context(), by, member.Invite{
						Workspace: w, Email: strings.ReplaceAll(c.name, " ", "") + "@people.example", Name: "New", Role: tt.role, MiniPrograms: c.programs,
					})
					check(t, m, err)
				})
				t.Run("a role with "+name, func(t *testing.T) {
					m, err := k.Members.SetRole(t.Context(), by, present.ID, member.SetRole{Role: tt.role, MiniPrograms: c.programs})
					check(t, m, err)
				})
			}
		})
	}
}

// requireProblem fails unless the error is one problem with a field.
func requireProblem(t *testing.T, err error, field, reason string) {
	t.Helper()
	var invalid *fault.InvalidError
	require.ErrorAs(t, err, &invalid)
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.Len(t, invalid.Problems, 1)
	require.Equal(t, field, invalid.Problems[0].Field)
	require.Equal(t, reason, invalid.Problems[0].Reason)
}

func held(m member.Member) (programs []id.MiniProgram) {
	for _, h := range m.Programs {
		programs = append(programs, h.MiniProgram)
	}
	return programs
}

func dedup(programs []id.MiniProgram) (unique []id.MiniProgram) {
	seen := make(map[id.MiniProgram]bool)
	for _, p := range programs {
		if !seen[p] {
			seen[p] = true
			unique = append(unique, p)
		}
	}
	return unique
}

// TestRoleOfPlace: a workspace has the roles of its kind, and no other.
func TestRoleOfPlace(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	for place, w := range map[rbac.Place]struct {
		id      id.Workspace
		by      rbac.Actor
		program id.MiniProgram
		present id.Member
	}{
		rbac.TenantPlace:    {k.Tenant, tenantAdmin, k.App, k.Member(rbac.WorkspaceReviewer).ID},
		rbac.DeveloperPlace: {k.Merchant, merchantAdmin, k.Shop, k.Member(rbac.Operator).ID},
	} {
		for _, info := range append(rbac.Roles(), rbac.RoleInfo{Role: "emperor"}, rbac.RoleInfo{Role: ""}, rbac.RoleInfo{Role: "Developer"}) {
			if info.Place == place {
				continue
			}
			want := "not_allowed"
			if info.Place == 0 {
				want = "unknown"
			}
			t.Run(string(info.Role)+" is refused as "+want, func(t *testing.T) {
				_, _, err := k.Members.Invite(t.Context(), w.by, member.Invite{
					Workspace: w.id, Email: "new@people.example", Name: "New", Role: info.Role, MiniPrograms: []id.MiniProgram{w.program},
				})
				requireProblem(t, err, "role", want)
				_, err = k.Members.SetRole(t.Context(), w.by, w.present, member.SetRole{Role: info.Role})
				requireProblem(t, err, "role", want)
			})
		}
	}
}

// TestForeignPrograms: a mini program of another tenant answers like one that
// does not exist, and so does one of another workspace that a merchant asks
// about (S4).
func TestForeignPrograms(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	p := makePrograms(t, k, rbac.DeveloperPlace)
	ask := func(by rbac.Actor, w id.Workspace, role rbac.Role, present id.Member, program id.MiniProgram) [2]string {
		t.Helper()
		_, _, err := k.Members.Invite(t.Context(), by, member.Invite{
			Workspace: w, Email: "new@people.example", Name: "New", Role: role, MiniPrograms: []id.MiniProgram{program},
		})
		require.ErrorIs(t, err, fault.ErrInput)
		_, err2 := k.Members.SetRole(t.Context(), by, present, member.SetRole{Role: role, MiniPrograms: []id.MiniProgram{program}})
		require.ErrorIs(t, err2, fault.ErrInput)
		return [2]string{err.Error(), err2.Error()}
	}
	developer, reviewer := k.Member(rbac.Developer).ID, k.Member(rbac.WorkspaceReviewer).ID
	want := ask(merchantAdmin, k.Merchant, rbac.Developer, developer, p.missing)
	for _, foreign := range []id.MiniProgram{p.foreign, p.beside, k.App} {
		require.Equal(t, want, ask(merchantAdmin, k.Merchant, rbac.Developer, developer, foreign))
	}
	want = ask(tenantAdmin, k.Tenant, rbac.WorkspaceReviewer, reviewer, p.missing)
	require.Equal(t, want, ask(tenantAdmin, k.Tenant, rbac.WorkspaceReviewer, reviewer, p.foreign))
}

func TestTooManyPrograms(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	many := make([]id.MiniProgram, member.MaxPrograms+1)
	_, _, err := k.Members.Invite(t.Context(), tenantAdmin, member.Invite{
		Workspace: k.Tenant, Email: "new@people.example", Name: "New", Role: rbac.WorkspaceReviewer, MiniPrograms: many,
	})
	requireProblem(t, err, "mini_programs", "too_long")
	_, err = k.Members.SetRole(t.Context(), tenantAdmin, k.Member(rbac.WorkspaceReviewer).ID, member.SetRole{Role: rbac.WorkspaceReviewer, MiniPrograms: many})
	requireProblem(t, err, "mini_programs", "too_long")
}

// TestSetRoleDrops: a change of role drops what the new role cannot have, and
// keeps what it can (M1, P5).
func TestSetRoleDrops(t *testing.T) {
	t.Parallel()
	type row struct {
		program id.MiniProgram
		team    rbac.Role
	}
	rows := func(m member.Member) (rows []row) {
		for _, h := range m.Programs {
			rows = append(rows, row{h.MiniProgram, h.Team.Role()})
		}
		return rows
	}
	k := kit(t, nil)
	ctx := t.Context()
	// Why a tenant's developer: he may create, and so leads a team.
	dev := k.Member(rbac.WorkspaceDeveloper)
	made, err := k.MiniPrograms.Create(ctx, k.As(rbac.WorkspaceDeveloper), miniprogram.Create{
		Workspace: k.Tenant, Type: miniprogram.DSL, Language: "en", Name: "Made by Dev",
	})
	require.NoError(t, err)
	require.Equal(t, []row{{k.App, rbac.MiniProgramDeveloper}, {made.ID, rbac.MiniProgramAdmin}}, rows(get(t, k, dev.ID).Member))
	set := func(role rbac.Role, programs ...id.MiniProgram) member.Member {
		t.Helper()
		m, err := k.Members.SetRole(ctx, tenantAdmin, dev.ID, member.SetRole{Role: role, MiniPrograms: programs})
		require.NoError(t, err)
		require.Equal(t, m, get(t, k, dev.ID).Member)
		return m
	}

	m := set(rbac.WorkspaceDeveloper, made.ID)
	require.Equal(t, []row{{made.ID, rbac.MiniProgramAdmin}}, rows(m), "the team role stays, the other one is dropped")

	m = set(rbac.WorkspaceAdmin)
	require.Equal(t, []row{{made.ID, rbac.MiniProgramAdmin}}, rows(m), "an admin stays on his teams")
	require.Empty(t, m.Assigned(), "but nothing is assigned to him")

	m = set(rbac.WorkspaceReviewer, made.ID, k.Shop)
	require.Equal(t, []row{{k.Shop, ""}, {made.ID, ""}}, rows(m), "a reviewer is on no team, and may have a merchant's")
	require.Len(t, m.Assigned(), 2)

	m = set(rbac.WorkspaceDeveloper, made.ID)
	require.Equal(t, []row{{made.ID, rbac.MiniProgramDeveloper}}, rows(m), "the team role is not remembered")

	m = set(rbac.MiniProgramInspector)
	require.Empty(t, rows(m), "an inspector has nothing")
	require.ErrorIs(t, k.Access.Check(ctx, rbac.User(m.Account), rbac.UploadVersion, rbac.OnMiniProgram(made.ID)), rbac.ErrDenied)
}

// TestArchivedProgram: archiving an assigned mini program invalidates nobody
// (M1).
func TestArchivedProgram(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	ctx := t.Context()
	active, blocked := k.Join(rbac.Developer, "active"), k.Join(rbac.Developer, "blocked")
	_, err := k.Members.Block(ctx, merchantAdmin, blocked.ID, "")
	require.NoError(t, err)
	_, token := k.Invite(rbac.Developer, "invited")
	resent, _ := k.Invite(rbac.Developer, "resent")
	archive(t, k, k.Shop)

	require.Equal(t, active, get(t, k, active.ID).Member)
	_, err = k.Members.Unblock(ctx, merchantAdmin, blocked.ID)
	require.NoError(t, err)
	m, err := k.Members.Accept(ctx, token, superapptest.Person("invited"))
	require.NoError(t, err)
	require.Equal(t, []id.MiniProgram{k.Shop}, m.Assigned())
	_, token, err = k.Members.Resend(ctx, merchantAdmin, resent.ID)
	require.NoError(t, err)
	_, err = k.Members.Accept(ctx, token, superapptest.Person("resent"))
	require.NoError(t, err)
	_, err = k.Members.SetRole(ctx, merchantAdmin, active.ID, member.SetRole{Role: rbac.Operator, MiniPrograms: []id.MiniProgram{k.Shop}})
	require.NoError(t, err, "he keeps what he has")
	_, err = k.Members.Delete(ctx, merchantAdmin, active.ID, "")
	require.NoError(t, err)
}
