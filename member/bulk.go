package member

import (
	"fmt"
	"iter"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/unit"
)

// The limits of a bulk invitation.
const (
	// MaxBulk is the greatest number of its rows.
	MaxBulk = 10_000
	// MaxBulkAll is the greatest number of rows that are sent to all or nobody,
	// which is one unit.
	MaxBulkAll = 1_000
	// MaxBulkKey is the greatest length of its key, in bytes.
	MaxBulkKey = 200
	// BulkKept is how long a key names its run, from when that began.
	BulkKept = 30 * 24 * time.Hour
)

// A Bulk is an invitation of many people into one workspace (M1).
type Bulk struct {
	// Workspace is where they are invited to; that of each row may stay zero.
	Workspace id.Workspace
	// Rows are the people, 1 to [MaxBulk]: [ReadCSV], or any iterator. An error in
	// the place of a row is that row's verdict, but for a *[CSVError] whose Ends is
	// set, and any error that is not invalid input: they end the run before anything
	// is sent. Inside [superapp.Platform.Update] and dry runs, which may run a function
	// again, open the file inside it.
	Rows iter.Seq2[Row, error]
	// Key names the run, 1 to [MaxBulkKey] bytes: whoever sends the same rows with
	// the same key sends what is missing, and nothing twice, for [BulkKept]; then it is
	// the key of a new run. It is stored as it is: put nothing personal into it.
	// [BulkService.Plan] needs none.
	Key string
	// All sends to all or nobody, as one unit, at most [MaxBulkAll]. Default: those who
	// can be invited, in units of as many as the workspace invites at once.
	All bool
	// Progress is called after each unit, outside of it; nil is not called.
	Progress func(BulkProgress)
}

// BulkProgress tells how far a bulk invitation has come.
type BulkProgress struct {
	// Done of Total rows are decided: Sent, also by an earlier run, or Refused.
	Done, Total, Sent, Refused int
}

// A BulkState is what became of a row.
type BulkState string

// The states of a row.
const (
	// BulkPlanned: it would be sent.
	BulkPlanned BulkState = "planned"
	// BulkSent: it was sent now.
	BulkSent BulkState = "sent"
	// BulkEarlier: an earlier run with the key has sent it.
	BulkEarlier BulkState = "sent_earlier"
	// BulkRefused: it cannot be sent; Err says why.
	BulkRefused BulkState = "refused"
	// BulkPending: the run ended before it.
	BulkPending BulkState = "pending"
)

// A BulkVerdict is what became of one row.
type BulkVerdict struct {
	// Line is the row's, as it was given.
	Line  int
	State BulkState
	// Member is the invitation's record, if it was sent.
	Member id.Member
	// Token is what goes into the letter; "" unless it was sent now.
	Token Token
	// Err says why it was refused.
	Err error
}

// ErrBulk is what every [BulkError] is.
var ErrBulk = fault.Define(fault.ErrInvalid, "member.bulk", "not everybody could be invited")

// BulkError is the error of a bulk invitation to all or nobody, that was sent to
// nobody.
type BulkError struct {
	// Verdicts are in the order of the rows. A planned one could have been sent.
	Verdicts []BulkVerdict
}

// Error tells how many rows stood in the way, and the first.
func (e *BulkError) Error() string {
	n, first := 0, BulkVerdict{}
	for _, v := range e.Verdicts {
		if v.State == BulkRefused {
			if n++; n == 1 {
				first = v
			}
		}
	}
	return fmt.Sprintf("nobody was invited: %d of %d rows stand in the way, the first in line %d: %v", n, len(e.Verdicts), first.Line, first.Err)
}

// Code returns "member.bulk".
func (e *BulkError) Code() string { return ErrBulk.Code() }

// Unwrap returns [ErrBulk].
func (e *BulkError) Unwrap() error { return ErrBulk }

// ErrDuplicate is what every [DuplicateError] is.
var ErrDuplicate = fault.Define(fault.ErrExists, "member.duplicate", "the address is there twice")

// DuplicateError is the verdict on a row with the address of another one, however
// it is written. The first counts.
type DuplicateError struct {
	// Line is that of the first; 0 where there are no lines.
	Line int
}

// Error tells where the first one is.
func (e *DuplicateError) Error() string {
	if e.Line == 0 {
		return "the address is in an earlier row as well"
	}
	return fmt.Sprintf("the address is in line %d as well", e.Line)
}

// Code returns "member.duplicate".
func (e *DuplicateError) Code() string { return ErrDuplicate.Code() }

// Unwrap returns [ErrDuplicate].
func (e *DuplicateError) Unwrap() error { return ErrDuplicate }

// ErrBulkKey is the error for the key of a run of other rows.
var ErrBulkKey = fault.Define(fault.ErrConflict, "member.bulk_key", "the key is that of a bulk invitation of other rows: choose another")

// A BulkService invites many people at once. It is safe for concurrent use.
type BulkService struct {
	members *Service
	store   Store
	env     *unit.Env
}

// Bulk returns the service for bulk invitations, over the same store and with the
// same options.
func (s *Service) Bulk() *BulkService { return &BulkService{members: s, store: s.store, env: s.env} }
