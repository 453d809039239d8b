package superapp_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/unit"
)

// TestEveryVerbCanBeConfirmed holds every verb that changes something to M13: where
// nothing has changed since the dry run, what was confirmed is what happens, however
// much later, and with other new ids.
func TestEveryVerbCanBeConfirmed(t *testing.T) {
	t.Parallel()
	for name, v := range verbs {
		if len(v.events) == 0 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := verbKit(t, superapptest.Options{})
			switch {
			case strings.HasPrefix(name, "Delivery."):
				require.NoError(t, withLetter(func(context.Context, *superapptest.Kit, *superapp.Platform) error { return nil })(t.Context(), k, nil))
			case name == "SignIn.Unlock": // after a password that is tried, which no unit does
				_, err := k.SignIn.SignIn(t.Context(), developerSignsIn(k, "wrong"))
				require.ErrorIs(t, err, signin.ErrWrong)
			}
			do := func(ctx context.Context, p *superapp.Platform) error {
				// What leads to the verb is a part of the dry run as well.
				inside := *k
				inside.Platform, inside.Store = p, done{k.Store}
				return v.call(ctx, &inside, p)
			}
			told, err := k.DryRun(t.Context(), do)
			if name == "SignIn.ChangePassword" {
				require.ErrorIs(t, err, signin.ErrInUnit) // it tries a password as well
				return
			}
			require.NoError(t, err)
			require.NotEmpty(t, told.Changes)
			k.Clock.Advance(time.Minute)
			again, err := k.DryRun(t.Context(), do)
			require.NoError(t, err)
			require.Equal(t, told.Digest, again.Digest, "neither the clock nor new ids are in it")
			k.Clock.Advance(time.Minute)
			require.NoError(t, k.Confirm(t.Context(), told.Digest, do))
		})
	}
}

// done is a store in which what leads to a verb was done before.
type done struct{ storage.Store }

func (done) Update(context.Context, unit.Scope, func(context.Context, storage.Tx) error) error {
	return nil
}

// TestGivenTimesAreConfirmedAsTheyAre: a time that somebody chooses is no farther from
// now a minute later.
func TestGivenTimesAreConfirmedAsTheyAre(t *testing.T) {
	t.Parallel()
	due := superapptest.Start.Add(48 * time.Hour)
	for _, name := range []string{"rectification", "expiry"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := verbKit(t, superapptest.Options{})
			do := func(due time.Time) doing {
				return func(ctx context.Context, p *superapp.Platform) error {
					if name == "rectification" {
						return p.MiniPrograms.RequireRectification(ctx, k.As(rbac.WorkspaceAdmin), k.Shop, "blurred logo", due)
					}
					c, err := p.QRCodes.Define(ctx, k.As(rbac.DeveloperAdmin), qrcode.Define{MiniProgram: k.Shop, Name: "Table 1", Page: "pages/table", Short: true, ExpiresAt: due})
					if err == nil {
						_, err = p.QRCodes.SetExpiry(ctx, k.As(rbac.DeveloperAdmin), c.ID, due.Add(time.Hour))
					}
					return err
				}
			}
			told, err := k.DryRun(t.Context(), do(due))
			require.NoError(t, err)
			k.Clock.Advance(time.Minute)
			later, err := k.DryRun(t.Context(), do(due.Add(time.Minute)))
			require.NoError(t, err)
			require.NotEqual(t, told.Digest, later.Digest, "another time")
			require.NoError(t, k.Confirm(t.Context(), told.Digest, do(due)))
		})
	}
}
