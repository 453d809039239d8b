// Package feature holds a tenant's catalogue: the JSAPIs that its super app
// offers, and the features, packages of JSAPIs that a mini program may use (F1).
package feature

import (
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
)

// A Platform is a system on which a JSAPI works.
type Platform string

// The platforms.
const (
	Android   Platform = "android"
	IOS       Platform = "ios"
	HarmonyOS Platform = "harmonyos"
)

// A JSAPI is a callable of the super app.
type JSAPI struct {
	ID     id.JSAPI
	Tenant id.Workspace
	// Name is what mini programs call, such as "my.scan": unique in the tenant,
	// compared byte by byte, and never changed.
	Name        string
	Description string
	// Platforms are where it works, sorted, at least one.
	Platforms []Platform
	CreatedAt time.Time
	UpdatedAt time.Time
}

// An Access is how a mini program gets a feature (F2).
type Access string

// The ways.
const (
	// Direct: it is attached at once.
	Direct Access = "direct"
	// Activation: it is attached once a request is approved.
	Activation Access = "activation"
)

// A Feature is a package of JSAPIs.
type Feature struct {
	ID     id.Feature
	Tenant id.Workspace
	// Name is unique in the tenant, compared folded; NameKey is its folded form.
	Name, NameKey string
	Description   string
	// JSAPIs are the names of those in it, sorted, at least one.
	JSAPIs []string
	Access Access
	// Shared are the developer workspaces that see it, sorted; nil means all. The
	// tenant itself sees all.
	Shared []id.Workspace
	// Retired features are attached no more; where they are attached they stay.
	Retired   bool
	CreatedAt time.Time
	UpdatedAt time.Time
}

var (
	// ErrNotFound is the error for a feature that does not exist, or that is not
	// shared with the caller's workspace.
	ErrNotFound = fault.Define(fault.ErrNotFound, "feature.not_found", "no such feature")
	// ErrJSAPINotFound is the error for a JSAPI that does not exist, or that the
	// caller may not know of.
	ErrJSAPINotFound = fault.Define(fault.ErrNotFound, "feature.jsapi_not_found", "no such JSAPI")
	// ErrNameTaken is the error for a name that another feature, or another JSAPI,
	// of the tenant has.
	ErrNameTaken = fault.Define(fault.ErrExists, "feature.name_taken", "another one in the tenant's catalogue has this name: choose another")
)
