package migratetest

import "github.com/superapp-go/superapp/storage/internal/sqlstore"

// eighth has a handler to whom events are delivered beside.
func eighth() []sqlstore.Write {
	w := tenant.ID.UUID
	return append(seventh(),
		row("delivery_handler", "name, created_at", "crm", now),
		row("delivery", "handler, workspace_id, seq, attempts, due_at", "crm", w, 1, 0, now))
}
