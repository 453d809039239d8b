// Package storage joins what the domains need of a store into one port.
//
// Most programs never import it: they open a store (packages memory, sqlite, postgres, mysql)
// and give it to superapp.New. It is for those who write a store of their own,
// or who handle a store's errors. A store of your own embeds [UnimplementedTx],
// so that the port may grow, and proves itself with package storagetest.
//
// # What a store promises
//
// An Update first locks the workspaces of its scope, in a statement of its
// own, and reads after that; the lock ends with the unit. What a unit wrote it
// reads. A unit that fails leaves nothing. Its function may run more than once.
// A write may report its error as late as from the commit. A View sees one
// state, whatever is committed meanwhile. Values go in and come out as copies.
// Ids are never zero and compare byte by byte, times are UTC microseconds (S5),
// and a Filter is honoured exactly (S4).
//
// Queries: nil means any, a list that is not nil selects what is in it, and Limit
// is at least 1. A unit whose context ends before its function returns is rolled
// back. A method that is given the id of nothing answers the not-found error of
// its package, or an empty list.
package storage

import (
	"context"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/role"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// A Reader reads everything.
type Reader interface {
	role.Reader
	qrcode.Reader
	signin.Reader
	delivery.Reader
	// Contents reads a workspace and what ends with it, together;
	// workspace.ErrNotFound if there is none.
	Contents(ctx context.Context, w id.Workspace) (Contents, error)
}

// Contents is a workspace and all that ends with it.
type Contents struct {
	Workspace workspace.Workspace
	// Activity decides whether it may be removed.
	Activity workspace.Activity
	// MiniPrograms are those that are not archived, Members the open records:
	// invited, active, inactive. Both are in the order of their ids.
	MiniPrograms []miniprogram.MiniProgram
	Members      []member.Member
	// Links are those that may still be used or renewed: neither used up nor
	// revoked, in the order of their ids.
	Links []member.Link
	// Requests are those in review that belong to it, in the order of their ids.
	Requests []approval.Request
	// Versions are those of MiniPrograms that are under review, approved, in pilot
	// testing, in grayscale, released or offline, in the order of their ids.
	Versions []miniprogram.Version
	// Own and Above are what it and its tenant set.
	Own, Above workspace.Settings
}

// A Tx is an open unit of work.
type Tx interface {
	Reader
	role.Tx
	qrcode.Tx
	signin.Tx
	delivery.Tx
	// Nest runs fn as a unit within this one: it locks the scope as well, and
	// if fn fails only what it did is rolled back. It is not rerun alone.
	Nest(ctx context.Context, s unit.Scope, fn func(context.Context, Tx) error) error

	// mustEmbedUnimplementedTx lets the port grow: see [UnimplementedTx].
	mustEmbedUnimplementedTx()
}

// A Store keeps a platform's data. All methods are safe for concurrent use.
// A context that is done ends a call with its error. Facts, View and Update
// refuse with [ErrNested] to run inside a unit of the same store: they would
// wait for it, or not see what it wrote.
type Store interface {
	// Facts answers a query by one consistent statement, outside any unit.
	rbac.Store
	unit.Store[Reader, Tx]
}

// Bound reports whether a store is bound to a transaction of the host's, or to an open
// unit: what is stored through it stands or falls with that. Such a store says so by a
// method Bound() bool; those of this module do.
func Bound(s Store) bool {
	b, ok := s.(interface{ Bound() bool })
	return ok && b.Bound()
}

// Within returns a Store over an open unit: its Updates nest in tx, its Views
// see what tx wrote. It is valid until the unit ends.
func Within(tx Tx) Store { return within{tx} }

type within struct{ tx Tx }

func (within) Bound() bool { return true }

func (w within) Facts(ctx context.Context, q rbac.Query) (rbac.Facts, error) {
	return w.tx.Facts(ctx, q)
}

func (w within) View(ctx context.Context, fn func(context.Context, Reader) error) error {
	return fn(ctx, w.tx)
}

func (w within) Update(ctx context.Context, s unit.Scope, fn func(context.Context, Tx) error) error {
	return w.tx.Nest(ctx, s, fn)
}

// What can be wrong with a store.
var (
	// ErrClosed: the store was closed.
	ErrClosed = fault.Define(fault.ErrUnavailable, "storage.closed", "the store is closed")
	// ErrNested: a unit was started inside a unit of the same store.
	ErrNested = fault.Define(fault.ErrState, "storage.nested",
		"a unit of this store is open in this context: use the platform or transaction that the unit was given")
	// ErrScope: a unit appended an event to a workspace outside its scope, which
	// it had not locked. It is a mistake of the caller's program.
	ErrScope = fault.Define(fault.ErrState, "storage.scope",
		"the unit changes a workspace outside its scope: name the workspace in the scope of the Update")
	// ErrExists: an object with this id is stored already. What the rules make
	// unique has errors of its own: member.ErrPresent, miniprogram.ErrNameTaken.
	ErrExists = fault.Define(fault.ErrExists, "storage.exists", "an object with this id is stored already")
	// ErrSequence: an event does not follow the head of its workspace's trail.
	ErrSequence = fault.Define(fault.ErrConflict, "storage.sequence", "the event does not follow the head of the trail: read the head again")
	// ErrEnded: a transaction or snapshot was used after its unit ended.
	ErrEnded = fault.Define(fault.ErrState, "storage.ended", "the unit has ended: do not keep its transaction")
	// ErrSchemaMissing: the tables are not there, or not all of them.
	ErrSchemaMissing = fault.Define(fault.ErrUnavailable, "storage.schema_missing", "the schema is missing or old: call Migrate")
	// ErrSchemaNewer: the tables are of a later version of the library.
	ErrSchemaNewer = fault.Define(fault.ErrUnavailable, "storage.schema_newer",
		"the schema is newer than this version of the library: upgrade the library")
	// ErrMigrating: another process is migrating the same database.
	ErrMigrating = fault.Define(fault.ErrConflict, "storage.migrating", "another process is migrating this database: try again")
	// ErrBusy: the unit lost against others until its deadline.
	ErrBusy = fault.Define(fault.ErrConflict, "storage.busy", "the unit lost against others until its deadline: try again")
	// ErrTxLost: the database has ended the host's transaction that the store is
	// bound to, and with it all that the host wrote there. What came after it
	// would stand for good, so the host rolls back at once, without another
	// statement; it may then run its whole transaction again.
	ErrTxLost = fault.Define(fault.ErrConflict, "storage.tx_lost",
		"the database has ended the transaction: roll it back at once, then run it again as a whole")
	// ErrOutcomeUnknown: the connection broke during the commit. The unit is
	// stored as a whole or not at all, and it was not run again.
	ErrOutcomeUnknown = fault.Define(fault.ErrUnavailable, "storage.outcome_unknown",
		"it is not known whether the unit was committed: look before trying again")
	// ErrUnsupported: the store does not implement a method of the port.
	ErrUnsupported = fault.Define(fault.ErrUnavailable, "storage.unsupported", "this store does not support the operation: upgrade it")
	// ErrUnreachable: no connection to the database could be made, or it broke
	// before the unit was committed. Nothing was stored.
	ErrUnreachable = fault.Define(fault.ErrUnavailable, "storage.unreachable",
		"the database cannot be reached: check its address, its name and the login, and that it is up")
	// ErrReadOnly: the database takes no writes; it may be a replica.
	ErrReadOnly = fault.Define(fault.ErrUnavailable, "storage.read_only", "the database takes no writes: connect to the primary")
	// ErrForbidden: the database user lacks a right, such as to create tables.
	ErrForbidden = fault.Define(fault.ErrUnavailable, "storage.forbidden", "the database user lacks a right: grant it, or connect as another user")
	// ErrFull: the database has no room left. Nothing was stored.
	ErrFull = fault.Define(fault.ErrUnavailable, "storage.full", "the database has no room left: free some")
	// ErrFailed: the database failed; the cause is logged, not shown.
	ErrFailed = fault.Define(fault.ErrUnavailable, "storage.failed", "the database failed")
)
