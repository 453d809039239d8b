package rbac

import (
	"context"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
)

// A Reader answers questions about memberships from one consistent state.
type Reader interface {
	// Facts returns everything a decision about the query depends on. An
	// object that does not exist gives Facts with Found false, not an error.
	Facts(ctx context.Context, q Query) (Facts, error)
	// Grants returns the active and blocked memberships of an account, with
	// their mini programs, in the order of their ids.
	Grants(ctx context.Context, account id.Account) ([]Grant, error)
	// OwnRoles returns the own roles of a workspace with one of the codes, nil for
	// any, in the order of their codes (M15). Those who hold one have it as the
	// Custom of their Membership and Grant.
	OwnRoles(ctx context.Context, w id.Workspace, codes []Role) ([]*Custom, error)
}

// A Store is what [Access] needs of a store: facts by one statement, outside
// any unit of work.
type Store interface {
	Facts(ctx context.Context, q Query) (Facts, error)
}

// Access answers permission questions. It is safe for concurrent use.
type Access struct {
	store  Store
	matrix *Matrix
}

// NewAccess returns the Access over a store and a matrix.
func NewAccess(store Store, matrix *Matrix) *Access {
	return &Access{store: store, matrix: matrix}
}

// Matrix returns the matrix that decides.
func (a *Access) Matrix() *Matrix { return a.matrix }

// Check returns nil if the actor may do that on the object, and a
// *[DeniedError] if not. An object that does not exist, or that is another
// tenant's, is denied with [NoMembership]; [DeniedError.Hidden] tells, for who
// wants to answer "not found" as the verbs do. It judges the right alone: what
// the state of a mini program or tenant allows beside it is the verbs' to say. Other errors are the
// store's, [ErrPermission] for a permission that the matrix does not know, and
// id.ErrAccount for the zero Actor.
func (a *Access) Check(ctx context.Context, actor Actor, p Permission, on Object) error {
	if err := a.askable(actor, p); err != nil {
		return err
	}
	// Why not by Explain: to copy the facts once more is a fifth of a check.
	f, err := a.store.Facts(ctx, Query{Account: actor.Account(), Object: on})
	if err != nil {
		return err
	}
	if !actor.within.IsZero() {
		f.bind(actor.within)
	}
	if why, _, _ := a.matrix.judge(actor.system, &f, p); why <= GrantedToSystem {
		return nil
	}
	return a.matrix.Check(actor, f, p, on)
}

// askable returns the error of a question that cannot be asked.
func (a *Access) askable(actor Actor, p Permission) error {
	switch {
	case !a.matrix.Known(p):
		return unknownNumber(p)
	case actor.account == "":
		return id.ErrAccount
	}
	return nil
}

// Explain answers like Check, with the whole decision: what granted it, or why
// not and what would have to change (R3).
func (a *Access) Explain(ctx context.Context, actor Actor, p Permission, on Object) (Decision, error) {
	if err := a.askable(actor, p); err != nil {
		return Decision{}, err
	}
	f, err := a.store.Facts(ctx, Query{Account: actor.Account(), Object: on})
	if err != nil {
		return Decision{}, err
	}
	return a.matrix.Decide(actor, f, p), nil
}

// An Ask is one question of a batch.
type Ask struct {
	Permission Permission
	Object     Object
}

// MaxBatch is the greatest number of questions in one batch.
const MaxBatch = 1000

// ErrBatch is the error for a batch with more than [MaxBatch] questions.
var ErrBatch = fault.Define(fault.ErrLimit, "rbac.batch", "at most 1000 questions in one batch: split it")

// CheckAll answers several questions, in their order. Questions about one
// object are answered from one reading of the store; it suits a page that
// decides which buttons to show, and a list of the host's own that shows what
// the caller may see. At most [MaxBatch] questions: [ErrBatch] beyond. An error means that none was answered.
func (a *Access) CheckAll(ctx context.Context, actor Actor, asks []Ask) ([]Decision, error) {
	if len(asks) > MaxBatch {
		return nil, ErrBatch
	}
	facts := make(map[Object]Facts, 1)
	decisions := make([]Decision, len(asks))
	for i, q := range asks {
		if err := a.askable(actor, q.Permission); err != nil {
			return nil, err
		}
		f, ok := facts[q.Object]
		if !ok {
			var err error
			if f, err = a.store.Facts(ctx, Query{Account: actor.Account(), Object: q.Object}); err != nil {
				return nil, err
			}
			facts[q.Object] = f
		}
		decisions[i] = a.matrix.Decide(actor, f, q.Permission)
	}
	return decisions, nil
}
