package member

import (
	"context"
	"strings"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// ErrRoleGone is the error for an invitation or link whose own role was deleted, or
// takes other mini programs by now, since it expired (M15).
var ErrRoleGone = fault.Define(fault.ErrState, "member.role_gone",
	"the invitation's role is gone, or takes other mini programs by now: withdraw it and invite again")

// ownRole returns a workspace's own role of that name, nil for a built-in one and
// for one that there is not.
func ownRole(ctx context.Context, r Reader, w id.Workspace, name rbac.Role) (*rbac.Custom, error) {
	if name.Key() != 0 || name == "" {
		return nil, nil
	}
	found, err := r.OwnRoles(ctx, w, []rbac.Role{name})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// over is Matrix.Exceeds for a role that may be a workspace's own.
func (s *Service) over(actor rbac.Actor, f rbac.Facts, grants []rbac.Grant, name rbac.Role, own *rbac.Custom, held []rbac.HeldProgram) []rbac.Permission {
	if own != nil {
		return s.env.Matrix.ExceedsCustom(actor, f, grants, own, held)
	}
	return s.env.Matrix.Exceeds(actor, f, grants, name.Key(), held)
}

// role is [checkRole] for a role that may be the own one of the facts' workspace.
func (s *Service) role(ctx context.Context, r Reader, p *fault.Problems, name rbac.Role, f rbac.Facts) (info rbac.RoleInfo, ok bool, err error) {
	own, err := ownRole(ctx, r, f.Owner, name)
	if err != nil {
		return info, false, err
	}
	if own != nil {
		return own.Info(s.env.Matrix, placeOf(f.Owner, f.Tenant)), true, nil
	}
	info, ok = checkRole(p, name, f.Owner, f.Tenant)
	return info, ok, nil
}

// stillFits returns [ErrRoleGone] unless an invitation's own role is there, and
// takes the mini programs that go with the invitation: nothing kept the role as it
// was once the invitation had expired.
func (s *Service) stillFits(ctx context.Context, r Reader, owner, tenant id.Workspace, name rbac.Role, held []rbac.HeldProgram) error {
	if name.Key() != 0 {
		return nil
	}
	own, err := ownRole(ctx, r, owner, name)
	if err != nil {
		return err
	}
	if own == nil || !fits(own.Info(s.env.Matrix, placeOf(owner, tenant)), owner, held) {
		return ErrRoleGone
	}
	return nil
}

// fits reports whether somebody who is invited to the workspace owner with the role
// may hold these mini programs, and in this way (M1, P5).
func fits(info rbac.RoleInfo, owner id.Workspace, held []rbac.HeldProgram) bool {
	if info.Assignment == rbac.NoAssignment && len(held) > 0 || info.Assignment == rbac.RequiredAssignment && len(held) == 0 {
		return false
	}
	for _, h := range held {
		if (info.Team && h.Owner == owner) != (h.Team != 0) {
			return false
		}
	}
	return true
}

// isCode reports whether a name could be the code of an own role.
func isCode(name rbac.Role) bool {
	return name != "" && len(name) <= 64 && strings.Trim(string(name), "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// checkRoles returns a *fault.InvalidError for names that are neither built-in
// roles nor own ones of the workspace; across workspaces any code may be one.
func checkRoles(ctx context.Context, r Reader, w id.Workspace, names []rbac.Role) error {
	var p fault.Problems
	for _, name := range names {
		if name.Key() != 0 || w.IsZero() {
			continue
		}
		own, err := ownRole(ctx, r, w, name)
		if err != nil {
			return err
		}
		if own == nil {
			p.Add("roles", "unknown", "no such role"+quoted(name))
		}
	}
	return p.Err()
}
