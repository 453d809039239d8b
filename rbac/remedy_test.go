package rbac_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// after makes the steps of a remedy come true.
func after(f rbac.Facts, steps []rbac.Step) rbac.Facts {
	for _, s := range steps {
		who := &f.Home
		above := s.Place == rbac.TenantPlace && f.Owner != f.Tenant
		if above {
			who = &f.Above
		}
		info, _ := who.Role.Role().Info()
		switch s.Kind {
		case rbac.StepSetStatus:
			if s.Place == rbac.TenantPlace {
				f.TenantStatus = s.Status
			}
			if !above {
				f.OwnerStatus = s.Status
			}
		case rbac.StepUnblock:
			who.Presence = rbac.Active
		case rbac.StepJoin:
			*who = rbac.Membership{Presence: rbac.Active, Role: s.Role.Key()}
			if !above {
				f.Team = 0
			}
		case rbac.StepSetRole: // drops what the new role cannot have (M1, P5)
			who.Role = s.Role.Key()
			info, _ := s.Role.Info()
			if !above && !info.Team {
				f.Team = 0
			}
			onTeam := !above && f.Team != 0
			if !onTeam && (info.Assignment == rbac.NoAssignment || above && info.Assignment == rbac.RequiredAssignment) {
				who.Assigned = false
			}
			who.Assigned = who.Assigned || onTeam
			if !above && who.Assigned && info.Team && info.Assignment == rbac.RequiredAssignment && f.Team == 0 {
				f.Team = rbac.MiniProgramDeveloper.Key()
			}
		case rbac.StepAssign:
			who.Assigned = true
			if !above && info.Team && f.Team == 0 {
				f.Team = rbac.MiniProgramDeveloper.Key()
			}
		case rbac.StepJoinTeam:
			if home, _ := f.Home.Role.Role().Info(); home.Team {
				f.Team, f.Home.Assigned = s.Role.Key(), true
			}
		}
	}
	return f
}

// host is a matrix in which some permissions are granted in odd ways: by a team
// role alone, by nobody, on merchants' mini programs only.
func host(t testing.TB) *rbac.Matrix {
	t.Helper()
	m, err := rbac.BuiltIn().With(rbac.Edits{
		Permissions: []rbac.HostPermission{
			{Permission: byTeam, Area: "loyalty", Name: "loyalty.team", Meaning: "team only",
				Cells: map[rbac.Role]rbac.Scope{rbac.MiniProgramAdmin: rbac.Assigned}},
			{Permission: byNobody, Area: "loyalty", Name: "loyalty.nobody", Meaning: "nobody"},
			{Permission: byReviewer, Area: "loyalty", Name: "loyalty.reviewer", Meaning: "reviewers, where assigned", Need: rbac.NeedVerified,
				Cells: map[rbac.Role]rbac.Scope{rbac.WorkspaceReviewer: rbac.Assigned, rbac.WorkspaceAdmin: rbac.InTenant}},
			{Permission: 127, Area: "loyalty", Name: "loyalty.last", Meaning: "the last number",
				Cells: map[rbac.Role]rbac.Scope{rbac.Operator: rbac.Own, rbac.DeveloperAdmin: rbac.InWorkspace}},
		},
		GrantedBy: map[rbac.Role]rbac.Role{rbac.MiniProgramAdmin: rbac.MiniProgramAdmin},
	})
	require.NoError(t, err)
	return m
}

const (
	byTeam = rbac.FirstHostPermission + iota
	byNobody
	byReviewer
)

func TestRemedyAllows(t *testing.T) {
	t.Parallel()
	m, someone := host(t), rbac.User("u-42")
	for _, p := range m.Permissions() {
		t.Run(m.Name(p), func(t *testing.T) {
			t.Parallel()
			n, impossible := 0, 0
			for f := range everyFacts {
				// Why every 23rd: prime to the numbers of roles and statuses, so
				// that all of them meet, at a fraction of the time.
				if n++; n%23 != 0 {
					continue
				}
				d := m.Decide(someone, f, p)
				r := d.Remedy()
				switch {
				case d.Allowed:
					require.Empty(t, r.Steps)
					require.False(t, r.Impossible)
				case r.Impossible:
					impossible++
					require.Empty(t, r.Steps)
					if f.OwnerStatus != rbac.Removed && f.TenantStatus != rbac.Removed {
						requireNobodyMay(t, m, f, p)
					}
				default:
					if !m.Decide(someone, after(f, r.Steps), p).Allowed {
						require.Fail(t, "the remedy does not help", "%+v\n%s", f, r)
					}
					requireLeast(t, m, f, p, r)
				}
			}
			require.Equal(t, p == byNobody || m.Need(p) != rbac.NeedNothing, impossible > 0)
		})
	}
}

// requireNobodyMay fails if anybody could hold the permission on the object.
func requireNobodyMay(t *testing.T, m *rbac.Matrix, f rbac.Facts, p rbac.Permission) {
	t.Helper()
	f.OwnerStatus, f.TenantStatus = rbac.Verified, rbac.Verified
	for _, r := range rbac.Roles() {
		for team := range rbac.RoleKey(11) {
			g := f
			g.Home, g.Team = rbac.Membership{Presence: rbac.Active, Role: r.Role.Key(), Assigned: true}, team
			if f.Owner == f.Tenant == (r.Place == rbac.TenantPlace) && r.Place != rbac.TeamPlace && (r.Team || team == 0) {
				require.False(t, m.Decide(rbac.User("u-42"), g, p).Allowed, "%+v", g)
			}
		}
	}
}

// requireLeast fails if less would do: one step fewer, or a step of a smaller
// kind instead of the last.
func requireLeast(t *testing.T, m *rbac.Matrix, f rbac.Facts, p rbac.Permission, r rbac.Remedy) {
	t.Helper()
	helps := func(steps []rbac.Step) bool { return m.Decide(rbac.User("u-42"), after(f, steps), p).Allowed }
	var statuses []rbac.Step
	give := rbac.StepKind(0)
	for i, s := range r.Steps {
		less := append(append([]rbac.Step(nil), r.Steps[:i]...), r.Steps[i+1:]...)
		if s.Kind == rbac.StepJoin || s.Kind == rbac.StepUnblock && len(r.Steps) > i+1 {
			less = r.Steps[:i] // nothing else can be done with somebody who is not there
		}
		require.False(t, helps(less), "%+v\n%s\nwithout %s", f, r, s)
		if s.Kind == rbac.StepSetStatus {
			statuses = append(statuses, s)
		}
		if s.Kind > rbac.StepUnblock && give == 0 {
			give = s.Kind
		}
	}
	owner := rbac.TenantPlace
	if f.Owner != f.Tenant {
		owner = rbac.DeveloperPlace
	}
	try := func(who rbac.Membership, place rbac.Place, more ...rbac.Step) {
		t.Helper()
		steps := append([]rbac.Step(nil), statuses...)
		if who.Presence == rbac.Blocked {
			steps = append(steps, rbac.Step{Kind: rbac.StepUnblock, Place: place})
		}
		steps = append(steps, more...)
		if helps(steps) {
			require.Fail(t, "less would do", "%+v\n%s\n%+v", f, r, steps)
		}
	}
	home, _ := f.Home.Role.Role().Info()
	tenant, _ := f.Above.Role.Role().Info()
	if give > rbac.StepUnblock {
		if f.Home.Presence == rbac.Blocked {
			try(f.Home, owner)
		}
		if f.Above.Presence == rbac.Blocked {
			try(f.Above, rbac.TenantPlace)
		}
	}
	if give == rbac.StepJoinTeam || give == rbac.StepSetRole || give == rbac.StepJoin {
		if f.Home.Presence != rbac.Absent && home.Assignment != rbac.NoAssignment {
			try(f.Home, owner, rbac.Step{Kind: rbac.StepAssign, Place: owner})
		}
		if f.Above.Presence != rbac.Absent && tenant.Assignment == rbac.OptionalAssignment {
			try(f.Above, rbac.TenantPlace, rbac.Step{Kind: rbac.StepAssign, Place: rbac.TenantPlace})
		}
	}
	if give == rbac.StepSetRole || give == rbac.StepJoin {
		for _, team := range []rbac.Role{rbac.MiniProgramDeveloper, rbac.MiniProgramAdmin} {
			if f.Home.Presence != rbac.Absent && home.Team {
				try(f.Home, owner, rbac.Step{Kind: rbac.StepJoinTeam, Place: rbac.TeamPlace, Role: team})
			}
		}
	}
	if give == rbac.StepJoin {
		for _, role := range rbac.Roles() {
			if role.Place == owner && f.Home.Presence != rbac.Absent {
				try(f.Home, owner, rbac.Step{Kind: rbac.StepSetRole, Place: owner, Role: role.Role})
			}
			if role.Place == rbac.TenantPlace && owner != rbac.TenantPlace && f.Above.Presence != rbac.Absent {
				try(f.Above, rbac.TenantPlace, rbac.Step{Kind: rbac.StepSetRole, Place: rbac.TenantPlace, Role: role.Role})
			}
		}
	}
}

func TestRemedyWeakestRole(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		facts      rbac.Facts
		permission rbac.Permission
		want       string
	}{
		{"developer may not block", onMerchantProgram(rbac.Developer, rbac.MiniProgramDeveloper, true), rbac.BlockMember,
			"give the member the role developer_admin"},
		{"developer without the mini program", onMerchantProgram(rbac.Developer, "", false), rbac.UploadVersion,
			"assign the mini program to the member"},
		{"developer on the team may become its admin", onMerchantProgram(rbac.Developer, rbac.MiniProgramDeveloper, true), rbac.SubmitVersion,
			"make the member mini_program_admin on its team"},
		{"operator who has it gets the developer's role", onMerchantProgram(rbac.Operator, "", true), rbac.UploadVersion,
			"give the member the role developer"},
		{"operator who has it not gets role and assignment", onMerchantProgram(rbac.Operator, "", false), rbac.UploadVersion,
			"give the member the role developer, then assign the mini program to the member"},
		{"stranger", onMerchantProgram("", "", false), rbac.UploadVersion,
			"have the caller join the object's workspace, if there is one, with a role that grants it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.facts.Home.Role == 0 {
				c.facts.Home = rbac.Membership{}
			}
			require.Equal(t, c.want, rbac.BuiltIn().Decide(rbac.User("u-42"), c.facts, c.permission).Remedy().String())
		})
	}
}

func TestRemedyOnWorkspaceAssignsNothing(t *testing.T) {
	t.Parallel()
	f := onMerchantProgram(rbac.Developer, "", false)
	f.MiniProgram = id.MiniProgram{}
	r := rbac.BuiltIn().Decide(rbac.User("u-42"), f, rbac.ViewVersion).Remedy()
	require.Equal(t, []rbac.Step{{Kind: rbac.StepSetRole, Place: rbac.DeveloperPlace, Role: rbac.DeveloperAdmin}}, r.Steps)
}
