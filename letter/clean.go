package letter

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The greatest lengths of what is filled into a letter, in characters.
const (
	maxName    = 128
	maxReason  = 1000
	maxSubject = 200
)

// clean returns a value that people wrote as one line without what could reach
// beyond its place: line breaks, which would begin a header of their own, controls,
// and marks that turn the direction of the text around them.
func clean(s string, most int) string {
	s = norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || r == '\u2028' || r == '\u2029' || r == '\u0085':
			return ' '
		case unicode.IsControl(r) || r == '\u200C' || r == '\u200D':
			// Why the joiners stay: emoji and Persian need them.
			if r == '\u200C' || r == '\u200D' {
				return r
			}
			return -1
		case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) || unicode.Is(unicode.Cs, r):
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:most-1])) + "…"
}

// unlinked is clean for the body: a name that looks like an address stays one to the
// eye, but mail programs make no link of it. Whoever may invite anybody could
// otherwise send links of his own to strangers in the platform's name.
func unlinked(s string, most int) string {
	const joiner = '\u2060'
	var b strings.Builder
	s = clean(s, most)
	for i, r := range s {
		b.WriteRune(r)
		if rest := s[i+utf8.RuneLen(r):]; rest != "" && rest[0] != ' ' && joins(r) {
			b.WriteRune(joiner)
		}
	}
	return b.String()
}

// joins reports whether a mail program or browser may take a character for one of those
// that join the parts of an address: as such, full width, half width or small.
func joins(r rune) bool { return strings.ContainsAny(norm.NFKC.String(string(r)), ".@:。") }
