package sqlstore

import (
	"context"
	"slices"
	"strings"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
)

const programColumns = `p.id, p.workspace_id, p.tenant_id, p.type, p.language, p.name, p.name_key, p.status, p.creator,` +
	` p.latest_version, p.uploaded_at, p.candidate, p.percent, p.full_version, p.created_at, p.updated_at`

// programInto are the targets of programColumns.
func programInto(p *miniprogram.MiniProgram) []any {
	return []any{(*uuidColumn)(&p.ID.UUID), (*uuidColumn)(&p.Workspace.UUID), (*uuidColumn)(&p.Tenant.UUID), (*string)(&p.Type),
		&p.Language, &p.Name, &p.NameKey, (*string)(&p.Status), (*textColumn)(&p.Creator),
		&p.LatestVersion, (*timeColumn)(&p.UploadedAt), (*uuidColumn)(&p.Stages.Candidate.UUID), &p.Stages.Percent, (*uuidColumn)(&p.Stages.Full.UUID),
		(*timeColumn)(&p.CreatedAt), (*timeColumn)(&p.UpdatedAt)}
}

// MiniProgram implements miniprogram.Reader.
func (r *reader) MiniProgram(ctx context.Context, id id.MiniProgram) (p miniprogram.MiniProgram, err error) {
	var found bool
	err = r.read(ctx, "read a mini program", Read{
		SQL:  `SELECT ` + programColumns + ` FROM {mini_program} AS p WHERE p.id = ?`,
		Args: []any{id.UUID},
		Scan: one(&found, programInto(&p)...),
	})
	if err == nil && !found {
		err = miniprogram.ErrNotFound
	}
	return p, err
}

// InsertMiniProgram implements miniprogram.Tx.
func (t *tx) InsertMiniProgram(ctx context.Context, p miniprogram.MiniProgram, terms []string) error {
	writes := []Write{{
		SQL: `INSERT INTO {mini_program} (id, workspace_id, tenant_id, type, language, name, name_key, status, creator,` +
			` latest_version, uploaded_at, candidate, percent, full_version, created_at, updated_at)` +
			` VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		Args: []any{p.ID.UUID, p.Workspace.UUID, p.Tenant.UUID, string(p.Type), p.Language, p.Name, p.NameKey,
			string(p.Status), optional(p.Creator), p.LatestVersion,
			p.UploadedAt, key(p.Stages.Candidate.UUID), p.Stages.Percent, key(p.Stages.Full.UUID), p.CreatedAt, p.UpdatedAt},
	}}
	return t.write(ctx, "store a mini program", append(writes, t.addTerms(p.ID, terms)...)...)
}

// UpdateMiniProgram implements miniprogram.Tx.
func (t *tx) UpdateMiniProgram(ctx context.Context, p miniprogram.MiniProgram, terms []string) error {
	writes := []Write{
		update("mini_program", "language = ?, name = ?, name_key = ?, status = ?, latest_version = ?, uploaded_at = ?,"+
			" candidate = ?, percent = ?, full_version = ?, updated_at = ?", p.ID.UUID, miniprogram.ErrNotFound,
			p.Language, p.Name, p.NameKey, string(p.Status), p.LatestVersion, p.UploadedAt,
			key(p.Stages.Candidate.UUID), p.Stages.Percent, key(p.Stages.Full.UUID), p.UpdatedAt),
		takeNames(p),
	}
	if terms != nil {
		var old condition
		old.and("mini_program_id = ?", p.ID.UUID)
		if len(terms) > 0 {
			kept := padded(names(terms))
			old.and("suffix NOT IN ("+marks(len(kept))+")", kept...)
		}
		writes = append(writes, Write{SQL: `DELETE FROM {term} WHERE ` + old.text.String(), Args: old.args})
	}
	return t.write(ctx, "change a mini program", append(writes, t.addTerms(p.ID, terms)...)...)
}

// addTerms stores terms that are not stored yet, under the tenant that the
// mini program has.
func (t *tx) addTerms(p id.MiniProgram, terms []string) (writes []Write) {
	const most = 64
	const row = `((SELECT p.tenant_id FROM {mini_program} AS p WHERE p.id = ?), ?, ?)`
	for some := range slices.Chunk(terms, most) {
		some = padded(some)
		args := make([]any, 0, 3*len(some))
		for _, term := range some {
			args = append(args, p.UUID, term, p.UUID)
		}
		writes = append(writes, Write{
			SQL: `INSERT INTO {term} (tenant_id, suffix, mini_program_id) VALUES ` + row + strings.Repeat(`, `+row, len(some)-1) + ` ` +
				t.dialect.Upsert("tenant_id, suffix, mini_program_id"),
			Args: args,
		})
	}
	return writes
}
