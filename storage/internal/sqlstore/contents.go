package sqlstore

import (
	"context"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

// Contents implements storage.Reader.
func (r *reader) Contents(ctx context.Context, w id.Workspace) (c storage.Contents, err error) {
	const open = ` WHERE m.workspace_id = ? AND m.state IN ('invited', 'active', 'inactive')`
	at := map[id.Member]int{}
	err = r.read(ctx, "read what is in a workspace",
		readWorkspace(w, &c.Workspace), readSettings("w.id = ?", w.UUID, nil, &c.Own, &c.Above), readPublished(w, &c.Activity), readLastUpload(w, &c.Activity),
		Read{
			SQL: `SELECT ` + programColumns + ` FROM {mini_program} AS p {use mini_program_by_workspace}` +
				` WHERE p.workspace_id = ? AND p.status <> 'archived' ORDER BY p.id`,
			Args: []any{w.UUID},
			Scan: each(func(rows Rows) error {
				var p miniprogram.MiniProgram
				err := rows.Scan(programInto(&p)...)
				c.MiniPrograms = append(c.MiniPrograms, p)
				return err
			}),
		},
		Read{
			SQL:  `SELECT ` + memberColumns + ` FROM {member} AS m {use member_by_workspace}` + open + ` ORDER BY m.id`,
			Args: []any{w.UUID},
			Scan: func(rows Rows) error {
				err := scanMembers(&c.Members)(rows)
				for i, m := range c.Members {
					at[m.ID] = i
				}
				return err
			},
		},
		Read{
			SQL: `SELECT ` + linkColumns + ` FROM {link} AS l {use link_by_workspace}` +
				` WHERE l.workspace_id = ? AND l.revoked_at IS NULL AND l.uses < l.max_uses ORDER BY l.id`,
			Args: []any{w.UUID},
			Scan: scanLinks(&c.Links),
		},
		Read{
			SQL: `SELECT ` + requestColumns + ` FROM {request} AS q {use request_by_workspace_status}` +
				` WHERE q.workspace_id = ? AND q.status = 'in_review' ORDER BY q.id`,
			Args: []any{w.UUID},
			Scan: scanRequests(&c.Requests),
		},
		Read{
			SQL: `SELECT ` + versionColumns + ` FROM {mini_program} AS p {use mini_program_by_workspace} {then} {version} AS v {use version_by_status}` +
				` WHERE v.mini_program_id = p.id AND ` + live + ` AND p.workspace_id = ? AND p.status <> 'archived' ORDER BY v.id`,
			Args: []any{w.UUID},
			Scan: scanVersions(&c.Versions),
		},
		readHeld(`JOIN {member} AS m {use member_by_workspace} ON m.id = h.member_id`+open, []any{w.UUID}, func(m id.Member, h rbac.HeldProgram) {
			if i, ok := at[m]; ok {
				c.Members[i].Programs = append(c.Members[i].Programs, h)
			}
		}))
	if err == nil && c.Workspace.ID.IsZero() {
		err = workspace.ErrNotFound
	}
	return c, err
}
