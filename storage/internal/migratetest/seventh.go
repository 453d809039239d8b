package migratetest

import (
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
)

// seventh has a link that invites beside.
func seventh() []sqlstore.Write {
	w := tenant.ID.UUID
	return append(sixth(),
		row("link", "id, workspace_id, tenant_id, role, max_uses, uses, validity, expires_at, generation, maker, created_at, updated_at",
			id.UUID{0: 0x12, 6: 0x40, 8: 0x80}, w, w, "workspace_reviewer", 5, 1, int64(1e9), now, 1, "u-1", now, now))
}
