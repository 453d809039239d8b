package rbac

import (
	"slices"

	"github.com/superapp-go/superapp/id"
)

// A Filter is the set of objects on which an account holds one permission,
// written so that a store can list them: an object is in it if any arm covers
// it and its workspace is in a state that lets the permission through. It
// holds exactly where [Matrix.Decide] allows; [Filter.Covers] is that
// statement as code.
type Filter struct {
	// All covers everything; only the system actor's filter has it.
	All bool
	// Tenants covers all objects of these tenants, their developer workspaces'
	// included.
	Tenants []id.Workspace
	// Workspaces covers the objects owned by these workspaces.
	Workspaces []id.Workspace
	// MiniPrograms covers these mini programs.
	MiniPrograms []id.MiniProgram
	// OwnTenants and OwnWorkspaces cover what Creator created there.
	OwnTenants, OwnWorkspaces []id.Workspace
	Creator                   id.Account
	// Statuses are the statuses of the owner that let the permission through.
	// For All, the tenant's status must be one of them as well; the other arms
	// are made only of tenants whose status is.
	Statuses []WorkspaceStatus
}

// A Target is an object as a [Filter] sees it.
type Target struct {
	Owner, Tenant             id.Workspace
	OwnerStatus, TenantStatus WorkspaceStatus
	MiniProgram               id.MiniProgram
	Creator                   id.Account
}

// Filter compiles the grants of an account into the filter for a permission.
// It is empty for an unknown permission.
func (m *Matrix) Filter(a Actor, grants []Grant, p Permission) Filter {
	var f Filter
	if !m.Known(p) {
		return f
	}
	for s := Pending; s <= Removed; s++ {
		if m.open[s].has(p) {
			f.Statuses = append(f.Statuses, s)
		}
	}
	if a.system {
		f.All = true
		return f
	}
	f.Creator = a.account
	for _, g := range grants {
		if g.Presence != Active || !a.counts(g) || !slices.Contains(f.Statuses, g.TenantStatus) {
			continue
		}
		f.add(m, g, p)
	}
	slices.SortFunc(f.MiniPrograms, func(a, b id.MiniProgram) int { return a.Compare(b.UUID) })
	f.MiniPrograms = slices.Compact(f.MiniPrograms)
	return f
}

// counts reports whether the membership counts for the actor.
func (a Actor) counts(g Grant) bool { return a.within.IsZero() || a.within == g.Workspace }

// add adds the arms that one membership gives.
func (f *Filter) add(m *Matrix, g Grant, p Permission) {
	scope := m.cellOf(g.held(), p)
	isTenant := g.Workspace == g.Tenant
	switch {
	case scope == InTenant && isTenant:
		f.Tenants = append(f.Tenants, g.Tenant)
	case scope >= InWorkspace:
		f.Workspaces = append(f.Workspaces, g.Workspace)
	case scope == Own && isTenant:
		f.OwnTenants = append(f.OwnTenants, g.Tenant)
	case scope == Own:
		f.OwnWorkspaces = append(f.OwnWorkspaces, g.Workspace)
	}
	for _, h := range g.Programs {
		if scope < InWorkspace && m.held(g, h, p) {
			f.MiniPrograms = append(f.MiniPrograms, h.MiniProgram)
		}
	}
}

// held reports whether the membership gives p on the mini program it holds: a
// tenant's on its merchants' as well, a team role on those of its own
// workspace only.
func (m *Matrix) held(g Grant, h HeldProgram, p Permission) bool {
	rel := relAssigned
	if h.Owner == g.Workspace {
		if m.grants(h.Team, relAssigned, p) {
			return true
		}
		rel |= relHome
	} else if g.Workspace != g.Tenant {
		return false
	}
	return m.grants(g.Role, rel, p) || g.Custom != nil && g.Custom.granted(m, rel, p) != None
}

// cell returns the scope of a role's cell, [None] for no role.
func (m *Matrix) cell(k RoleKey, p Permission) Scope {
	if k == 0 || int(k) > columns || p > lastPermission {
		return None
	}
	return m.rows[p].cells[k-1]
}

// Empty reports whether the filter covers nothing, so that a store need not be
// asked.
func (f Filter) Empty() bool {
	return !f.All && len(f.Tenants)+len(f.Workspaces)+len(f.MiniPrograms)+len(f.OwnTenants)+len(f.OwnWorkspaces) == 0
}

// Covers reports whether the target is in the set.
func (f Filter) Covers(t Target) bool {
	if !slices.Contains(f.Statuses, t.OwnerStatus) || !slices.Contains(f.Statuses, t.TenantStatus) {
		return false
	}
	own := f.Creator != "" && t.Creator == f.Creator
	return f.All ||
		slices.Contains(f.Tenants, t.Tenant) ||
		slices.Contains(f.Workspaces, t.Owner) ||
		slices.Contains(f.MiniPrograms, t.MiniProgram) ||
		own && (slices.Contains(f.OwnTenants, t.Tenant) || slices.Contains(f.OwnWorkspaces, t.Owner))
}
