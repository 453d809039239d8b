package member

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log/slog"

	"github.com/superapp-go/superapp/fault"
)

// A Token is the secret of an invitation, mailed or a link: 256 bits from
// crypto/rand. It is returned once, when the invitation is sent or the link made;
// the store keeps only its hash. [Token.ForLink] tells the two kinds apart.
//
// Whatever prints a Token, or writes it as JSON or to a log, prints
// [redacted]; [Token.Reveal] gives the text to put into a link. Two places are
// beyond that: fmt prints an unexported field of a struct, and encoding/json
// the key of a map, without asking its type; keep tokens out of both.
//
// The link is best opened by GET, which calls [Service.Inspect] and which any
// mail scanner may fetch, and accepted by POST. A text that came in is made a
// Token by conversion: member.Token(r.FormValue("token")).
type Token string

const (
	tokenBytes = 32
	redacted   = "[redacted]"
)

// ErrTokenMalformed is the error for a text that is no token: cut off, perhaps,
// or broken over two lines by a mail program.
var ErrTokenMalformed = fault.Define(fault.ErrInvalid, "member.token_malformed",
	"not an invitation token: it may have been cut off; open the link in the mail again")

// newToken makes a token and its hash.
func newToken() (Token, [32]byte) {
	var secret [tokenBytes]byte
	rand.Read(secret[:])
	return Token(base64.RawURLEncoding.EncodeToString(secret[:])), sha256.Sum256(secret[:])
}

// hash returns the hash under which the token is stored.
func (t Token) hash() ([32]byte, error) {
	// The length is compared first because the decoder skips line breaks.
	if len(t) != base64.RawURLEncoding.EncodedLen(tokenBytes) {
		return [32]byte{}, ErrTokenMalformed
	}
	secret, err := base64.RawURLEncoding.Strict().DecodeString(string(t))
	if err != nil || len(secret) != tokenBytes {
		return [32]byte{}, ErrTokenMalformed
	}
	return sha256.Sum256(secret), nil
}

// Reveal returns the text, safe in a URL: 43 characters, 48 for a link.
func (t Token) Reveal() string { return string(t) }

// Format prints [redacted], whatever the verb.
func (t Token) Format(f fmt.State, _ rune) { fmt.Fprint(f, redacted) }

// MarshalText returns [redacted].
func (t Token) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue returns [redacted].
func (t Token) LogValue() slog.Value { return slog.StringValue(redacted) }
