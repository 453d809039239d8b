package rbac

import (
	"fmt"
	"strings"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
)

// Stand-ins for any tenant workspace, a developer workspace under it, and a
// mini program of either.
var (
	anyTenant          = id.Workspace{UUID: id.UUID{1}}
	anyMerchant        = id.Workspace{UUID: id.UUID{2}}
	anyTenantProgram   = id.MiniProgram{UUID: id.UUID{3}}
	anyMerchantProgram = id.MiniProgram{UUID: id.UUID{4}}
)

// checkAdmins notes every role that the admin of a workspace could not grant
// there, unless somebody is named who can (R4).
func (m *Matrix) checkAdmins(bad *fault.Problems) {
	for _, admin := range roleInfos[1:] {
		if !admin.Admin || admin.Place == TeamPlace {
			continue
		}
		for _, role := range roleInfos[1:] {
			if role.Place != admin.Place && role.Place != TeamPlace {
				continue
			}
			over := m.beyond(admin, role, admin.Place)
			if len(over) == 0 {
				continue
			}
			by, named := m.grantedBy[role.Role]
			granter, _ := by.Info()
			switch field := fmt.Sprintf("granted_by[%s]", role.Role); {
			case !named:
				bad.Add(field, "required", fmt.Sprintf("%s does not cover %s: he lacks %s that far; widen his cells, or name who grants the role",
					admin.Role, role.Role, m.list(over)))
			case by == "":
			case !m.mayGrant(granter, role, admin.Place):
				bad.Add(field, "not_allowed", fmt.Sprintf("%s may not grant anything in a %s: he lacks %s there",
					by, placeNames[admin.Place], m.label(granting(role))))
			default:
				if over := m.beyond(granter, role, admin.Place); len(over) > 0 {
					bad.Add(field, "not_allowed", fmt.Sprintf("%s does not cover %s in a %s either: he lacks %s that far",
						by, role.Role, placeNames[admin.Place], m.list(over)))
				}
			}
		}
	}
}

// beyond lists what somebody with the role holds in a workspace beyond the
// granter, both with every kind of mini program their roles can have.
func (m *Matrix) beyond(granter, role RoleInfo, place Place) []Permission {
	f := standing(granter, place)
	var grants []Grant
	if granter.Place == TeamPlace {
		grants = []Grant{{Workspace: f.Owner, Tenant: f.Tenant, Presence: Active,
			Programs: []HeldProgram{{f.MiniProgram, f.Owner, granter.Role.Key()}}}}
	}
	if role.Place == TeamPlace {
		return m.Exceeds(Actor{}, f, grants, 0, []HeldProgram{{f.MiniProgram, f.Owner, role.Role.Key()}})
	}
	var programs []HeldProgram
	if role.Assignment != NoAssignment {
		programs = append(programs, HeldProgram{MiniProgram: f.MiniProgram, Owner: f.Owner})
	}
	if role.Assignment == OptionalAssignment {
		programs = append(programs, HeldProgram{MiniProgram: anyMerchantProgram, Owner: anyMerchant})
	}
	return m.Exceeds(Actor{}, f, grants, role.Role.Key(), programs)
}

// mayGrant reports whether the granter may give the role to people at all.
func (m *Matrix) mayGrant(granter, role RoleInfo, place Place) bool {
	return m.Decide(Actor{}, standing(granter, place), granting(role)).Allowed
}

// granting is the permission by which a role is given.
func granting(role RoleInfo) Permission {
	if role.Place == TeamPlace {
		return ManageTeam
	}
	return InviteMember
}

// standing returns the facts of somebody with the role on a workspace, or on
// a mini program of it.
func standing(role RoleInfo, place Place) Facts {
	f := Facts{Found: true, Owner: anyTenant, Tenant: anyTenant, OwnerStatus: Verified, TenantStatus: Verified, MiniProgram: anyTenantProgram}
	if place == DeveloperPlace {
		f.Owner, f.MiniProgram = anyMerchant, anyMerchantProgram
	}
	switch k := role.Role.Key(); role.Place {
	case TeamPlace:
		f.Home, f.Team = Membership{Presence: Active, Assigned: true}, k
	case place:
		f.Home = Membership{Presence: Active, Role: k}
	case TenantPlace:
		f.Above = Membership{Presence: Active, Role: k}
	}
	return f
}

// list names permissions, the first few of many.
func (m *Matrix) list(ps []Permission) string {
	const most = 5
	var names []string
	for i, p := range ps {
		if i == most {
			names = append(names, fmt.Sprintf("%d more", len(ps)-most))
			break
		}
		names = append(names, m.label(p))
	}
	return strings.Join(names, ", ")
}
