package member

import (
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/workspace"
)

// A TokenState is what the token of an invitation, mailed or a link, is good for
// (M7, M9).
type TokenState string

// The states of a token.
const (
	// TokenOpen: it can be accepted.
	TokenOpen TokenState = "open"
	// TokenSuperseded: a newer invitation was sent, or the link renewed (M4, M9).
	TokenSuperseded TokenState = "superseded"
	// TokenWithdrawn: the invitation was withdrawn, or the link revoked.
	TokenWithdrawn TokenState = "withdrawn"
	// TokenSpent: it was accepted before.
	TokenSpent TokenState = "spent"
	// TokenUsedUp: as many as a link lets in have come by it.
	TokenUsedUp TokenState = "used_up"
	// TokenExpired: it was not accepted in time.
	TokenExpired TokenState = "expired"
	// TokenWorkspaceClosed: the workspace, or its tenant, is disabled or
	// removed.
	TokenWorkspaceClosed TokenState = "workspace_closed"
	// TokenNotEntitled: whoever sent it may no longer grant that role; an admin
	// may resend it.
	TokenNotEntitled TokenState = "sender_not_entitled"
)

// Why an invitation cannot be accepted.
var (
	ErrTokenUnknown      = fault.Define(fault.ErrNotFound, "member.token_unknown", "no such invitation: ask for a new one")
	ErrTokenSuperseded   = fault.Define(fault.ErrState, "member.token_superseded", "a newer invitation was sent: use the latest link")
	ErrTokenWithdrawn    = fault.Define(fault.ErrState, "member.token_withdrawn", "the invitation was withdrawn: ask for a new one")
	ErrTokenSpent        = fault.Define(fault.ErrState, "member.token_spent", "the invitation was accepted before")
	ErrTokenUsedUp       = fault.Define(fault.ErrState, "member.token_used_up", "as many as the link lets in have come: ask for a new one")
	ErrTokenExpired      = fault.Define(fault.ErrState, "member.token_expired", "the invitation has expired: ask for it to be sent again")
	ErrSenderNotEntitled = fault.Define(fault.ErrDenied, "member.sender_not_entitled", "whoever sent the invitation may no longer grant this role: ask an admin to send it again")
	ErrEmailNotVerified  = fault.Define(fault.ErrDenied, "member.email_not_verified", "the account's e-mail is not verified: verify it first")
	ErrOtherPerson       = fault.Define(fault.ErrDenied, "member.other_person", "the invitation is for another e-mail address: sign in with that account")
	ErrAlreadyMember     = fault.Define(fault.ErrExists, "member.already_member", "the account is a member of this workspace already")
)

// Err returns nil for [TokenOpen], the error that Accept answers otherwise;
// [ErrTokenUnknown] for "", the state of an Inspection that failed.
func (t TokenState) Err() error {
	switch t {
	case TokenOpen:
		return nil
	case TokenSuperseded:
		return ErrTokenSuperseded
	case TokenWithdrawn:
		return ErrTokenWithdrawn
	case TokenSpent:
		return ErrTokenSpent
	case TokenUsedUp:
		return ErrTokenUsedUp
	case TokenExpired:
		return ErrTokenExpired
	case TokenWorkspaceClosed:
		return ErrWorkspaceClosed
	case TokenNotEntitled:
		return ErrSenderNotEntitled
	}
	return ErrTokenUnknown
}

// tokenState judges a token by what was found, apart from the sender's right.
func (f *Found) tokenState(now time.Time) TokenState {
	m := &f.Member
	switch {
	case m.State == Withdrawn:
		return TokenWithdrawn
	case m.State != Invited:
		return TokenSpent
	case f.Generation < m.Invitation.Generation:
		return TokenSuperseded
	case closed(f.Workspace.Status) || closed(f.TenantStatus):
		return TokenWorkspaceClosed
	case m.Status(now) == StatusExpired:
		return TokenExpired
	}
	return TokenOpen
}

func closed(s workspace.Status) bool { return s == workspace.Disabled || s == workspace.Removed }
