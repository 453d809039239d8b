package rbac

import (
	"math/bits"
	"slices"
)

// A plan is what could be done about one membership. Lesser plans are those
// that [plan.cost] orders first.
type plan struct {
	above      bool    // in the tenant above the owner
	role, team RoleKey // to be given, 0 to keep what is
	assign     bool
}

// leastPlan returns the plan of the least cost that makes the facts allow p.
func (m *Matrix) leastPlan(f Facts, p Permission) (best plan, found bool) {
	var least []int
	for _, pl := range plans(f) {
		after, ok := pl.apply(m, f)
		if !ok || !m.allows(&after, p) {
			continue
		}
		if cost := pl.cost(m, f); !found || slices.Compare(cost, least) < 0 {
			best, least, found = pl, cost, true
		}
	}
	return best, found
}

// plans lists everything that could be tried, sensible or not. A workspace's own
// roles are not among what could be given: the facts do not tell of them.
func plans(f Facts) []plan {
	var all []plan
	for _, above := range [...]bool{false, true} {
		if above && f.Owner == f.Tenant {
			continue
		}
		for role := range RoleKey(len(roleInfos)) {
			if role > 0 && roleInfos[role].Place != f.place(above) {
				continue
			}
			for team := range RoleKey(len(roleInfos)) {
				if team > 0 && roleInfos[team].Place != TeamPlace {
					continue
				}
				all = append(all, plan{above, role, team, false}, plan{above, role, team, true})
			}
		}
	}
	return all
}

// who returns the membership that the plan is about.
func (pl plan) who(f *Facts) *Membership {
	if pl.above {
		return &f.Above
	}
	return &f.Home
}

// place returns the place of the owner, or of the tenant above it.
func (f *Facts) place(above bool) Place {
	if above || f.Owner == f.Tenant {
		return TenantPlace
	}
	return DeveloperPlace
}

// apply returns the facts as they would be, false if the plan breaks a rule or
// repeats what is.
func (pl plan) apply(m *Matrix, f Facts) (Facts, bool) {
	who := pl.who(&f)
	if who.Presence == Absent && pl.role == 0 || who.Presence != Absent && pl.role != 0 && pl.role == who.Role {
		return f, false
	}
	if pl.role != 0 {
		pl.setRole(&f)
	}
	who.Presence = Active
	info := m.Info(*who, f.place(pl.above))
	onTeam := info.Team && !pl.above
	none := f.MiniProgram.IsZero()
	if pl.assign {
		if none || who.Assigned || !pl.takes(info) {
			return f, false
		}
		who.Assigned = true
		if onTeam && info.Assignment == RequiredAssignment && f.Team == 0 {
			f.Team = MiniProgramDeveloper.Key() // P5: one record
		}
	}
	if pl.team != 0 {
		if none || !onTeam || f.Team == pl.team {
			return f, false
		}
		f.Team, who.Assigned = pl.team, true
	}
	return f, true
}

// setRole gives the role and drops what it cannot have (M1, P5).
func (pl plan) setRole(f *Facts) {
	who := pl.who(f)
	if who.Presence == Absent {
		who.Assigned = false
		if !pl.above {
			f.Team = 0
		}
	}
	who.Role, who.Custom = pl.role, nil
	info := roleInfos[pl.role]
	if pl.above {
		who.Assigned = who.Assigned && pl.takes(info)
		return
	}
	if !info.Team {
		f.Team = 0
	}
	who.Assigned = f.Team != 0 || who.Assigned && pl.takes(info)
	if info.Team && info.Assignment == RequiredAssignment && who.Assigned && f.Team == 0 {
		f.Team = MiniProgramDeveloper.Key()
	}
}

// takes reports whether a mini program of the owner may be assigned to a member
// with the role: a required one only in the own workspace (M1).
func (pl plan) takes(info RoleInfo) bool {
	return info.Assignment == OptionalAssignment || info.Assignment == RequiredAssignment && !pl.above
}

// cost orders plans: joining is the most, then two roles at once, a stronger
// role, a stronger team role, an assignment, unblocking, the tenant.
func (pl plan) cost(m *Matrix, f Facts) []int {
	who := pl.who(&f)
	return []int{
		btoi(who.Presence == Absent),
		btoi(pl.role != 0 && pl.team != 0),
		m.strength(pl.role),
		m.strength(pl.team),
		btoi(pl.assign),
		btoi(who.Presence == Blocked),
		btoi(pl.above),
	}
}

// strength counts the permissions that a role has at any scope.
func (m *Matrix) strength(k RoleKey) int {
	all := m.reach[k][relations-1]
	return bits.OnesCount64(all[0]) + bits.OnesCount64(all[1])
}

// steps spells the plan out.
func (pl plan) steps(f Facts) []Step {
	who, place := pl.who(&f), f.place(pl.above)
	var steps []Step
	if who.Presence == Blocked {
		steps = append(steps, Step{Kind: StepUnblock, Place: place})
	}
	switch {
	case who.Presence == Absent:
		steps = append(steps, Step{Kind: StepJoin, Place: place, Role: pl.role.Role()})
	case pl.role != 0:
		steps = append(steps, Step{Kind: StepSetRole, Place: place, Role: pl.role.Role()})
	}
	if pl.assign {
		steps = append(steps, Step{Kind: StepAssign, Place: place})
	}
	if pl.team != 0 {
		steps = append(steps, Step{Kind: StepJoinTeam, Place: TeamPlace, Role: pl.team.Role()})
	}
	return steps
}

// reopen sets the statuses that p needs; false if the workspace is removed.
func (m *Matrix) reopen(f *Facts, p Permission) (steps []Step, ok bool) {
	if !m.lets(f.TenantStatus, p) {
		steps = append(steps, Step{Kind: StepSetStatus, Place: TenantPlace, Status: Verified})
	}
	if f.Owner != f.Tenant && !m.lets(f.OwnerStatus, p) {
		steps = append(steps, Step{Kind: StepSetStatus, Place: DeveloperPlace, Status: Verified})
	}
	if len(steps) > 0 && (f.TenantStatus == Removed || f.OwnerStatus == Removed) {
		return nil, false
	}
	for _, s := range steps {
		if s.Place == TenantPlace {
			f.TenantStatus = s.Status
		}
		if s.Place == f.place(false) {
			f.OwnerStatus = s.Status
		}
	}
	return steps, true
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
