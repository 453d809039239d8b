package member

import (
	"fmt"
	"slices"
	"strings"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// MaxPrograms is the greatest number of mini programs assigned to one member.
const MaxPrograms = 500

// checkRole notes a problem unless the role is one that members of the
// workspace can have.
func checkRole(p *fault.Problems, role rbac.Role, owner, tenant id.Workspace) (rbac.RoleInfo, bool) {
	place := placeOf(owner, tenant)
	info, ok := role.Info()
	switch {
	case !ok:
		p.Add("role", "unknown", fmt.Sprintf("no such role%s; want one of %s, or the code of an own role", quoted(role), rolesOf(place)))
	case info.Place != place:
		p.Add("role", "not_allowed", fmt.Sprintf("%s is not a role of this kind of workspace; want one of %s", role, rolesOf(place)))
	default:
		return info, true
	}
	return info, false
}

// quoted returns a name for the text of an error, if it could be one: what stands in
// its place in a file may be an address.
func quoted(role rbac.Role) string {
	if !isCode(role) {
		return ""
	}
	return fmt.Sprintf(": %.40q", string(role))
}

// placeOf returns the kind of a workspace.
func placeOf(owner, tenant id.Workspace) rbac.Place {
	if owner == tenant {
		return rbac.TenantPlace
	}
	return rbac.DeveloperPlace
}

// rolesOf lists the built-in roles of a place.
func rolesOf(place rbac.Place) string {
	var names []string
	for _, info := range rbac.Roles() {
		if info.Place == place {
			names = append(names, string(info.Role))
		}
	}
	return strings.Join(names, ", ")
}

// assign returns what a member with the role holds when the wanted mini
// programs are assigned to him, and notes everything that M1 forbids. Of what
// he has, team roles on them stay.
func assign(p *fault.Problems, info rbac.RoleInfo, owner, tenant id.Workspace, wanted []id.MiniProgram, found []Program, has []rbac.HeldProgram) []rbac.HeldProgram {
	const field = "mini_programs"
	switch {
	case info.Assignment == rbac.NoAssignment && len(wanted) > 0:
		p.Add(field, "not_allowed", fmt.Sprintf("%s has no assigned mini programs", info.Role))
		return nil
	case info.Assignment == rbac.RequiredAssignment && len(wanted) == 0:
		p.Add(field, "required", fmt.Sprintf("%s needs at least one assigned mini program", info.Role))
		return nil
	}
	var held []rbac.HeldProgram
	for n, w := range wanted {
		at := fmt.Sprintf("%s[%d]", field, n)
		i, there := slices.BinarySearchFunc(found, w, func(f Program, w id.MiniProgram) int { return f.ID.Compare(w.UUID) })
		foreign := !there || found[i].Tenant != tenant ||
			found[i].Owner != owner && !(info.Place == rbac.TenantPlace && info.Assignment == rbac.OptionalAssignment)
		switch {
		case foreign:
			p.Add(at, "unknown", fmt.Sprintf("no mini program that %s can be assigned to", info.Role))
		case found[i].Archived && !holds(has, w):
			p.Add(at, "not_allowed", "the mini program was removed")
		case !holds(held, w):
			held = append(held, hold(info, owner, found[i], has))
		}
	}
	slices.SortFunc(held, func(a, b rbac.HeldProgram) int { return a.MiniProgram.Compare(b.MiniProgram.UUID) })
	return held
}

func holds(held []rbac.HeldProgram, p id.MiniProgram) bool {
	return slices.ContainsFunc(held, func(h rbac.HeldProgram) bool { return h.MiniProgram == p })
}

// hold returns how a member of the workspace owner with the role holds an assigned
// mini program: roles that may be on teams join the team of their own workspace's (P5).
func hold(info rbac.RoleInfo, owner id.Workspace, f Program, has []rbac.HeldProgram) rbac.HeldProgram {
	h := rbac.HeldProgram{MiniProgram: f.ID, Owner: f.Owner}
	if !info.Team || f.Owner != owner {
		return h
	}
	h.Team = rbac.MiniProgramDeveloper.Key()
	if i := slices.IndexFunc(has, func(x rbac.HeldProgram) bool { return x.MiniProgram == f.ID }); i >= 0 && has[i].Team != 0 {
		h.Team = has[i].Team
	}
	return h
}

// reassign returns what a present member holds after a change of role: his
// assigned mini programs are the wanted ones. An admin has none, but stays on
// the teams he is on; a role that may not be on teams leaves them (P5).
func reassign(p *fault.Problems, info rbac.RoleInfo, owner, tenant id.Workspace, wanted []id.MiniProgram, found []Program, has []rbac.HeldProgram) []rbac.HeldProgram {
	held := assign(p, info, owner, tenant, wanted, found, has)
	if info.Assignment != rbac.NoAssignment || !info.Team {
		return held
	}
	for _, h := range has {
		if h.Team != 0 {
			held = append(held, h)
		}
	}
	return held
}
