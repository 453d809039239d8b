package migratetest

import (
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
)

// defaultCode is the id of a default QR code, which the fourth version has of its
// own.
var defaultCode = id.UUID{0: 0x10, 6: 0x40, 8: 0x80}

func fourth() []sqlstore.Write {
	w, p := tenant.ID.UUID, program.ID.UUID
	return append(third(),
		row("qr_code", "id, mini_program_id, workspace_id, tenant_id, default_of, name, page, creator, created_at",
			defaultCode, p, w, w, p, "Test", "", "u-1", now),
		sqlstore.Write{SQL: "UPDATE {qr_code} SET updated_at = created_at"},
	)
}
