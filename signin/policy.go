package signin

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/workspace"
)

// A Policy is what a workspace asks of a password.
type Policy struct {
	// MinLength is the least length in characters, Classes how many kinds of
	// characters there are at least: small letters, capitals, digits, others.
	MinLength, Classes int
}

// MaxLength is the greatest length of a password, in characters.
const MaxLength = 256

// PolicyOf returns the policy that settings ask for.
func PolicyOf(s workspace.Security) Policy { return Policy{s.MinLength, s.Classes} }

// covers reports whether what one policy let through, the other does.
func (p Policy) covers(other Policy) bool {
	return p.MinLength >= other.MinLength && p.Classes >= other.Classes
}

// check notes what is wrong with a prepared password. words are what the password
// may not be made of: the member's address, name and account.
func (p Policy) check(problems *fault.Problems, field string, password Password, words ...string) {
	s := string(password)
	n := utf8.RuneCountInString(s)
	switch {
	case n < p.MinLength:
		problems.Add(field, "too_short", fmt.Sprintf("want at least %d characters, got %d", p.MinLength, n))
	case n > MaxLength:
		problems.Add(field, "too_long", fmt.Sprintf("want at most %d characters, got %d", MaxLength, n))
	}
	if k := classes(s); k < p.Classes {
		problems.Add(field, "not_allowed",
			fmt.Sprintf("want at least %d of: small letters, capitals, digits, other characters; got %d", p.Classes, k))
	}
	folded := text.Fold(s)
	switch {
	case common(folded):
		problems.Add(field, "not_allowed", "it is one of those that are tried first: want another")
	case personal(folded, words):
		problems.Add(field, "not_allowed", "it is made of the address, the name or the account: want another")
	}
}

// classes counts the kinds of characters.
func classes(s string) int {
	var seen [4]bool
	for _, r := range s {
		switch {
		case unicode.IsLower(r):
			seen[0] = true
		case unicode.IsUpper(r):
			seen[1] = true
		case unicode.IsDigit(r):
			seen[2] = true
		default:
			seen[3] = true
		}
	}
	n := 0
	for _, is := range seen {
		if is {
			n++
		}
	}
	return n
}

// wordLength is the length from which a word may not be a part of a password: a
// shorter one comes up by chance.
const wordLength = 4

// personal reports whether a folded password is one of the words or what is left
// beside one is too little.
func personal(folded string, words []string) bool {
	for _, w := range words {
		if local, _, is := strings.Cut(w, "@"); is && personal(folded, []string{local}) {
			return true
		}
		w = text.Fold(w)
		if folded == w && w != "" {
			return true
		}
		if n := utf8.RuneCountInString(w); n >= wordLength && strings.Contains(folded, w) && utf8.RuneCountInString(folded) < 2*n {
			return true
		}
	}
	return false
}

// wordsOf are those of a member that his password may not be made of.
func wordsOf(m member.Member) []string {
	words := []string{m.Email, m.Name, string(m.Account), strings.Join(strings.Fields(m.Name), "")}
	return append(words, strings.Fields(m.Name)...)
}
