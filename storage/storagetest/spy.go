package storagetest

import (
	"context"
	"sync/atomic"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
)

// A Call is a call to a store, or to a transaction or snapshot of it.
type Call struct {
	// Method is its name, such as "InsertMember". "Commit" is the end of a unit
	// whose function succeeded, nested ones included.
	Method string
	// Write tells the methods that change a record or append an event.
	Write bool
}

// Spy returns a store that tells the hook of every call before it is made. An
// error of the hook is returned instead of the call; for "Commit" it rolls the
// unit back. The hook is called from whatever goroutine makes the call.
func Spy(s storage.Store, hook func(call Call) error) storage.Store {
	return spyStore{s, hook}
}

// ErrInjected is the error of the call that [FailAt] makes fail. Its kind is
// fault.ErrUnavailable.
var ErrInjected = fault.Define(fault.ErrUnavailable, "storagetest.injected", "the store fails here because the test wants it to")

// FailAt returns a store whose n-th call, counted from 1 as [Spy] sees them,
// answers [ErrInjected]; the calls before and after it are made. Trying n = 1,
// 2, ... until a verb succeeds shows whether it ever leaves anything half done.
func FailAt(s storage.Store, n int) storage.Store {
	var calls atomic.Int64
	return Spy(s, func(Call) error {
		if calls.Add(1) == int64(n) {
			return ErrInjected
		}
		return nil
	})
}

type spyStore struct {
	storage.Store
	hook func(Call) error
}

func (s spyStore) View(ctx context.Context, fn func(context.Context, storage.Reader) error) error {
	if err := s.hook(Call{Method: "View"}); err != nil {
		return err
	}
	return s.Store.View(ctx, func(ctx context.Context, r storage.Reader) error {
		return fn(ctx, spyReader{r, s.hook})
	})
}

func (s spyStore) Update(ctx context.Context, sc unit.Scope, fn func(context.Context, storage.Tx) error) error {
	if err := s.hook(Call{Method: "Update"}); err != nil {
		return err
	}
	return s.Store.Update(ctx, sc, spied(s.hook, fn))
}

// spied wraps the function of a unit.
func spied(hook func(Call) error, fn func(context.Context, storage.Tx) error) func(context.Context, storage.Tx) error {
	return func(ctx context.Context, tx storage.Tx) error {
		if err := fn(ctx, spyTx{spyReader{tx, hook}, below{tx}}); err != nil {
			return err
		}
		return hook(Call{Method: "Commit"})
	}
}

// ask calls the hook, and the method unless the hook objects.
func ask[T any](hook func(Call) error, method string, call func() (T, error)) (T, error) {
	if err := hook(Call{Method: method}); err != nil {
		var none T
		return none, err
	}
	return call()
}
