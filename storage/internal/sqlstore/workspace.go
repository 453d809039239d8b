package sqlstore

import (
	"context"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/workspace"
)

const workspaceColumns = `w.id, w.tenant_id, w.kind, w.name, w.status,` +
	` w.company, w.address, w.scope, w.representative, w.email, w.created_at, w.updated_at`

// workspaceInto are the targets of workspaceColumns.
func workspaceInto(w *workspace.Workspace) []any {
	b := &w.Business
	return []any{(*uuidColumn)(&w.ID.UUID), (*uuidColumn)(&w.Tenant.UUID), (*kindColumn)(&w.Kind), &w.Name, (*statusColumn)(&w.Status),
		&b.Company, &b.Address, &b.Scope, &b.Representative, &b.Email, (*timeColumn)(&w.CreatedAt), (*timeColumn)(&w.UpdatedAt)}
}

// Workspace implements workspace.Reader.
func (r *reader) Workspace(ctx context.Context, id id.Workspace) (w workspace.Workspace, err error) {
	err = r.read(ctx, "read a workspace", readWorkspace(id, &w))
	if err == nil && w.ID.IsZero() {
		err = workspace.ErrNotFound
	}
	return w, err
}

// readWorkspace reads a workspace; its ID stays zero if there is none.
func readWorkspace(id id.Workspace, w *workspace.Workspace) Read {
	return Read{
		SQL:  `SELECT ` + workspaceColumns + ` FROM {workspace} AS w WHERE w.id = ?`,
		Args: []any{id.UUID},
		Scan: one(nil, workspaceInto(w)...),
	}
}

// Workspaces implements workspace.Reader.
func (r *reader) Workspaces(ctx context.Context, q workspace.Query) (list []workspace.Summary, err error) {
	if q.IDs != nil && len(q.IDs) == 0 || q.Statuses != nil && len(q.Statuses) == 0 {
		return nil, ctx.Err()
	}
	var c condition
	if q.IDs != nil {
		c.in("w.id", keys(q.IDs))
	}
	hint := ""
	if !q.Tenant.IsZero() {
		c.and("w.tenant_id = ?", q.Tenant.UUID)
		hint = " {use workspace_by_tenant}"
	}
	if q.Kind == workspace.Tenant && q.Tenant.IsZero() {
		hint = " {use workspace_tenants}"
	}
	if q.IDs != nil {
		hint = ""
	}
	if q.Kind != 0 {
		c.and("w.kind = ?", q.Kind.String())
	}
	if q.Statuses != nil {
		c.in("w.status", statuses(q.Statuses))
	}
	c.and("w.id > ?", q.After.UUID)
	var s workspace.Summary
	into := append([]any{&s.MiniPrograms}, workspaceInto(&s.Workspace)...)
	err = r.read(ctx, "list workspaces", Read{
		SQL: `SELECT (SELECT count(*) FROM {mini_program} AS p {use mini_program_by_status} WHERE p.workspace_id = w.id AND p.status <> 'archived'{share}), ` +
			workspaceColumns + ` FROM {workspace} AS w` + hint + ` WHERE ` + c.text.String() + ` ORDER BY w.id` + limited(q.Limit),
		Args: c.args,
		Scan: cut(q.Limit, each(func(rows Rows) error {
			err := rows.Scan(into...)
			list = append(list, s)
			return err
		})),
	})
	return list, err
}

func statuses(list []workspace.Status) []any {
	args := make([]any, len(list))
	for i, s := range list {
		args[i] = s.String()
	}
	return args
}

// activeAdmin is the condition for an active member m with a built-in admin
// role, as the index for them has it.
const activeAdmin = `m.state = 'active' AND m.role IN ('workspace_admin', 'developer_admin')`

// Admins implements workspace.Reader.
func (r *reader) Admins(ctx context.Context, w id.Workspace, after id.Member, limit int) (admins []workspace.Admin, err error) {
	err = r.read(ctx, "list admins", Read{
		SQL: `SELECT m.id, m.name, m.email, m.joined_at FROM {member} AS m {use member_admins}` +
			` WHERE m.workspace_id = ? AND ` + activeAdmin + ` AND m.id > ? ORDER BY m.id` + limited(limit),
		Args: []any{w.UUID, after.UUID},
		Scan: cut(limit, each(func(rows Rows) error {
			var a workspace.Admin
			err := rows.Scan((*uuidColumn)(&a.Member.UUID), &a.Name, (*textColumn)(&a.Email), (*timeColumn)(&a.JoinedAt))
			admins = append(admins, a)
			return err
		})),
	})
	return admins, err
}

// maxPublished is how many names an Activity has at most.
const maxPublished = 20

// Activity implements workspace.Reader.
func (r *reader) Activity(ctx context.Context, w id.Workspace) (a workspace.Activity, err error) {
	err = r.read(ctx, "read the activity of a workspace", readPublished(w, &a), readLastUpload(w, &a))
	return a, err
}

func readPublished(w id.Workspace, a *workspace.Activity) Read {
	return Read{
		SQL: `SELECT p.name FROM {mini_program} AS p {use mini_program_by_status} WHERE p.workspace_id = ? AND p.status = 'published'` +
			` ORDER BY p.id` + limited(maxPublished),
		Args: []any{w.UUID},
		Scan: cut(maxPublished, each(func(rows Rows) error {
			var name string
			err := rows.Scan(&name)
			a.Published = append(a.Published, name)
			return err
		})),
	}
}

func readLastUpload(w id.Workspace, a *workspace.Activity) Read {
	return Read{
		SQL: `SELECT v.uploaded_at, p.name FROM {version} AS v {use version_by_upload} {then} {mini_program} AS p {key}` +
			` WHERE p.id = v.mini_program_id AND v.workspace_id = ? ORDER BY v.uploaded_at DESC, v.id DESC LIMIT 1`,
		Args: []any{w.UUID},
		Scan: one(nil, (*timeColumn)(&a.LastUpload), &a.LastUploadTo),
	}
}

// InsertWorkspace implements workspace.Tx.
func (t *tx) InsertWorkspace(ctx context.Context, w workspace.Workspace) error {
	b := w.Business
	err := t.write(ctx, "store a workspace",
		Write{
			SQL: `INSERT INTO {workspace} (id, tenant_id, kind, name, status, company, address, scope, representative, email,` +
				` created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			Args: []any{w.ID.UUID, w.Tenant.UUID, w.Kind.String(), w.Name, w.Status.String(),
				b.Company, b.Address, b.Scope, b.Representative, b.Email, w.CreatedAt, w.UpdatedAt},
		},
		Write{
			SQL:  `INSERT INTO {head} (workspace_id, seq, hash) VALUES (?, 0, ?)`,
			Args: []any{w.ID.UUID, make([]byte, 32)},
		})
	if err == nil {
		t.heads[w.ID] = head{audit.Head{Workspace: w.ID}, true}
	}
	return err
}

// UpdateWorkspace implements workspace.Tx.
func (t *tx) UpdateWorkspace(ctx context.Context, w workspace.Workspace) error {
	b := w.Business
	return t.write(ctx, "change a workspace",
		update("workspace", "name = ?, status = ?, company = ?, address = ?, scope = ?, representative = ?, email = ?, updated_at = ?",
			w.ID.UUID, workspace.ErrNotFound,
			w.Name, w.Status.String(), b.Company, b.Address, b.Scope, b.Representative, b.Email, w.UpdatedAt))
}
