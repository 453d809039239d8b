package signin

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/unit"
)

// A Reader is for stores: it reads passwords' hashes.
type Reader interface {
	member.Reader
	// Credential returns a member's; the zero value if he has none, or is not there.
	Credential(ctx context.Context, m id.Member) (Credential, error)
	// Attempts returns what is stored under a key; if nothing is, the workspace and
	// the key alone.
	Attempts(ctx context.Context, w id.Workspace, key [32]byte) (Attempts, error)
	// DefaultPassword returns a workspace's; the zero value if it has none.
	DefaultPassword(ctx context.Context, w id.Workspace) (Default, error)
}

// A Tx is for stores: it changes them.
type Tx interface {
	Reader
	member.Tx
	// PutCredential stores a member's password, in the place of any before; it ends
	// with his membership (see member.Tx.UpdateMember). An error of kind
	// fault.ErrNotFound if there is no such member.
	PutCredential(ctx context.Context, c Credential) error
	// PutAttempts stores what is counted under a key, nothing if that is no failure,
	// and forgets all of the workspace that end at or before now. An error of kind
	// fault.ErrNotFound if there is no such workspace.
	PutAttempts(ctx context.Context, a Attempts, now time.Time) error
	// PutDefaultPassword stores a workspace's, in the place of any before; one without
	// a hash is none. An error of kind fault.ErrNotFound as above.
	PutDefaultPassword(ctx context.Context, w id.Workspace, d Default) error
}

// A Store is what the service needs.
type Store = unit.Store[Reader, Tx]
