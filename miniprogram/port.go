package miniprogram

import (
	"context"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// A Query is for stores: it selects mini programs. Zero fields select everything the filter
// covers; fields combine.
type Query struct {
	// Filter is what the caller may see.
	Filter rbac.Filter
	// Workspace selects what a workspace owns, Tenant what belongs to a tenant.
	Workspace, Tenant id.Workspace
	// ID selects one.
	ID id.MiniProgram
	// Prefix is a folded text: a term of the mini program begins with it.
	Prefix string
	// Creator, Type and Statuses select by equality; nil Statuses means any.
	Creator  id.Account
	Type     Type
	Statuses []Status
	// AfterTerm and After are the place of the last one not wanted, Limit the
	// greatest number.
	AfterTerm string
	After     id.MiniProgram
	Limit     int
}

// A Hit is for stores: a mini program in a list.
type Hit struct {
	MiniProgram
	// OwnerStatus and TenantStatus are the statuses of its workspace and of
	// that one's tenant.
	OwnerStatus, TenantStatus workspace.Status
	// Term is the least of its terms that begins with the query's Prefix; ""
	// if the query has none. Hits are ordered by term, byte by byte, then by
	// id.
	Term string
}

// A Reader is for stores: it reads mini programs.
type Reader interface {
	workspace.Reader
	// MiniProgram returns one; [ErrNotFound] if there is none.
	MiniProgram(ctx context.Context, p id.MiniProgram) (MiniProgram, error)
	// MiniPrograms returns those of the query, each once.
	MiniPrograms(ctx context.Context, q Query) ([]Hit, error)
	// NameTaken reports whether a mini program of the tenant that is not
	// archived has this folded name in this language.
	NameTaken(ctx context.Context, tenant id.Workspace, language, key string) (bool, error)
	// Versions returns the versions of a mini program in the order of their
	// ids, at most limit of those after the given one.
	Versions(ctx context.Context, p id.MiniProgram, after id.Version, limit int) ([]Version, error)
	// Team returns the active and blocked members who have a team role on the
	// mini program, in the order of their member ids.
	Team(ctx context.Context, p id.MiniProgram, after id.Member, limit int) ([]TeamMember, error)
}

// A Tx is for stores: it changes mini programs.
type Tx interface {
	Reader
	workspace.Tx
	// InsertMiniProgram stores a new mini program and the terms, each once, under
	// which its name is found. [ErrNameTaken] if another has its name; the error may
	// come as late as from the commit.
	InsertMiniProgram(ctx context.Context, p MiniProgram, terms []string) error
	// UpdateMiniProgram replaces a stored mini program and its terms; whatever is
	// given, its ID, Workspace, Tenant, Type, Creator and CreatedAt stay.
	// [ErrNameTaken] as above.
	UpdateMiniProgram(ctx context.Context, p MiniProgram, terms []string) error
	// InsertVersion stores a new version. The service notes its time and number in
	// the mini program as well.
	InsertVersion(ctx context.Context, v Version) error
	// PutHeld gives a member a mini program, or replaces how he holds it.
	PutHeld(ctx context.Context, m id.Member, h rbac.HeldProgram) error
}

// A Store is what the service needs.
type Store = unit.Store[Reader, Tx]
