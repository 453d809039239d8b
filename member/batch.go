package member

import (
	"context"
	"fmt"
	"strings"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

// InviteAll asks several people into one workspace.
type InviteAll struct {
	// Workspace is where they are invited to; that of each invitee may stay
	// zero.
	Workspace id.Workspace
	// Invitees are 1 to Options.MaxBatch people, or as many as the workspace's
	// settings allow.
	Invitees []Invite
	// BestEffort sends to those who can be invited. Default: all or nobody.
	BestEffort bool
}

// A Verdict is what came of one invitee.
type Verdict struct {
	// Member is the record; zero if Err is not nil.
	Member Member
	// Err says why he was not invited.
	Err error
}

// ErrBatch is what every [BatchError] is.
var ErrBatch = fault.Define(fault.ErrInvalid, "member.batch", "not everybody could be invited")

// BatchError is the error of a [Service.InviteAll] that was to send to all or
// nobody, and sent to nobody.
type BatchError struct {
	// Verdicts are in the order of the invitees. An Err of nil means that this
	// one could have been invited.
	Verdicts []Verdict
}

// Error tells which invitees stood in the way, and why.
func (e *BatchError) Error() string {
	var b strings.Builder
	b.WriteString("nobody was invited")
	for i, v := range e.Verdicts {
		if v.Err != nil {
			fmt.Fprintf(&b, "; invitee %d: %v", i+1, v.Err)
		}
	}
	return b.String()
}

// Code returns "member.batch".
func (e *BatchError) Code() string { return ErrBatch.Code() }

// Unwrap returns [ErrBatch].
func (e *BatchError) Unwrap() error { return ErrBatch }

// ErrBatchSize is the error for a batch larger than the workspace allows.
var ErrBatchSize = fault.Define(fault.ErrLimit, "member.batch_size", "too many invitees at once")

// checkSize returns [ErrBatchSize] for more than max invitees.
func checkSize(n, max int) error {
	if n > max {
		return fmt.Errorf("%w: want at most %d invitees, got %d", ErrBatchSize, max, n)
	}
	return nil
}

// InviteAll sends several invitations in one unit: a verdict and a token for
// each invitee, in their order; the token is "" where the verdict is an error.
// Unless BestEffort is set, one bad invitee means that nobody is invited, and
// the error is a *[BatchError]. Otherwise as [Service.Invite].
func (s *Service) InviteAll(ctx context.Context, actor rbac.Actor, in InviteAll) (verdicts []Verdict, tokens []Token, err error) {
	defer fault.Wrap(&err, "member: invite all")
	if len(in.Invitees) == 0 {
		return nil, nil, fault.Invalid("invitees", "required", "want at least one")
	}
	if err := checkSize(len(in.Invitees), workspace.MaxBatch); err != nil {
		return nil, nil, err // before anything is read for them
	}
	return s.invite(ctx, actor, in.Workspace, in.Invitees, in.BestEffort)
}
