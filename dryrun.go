package superapp

import (
	"context"
	"errors"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
)

// DryRun tells what verbs would do, and does nothing (M13). It runs fn as
// [Platform.Update] would, in a unit that is rolled back at the end: the verbs
// themselves decide, so that they cannot disagree with what is told. What fn
// returns is the answer of the verb that would be refused. fn may run more than
// once; ids and tokens that it gets are of nothing that is kept.
//
//	effects, err := p.DryRun(ctx, func(ctx context.Context, p *superapp.Platform) error {
//		_, err := p.Members.Delete(ctx, admin, dee, reason)
//		return err
//	})
func (p *Platform) DryRun(ctx context.Context, fn func(context.Context, *Platform) error, lock ...id.Workspace) (e Effects, err error) {
	errDone := errors.New("superapp: a dry run ends")
	err = p.recorded(ctx, fn, lock, func(found Effects) error {
		e = found
		return errDone
	})
	if errors.Is(err, errDone) {
		return e, nil
	}
	return Effects{}, err
}

// ErrEffects is what every [EffectsError] is.
var ErrEffects = fault.Define(fault.ErrState, "superapp.effects",
	"what would happen is no longer what was confirmed: show the new effects, and have them confirmed")

// EffectsError is the error of a [Platform.Confirm] of what is no longer so.
type EffectsError struct {
	// Effects are what would happen now.
	Effects Effects
}

// Error says what to do. It tells nothing of the effects, which hold personal
// data.
func (e *EffectsError) Error() string { return ErrEffects.Error() }

// Code returns "superapp.effects".
func (e *EffectsError) Code() string { return ErrEffects.Code() }

// Unwrap returns [ErrEffects].
func (e *EffectsError) Unwrap() error { return ErrEffects }

// Confirm runs verbs as one unit, like [Platform.Update], if their effects are
// those that somebody has confirmed: d is the digest that [Platform.DryRun] told
// for the same fn. If anything is otherwise by now (somebody else has joined, a
// role was set, a code defined), nothing is done and the error is an
// *[EffectsError] with the effects as they would be. Nothing comes in between: the
// effects are those of the unit that is committed.
//
// An error that comes of fn is returned as it is, so the second time that of a
// verb that is not to be repeated.
func (p *Platform) Confirm(ctx context.Context, d Digest, fn func(context.Context, *Platform) error, lock ...id.Workspace) error {
	return p.recorded(ctx, fn, lock, func(found Effects) error {
		if found.Digest != d {
			return &EffectsError{found}
		}
		return nil
	})
}

// recorded runs verbs as one unit, which is kept if then returns nil for its
// effects.
func (p *Platform) recorded(ctx context.Context, fn func(context.Context, *Platform) error, lock []id.Workspace, then func(Effects) error) error {
	return p.nest(ctx, unit.Scope{Workspaces: lock}, func(ctx context.Context, tx storage.Tx, within func(storage.Tx) *Platform) error {
		var r recording
		if err := fn(ctx, within(recorder{tx, &r})); err != nil {
			return err
		}
		found, err := r.effects(ctx, tx)
		if err != nil {
			return err
		}
		return then(found)
	})
}
