// Package id holds the identifiers of everything the library stores.
//
// An identifier is a UUID of 16 bytes, version 7 by default, so that later
// ones sort behind earlier ones. Each kind of object has a type of its own,
// and passing a member's id where a mini program's is wanted does not
// compile. Outside Go an identifier is its canonical text of 36 characters.
//
// An [Account] is different: it is a person as the host's own login knows
// him, an opaque string that this library never issues.
package id

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/superapp-go/superapp/fault"
)

// A UUID is 16 bytes. The zero value is no identifier.
type UUID [16]byte

// String returns the canonical text, in lower case.
func (u UUID) String() string { return uuid.UUID(u).String() }

// IsZero reports whether u identifies nothing.
func (u UUID) IsZero() bool { return u == UUID{} }

// Bytes returns a copy of the 16 bytes.
func (u UUID) Bytes() []byte { return bytes.Clone(u[:]) }

// Compare orders identifiers byte by byte (S5).
func (u UUID) Compare(v UUID) int { return bytes.Compare(u[:], v[:]) }

// MarshalText returns the canonical text.
func (u UUID) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// UnmarshalText reads the canonical text of 36 characters; the error is
// [ErrMalformed].
func (u *UUID) UnmarshalText(text []byte) error {
	v, err := Parse(string(text))
	if err != nil {
		return err
	}
	*u = v
	return nil
}

// ErrMalformed is the error for text that is not an identifier.
var ErrMalformed = fault.Define(fault.ErrInvalid, "id.malformed",
	"not an identifier: want 36 characters like 01890a5d-ac96-774b-bcce-b302099a8057")

// Parse reads the canonical text; ParseWorkspace and its kin give the id its
// type.
func Parse(text string) (UUID, error) {
	if len(text) != 36 {
		return UUID{}, ErrMalformed
	}
	u, err := uuid.Parse(text)
	if err != nil {
		return UUID{}, ErrMalformed
	}
	return UUID(u), nil
}

// New returns a fresh UUID of version 7. It is the default source of
// identifiers.
func New() UUID { return UUID(uuid.Must(uuid.NewV7())) }

// The identifiers of the objects that are stored.
type (
	// Workspace identifies a tenant or developer workspace.
	Workspace struct{ UUID }
	// Member identifies a person in one workspace, from invitation to
	// removal.
	Member struct{ UUID }
	// MiniProgram identifies a mini program.
	MiniProgram struct{ UUID }
	// Version identifies an uploaded version of a mini program.
	Version struct{ UUID }
	// QRCode identifies the definition of a QR code.
	QRCode struct{ UUID }
	// Request identifies something that was submitted for approval.
	Request struct{ UUID }
	// Feature identifies a feature of a tenant's catalogue.
	Feature struct{ UUID }
	// JSAPI identifies a callable of a tenant's catalogue.
	JSAPI struct{ UUID }
	// Role identifies a workspace's own role.
	Role struct{ UUID }
	// Link identifies an invitation link of a workspace.
	Link struct{ UUID }
)

// ParseWorkspace reads the id of a workspace; the error is [ErrMalformed].
func ParseWorkspace(text string) (Workspace, error) { u, err := Parse(text); return Workspace{u}, err }

// ParseMember reads the id of a member; the error is [ErrMalformed].
func ParseMember(text string) (Member, error) { u, err := Parse(text); return Member{u}, err }

// ParseMiniProgram reads the id of a mini program; the error is [ErrMalformed].
func ParseMiniProgram(text string) (MiniProgram, error) {
	u, err := Parse(text)
	return MiniProgram{u}, err
}

// ParseVersion reads the id of a version; the error is [ErrMalformed].
func ParseVersion(text string) (Version, error) { u, err := Parse(text); return Version{u}, err }

// ParseQRCode reads the id of a QR code; the error is [ErrMalformed].
func ParseQRCode(text string) (QRCode, error) { u, err := Parse(text); return QRCode{u}, err }

// ParseRequest reads the id of a request; the error is [ErrMalformed].
func ParseRequest(text string) (Request, error) { u, err := Parse(text); return Request{u}, err }

// ParseFeature reads the id of a feature; the error is [ErrMalformed].
func ParseFeature(text string) (Feature, error) { u, err := Parse(text); return Feature{u}, err }

// ParseJSAPI reads the id of a JSAPI; the error is [ErrMalformed].
func ParseJSAPI(text string) (JSAPI, error) { u, err := Parse(text); return JSAPI{u}, err }

// ParseRole reads the id of a workspace's own role; the error is [ErrMalformed].
func ParseRole(text string) (Role, error) { u, err := Parse(text); return Role{u}, err }

// ParseLink reads the id of an invitation link; the error is [ErrMalformed].
func ParseLink(text string) (Link, error) { u, err := Parse(text); return Link{u}, err }

// An Account is a person as the host's login knows him: opaque, at most 255
// bytes, compared byte by byte.
type Account string

// MaxAccount is the greatest length of an [Account] in bytes.
const MaxAccount = 255

// ErrAccount is the error for an account id that cannot be one.
var ErrAccount = fault.Define(fault.ErrInvalid, "id.account",
	"not an account id: want 1 to 255 bytes of valid UTF-8 without control characters")

// Validate returns [ErrAccount] unless a can be an account id.
func (a Account) Validate() error {
	s := string(a)
	if s == "" || len(s) > MaxAccount || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return ErrAccount
	}
	return nil
}
