package qrcode

import (
	"net/url"
	"strings"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
)

// A Target is what a link opens.
type Target struct {
	MiniProgram id.MiniProgram
	// Page is the path of the page, "" for the first one.
	Page string
	// Params are the page's parameters, in their order.
	Params []Param
	// Trial opens what testers get, as the default code of a mini program does
	// (Q1), instead of the released version.
	Trial bool
}

// Query returns the parameters as key=value pairs joined by &, keys and values
// percent-encoded (a space as %20): "" for none. [ParseQuery] reads it.
func (t Target) Query() string {
	var b strings.Builder
	for i, p := range t.Params {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(escape(p.Key))
		b.WriteByte('=')
		b.WriteString(escape(p.Value))
	}
	return b.String()
}

// Validate returns an *[fault.InvalidError] with everything that is wrong with
// the page and the parameters: what [Define] refuses in them (Q3).
func (t Target) Validate() error {
	var p fault.Problems
	checkPage(&p, t.Page)
	checkParams(&p, t.Params)
	return p.Err()
}

// A Scheme makes links (Q2): [AlipayStyle], [MiniApp], [HTTPS], or the host's
// own. It must be safe for concurrent use, and must not ask the platform: it is called
// outside of the verb's unit of work, which may be part of a larger one. Its errors
// reach the caller of Define and Retarget; a code that is stored and of which it makes
// no link any more, or none of [Target.Trial], has none ([Code.Link]). A link is a URI,
// so plain ASCII, of at most [MaxLink] bytes; whoever asks for one counts them, so
// that a scheme need not.
//
// The schemes of this package refuse a target that [Target.Validate] refuses,
// with its error. Whatever else they make a link of at most [MaxLink] bytes for,
// they read back from it as it was.
type Scheme interface {
	// Link returns the link that opens the target: the same one every time.
	Link(t Target) (string, error)
}

// A Parser is a [Scheme] that also reads links: for the app that a link opens, or
// for a server that has to know where one leads. It is apart from Scheme because
// the service only makes links, and a host whose app reads them with code of its
// own needs no second reader. The schemes of this package are all parsers.
//
// They are strict, since two programs that read a link differently open two
// things. They refuse, with an *[fault.InvalidError] that tells why: more than
// [MaxLink] bytes; characters that no URI has; the link of another scheme, host
// or path; a parameter they do not know, or one that stands twice; a percent sign
// without two hexadecimal digits; a plus sign in a query, which is a space to some
// readers and itself to others; a fragment; and a target that [Target.Validate]
// refuses. They take what does not matter: any order of the link's own
// parameters, escapes where none is needed, hexadecimal digits and the letters of
// scheme, host and id in either case.
type Parser interface {
	Scheme
	// Parse returns the target that a link opens: what [Scheme.Link] was given.
	// Link makes a link of it that opens the same, though it may be written
	// otherwise.
	Parse(link string) (Target, error)
}

// escape percent-encodes everything but letters, digits and "-_.~". A space is
// %20: many apps take a plus sign literally.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

// isURI reports whether s has only the printable ASCII that a URI is made of.
func isURI(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f })
}

// schemeWord returns the word by which an operating system knows the app, or an
// *[fault.InvalidError] if it cannot be one.
func schemeWord(word string) (string, error) {
	if word == "" {
		return "superapp", nil
	}
	u, err := url.Parse(word + ":")
	if err != nil || !strings.EqualFold(u.Scheme, word) || u.Scheme == "http" || u.Scheme == "https" {
		return "", fault.Invalid("scheme", "malformed",
			"a letter, then letters, digits, plus signs, hyphens and dots, such as superapp; not http or https, which open a browser")
	}
	return word, nil
}

// webAddress reports whether s is an https address without user, query and
// fragment, written as it is sent.
func webAddress(s string) (u *url.URL, ok bool) {
	u, err := url.Parse(s)
	return u, err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil &&
		!strings.ContainsAny(s, "?#") && u.String() == s && strings.HasPrefix(s, "https://"+u.Host) // no escapes in the host
}
