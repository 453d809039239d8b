package miniprogram

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"github.com/superapp-go/superapp/fault"
)

// DomainRules say which domains a list takes.
type DomainRules struct {
	// Sockets takes wss:// as well as https://.
	Sockets bool
	// Ports takes a port after the host.
	Ports bool
}

// maxDomain bounds a domain as it is given, in bytes: 253 of a host, a scheme, a
// port.
const maxDomain = 270

// hosts is IDNA 2008 as for looking a name up, and strict: the characters of host
// names alone, the lengths of DNS, no hyphens where A-labels have theirs.
var hosts = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true),
	idna.CheckHyphens(true), idna.CheckJoiners(true))

// CheckDomain returns a domain of a whitelist in the form in which it is stored
// and compared (P6), or a *fault.InvalidError that says what is wrong:
//
//   - It is a host name of two or more labels, with https:// before it or
//     nothing; the stored form has nothing. With Sockets it may have wss:// before
//     it, which stays.
//   - "*." may be the first label, and stands for one or more: *.example.com. It
//     may not cover what anybody registers names under, as *.com and *.co.uk would.
//   - No other scheme, no IP address in any notation, no user, path, query or final
//     dot; a port with Ports alone, and the usual one, 443, is left out.
//   - It is normalised by IDNA: in small letters, other scripts as A-labels, so that
//     what looks like another name is seen to be none: xn--80ak6aa92e.com. A label
//     that mixes scripts is refused, but for those that are written together.
func CheckDomain(given string, rules DomainRules) (string, error) {
	refuse := func(reason, detail string) (string, error) {
		return "", fault.Invalid("domain", reason, fmt.Sprintf("%s, got %.80q", detail, given))
	}
	if len(given) > maxDomain {
		return "", fault.Invalid("domain", "too_long", fmt.Sprintf("want at most %d bytes, got %d", maxDomain, len(given)))
	}
	host, scheme := strings.TrimSpace(given), ""
	if before, after, ok := strings.Cut(host, "://"); ok {
		switch scheme, host = strings.ToLower(before), after; {
		case scheme == "https":
			scheme = ""
		case scheme == "wss" && rules.Sockets:
			scheme = "wss://"
		case scheme == "wss":
			return refuse("not_allowed", "want https only: sockets belong to the servers")
		default:
			return refuse("not_allowed", "want https")
		}
	}
	switch {
	case host == "":
		return refuse("required", "want a domain such as api.example.com")
	case !utf8.ValidString(host):
		return refuse("malformed", "want valid UTF-8")
	case strings.ContainsAny(host, "/?#@\\"):
		return refuse("malformed", "want a domain alone, without user, path or query")
	case isAddress(host):
		return refuse("not_allowed", "want a domain, not an IP address")
	}
	host, port, hasPort := strings.Cut(host, ":")
	switch n, err := strconv.ParseUint(port, 10, 16); {
	case !hasPort:
	case !rules.Ports:
		return refuse("not_allowed", "want no port")
	case err != nil || n == 0:
		return refuse("malformed", "want a port from 1 to 65535")
	case n == 443:
		port = ""
	default:
		port = fmt.Sprintf(":%d", n)
	}
	host, wild := strings.CutPrefix(host, "*.")
	if strings.Contains(host, "*") {
		return refuse("not_allowed", "want a wild card as the first label only, as in *.example.com")
	}
	ascii, err := hosts.ToASCII(host)
	if suffix, _ := publicsuffix.PublicSuffix(ascii); wild && err == nil && suffix == strings.ToLower(ascii) {
		return refuse("not_allowed", "want a wild card under a domain of one owner: anybody has names under this one")
	}
	if err != nil || !strings.Contains(ascii, ".") || strings.HasSuffix(ascii, ".") {
		return refuse("malformed", "want a domain such as api.example.com")
	}
	ascii = strings.ToLower(ascii)
	if isAddress(ascii) {
		return refuse("not_allowed", "want a domain, not an IP address")
	}
	// Why of the U-labels: an A-label may be given, and hides its scripts.
	readable, err := hosts.ToUnicode(ascii)
	if err != nil || slices.ContainsFunc(strings.Split(readable, "."), mixesScripts) {
		return refuse("not_allowed", "want labels of one script each: this one could pass for another")
	}
	if wild {
		ascii = "*." + ascii
	}
	return scheme + ascii + port, nil
}

// isAddress reports whether clients would read the host as an IP address: of
// version 6, or of version 4 in any notation, whose last label is a number.
func isAddress(host string) bool {
	if strings.HasPrefix(host, "[") {
		return true
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	last := strings.ToLower(host[strings.LastIndexByte(host, '.')+1:])
	if last, _, _ = strings.Cut(last, ":"); last == "" {
		return false
	}
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return strings.Trim(last, "0123456789") == ""
}

// together are the scripts that are written together, Latin among them: Japanese,
// Chinese and Korean.
var together = [][]*unicode.RangeTable{
	{unicode.Latin, unicode.Han, unicode.Hiragana, unicode.Katakana},
	{unicode.Latin, unicode.Han, unicode.Bopomofo},
	{unicode.Latin, unicode.Han, unicode.Hangul},
}

// mixesScripts reports whether a label is of scripts that are not written
// together.
func mixesScripts(label string) bool {
	if strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" {
		return false
	}
	within := func(scripts []*unicode.RangeTable) bool {
		return !strings.ContainsFunc(label, func(r rune) bool {
			return !unicode.In(r, unicode.Common, unicode.Inherited) && !unicode.In(r, scripts...)
		})
	}
	if slices.ContainsFunc(together, within) {
		return false
	}
	for _, script := range unicode.Scripts {
		if within([]*unicode.RangeTable{script}) {
			return false
		}
	}
	return true
}

// checkDomains returns a list of domains as it is stored: sorted, each once; nil
// for none.
func checkDomains(p *fault.Problems, field string, given []string, most int, rules DomainRules) []string {
	if tooMany(p, field, len(given), most) {
		return nil
	}
	var list []string
	for n, d := range given {
		d, err := CheckDomain(d, rules)
		if err != nil {
			addUnder(p, fmt.Sprintf("%s[%d]", field, n), err)
			continue
		}
		list = append(list, d)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// addUnder notes the problems of err under another field.
func addUnder(p *fault.Problems, field string, err error) {
	if e, ok := err.(*fault.InvalidError); ok {
		for _, x := range e.Problems {
			p.Add(field, x.Reason, x.Detail)
		}
	}
}
