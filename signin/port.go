package signin

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/unit"
)

// A Query is for stores: it asks for what is stored about passwords.
type Query struct {
	// Member is whose password it asks for.
	Member id.Member
	// Record asks for the member himself as well. It is looked for even if Member is
	// zero, or the time would tell that a name is nobody's.
	Record bool
	// Workspace is where Key and Default are looked for.
	Workspace id.Workspace
	// Key asks for what is counted under it, unless it is zero.
	Key [32]byte
	// Default asks for the workspace's default password.
	Default bool
}

// A Kept is for stores: the answer to a [Query]. What is not asked for, or not
// there, is zero.
type Kept struct {
	Member     member.Member
	Credential Credential
	// Attempts have the workspace and the key that were asked for, even if nothing is
	// stored.
	Attempts Attempts
	Default  Default
}

// A Reader is for stores: it reads passwords' hashes.
type Reader interface {
	member.Reader
	// Passwords answers a query, if it can in one round trip.
	Passwords(ctx context.Context, q Query) (Kept, error)
}

// A Tx is for stores: it changes them.
type Tx interface {
	Reader
	member.Tx
	// PutCredential stores a member's password, in the place of any before; it ends
	// with his membership (see member.Tx.UpdateMember). An error of kind
	// fault.ErrNotFound if there is no such member.
	PutCredential(ctx context.Context, c Credential) error
	// PutAttempts stores what is counted under a key, in the place of any before, and
	// forgets all of the workspace that end at or before now. An error of kind
	// fault.ErrNotFound if there is no such workspace; but no failures are nothing to
	// store, and to forget what is not there is no error, wherever that is.
	PutAttempts(ctx context.Context, a Attempts, now time.Time) error
	// PutDefaultPassword stores a workspace's, in the place of any before; one without
	// a hash is none, and only takes away what is there. Errors as above.
	PutDefaultPassword(ctx context.Context, w id.Workspace, d Default) error
}

// A Store is what the service needs.
type Store = unit.Store[Reader, Tx]
