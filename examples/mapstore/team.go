package mapstore

import (
	"context"
	"math"
	"slices"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
)

func (r reader) Team(_ context.Context, p id.MiniProgram, after id.Member, limit int) ([]miniprogram.TeamMember, error) {
	return places(p, pick(r.state.members, limit, func(m member.Member) bool {
		h, _ := held(m, p)
		return h.Team != 0 && m.State.Present() && m.ID.Compare(after.UUID) > 0
	}, byMember, cloneMember)), nil
}

func (r reader) Teammate(ctx context.Context, p id.MiniProgram, m id.Member) (t miniprogram.Teammate, err error) {
	found := r.state.members[m]
	if !found.State.Present() {
		return t, nil
	}
	t.TeamMember, t.Workspace = places(p, []member.Member{found})[0], found.Workspace
	t.Archived = r.state.programs[p].Status == miniprogram.Archived
	team, err := r.Team(ctx, p, id.Member{}, math.MaxInt)
	for _, other := range team {
		if other.Role == rbac.MiniProgramAdmin {
			t.Admins++
		}
	}
	return t, err
}

func (r reader) Eligible(_ context.Context, q miniprogram.EligibleQuery) ([]miniprogram.TeamMember, error) {
	return places(q.MiniProgram, pick(r.state.members, q.Limit, func(m member.Member) bool {
		return m.Workspace == q.Workspace && m.State == member.Active && in(q.Roles, m.Role) && m.ID.Compare(q.After.UUID) > 0
	}, byMember, cloneMember)), nil
}

// places returns the places of members on the team of a mini program.
func places(p id.MiniProgram, of []member.Member) (list []miniprogram.TeamMember) {
	for _, m := range of {
		h, _ := held(m, p)
		list = append(list, miniprogram.TeamMember{
			Member: m.ID, Name: m.Name, WorkspaceRole: m.Role, Role: h.Team.Role(), Blocked: m.State == member.Inactive,
		})
	}
	return list
}

// held returns how a member holds a mini program.
func held(m member.Member, p id.MiniProgram) (rbac.HeldProgram, bool) {
	for _, h := range m.Programs {
		if h.MiniProgram == p && !p.IsZero() {
			return h, true
		}
	}
	return rbac.HeldProgram{}, false
}

func (t *tx) PutHeld(_ context.Context, m id.Member, h rbac.HeldProgram) error {
	holder, ok := t.state.members[m]
	if !ok {
		return member.ErrNotFound
	}
	holder = cloneMember(holder)
	i, held := slices.BinarySearchFunc(holder.Programs, h, byProgram)
	if held {
		holder.Programs[i] = h
	} else {
		holder.Programs = slices.Insert(holder.Programs, i, h)
	}
	t.state.members[m] = holder
	return nil
}

func (t *tx) DeleteHeld(_ context.Context, m id.Member, p id.MiniProgram) error {
	holder, ok := t.state.members[m]
	if !ok {
		return nil
	}
	holder = cloneMember(holder)
	holder.Programs = slices.DeleteFunc(holder.Programs, func(h rbac.HeldProgram) bool { return h.MiniProgram == p })
	t.state.members[m] = holder
	return nil
}
