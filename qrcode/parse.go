package qrcode

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
)

// ParseQuery reads the parameters of a page from what [Target.Query] wrote: nil
// for "". An *[fault.InvalidError] refuses a pair without "=", a key that is empty
// or stands twice, a percent sign without two hexadecimal digits, and a bare plus
// sign. It is for a host's own [Parser]; [Target.Validate] checks what was read.
func ParseQuery(query string) ([]Param, error) { return parsePairs("query", query) }

// parse is what the parsers have in common around their own reading of a link.
func parse(s Scheme, link string, read func() (Target, error)) (Target, error) {
	var p fault.Problems
	switch {
	case link == "":
		p.Add("link", "required", "want a link")
	case len(link) > MaxLink:
		p.Add("link", "too_long", fmt.Sprintf("at most %d bytes, got %d", MaxLink, len(link)))
	case !isURI(link):
		p.Add("link", "malformed", "a link is printable ASCII without spaces: everything else is percent-encoded in it")
	case strings.Contains(link, "#"):
		p.Add("link", "not_allowed", `a link without "#": a fragment is no part of a target`)
	}
	if err := p.Err(); err != nil {
		return Target{}, err
	}
	t, err := read()
	if err != nil {
		return Target{}, err
	}
	// Why the link is made anew: one that leaves characters bare which Link escapes
	// may be short enough, while the one that can be printed is not.
	again, err := s.Link(t)
	if err != nil {
		return Target{}, err
	}
	if len(again) > MaxLink {
		return Target{}, fault.Invalid("link", "too_long",
			fmt.Sprintf("at most %d bytes when everything is percent-encoded, got %d", MaxLink, len(again)))
	}
	return t, nil
}

// after returns what follows base and path in a link. Base is scheme and host,
// where upper and lower case are the same.
func after(link, base, path string) (string, error) {
	if len(link) > len(base) && strings.EqualFold(link[:len(base)], base) {
		if rest, ok := strings.CutPrefix(link[len(base):], path); ok {
			return rest, nil
		}
	}
	return "", refuse("another scheme's, host's or path's link: want one that begins with " + base + path)
}

// launch returns the parameters by which [AlipayStyle] and [HTTPS] name the
// target.
func (t Target) launch() string {
	link := "appId=" + t.MiniProgram.String()
	if t.Trial {
		link += "&version=" + trialVersion
	}
	if t.Page != "" {
		link += "&page=" + escape(t.Page)
	}
	if len(t.Params) > 0 {
		link += "&query=" + escape(t.Query())
	}
	return link
}

// parseLaunch reads what launch wrote.
func parseLaunch(query string) (t Target, err error) {
	pairs, err := parsePairs("link", query)
	if err != nil {
		return t, err
	}
	app := ""
	for _, p := range pairs {
		switch p.Key {
		case "appId":
			app = p.Value
		case "version":
			t.Trial, err = isTrial(p.Value)
		case "page":
			t.Page = p.Value
		case "query":
			t.Params, err = ParseQuery(p.Value)
		default:
			err = fault.Invalid("link", "unknown", "a link has the parameters appId, version, page and query, and no others")
		}
		if err != nil {
			return t, err
		}
	}
	if t.MiniProgram, err = id.ParseMiniProgram(app); err != nil {
		return t, refuse("it wants the parameter appId with the id of a mini program in 36 characters")
	}
	return t, nil
}

// parsePairs reads key=value pairs; its errors are under the field.
func parsePairs(field, query string) ([]Param, error) {
	if query == "" {
		return nil, nil
	}
	if strings.Contains(query, "+") {
		return nil, fault.Invalid(field, "malformed", "a bare plus sign, which is a space to some readers: want %2B or %20")
	}
	var params []Param
	seen := map[string]bool{}
	for pair := range strings.SplitSeq(query, "&") {
		key, value, found := strings.Cut(pair, "=")
		if !found || key == "" {
			return nil, fault.Invalid(field, "malformed", "want key=value pairs joined by &, with keys that are not empty")
		}
		key, keyErr := url.PathUnescape(key)
		value, valueErr := url.PathUnescape(value)
		if err := errors.Join(keyErr, valueErr); err != nil {
			return nil, badEscape(field, err)
		}
		if seen[key] {
			return nil, fault.Invalid(field, "duplicate", fmt.Sprintf("the parameter %q stands twice: each stands once", key))
		}
		seen[key] = true
		params = append(params, Param{Key: key, Value: value})
	}
	return params, nil
}

// isTrial reads a version.
func isTrial(version string) (bool, error) {
	if !strings.EqualFold(version, trialVersion) {
		return false, fault.Invalid("link", "unknown", "the version can only be trial: leave it out for the released one")
	}
	return true, nil
}

func refuse(detail string) error { return fault.Invalid("link", "malformed", detail) }

// badEscape names the escape that is none.
func badEscape(field string, err error) error {
	bad, _ := errors.AsType[url.EscapeError](err)
	return fault.Invalid(field, "malformed", fmt.Sprintf("want two hexadecimal digits after each percent sign, got %q", string(bad)))
}
