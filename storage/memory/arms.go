package memory

import (
	"cmp"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// An arm is a part of a filter, narrowed by a query: what was created by
// somebody in a workspace or under a tenant; zero means any.
type arm struct {
	workspace, tenant id.Workspace
	creator           id.Account
}

// arms returns the arms of the filter, each narrowed to what is wanted. The mini
// programs that the filter names are not among them.
func (s *state) arms(f *rbac.Filter, want arm) []arm {
	if f.All {
		return s.narrow(nil, want, arm{})
	}
	var list []arm
	for _, w := range f.Tenants {
		list = s.narrow(list, want, arm{tenant: w})
	}
	for _, w := range f.Workspaces {
		list = s.narrow(list, want, arm{workspace: w})
	}
	for _, w := range f.OwnTenants {
		list = s.narrow(list, want, arm{tenant: w, creator: f.Creator})
	}
	for _, w := range f.OwnWorkspaces {
		list = s.narrow(list, want, arm{workspace: w, creator: f.Creator})
	}
	return list
}

// narrow appends what two arms have in common, if there can be anything.
func (s *state) narrow(list []arm, a, b arm) []arm {
	for _, x := range []*arm{&a, &b} {
		if x.workspace.IsZero() {
			continue
		}
		w := s.workspaces.get(x.workspace.UUID)
		if w == nil || !x.tenant.IsZero() && x.tenant != w.Tenant {
			return list
		}
		x.tenant = w.Tenant
	}
	both := arm{cmp.Or(a.workspace, b.workspace), cmp.Or(a.tenant, b.tenant), cmp.Or(a.creator, b.creator)}
	if differ(a.workspace, b.workspace) || differ(a.tenant, b.tenant) || differ(a.creator, b.creator) {
		return list
	}
	return append(list, both)
}

// differ reports whether both are given and not the same.
func differ[T comparable](a, b T) bool {
	var none T
	return a != none && b != none && a != b
}
