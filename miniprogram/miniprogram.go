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
	Stages        Stages
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// Stages are the versions of a mini program that users get (V5).
type Stages struct {
	// Candidate is the version in pilot testing or grayscale, zero for none.
	Candidate id.Version
	// Percent is the share of the users who get Candidate: 0 in pilot testing, when
	// only testers do, and 1 to 99 in grayscale.
	Percent int
	// Full is the version that everybody else gets, zero for none. While the mini
	// program is offline it is the one that is to come back.
	Full id.Version
}

// A VersionStatus is the status of a version (V2).
type VersionStatus string

// The statuses of a version.
const (
	// VersionNew: uploaded, and nothing more.
	VersionNew VersionStatus = "new"
	// UnderReview: its release was submitted for approval.
	UnderReview VersionStatus = "under_review"
	// VersionApproved: it may be released.
	VersionApproved VersionStatus = "approved"
	// VersionRejected: its release was refused.
	VersionRejected VersionStatus = "rejected"
	// PilotTesting: testers get it.
	PilotTesting VersionStatus = "pilot_testing"
	// Grayscale: testers and a share of the users get it.
	Grayscale VersionStatus = "grayscale"
	// Released: everybody gets it, but for those who get the one in grayscale.
	Released VersionStatus = "released"
	// Canceled: its release was ended before it was complete.
	Canceled VersionStatus = "canceled"
	// Superseded: a later one was released.
	Superseded VersionStatus = "superseded"
	// VersionOffline: it was released, and the mini program was taken offline.
	VersionOffline VersionStatus = "offline"
	// RolledBack: it was released, and an earlier one was brought back.
	RolledBack VersionStatus = "rolled_back"
)

// A Version is an uploaded version of a mini program, as it is stored (V1). It
// never changes but for its status, notes and progress.
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
	// Digest is that of everything that was reviewed (V3): zero until it is
	// submitted.
	Digest [32]byte
	// Progress is what became of it since it was uploaded, oldest first (V7).
	Progress []Step
}

// A Step is one of the steps of a version's progress.
type Step struct {
	// Status is what it came to.
	Status VersionStatus `json:"status"`
	// Percent is the share of users who get it from then on, in grayscale only.
	Percent int `json:"percent,omitempty"`
	// At is when it did, UTC.
	At time.Time `json:"at"`
	// By is who brought it there; "" if the platform operator did.
	By id.Account `json:"by,omitempty"`
	// Reason is what he wrote.
	Reason string `json:"reason,omitempty"`
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

// ErrVersionNotFound is the error for a version that does not exist, or that the
// caller may not know of.
var ErrVersionNotFound = fault.Define(fault.ErrNotFound, "miniprogram.version_not_found", "no such version")

// ErrNameTaken is the error for a name that another mini program of the tenant
// has in the same language.
var ErrNameTaken = fault.Define(fault.ErrExists, "miniprogram.name_taken",
	"another mini program of the tenant has this name in this language: choose another")
