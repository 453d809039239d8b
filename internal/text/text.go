// Package text holds the rules for what people write: names, e-mail addresses,
// languages, and the forms under which names are compared and found.
package text

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"github.com/superapp-go/superapp/fault"
)

// Line checks a text of one line that somebody wrote: it returns it trimmed and
// in NFC, and notes what is wrong under the field. Lengths are in characters;
// min 0 makes it optional.
func Line(problems *fault.Problems, field, s string, min, max int) string {
	return check(problems, field, s, min, max, oneLine, utf8.RuneCountInString)
}

// WideLine is [Line] where a wide character, such as a Chinese one, counts two
// (P1).
func WideLine(problems *fault.Problems, field, s string, min, max int) string {
	return check(problems, field, s, min, max, oneLine, Width)
}

// A form is what characters a text may have beside those that are never allowed.
type form struct{ also, want string }

var (
	oneLine = form{"", "one line"}
	lines   = form{"\n\t", "text"}
)

func check(problems *fault.Problems, field, s string, min, max int, f form, length func(string) int) string {
	if !utf8.ValidString(s) {
		problems.Add(field, "malformed", "want valid UTF-8")
		return ""
	}
	s = norm.NFC.String(strings.TrimSpace(s))
	n, seen := length(s), length(strings.Map(visible, s))
	switch {
	case strings.ContainsFunc(s, func(r rune) bool { return forbidden(r) && !strings.ContainsRune(f.also, r) }):
		problems.Add(field, "malformed", "want "+f.want+" without control or direction-changing characters")
	case min > 0 && strings.TrimSpace(strings.Map(visible, s)) == "":
		problems.Add(field, "required", "must not be empty")
	case seen < min && s != "":
		problems.Add(field, "too_short", fmt.Sprintf("want at least %d characters, got %d", min, seen))
	case n > max:
		problems.Add(field, "too_long", fmt.Sprintf("want at most %d characters, got %d", max, n))
	}
	return s
}

// forbidden reports characters that break lines, are invisible, or make a text
// read otherwise than it is written.
func forbidden(r rune) bool {
	switch {
	case unicode.IsControl(r), r == '\u2028', r == '\u2029', r == '\ufeff':
		return true
	case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
		return true
	}
	return false
}

// Width returns the length of s where a wide character counts two.
func Width(s string) int {
	n := 0
	for _, r := range s {
		n++
		if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
			n++
		}
	}
	return n
}

// Fold returns the form in which names are compared: compatible characters,
// width and case made equal, what is invisible left out, white space made single
// spaces.
func Fold(s string) string {
	s = strings.Map(visible, norm.NFKC.String(s))
	// Why ToLower: Unicode folds the letters of Cherokee to upper case.
	s = norm.NFKC.String(strings.ToLower(cases.Fold().String(norm.NFKC.String(s))))
	return strings.Join(strings.Fields(s), " ")
}

// visible maps what is invisible to nothing.
func visible(r rune) rune {
	if invisible(r) {
		return -1
	}
	return r
}

// invisible reports characters that change nothing about how a name reads:
// joiners, marks of direction, selectors of a character's variant.
func invisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Variation_Selector) || r == '\u034f' || r == '\u115f' || r == '\u1160' || r == '\u3164' || r == '\uffa0'
}

// maxTerm bounds a term in bytes; longer searches are cut alike.
const maxTerm = 96

// Terms returns the terms under which a name is found (P3): the folded name
// from the start of each word, and from each Chinese, Japanese or Korean
// character, so that a prefix of a term is a prefix of a word, or any part of
// a name in those scripts. They are sorted by position, each once.
func Terms(name string) []string {
	folded := Fold(name)
	// Why: any part of a name in these scripts is found, whatever it begins with.
	signs := strings.ContainsFunc(folded, ideographic)
	var terms []string
	seen := make(map[string]bool)
	inWord := false
	for i, r := range folded {
		word := unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
		symbol := !word && !unicode.IsSpace(r) && (signs || !unicode.IsPunct(r))
		if starts := ideographic(r) || symbol || word && (signs || !inWord); starts {
			if t := cut(folded[i:]); !seen[t] {
				seen[t] = true
				terms = append(terms, t)
			}
		}
		inWord = word && !ideographic(r)
	}
	if t := cut(folded); t != "" && !seen[t] {
		terms = append(terms, t)
	}
	return terms
}

// Search returns the prefix that finds what somebody typed.
func Search(typed string) string { return cut(Fold(typed)) }

// cut shortens s to maxTerm bytes at a character's edge.
func cut(s string) string {
	if len(s) <= maxTerm {
		return s
	}
	n := maxTerm
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func ideographic(r rune) bool {
	return r == 'ー' || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// Language returns the canonical BCP 47 tag of a language, and notes a problem
// if there is none.
func Language(problems *fault.Problems, field, s string) string {
	tag, err := language.Parse(strings.TrimSpace(s))
	base, _, _ := tag.Raw() // not guessed
	switch {
	case s == "":
		problems.Add(field, "required", "want a BCP 47 language tag such as en or zh-Hans")
	case err != nil || slices.Contains(noLanguage, base.String()) || len(tag.Extensions()) > 0:
		problems.Add(field, "unknown", fmt.Sprintf("want a BCP 47 language tag such as en or zh-Hans, got %q", clip(s)))
	}
	return tag.String()
}

// noLanguage are the codes that stand for no one language: an unknown one,
// several, one without a code, and none.
var noLanguage = []string{"und", "mul", "mis", "zxx"}

// clip shortens what is quoted back.
func clip(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// Block checks a text that may have several lines, of at most max characters:
// it returns it trimmed and in NFC, and notes what is wrong under the field.
func Block(problems *fault.Problems, field, s string, max int) string {
	return check(problems, field, s, 0, max, lines, utf8.RuneCountInString)
}

// WideBlock is [Block] with a least length, where a wide character counts two
// (P1); min 0 makes it optional.
func WideBlock(problems *fault.Problems, field, s string, min, max int) string {
	return check(problems, field, s, min, max, lines, Width)
}
