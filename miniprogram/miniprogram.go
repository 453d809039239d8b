// Package miniprogram holds mini programs: the apps inside the super app, each
// owned by one workspace, with its uploaded versions and its team.
package miniprogram

import (
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// A Type is the technology of a mini program; it never changes (P1).
type Type string

// The types.
const (
	// DSL is the native kind.
	DSL Type = "dsl"
	// H5 is a web page in the super app's web view.
	H5 Type = "h5"
)

// A Status is the status of a mini program (P7).
type Status string

// The statuses.
const (
	InDevelopment Status = "in_development"
	// Published: a version is in grayscale or released.
	Published Status = "published"
	Offline   Status = "offline"
	// Archived: removed. Its name is free again, its records stay.
	Archived Status = "archived"
)

// A MiniProgram is one mini program as it is stored.
type MiniProgram struct {
	ID id.MiniProgram
	// Workspace owns it, Tenant is that workspace's tenant.
	Workspace, Tenant id.Workspace
	Type              Type
	// Language is the default language, a canonical BCP 47 tag.
	Language string
	// Name is the name in the default language, NameKey its folded form:
	// unique per tenant and language among those not archived (P7).
	Name, NameKey string
	Status        Status
	// Creator created it; "" if the platform operator did.
	Creator id.Account
	// LatestVersion is the number of the version uploaded last, "" for none;
	// UploadedAt is when that was.
	LatestVersion string
	UploadedAt    time.Time
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// A VersionStatus is the status of a version (V2).
type VersionStatus string

// VersionNew is the status of a version that was only uploaded.
const VersionNew VersionStatus = "new"

// A Version is an uploaded version of a mini program, as it is stored (V1). It
// never changes but for its status.
type Version struct {
	ID                id.Version
	MiniProgram       id.MiniProgram
	Workspace, Tenant id.Workspace
	// Number is a semantic version without a leading v, such as "1.4.0".
	Number string
	Status VersionStatus
	// Package says where the uploaded package is.
	Package Package
	// JSAPIs are the callables of the super app that it uses, sorted.
	JSAPIs []string
	// Notes are the release notes by language tag.
	Notes map[string]string
	// Uploader uploaded it; "" if the platform operator did.
	Uploader   id.Account
	UploadedAt time.Time
}

// A Package is the uploaded code of a version. The host keeps it; the library
// keeps what identifies it.
type Package struct {
	// Reference is the host's opaque name for it, at most 512 bytes.
	Reference string
	// Size is in bytes.
	Size int64
	// SHA256 is the hash of its content.
	SHA256 [32]byte
}

// A TeamMember is somebody on the team of a mini program (P5).
type TeamMember struct {
	Member id.Member
	// Name and WorkspaceRole are those of the member.
	Name          string
	WorkspaceRole rbac.Role
	// Role is his role on the team.
	Role rbac.Role
	// Blocked says that he is blocked in the workspace, and has no rights
	// until he is unblocked.
	Blocked bool
}

// ErrNotFound is the error for a mini program that does not exist, or that the
// caller may not know of.
var ErrNotFound = fault.Define(fault.ErrNotFound, "miniprogram.not_found", "no such mini program")

// ErrNameTaken is the error for a name that another mini program of the tenant
// has in the same language.
var ErrNameTaken = fault.Define(fault.ErrExists, "miniprogram.name_taken",
	"another mini program of the tenant has this name in this language: choose another")
