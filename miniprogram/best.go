package miniprogram

import (
	"slices"

	"golang.org/x/text/language"
)

// maxPreferred bounds what a reader says of his languages, in bytes: far above
// what any browser sends.
const maxPreferred = 1000

// Best returns what is said in the language that suits a reader best (P2). He
// prefers languages in the order given, each a BCP 47 tag or a whole
// Accept-Language header; what is malformed is passed over. Languages are matched,
// not compared: a reader of pt-BR gets pt, one of zh-HK gets zh-Hant. If none suits
// he gets the default language, or else the first there is; the zero Information
// if there is none.
func Best(all []Information, standard string, preferred ...string) Information {
	if len(all) == 0 {
		return Information{}
	}
	first := max(0, slices.IndexFunc(all, func(i Information) bool { return i.Language == standard }))
	// Why: a matcher falls back to the first of its tags.
	order := slices.Concat(all[first:first+1], all[:first], all[first+1:])
	tags := make([]language.Tag, len(order))
	for n, i := range order {
		tags[n] = language.Make(i.Language)
	}
	preferred = slices.DeleteFunc(slices.Clone(preferred), func(s string) bool { return len(s) > maxPreferred })
	_, at := language.MatchStrings(language.NewMatcher(tags), preferred...)
	return order[at]
}
