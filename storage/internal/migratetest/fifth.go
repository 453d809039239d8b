package migratetest

import (
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
)

// fifth has a workspace's own role beside.
func fifth() []sqlstore.Write {
	w := tenant.ID.UUID
	return append(fourth(), row("role", "id, workspace_id, tenant_id, code, name, definition, revision, created_at, updated_at",
		id.UUID{0: 0x11, 6: 0x40, 8: 0x80}, w, w, "cashier", "Cashier", `{"code":"cashier","assignment":"none","cells":{"qrcode.view":"workspace"}}`, 1, now, now))
}
