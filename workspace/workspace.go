// Package workspace holds the spaces of a platform: the tenant workspace of a
// wallet or super app, and under it the developer workspaces of merchants.
//
// A workspace is opened, together with its first admin, and removed by the
// platform (package superapp), because both touch members as well. Here are its
// records, its rules, and what may be asked and said of one.
package workspace

import (
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// A Kind is the kind of a workspace.
type Kind uint8

// The kinds.
const (
	// Tenant is the space of the wallet, native app or super app.
	Tenant Kind = iota + 1
	// Developer is the space of one merchant, under a tenant.
	Developer
)

var kindNames = [...]string{"", "tenant", "developer"}

// String returns "tenant" or "developer".
func (k Kind) String() string {
	if int(k) >= len(kindNames) {
		return "?"
	}
	return kindNames[k]
}

// ErrKind is the error for an unknown kind.
var ErrKind = fault.Define(fault.ErrInvalid, "workspace.kind", "unknown kind of workspace: want tenant or developer")

// ParseKind reads a kind as [Kind.String] prints it.
func ParseKind(name string) (Kind, error) {
	switch name {
	case "tenant":
		return Tenant, nil
	case "developer":
		return Developer, nil
	}
	return 0, ErrKind
}

// MarshalText returns the name of the kind.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads the name of a kind.
func (k *Kind) UnmarshalText(text []byte) (err error) {
	*k, err = ParseKind(string(text))
	return err
}

// Status is the status of a workspace (W1). Only the platform operator changes
// it.
type Status = rbac.WorkspaceStatus

// The statuses.
const (
	Pending  = rbac.Pending
	Verified = rbac.Verified
	Rejected = rbac.Rejected
	Disabled = rbac.Disabled
	Removed  = rbac.Removed
)

// A Workspace is one workspace as it is stored.
type Workspace struct {
	ID id.Workspace
	// Tenant is the tenant workspace it belongs to: itself for a tenant.
	Tenant id.Workspace
	Kind   Kind
	Name   string
	Status Status
	// Business says who stands behind it.
	Business  Business
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Business is the business information of a workspace (W1). Address, Scope and
// Email are required, and Representative or Company by the kind of workspace;
// each is one line of at most 256 characters.
type Business struct {
	// Company is the merchant's company name: developer workspaces only.
	Company string `json:"company,omitempty"`
	// Address is the business address.
	Address string `json:"address"`
	// Scope is the scope of business.
	Scope string `json:"scope"`
	// Representative is the name of the business representative: tenants only.
	Representative string `json:"representative,omitempty"`
	// Email is the representative's address for a tenant, the contact address
	// for a developer workspace; folded.
	Email string `json:"email"`
}

// A Summary is a workspace with what a list shows beside it.
type Summary struct {
	Workspace
	// MiniPrograms counts its mini programs, archived ones not.
	MiniPrograms int
}

// An Admin is an active admin of a workspace.
type Admin struct {
	Member   id.Member
	Name     string
	Email    string
	JoinedAt time.Time
}

// Activity is what decides whether a developer workspace may be removed (W4).
type Activity struct {
	// Published are the names of its published mini programs, at most 20.
	Published []string
	// LastUpload is when a version was last uploaded into it, archived mini
	// programs included; zero if never.
	LastUpload time.Time
	// LastUploadTo is the name of the mini program it went to.
	LastUploadTo string
}
