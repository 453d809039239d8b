package member

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// MaxReason is the greatest length of a reason, in characters.
const MaxReason = 500

// A change is one verb upon a member: what it is called, what it needs, and
// what it does.
type change struct {
	action   Action
	verb     audit.Verb
	reason   string
	programs []id.MiniProgram
	// apply sets after from before, or refuses.
	apply func(*changing) error
}

// A changing is a change on its way.
type changing struct {
	ctx           context.Context
	tx            Tx
	now           time.Time
	actor         rbac.Actor
	facts         rbac.Facts
	found         Found
	before, after Member
}

// change runs one verb upon a member in a unit. The order is that of every
// verb: the right, nobody upon himself, the state, the ceiling, the verb's own
// rule, and last that an admin remains.
func (s *Service) change(ctx context.Context, actor rbac.Actor, m id.Member, ch change) (after Member, err error) {
	var p fault.Problems
	ch.reason = text.Line(&p, "reason", ch.reason, 0, MaxReason)
	if err := p.Err(); err != nil {
		return after, err
	}
	err = s.store.Update(ctx, unit.On(actor, rbac.OnMember(m)), func(ctx context.Context, tx Tx) error {
		after, err = s.changeIn(ctx, tx, actor, m, ch)
		return err
	})
	if err != nil {
		return Member{}, err
	}
	return after, nil
}

// changeIn runs one verb upon a member in an open unit.
func (s *Service) changeIn(ctx context.Context, tx Tx, actor rbac.Actor, m id.Member, ch change) (after Member, err error) {
	facts, err := s.env.Authorize(ctx, tx, actor, permissions[ch.action], rbac.OnMember(m), ErrNotFound)
	if err != nil {
		return after, err
	}
	found, err := tx.Lookup(ctx, Lookup{Member: m, Workspace: facts.Owner, Admins: true, Programs: ch.programs})
	if err != nil {
		return after, err
	}
	c := &changing{ctx: ctx, tx: tx, now: s.env.Now(), actor: actor, facts: facts, found: found, before: found.Member}
	if c.before.ID.IsZero() {
		return after, ErrNotFound
	}
	if c.before.Account != "" && c.before.Account == actor.Account() {
		return after, ErrSelf
	}
	if err := c.before.may(ch.action, c.now); err != nil {
		return after, err
	}
	if err := s.ceiling(ctx, tx, actor, facts, c.before.Role, c.before.Programs); err != nil {
		return after, err
	}
	if err := ch.apply(c); err != nil {
		return after, err
	}
	if c.before.isActiveAdmin() && !c.after.isActiveAdmin() && found.Admins <= 1 {
		return after, ErrLastAdmin
	}
	return c.after, save(ctx, tx, actor, ch.verb, ch.reason, c.before, c.after)
}

// Block bars a member: he stays in the list as inactive, with his role and mini
// programs, and from the commit on every permission check fails (M10). The
// caller needs member.block. Errors: [ErrSelf]; a *[StateError] unless he is
// active, so the second time; a *[CeilingError]; [ErrLastAdmin].
func (s *Service) Block(ctx context.Context, actor rbac.Actor, m id.Member, reason string) (after Member, err error) {
	defer fault.Wrap(&err, "member: block")
	return s.change(ctx, actor, m, change{action: ActionBlock, verb: EventBlocked, reason: reason, apply: func(c *changing) error {
		c.after = c.before
		c.after.State, c.after.UpdatedAt = Inactive, c.now
		return nil
	}})
}

// Unblock lets a blocked member in again, with his role and mini programs as
// they now stand (M10). The caller needs member.block and may give back no more
// than he holds (M12). Errors: as [Service.Block]'s.
func (s *Service) Unblock(ctx context.Context, actor rbac.Actor, m id.Member) (after Member, err error) {
	defer fault.Wrap(&err, "member: unblock")
	return s.change(ctx, actor, m, change{action: ActionUnblock, verb: EventUnblocked, apply: func(c *changing) error {
		c.after = c.before
		c.after.State, c.after.UpdatedAt = Active, c.now
		return nil
	}})
}

// Delete takes a member out of the workspace and off its teams; he may be
// invited again (M5, M11). The caller needs member.remove. Errors: [ErrSelf]; a
// *[StateError] for an invitation (withdraw it) and the second time; a
// *[CeilingError]; [ErrLastAdmin].
func (s *Service) Delete(ctx context.Context, actor rbac.Actor, m id.Member, reason string) (after Member, err error) {
	defer fault.Wrap(&err, "member: delete")
	return s.change(ctx, actor, m, change{action: ActionDelete, verb: EventDeleted, reason: reason, apply: func(c *changing) error {
		c.after = c.before.end(Deleted, c.now)
		return nil
	}})
}

// A SetRole is a role and the mini programs that go with it.
type SetRole struct {
	// Role is a role of that kind of workspace, or the code of an own one (M15).
	Role rbac.Role
	// MiniPrograms are all that are assigned to the member from now on, as the
	// role allows or demands. The team roles that he has on them stay.
	MiniPrograms []id.MiniProgram
}

// SetRole gives an active or blocked member another role, other assigned mini
// programs, or both; what the new role cannot have is dropped (M1, P5). The
// caller needs member.role.set, and may touch and grant no more than he holds
// (M12). Errors: *fault.InvalidError; [ErrSelf]; a *[StateError]; a
// *[CeilingError]; [ErrLastAdmin].
func (s *Service) SetRole(ctx context.Context, actor rbac.Actor, m id.Member, set SetRole) (after Member, err error) {
	defer fault.Wrap(&err, "member: set role")
	if len(set.MiniPrograms) > MaxPrograms {
		return after, fault.Invalid("mini_programs", "too_long", "want at most 500")
	}
	return s.change(ctx, actor, m, s.setRole(set))
}

// setRole is the verb that sets a role.
func (s *Service) setRole(set SetRole) change {
	return change{action: ActionSetRole, verb: EventRoleSet, programs: set.MiniPrograms, apply: func(c *changing) error {
		var p fault.Problems
		c.after = c.before
		c.after.Role, c.after.UpdatedAt = set.Role, c.now
		info, ok, err := s.role(c.ctx, c.tx, &p, set.Role, c.facts)
		if err != nil {
			return err
		}
		if ok {
			c.after.Programs = reassign(&p, info, c.facts.Owner, c.facts.Tenant, set.MiniPrograms, c.found.Programs, c.before.Programs)
		}
		if err := p.Err(); err != nil {
			return err
		}
		return s.ceiling(c.ctx, c.tx, c.actor, c.facts, c.after.Role, c.after.Programs)
	}}
}

// Leave ends the caller's own membership of a workspace (M3). Errors:
// workspace.ErrNotFound if he is no member of it; a *[StateError] if he is
// blocked; [ErrWorkspaceClosed]; [ErrLastAdmin].
func (s *Service) Leave(ctx context.Context, actor rbac.Actor, w id.Workspace) (after Member, err error) {
	defer fault.Wrap(&err, "member: leave")
	if err := actor.Validate(); err != nil {
		return after, err
	}
	on := rbac.OnWorkspace(w)
	err = s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		facts, err := tx.Facts(ctx, rbac.Query{Account: actor.Account(), Object: on})
		if err != nil {
			return err
		}
		if facts = facts.For(actor); facts.Home.Presence == rbac.Absent {
			return workspace.ErrNotFound
		}
		if closed(facts.OwnerStatus) || closed(facts.TenantStatus) {
			return ErrWorkspaceClosed
		}
		found, err := tx.Lookup(ctx, Lookup{Member: facts.Home.Member, Workspace: w, Admins: true})
		if err != nil {
			return err
		}
		now := s.env.Now()
		if err := found.Member.may(ActionLeave, now); err != nil {
			return err
		}
		if found.Member.isActiveAdmin() && found.Admins <= 1 {
			return ErrLastAdmin
		}
		after = found.Member.end(Deleted, now)
		return save(ctx, tx, actor, EventLeft, "", found.Member, after)
	})
	if err != nil {
		return Member{}, err
	}
	return after, nil
}
