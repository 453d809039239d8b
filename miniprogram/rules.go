package miniprogram

import (
	"fmt"
	"slices"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
)

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
	c.Name, _ = checkName(&p, c.Name, l)
	return c, p.Err()
}

// maxKey bounds a folded name in bytes: an index of every database takes it. Only
// a long name of characters that stand for whole words reaches it.
const maxKey = 1024

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

// terms returns the terms under which a mini program is found by its name in any
// language (P3).
func terms(all []Information) []string {
	var t []string
	for _, i := range all {
		t = append(t, text.Terms(i.Name)...)
	}
	slices.Sort(t)
	return slices.Compact(t)
}
