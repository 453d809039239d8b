package qrcode

// AlipayStyle is the scheme of Alipay and its kin, with its own word for the
// app that is to open it; "" means superapp:
//
//	superapp://platformapi/startapp?appId=ID&page=PAGE&query=QUERY
//	superapp://platformapi/startapp?appId=ID&version=trial
//
// ID is the mini program's, in 36 characters. PAGE is the page, percent-encoded.
// QUERY is [Target.Query], percent-encoded once more as a whole, so that its
// parameters stay apart from those of the link. Page and query are left out when
// they are empty; version=trial is there only for [Target.Trial], after appId.
type AlipayStyle string

var _ Parser = AlipayStyle("")

// Link returns the link, or an *[fault.InvalidError] if the scheme's word cannot
// be one (http and https cannot) or the target is none.
func (s AlipayStyle) Link(t Target) (string, error) {
	word, err := schemeWord(string(s))
	if err != nil {
		return "", err
	}
	if err := t.Validate(); err != nil {
		return "", err
	}
	return word + "://platformapi/startapp?" + t.launch(), nil
}

// Parse returns the target of a link that Link made, or an *[fault.InvalidError]
// as described at [Parser].
func (s AlipayStyle) Parse(link string) (Target, error) {
	return parse(s, link, func() (Target, error) {
		word, err := schemeWord(string(s))
		if err != nil {
			return Target{}, err
		}
		query, err := after(link, word+"://platformapi", "/startapp?")
		if err != nil {
			return Target{}, err
		}
		return parseLaunch(query)
	})
}
