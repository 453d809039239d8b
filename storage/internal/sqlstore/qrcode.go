package sqlstore

import (
	"context"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/qrcode"
)

const codeColumns = `c.id, c.mini_program_id, c.workspace_id, c.tenant_id, c.name, c.page, c.params, c.creator, c.created_at`

// codeInto are the targets of codeColumns.
func codeInto(d *qrcode.Definition) []any {
	return []any{(*uuidColumn)(&d.ID.UUID), (*uuidColumn)(&d.MiniProgram.UUID), (*uuidColumn)(&d.Workspace.UUID),
		(*uuidColumn)(&d.Tenant.UUID), &d.Name, &d.Page, jsonColumn{&d.Params}, (*textColumn)(&d.Creator), (*timeColumn)(&d.CreatedAt)}
}

// QRCode implements qrcode.Reader.
func (r *reader) QRCode(ctx context.Context, id id.QRCode) (d qrcode.Definition, err error) {
	var found bool
	err = r.read(ctx, "read a QR code", Read{
		SQL:  `SELECT ` + codeColumns + ` FROM {qr_code} AS c WHERE c.id = ?`,
		Args: []any{id.Bytes()},
		Scan: one(&found, codeInto(&d)...),
	})
	if err == nil && !found {
		err = qrcode.ErrNotFound
	}
	return d, err
}

// QRCodes implements qrcode.Reader.
func (r *reader) QRCodes(ctx context.Context, p id.MiniProgram, after id.QRCode, limit int) (list []qrcode.Definition, err error) {
	err = r.read(ctx, "list QR codes", Read{
		SQL:  `SELECT ` + codeColumns + ` FROM {qr_code} AS c WHERE c.mini_program_id = ? AND c.id > ? ORDER BY c.id` + limited(limit),
		Args: []any{p.Bytes(), after.Bytes()},
		Scan: each(func(rows Rows) error {
			var d qrcode.Definition
			err := rows.Scan(codeInto(&d)...)
			list = append(list, d)
			return err
		}),
	})
	return list, err
}

// InsertQRCode implements qrcode.Tx.
func (t *tx) InsertQRCode(ctx context.Context, d qrcode.Definition) error {
	params, err := encode(d.Params)
	if err != nil {
		return err
	}
	return t.write(ctx, "store a QR code", Write{
		SQL: `INSERT INTO {qr_code} (id, mini_program_id, workspace_id, tenant_id, name, page, params, creator, created_at)` +
			` VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		Args: []any{d.ID.Bytes(), d.MiniProgram.Bytes(), d.Workspace.Bytes(), d.Tenant.Bytes(),
			d.Name, d.Page, params, optional(d.Creator), t.dialect.Time(d.CreatedAt)},
	})
}
