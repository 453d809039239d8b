package rbac

import "github.com/superapp-go/superapp/fault"

// ErrDenied is what every [DeniedError] is.
var ErrDenied = fault.Define(fault.ErrDenied, "rbac.denied", "the caller may not do this")

// DeniedError is the error for a permission that is not held. It wraps
// [ErrDenied].
type DeniedError struct {
	// Decision says why, and what would have to change.
	Decision Decision
	// Actor is who was denied, and Object what he was denied it on: so says the error
	// of a verb and of [Access.Check], which can be recorded. They are zero in that of
	// [Decision.Err].
	Actor  Actor
	Object Object
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

// Check returns nil if the facts about the object grant the permission, a
// *[DeniedError] otherwise.
func (m *Matrix) Check(a Actor, f Facts, p Permission, on Object) error {
	d := m.Decide(a, f, p)
	if d.Allowed {
		return nil
	}
	return &DeniedError{Decision: d, Actor: a, Object: on}
}

// Err returns nil if the decision allows, a *[DeniedError] otherwise.
func (d Decision) Err() error {
	if d.Allowed {
		return nil
	}
	return &DeniedError{Decision: d}
}
