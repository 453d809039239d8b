package qrcode

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/miniprogram"
)

// What a definition may hold at most (Q3).
const (
	// MaxName is in characters.
	MaxName = 64
	// MaxPage is in bytes.
	MaxPage = 256
	// MaxQuery is in bytes of [Target.Query].
	MaxQuery = 1024
	// MaxLink is in bytes.
	MaxLink = 2048
)

// Define asks for a new QR code. No text in it may hold control characters or be
// anything but UTF-8.
type Define struct {
	// MiniProgram is what the code opens.
	MiniProgram id.MiniProgram
	// Name is for the people who manage codes: one line of 1 to [MaxName]
	// characters. It is stored without the spaces around it, in NFC, and need
	// not be unique.
	Name string
	// Page is the path of a page of the mini program, such as "pages/menu", at
	// most [MaxPage] bytes; "" opens the first page. It has no scheme, host, query or
	// fragment, and no slash at its beginning.
	Page string
	// Params are handed to the page in this order: each key once, never empty,
	// together at most [MaxQuery] bytes.
	Params []Param
	// Short makes a short code, whose target can change after printing (Q2). It
	// needs [Options.Short]. Otherwise the code is direct.
	Short bool
	// ExpiresAt is from when on a short code does not resolve, see
	// [Service.SetExpiry]. Default: never.
	ExpiresAt time.Time
}

// check returns the input as it is stored and the link to its target, or
// everything that is wrong with it.
func (in Define) check(s *Service) (stored Define, link string, err error) {
	var p fault.Problems
	in.Name = text.Line(&p, "name", in.Name, 1, MaxName)
	if in.Short && s.short == "" {
		p.Add("short", "not_allowed", "short codes need an address where their links begin: set Options.Short")
	}
	in.ExpiresAt = checkExpiry(&p, in.ExpiresAt)
	if !in.ExpiresAt.IsZero() && !in.Short {
		p.Add("expires_at", "not_allowed", "a direct code cannot expire: define a short one")
	}
	if wrong := past(in.ExpiresAt, s.env.Now()); wrong != "" {
		p.Add("expires_at", "not_allowed", wrong)
	}
	in.Params = copyParams(in.Params)
	named := len(p)
	checkPage(&p, in.Page)
	checkParams(&p, in.Params)
	if len(p) > named {
		return in, "", p.Err()
	}
	link, err = s.target(&p, Target{MiniProgram: in.MiniProgram, Page: in.Page, Params: in.Params})
	if err != nil {
		return in, "", err
	}
	return in, link, p.Err()
}

// target returns the link to a target that can be one, and notes what is wrong
// with it. The error is the scheme's.
func (s *Service) target(p *fault.Problems, t Target) (link string, err error) {
	if link, err = s.scheme.Link(t); err != nil {
		return "", err
	}
	checkLink(p, link)
	return link, nil
}

// on is the rule: the definition that the input makes of a mini program. The short
// id is left out if the code is direct.
func (in Define) on(p miniprogram.MiniProgram, c id.QRCode, short string, by id.Account, now time.Time) (Definition, error) {
	if p.Status == miniprogram.Archived {
		return Definition{}, miniprogram.ErrArchived
	}
	if !in.Short {
		short = ""
	}
	return Definition{
		ID: c, MiniProgram: p.ID, Workspace: p.Workspace, Tenant: p.Tenant,
		Name: in.Name, Page: in.Page, Params: in.Params, Short: short, Revision: 1,
		Creator: by, CreatedAt: now, UpdatedAt: now, ExpiresAt: in.ExpiresAt,
	}, nil
}

// copyParams returns a copy of the parameters; nil for none.
func copyParams(params []Param) []Param { return append([]Param(nil), params...) }

func checkPage(p *fault.Problems, page string) {
	if !checkText(p, "page", page) {
		return
	}
	if len(page) > MaxPage {
		p.Add("page", "too_long", fmt.Sprintf("at most %d bytes, got %d", MaxPage, len(page)))
	}
	segments := strings.Split(page, "/")
	switch {
	case strings.ContainsAny(page, "?#"):
		p.Add("page", "not_allowed", `a path without "?" and "#": pass parameters as such`)
	case strings.HasPrefix(page, "/"), strings.Contains(page, "//"), strings.Contains(segments[0], ":"), strings.Contains(page, `\`):
		p.Add("page", "not_allowed", "a path inside the mini program, without scheme, host and a slash at its beginning, such as pages/menu")
	case slices.Contains(segments, "."), slices.Contains(segments, ".."):
		p.Add("page", "not_allowed", `a path without "." and ".." as its parts`)
	}
}

func checkParams(p *fault.Problems, params []Param) {
	seen := make(map[string]bool, len(params))
	for i, x := range params {
		field := fmt.Sprintf("params[%d].", i)
		switch {
		case x.Key == "":
			p.Add(field+"key", "required", "give the parameter a key")
		case seen[x.Key]:
			p.Add(field+"key", "duplicate", "another parameter has this key: each stands once")
		default:
			checkText(p, field+"key", x.Key)
		}
		checkText(p, field+"value", x.Value)
		seen[x.Key] = true
	}
	if n := len(Target{Params: params}.Query()); n > MaxQuery {
		p.Add("params", "too_long", fmt.Sprintf("at most %d bytes as a percent-encoded query, got %d", MaxQuery, n))
	}
}

func checkLink(p *fault.Problems, link string) {
	switch {
	case link == "" || !isURI(link):
		p.Add("link", "malformed", "the scheme made a link that is empty or holds more than printable ASCII: it must percent-encode what it is given")
	case len(link) > MaxLink:
		p.Add("link", "too_long", fmt.Sprintf("at most %d bytes with the page and all parameters, got %d", MaxLink, len(link)))
	}
}

// checkText notes what no text may hold.
func checkText(p *fault.Problems, field, s string) (ok bool) {
	switch {
	case !utf8.ValidString(s):
		p.Add(field, "malformed", "want valid UTF-8")
	case strings.ContainsFunc(s, unicode.IsControl):
		p.Add(field, "malformed", "want no control characters such as line breaks and NUL")
	default:
		return true
	}
	return false
}
