package words

import (
	"errors"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/role"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/workspace"
)

// detail returns which text tells an error with its details, and what to fill in;
// "" for an error that has none.
func (w *Words) detail(err error) (more string, args []any) {
	if e, ok := errors.AsType[*rbac.DeniedError](err); ok {
		return e.Decision.Reason.String(), []any{w.denied(e.Decision)}
	}
	if e, ok := errors.AsType[*approval.StateError](err); ok {
		return "status", []any{w.RequestStatus(e.Status)}
	}
	if e, ok := errors.AsType[*workspace.RemovalError](err); ok {
		if len(e.Published) > 0 {
			return "published", []any{w.List(e.Published)}
		}
		return "uploaded", []any{e.LastUploadTo, w.Time(e.LastUpload), w.after(e.Until)}
	}
	if e, ok := errors.AsType[*signin.LockedError](err); ok {
		return "until", []any{w.after(e.Until)}
	}
	if e, ok := errors.AsType[*role.CeilingError](err); ok {
		return "permissions", []any{w.List(each(e.Permissions, w.Permission))}
	}
	if e, ok := errors.AsType[*role.InUseError](err); ok {
		return "figures", []any{e.Total.Members, e.Total.Links}
	}
	if more, args := w.memberDetail(err); more != "" {
		return more, args
	}
	return w.miniProgramDetail(err)
}

// after returns the first minute that is not before a time: what is written without
// seconds is never too early.
func (w *Words) after(t time.Time) string { return w.Time(t.Add(time.Minute - 1)) }

// denied is the permission that is missing, or the status that is in the way.
func (w *Words) denied(d rbac.Decision) string {
	if d.Reason != rbac.WorkspaceState {
		return w.Permission(d.Name())
	}
	if f := d.Facts(); f.OwnerStatus == rbac.Verified {
		return w.WorkspaceStatus(f.TenantStatus)
	}
	return w.WorkspaceStatus(d.Facts().OwnerStatus)
}

func (w *Words) miniProgramDetail(err error) (more string, args []any) {
	if e, ok := errors.AsType[*miniprogram.MoveError](err); ok {
		args = []any{w.VersionMove(e.Move), w.VersionStatus(e.Status)}
		if len(e.Open) == 0 {
			return "status", args
		}
		return "open", append(args, w.List(each(e.Open, w.VersionMove)))
	}
	if e, ok := errors.AsType[*miniprogram.TeamCeilingError](err); ok {
		return "permissions", []any{w.List(each(e.Permissions, w.Permission))}
	}
	if e, ok := errors.AsType[*miniprogram.FeatureInUseError](err); ok {
		return "versions", []any{w.List(numbers(e))}
	}
	if e, ok := errors.AsType[*miniprogram.OtherVersionError](err); ok {
		return "number", []any{e.Number, w.VersionStatus(e.Status)}
	}
	if e, ok := errors.AsType[*miniprogram.LowerError](err); ok {
		return "numbers", []any{e.Number, e.Full}
	}
	if e, ok := errors.AsType[*miniprogram.VersionOrderError](err); ok {
		return "numbers", []any{e.Number, e.Latest}
	}
	if e, ok := errors.AsType[*miniprogram.PercentError](err); ok {
		return "figures", []any{e.Percent, e.Wanted}
	}
	if e, ok := errors.AsType[*miniprogram.IncompleteError](err); ok {
		return "missing", []any{w.List(w.missing(e))}
	}
	if e, ok := errors.AsType[*miniprogram.RemovalError](err); ok && !e.Request.IsZero() {
		return "in_review", nil
	}
	return "", nil
}

// each returns the names of several things.
func each[T any](all []T, name func(T) string) []string {
	names := make([]string, len(all))
	for i, x := range all {
		names[i] = name(x)
	}
	return names
}

// numbers returns the numbers of the versions that use a feature.
func numbers(e *miniprogram.FeatureInUseError) []string {
	return each(e.Uses, func(u miniprogram.FeatureUse) string { return u.Number })
}

// missing names what a version lacks.
func (w *Words) missing(e *miniprogram.IncompleteError) []string {
	all := each(e.Gaps, func(g miniprogram.Gap) string { return w.gap(g.Field, g.Language) })
	if e.Note != "" {
		all = append(all, w.gap("note", e.Note))
	}
	for _, name := range e.Uncovered {
		text, _ := w.Text("gap.jsapi", name)
		all = append(all, text)
	}
	return all
}

// gap names a field, and the language in which it is missing.
func (w *Words) gap(field, in string) string {
	if in == "" {
		return w.Field(field)
	}
	text, _ := w.Text("gap.language", w.Field(field), w.LanguageName(language.Make(in)))
	return text
}

// LanguageName returns the name of a language.
func (w *Words) LanguageName(tag language.Tag) string {
	if name := display.Tags(w.tag).Name(tag); name != "" {
		return name
	}
	return tag.String()
}
