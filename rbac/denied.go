package rbac

import "github.com/superapp-go/superapp/fault"

// ErrDenied is what every [DeniedError] is.
var ErrDenied = fault.Define(fault.ErrDenied, "rbac.denied", "the caller may not do this")

// DeniedError is the error for a permission that is not held. It wraps
// [ErrDenied].
type DeniedError struct {
	// Decision says why, and what would have to change.
	Decision Decision
}

// Error says what was denied, why, and what would allow it.
func (e *DeniedError) Error() string { return e.Decision.String() }

// Hidden reports whether the caller has no place from which he could know of
// the object: the verbs answer "not found" then, and so should a host (S4).
func (e *DeniedError) Hidden() bool { return e.Decision.Reason == NoMembership }

// Code returns "rbac.denied".
func (e *DeniedError) Code() string { return ErrDenied.Code() }

// Unwrap returns [ErrDenied].
func (e *DeniedError) Unwrap() error { return ErrDenied }

// Err returns nil if the decision allows, a *[DeniedError] otherwise.
func (d Decision) Err() error {
	if d.Allowed {
		return nil
	}
	return &DeniedError{Decision: d}
}
