package sqlstore

import (
	"context"

	"github.com/superapp-go/superapp/miniprogram"
)

// live is the condition for a version v that is in review or may come to users,
// as the index for them has it.
const live = `v.status IN ('under_review', 'approved', 'pilot_testing', 'grayscale', 'released', 'offline')`

// Dossier implements miniprogram.Reader. Its statements are read together: where
// a version is given, each finds the mini program anew.
func (r *reader) Dossier(ctx context.Context, s miniprogram.Subject) (d miniprogram.Dossier, err error) {
	program, arg, notFound := `?`, s.MiniProgram.UUID, miniprogram.ErrNotFound
	if !s.Version.IsZero() {
		program, arg, notFound = `(SELECT s.mini_program_id FROM {version} AS s WHERE s.id = ?{share})`, s.Version.UUID, miniprogram.ErrVersionNotFound
	}
	read := func(statement, order string, scan func(Rows) error) Read {
		return Read{SQL: statement + ` = ` + program + order, Args: []any{arg}, Scan: scan}
	}
	reads := []Read{
		read(`SELECT `+programColumns+`, `+profileColumns+` FROM {mini_program} AS p LEFT JOIN {profile} AS f ON f.mini_program_id = p.id WHERE p.id`, ``,
			one(nil, append(programInto(&d.MiniProgram), profileInto(&d.Profile)...)...)),
		read(`SELECT i.language, i.name, i.name_key, i.tagline, i.description, i.keywords FROM {information} AS i {key} WHERE i.mini_program_id`, ` ORDER BY i.language`,
			each(func(rows Rows) error {
				var i miniprogram.Information
				err := rows.Scan((*textColumn)(&i.Language), &i.Name, (*textColumn)(&i.NameKey), &i.Tagline, &i.Description, jsonColumn{&i.Keywords})
				d.Information = append(d.Information, i)
				return err
			})),
		read(`SELECT `+featureColumns+`, a.attached_at FROM {attached} AS a {key} {then} {feature} AS f {key} WHERE f.id = a.feature_id AND a.mini_program_id`, ` ORDER BY a.feature_id`,
			each(func(rows Rows) error {
				var f miniprogram.Attached
				err := rows.Scan(append(featureInto(&f.Feature), (*timeColumn)(&f.AttachedAt))...)
				d.Features = append(d.Features, f)
				return err
			})),
		read(`SELECT `+versionColumns+` FROM {version} AS v {use version_by_status} WHERE `+live+` AND v.mini_program_id`, ` ORDER BY v.id`,
			scanVersions(&d.Live)),
		read(`SELECT `+requestColumns+` FROM {request} AS q {use request_standing}`+
			` WHERE (q.status = 'in_review' OR q.status = 'approved' AND q.kind = 'removal') AND q.mini_program_id`, ` ORDER BY q.id`,
			scanRequests(&d.Requests)),
	}
	if !s.Version.IsZero() {
		reads = append(reads, Read{
			SQL: `SELECT ` + versionColumns + ` FROM {version} AS v WHERE v.id = ?`, Args: []any{arg}, Scan: one(nil, versionInto(&d.Version)...),
		})
	}
	if !s.Feature.IsZero() {
		reads = append(reads, readFeature(s.Feature, &d.Feature))
	}
	if err := r.read(ctx, "read all about a mini program", reads...); err != nil {
		return miniprogram.Dossier{}, err
	}
	if d.MiniProgram.ID.IsZero() {
		return miniprogram.Dossier{}, notFound
	}
	return d, nil
}
