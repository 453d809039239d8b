package signin_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
)

// TestDryRunOfReset: what a reset would do is told and not done, and what was
// confirmed is what happens (M13).
func TestDryRunOfReset(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, k *kit) {
		ctx := t.Context()
		k.developer()
		before, events := k.status(), len(k.events())
		reset := func(ctx context.Context, p *superapp.Platform) error {
			_, err := p.SignIn.Reset(ctx, k.As(rbac.DeveloperAdmin), k.id(), "forgot it")
			return err
		}
		e, err := k.DryRun(ctx, reset, k.Merchant)
		require.NoError(t, err)
		require.Len(t, e.Changes, 1)
		require.Equal(t, signin.EventReset, e.Changes[0].Verb)
		require.Equal(t, rbac.OnMember(k.id()), e.Changes[0].Object)
		require.Len(t, e.Told, 1)
		require.Equal(t, k.id(), e.Told[0].Member)
		require.Equal(t, before, k.status(), "it was not done")
		require.Len(t, k.events(), events)
		_, err = k.try(phrase)
		require.NoError(t, err)

		k.Clock.Advance(time.Minute)
		require.NoError(t, k.SignIn.SetDefault(ctx, k.As(rbac.DeveloperAdmin), k.Merchant, "welcome to the corner"))
		require.ErrorIs(t, k.Confirm(ctx, e.Digest, reset, k.Merchant), superapp.ErrEffects, "it would give the default by now")
		require.NoError(t, k.SignIn.ClearDefault(ctx, k.As(rbac.DeveloperAdmin), k.Merchant))
		k.Clock.Advance(time.Minute)
		require.NoError(t, k.Confirm(ctx, e.Digest, reset, k.Merchant))
		require.True(t, k.status().MustChange)
	})
}

// TestNoUncountedTry: no password is tried where the count could be rolled back: in a
// dry run, a unit of several verbs or a transaction of the host's. A guess that
// nobody counts could be repeated for ever.
func TestNoUncountedTry(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, k *kit) {
		k.developer()
		try := func(ctx context.Context, p *superapp.Platform) error {
			_, err := p.SignIn.SignIn(ctx, signin.SignIn{Workspace: k.Merchant, Name: "acc-developer", Password: phrase})
			return err
		}
		change := func(ctx context.Context, p *superapp.Platform) error {
			_, err := p.SignIn.ChangePassword(ctx, signin.Change{Workspace: k.Merchant, Name: "acc-developer", Present: phrase, New: another})
			return err
		}
		for _, verb := range []func(context.Context, *superapp.Platform) error{try, change} {
			_, err := k.DryRun(t.Context(), verb, k.Merchant)
			require.ErrorIs(t, err, signin.ErrInUnit)
			require.ErrorIs(t, k.Confirm(t.Context(), "", verb, k.Merchant), signin.ErrInUnit)
			require.ErrorIs(t, k.Update(t.Context(), verb, k.Merchant), signin.ErrInUnit)
			require.ErrorIs(t, verb(t.Context(), k.With(k.Store)), signin.ErrInUnit)
			require.NoError(t, k.Store.Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
				p, err := superapp.New(storage.Within(tx), &superapp.Options{SignIn: &signin.Options{Hasher: k.hasher}})
				require.NoError(t, err)
				require.ErrorIs(t, verb(ctx, p), signin.ErrInUnit)
				return nil
			}))
		}
		require.NoError(t, try(t.Context(), k.Platform))
	})
}
