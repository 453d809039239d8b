package sqlstore

import (
	"context"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
)

// Versions implements miniprogram.Reader.
func (r *reader) Versions(ctx context.Context, p id.MiniProgram, after id.Version, limit int) (list []miniprogram.Version, err error) {
	err = r.read(ctx, "list versions", Read{
		SQL: `SELECT v.id, v.mini_program_id, v.workspace_id, v.tenant_id, v.number, v.status, v.package_reference, v.package_size,` +
			` v.package_sha256, v.jsapis, v.notes, v.uploader, v.uploaded_at` +
			` FROM {version} AS v WHERE v.mini_program_id = ? AND v.id > ? ORDER BY v.id` + limited(limit),
		Args: []any{p.Bytes(), after.Bytes()},
		Scan: each(func(rows Rows) error {
			var v miniprogram.Version
			err := rows.Scan((*uuidColumn)(&v.ID.UUID), (*uuidColumn)(&v.MiniProgram.UUID),
				(*uuidColumn)(&v.Workspace.UUID), (*uuidColumn)(&v.Tenant.UUID), &v.Number, (*string)(&v.Status),
				&v.Package.Reference, &v.Package.Size, (*hashColumn)(&v.Package.SHA256),
				jsonColumn{&v.JSAPIs}, jsonColumn{&v.Notes}, (*textColumn)(&v.Uploader), (*timeColumn)(&v.UploadedAt))
			list = append(list, v)
			return err
		}),
	})
	return list, err
}

// InsertVersion implements miniprogram.Tx.
func (t *tx) InsertVersion(ctx context.Context, v miniprogram.Version) error {
	jsapis, err := encode(v.JSAPIs)
	if err != nil {
		return err
	}
	notes, err := encode(v.Notes)
	if err != nil {
		return err
	}
	return t.write(ctx, "store a version", Write{
		SQL: `INSERT INTO {version} (id, mini_program_id, workspace_id, tenant_id, number, status, package_reference, package_size,` +
			` package_sha256, jsapis, notes, uploader, uploaded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		Args: []any{v.ID.Bytes(), v.MiniProgram.Bytes(), v.Workspace.Bytes(), v.Tenant.Bytes(), v.Number, string(v.Status),
			v.Package.Reference, v.Package.Size, v.Package.SHA256[:], jsapis, notes, optional(v.Uploader), t.dialect.Time(v.UploadedAt)},
	})
}
