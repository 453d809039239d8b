package qrcode

import (
	"github.com/superapp-go/superapp/fault"
)

// HTTPS is the scheme of plain web links. It is the address of the host's page
// that opens the app, and takes the same parameters as [AlipayStyle]:
//
//	https://wallet.example/open?appId=ID&page=PAGE&query=QUERY
//	https://wallet.example/open?appId=ID&version=trial
type HTTPS string

var _ Parser = HTTPS("")

// Link returns the link, or an *[fault.InvalidError] if the address or the target
// cannot be one.
func (s HTTPS) Link(t Target) (string, error) {
	if _, err := s.origin(); err != nil {
		return "", err
	}
	if err := t.Validate(); err != nil {
		return "", err
	}
	return string(s) + "?" + t.launch(), nil
}

// Parse returns the target of a link that Link made, or an *[fault.InvalidError]
// as described at [Parser]. The path is compared letter by letter, and a port must
// be written as it is in the address.
func (s HTTPS) Parse(link string) (Target, error) {
	return parse(s, link, func() (Target, error) {
		origin, err := s.origin()
		if err != nil {
			return Target{}, err
		}
		query, err := after(link, origin, string(s)[len(origin):]+"?")
		if err != nil {
			return Target{}, err
		}
		return parseLaunch(query)
	})
}

// origin returns the address up to its path.
func (s HTTPS) origin() (string, error) {
	u, ok := webAddress(string(s))
	if !ok {
		return "", fault.Invalid("scheme", "malformed",
			"an https address in plain ASCII without user, query and fragment, such as https://wallet.example/open")
	}
	return "https://" + u.Host, nil
}
