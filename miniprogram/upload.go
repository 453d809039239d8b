package miniprogram

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/semver"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// Limits of a version.
const (
	maxReference = 512
	maxJSAPIs    = 500
	maxJSAPI     = 128
	maxNotes     = 100
	maxNote      = 2000
	maxNumber    = 64
)

// An Upload registers a version whose package the host has stored (V1).
type Upload struct {
	MiniProgram id.MiniProgram
	// Number is a semantic version such as "1.4.0", greater than every earlier
	// one of the mini program.
	Number string
	// Package says what was uploaded.
	Package Package
	// JSAPIs are the callables that it uses; at most 500.
	JSAPIs []string
	// Notes are the release notes by BCP 47 tag, at most 100 of 2,000 characters
	// each. Giving any needs version.note.edit as well.
	Notes map[string]string
}

// check returns the upload as it is stored, or all that is wrong with it.
func (u Upload) check() (Upload, error) {
	var p fault.Problems
	if !strictVersion(u.Number) {
		p.Add("number", "malformed", "want a semantic version such as 1.4.0")
	}
	checkReference(&p, u.Package.Reference)
	if u.Package.Size <= 0 {
		p.Add("package.size", "required", "want the size in bytes")
	}
	if u.Package.SHA256 == [32]byte{} {
		p.Add("package.sha256", "required", "want the SHA-256 of the package")
	}
	u.JSAPIs = checkJSAPIs(&p, u.JSAPIs)
	u.Notes = checkNotes(&p, u.Notes)
	return u, p.Err()
}

// checkJSAPIs returns the names sorted, each once; nil for none.
func checkJSAPIs(p *fault.Problems, names []string) []string {
	if len(names) > maxJSAPIs {
		p.Add("jsapis", "too_long", fmt.Sprintf("want at most %d, got %d", maxJSAPIs, len(names)))
		return nil
	}
	var checked []string
	for i, name := range names {
		checked = append(checked, text.Line(p, fmt.Sprintf("jsapis[%d]", i), name, 1, maxJSAPI))
	}
	slices.Sort(checked)
	return slices.Compact(checked)
}

// checkNotes returns the notes by canonical tag; nil for none.
func checkNotes(p *fault.Problems, notes map[string]string) map[string]string {
	if len(notes) == 0 {
		return nil
	}
	if len(notes) > maxNotes {
		p.Add("notes", "too_long", fmt.Sprintf("want at most %d, got %d", maxNotes, len(notes)))
		return nil
	}
	checked := make(map[string]string, len(notes))
	for _, lang := range slices.Sorted(maps.Keys(notes)) {
		var bad fault.Problems
		field := fmt.Sprintf("notes[%.40s]", strings.ToValidUTF8(lang, "?"))
		tag := checkLanguage(&bad, field, lang)
		if _, twice := checked[tag]; twice {
			bad.Add(field, "duplicate", "another note is in this language: give one")
		}
		note := text.Block(&bad, field, notes[lang], maxNote)
		if len(bad) == 0 {
			checked[tag] = note
		}
		*p = append(*p, bad...)
	}
	return checked
}

// checkReference notes what is wrong with a reference. It is the host's, and kept
// as it is.
func checkReference(p *fault.Problems, ref string) {
	switch {
	case ref == "":
		p.Add("package.reference", "required", "must not be empty")
	case len(ref) > maxReference:
		p.Add("package.reference", "too_long", fmt.Sprintf("want at most %d bytes, got %d", maxReference, len(ref)))
	case !utf8.ValidString(ref) || strings.ContainsFunc(ref, unicode.IsControl):
		p.Add("package.reference", "malformed", "want valid UTF-8 without control characters")
	}
}

// strictVersion reports whether s is a semantic version with all three numbers
// and no leading v.
func strictVersion(s string) bool {
	core, _, _ := strings.Cut(strings.ReplaceAll(s, "+", "-"), "-")
	return len(s) <= maxNumber && semver.IsValid("v"+s) && strings.Count(core, ".") == 2
}

// ErrVersionOrder is what every [VersionOrderError] is.
var ErrVersionOrder = fault.Define(fault.ErrState, "miniprogram.version_order",
	"a version's number must be greater than every earlier one")

// VersionOrderError is the error for a number that is not greater than the
// latest (V1).
type VersionOrderError struct {
	Number, Latest string
}

// Error names both numbers.
func (e *VersionOrderError) Error() string {
	return fmt.Sprintf("version %s is not greater than %s, the latest: raise the number", e.Number, e.Latest)
}

// Code returns "miniprogram.version_order".
func (e *VersionOrderError) Code() string { return ErrVersionOrder.Code() }

// Unwrap returns [ErrVersionOrder].
func (e *VersionOrderError) Unwrap() error { return ErrVersionOrder }

// upload returns the mini program with a version of the number uploaded.
func (p MiniProgram) upload(number string, now time.Time) (MiniProgram, error) {
	if p.Status == Archived {
		return p, ErrArchived
	}
	if p.LatestVersion != "" && semver.Compare("v"+number, "v"+p.LatestVersion) <= 0 {
		return p, &VersionOrderError{Number: number, Latest: p.LatestVersion}
	}
	p.LatestVersion, p.UploadedAt, p.UpdatedAt = number, now, now
	return p, nil
}

// UploadVersion registers an uploaded version. The caller needs version.upload
// on the mini program. Errors: *fault.InvalidError, *[VersionOrderError],
// [ErrArchived]. The same number a second time is a [VersionOrderError].
func (s *Service) UploadVersion(ctx context.Context, actor rbac.Actor, u Upload) (v Version, err error) {
	defer fault.Wrap(&err, "miniprogram: upload version")
	if u, err = u.check(); err != nil {
		return v, err
	}
	newID := id.Version{UUID: s.env.NewID()}
	on := rbac.OnMiniProgram(u.MiniProgram)
	err = s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		facts, err := s.env.Authorize(ctx, tx, actor, rbac.UploadVersion, on, ErrNotFound)
		if err != nil {
			return err
		}
		if len(u.Notes) > 0 {
			if err := s.env.Matrix.Check(actor, facts, rbac.EditVersionNote, on); err != nil {
				return err
			}
		}
		now := s.env.Now()
		before, err := tx.MiniProgram(ctx, u.MiniProgram)
		if err != nil {
			return err
		}
		after, err := before.upload(u.Number, now)
		if err != nil {
			return err
		}
		made := Version{
			ID: newID, MiniProgram: after.ID, Workspace: after.Workspace, Tenant: after.Tenant,
			Number: u.Number, Status: VersionNew, Package: u.Package, JSAPIs: u.JSAPIs, Notes: u.Notes,
			Uploader: actor.Account(), UploadedAt: now,
		}
		if err := tx.UpdateMiniProgram(ctx, after, nil); err != nil {
			return err
		}
		if err := tx.InsertVersion(ctx, made); err != nil {
			return err
		}
		v = made
		return audit.Append(ctx, tx, audit.Entry{
			Workspace: made.Workspace, Verb: EventUploaded, Object: rbac.OnVersion(made.ID), Actor: actor, At: now, After: made,
		})
	})
	if err != nil {
		return Version{}, err
	}
	return v, nil
}
