package signin_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/superapptest"
)

// A meeting is a hasher by which the first so many comparisons end at the same time.
type meeting struct {
	superapptest.Hasher
	left chan struct{}
	all  sync.WaitGroup
}

func newMeeting(n int) *meeting {
	m := &meeting{Hasher: superapptest.Hasher{Version: 1}, left: make(chan struct{}, n)}
	m.all.Add(n)
	for range n {
		m.left <- struct{}{}
	}
	return m
}

func (m *meeting) Verify(ctx context.Context, hash string, p signin.Password) (ok, stale bool, err error) {
	ok, stale, err = m.Hasher.Verify(ctx, hash, p)
	select {
	case <-m.left:
		m.all.Done()
		m.all.Wait()
	default:
	}
	return ok, stale, err
}

// on returns the kit's platform with another hasher.
func (k *kit) on(h signin.Hasher) *superapp.Platform {
	k.t.Helper()
	p, err := superapp.New(k.Store, &superapp.Options{Clock: k.Clock.Now, SignIn: &signin.Options{Hasher: h}})
	require.NoError(k.t, err)
	return p
}

// TestUpgradeAtOnce: however many come at once with the right password, each gets
// in, though one of them makes the hash anew that the others have compared.
func TestUpgradeAtOnce(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, k *kit) {
		const n = 5 // as many as may be looked at
		k.developer()
		old, h := k.hash(), newMeeting(n)
		p := k.on(h)
		errs := make([]error, n)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				_, errs[i] = p.SignIn.SignIn(t.Context(), signin.SignIn{Workspace: k.Merchant, Name: "acc-developer", Password: phrase})
			})
		}
		wg.Wait()
		for _, err := range errs {
			require.NoError(t, err)
		}
		require.NotEqual(t, old, k.hash())
		require.Zero(t, k.status().Failures)
		require.Equal(t, n+n+n-1, h.Computations(), "each compared the old one, made one, and but for the first compared the new one")
	})
}

// TestUpgradeMeanwhile: a hash that is made anew while it is compared neither keeps
// the right password from being changed nor lets a wrong one in.
func TestUpgradeMeanwhile(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, k *kit) {
		k.developer()
		h := &slow{Hasher: superapptest.Hasher{Version: 1}}
		h.meanwhile = func() error {
			h.meanwhile = nil
			_, err := k.on(&superapptest.Hasher{Version: 1}).SignIn.SignIn(t.Context(), signin.SignIn{Workspace: k.Merchant, Name: "acc-developer", Password: phrase})
			return err
		}
		_, err := k.on(h).SignIn.ChangePassword(t.Context(), signin.Change{Workspace: k.Merchant, Name: "acc-developer", Present: phrase, New: another})
		require.NoError(t, err)
		_, err = k.try(another)
		require.NoError(t, err)
	})
}

// TestUpgradeWithoutEnd: a hash that is another each time it is compared, as where
// two programs have each a first pepper of its own, is compared twice and no more.
func TestUpgradeWithoutEnd(t *testing.T) {
	t.Parallel()
	k := newKit(t, memory.New())
	k.developer()
	version, compared := byte(1), 0
	h := &slow{Hasher: superapptest.Hasher{Version: 1}}
	h.meanwhile = func() error {
		compared++
		version++
		_, err := k.on(&superapptest.Hasher{Version: version}).SignIn.SignIn(t.Context(), signin.SignIn{Workspace: k.Merchant, Name: "acc-developer", Password: phrase})
		return err
	}
	_, err := k.on(h).SignIn.SignIn(t.Context(), signin.SignIn{Workspace: k.Merchant, Name: "acc-developer", Password: phrase})
	require.ErrorIs(t, err, signin.ErrWrong)
	require.Equal(t, 2, compared)
}
