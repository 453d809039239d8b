package migratetest

import (
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
)

// fourth has the default QR code of the mini program beside what the third has.
func fourth() []sqlstore.Write {
	w, p := tenant.ID.UUID, program.ID.UUID
	return append(third(),
		sqlstore.Write{SQL: "UPDATE {qr_code} SET updated_at = ? WHERE id = ?", Args: []any{now, code.ID.UUID}},
		row("qr_code", "id, mini_program_id, workspace_id, tenant_id, default_of, name, page, creator, created_at, updated_at",
			id.UUID{0: 9, 6: 0x40, 8: 0x80}, p, w, w, p, "Test", "", "u-1", now, now),
	)
}
