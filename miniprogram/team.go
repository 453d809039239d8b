package miniprogram

import (
	"context"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// AddTeam puts a member of the owning workspace on a mini program's team (P5): one
// who is active, and whose role there may be on teams. To a developer or workspace
// developer, and to somebody whose own role takes assigned mini programs, the mini
// program is assigned by that. The caller needs team.manage, and
// grants no more than he holds himself (M12). Errors: *fault.InvalidError for what
// is no team role; [ErrNoMember]; [ErrIneligible]; [ErrOnTeam], so the second time;
// a *[TeamCeilingError]; [ErrArchived].
func (s *Service) AddTeam(ctx context.Context, actor rbac.Actor, p id.MiniProgram, m id.Member, role rbac.Role) (after TeamMember, err error) {
	defer fault.Wrap(&err, "miniprogram: add to team")
	if err := checkTeamRole(role); err != nil {
		return after, err
	}
	return s.team(ctx, actor, p, m, EventTeamAdded, func(t seat, _ bool) (TeamMember, error) { return t.join(role) })
}

// SetTeamRole gives a member of a mini program's team another role there (P5); the
// same a second time changes nothing. The caller needs team.manage, and touches and
// grants no more than he holds himself (M12). Errors: *fault.InvalidError for what
// is no team role; [ErrNoMember]; [ErrNotOnTeam]; [ErrLastTeamAdmin], unless the
// caller is an admin of the workspace; a *[TeamCeilingError]; [ErrArchived].
func (s *Service) SetTeamRole(ctx context.Context, actor rbac.Actor, p id.MiniProgram, m id.Member, role rbac.Role) (after TeamMember, err error) {
	defer fault.Wrap(&err, "miniprogram: set team role")
	if err := checkTeamRole(role); err != nil {
		return after, err
	}
	return s.team(ctx, actor, p, m, EventTeamRoleSet, func(t seat, above bool) (TeamMember, error) { return t.turn(role, above) })
}

// RemoveTeam takes a member off a mini program's team (P5); from a developer or
// workspace developer the mini program is unassigned by that. Blocked members can
// be removed. The caller needs team.manage, and removes nobody who holds more there
// than himself (M12). Errors: [ErrNoMember]; [ErrNotOnTeam], so the second time;
// [ErrLastTeamAdmin], unless the caller is an admin of the workspace; a
// *[TeamCeilingError]; [ErrArchived].
func (s *Service) RemoveTeam(ctx context.Context, actor rbac.Actor, p id.MiniProgram, m id.Member) (err error) {
	defer fault.Wrap(&err, "miniprogram: remove from team")
	_, err = s.team(ctx, actor, p, m, EventTeamRemoved, func(t seat, above bool) (TeamMember, error) { return t.turn("", above) })
	return err
}

// team changes a member's place on a team as decide says.
func (s *Service) team(ctx context.Context, actor rbac.Actor, p id.MiniProgram, m id.Member, verb audit.Verb,
	decide func(t seat, above bool) (TeamMember, error)) (after TeamMember, err error) {
	on := rbac.OnMiniProgram(p)
	err = s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		facts, err := s.env.Authorize(ctx, tx, actor, rbac.ManageTeam, on, ErrNotFound)
		if err != nil {
			return err
		}
		before, err := s.seat(ctx, tx, p, m)
		switch {
		case err != nil:
			return err
		case before.Archived:
			return ErrArchived
		case before.Member.IsZero() || before.Workspace != facts.Owner:
			return ErrNoMember
		}
		if err := s.ceiling(actor, facts, before, before.TeamMember); err != nil {
			return err
		}
		if after, err = decide(before, rules(actor, facts)); err != nil || after == before.TeamMember {
			return err
		}
		if err := s.ceiling(actor, facts, before, after); err != nil {
			return err
		}
		if after.Role == "" {
			err = tx.DeleteHeld(ctx, m, p)
		} else {
			err = tx.PutHeld(ctx, m, rbac.HeldProgram{MiniProgram: p, Owner: facts.Owner, Team: after.Role.Key()})
		}
		if err != nil {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{
			Workspace: facts.Owner, Verb: verb, Object: on, Actor: actor, At: s.env.Now(),
			Before: before.snapshot(), After: after.snapshot(),
		})
	})
	if err != nil {
		return TeamMember{}, err
	}
	return after, nil
}

// seat returns what decides about a member's place on a team.
func (s *Service) seat(ctx context.Context, r Reader, p id.MiniProgram, m id.Member) (t seat, err error) {
	if t.Teammate, err = r.Teammate(ctx, p, m); err != nil {
		return t, err
	}
	var builtIn bool
	if t.info, builtIn = t.WorkspaceRole.Info(); builtIn || t.Member.IsZero() {
		return t, nil
	}
	own, err := r.OwnRoles(ctx, t.Workspace, []rbac.Role{t.WorkspaceRole})
	if len(own) > 0 {
		t.own, t.info = own[0], own[0].Info(s.env.Matrix, 0)
	}
	return t, err
}

// snapshot returns the place on a team for the audit trail, nil for none.
func (m TeamMember) snapshot() audit.Snapshot {
	if m.Role == "" {
		return nil
	}
	return TeamSnapshot{Member: m.Member, Role: m.Role}
}

// ceiling returns a *[TeamCeilingError] if a place on the team holds more on the
// mini program than the actor does. Where a place is an assignment as well, what
// the workspace role gives by that counts.
func (s *Service) ceiling(actor rbac.Actor, f rbac.Facts, of seat, place TeamMember) error {
	if place.Role == "" {
		return nil
	}
	held := []rbac.HeldProgram{{MiniProgram: f.MiniProgram, Owner: f.Owner, Team: place.Role.Key()}}
	var over []rbac.Permission
	switch {
	case of.info.Assignment == rbac.NoAssignment:
		over = s.env.Matrix.Exceeds(actor, f, grantsOf(f), 0, held)
	case of.own != nil:
		over = s.env.Matrix.ExceedsCustom(actor, f, grantsOf(f), of.own, held)
	default:
		over = s.env.Matrix.Exceeds(actor, f, grantsOf(f), place.WorkspaceRole.Key(), held)
	}
	if over == nil {
		return nil
	}
	names := make([]string, len(over))
	for i, p := range over {
		names[i] = s.env.Matrix.Name(p)
	}
	return &TeamCeilingError{Permissions: names}
}

// grantsOf returns what the memberships in the facts reach of their mini program.
func grantsOf(f rbac.Facts) []rbac.Grant {
	home := rbac.HeldProgram{MiniProgram: f.MiniProgram, Owner: f.Owner, Team: f.Team}
	above := rbac.HeldProgram{MiniProgram: f.MiniProgram, Owner: f.Owner}
	return []rbac.Grant{grantOf(f, f.Owner, f.Home, home), grantOf(f, f.Tenant, f.Above, above)}
}

func grantOf(f rbac.Facts, in id.Workspace, m rbac.Membership, held rbac.HeldProgram) rbac.Grant {
	g := rbac.Grant{Member: m.Member, Workspace: in, Tenant: f.Tenant, Presence: m.Presence, Role: m.Role, Custom: m.Custom}
	if m.Assigned {
		g.Programs = []rbac.HeldProgram{held}
	}
	return g
}
