package memory

import (
	"context"
	"slices"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
)

// Team returns the team of a mini program.
func (r *reader) Team(ctx context.Context, p id.MiniProgram, after id.Member, limit int) ([]miniprogram.TeamMember, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	var list []miniprogram.TeamMember
	for key := range r.state.holders.after(p.UUID, after.UUID) {
		if len(list) >= limit {
			break
		}
		m := r.state.members.get(key)
		if h, _ := held(m, p); m.State.Present() && h.Team != 0 {
			list = append(list, onTeam(m, p))
		}
	}
	return list, nil
}

// Teammate returns what decides about a member's place on a team.
func (r *reader) Teammate(ctx context.Context, p id.MiniProgram, m id.Member) (miniprogram.Teammate, error) {
	if err := r.ready(ctx); err != nil {
		return miniprogram.Teammate{}, err
	}
	found := r.state.members.get(m.UUID)
	if found == nil || !found.State.Present() {
		return miniprogram.Teammate{}, nil
	}
	mate := miniprogram.Teammate{TeamMember: onTeam(found, p), Workspace: found.Workspace}
	if of := r.state.programs.get(p.UUID); of != nil {
		mate.Archived = of.Status == miniprogram.Archived
	}
	for key := range r.state.holders.after(p.UUID, id.UUID{}) {
		other := r.state.members.get(key)
		if h, _ := held(other, p); other.State.Present() && h.Team == rbac.MiniProgramAdmin.Key() {
			mate.Admins++
		}
	}
	return mate, nil
}

// Eligible returns the active members of a workspace with one of the roles.
func (r *reader) Eligible(ctx context.Context, q miniprogram.EligibleQuery) ([]miniprogram.TeamMember, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	var list []miniprogram.TeamMember
	for key := range r.state.membersOf.after(q.Workspace.UUID, q.After.UUID) {
		if len(list) >= q.Limit {
			break
		}
		m := r.state.members.get(key)
		if m.State == member.Active && (q.Roles == nil || slices.Contains(q.Roles, m.Role)) {
			list = append(list, onTeam(m, q.MiniProgram))
		}
	}
	return list, nil
}

// onTeam returns the place of a member on the team of a mini program.
func onTeam(m *member.Member, p id.MiniProgram) miniprogram.TeamMember {
	h, _ := held(m, p)
	return miniprogram.TeamMember{
		Member: m.ID, Name: m.Name, WorkspaceRole: m.Role, Role: h.Team.Role(), Blocked: m.State == member.Inactive,
	}
}

// PutHeld gives a member a mini program, or replaces how he holds it.
func (t *tx) PutHeld(ctx context.Context, m id.Member, h rbac.HeldProgram) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	before := t.state.members.get(m.UUID)
	if before == nil {
		return member.ErrNotFound
	}
	if t.state.programs.get(h.MiniProgram.UUID) == nil {
		return miniprogram.ErrNotFound
	}
	after := copyMember(*before)
	if i, ok := position(after.Programs, h.MiniProgram); ok {
		after.Programs[i] = h
	} else {
		after.Programs = slices.Insert(after.Programs, i, h)
	}
	t.putMember(before, &after)
	return nil
}

// DeleteHeld takes a mini program from a member, if he holds it.
func (t *tx) DeleteHeld(ctx context.Context, m id.Member, p id.MiniProgram) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	before := t.state.members.get(m.UUID)
	if before == nil {
		return nil
	}
	i, ok := position(before.Programs, p)
	if !ok {
		return nil
	}
	after := copyMember(*before)
	after.Programs = slices.Delete(after.Programs, i, i+1)
	t.putMember(before, &after)
	return nil
}

// held returns how a member holds a mini program.
func held(m *member.Member, p id.MiniProgram) (h rbac.HeldProgram, ok bool) {
	i, ok := position(m.Programs, p)
	if ok {
		h = m.Programs[i]
	}
	return h, ok
}

// position finds a mini program in a sorted list, or where it belongs.
func position(list []rbac.HeldProgram, p id.MiniProgram) (int, bool) {
	return slices.BinarySearchFunc(list, p, func(h rbac.HeldProgram, p id.MiniProgram) int {
		return h.MiniProgram.Compare(p.UUID)
	})
}
