package superapp

import (
	"context"
	"log/slog"
	"reflect"
	"time"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/role"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// Options configure a [Platform]. The zero value, like nil, means the defaults.
// All programs on one database want the same: a nightly job that was built with
// another matrix decides by it, and one with another validity sends by it.
type Options struct {
	// Matrix says who may do what. Default: rbac.BuiltIn().
	Matrix *rbac.Matrix
	// Clock tells the time. Default: time.Now.
	Clock func() time.Time
	// NewID makes identifiers; each call must give another. Default: id.New.
	NewID func() id.UUID
	// Logger gets denials at level debug, and denials that could not be recorded and
	// scans that could not be stored yet at level warn. Default: nothing is logged.
	Logger *slog.Logger
	// Denials switches on that every *rbac.DeniedError of a verb is recorded, for
	// Audit.Denials (E1): in a unit of its own, after that of the verb, whose error it
	// does not change. What is denied inside an Update, DryRun or Confirm is recorded
	// once that has ended, however it did. What is denied inside a transaction of the
	// host's is not, since nobody knows what becomes of that: give the error to
	// Audit.RecordDenial when it has ended. Whoever is denied something, be it to read,
	// waits for the workspace's lock, two seconds at most; what is not recorded by then
	// is only logged. Default: nothing is recorded.
	Denials *audit.DenialOptions
	// RemovalPeriod is how long after its last upload a developer workspace
	// cannot be removed, 0 meaning the default (W4); workspaces may set another.
	// Default: 30 days.
	RemovalPeriod time.Duration
	// Members configures invitations. Default: member.Options' defaults.
	Members *member.Options
	// MiniPrograms configures mini programs. Default: miniprogram.Options'
	// defaults.
	MiniPrograms *miniprogram.Options
	// QRCodes configures QR codes. Default: qrcode.Options' defaults.
	QRCodes *qrcode.Options
	// SignIn makes the platform keep members' passwords (M14). Default: it keeps
	// none, and the verbs of SignIn answer signin.ErrOff.
	SignIn *signin.Options
}

// A Platform is the management plane of a mini program platform over one store.
// It is safe for concurrent use, several may share a store, and there is nothing to
// close. Its only state are the scans of QR codes since they were stored last: what
// resolves codes and what runs QRCodes.Run is one Platform, or made of it by With.
type Platform struct {
	// Access answers permission questions.
	Access *rbac.Access
	// Workspaces answers for tenant and developer workspaces.
	Workspaces *workspace.Service
	// Members invites, changes and lists people.
	Members *member.Service
	// Roles makes, edits and lists the workspaces' own roles.
	Roles *role.Service
	// Links invites by links that are not to one person.
	Links *member.LinkService
	// Bulk invites many people at once, such as those in a file.
	Bulk *member.BulkService
	// MiniPrograms creates and lists mini programs, their versions and teams.
	MiniPrograms *miniprogram.Service
	// Features keeps the tenants' catalogues of JSAPIs and features.
	Features *feature.Service
	// QRCodes defines and reads QR codes, and resolves short ones; a host that serves
	// those starts its Run, which stores the scans.
	QRCodes *qrcode.Service
	// Approvals decides, withdraws and lists what was submitted for approval.
	Approvals *approval.Service
	// SignIn keeps members' passwords, and signs them in, if it is switched on.
	SignIn *signin.Service
	// Audit reads, exports and verifies the trail, erases people from it, and lists
	// denials.
	Audit *audit.Service
	// Delivery makes dispatchers, which deliver what happened, and answers for what
	// could not be delivered.
	Delivery *delivery.Service

	// store is what the verbs use: the bare one or, where denials are recorded, one
	// that tells denied of them, if that is not nil.
	store, bare storage.Store
	denials     bool
	denied      func(context.Context, ...*rbac.DeniedError)
	env         *unit.Env
	// defaults is what holds in workspaces that set nothing.
	defaults workspace.Settings
}

// ErrNoStore is the error for building a platform without a store.
var ErrNoStore = fault.Define(fault.ErrInvalid, "superapp.no_store", "a platform needs a store: open one, such as memory.New()")

// New returns the platform over a store. It neither reads nor writes: a store
// whose schema is missing says so at the first call. Errors: [ErrNoStore];
// *fault.InvalidError for options out of their bounds.
func New(store storage.Store, o *Options) (*Platform, error) {
	if isNil(store) {
		return nil, ErrNoStore
	}
	set := Options{}
	if o != nil {
		set = *o
	}
	if set.Matrix == nil {
		set.Matrix = rbac.BuiltIn()
	}
	if set.Clock == nil {
		set.Clock = time.Now
	}
	if set.NewID == nil {
		set.NewID = id.New
	}
	if set.Logger == nil {
		set.Logger = slog.New(slog.DiscardHandler)
	}
	var errPeriod error
	switch {
	case set.RemovalPeriod == 0:
		set.RemovalPeriod = 30 * 24 * time.Hour
	case set.RemovalPeriod < 0:
		errPeriod = fault.Invalid("removal_period", "not_allowed", "want a positive duration")
	}
	env := &unit.Env{Matrix: set.Matrix, Clock: set.Clock, NewID: set.NewID, Log: set.Logger}
	members, errMembers := member.New(nil, env, set.Members)
	programs, errPrograms := miniprogram.New(nil, env, set.MiniPrograms)
	codes, errCodes := qrcode.New(nil, env, set.QRCodes)
	passwords, errPasswords := signin.New(nil, env, set.SignIn)
	trail, errTrail := audit.New(nil, env, set.Denials)
	if err := fault.Join(errPeriod, fault.Under("members", errMembers),
		fault.Under("mini_programs", errPrograms), fault.Under("qr_codes", errCodes), fault.Under("sign_in", errPasswords),
		fault.Under("denials", errTrail)); err != nil {
		return nil, err
	}
	p := &Platform{Members: members, MiniPrograms: programs, QRCodes: codes, SignIn: passwords, Audit: trail, env: env, denials: set.Denials != nil, defaults: members.Defaults()}
	p.defaults.RemovalPeriod, p.defaults.Security = set.RemovalPeriod, passwords.Defaults()
	p.Approvals = approval.New(nil, env, p.kinds())
	return p.over(store, nil), nil
}

// isNil reports whether there is no store, or one that is a nil pointer.
func isNil(store storage.Store) bool {
	v := reflect.ValueOf(store)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

// noStore answers [ErrNoStore] to everything.
type noStore struct{}

func (noStore) Facts(context.Context, rbac.Query) (rbac.Facts, error) {
	return rbac.Facts{}, ErrNoStore
}

func (noStore) View(context.Context, func(context.Context, storage.Reader) error) error {
	return ErrNoStore
}

func (noStore) Update(context.Context, unit.Scope, func(context.Context, storage.Tx) error) error {
	return ErrNoStore
}

// A part is a store as one domain sees it.
type part[R, T any] struct {
	store  storage.Store
	reader func(storage.Reader) R
	tx     func(storage.Tx) T
}

func (p part[R, T]) View(ctx context.Context, fn func(context.Context, R) error) error {
	return p.store.View(ctx, func(ctx context.Context, r storage.Reader) error { return fn(ctx, p.reader(r)) })
}

func (p part[R, T]) Update(ctx context.Context, s unit.Scope, fn func(context.Context, T) error) error {
	return p.store.Update(ctx, s, func(ctx context.Context, tx storage.Tx) error { return fn(ctx, p.tx(tx)) })
}

// With returns the same platform over another store: above all one that is
// bound to the host's own transaction, so that the host's rows and the
// platform's are committed together or not at all:
//
//	err := p.With(store.Bind(tx)).Members.Block(ctx, admin, dee, "left the company")
//
// No password is tried there: SignIn.SignIn and ChangePassword answer
// signin.ErrInUnit, since a transaction that is rolled back would forget the try.
// For another database make another platform, by [New].
//
// Without a store every verb answers [ErrNoStore].
func (p *Platform) With(store storage.Store) *Platform {
	w := p.over(store, nil)
	w.SignIn = w.SignIn.Nested()
	return w
}

// over returns the same platform over another store; what the verbs are denied is
// told to denied, nil meaning that it is recorded in the store, unless that is bound.
func (p *Platform) over(store storage.Store, denied func(context.Context, ...*rbac.DeniedError)) *Platform {
	if isNil(store) {
		store = noStore{}
	}
	w := *p
	w.bare, w.denied = store, denied
	if denied == nil && p.denials && !storage.Bound(store) {
		w.denied = w.recordDenials
	}
	if p.denials && w.denied != nil {
		store = watched{store, w.denied}
	}
	w.store = store
	w.Access = rbac.NewAccess(w.bare, p.env.Matrix)
	w.Workspaces = workspace.New(part[workspace.Reader, workspace.Tx]{store,
		func(r storage.Reader) workspace.Reader { return r }, func(tx storage.Tx) workspace.Tx { return tx }}, p.env, p.defaults)
	w.Members = p.Members.On(part[member.Reader, member.Tx]{store,
		func(r storage.Reader) member.Reader { return r }, func(tx storage.Tx) member.Tx { return tx }})
	w.Roles = role.New(part[role.Reader, role.Tx]{store,
		func(r storage.Reader) role.Reader { return r }, func(tx storage.Tx) role.Tx { return tx }}, p.env)
	w.Links, w.Bulk = w.Members.Links(), w.Members.Bulk()
	w.MiniPrograms = p.MiniPrograms.On(part[miniprogram.Reader, miniprogram.Tx]{store,
		func(r storage.Reader) miniprogram.Reader { return r }, func(tx storage.Tx) miniprogram.Tx { return tx }})
	w.Features = feature.New(part[feature.Reader, feature.Tx]{store,
		func(r storage.Reader) feature.Reader { return r }, func(tx storage.Tx) feature.Tx { return tx }}, p.env)
	w.QRCodes = p.QRCodes.On(part[qrcode.Reader, qrcode.Tx]{store,
		func(r storage.Reader) qrcode.Reader { return r }, func(tx storage.Tx) qrcode.Tx { return tx }})
	w.SignIn = p.SignIn.On(part[signin.Reader, signin.Tx]{store,
		func(r storage.Reader) signin.Reader { return r }, func(tx storage.Tx) signin.Tx { return tx }})
	if storage.Bound(w.bare) {
		w.SignIn = w.SignIn.Nested()
	}
	w.Approvals = p.Approvals.On(part[approval.Reader, approval.Tx]{store,
		func(r storage.Reader) approval.Reader { return r }, func(tx storage.Tx) approval.Tx { return tx }})
	w.Audit = p.Audit.On(part[audit.Reader, audit.Tx]{store,
		func(r storage.Reader) audit.Reader { return r }, func(tx storage.Tx) audit.Tx { return tx }})
	w.Delivery = delivery.New(part[delivery.Reader, delivery.Tx]{store,
		func(r storage.Reader) delivery.Reader { return r }, func(tx storage.Tx) delivery.Tx { return tx }}, p.env)
	return &w
}

// Update runs several verbs as one unit: all of what fn does through the
// platform it is given is committed if fn returns nil, and nothing otherwise. A
// verb that fails alone leaves nothing of itself, and fn may go on: but for
// approval.ErrVoid and miniprogram.ErrChanged, which tell what was noted with them,
// and is lost if fn returns them. fn must use
// its own context and platform, and may run more than once: assign what it
// finds out, and send nothing from inside it, above all no token. The workspaces that
// it will change are best named beforehand: they are locked at once, in one
// order, so that units do not wait for each other in a circle.
func (p *Platform) Update(ctx context.Context, fn func(context.Context, *Platform) error, lock ...id.Workspace) error {
	return p.nest(ctx, unit.Scope{Workspaces: lock}, func(ctx context.Context, tx storage.Tx, within func(storage.Tx) *Platform) error {
		return fn(ctx, within(tx))
	})
}
