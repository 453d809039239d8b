package signin_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/superapptest"
)

// A slow hasher lets something happen before it compares.
type slow struct {
	superapptest.Hasher
	meanwhile func() error
}

func (h *slow) Verify(ctx context.Context, hash string, p signin.Password) (ok, stale bool, err error) {
	if h.meanwhile != nil {
		if err := h.meanwhile(); err != nil {
			return false, false, err
		}
	}
	return h.Hasher.Verify(ctx, hash, p)
}

// slowly returns the kit's platform with a slow hasher, by which the merchant's
// developer tries to sign in.
func (k *kit) slowly(h *slow) func(ctx context.Context, p signin.Password) error {
	k.t.Helper()
	p, err := superapp.New(k.Store, &superapp.Options{Clock: k.Clock.Now, SignIn: &signin.Options{Hasher: h}})
	require.NoError(k.t, err)
	return func(ctx context.Context, with signin.Password) error {
		_, err := p.SignIn.SignIn(ctx, signin.SignIn{Workspace: k.Merchant, Name: "acc-developer", Password: with})
		return err
	}
}

// TestMeanwhile: a right password is worth nothing if it, or the member, is no
// longer what it was when the hash is computed.
func TestMeanwhile(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]func(context.Context, *kit) error{
		"blocked": func(ctx context.Context, k *kit) error {
			_, err := k.Members.Block(ctx, k.As(rbac.DeveloperAdmin), k.id(), "")
			return err
		},
		"deleted": func(ctx context.Context, k *kit) error {
			_, err := k.Members.Delete(ctx, k.As(rbac.DeveloperAdmin), k.id(), "")
			return err
		},
		"reset": func(ctx context.Context, k *kit) error {
			_, err := k.SignIn.Reset(ctx, k.As(rbac.DeveloperAdmin), k.id(), "")
			return err
		},
		"changed": func(_ context.Context, k *kit) error {
			_, err := k.change(phrase, another)
			return err
		},
		"removed": func(ctx context.Context, k *kit) error {
			return k.RemoveDeveloper(ctx, k.As(rbac.WorkspaceAdmin), k.Merchant, "closed")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onStores(t, func(t *testing.T, k *kit) {
				k.developer()
				h := &slow{}
				signIn := k.slowly(h)
				require.NoError(t, signIn(t.Context(), phrase))
				h.meanwhile = func() error {
					h.meanwhile = nil
					return meanwhile(t.Context(), k)
				}
				require.ErrorIs(t, signIn(t.Context(), phrase), signin.ErrWrong)
			})
		})
	}
}

// TestNotLookedAt: an attempt is not counted whose hash could not be computed, or a
// busy machine would lock out who has the right password.
func TestNotLookedAt(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, k *kit) {
		k.developer()
		broken := errors.New("no memory")
		h := &slow{}
		signIn := k.slowly(h)
		for _, wrong := range []int{0, 2} {
			for range wrong {
				require.ErrorIs(t, signIn(t.Context(), "wrong"), signin.ErrWrong)
			}
			before := k.status()
			k.Clock.Advance(time.Minute)
			h.meanwhile = func() error { return broken }
			for range 6 {
				require.ErrorIs(t, signIn(t.Context(), phrase), broken)
			}
			ctx, cancel := context.WithCancel(t.Context())
			h.meanwhile = func() error { cancel(); return nil }
			require.ErrorIs(t, signIn(ctx, phrase), context.Canceled)
			h.meanwhile = nil
			before.Now = k.Clock.Now()
			require.Equal(t, before, k.status(), "it was counted, and taken back")
		}
	})
}

// TestNotLookedAtBetweenOthers: what is taken back is one's own attempt alone: no
// guess that was looked at is forgotten for one that was not.
func TestNotLookedAtBetweenOthers(t *testing.T) {
	t.Parallel()
	k := newKit(t, memory.New())
	k.developer()
	broken := errors.New("no memory")
	h := &slow{}
	signIn := k.slowly(h)
	h.meanwhile = func() error {
		k.Clock.Advance(time.Second)
		_, err := k.try("wrong")
		require.ErrorIs(t, err, signin.ErrWrong)
		return broken
	}
	require.ErrorIs(t, signIn(t.Context(), "wrong"), broken)
	require.Equal(t, 2, k.status().Failures, "more than were looked at, and never less")

	h.meanwhile = func() error {
		_, err := k.try(phrase)
		require.NoError(t, err)
		k.Clock.Advance(time.Second)
		_, err = k.try("wrong")
		require.ErrorIs(t, err, signin.ErrWrong)
		return broken
	}
	require.ErrorIs(t, signIn(t.Context(), "wrong"), broken)
	require.Equal(t, 1, k.status().Failures)
}
