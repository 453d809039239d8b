package rbac

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Row is a permission's line in the matrix.
type Row struct {
	// Area groups permissions, such as "version".
	Area string
	// Name is the stable name of the permission, such as "version.upload".
	Name string
	// Meaning says in words what it allows.
	Meaning string

	cells [columns]Scope
}

// Scope returns the scope in the column of the role, [None] for an unknown
// role.
func (r Row) Scope(role Role) Scope {
	k := role.Key()
	if k == 0 {
		return None
	}
	return r.cells[k-1]
}

// The limits of a permission's words, in bytes.
const (
	maxName    = 64
	maxMeaning = 200
)

// problems says what is wrong with the area, the name and the meaning.
func (r Row) problems() (wrong [firstCell]string) {
	if !isName(r.Area, 1) {
		wrong[0] = fmt.Sprintf("%.70q: want a lower-case word of at most %d bytes, such as loyalty", r.Area, maxName)
	}
	if !isName(r.Name, 2) {
		wrong[1] = fmt.Sprintf("%.70q: want lower-case words joined by dots, such as loyalty.manage, of at most %d bytes", r.Name, maxName)
	}
	if strings.TrimSpace(r.Meaning) == "" || len(r.Meaning) > maxMeaning || !isLine(r.Meaning) {
		wrong[2] = fmt.Sprintf("want one line of 1 to %d bytes without control characters", maxMeaning)
	}
	return wrong
}

// isName reports whether s is made of at least so many lower-case words, joined
// by dots; a word may hold digits and underscores behind its first letter.
func isName(s string, least int) bool {
	words := strings.Split(s, ".")
	if len(s) > maxName || len(words) < least || least == 1 && len(words) > 1 {
		return false
	}
	return !slices.ContainsFunc(words, func(w string) bool {
		return w == "" || w[0] < 'a' || w[0] > 'z' || strings.Trim(w, "abcdefghijklmnopqrstuvwxyz0123456789_") != ""
	})
}

// isLine reports whether s prints as one line of text.
func isLine(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}
