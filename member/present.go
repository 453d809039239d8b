package member

import "github.com/superapp-go/superapp/id"

// PresentError is the error for inviting somebody who is there already (M6). It
// wraps [ErrPresent].
type PresentError struct {
	// Status says which: active, inactive (blocked), or invitation_sent.
	Status Status
	// Member is the record.
	Member id.Member
}

// Error says what to do instead.
func (e *PresentError) Error() string {
	switch e.Status {
	case StatusActive:
		return "already an active member of the workspace: set the role instead"
	case StatusInactive:
		return "already a member of the workspace, and blocked: unblock instead"
	}
	return "already invited to the workspace: resend or withdraw that invitation instead"
}

// Code returns "member.present".
func (e *PresentError) Code() string { return ErrPresent.Code() }

// Unwrap returns [ErrPresent].
func (e *PresentError) Unwrap() error { return ErrPresent }
