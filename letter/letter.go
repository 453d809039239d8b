// Package letter writes the letters of a platform, and sends them: invitations,
// decisions, removals, resets of passwords (E2).
//
// A [Sender] is handed the events of the audit trail, by package delivery or by
// whoever else reads it. It looks up what an event means to whom, writes a letter
// in each receiver's language, and gives it to a [Mailer], such as package
// letter/smtp:
//
//	s, err := letter.New(platform, mailer, letter.Options{From: ..., Invitation: ...})
//	err = d.Handle("letters", s, nil) // d is a delivery.Dispatcher
//
// A letter is text and HTML. It holds no secret but the link of an invitation,
// which is made when the letter is: see member.Options.Letters. English and
// Simplified Chinese are there; package words tells how to add a language, and
// [Options] how to change the layout.
package letter

import (
	"context"
	"time"

	"golang.org/x/text/language"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/rbac"
)

// A Kind is the kind of a letter.
type Kind string

// The kinds.
const (
	// Invitation asks somebody into a workspace, Resent does so again, and
	// InvitationWithdrawn tells that it is over.
	Invitation          Kind = "invitation"
	Resent              Kind = "resent"
	InvitationWithdrawn Kind = "withdrawn"
	// RequestApproved, RequestRejected and RequestVoid tell a submitter what became of
	// his request.
	RequestApproved Kind = "approved"
	RequestRejected Kind = "rejected"
	RequestVoid     Kind = "void"
	// MiniProgramRemoved and WorkspaceRemoved tell the admins.
	MiniProgramRemoved Kind = "removed"
	WorkspaceRemoved   Kind = "workspace_removed"
	// ForceRemoved, Warned and RectificationRequired are the tenant's notices to the
	// admins (X2).
	ForceRemoved          Kind = "force_removed"
	Warned                Kind = "warned"
	RectificationRequired Kind = "rectification"
	// PasswordReset tells a member that he has another password.
	PasswordReset Kind = "password_reset"
)

// Kinds returns every kind.
func Kinds() []Kind {
	return []Kind{Invitation, Resent, InvitationWithdrawn, RequestApproved, RequestRejected, RequestVoid,
		MiniProgramRemoved, WorkspaceRemoved, ForceRemoved, Warned, RectificationRequired, PasswordReset}
}

// A Letter is what a letter tells, before it is written. Fields that its kind does
// not tell of stay zero.
type Letter struct {
	Kind Kind
	// To is who gets it. His name is what greets him; "" greets nobody by name.
	To Address
	// Languages are what he reads, best first. Default: English.
	Languages []language.Tag
	// Workspace is the name of the workspace that it is about.
	Workspace string
	// Inviter is the name of who invited him; "" for the platform operator.
	Inviter string
	// Role is what an invitation gives, MiniPrograms are the names of what it assigns.
	Role         rbac.Role
	MiniPrograms []string
	// MiniProgram is the name of the mini program that it is about.
	MiniProgram string
	// Request is the kind of the request, About what that is about.
	Request approval.Kind
	About   string
	// Reason is what somebody wrote.
	Reason string
	// Until is when an invitation ends, or something is due.
	Until time.Time
	// Link is where the button leads; "" for no button.
	Link string
}

// An Address is a mailbox.
type Address struct {
	// Name is whose it is; it may be "".
	Name string
	// Email is the address alone, such as dee@example.com.
	Email string
}

// A Message is a letter that is written, ready to be sent.
type Message struct {
	// ID is the same whenever the same letter is written of the same event, so that a
	// receiver who gets it twice can tell. It is a Message-ID without the brackets.
	ID       string
	From, To Address
	// Language is the one it is written in.
	Language language.Tag
	// Subject is one line.
	Subject string
	// Text and HTML say the same.
	Text, HTML string
	// At is when it happened: the Date of the letter.
	At time.Time
}

// A Mailer sends letters. Implementations are safe for concurrent use.
type Mailer interface {
	// Send sends the message, or hands it to somebody who will. The error is a
	// *[RefusedError] if to try again is of no use; after any other it is tried again, so
	// that after an error the message may have been sent all the same.
	Send(ctx context.Context, m Message) error
}

// ErrRefused is what every [RefusedError] is.
var ErrRefused = fault.Define(fault.ErrInvalid, "letter.refused", "the letter cannot be sent to this address, now or later")

// RefusedError is the error for a letter that will never be sent: its address does
// not exist, say. Whoever delivers events gives up on it.
type RefusedError struct {
	// Why says it in a few words, without the address: the codes that a mail server
	// answered.
	Why string
}

// Error says why.
func (e *RefusedError) Error() string { return "the letter is refused: " + e.Why }

// Code returns "letter.refused".
func (e *RefusedError) Code() string { return ErrRefused.Code() }

// Unwrap returns [ErrRefused].
func (e *RefusedError) Unwrap() error { return ErrRefused }
