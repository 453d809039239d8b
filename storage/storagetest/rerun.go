package storagetest

import (
	"context"
	"errors"

	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
)

// Rerun returns a store whose units run twice: once to be rolled back, then
// for real. What a unit leaves behind the first time, such as a list appended
// to or a secret made inside, shows; a store in memory alone would never show
// it. A nested unit does the same within each run of the unit around it. The
// result is that of the second run. Views and Facts are the store's.
func Rerun(s storage.Store) storage.Store { return rerunStore{s} }

type rerunStore struct{ storage.Store }

func (r rerunStore) Update(ctx context.Context, s unit.Scope, fn func(context.Context, storage.Tx) error) error {
	return twice(fn, func(fn func(context.Context, storage.Tx) error) error {
		return r.Store.Update(ctx, s, fn)
	})
}

type rerunTx struct{ storage.Tx }

func (r rerunTx) Nest(ctx context.Context, s unit.Scope, fn func(context.Context, storage.Tx) error) error {
	return twice(fn, func(fn func(context.Context, storage.Tx) error) error {
		return r.Tx.Nest(ctx, s, fn)
	})
}

// errRehearsal rolls the first run back.
var errRehearsal = errors.New("storagetest: this run is rolled back, the next one counts")

// twice runs fn by the given way to run a unit, rolls that back, and runs it
// again. What the store refuses to run at all is not tried again.
func twice(fn func(context.Context, storage.Tx) error, run func(func(context.Context, storage.Tx) error) error) error {
	ran := false
	err := run(func(ctx context.Context, tx storage.Tx) error {
		ran = true
		if err := fn(ctx, rerunTx{tx}); err != nil {
			return err
		}
		return errRehearsal
	})
	if !ran {
		return err
	}
	return run(func(ctx context.Context, tx storage.Tx) error { return fn(ctx, rerunTx{tx}) })
}
