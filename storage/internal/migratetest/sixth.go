package migratetest

import "github.com/superapp-go/superapp/storage/internal/sqlstore"

// sixth has passwords beside.
func sixth() []sqlstore.Write {
	return append(fifth(),
		row("default_password", "workspace_id, hash, min_length, classes, set_at", tenant.ID.UUID, "$argon2id$", 8, 1, now))
}
