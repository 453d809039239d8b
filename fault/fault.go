// Package fault holds the errors every other package answers with.
//
// An error of this library tells three things, from coarse to fine:
//
//   - its kind, one of a closed list, for a program that only needs to know
//     what to do next: errors.Is(err, fault.ErrNotFound);
//   - its stable code, such as "member.last_admin", for logs, clients in other
//     languages and translations: [CodeOf];
//   - typed details, such as *member.StateError with the actions that are
//     open, for a program that wants to react: errors.AsType.
//
// The text says what was wrong and what to do. It never holds a token, a
// password, an e-mail address or the text of a database driver.
//
// docs/errors.md lists every code with its kind, HTTP status and gRPC code;
// [HTTPStatus] and [GRPCCode] compute the same for an error at hand.
package fault

//go:generate go run ../internal/gen/errors ..

import (
	"errors"
	"fmt"
)

// A Kind is one of the few ways a call can fail. Kinds are errors themselves,
// to be compared with errors.Is.
type Kind uint8

// The kinds.
const (
	// ErrInvalid: the input is wrong; the same call can never succeed.
	ErrInvalid Kind = iota + 1
	// ErrNotFound: no such object, or none the caller may know of (S4).
	ErrNotFound
	// ErrExists: what was to be created is there already.
	ErrExists
	// ErrDenied: the caller may not do this.
	ErrDenied
	// ErrState: the object's present state does not allow it.
	ErrState
	// ErrConflict: somebody else changed the same thing first; trying the
	// whole call again may succeed.
	ErrConflict
	// ErrLimit: a configured limit is reached.
	ErrLimit
	// ErrUnavailable: the store is closed, out of reach, not migrated, or
	// failed in a way the library has no better word for.
	ErrUnavailable
)

// Kinds lists every kind, in order.
func Kinds() []Kind {
	return []Kind{ErrInvalid, ErrNotFound, ErrExists, ErrDenied, ErrState, ErrConflict, ErrLimit, ErrUnavailable}
}

var kinds = [...]struct {
	name string
	http int
	grpc uint32
}{
	0:              {"unknown", 500, 2},
	ErrInvalid:     {"invalid", 400, 3},
	ErrNotFound:    {"not found", 404, 5},
	ErrExists:      {"exists already", 409, 6},
	ErrDenied:      {"denied", 403, 7},
	ErrState:       {"not in this state", 409, 9},
	ErrConflict:    {"conflict", 409, 10},
	ErrLimit:       {"limit reached", 422, 8},
	ErrUnavailable: {"unavailable", 503, 14},
}

// Error returns the kind's name.
func (k Kind) Error() string { return kinds[k.known()].name }

// known returns k, or 0 if it is not one of the list.
func (k Kind) known() Kind {
	if int(k) >= len(kinds) {
		return 0
	}
	return k
}

// An Error is a failure with a stable code. Packages declare theirs as
// variables with [Define], and callers compare with errors.Is.
type Error struct {
	kind Kind
	code string
	text string
}

// Define makes a sentinel. The code is "<package>.<what>" and never changes;
// the text is lower case, has no full stop, and says what to do.
func Define(kind Kind, code, text string) *Error {
	return &Error{kind: kind, code: code, text: text}
}

// Error returns the text.
func (e *Error) Error() string { return e.text }

// Code returns the stable code.
func (e *Error) Code() string { return e.code }

// Unwrap returns the kind, so that errors.Is finds it.
func (e *Error) Unwrap() error { return e.kind }

// KindOf returns the kind of err, or 0 if it has none (an error of the host's
// own, a cancelled context).
func KindOf(err error) Kind {
	if k, ok := errors.AsType[Kind](err); ok {
		return k.known()
	}
	return 0
}

// CodeOf returns the stable code of err, or "" if it has none.
func CodeOf(err error) string {
	if c, ok := errors.AsType[coded](err); ok {
		return c.Code()
	}
	return ""
}

// Text returns what err says without the operations that stand before it: what
// a person may be shown. It is "" for an error without a code.
func Text(err error) string {
	if c, ok := errors.AsType[coded](err); ok {
		return c.Error()
	}
	return ""
}

type coded interface {
	error
	Code() string
}

// HTTPStatus returns the HTTP status that fits err: 200 for nil, 500 for an
// error without a kind.
func HTTPStatus(err error) int {
	if err == nil {
		return 200
	}
	return kinds[KindOf(err)].http
}

// GRPCCode returns the number of the gRPC status code that fits err: 0 (OK)
// for nil, 2 (Unknown) for an error without a kind.
func GRPCCode(err error) uint32 {
	if err == nil {
		return 0
	}
	return kinds[KindOf(err)].grpc
}

// Wrap puts the operation before the error that *err holds, if any:
//
//	func (s *Service) Block(...) (err error) {
//		defer fault.Wrap(&err, "member: block")
func Wrap(err *error, op string) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", op, *err)
	}
}
