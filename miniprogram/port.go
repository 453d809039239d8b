package miniprogram

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/feature"
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
	feature.Reader
	// MiniProgram returns one; [ErrNotFound] if there is none.
	MiniProgram(ctx context.Context, p id.MiniProgram) (MiniProgram, error)
	// MiniPrograms returns those of the query, each once.
	MiniPrograms(ctx context.Context, q Query) ([]Hit, error)
	// NameTaken reports whether a mini program of the tenant that is not
	// archived has this folded name in this language.
	NameTaken(ctx context.Context, tenant id.Workspace, language, key string) (bool, error)
	// Dossier reads a mini program with all that rules about it depend on, in as few
	// round trips as the engine can; [ErrNotFound] or [ErrVersionNotFound] if there
	// is none.
	Dossier(ctx context.Context, s Subject) (Dossier, error)
	// Logo returns the bytes of a mini program's logo; nil if it has none.
	Logo(ctx context.Context, p id.MiniProgram) ([]byte, error)
	// Versions returns those of the query.
	Versions(ctx context.Context, q VersionQuery) ([]Version, error)
	// Team returns the active and blocked members who have a team role on the
	// mini program, in the order of their member ids.
	Team(ctx context.Context, p id.MiniProgram, after id.Member, limit int) ([]TeamMember, error)
	// Teammate returns what decides about a member's place on the team of a mini
	// program; its Member is zero if there is no active or blocked member with
	// this id.
	Teammate(ctx context.Context, p id.MiniProgram, m id.Member) (Teammate, error)
	// Eligible returns the active members of a workspace who have one of the roles,
	// in the order of their ids, with the role that each has on the team of the mini
	// program.
	Eligible(ctx context.Context, q EligibleQuery) ([]TeamMember, error)
}

// A Subject is for stores: it names a mini program by itself, or by one of its
// versions. One of the two is set.
type Subject struct {
	MiniProgram id.MiniProgram
	Version     id.Version
	// Feature is one that is to be read as well, attached or not; zero for none.
	Feature id.Feature
}

// A Dossier is for stores: a mini program with all that rules about it depend
// on.
type Dossier struct {
	MiniProgram MiniProgram
	Profile     Profile
	// Information is what is said of it, by language tag.
	Information []Information
	// Features are those attached to it, in the order of their ids.
	Features []Attached
	// Live are its versions that are under review, approved, in pilot testing,
	// in grayscale, released or offline, in the order of their ids.
	Live []Version
	// Version is that of the [Subject]; its ID is zero if it names none.
	Version Version
	// Feature is that of the [Subject], whatever tenant has it; its ID is zero if
	// the subject names none, or there is none.
	Feature feature.Feature
	// Requests are those about it that are in review, and those for its removal
	// that were approved, in the order of their ids.
	Requests []approval.Request
}

// An Attached is a feature that a mini program has (F2).
type Attached struct {
	feature.Feature
	AttachedAt time.Time
}

// A VersionQuery is for stores: it selects versions of a mini program, in the
// order of their ids.
type VersionQuery struct {
	MiniProgram id.MiniProgram
	// Statuses selects versions with one of these; nil means any.
	Statuses []VersionStatus
	// After is the id of the last one not wanted, Limit the greatest number.
	After id.Version
	Limit int
}

// A Teammate is for stores: what decides about somebody's place on a team.
type Teammate struct {
	// TeamMember is the member; its Role is "" if he is not on the team.
	TeamMember
	// Workspace is the one that he is a member of.
	Workspace id.Workspace
	// Admins counts the mini program admins on the team, blocked ones included.
	Admins int
	// Archived says that the mini program was removed.
	Archived bool
}

// An EligibleQuery is for stores: see [Reader].
type EligibleQuery struct {
	Workspace   id.Workspace
	MiniProgram id.MiniProgram
	Roles       []rbac.Role
	// After is the id of the last one not wanted, Limit the greatest number.
	After id.Member
	Limit int
}

// A Tx is for stores: it changes mini programs.
type Tx interface {
	Reader
	feature.Tx
	// InsertMiniProgram stores a new mini program and the terms, each once, under
	// which its names are found. The service stores its [Information] as well.
	InsertMiniProgram(ctx context.Context, p MiniProgram, terms []string) error
	// InsertDefaultQRCode stores the default QR code of a new mini program (Q1).
	InsertDefaultQRCode(ctx context.Context, p MiniProgram, c id.QRCode) error
	// UpdateMiniProgram replaces a stored mini program, and its terms unless they
	// are nil; whatever is given, its ID, Workspace, Tenant, Type, Creator and
	// CreatedAt stay. The names of an archived one are free from then on.
	UpdateMiniProgram(ctx context.Context, p MiniProgram, terms []string) error
	// PutProfile stores the profile of a mini program.
	PutProfile(ctx context.Context, p id.MiniProgram, f Profile) error
	// PutInformation stores what is said of a mini program in a language, or
	// replaces it. [ErrNameTaken] if another mini program of the tenant has the name
	// in the language; the error may come as late as from the commit.
	PutInformation(ctx context.Context, p MiniProgram, i Information) error
	// DeleteInformation deletes what is said in a language, if anything is.
	DeleteInformation(ctx context.Context, p id.MiniProgram, language string) error
	// PutLogo stores the bytes of a logo; nil deletes it.
	PutLogo(ctx context.Context, p id.MiniProgram, data []byte) error
	// Attach gives a mini program a feature, if it has not got it.
	Attach(ctx context.Context, p id.MiniProgram, f id.Feature, at time.Time) error
	// Detach takes a feature from a mini program, if it has it.
	Detach(ctx context.Context, p id.MiniProgram, f id.Feature) error
	// InsertVersion stores a new version. The service notes its time and number in
	// the mini program as well.
	InsertVersion(ctx context.Context, v Version) error
	// UpdateVersion stores the Status, Notes, Digest and Progress of a version;
	// whatever else is given stays.
	UpdateVersion(ctx context.Context, v Version) error
	// PutHeld gives a member a mini program, or replaces how he holds it.
	PutHeld(ctx context.Context, m id.Member, h rbac.HeldProgram) error
	// DeleteHeld takes a mini program from a member, if he holds it.
	DeleteHeld(ctx context.Context, m id.Member, p id.MiniProgram) error
}

// A Store is what the service needs.
type Store = unit.Store[Reader, Tx]
