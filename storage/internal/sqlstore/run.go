package sqlstore

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
)

// Run implements member.Reader.
func (r *reader) Run(ctx context.Context, q member.RunQuery) (run member.Run, err error) {
	var found bool
	reads := []Read{{
		SQL:    `SELECT b.workspace_id, b.run_key, b.digest, b.started_at FROM {bulk} AS b WHERE b.workspace_id = ? AND b.run_key = ?`,
		Args:   []any{q.Workspace.UUID, q.Key},
		Steady: true,
		Scan:   one(&found, (*uuidColumn)(&run.Workspace.UUID), (*textColumn)(&run.Key), (*hashColumn)(&run.Digest), (*timeColumn)(&run.StartedAt)),
	}}
	if q.To > 0 {
		reads = append(reads, Read{
			SQL: `SELECT r.line, r.member_id FROM {bulk_row} AS r` +
				` WHERE r.workspace_id = ? AND r.run_key = ? AND r.line >= ? AND r.line <= ? ORDER BY r.line`,
			Args:   []any{q.Workspace.UUID, q.Key, q.From, q.To},
			Steady: true,
			Scan: each(func(rows Rows) error {
				var row member.RunRow
				err := rows.Scan(&row.Row, (*uuidColumn)(&row.Member.UUID))
				run.Sent = append(run.Sent, row)
				return err
			}),
		})
	}
	err = r.read(ctx, "read a bulk invitation", reads...)
	return run, err
}

// InsertRun implements member.Tx.
func (t *tx) InsertRun(ctx context.Context, r member.Run, before time.Time) error {
	return t.write(ctx, "store a bulk invitation", Write{
		SQL:  `DELETE FROM {bulk_row} WHERE workspace_id = ? AND run_key IN (SELECT b.run_key FROM {bulk} AS b WHERE b.workspace_id = ? AND b.started_at < ?)`,
		Args: []any{r.Workspace.UUID, r.Workspace.UUID, before},
	}, Write{
		SQL:  `DELETE FROM {bulk} WHERE workspace_id = ? AND started_at < ?`,
		Args: []any{r.Workspace.UUID, before},
	}, Write{
		SQL:  `INSERT INTO {bulk} (workspace_id, run_key, digest, started_at) VALUES (?, ?, ?, ?)`,
		Args: []any{r.Workspace.UUID, r.Key, r.Digest[:], r.StartedAt},
	})
}

// InsertRunRows implements member.Tx.
func (t *tx) InsertRunRows(ctx context.Context, w id.Workspace, key string, rows []member.RunRow) error {
	writes := make([]Write, len(rows))
	for i, r := range rows {
		writes[i] = Write{
			SQL:  `INSERT INTO {bulk_row} (workspace_id, run_key, line, member_id) VALUES (?, ?, ?, ?)`,
			Args: []any{w.UUID, key, r.Row, r.Member.UUID},
		}
	}
	return t.write(ctx, "store rows of a bulk invitation", writes...)
}
