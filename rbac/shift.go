package rbac

import (
	"slices"

	"github.com/superapp-go/superapp/id"
)

// A Shift is what a change of the matrix, or of an own role, gives to somebody
// and takes from him, by the names of the permissions. One may be in both: he
// gains it on some objects and loses it on others.
type Shift struct {
	Gained, Lost []string
}

// Empty reports whether nothing changes.
func (s Shift) Empty() bool { return len(s.Gained)+len(s.Lost) == 0 }

// ShiftOf compares what a membership gives by two matrices, or what two forms of
// it give by one: on what he created and what others did, on the mini programs
// that he holds and on others, of his own workspace and of a merchant's under it.
// It is the evaluator that is asked. Statuses are left aside, a block too: it is
// what the member would have. The order is that of the first matrix, what only
// the second knows comes last.
func ShiftOf(first *Matrix, before Grant, second *Matrix, after Grant) (s Shift) {
	names := make([]string, 0, lastPermission)
	numbers := make(map[string][2]Permission, lastPermission)
	for i, m := range [...]*Matrix{first, second} {
		for _, p := range m.Permissions() {
			n, seen := numbers[m.rows[p].Name]
			if !seen {
				names = append(names, m.rows[p].Name)
			}
			n[i] = p
			numbers[m.rows[p].Name] = n
		}
	}
	had, has := before.anywhere(), after.anywhere()
	for _, name := range names {
		var gained, lost bool
		for i := range had {
			was, is := first.allows(&had[i], numbers[name][0]), second.allows(&has[i], numbers[name][1])
			gained, lost = gained || is && !was, lost || was && !is
		}
		if gained {
			s.Gained = append(s.Gained, name)
		}
		if lost {
			s.Lost = append(s.Lost, name)
		}
	}
	return s
}

// anywhere returns the facts of the membership on an object of each kind that a
// decision tells apart. Both forms of one membership give as many.
func (g Grant) anywhere() []Facts {
	const holder, another id.Account = "holder", "another"
	g.Presence = Active
	target := Target{Owner: g.Workspace, Tenant: g.Tenant, OwnerStatus: Verified, TenantStatus: Verified, MiniProgram: anyTenantProgram}
	targets := []Target{target}
	if g.Workspace == g.Tenant {
		target.Owner, target.MiniProgram = anyMerchant, anyMerchantProgram
		targets = append(targets, target)
	}
	for _, h := range g.Programs {
		target.Owner, target.MiniProgram = h.Owner, h.MiniProgram
		targets = append(targets, target)
	}
	all := make([]Facts, 0, 2*len(targets))
	for _, t := range targets {
		for _, t.Creator = range [...]id.Account{another, holder} {
			all = append(all, t.Facts(holder, []Grant{g}))
		}
	}
	return all
}

// Grantors returns the roles of which a cell, or a place on a team, may give the
// permission: the built-in ones, and those of the own ones that are given. For a
// list of who may do something, which need not look at anybody else.
func (m *Matrix) Grantors(p Permission, own []*Custom) (roles []Role) {
	team := m.cell(MiniProgramAdmin.Key(), p) != None || m.cell(MiniProgramDeveloper.Key(), p) != None
	for _, info := range roleInfos[1:] {
		if info.Place != TeamPlace && (m.cell(info.Role.Key(), p) != None || team && info.Team) {
			roles = append(roles, info.Role)
		}
	}
	for _, c := range own {
		if c.Scope(m, p) != None || team && c.Info(m, 0).Team {
			roles = append(roles, c.code)
		}
	}
	return slices.Clip(roles)
}
