package miniprogram

import (
	"context"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/rbac"
)

// A ProfileEdit is what is said of a mini program whatever the language. What is
// empty is missing until the first submission.
type ProfileEdit struct {
	Category string
	// Regions are where it is offered: ISO 3166 codes, such as SG. They are stored
	// with two letters, sorted, each once.
	Regions []string
	// Contacts are how its users reach customer service, in the order in which
	// they are shown.
	Contacts []Contact
	// Entrance is the https address at which an H5 mini program begins, at most
	// 2,048 bytes; a DSL one has none.
	Entrance string
}

// Limits of a profile.
const (
	maxEntrance = 2048
	maxContact  = 256
)

// check returns the profile as it is stored for a mini program of the type, or all
// that is wrong with it.
func (e ProfileEdit) check(l Limits, of Type) (ProfileEdit, error) {
	var p fault.Problems
	e.Category = text.WideLine(&p, "category", e.Category, 0, l.CategoryMax)
	e.Regions = checkRegions(&p, e.Regions, l)
	e.Contacts = checkContacts(&p, e.Contacts, l)
	switch {
	case e.Entrance == "":
	case of != H5:
		p.Add("entrance", "not_allowed", "a dsl mini program has no entrance: its package holds its pages")
	default:
		e.Entrance = checkAddress(&p, "entrance", e.Entrance, maxEntrance)
	}
	return e, p.Err()
}

// checkRegions returns the codes of the regions, sorted, each once; nil for none.
func checkRegions(p *fault.Problems, given []string, l Limits) []string {
	if tooMany(p, "regions", len(given), l.Regions) {
		return nil
	}
	var codes []string
	for n, code := range given {
		r, err := language.ParseRegion(strings.TrimSpace(code))
		r = r.Canonicalize()
		if err != nil || !r.IsCountry() || len(r.String()) != 2 {
			p.Add(fmt.Sprintf("regions[%d]", n), "unknown", fmt.Sprintf("want the ISO 3166 code of a country or area such as SG, got %.40q", code))
			continue
		}
		codes = append(codes, r.String())
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// checkContacts returns the contacts in the order given; nil for none.
func checkContacts(p *fault.Problems, given []Contact, l Limits) []Contact {
	if tooMany(p, "contacts", len(given), l.Contacts) {
		return nil
	}
	var checked []Contact
	for n, c := range given {
		field := fmt.Sprintf("contacts[%d]", n)
		switch c.Kind {
		case "email":
			c.Value = text.Email(p, field+".value", c.Value)
		case "phone":
			c.Value = checkPhone(p, field+".value", c.Value)
		case "url":
			c.Value = checkAddress(p, field+".value", c.Value, maxContact)
		default:
			p.Add(field+".kind", "unknown", fmt.Sprintf("want email, phone or url, got %.40q", c.Kind))
		}
		if !slices.Contains(checked, c) {
			checked = append(checked, c)
		}
	}
	return checked
}

// checkPhone returns a telephone number as it was written, and notes what is
// wrong: people write them in groups, and dial short ones.
func checkPhone(p *fault.Problems, field, s string) string {
	s = strings.TrimSpace(s)
	digits := 0
	other := strings.ContainsFunc(strings.TrimPrefix(s, "+"), func(r rune) bool {
		if r >= '0' && r <= '9' {
			digits++
			return false
		}
		return !strings.ContainsRune(" -().", r)
	})
	if other || digits < 3 || digits > 20 || len(s) > 40 {
		p.Add(field, "malformed", fmt.Sprintf("want a telephone number of 3 to 20 digits such as +65 6123 4567, got %.40q", s))
	}
	return s
}

// checkAddress returns an https address with its host normalised, and notes what
// is wrong.
func checkAddress(p *fault.Problems, field, s string, most int) string {
	s = strings.TrimSpace(s)
	u, err := url.Parse(s)
	// What a query holds is kept as it is written, so it has to be plain.
	odd := func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune("\"<>\\^`{|}", r) }
	if err != nil || strings.ContainsFunc(u.RawQuery, odd) || !utf8.ValidString(s) || u.Scheme != "https" || u.Host == "" || u.User != nil || u.Opaque != "" {
		p.Add(field, "malformed", fmt.Sprintf("want an address like https://shop.example.com/start, got %.80q", s))
		return ""
	}
	host, err := CheckDomain(u.Host, DomainRules{Ports: true})
	if err == nil && strings.HasPrefix(host, "*") {
		err = fault.Invalid("", "not_allowed", "want one host, not a wild card")
	}
	if err != nil {
		addUnder(p, field, err)
		return ""
	}
	u.Host = host
	if s = u.String(); len(s) > most {
		p.Add(field, "too_long", fmt.Sprintf("want at most %d bytes, percent-encoded, got %d", most, len(s)))
	}
	return s
}

// SetProfile says what a mini program is whatever the language: it replaces the
// category, regions, contacts and entrance together (P1). The answer is what is
// stored; the same a second time changes nothing. A version under review goes
// back (V3).
//
// The caller needs miniprogram.edit. Errors: *fault.InvalidError, which lists all
// that is wrong; [ErrArchived].
func (s *Service) SetProfile(ctx context.Context, actor rbac.Actor, p id.MiniProgram, set ProfileEdit) (after ProfileEdit, err error) {
	defer fault.Wrap(&err, "miniprogram: set profile")
	err = s.change(ctx, actor, rbac.EditMiniProgram, Subject{MiniProgram: p}, func(ctx context.Context, c *change) error {
		if after, err = set.check(s.limits, c.MiniProgram.Type); err != nil {
			return err
		}
		before := c.Profile.edit()
		if reflect.DeepEqual(before, after) {
			return nil
		}
		c.Profile.Category, c.Profile.Regions, c.Profile.Contacts, c.Profile.Entrance = after.Category, after.Regions, after.Contacts, after.Entrance
		return c.putProfile(ctx, EventProfileSet, before, after)
	})
	if err != nil {
		return ProfileEdit{}, err
	}
	return after, nil
}

// edit returns what SetProfile sets.
func (f Profile) edit() ProfileEdit {
	return ProfileEdit{Category: f.Category, Regions: f.Regions, Contacts: f.Contacts, Entrance: f.Entrance}
}
