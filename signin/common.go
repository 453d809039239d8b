package signin

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed common.txt
var commonText string

// commonWords are passwords that are tried first, folded.
var commonWords = sync.OnceValue(func() map[string]bool {
	words := make(map[string]bool)
	for w := range strings.FieldsSeq(commonText) {
		words[w] = true
	}
	return words
})

// variety is how many different characters a password has at least.
const variety = 4

// common reports whether a folded password is one of those that are tried first:
// a word of the list, alone, twice, or with digits and signs around it; a run of the
// keyboard or the alphabet; a few characters again and again.
func common(folded string) bool {
	bare := strings.Trim(folded, "0123456789!?.,-_#*@$%&+ ")
	half := folded[:len(folded)/2]
	words := commonWords()
	if words[folded] || words[bare] || half+half == folded && words[half] {
		return true
	}
	seen := make(map[rune]bool)
	for _, r := range folded {
		seen[r] = true
	}
	return len(seen) < variety || runs(folded)
}

// runs reports whether the text only goes up or down by one, character by
// character.
func runs(s string) bool {
	var before, step rune
	for i, r := range s {
		switch {
		case i == 0:
		case before == '9' && r == '0' && step == 1, before == '0' && r == '9' && step == -1:
		case step == 0 && (r-before == 1 || r-before == -1):
			step = r - before
		case r-before != step || step == 0:
			return false
		}
		before = r
	}
	return utf8.RuneCountInString(s) > 1
}
