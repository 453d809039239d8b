package role

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// A Reader is for stores: it reads own roles. What decisions need of them, they
// ask by rbac.Reader.
type Reader interface {
	member.Reader
	// Role returns one; [ErrNotFound] if there is none.
	Role(ctx context.Context, r id.Role) (Role, error)
	// Roles returns all of a workspace, in the order of their codes.
	Roles(ctx context.Context, w id.Workspace) ([]Role, error)
	// Holding counts who holds an own role of a workspace at a time, and the links that
	// give it.
	Holding(ctx context.Context, w id.Workspace, code rbac.Role, now time.Time) (Holding, error)
}

// A Tx is for stores: it changes own roles.
type Tx interface {
	Reader
	member.Tx
	// PutRole stores a role, or replaces it but for its ID, Workspace, Tenant and
	// CreatedAt; its Code is given as it was. From the commit on facts and grants
	// of its holders tell of the new form. [ErrCodeTaken] if another of the
	// workspace has the code, as late as from the commit.
	PutRole(ctx context.Context, r Role) error
	// DeleteRole deletes a role, if it is there. The service has seen to it that
	// nobody holds it; who all the same has its code as his role, has none.
	DeleteRole(ctx context.Context, r id.Role) error
}

// A Store is what the service needs.
type Store = unit.Store[Reader, Tx]
