package sqlstore

import (
	"context"
	"slices"
	"strings"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
)

const memberColumns = `m.id, m.workspace_id, m.tenant_id, m.state, m.role, m.name, m.name_key, m.email, m.account, m.first_admin,` +
	` m.sent_at, m.expires_at, m.generation, m.sender, m.created_at, m.updated_at, m.joined_at`

// memberInto are the targets of memberColumns.
func memberInto(m *member.Member) []any {
	i := &m.Invitation
	return []any{(*uuidColumn)(&m.ID.UUID), (*uuidColumn)(&m.Workspace.UUID), (*uuidColumn)(&m.Tenant.UUID),
		(*string)(&m.State), (*string)(&m.Role), &m.Name, &m.NameKey, (*textColumn)(&m.Email), (*textColumn)(&m.Account), &m.First,
		(*timeColumn)(&i.SentAt), (*timeColumn)(&i.ExpiresAt), &i.Generation, (*textColumn)(&i.Sender),
		(*timeColumn)(&m.CreatedAt), (*timeColumn)(&m.UpdatedAt), (*timeColumn)(&m.JoinedAt)}
}

// Member implements member.Reader.
func (r *reader) Member(ctx context.Context, id id.Member) (m member.Member, err error) {
	err = r.read(ctx, "read a member", readMember(id, &m))
	if err == nil && m.ID.IsZero() {
		err = member.ErrNotFound
	}
	return m, err
}

// readMember reads a member with his mini programs.
func readMember(id id.Member, m *member.Member) Read {
	var held rbac.HeldProgram
	into := append(memberInto(m), (*uuidColumn)(&held.MiniProgram.UUID), (*uuidColumn)(&held.Owner.UUID), (*roleColumn)(&held.Team))
	return Read{
		SQL: `SELECT ` + memberColumns + `, h.mini_program_id, h.owner_id, h.team_role` +
			` FROM {member} AS m LEFT JOIN {held} AS h ON h.member_id = m.id WHERE m.id = ? ORDER BY h.mini_program_id`,
		Args: []any{id.UUID},
		Scan: each(func(rows Rows) error {
			err := rows.Scan(into...)
			if !held.MiniProgram.IsZero() {
				m.Programs = append(m.Programs, held)
			}
			return err
		}),
	}
}

// Members implements member.Reader.
func (r *reader) Members(ctx context.Context, q member.Query) ([]member.Member, error) {
	if q.Statuses != nil && len(q.Statuses) == 0 || q.Roles != nil && len(q.Roles) == 0 {
		return nil, ctx.Err()
	}
	from, key := "{member} AS m"+via(q), "m.id"
	var c condition
	if !q.MiniProgram.IsZero() {
		from, key = "{held} AS h {use held_by_mini_program} {then} {member} AS m {key}", "h.member_id"
		c.and("m.id = h.member_id")
		c.and("h.mini_program_id = ?", q.MiniProgram.UUID)
	}
	r.matching(&c, q)
	c.and(key+" > ?", q.After.UUID)
	if !q.MiniProgram.IsZero() {
		// Or PostgreSQL, which merges both tables, walks to the page in this one.
		c.and("m.id > ?", q.After.UUID)
	}
	return r.members(ctx, "list members", q.Limit, Read{
		SQL:  `SELECT ` + memberColumns + ` FROM ` + from + ` WHERE ` + c.text.String() + ` ORDER BY ` + key + limited(q.Limit),
		Args: c.args,
	})
}

// via is the hint for the index that serves a query.
func via(q member.Query) string {
	switch {
	case q.Account != "":
		return " {use member_by_account}"
	case q.Email != "":
		return " {use member_by_email}"
	case !q.Workspace.IsZero():
		return " {use member_by_workspace}"
	case !q.Tenant.IsZero():
		return " {use member_by_tenant}"
	case !q.ExpiresFrom.IsZero() || !q.ExpiresBefore.IsZero():
		return " {use member_invited}"
	}
	return ""
}

// matching adds what a query selects.
func (r *reader) matching(c *condition, q member.Query) {
	if !q.Workspace.IsZero() {
		c.and("m.workspace_id = ?", q.Workspace.UUID)
	}
	if !q.Tenant.IsZero() {
		c.and("m.tenant_id = ?", q.Tenant.UUID)
	}
	if q.Account != "" {
		c.and("m.account = ?", string(q.Account))
	}
	if q.Email != "" {
		c.and("m.email = ?", q.Email)
	}
	if q.Statuses != nil {
		r.withStatus(c, q)
	}
	if !q.ExpiresFrom.IsZero() {
		c.and("m.state = 'invited' AND m.expires_at >= ?", q.ExpiresFrom)
	}
	if !q.ExpiresBefore.IsZero() {
		c.and("m.state = 'invited' AND m.expires_at < ?", q.ExpiresBefore)
	}
	if q.Roles != nil {
		c.in("m.role", names(q.Roles))
	}
	if q.Name != "" {
		c.and(r.dialect.Contains+"(m.name_key, ?) > 0", q.Name)
	}
}

// stateOf are the conditions for the statuses that time does not change. They
// hold no parameters, for which SQLite would plan the statement anew each time.
var stateOf = map[member.Status]string{
	member.StatusActive:    "m.state = 'active'",
	member.StatusInactive:  "m.state = 'inactive'",
	member.StatusWithdrawn: "m.state = 'withdrawn'",
	member.StatusDeleted:   "m.state = 'deleted'",
}

// withStatus adds the statuses of a query: two of them depend on the time.
func (r *reader) withStatus(c *condition, q member.Query) {
	const open = "m.state = 'invited'"
	now := q.Now
	sent, expired := slices.Contains(q.Statuses, member.StatusSent), slices.Contains(q.Statuses, member.StatusExpired)
	var args []any
	var arms []string
	switch {
	case sent && expired:
		arms = append(arms, open)
	case sent:
		arms, args = append(arms, open+" AND m.expires_at > ?"), []any{now}
	case expired:
		arms, args = append(arms, open+" AND (m.expires_at <= ? OR m.expires_at IS NULL)"), []any{now}
	}
	for _, s := range q.Statuses {
		if arm, ok := stateOf[s]; ok {
			arms = append(arms, arm)
		}
	}
	if len(arms) == 0 {
		arms = []string{"1 = 0"}
	}
	c.and("("+strings.Join(arms, " OR ")+")", args...)
}

// members runs a statement for members without their mini programs, and then
// one for those.
func (r *reader) members(ctx context.Context, op string, limit int, read Read) (list []member.Member, err error) {
	read.Scan = cut(limit, scanMembers(&list))
	if err := r.read(ctx, op, read); err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]any, len(list))
	at := make(map[id.Member]int, len(list))
	for i, m := range list {
		ids[i], at[m.ID] = m.ID.UUID, i
	}
	var c condition
	c.in("h.member_id", ids)
	err = r.read(ctx, op, readHeld("WHERE "+c.text.String(), c.args, func(m id.Member, h rbac.HeldProgram) {
		to := &list[at[m]]
		to.Programs = append(to.Programs, h)
	}))
	return list, err
}

// scanMembers returns a Scan that appends members to a list. Every row is
// scanned into the same variable, since each sets all of it.
func scanMembers(list *[]member.Member) func(Rows) error {
	var m member.Member
	into := memberInto(&m)
	return each(func(rows Rows) error {
		err := rows.Scan(into...)
		*list = append(*list, m)
		return err
	})
}

// InsertMember implements member.Tx.
func (t *tx) InsertMember(ctx context.Context, m member.Member) error {
	writes := []Write{{
		SQL: `INSERT INTO {member} (id, workspace_id, tenant_id, state, role, name, name_key, email, account, first_admin,` +
			` sent_at, expires_at, generation, sender, created_at, updated_at, joined_at)` +
			` VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		Args: append(append([]any{m.ID.UUID, m.Workspace.UUID, m.Tenant.UUID}, memberArgs(m)...),
			m.CreatedAt, m.UpdatedAt, m.JoinedAt),
	}}
	return t.write(ctx, "store a member", append(writes, t.putHeld(m.ID, m.Programs)...)...)
}

// memberArgs are the columns from state to sender.
func memberArgs(m member.Member) []any {
	i := m.Invitation
	return []any{string(m.State), string(m.Role), m.Name, m.NameKey, optional(m.Email), optional(m.Account), m.First,
		i.SentAt, i.ExpiresAt, i.Generation, optional(i.Sender)}
}

// UpdateMember implements member.Tx.
func (t *tx) UpdateMember(ctx context.Context, m member.Member) error {
	writes := []Write{
		update("member", "state = ?, role = ?, name = ?, name_key = ?, email = ?, account = ?, first_admin = ?,"+
			" sent_at = ?, expires_at = ?, generation = ?, sender = ?, updated_at = ?, joined_at = ?",
			m.ID.UUID, member.ErrNotFound, append(memberArgs(m), m.UpdatedAt, m.JoinedAt)...),
		{SQL: `DELETE FROM {held} WHERE member_id = ?`, Args: []any{m.ID.UUID}},
	}
	if m.State == member.Deleted {
		writes = append(writes, Write{SQL: `DELETE FROM {credential} WHERE member_id = ?`, Args: []any{m.ID.UUID}})
	}
	return t.write(ctx, "change a member", append(writes, t.putHeld(m.ID, m.Programs)...)...)
}

// InsertToken implements member.Tx.
func (t *tx) InsertToken(ctx context.Context, hash [32]byte, m id.Member, generation int) error {
	return t.write(ctx, "store a token", Write{
		SQL:  `INSERT INTO {token} (hash, member_id, generation) VALUES (?, ?, ?)`,
		Args: []any{hash[:], m.UUID, generation},
	})
}
