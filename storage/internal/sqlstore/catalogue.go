package sqlstore

import (
	"context"

	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
)

// Catalogue implements feature.Reader. None of its statements needs the answer
// of another, so that they are read together.
func (r *reader) Catalogue(ctx context.Context, l feature.Lookup) (f feature.Found, err error) {
	var reads []Read
	if !l.Feature.IsZero() {
		reads = append(reads, readFeature(l.Feature, &f.Feature))
	}
	if l.Key != "" {
		reads = append(reads, Read{
			SQL:  `SELECT f.id FROM {feature} AS f WHERE f.tenant_id = ? AND f.name_key = ?`,
			Args: []any{l.Tenant.UUID, l.Key},
			Scan: one(nil, (*uuidColumn)(&f.Named.UUID)),
		})
	}
	if len(l.JSAPIs) > 0 {
		var c condition
		c.and("j.tenant_id = ?", l.Tenant.UUID)
		c.in("j.name", names(l.JSAPIs))
		reads = append(reads, Read{SQL: `SELECT j.name FROM {jsapi} AS j {use jsapi_name} WHERE ` + c.text.String(), Args: c.args, Scan: each(func(rows Rows) error {
			var name string
			err := rows.Scan((*textColumn)(&name))
			f.JSAPIs = append(f.JSAPIs, name)
			return err
		})})
	}
	if len(l.Workspaces) > 0 {
		var c condition
		c.in("w.id", keys(l.Workspaces))
		c.and("w.tenant_id = ? AND w.kind = 'developer' AND w.status <> 'removed'", l.Tenant.UUID)
		reads = append(reads, Read{SQL: `SELECT w.id FROM {workspace} AS w {key} WHERE ` + c.text.String(), Args: c.args, Scan: each(func(rows Rows) error {
			var w id.Workspace
			err := rows.Scan((*uuidColumn)(&w.UUID))
			f.Workspaces = append(f.Workspaces, w)
			return err
		})})
	}
	if err := r.read(ctx, "look a catalogue up", reads...); err != nil {
		return feature.Found{}, err
	}
	if f.Feature.Tenant != l.Tenant {
		f.Feature = feature.Feature{}
	}
	return f, nil
}
