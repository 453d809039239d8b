package sqlstore

import (
	"context"
	"slices"
	"strings"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
)

const programColumns = `p.id, p.workspace_id, p.tenant_id, p.type, p.language, p.name, p.name_key, p.status, p.creator,` +
	` p.latest_version, p.uploaded_at, p.created_at, p.updated_at`

// programInto are the targets of programColumns.
func programInto(p *miniprogram.MiniProgram) []any {
	return []any{(*uuidColumn)(&p.ID.UUID), (*uuidColumn)(&p.Workspace.UUID), (*uuidColumn)(&p.Tenant.UUID), (*string)(&p.Type),
		&p.Language, &p.Name, &p.NameKey, (*string)(&p.Status), (*textColumn)(&p.Creator),
		&p.LatestVersion, (*timeColumn)(&p.UploadedAt), (*timeColumn)(&p.CreatedAt), (*timeColumn)(&p.UpdatedAt)}
}

// MiniProgram implements miniprogram.Reader.
func (r *reader) MiniProgram(ctx context.Context, id id.MiniProgram) (p miniprogram.MiniProgram, err error) {
	var found bool
	err = r.read(ctx, "read a mini program", Read{
		SQL:  `SELECT ` + programColumns + ` FROM {mini_program} AS p WHERE p.id = ?`,
		Args: []any{id.Bytes()},
		Scan: one(&found, programInto(&p)...),
	})
	if err == nil && !found {
		err = miniprogram.ErrNotFound
	}
	return p, err
}

// NameTaken implements miniprogram.Reader.
func (r *reader) NameTaken(ctx context.Context, tenant id.Workspace, language, key string) (taken bool, err error) {
	var n int
	err = r.read(ctx, "look a name up", Read{
		SQL:  `SELECT 1 FROM {mini_program} AS p WHERE p.tenant_id = ? AND p.language = ? AND p.open_name = ?`,
		Args: []any{tenant.Bytes(), language, key},
		Scan: one(&taken, &n),
	})
	return taken, err
}

// Team implements miniprogram.Reader.
func (r *reader) Team(ctx context.Context, p id.MiniProgram, after id.Member, limit int) (team []miniprogram.TeamMember, err error) {
	err = r.read(ctx, "list a team", Read{
		SQL: `SELECT m.id, m.name, m.role, h.team_role, m.state = 'inactive' FROM {held} AS h JOIN {member} AS m ON m.id = h.member_id` +
			` WHERE h.mini_program_id = ? AND h.team_role IS NOT NULL AND m.state IN ('active', 'inactive') AND h.member_id > ?` +
			` ORDER BY h.member_id` + limited(limit),
		Args: []any{p.Bytes(), after.Bytes()},
		Scan: each(func(rows Rows) error {
			var m miniprogram.TeamMember
			err := rows.Scan((*uuidColumn)(&m.Member.UUID), &m.Name, (*string)(&m.WorkspaceRole), (*string)(&m.Role), &m.Blocked)
			team = append(team, m)
			return err
		}),
	})
	return team, err
}

// InsertMiniProgram implements miniprogram.Tx.
func (t *tx) InsertMiniProgram(ctx context.Context, p miniprogram.MiniProgram, terms []string) error {
	writes := []Write{{
		SQL: `INSERT INTO {mini_program} (id, workspace_id, tenant_id, type, language, name, name_key, status, creator,` +
			` latest_version, uploaded_at, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		Args: []any{p.ID.Bytes(), p.Workspace.Bytes(), p.Tenant.Bytes(), string(p.Type), p.Language, p.Name, p.NameKey,
			string(p.Status), optional(p.Creator), p.LatestVersion,
			t.dialect.Time(p.UploadedAt), t.dialect.Time(p.CreatedAt), t.dialect.Time(p.UpdatedAt)},
	}}
	return t.write(ctx, "store a mini program", append(writes, t.addTerms(p.ID, terms)...)...)
}

// UpdateMiniProgram implements miniprogram.Tx.
func (t *tx) UpdateMiniProgram(ctx context.Context, p miniprogram.MiniProgram, terms []string) error {
	var old condition
	old.and("mini_program_id = ?", p.ID.Bytes())
	if len(terms) > 0 {
		kept := padded(names(terms))
		old.and("suffix NOT IN ("+marks(len(kept))+")", kept...)
	}
	writes := []Write{
		{
			SQL: `UPDATE {mini_program} SET language = ?, name = ?, name_key = ?, status = ?, latest_version = ?,` +
				` uploaded_at = ?, updated_at = ? WHERE id = ?`,
			Args: []any{p.Language, p.Name, p.NameKey, string(p.Status), p.LatestVersion,
				t.dialect.Time(p.UploadedAt), t.dialect.Time(p.UpdatedAt), p.ID.Bytes()},
			None: miniprogram.ErrNotFound,
		},
		{SQL: `DELETE FROM {term} WHERE ` + old.text.String(), Args: old.args},
	}
	return t.write(ctx, "change a mini program", append(writes, t.addTerms(p.ID, terms)...)...)
}

// addTerms stores terms that are not stored yet, under the tenant that the
// mini program has.
func (t *tx) addTerms(p id.MiniProgram, terms []string) (writes []Write) {
	const most = 64
	for some := range slices.Chunk(terms, most) {
		args := padded(names(some))
		writes = append(writes, Write{
			SQL: `INSERT INTO {term} (tenant_id, suffix, mini_program_id) SELECT p.tenant_id, s.suffix, p.id FROM {mini_program} AS p` +
				` CROSS JOIN (SELECT ? AS suffix` + strings.Repeat(` UNION ALL SELECT ?`, len(args)-1) + `) AS s WHERE p.id = ? ` +
				t.dialect.Upsert("tenant_id, suffix, mini_program_id"),
			Args: append(args, p.Bytes()),
		})
	}
	return writes
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
			Args: []any{m.Bytes(), h.MiniProgram.Bytes(), h.Owner.Bytes(), optional(h.Team.Role())},
		})
	}
	return writes
}
