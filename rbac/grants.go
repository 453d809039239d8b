package rbac

import (
	"slices"

	"github.com/superapp-go/superapp/id"
)

// Facts returns the facts about an object that an account with these grants
// would get from the store: for lists, which show what is open to the caller on
// each of their rows without asking for each.
func (t Target) Facts(account id.Account, grants []Grant) Facts {
	f := Facts{
		Found: true, Owner: t.Owner, Tenant: t.Tenant,
		OwnerStatus: t.OwnerStatus, TenantStatus: t.TenantStatus, MiniProgram: t.MiniProgram,
		Own: account != "" && t.Creator == account,
	}
	for _, g := range grants {
		m := Membership{Member: g.Member, Presence: g.Presence, Role: g.Role, Custom: g.Custom}
		i := slices.IndexFunc(g.Programs, func(h HeldProgram) bool { return h.MiniProgram == t.MiniProgram })
		m.Assigned = i >= 0 && !t.MiniProgram.IsZero()
		switch g.Workspace {
		case t.Owner:
			f.Home = m
			if m.Assigned {
				f.Team = g.Programs[i].Team
			}
		case t.Tenant:
			f.Above = m
		}
	}
	return f
}
