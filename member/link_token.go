package member

import (
	"crypto/sha256"
	"strings"
	"time"
)

// linkPrefix begins the text of a link's token. No token of a mailed invitation
// is as long, so the one is never taken for the other.
const linkPrefix = "link-"

// ForLink reports whether the token is a link's: whether [LinkService] takes it,
// and not [Service].
func (t Token) ForLink() bool {
	return len(t) > len(linkPrefix)+tokenBytes && strings.HasPrefix(string(t), linkPrefix)
}

// newLinkToken makes a link's token and its hash.
func newLinkToken() (Token, [32]byte) {
	t, _ := newToken()
	t = linkPrefix + t
	return t, sha256.Sum256([]byte(t))
}

// linkHash returns the hash under which a link's token is stored. It covers the
// prefix, so that no two tokens of different kinds have the same one.
func (t Token) linkHash() ([32]byte, error) {
	text, ok := strings.CutPrefix(string(t), linkPrefix)
	if !ok {
		return [32]byte{}, ErrTokenMalformed
	}
	if _, err := Token(text).hash(); err != nil {
		return [32]byte{}, err
	}
	return sha256.Sum256([]byte(t)), nil
}

// linkState judges a link's token by what was found, apart from the maker's
// right.
func (f *Found) linkState(now time.Time) TokenState {
	l := &f.Link
	st := l.Status(now)
	switch {
	case st == LinkRevoked:
		return TokenWithdrawn
	case f.Generation < l.Generation:
		return TokenSuperseded
	case st == LinkUsedUp:
		return TokenUsedUp
	case closed(f.Workspace.Status) || closed(f.TenantStatus):
		return TokenWorkspaceClosed
	case st == LinkExpired:
		return TokenExpired
	}
	return TokenOpen
}
