package superapp_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/unit"
)

// TestVerbsLeaveNothing fails every call that a verb makes of the store, one
// after the other: each time the verb answers the error and leaves no trace.
func TestVerbsLeaveNothing(t *testing.T) {
	t.Parallel()
	for name, v := range verbs {
		if len(v.events) == 0 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n := 1; ; n++ {
				k := verbKit(t, superapptest.Options{NoRerun: true})
				var before []string
				calls := 0
				p := k.Over(storagetest.Spy(k.Store, func(storagetest.Call) error {
					if calls++; calls == 1 {
						before = stored(t, k.Store) // what the call's own preparations left included
					}
					if calls == n {
						return storagetest.ErrInjected
					}
					return nil
				}))
				err := v.call(t.Context(), k, p)
				if calls < n {
					require.NoError(t, err)
					require.NotEqual(t, before, stored(t, k.Store))
					require.Greater(t, n, 5, "a verb that changes something makes more calls")
					return
				}
				require.ErrorIs(t, err, storagetest.ErrInjected, "call %d", n)
				require.ErrorIs(t, err, fault.ErrUnavailable, "call %d", n)
				if !inSteps[name] {
					require.Equal(t, before, stored(t, k.Store), "call %d", n)
				}
				verifyAll(t, k)
			}
		})
	}
}

// TestReadersAnswerTheError: a verb that reads answers what the store does.
func TestReadersAnswerTheError(t *testing.T) {
	t.Parallel()
	for name, v := range verbs {
		if len(v.events) > 0 || v.call == nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n := 1; ; n++ {
				k := verbKit(t, superapptest.Options{NoRerun: true})
				calls := 0
				p := k.Over(storagetest.Spy(k.Store, func(storagetest.Call) error {
					if calls++; calls == n {
						return storagetest.ErrInjected
					}
					return nil
				}))
				err := v.call(t.Context(), k, p)
				if calls < n {
					require.NoError(t, err)
					require.Greater(t, n, 1, "it asks the store")
					return
				}
				require.ErrorIs(t, err, storagetest.ErrInjected, "call %d", n)
			}
		})
	}
}

// TestClosedStore: every verb says that the store is closed.
func TestClosedStore(t *testing.T) {
	t.Parallel()
	for name, open := range testkit.Stores() {
		closed := open(t)
		require.NoError(t, closed.(interface{ Close() error }).Close())
		_, err := superapp.New(closed, nil)
		require.NoError(t, err, "New asks nothing of the store")
		for method, v := range verbs {
			if v.call == nil {
				continue
			}
			t.Run(name+"/"+method, func(t *testing.T) {
				t.Parallel()
				k := verbKit(t, superapptest.Options{})
				err := v.call(t.Context(), k, k.Over(closed))
				require.ErrorIs(t, err, storage.ErrClosed)
				require.Equal(t, 503, fault.HTTPStatus(err))
			})
		}
	}
}

// TestCancelledContext: every verb ends with the context's error, and leaves
// nothing.
func TestCancelledContext(t *testing.T) {
	t.Parallel()
	for name, open := range testkit.Stores() {
		for method, v := range verbs {
			if v.call == nil {
				continue
			}
			t.Run(name+"/"+method, func(t *testing.T) {
				t.Parallel()
				k := verbKit(t, superapptest.Options{Store: open(t), NoRerun: true})
				done, cancel := context.WithCancel(t.Context())
				cancel()
				var before []string
				p := k.Over(cancelled{k.Store, done, func() { before = stored(t, k.Store) }})
				require.ErrorIs(t, v.call(t.Context(), k, p), context.Canceled)
				require.Equal(t, before, stored(t, k.Store))
			})
		}
	}
}

// cancelled is a store whose calls get a context that is done.
type cancelled struct {
	storage.Store
	done   context.Context
	before func()
}

func (c cancelled) Facts(_ context.Context, q rbac.Query) (rbac.Facts, error) {
	c.before()
	return c.Store.Facts(c.done, q)
}

func (c cancelled) View(_ context.Context, fn func(context.Context, storage.Reader) error) error {
	c.before()
	return c.Store.View(c.done, fn)
}

func (c cancelled) Update(_ context.Context, s unit.Scope, fn func(context.Context, storage.Tx) error) error {
	c.before()
	return c.Store.Update(c.done, s, fn)
}
