package sqlstore

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/role"
)

const roleColumns = `r.id, r.workspace_id, r.tenant_id, r.name, r.definition, r.revision, r.created_at, r.updated_at`

// scanRoles returns a Scan that appends own roles to a list.
func (c *customs) scanRoles(list *[]role.Role) func(Rows) error {
	return each(func(rows Rows) error {
		var x role.Role
		var key rbac.RoleKey
		var definition *rbac.Custom
		err := rows.Scan((*uuidColumn)(&x.ID.UUID), (*uuidColumn)(&x.Workspace.UUID), (*uuidColumn)(&x.Tenant.UUID), &x.Name,
			c.column(&key, &definition), &x.Revision, (*timeColumn)(&x.CreatedAt), (*timeColumn)(&x.UpdatedAt))
		if err == nil {
			*list = append(*list, x.Defined(definition))
		}
		return err
	})
}

// Role implements role.Reader.
func (r *reader) Role(ctx context.Context, id id.Role) (role.Role, error) {
	var list []role.Role
	err := r.read(ctx, "read an own role", Read{
		SQL: `SELECT ` + roleColumns + ` FROM {role} AS r WHERE r.id = ?`, Args: []any{id.UUID}, Scan: r.customs.scanRoles(&list),
	})
	switch {
	case err != nil:
		return role.Role{}, err
	case len(list) == 0:
		return role.Role{}, role.ErrNotFound
	}
	return list[0], nil
}

// Roles implements role.Reader.
func (r *reader) Roles(ctx context.Context, w id.Workspace) (list []role.Role, err error) {
	err = r.read(ctx, "list own roles", Read{
		SQL:  `SELECT ` + roleColumns + ` FROM {role} AS r {use role_code} WHERE r.workspace_id = ? ORDER BY r.code`,
		Args: []any{w.UUID},
		Scan: r.customs.scanRoles(&list),
	})
	return list, err
}

// Holding implements role.Reader.
func (r *reader) Holding(ctx context.Context, w id.Workspace, code rbac.Role, now time.Time) (h role.Holding, err error) {
	var members, links condition
	r.matching(&members, member.Query{
		Workspace: w, Roles: []rbac.Role{code}, Statuses: []member.Status{member.StatusSent, member.StatusActive, member.StatusInactive}, Now: now,
	})
	links.and("l.workspace_id = ? AND l.role = ?", w.UUID, string(code))
	withLinkStatus(&links, member.LinkQuery{Statuses: []member.LinkStatus{member.LinkUsable}, Now: now})
	err = r.read(ctx, "count who holds an own role",
		Read{SQL: `SELECT count(*) FROM {member} AS m {use member_by_workspace} WHERE ` + members.text.String(), Args: members.args, Scan: one(nil, &h.Members)},
		Read{SQL: `SELECT count(*) FROM {link} AS l {use link_by_workspace} WHERE ` + links.text.String(), Args: links.args, Scan: one(nil, &h.Links)})
	return h, err
}

// PutRole implements role.Tx.
func (t *tx) PutRole(ctx context.Context, x role.Role) error {
	return t.write(ctx, "store an own role", put("role", "name, definition, revision, updated_at",
		[]any{x.Name, x.Custom().String(), x.Revision, x.UpdatedAt},
		"workspace_id, tenant_id, code, created_at", []any{x.Workspace.UUID, x.Tenant.UUID, string(x.Code), x.CreatedAt}, x.ID.UUID)...)
}

// DeleteRole implements role.Tx.
func (t *tx) DeleteRole(ctx context.Context, id id.Role) error {
	return t.write(ctx, "delete an own role", Write{SQL: `DELETE FROM {role} WHERE id = ?`, Args: []any{id.UUID}})
}
