package text

import (
	"net/mail"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"github.com/superapp-go/superapp/fault"
)

// The limits of RFC 5321 for an address and its local part, in bytes.
const (
	maxEmail = 254
	maxLocal = 64
)

// domains is IDNA 2008 as for looking a name up, with the lengths of DNS.
var domains = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// Email returns the form in which an address is stored and compared: trimmed,
// folded, its domain as IDNA's A-labels. It notes a problem if it is none. The
// local part is folded to lower case as well: no mail server in use tells
// Dee@example.com from dee@example.com, and people type both.
func Email(problems *fault.Problems, field, s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		problems.Add(field, "required", "want an e-mail address")
		return ""
	}
	folded, detail := foldEmail(s)
	if detail != "" {
		problems.Add(field, "malformed", detail)
	}
	return folded
}

// foldEmail returns the folded address, or what is wrong with it.
func foldEmail(s string) (folded, detail string) {
	at := strings.LastIndexByte(s, '@')
	if !utf8.ValidString(s) || at <= 0 || at == len(s)-1 {
		return "", "want an e-mail address like dee@example.com"
	}
	// Why no more than this: to fold a local part as names are folded would make
	// one of two mailboxes, and hand one the other's invitation.
	local, domain := lower(s[:at]), s[at+1:]
	if local == "" || strings.ContainsFunc(local, forbidden) || strings.ContainsFunc(local, invisible) || strings.ContainsAny(local, " \"(),:;<>@[\\]") {
		return "", "the part before the @ has characters that an address cannot have"
	}
	if len(local) > maxLocal {
		return "", "the part before the @ is longer than 64 bytes"
	}
	domain, ok := foldDomain(domain)
	if !ok {
		return "", "the part after the @ is not a domain name"
	}
	folded = local + "@" + domain
	if len(folded) > maxEmail {
		return "", "the address is longer than 254 bytes"
	}
	if a, err := mail.ParseAddress(folded); err != nil || a.Address != folded || a.Name != "" {
		return "", "want an e-mail address like dee@example.com"
	}
	return folded, ""
}

// Domain returns the form in which the domain of an address is stored and
// compared: trimmed, in small letters, as IDNA's A-labels. It notes a problem if
// no address can have it.
func Domain(problems *fault.Problems, field, s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		problems.Add(field, "required", "want the domain of an e-mail address")
		return ""
	}
	domain, ok := "", false
	if utf8.ValidString(s) {
		domain, ok = foldDomain(s)
	}
	if !ok || len(domain) > maxEmail-len("a@") {
		problems.Add(field, "malformed", "want the domain of an e-mail address, like example.com")
		return ""
	}
	return domain
}

// foldDomain returns the folded domain of an address, or that it is none.
func foldDomain(domain string) (string, bool) {
	domain, err := domains.ToASCII(norm.NFKC.String(domain))
	if err != nil || !strings.Contains(domain, ".") || strings.HasSuffix(domain, ".") || allDigits(domain[strings.LastIndexByte(domain, '.')+1:]) {
		return "", false
	}
	return strings.ToLower(domain), true
}

// lower makes a local part's letters small, and characters of another width
// usual. The dotted capital I keeps its dot, or it would be another's i.
func lower(local string) string {
	local = norm.NFC.String(width.Fold.String(local))
	return norm.NFC.String(strings.ToLower(strings.ReplaceAll(local, "\u0130", "i\u0307")))
}

func allDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}
