package sqlstore

import (
	"context"

	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
)

const jsapiColumns = `j.id, j.tenant_id, j.name, j.description, j.platforms, j.created_at, j.updated_at`

// jsapiInto are the targets of jsapiColumns.
func jsapiInto(j *feature.JSAPI) []any {
	return []any{(*uuidColumn)(&j.ID.UUID), (*uuidColumn)(&j.Tenant.UUID), (*textColumn)(&j.Name), &j.Description, jsonColumn{&j.Platforms},
		(*timeColumn)(&j.CreatedAt), (*timeColumn)(&j.UpdatedAt)}
}

// JSAPI implements feature.Reader.
func (r *reader) JSAPI(ctx context.Context, id id.JSAPI) (j feature.JSAPI, err error) {
	var found bool
	err = r.read(ctx, "read a JSAPI", Read{
		SQL: `SELECT ` + jsapiColumns + ` FROM {jsapi} AS j WHERE j.id = ?`, Args: []any{id.UUID}, Scan: one(&found, jsapiInto(&j)...),
	})
	if err == nil && !found {
		err = feature.ErrJSAPINotFound
	}
	return j, err
}

// JSAPIs implements feature.Reader.
func (r *reader) JSAPIs(ctx context.Context, tenant id.Workspace, after id.JSAPI, limit int) (list []feature.JSAPI, err error) {
	err = r.read(ctx, "list JSAPIs", Read{
		SQL:  `SELECT ` + jsapiColumns + ` FROM {jsapi} AS j {use jsapi_by_tenant} WHERE j.tenant_id = ? AND j.id > ? ORDER BY j.id` + limited(limit),
		Args: []any{tenant.UUID, after.UUID},
		Scan: cut(limit, each(func(rows Rows) error {
			var j feature.JSAPI
			err := rows.Scan(jsapiInto(&j)...)
			list = append(list, j)
			return err
		})),
	})
	return list, err
}

// PutJSAPI implements feature.Tx.
func (t *tx) PutJSAPI(ctx context.Context, j feature.JSAPI) error {
	platforms, err := encode(j.Platforms)
	if err != nil {
		return err
	}
	return t.write(ctx, "store a JSAPI", put("jsapi", "description, platforms, updated_at", []any{j.Description, platforms, j.UpdatedAt},
		"tenant_id, name, created_at", []any{j.Tenant.UUID, j.Name, j.CreatedAt}, j.ID.UUID)...)
}
