package workspace

import (
	"context"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/unit"
)

// ErrNotFound is the error for a workspace that does not exist, or that the
// caller may not know of.
var ErrNotFound = fault.Define(fault.ErrNotFound, "workspace.not_found", "no such workspace")

// A Query is for stores: it selects workspaces, in the order of their ids. Zero fields select
// everything; fields combine.
type Query struct {
	// IDs selects these workspaces; nil means any.
	IDs []id.Workspace
	// Tenant selects what belongs to a tenant, the tenant itself included.
	Tenant id.Workspace
	Kind   Kind
	// Statuses selects workspaces with one of these; nil means any.
	Statuses []Status
	// After is the id of the last one not wanted, Limit the greatest number.
	After id.Workspace
	Limit int
}

// A Reader is for stores: it reads workspaces.
type Reader interface {
	approval.Reader
	// Workspace returns one; [ErrNotFound] if there is none.
	Workspace(ctx context.Context, w id.Workspace) (Workspace, error)
	// Workspaces returns those of the query, with their counts.
	Workspaces(ctx context.Context, q Query) ([]Summary, error)
	// Admins returns the active members with a built-in admin role, in the
	// order of their member ids.
	Admins(ctx context.Context, w id.Workspace, after id.Member, limit int) ([]Admin, error)
	// Activity returns what decides about removal: the names of mini programs in
	// the order of their ids, and of uploads at one time that of the greatest id.
	Activity(ctx context.Context, w id.Workspace) (Activity, error)
	// Settings returns what a workspace sets, and what its tenant does: the same
	// for a tenant. [ErrNotFound] if there is no such workspace.
	Settings(ctx context.Context, w id.Workspace) (own, tenant Settings, err error)
}

// A Tx is for stores: it changes workspaces.
type Tx interface {
	Reader
	approval.Tx
	// InsertWorkspace stores a new workspace with an empty trail, which the
	// unit has in its scope from then on.
	InsertWorkspace(ctx context.Context, w Workspace) error
	// UpdateWorkspace replaces a stored workspace; whatever is given, its ID,
	// Tenant, Kind and CreatedAt stay.
	UpdateWorkspace(ctx context.Context, w Workspace) error
	// PutSettings stores what a workspace sets.
	PutSettings(ctx context.Context, w id.Workspace, s Settings) error
}

// A Store is what the service needs.
type Store = unit.Store[Reader, Tx]
