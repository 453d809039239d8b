package qrcode

import (
	"net/url"
	"strings"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
)

// MiniApp is the scheme of W3C MiniApp Addressing (working draft of 31 January
// 2024, section Syntax). It is either the app's own word, "" for superapp, or an
// https address of nothing but a host:
//
//	superapp://miniapp/ID/PAGE?QUERY
//	https://wallet.example/miniapp/ID/PAGE?QUERY
//	superapp://miniapp/ID;version=trial
//
// ID is the mini program's, in 36 characters. PAGE is the page, each of its parts
// percent-encoded, and left out with the slash before it when it is empty. QUERY is
// [Target.Query], left out with the question mark when it is empty.
//
// The draft has a version after the id, for the app to make rules for. The rule
// here is that it is trial, in any case of letters, for [Target.Trial], and not
// there otherwise: which of the released versions an account gets is not for a
// printed link to say. It also has a fragment, which a [Target] has no place for,
// so that Parse refuses it. A port may follow the host, as in development.
type MiniApp string

var _ Parser = MiniApp("")

// trialVersion is the version of [Target.Trial] in all schemes.
const trialVersion = "trial"

// Link returns the link, or an *[fault.InvalidError] if the scheme's word or
// address cannot be one or the target is none.
func (s MiniApp) Link(t Target) (string, error) {
	base, infix, err := s.prefix()
	if err != nil {
		return "", err
	}
	if err := t.Validate(); err != nil {
		return "", err
	}
	link := base + infix + t.MiniProgram.String()
	if t.Trial {
		link += ";version=" + trialVersion
	}
	if t.Page != "" {
		link += "/" + strings.ReplaceAll(escape(t.Page), "%2F", "/")
	}
	if len(t.Params) > 0 {
		link += "?" + t.Query()
	}
	return link, nil
}

// Parse returns the target of a link that Link made, or an *[fault.InvalidError]
// as described at [Parser].
func (s MiniApp) Parse(link string) (Target, error) {
	return parse(s, link, func() (t Target, err error) {
		base, infix, err := s.prefix()
		if err != nil {
			return t, err
		}
		rest, err := after(link, base, infix)
		if err != nil {
			return t, err
		}
		path, query, _ := strings.Cut(rest, "?")
		identify, page, _ := strings.Cut(path, "/")
		app, version, versioned := strings.Cut(identify, ";version=")
		if t.MiniProgram, err = id.ParseMiniProgram(app); err != nil {
			return t, refuse(`after miniapp/ it wants the id of a mini program in 36 characters, then nothing but ";version=trial", a page or a query`)
		}
		if versioned {
			if t.Trial, err = isTrial(version); err != nil {
				return t, err
			}
		}
		if t.Page, err = url.PathUnescape(page); err != nil {
			return t, badEscape("link", err)
		}
		t.Params, err = parsePairs("query", query)
		return t, err
	})
}

// prefix returns what stands before the id: a part whose letters may be of either
// case, and one that is compared as it is.
func (s MiniApp) prefix() (base, infix string, err error) {
	if !strings.HasPrefix(string(s), "https://") {
		word, err := schemeWord(string(s))
		return word + "://miniapp", "/", err
	}
	u, ok := webAddress(string(s))
	if !ok || u.Path != "" {
		return "", "", fault.Invalid("scheme", "malformed",
			"a word such as superapp, or an https address of nothing but a host, such as https://wallet.example")
	}
	return string(s), "/miniapp/", nil
}
