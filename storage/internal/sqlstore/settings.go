package sqlstore

import (
	"context"
	"strings"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/workspace"
)

// settingNames are the columns of {settings} beside its key.
var settingNames = []string{"validity", "max_batch", "recipient", "removal_period", "own_decision",
	"password_length", "password_classes", "password_failures", "password_lock", "password_age", "reset_validity"}

// settingsColumns are those of settings s and a, which may be missing.
var settingsColumns = func() string {
	var columns []string
	for _, table := range []string{"s", "a"} {
		for _, name := range settingNames {
			column := "COALESCE(" + table + "." + name + ", 0)"
			switch name {
			case "recipient":
				column = table + "." + name
			case "own_decision":
				column = "COALESCE(" + table + "." + name + ", FALSE)"
			}
			columns = append(columns, column)
		}
	}
	return strings.Join(columns, ", ")
}()

// settingsInto are half of the targets of settingsColumns.
func settingsInto(s *workspace.Settings) []any {
	p := &s.Security
	return []any{(*int64)(&s.Validity), &s.MaxBatch, (*textColumn)(&s.Recipient), (*int64)(&s.RemovalPeriod), &s.OwnDecision,
		&p.MinLength, &p.Classes, &p.Failures, (*int64)(&p.Lock), (*int64)(&p.MaxAge), (*int64)(&p.ResetValidity)}
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
	p := s.Security
	return t.write(ctx, "store settings", Write{
		SQL: `INSERT INTO {settings} (workspace_id, ` + strings.Join(settingNames, ", ") + `) VALUES (?` + strings.Repeat(", ?", len(settingNames)) + `) ` +
			t.dialect.Upsert("workspace_id", settingNames...),
		Args: []any{w.UUID, int64(s.Validity), s.MaxBatch, s.Recipient, int64(s.RemovalPeriod), s.OwnDecision,
			p.MinLength, p.Classes, p.Failures, int64(p.Lock), int64(p.MaxAge), int64(p.ResetValidity)},
	})
}
