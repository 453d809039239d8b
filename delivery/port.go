package delivery

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
)

// A Registration is for stores: it makes a handler known.
type Registration struct {
	Handler string
	At      time.Time
	// FromStart says that the handler gets the events that are there already.
	FromStart bool
}

// A Claim is for stores: it asks for leases.
type Claim struct {
	Handler string
	// Lease is who asks: a new id for each claim.
	Lease id.UUID
	// Now is the time, Until when the leases end.
	Now, Until time.Time
	// Limit is the greatest number of workspaces.
	Limit int
}

// A Claimed is a workspace on which a lease was got.
type Claimed struct {
	Workspace id.Workspace
	// Seq is the last event that the handler has had.
	Seq uint64
	// Attempts is how often the one behind it has failed.
	Attempts int
}

// A Progress is for stores: it notes how far a handler is.
type Progress struct {
	Handler   string
	Workspace id.Workspace
	// Lease is who holds it.
	Lease    id.UUID
	Seq      uint64
	Attempts int
	// DueAt is when the next event may be tried.
	DueAt time.Time
	// Until is when the lease ends now; zero lets it go.
	Until time.Time
}

// A DeadLetter is an event that a handler could not be given.
type DeadLetter struct {
	Handler   string
	Workspace id.Workspace
	Seq       uint64
	// Attempts is how often it was tried, Error what the handler said last, at most
	// [MaxError] bytes of it, and FailedAt when.
	Attempts int
	Error    string
	FailedAt time.Time
	// Again says that it is to be tried once more.
	Again bool
}

// MaxError is how much is stored of what a handler said, in bytes.
const MaxError = 500

// A Query is for stores: it selects dead letters of one handler, in the order of
// Workspace and Seq.
type Query struct {
	Handler string
	// Workspace selects those of one; zero means any.
	Workspace id.Workspace
	// Again selects those to be tried again.
	Again bool
	// AfterWorkspace and AfterSeq are the place of the last one not wanted.
	AfterWorkspace id.Workspace
	AfterSeq       uint64
	// Limit is the greatest number of them.
	Limit int
}

// A Reader is for stores: it reads trails and dead letters.
type Reader interface {
	audit.Reader
	// DeadLetters returns those of the query.
	DeadLetters(ctx context.Context, q Query) ([]DeadLetter, error)
}

// A Tx is for stores: it notes deliveries. But for dead letters that somebody decides
// about, or that were tried again, a unit that does has an empty scope. Whoever holds the
// lock of a workspace keeps none of them waiting, but for RegisterHandler, which waits for
// workspaces that rest and have events that its handler has not had: while a new one
// begins at the start, that may be all of them.
type Tx interface {
	Reader
	audit.Tx
	// RegisterHandler makes a handler known, unless it is. A new one has had all
	// events that are there, or none if it begins at the start. In either case
	// ClaimDeliveries finds from then on what the handler has not had, whatever
	// RestDeliveries did before.
	RegisterHandler(ctx context.Context, r Registration) error
	// ClaimDeliveries takes leases on workspaces whose trail goes on behind what
	// the handler has had, or of which it has dead letters to be tried again; on
	// which nobody has a lease that ends behind Now; and whose DueAt is not behind
	// Now. It prefers those that the handler has had nothing of, then those with the
	// earliest DueAt, and answers at most Limit. Of two units that claim at
	// the same time at most one gets a lease.
	ClaimDeliveries(ctx context.Context, c Claim) ([]Claimed, error)
	// SaveDelivery stores the progress of whoever holds the lease; ErrLease, at the
	// latest from the commit, if that is somebody else now, or nobody.
	SaveDelivery(ctx context.Context, p Progress) error
	// RestDeliveries lets ClaimDeliveries pass over workspaces of whose events every
	// handler has had all, until there are new ones, at most as many as limit. It
	// changes nothing that can be read. It leaves out workspaces whose lock somebody
	// holds, so that nobody waits for that one on account of another.
	RestDeliveries(ctx context.Context, limit int) error
	// PutDeadLetter stores a dead letter, in the place of one of the same handler,
	// workspace and Seq.
	PutDeadLetter(ctx context.Context, l DeadLetter) error
	// DeleteDeadLetter deletes the one of a handler, workspace and Seq, if there is
	// one.
	DeleteDeadLetter(ctx context.Context, handler string, w id.Workspace, seq uint64) error
}

// What can be wrong with a delivery.
var (
	// ErrLease: somebody else delivers to the handler now, since the lease ended.
	ErrLease = fault.Define(fault.ErrConflict, "delivery.lease", "the lease on the deliveries is lost: somebody else goes on with them")
	// ErrNoLetter: there is no such dead letter.
	ErrNoLetter = fault.Define(fault.ErrNotFound, "delivery.no_letter", "no such dead letter")
	// ErrHandler: a handler cannot be registered like this.
	ErrHandler = fault.Define(fault.ErrInvalid, "delivery.handler",
		"not a handler: want a name of 1 to 64 lower-case letters, digits, dots, dashes and underscores that no other has, and something to call")
	// ErrRunning: the dispatcher runs already, or ran.
	ErrRunning = fault.Define(fault.ErrState, "delivery.running", "the dispatcher was started before: make a new one")
	// ErrHangs: a handler did not return in time.
	ErrHangs = fault.Define(fault.ErrUnavailable, "delivery.hangs", "the handler did not return in time")
	// ErrPanic: a handler panicked.
	ErrPanic = fault.Define(fault.ErrUnavailable, "delivery.panic", "the handler panicked")
)
