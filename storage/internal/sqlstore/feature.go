package sqlstore

import (
	"context"
	"strings"
	"time"

	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
)

const featureColumns = `f.id, f.tenant_id, f.name, f.name_key, f.description, f.jsapis, f.access, f.shared, f.retired, f.created_at, f.updated_at`

// featureInto are the targets of featureColumns.
func featureInto(f *feature.Feature) []any {
	return []any{(*uuidColumn)(&f.ID.UUID), (*uuidColumn)(&f.Tenant.UUID), &f.Name, &f.NameKey, &f.Description, jsonColumn{&f.JSAPIs},
		(*string)(&f.Access), jsonColumn{&f.Shared}, &f.Retired, (*timeColumn)(&f.CreatedAt), (*timeColumn)(&f.UpdatedAt)}
}

// Feature implements feature.Reader.
func (r *reader) Feature(ctx context.Context, id id.Feature) (f feature.Feature, err error) {
	err = r.read(ctx, "read a feature", readFeature(id, &f))
	if err == nil && f.ID.IsZero() {
		err = feature.ErrNotFound
	}
	return f, err
}

// readFeature reads a feature; its ID stays zero if there is none.
func readFeature(id id.Feature, f *feature.Feature) Read {
	return Read{SQL: `SELECT ` + featureColumns + ` FROM {feature} AS f WHERE f.id = ?`, Args: []any{id.UUID}, Scan: one(nil, featureInto(f)...)}
}

// Features implements feature.Reader.
func (r *reader) Features(ctx context.Context, q feature.Query) (list []feature.Feature, err error) {
	read := Read{
		SQL:  ` FROM {feature} AS f {use feature_by_tenant} WHERE f.tenant_id = ? AND f.id > ? ORDER BY f.id`,
		Args: []any{q.Tenant.UUID, q.After.UUID},
	}
	if !q.SharedWith.IsZero() {
		read = sharedWith(q)
	}
	read.SQL = `SELECT ` + featureColumns + read.SQL + limited(q.Limit)
	read.Scan = cut(q.Limit, each(func(rows Rows) error {
		var f feature.Feature
		err := rows.Scan(featureInto(&f)...)
		list = append(list, f)
		return err
	}))
	err = r.read(ctx, "list features", read)
	return list, err
}

// sharedWith finds what a workspace sees: what all do, and what is shared with
// it. Each is limited by itself, since an OR would read the whole catalogue.
func sharedWith(q feature.Query) Read {
	end := limited(q.Limit) + `{share}) AS arm`
	return Read{
		SQL: ` FROM (SELECT * FROM (SELECT f.id AS id FROM {feature} AS f {use feature_for_all}` +
			` WHERE f.tenant_id = ? AND f.for_all = TRUE AND f.id > ? ORDER BY f.id` + end +
			` UNION ALL SELECT * FROM (SELECT s.feature_id AS id FROM {feature_shared} AS s {key} {then} {feature} AS f {key}` +
			` WHERE f.id = s.feature_id AND f.tenant_id = ? AND s.workspace_id = ? AND s.feature_id > ? ORDER BY s.feature_id` + end +
			`) AS k {then} {feature} AS f {key} WHERE f.id = k.id AND f.id > ? ORDER BY k.id`,
		Args: []any{q.Tenant.UUID, q.After.UUID, q.Tenant.UUID, q.SharedWith.UUID, q.After.UUID, q.After.UUID},
	}
}

// PutFeature implements feature.Tx.
func (t *tx) PutFeature(ctx context.Context, f feature.Feature) error {
	lists, err := encodeAll(f.JSAPIs, f.Shared)
	if err != nil {
		return err
	}
	writes := put("feature", "name, name_key, description, jsapis, access, shared, for_all, retired, updated_at",
		[]any{f.Name, f.NameKey, f.Description, lists[0], string(f.Access), lists[1], f.Shared == nil, f.Retired, f.UpdatedAt},
		"tenant_id, created_at", []any{f.Tenant.UUID, f.CreatedAt}, f.ID.UUID)
	writes = append(writes, Write{SQL: `DELETE FROM {feature_shared} WHERE feature_id = ?`, Args: []any{f.ID.UUID}})
	shared := f.Shared
	for _, n := range []int{100, 10, 1} { // few statements, and few texts of them
		for ; len(shared) >= n; shared = shared[n:] {
			w := Write{SQL: `INSERT INTO {feature_shared} (workspace_id, feature_id) VALUES (?, ?)` + strings.Repeat(", (?, ?)", n-1)}
			for _, with := range shared[:n] {
				w.Args = append(w.Args, with.UUID, f.ID.UUID)
			}
			writes = append(writes, w)
		}
	}
	return t.write(ctx, "store a feature", writes...)
}

// put stores a row under its id, or replaces the columns that may change of the
// one that is there. Upsert would not do: on MySQL it changes the row of another
// id if that has the same name.
func put(table, changing string, values []any, fixed string, given []any, row id.UUID) []Write {
	n := len(values) + len(given) + 1
	return []Write{
		{
			SQL:  "UPDATE {" + table + "} SET " + strings.ReplaceAll(changing, ",", " = ?,") + " = ? WHERE id = ?",
			Args: append(append([]any{}, values...), row),
		},
		{
			SQL: "INSERT INTO {" + table + "} (" + changing + ", " + fixed + ", id) SELECT " + marks(n) + " FROM (SELECT 1 AS n) AS k" +
				" WHERE NOT EXISTS (SELECT 1 FROM {" + table + "} WHERE id = ?)",
			Args: append(append(append([]any{}, values...), given...), row, row),
		},
	}
}

// Attach implements miniprogram.Tx.
func (t *tx) Attach(ctx context.Context, p id.MiniProgram, f id.Feature, at time.Time) error {
	return t.write(ctx, "attach a feature", Write{
		SQL: `INSERT INTO {attached} (mini_program_id, feature_id, attached_at) VALUES (?, ?, ?) ` +
			t.dialect.Upsert("mini_program_id, feature_id"),
		Args: []any{p.UUID, f.UUID, at},
	})
}

// Detach implements miniprogram.Tx.
func (t *tx) Detach(ctx context.Context, p id.MiniProgram, f id.Feature) error {
	return t.write(ctx, "detach a feature", Write{
		SQL: `DELETE FROM {attached} WHERE mini_program_id = ? AND feature_id = ?`, Args: []any{p.UUID, f.UUID},
	})
}
