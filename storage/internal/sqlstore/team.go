package sqlstore

import (
	"context"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
)

// teamColumns are those of a member m and of how he holds a mini program, h.
const teamColumns = `m.id, m.name, m.role, h.team_role, m.state = 'inactive'`

// teamInto are the targets of teamColumns.
func teamInto(m *miniprogram.TeamMember) []any {
	return []any{(*uuidColumn)(&m.Member.UUID), &m.Name, (*string)(&m.WorkspaceRole), (*textColumn)(&m.Role), &m.Blocked}
}

func scanTeam(list *[]miniprogram.TeamMember) func(Rows) error {
	return each(func(rows Rows) error {
		var m miniprogram.TeamMember
		err := rows.Scan(teamInto(&m)...)
		*list = append(*list, m)
		return err
	})
}

// Team implements miniprogram.Reader.
func (r *reader) Team(ctx context.Context, p id.MiniProgram, after id.Member, limit int) (team []miniprogram.TeamMember, err error) {
	err = r.read(ctx, "list a team", Read{
		SQL: `SELECT ` + teamColumns + ` FROM {held} AS h {use held_by_mini_program} {then} {member} AS m {key}` +
			` WHERE m.id = h.member_id AND h.mini_program_id = ? AND h.team_role IS NOT NULL AND m.state IN ('active', 'inactive') AND h.member_id > ? AND m.id > ?` +
			` ORDER BY h.member_id` + limited(limit),
		Args: []any{p.UUID, after.UUID, after.UUID},
		Scan: cut(limit, scanTeam(&team)),
	})
	return team, err
}

// Teammate implements miniprogram.Reader.
func (r *reader) Teammate(ctx context.Context, p id.MiniProgram, m id.Member) (mate miniprogram.Teammate, err error) {
	err = r.read(ctx, "read a teammate", Read{
		SQL: `SELECT ` + teamColumns + `, m.workspace_id, (SELECT count(*) FROM {held} AS k {use held_by_mini_program} {then} {member} AS n {key}` +
			` WHERE n.id = k.member_id AND k.mini_program_id = ? AND k.team_role = 'mini_program_admin' AND n.state IN ('active', 'inactive'){share}),` +
			` EXISTS (SELECT 1 FROM {mini_program} AS p WHERE p.id = ? AND p.status = 'archived'{share})` +
			` FROM {member} AS m LEFT JOIN {held} AS h ON h.member_id = m.id AND h.mini_program_id = ?` +
			` WHERE m.id = ? AND m.state IN ('active', 'inactive')`,
		Args: []any{p.UUID, p.UUID, p.UUID, m.UUID},
		Scan: one(nil, append(teamInto(&mate.TeamMember), (*uuidColumn)(&mate.Workspace.UUID), &mate.Admins, &mate.Archived)...),
	})
	return mate, err
}

// Eligible implements miniprogram.Reader.
func (r *reader) Eligible(ctx context.Context, q miniprogram.EligibleQuery) (list []miniprogram.TeamMember, err error) {
	if q.Roles != nil && len(q.Roles) == 0 {
		return nil, ctx.Err()
	}
	var c condition
	c.and("m.workspace_id = ? AND m.state = 'active'", q.Workspace.UUID)
	if q.Roles != nil {
		c.in("m.role", names(q.Roles))
	}
	c.and("m.id > ?", q.After.UUID)
	err = r.read(ctx, "list who may join a team", Read{
		SQL: `SELECT ` + teamColumns + ` FROM {member} AS m {use member_by_workspace}` +
			// Or PostgreSQL, which merges both tables, walks to the page in the second.
			` LEFT JOIN {held} AS h ON h.member_id = m.id AND h.mini_program_id = ? AND h.member_id > ?` +
			` WHERE ` + c.text.String() + ` ORDER BY m.id` + limited(q.Limit),
		Args: append([]any{q.MiniProgram.UUID, q.After.UUID}, c.args...),
		Scan: cut(q.Limit, scanTeam(&list)),
	})
	return list, err
}

// PutHeld implements miniprogram.Tx.
func (t *tx) PutHeld(ctx context.Context, m id.Member, h rbac.HeldProgram) error {
	return t.write(ctx, "give a member a mini program", t.putHeld(m, []rbac.HeldProgram{h})...)
}

// putHeld gives a member mini programs, or replaces how he holds them.
func (t *tx) putHeld(m id.Member, held []rbac.HeldProgram) (writes []Write) {
	for _, h := range held {
		writes = append(writes, Write{
			SQL: `INSERT INTO {held} (member_id, mini_program_id, owner_id, team_role) VALUES (?, ?, ?, ?) ` +
				t.dialect.Upsert("member_id, mini_program_id", "owner_id", "team_role"),
			Args: []any{m.UUID, h.MiniProgram.UUID, h.Owner.UUID, optional(h.Team.Role())},
		})
	}
	return writes
}

// DeleteHeld implements miniprogram.Tx.
func (t *tx) DeleteHeld(ctx context.Context, m id.Member, p id.MiniProgram) error {
	return t.write(ctx, "take a mini program from a member", Write{
		SQL: `DELETE FROM {held} WHERE member_id = ? AND mini_program_id = ?`, Args: []any{m.UUID, p.UUID},
	})
}
