package qrcode

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// A Definition is a QR code as it is stored.
type Definition struct {
	ID                id.QRCode
	MiniProgram       id.MiniProgram
	Workspace, Tenant id.Workspace
	// Default says that it is the one for testing that a mini program has from its
	// creation on (Q1): it opens what testers get, on the first page.
	Default bool
	Name    string
	// Page is the path of the page it opens, "" for the first one.
	Page string
	// Params are the page's parameters, in their order.
	Params []Param
	// Short is the opaque id in the link of a short code, which resolves to the
	// target; "" for a direct code, whose link holds the target (Q2).
	Short string
	// Revision counts the targets that a short code has had; 1 is the first.
	Revision int
	// Creator defined it; "" if the platform operator did.
	Creator              id.Account
	CreatedAt, UpdatedAt time.Time
	// ExpiresAt is from when on a short code does not resolve; zero for never.
	ExpiresAt time.Time
	// RevokedAt is since when a short code does not resolve; zero if it does.
	RevokedAt time.Time
	// DeletedAt is since when it is deleted; zero if it is not. A deleted short code
	// does not resolve. It can be restored.
	DeletedAt time.Time
}

// A Param is a page parameter.
type Param struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// ErrNotFound is the error for a QR code that does not exist, or that the
// caller may not know of.
var ErrNotFound = fault.Define(fault.ErrNotFound, "qrcode.not_found", "no such QR code")

// A Retarget is a target that a short code had, or has.
type Retarget struct {
	// Revision is 1 for the first target.
	Revision int
	Page     string
	Params   []Param
	// By is who set it, "" for the platform operator.
	By id.Account
	At time.Time
}

// A Query is for stores: it selects codes of a mini program, in the order of
// their ids.
type Query struct {
	MiniProgram id.MiniProgram
	// Deleted selects those that are deleted, instead of the others.
	Deleted bool
	After   id.QRCode
	Limit   int
}

// A Scanned is for stores: what a short code is, to whoever scanned it.
type Scanned struct {
	Definition
	// Status is the mini program's.
	Status miniprogram.Status
	// OwnerStatus and TenantStatus are those of its workspace and tenant.
	OwnerStatus, TenantStatus rbac.WorkspaceStatus
}

// Scans is for stores: how often a code was scanned, in a slot of its counter.
type Scans struct {
	Code id.QRCode
	// Slot spreads what several processes count over rows, from 0 up to [Slots].
	Slot  int
	Count int64
}

// Slots is how many rows a counter has at most.
const Slots = 16

// A Reader is for stores: it reads QR codes.
type Reader interface {
	miniprogram.Reader
	// QRCode returns one, deleted or not; [ErrNotFound] if there is none.
	QRCode(ctx context.Context, c id.QRCode) (Definition, error)
	// QRCodes returns what the query selects, at most its limit.
	QRCodes(ctx context.Context, q Query) ([]Definition, error)
	// DefaultQRCode returns the default one of a mini program, deleted or not;
	// [ErrNotFound] if there is none.
	DefaultQRCode(ctx context.Context, p id.MiniProgram) (Definition, error)
	// ShortCode returns the one with a short id, in whatever state; [ErrNotFound] if
	// there is none.
	ShortCode(ctx context.Context, short string) (Scanned, error)
	// Retargets returns the targets of a code, the latest first, at most limit of
	// those with a revision below the given one; 0 stands for no bound.
	Retargets(ctx context.Context, c id.QRCode, below, limit int) ([]Retarget, error)
	// ScanCount returns the sum over all slots, 0 if there is none.
	ScanCount(ctx context.Context, c id.QRCode) (int64, error)
}

// A Tx is for stores: it changes QR codes.
type Tx interface {
	Reader
	miniprogram.Tx
	// InsertQRCode stores a new definition. [ErrShortTaken] if another has its short
	// id, now or at the end of the unit.
	InsertQRCode(ctx context.Context, d Definition) error
	// UpdateQRCode stores what may change of a definition: name, page, parameters,
	// revision and times. [ErrNotFound] if there is none, now or at the end of the
	// unit.
	UpdateQRCode(ctx context.Context, d Definition) error
	// InsertRetarget stores a target of a code, each revision once.
	InsertRetarget(ctx context.Context, c id.QRCode, r Retarget) error
	// AddScans adds to counters, also outside of the unit's scope. Those of a code
	// that is not there may be left out.
	AddScans(ctx context.Context, scans []Scans) error
}

// ErrShortTaken is the error for a short id that another code has: the next one
// that is drawn will do.
var ErrShortTaken = fault.Define(fault.ErrConflict, "qrcode.short_taken", "another code has this short id: try again")

// A Store is what the service needs.
type Store = unit.Store[Reader, Tx]
