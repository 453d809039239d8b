package rbac

import "github.com/superapp-go/superapp/fault"

var assignmentNames = [...]string{NoAssignment: "none", OptionalAssignment: "optional", RequiredAssignment: "required"}

// String returns the stable name: "none", "optional" or "required".
func (a Assignment) String() string {
	if int(a) >= len(assignmentNames) {
		return "?"
	}
	return assignmentNames[a]
}

// MarshalText returns the stable name.
func (a Assignment) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the stable name.
func (a *Assignment) UnmarshalText(text []byte) (err error) {
	*a, err = ParseAssignment(string(text))
	return err
}

// ErrAssignment is the error for an unknown rule of assignment.
var ErrAssignment = fault.Define(fault.ErrInvalid, "rbac.assignment", "unknown assignment: want none, optional or required")

// ParseAssignment reads a rule of assignment as [Assignment.String] prints it.
func ParseAssignment(name string) (Assignment, error) {
	for a, n := range assignmentNames {
		if n == name {
			return Assignment(a), nil
		}
	}
	return NoAssignment, ErrAssignment
}
