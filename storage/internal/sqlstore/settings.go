package sqlstore

import (
	"context"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/workspace"
)

// settingsColumns are those of settings s and a, which may be missing.
const settingsColumns = `COALESCE(s.validity, 0), COALESCE(s.max_batch, 0), s.recipient, COALESCE(s.removal_period, 0), COALESCE(s.own_decision, FALSE),` +
	` COALESCE(a.validity, 0), COALESCE(a.max_batch, 0), a.recipient, COALESCE(a.removal_period, 0), COALESCE(a.own_decision, FALSE)`

// settingsInto are half of the targets of settingsColumns.
func settingsInto(s *workspace.Settings) []any {
	return []any{(*int64)(&s.Validity), &s.MaxBatch, (*textColumn)(&s.Recipient), (*int64)(&s.RemovalPeriod), &s.OwnDecision}
}

// readSettings reads what a workspace w and its tenant set; which is the
// condition for w.
func readSettings(which string, arg any, found *bool, own, above *workspace.Settings) Read {
	return Read{
		SQL: `SELECT ` + settingsColumns + ` FROM {workspace} AS w LEFT JOIN {settings} AS s ON s.workspace_id = w.id` +
			` LEFT JOIN {settings} AS a ON a.workspace_id = w.tenant_id WHERE ` + which,
		Args: []any{arg},
		Scan: one(found, append(settingsInto(own), settingsInto(above)...)...),
	}
}

// Settings implements workspace.Reader.
func (r *reader) Settings(ctx context.Context, w id.Workspace) (own, tenant workspace.Settings, err error) {
	var found bool
	err = r.read(ctx, "read settings", readSettings("w.id = ?", w.UUID, &found, &own, &tenant))
	if err == nil && !found {
		err = workspace.ErrNotFound
	}
	return own, tenant, err
}

// PutSettings implements workspace.Tx.
func (t *tx) PutSettings(ctx context.Context, w id.Workspace, s workspace.Settings) error {
	return t.write(ctx, "store settings", Write{
		SQL: `INSERT INTO {settings} (workspace_id, validity, max_batch, recipient, removal_period, own_decision) VALUES (?, ?, ?, ?, ?, ?) ` +
			t.dialect.Upsert("workspace_id", "validity", "max_batch", "recipient", "removal_period", "own_decision"),
		Args: []any{w.UUID, int64(s.Validity), s.MaxBatch, s.Recipient, int64(s.RemovalPeriod), s.OwnDecision},
	})
}
