package miniprogram

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/semver"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
)

// Limits bound what people write about a mini program. Lengths are in
// characters, where a wide character counts two (P1).
type Limits struct {
	// NameMin and NameMax bound the name, within 1 and 256. Default: 3 and 30.
	NameMin, NameMax int
}

// maxName bounds NameMax.
const maxName = 256

// Validate returns a *fault.InvalidError unless 1 ≤ NameMin ≤ NameMax ≤ 256,
// the defaults taken for zeros.
func (l Limits) Validate() error {
	l = l.withDefaults()
	var p fault.Problems
	if l.NameMin < 1 || l.NameMin > l.NameMax {
		p.Add("name_min", "not_allowed", fmt.Sprintf("want 1 to the maximum, %d, got %d", l.NameMax, l.NameMin))
	}
	if l.NameMax > maxName {
		p.Add("name_max", "not_allowed", fmt.Sprintf("want at most %d, got %d", maxName, l.NameMax))
	}
	return p.Err()
}

func (l Limits) withDefaults() Limits {
	if l.NameMin == 0 {
		l.NameMin = 3
	}
	if l.NameMax == 0 {
		l.NameMax = 30
	}
	return l
}

// A Create asks for a new mini program: the quick setup of P1.
type Create struct {
	// Workspace will own it.
	Workspace id.Workspace
	// Type never changes.
	Type Type
	// Language is the default language, a BCP 47 tag.
	Language string
	// Name is the name in that language: unique in the tenant and language,
	// compared folded (P7).
	Name string
}

// check returns the request as it is stored, or all that is wrong with it.
func (c Create) check(l Limits) (Create, error) {
	var p fault.Problems
	if c.Type != DSL && c.Type != H5 {
		p.Add("type", "unknown", "want dsl or h5")
	}
	c.Language = checkLanguage(&p, "language", c.Language)
	c.Name = text.WideLine(&p, "name", c.Name, l.NameMin, l.NameMax)
	if c.Name != "" && len(p) == 0 && text.Fold(c.Name) == "" {
		p.Add("name", "malformed", "want at least one visible character")
	}
	return c, p.Err()
}

// maxLanguage bounds a language tag in bytes, far above any in use.
const maxLanguage = 64

// checkLanguage returns the canonical tag of a language, or notes what is wrong.
func checkLanguage(p *fault.Problems, field, tag string) string {
	if len(tag) > maxLanguage {
		p.Add(field, "too_long", fmt.Sprintf("want at most %d bytes, got %d", maxLanguage, len(tag)))
		return ""
	}
	return text.Language(p, field, tag)
}

// ErrArchived is the error for changing a mini program that was removed.
var ErrArchived = fault.Define(fault.ErrState, "miniprogram.archived", "the mini program was removed")

// Archive returns the mini program as removed: its name is free again, its
// records stay (X1). [ErrArchived] the second time.
func (p MiniProgram) Archive(now time.Time) (MiniProgram, error) {
	if p.Status == Archived {
		return p, ErrArchived
	}
	p.Status, p.UpdatedAt = Archived, now
	return p, nil
}

// Terms returns the terms under which the mini program is found by name (P3):
// what [Tx.InsertMiniProgram] and [Tx.UpdateMiniProgram] want beside it.
func (p MiniProgram) Terms() []string { return text.Terms(p.Name) }

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
