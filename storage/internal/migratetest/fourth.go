package migratetest

import "github.com/superapp-go/superapp/storage/internal/sqlstore"

// fourth is what the third version had, with QR codes as the fourth has them.
func fourth() []sqlstore.Write {
	w, p := tenant.ID.UUID, program.ID.UUID
	random := uuid(200)
	random[6], random[8] = 0x40, 0x80
	return append(third(),
		row("qr_code", "id, mini_program_id, workspace_id, tenant_id, default_of, name, page, revision, creator, created_at, updated_at",
			random, p, w, w, p, "Test", "", 1, "u-1", now, now),
		sqlstore.Write{SQL: "UPDATE {qr_code} SET updated_at = ? WHERE id = ?", Args: []any{now, code.ID.UUID}},
	)
}
