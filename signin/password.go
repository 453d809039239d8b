package signin

import (
	"fmt"
	"log/slog"
	"unicode/utf8"

	"golang.org/x/text/secure/precis"
)

// A Password is one in clear. Whatever prints it, or writes it as JSON or to a log,
// prints [redacted]; [Password.Reveal] gives the text. Two places are beyond that:
// fmt prints an unexported field of a struct, and encoding/json the key of a map,
// without asking its type; keep passwords out of both.
//
// A text that came in is made a Password by conversion:
// signin.Password(r.PostFormValue("password")).
type Password string

const redacted = "[redacted]"

// Reveal returns the text.
func (p Password) Reveal() string { return string(p) }

// Format prints [redacted], whatever the verb.
func (p Password) Format(f fmt.State, _ rune) { fmt.Fprint(f, redacted) }

// MarshalText returns [redacted].
func (p Password) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue returns [redacted].
func (p Password) LogValue() slog.Value { return slog.StringValue(redacted) }

// maxBytes bounds what is looked at of a password.
const maxBytes = 1024

// prepared returns the password as it is hashed and compared: by the profile
// OpaqueString of RFC 8265, so that the same characters are the same password
// whatever the keyboard sends. False if it cannot be a password.
func (p Password) prepared() (Password, bool) {
	if p == "" || len(p) > maxBytes || !utf8.ValidString(string(p)) {
		return "", false
	}
	s, err := precis.OpaqueString.String(string(p))
	return Password(s), err == nil
}
