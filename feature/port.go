package feature

import (
	"context"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// A Query is for stores: it selects features of a tenant, in the order of their
// ids. Zero fields but Tenant select everything; fields combine.
type Query struct {
	Tenant id.Workspace
	// SharedWith selects what a developer workspace sees.
	SharedWith id.Workspace
	// After is the id of the last one not wanted, Limit the greatest number.
	After id.Feature
	Limit int
}

// A Lookup is for stores: all that a verb wants to know of a tenant's catalogue.
// Zero fields but Tenant ask nothing.
type Lookup struct {
	Tenant id.Workspace
	// Feature is one that is to be read.
	Feature id.Feature
	// Key is the folded name of a feature.
	Key string
	// JSAPIs are names of JSAPIs, each once.
	JSAPIs []string
	// Workspaces are some that a feature is to be shared with, each once.
	Workspaces []id.Workspace
}

// Found is for stores: the answer to a [Lookup].
type Found struct {
	// Feature is the tenant's feature of that id; its ID is zero if there is none.
	Feature Feature
	// Named is the tenant's feature of that name, zero if there is none.
	Named id.Feature
	// JSAPIs are those of the names that the tenant has JSAPIs of, in any order.
	JSAPIs []string
	// Workspaces are those of the workspaces that are the tenant's developer
	// workspaces and not removed, in any order.
	Workspaces []id.Workspace
}

// A Reader is for stores: it reads catalogues.
type Reader interface {
	workspace.Reader
	// Feature returns one; [ErrNotFound] if there is none.
	Feature(ctx context.Context, f id.Feature) (Feature, error)
	// Features returns those of the query.
	Features(ctx context.Context, q Query) ([]Feature, error)
	// Catalogue answers all that the lookup asks, in as few round trips as the
	// engine can.
	Catalogue(ctx context.Context, l Lookup) (Found, error)
	// JSAPI returns one; [ErrJSAPINotFound] if there is none.
	JSAPI(ctx context.Context, j id.JSAPI) (JSAPI, error)
	// JSAPIs returns those of a tenant in the order of their ids, at most limit of
	// those after the given one.
	JSAPIs(ctx context.Context, tenant id.Workspace, after id.JSAPI, limit int) ([]JSAPI, error)
}

// A Tx is for stores: it changes catalogues. [ErrNameTaken] if another has the
// name, as late as from the commit.
type Tx interface {
	Reader
	workspace.Tx
	// PutFeature stores a feature, or replaces it but for its ID, Tenant and
	// CreatedAt.
	PutFeature(ctx context.Context, f Feature) error
	// PutJSAPI stores a JSAPI, or replaces it but for its ID, Tenant, Name and
	// CreatedAt.
	PutJSAPI(ctx context.Context, j JSAPI) error
}

// A Store is what the service needs.
type Store = unit.Store[Reader, Tx]
