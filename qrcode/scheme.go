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
}

// Query returns the parameters as key=value pairs joined by &, keys and values
// percent-encoded (a space as %20): "" for none.
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

// A Scheme makes links (Q2). It is called outside of any unit of work and must
// be safe for concurrent use; its errors reach the caller of the verb. A link
// is a URI, so plain ASCII, of at most [MaxLink] bytes.
type Scheme interface {
	// Link returns the link that opens the target: the same one every time.
	Link(t Target) (string, error)
}

// AlipayStyle is the scheme of Alipay and its kin, with its own word for the
// app that is to open it; "" means superapp:
//
//	superapp://platformapi/startapp?appId=…&page=…&query=…
//
// The page is percent-encoded. The query is [Target.Query], percent-encoded
// once more as a whole, so that its parameters stay apart from those of the
// link. What is empty is left out.
type AlipayStyle string

// Link returns the link, or an *[fault.InvalidError] if the scheme's word
// cannot be one.
func (s AlipayStyle) Link(t Target) (string, error) {
	word := string(s)
	if word == "" {
		word = "superapp"
	}
	if u, err := url.Parse(word + ":"); err != nil || !strings.EqualFold(u.Scheme, word) {
		return "", fault.Invalid("scheme", "malformed",
			"a letter, then letters, digits, plus signs, hyphens and dots, such as superapp")
	}
	return word + "://platformapi/startapp?" + t.launch(), nil
}

// HTTPS is the scheme of plain web links. It is the address of the host's page
// that opens the app, and takes the same parameters as [AlipayStyle]:
//
//	https://wallet.example/open?appId=…&page=…&query=…
type HTTPS string

// Link returns the link, or an *[fault.InvalidError] if the address cannot be
// one.
func (s HTTPS) Link(t Target) (string, error) {
	base := string(s)
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil ||
		strings.ContainsAny(base, "?#") || u.String() != base {
		return "", fault.Invalid("scheme", "malformed",
			"an https address in plain ASCII without user, query and fragment, such as https://wallet.example/open")
	}
	return base + "?" + t.launch(), nil
}

// launch returns the parameters by which both schemes name the target.
func (t Target) launch() string {
	link := "appId=" + t.MiniProgram.String()
	if t.Page != "" {
		link += "&page=" + escape(t.Page)
	}
	if len(t.Params) > 0 {
		link += "&query=" + escape(t.Query())
	}
	return link
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
