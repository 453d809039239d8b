package member

import (
	"context"
	"fmt"
	"strings"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// MaxSetRoles is the greatest number of members who get a role at once.
const MaxSetRoles = 100

// ErrRoles is what every [RolesError] is.
var ErrRoles = fault.Define(fault.ErrState, "member.roles", "not every member could get the role")

// A RoleVerdict is what stood in the way of a member's new role.
type RoleVerdict struct {
	Member id.Member
	// Err says why he could not get it.
	Err error
}

// RolesError is the error of a [Service.SetRoles], which changed nobody.
type RolesError struct {
	// Verdicts are of those members who stood in the way, in the order given.
	Verdicts []RoleVerdict
}

// Error tells which members stood in the way, and why.
func (e *RolesError) Error() string {
	var b strings.Builder
	b.WriteString("no role was changed")
	for _, v := range e.Verdicts {
		fmt.Fprintf(&b, "; member %s: %v", v.Member, v.Err)
	}
	return b.String()
}

// Code returns "member.roles".
func (e *RolesError) Code() string { return ErrRoles.Code() }

// Unwrap returns [ErrRoles].
func (e *RolesError) Unwrap() error { return ErrRoles }

// SetRoles gives 1 to [MaxSetRoles] active or blocked members of a workspace the
// same role and assigned mini programs, in one unit: all of them or nobody. It is
// how members are added to an own role, and taken from it by giving them another
// (M15). Each change is one of [Service.SetRole], with its event, and the rules
// see the changes before it: the last of several admins stays. Who is named twice
// is changed once. The caller needs member.role.set in the workspace. Errors:
// *fault.InvalidError; workspace.ErrNotFound; a *[RolesError] with those of
// SetRole; ErrNotFound in it for who is no member of this workspace.
func (s *Service) SetRoles(ctx context.Context, actor rbac.Actor, w id.Workspace, members []id.Member, set SetRole) (after []Member, err error) {
	defer fault.Wrap(&err, "member: set roles")
	var p fault.Problems
	if len(members) == 0 || len(members) > MaxSetRoles {
		p.Add("members", "not_allowed", fmt.Sprintf("want 1 to %d, got %d", MaxSetRoles, len(members)))
	}
	if len(set.MiniPrograms) > MaxPrograms {
		p.Add("mini_programs", "too_long", fmt.Sprintf("want at most %d, got %d", MaxPrograms, len(set.MiniPrograms)))
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	on := rbac.OnWorkspace(w)
	err = s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		if _, err := s.env.Authorize(ctx, tx, actor, rbac.SetMemberRole, on, workspace.ErrNotFound); err != nil {
			return err
		}
		changed, bad := make([]Member, 0, len(members)), []RoleVerdict(nil)
		seen := make(map[id.Member]bool, len(members))
		for _, m := range members {
			if seen[m] {
				continue
			}
			seen[m] = true
			got, err := s.setRoleIn(ctx, tx, actor, w, m, set)
			switch fault.KindOf(err) {
			case fault.ErrInvalid, fault.ErrDenied, fault.ErrNotFound, fault.ErrState:
				bad = append(bad, RoleVerdict{m, err})
				continue
			}
			if err != nil {
				return err
			}
			changed = append(changed, got)
		}
		if bad != nil {
			return &RolesError{Verdicts: bad}
		}
		after = changed
		return nil
	})
	if err != nil {
		return nil, err
	}
	return after, nil
}

// setRoleIn sets the role of a member of a workspace that the unit has locked.
func (s *Service) setRoleIn(ctx context.Context, tx Tx, actor rbac.Actor, w id.Workspace, m id.Member, set SetRole) (Member, error) {
	// Why first: the unit holds the lock of this workspace only.
	f, err := tx.Facts(ctx, rbac.Query{Account: actor.Account(), Object: rbac.OnMember(m)})
	if err != nil {
		return Member{}, err
	}
	if f.Owner != w {
		return Member{}, ErrNotFound
	}
	return s.changeIn(ctx, tx, actor, m, s.setRole(set))
}
