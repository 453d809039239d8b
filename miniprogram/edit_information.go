package miniprogram

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/rbac"
)

// check returns the information as it is stored, or all that is wrong with it.
func (i Information) check(l Limits) (Information, error) {
	var p fault.Problems
	i.Language = checkLanguage(&p, "language", i.Language)
	i.Name, i.NameKey = checkName(&p, i.Name, l)
	i.Tagline = text.WideLine(&p, "tagline", i.Tagline, unlessEmpty(i.Tagline, l.TaglineMin), l.TaglineMax)
	i.Description = text.WideBlock(&p, "description", i.Description, unlessEmpty(i.Description, l.DescriptionMin), l.DescriptionMax)
	i.Keywords = checkKeywords(&p, i.Keywords, l)
	return i, p.Err()
}

// unlessEmpty returns the least length of a text that may be left out.
func unlessEmpty(s string, min int) int {
	if strings.TrimSpace(s) == "" {
		return 0
	}
	return min
}

// checkName returns a name and its folded form, and notes what is wrong.
func checkName(p *fault.Problems, given string, l Limits) (name, key string) {
	var bad fault.Problems
	name = text.WideLine(&bad, "name", given, l.NameMin, l.NameMax)
	key = text.Fold(name)
	switch {
	case len(bad) > 0:
	case key == "":
		bad.Add("name", "malformed", "want at least one visible character")
	case len(key) > maxKey:
		bad.Add("name", "too_long", fmt.Sprintf("want at most %d bytes with compatible characters written out, got %d", maxKey, len(key)))
	}
	*p = append(*p, bad...)
	return name, key
}

// checkKeywords returns the keywords in the order given, each once; nil for none.
func checkKeywords(p *fault.Problems, given []string, l Limits) []string {
	if tooMany(p, "keywords", len(given), l.Keywords) {
		return nil
	}
	var words []string
	for n, w := range given {
		w = text.WideLine(p, fmt.Sprintf("keywords[%d]", n), w, 1, l.KeywordMax)
		if !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words
}

// tooMany reports, and notes, that a list is longer than it may be.
func tooMany(p *fault.Problems, field string, got, most int) bool {
	if got > most {
		p.Add(field, "too_long", fmt.Sprintf("want at most %d, got %d", most, got))
	}
	return got > most
}

var (
	// ErrLanguages is the error for one language more than a mini program may have.
	ErrLanguages = fault.Define(fault.ErrLimit, "miniprogram.languages",
		"the mini program is described in as many languages as it may be: delete one first")
	// ErrNoInformation is the error for a language in which nothing is said.
	ErrNoInformation = fault.Define(fault.ErrNotFound, "miniprogram.no_information",
		"the mini program is not described in this language")
	// ErrDefaultLanguage is the error for deleting what is said in the default
	// language (P2).
	ErrDefaultLanguage = fault.Define(fault.ErrState, "miniprogram.default_language",
		"the default language is not deletable: change what is said in it")
)

// SetInformation says what a mini program is in one language: it adds the
// language, or replaces all that was said in it (P2). The name is needed; what
// else is left out is missing until the first submission (see [Page]), and what
// is given is within the [Limits]. The folded name is made here. In the default
// language the name is the mini program's own. The answer is what is stored; the
// same a second time changes nothing. A version under review goes back (V3).
//
// The caller needs miniprogram.edit. Errors: *fault.InvalidError, which lists all
// that is wrong; [ErrNameTaken]; [ErrLanguages]; [ErrArchived].
func (s *Service) SetInformation(ctx context.Context, actor rbac.Actor, p id.MiniProgram, set Information) (after Information, err error) {
	defer fault.Wrap(&err, "miniprogram: set information")
	if after, err = set.check(s.limits); err != nil {
		return Information{}, err
	}
	err = s.change(ctx, actor, rbac.EditMiniProgram, Subject{MiniProgram: p}, func(ctx context.Context, c *change) error {
		at, there := c.language(after.Language)
		var before audit.Snapshot
		switch {
		case !there && len(c.Information) >= s.limits.Languages:
			return ErrLanguages
		case there && reflect.DeepEqual(c.Information[at], after):
			return nil
		case there:
			before = c.Information[at]
		}
		if after.Language == c.MiniProgram.Language {
			c.MiniProgram.Name, c.MiniProgram.NameKey = after.Name, after.NameKey
		}
		c.Information = slices.Clone(c.Information)
		if there {
			c.Information[at] = after
		} else {
			c.Information = slices.Insert(c.Information, at, after)
		}
		if err := c.touch(ctx, terms(c.Information)); err != nil {
			return err
		}
		// Why no look-up of the name first: it would be one more round trip, and the
		// store refuses a name that is taken.
		if err := c.tx.PutInformation(ctx, c.MiniProgram, after); err != nil {
			return err
		}
		return c.event(ctx, EventInformationSet, rbac.OnMiniProgram(p), "", before, after)
	})
	if err != nil {
		return Information{}, err
	}
	return after, nil
}

// DeleteInformation takes back what is said of a mini program in a language (P2);
// its name there is free again. A version under review goes back (V3). The caller
// needs miniprogram.edit. Errors: *fault.InvalidError for what is no language;
// [ErrDefaultLanguage]; [ErrNoInformation], so the second time; [ErrArchived].
func (s *Service) DeleteInformation(ctx context.Context, actor rbac.Actor, p id.MiniProgram, language string) (err error) {
	defer fault.Wrap(&err, "miniprogram: delete information")
	var bad fault.Problems
	language = checkLanguage(&bad, "language", language)
	if err := bad.Err(); err != nil {
		return err
	}
	return s.change(ctx, actor, rbac.EditMiniProgram, Subject{MiniProgram: p}, func(ctx context.Context, c *change) error {
		at, there := c.language(language)
		switch {
		case language == c.MiniProgram.Language:
			return ErrDefaultLanguage
		case !there:
			return ErrNoInformation
		}
		before := c.Information[at]
		c.Information = slices.Delete(slices.Clone(c.Information), at, at+1)
		if err := c.touch(ctx, terms(c.Information)); err != nil {
			return err
		}
		if err := c.tx.DeleteInformation(ctx, p, language); err != nil {
			return err
		}
		return c.event(ctx, EventInformationDeleted, rbac.OnMiniProgram(p), "", before, nil)
	})
}

// language returns where the information in a language is, or belongs.
func (d Dossier) language(tag string) (at int, there bool) {
	return slices.BinarySearchFunc(d.Information, tag, func(i Information, tag string) int { return strings.Compare(i.Language, tag) })
}

// touch notes the time of the change in the mini program, and its terms unless
// they are nil.
func (c *change) touch(ctx context.Context, terms []string) error {
	c.MiniProgram.UpdatedAt = c.now
	return c.tx.UpdateMiniProgram(ctx, c.MiniProgram, terms)
}
