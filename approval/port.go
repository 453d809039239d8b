package approval

import (
	"context"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// A Query is for stores: it selects requests, in the order of their ids. Zero
// fields select everything; fields combine.
type Query struct {
	// Filter is what the caller may see; nil where he sees all that the other
	// fields select.
	Filter *rbac.Filter
	// Workspace selects what belongs to a workspace, Tenant what belongs to a
	// tenant and its developer workspaces.
	Workspace, Tenant id.Workspace
	// MiniProgram selects what is about a mini program, its versions and features
	// included; Object what is about exactly this.
	MiniProgram id.MiniProgram
	Object      rbac.Object
	// Submitter selects what an account submitted.
	Submitter id.Account
	// Kinds and Statuses select by equality; nil means any.
	Kinds    []Kind
	Statuses []Status
	// After is the id of the last one not wanted, Limit the greatest number.
	After id.Request
	Limit int
}

// A Case is for stores: a request with what decides about what may be done with
// it.
type Case struct {
	Request
	// OwnerStatus and TenantStatus are the statuses of its workspace and of that
	// one's tenant.
	OwnerStatus, TenantStatus rbac.WorkspaceStatus
	// OwnDecision says that the tenant lets submitters decide their own requests
	// (V4).
	OwnDecision bool
}

// A Reader is for stores: it reads requests.
type Reader interface {
	audit.Reader
	// Case returns a request; [ErrNotFound] if there is none.
	Case(ctx context.Context, r id.Request) (Case, error)
	// Requests returns those of the query.
	Requests(ctx context.Context, q Query) ([]Case, error)
}

// A Tx is for stores: it changes requests.
type Tx interface {
	Reader
	audit.Tx
	// InsertRequest stores a new request. The service has seen to it that none in
	// review has its OpenKey in the workspace; a store answers [ErrOpen] all the
	// same if one has, as late as from the commit.
	InsertRequest(ctx context.Context, r Request) error
	// UpdateRequest stores how a request ended: its Status, Decider, Answer and
	// EndedAt; whatever else is given stays. [ErrOpen] as above.
	UpdateRequest(ctx context.Context, r Request) error
}

// A Store is what the service needs.
type Store = unit.Store[Reader, Tx]
