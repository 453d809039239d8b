package sqlstore

import (
	"context"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
)

// NameTaken implements miniprogram.Reader.
func (r *reader) NameTaken(ctx context.Context, tenant id.Workspace, language, key string) (taken bool, err error) {
	var n int
	err = r.read(ctx, "look a name up", Read{
		SQL:  `SELECT 1 FROM {information} AS i WHERE i.tenant_id = ? AND i.language = ? AND i.open_name = ?`,
		Args: []any{tenant.UUID, language, key},
		Scan: one(&taken, &n),
	})
	return taken, err
}

// PutInformation implements miniprogram.Tx.
func (t *tx) PutInformation(ctx context.Context, p miniprogram.MiniProgram, i miniprogram.Information) error {
	keywords, err := encode(i.Keywords)
	if err != nil {
		return err
	}
	return t.write(ctx, "store information", deleteInformation(p.ID, i.Language), Write{
		SQL: `INSERT INTO {information} (mini_program_id, language, tenant_id, name, name_key, open_name, tagline, description, keywords)` +
			` SELECT p.id, ?, p.tenant_id, ?, ?, CASE WHEN p.status <> 'archived' THEN ? END, ?, ?, ? FROM {mini_program} AS p WHERE p.id = ?`,
		Args: []any{i.Language, i.Name, i.NameKey, i.NameKey, i.Tagline, i.Description, keywords, p.ID.UUID},
		None: miniprogram.ErrNotFound,
	})
}

// DeleteInformation implements miniprogram.Tx.
func (t *tx) DeleteInformation(ctx context.Context, p id.MiniProgram, language string) error {
	return t.write(ctx, "delete information", deleteInformation(p, language))
}

func deleteInformation(p id.MiniProgram, language string) Write {
	return Write{SQL: `DELETE FROM {information} WHERE mini_program_id = ? AND language = ?`, Args: []any{p.UUID, language}}
}

// takeNames takes the names of a mini program, or frees them once it is archived.
func takeNames(p miniprogram.MiniProgram) Write {
	if p.Status == miniprogram.Archived {
		return Write{SQL: `UPDATE {information} SET open_name = NULL WHERE mini_program_id = ?`, Args: []any{p.ID.UUID}}
	}
	return Write{SQL: `UPDATE {information} SET open_name = name_key WHERE mini_program_id = ? AND open_name IS NULL`, Args: []any{p.ID.UUID}}
}
