package sqlstore

import (
	"context"
	"slices"
	"time"

	"github.com/superapp-go/superapp/miniprogram"
)

const versionColumns = `v.id, v.mini_program_id, v.workspace_id, v.tenant_id, v.number, v.status, v.package_reference, v.package_size,` +
	` v.package_sha256, v.jsapis, v.notes, v.uploader, v.uploaded_at, v.digest, v.progress`

// versionInto are the targets of versionColumns.
func versionInto(v *miniprogram.Version) []any {
	return []any{(*uuidColumn)(&v.ID.UUID), (*uuidColumn)(&v.MiniProgram.UUID), (*uuidColumn)(&v.Workspace.UUID), (*uuidColumn)(&v.Tenant.UUID),
		&v.Number, (*string)(&v.Status), &v.Package.Reference, &v.Package.Size, (*hashColumn)(&v.Package.SHA256),
		jsonColumn{&v.JSAPIs}, jsonColumn{&v.Notes}, (*textColumn)(&v.Uploader), (*timeColumn)(&v.UploadedAt),
		(*hashColumn)(&v.Digest), jsonColumn{&v.Progress}}
}

func scanVersions(list *[]miniprogram.Version) func(Rows) error {
	return each(func(rows Rows) error {
		var v miniprogram.Version
		err := rows.Scan(versionInto(&v)...)
		*list = append(*list, v)
		return err
	})
}

// Versions implements miniprogram.Reader.
func (r *reader) Versions(ctx context.Context, q miniprogram.VersionQuery) (list []miniprogram.Version, err error) {
	if q.Statuses != nil && len(q.Statuses) == 0 {
		return nil, ctx.Err()
	}
	index := "version_by_mini_program"
	if len(q.Statuses) == 1 {
		index = "version_by_status"
	}
	var c condition
	c.and("v.mini_program_id = ?", q.MiniProgram.UUID)
	if q.Statuses != nil {
		c.in("v.status", names(q.Statuses))
	}
	c.and("v.id > ?", q.After.UUID)
	err = r.read(ctx, "list versions", Read{
		SQL:  `SELECT ` + versionColumns + ` FROM {version} AS v {use ` + index + `} WHERE ` + c.text.String() + ` ORDER BY v.id` + limited(q.Limit),
		Args: c.args,
		Scan: cut(q.Limit, scanVersions(&list)),
	})
	return list, err
}

// InsertVersion implements miniprogram.Tx.
func (t *tx) InsertVersion(ctx context.Context, v miniprogram.Version) error {
	lists, err := encodeAll(v.JSAPIs, v.Notes, steps(v.Progress))
	if err != nil {
		return err
	}
	return t.write(ctx, "store a version", Write{
		SQL: `INSERT INTO {version} (id, mini_program_id, workspace_id, tenant_id, number, status, package_reference, package_size,` +
			` package_sha256, jsapis, notes, uploader, uploaded_at, digest, progress) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		Args: []any{v.ID.UUID, v.MiniProgram.UUID, v.Workspace.UUID, v.Tenant.UUID, v.Number, string(v.Status),
			v.Package.Reference, v.Package.Size, v.Package.SHA256[:], lists[0], lists[1], optional(v.Uploader), v.UploadedAt,
			hash(v.Digest), lists[2]},
	})
}

// UpdateVersion implements miniprogram.Tx.
func (t *tx) UpdateVersion(ctx context.Context, v miniprogram.Version) error {
	lists, err := encodeAll(v.Notes, steps(v.Progress))
	if err != nil {
		return err
	}
	return t.write(ctx, "change a version",
		update("version", "status = ?, notes = ?, digest = ?, progress = ?", v.ID.UUID, miniprogram.ErrVersionNotFound,
			string(v.Status), lists[0], hash(v.Digest), lists[1]))
}

// steps are steps whose times are as a store keeps them.
func steps(list []miniprogram.Step) []miniprogram.Step {
	list = slices.Clone(list)
	for i := range list {
		list[i].At = list[i].At.UTC().Truncate(time.Microsecond)
	}
	return list
}
