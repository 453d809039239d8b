package sqlstore

import (
	"context"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
)

const codeColumns = `c.id, c.mini_program_id, c.workspace_id, c.tenant_id, c.default_of IS NOT NULL, c.name, c.page, c.params, c.short,` +
	` c.revision, c.creator, c.created_at, c.updated_at, c.expires_at, c.revoked_at, c.deleted_at`

// codeInto are the targets of codeColumns.
func codeInto(d *qrcode.Definition) []any {
	return []any{(*uuidColumn)(&d.ID.UUID), (*uuidColumn)(&d.MiniProgram.UUID), (*uuidColumn)(&d.Workspace.UUID),
		(*uuidColumn)(&d.Tenant.UUID), &d.Default, &d.Name, &d.Page, jsonColumn{&d.Params}, (*textColumn)(&d.Short),
		&d.Revision, (*textColumn)(&d.Creator), (*timeColumn)(&d.CreatedAt), (*timeColumn)(&d.UpdatedAt),
		(*timeColumn)(&d.ExpiresAt), (*timeColumn)(&d.RevokedAt), (*timeColumn)(&d.DeletedAt)}
}

// QRCode implements qrcode.Reader.
func (r *reader) QRCode(ctx context.Context, c id.QRCode) (qrcode.Definition, error) {
	return r.code(ctx, "c.id = ?", c.UUID)
}

// DefaultQRCode implements qrcode.Reader.
func (r *reader) DefaultQRCode(ctx context.Context, p id.MiniProgram) (qrcode.Definition, error) {
	return r.code(ctx, "c.default_of = ?", p.UUID)
}

// code reads the one code that a condition leaves.
func (r *reader) code(ctx context.Context, where string, arg any) (d qrcode.Definition, err error) {
	var found bool
	err = r.read(ctx, "read a QR code", Read{
		SQL:    `SELECT ` + codeColumns + ` FROM {qr_code} AS c WHERE ` + where,
		Args:   []any{arg},
		Steady: true,
		Scan:   one(&found, codeInto(&d)...),
	})
	if err == nil && !found {
		err = qrcode.ErrNotFound
	}
	return d, err
}

// ShortCode implements qrcode.Reader.
func (r *reader) ShortCode(ctx context.Context, short string) (s qrcode.Scanned, err error) {
	var found bool
	err = r.read(ctx, "look a short code up", Read{
		SQL: `SELECT ` + codeColumns + `, p.status, w.status, o.status FROM {qr_code} AS c JOIN {mini_program} AS p ON p.id = c.mini_program_id` +
			` JOIN {workspace} AS w ON w.id = c.workspace_id JOIN {workspace} AS o ON o.id = c.tenant_id WHERE c.short = ?`,
		Args:   []any{short},
		Steady: true,
		Scan: one(&found, append(codeInto(&s.Definition), (*string)(&s.Status),
			(*statusColumn)(&s.OwnerStatus), (*statusColumn)(&s.TenantStatus))...),
	})
	if err == nil && !found {
		err = qrcode.ErrNotFound
	}
	return s, err
}

// QRCodes implements qrcode.Reader.
func (r *reader) QRCodes(ctx context.Context, q qrcode.Query) (list []qrcode.Definition, err error) {
	deleted := "FALSE"
	if q.Deleted {
		deleted = "TRUE"
	}
	err = r.read(ctx, "list QR codes", Read{
		SQL: `SELECT ` + codeColumns + ` FROM {qr_code} AS c {use qr_code_by_mini_program}` +
			` WHERE c.mini_program_id = ? AND c.deleted = ` + deleted + ` AND c.id > ? ORDER BY c.id` + limited(q.Limit),
		Args: []any{q.MiniProgram.UUID, q.After.UUID},
		Scan: cut(q.Limit, each(func(rows Rows) error {
			var d qrcode.Definition
			err := rows.Scan(codeInto(&d)...)
			list = append(list, d)
			return err
		})),
	})
	return list, err
}

// InsertDefaultQRCode implements miniprogram.Tx.
func (t *tx) InsertDefaultQRCode(ctx context.Context, p miniprogram.MiniProgram, c id.QRCode) error {
	return t.InsertQRCode(ctx, qrcode.DefaultOf(p, c))
}

// InsertQRCode implements qrcode.Tx.
func (t *tx) InsertQRCode(ctx context.Context, d qrcode.Definition) error {
	params, err := encode(d.Params)
	if err != nil {
		return err
	}
	var defaultOf any
	if d.Default {
		defaultOf = d.MiniProgram.UUID
	}
	return t.write(ctx, "store a QR code", Write{
		SQL: `INSERT INTO {qr_code} (id, mini_program_id, workspace_id, tenant_id, default_of, name, page, params, short, revision,` +
			` creator, created_at, updated_at, expires_at, revoked_at, deleted_at, deleted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		Args: []any{d.ID.UUID, d.MiniProgram.UUID, d.Workspace.UUID, d.Tenant.UUID, defaultOf, d.Name, d.Page, params, optional(d.Short), d.Revision,
			optional(d.Creator), d.CreatedAt, d.UpdatedAt, d.ExpiresAt, d.RevokedAt, d.DeletedAt, !d.DeletedAt.IsZero()},
	})
}

// UpdateQRCode implements qrcode.Tx.
func (t *tx) UpdateQRCode(ctx context.Context, d qrcode.Definition) error {
	params, err := encode(d.Params)
	if err != nil {
		return err
	}
	return t.write(ctx, "change a QR code",
		update("qr_code", "name = ?, page = ?, params = ?, revision = ?, updated_at = ?, expires_at = ?, revoked_at = ?, deleted_at = ?, deleted = ?",
			d.ID.UUID, qrcode.ErrNotFound,
			d.Name, d.Page, params, d.Revision, d.UpdatedAt, d.ExpiresAt, d.RevokedAt, d.DeletedAt, !d.DeletedAt.IsZero()))
}
