package superapp_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// A doing is a verb that was prepared.
type doing = func(context.Context, *superapp.Platform) error

// destructive are the verbs that end something, prepared, and what ends by each
// (M13).
var destructive = map[string]struct {
	ends    []audit.Verb
	prepare func(context.Context, *superapptest.Kit) (doing, error)
}{
	"block": {[]audit.Verb{member.EventBlocked}, func(_ context.Context, k *superapptest.Kit) (doing, error) {
		return func(ctx context.Context, p *superapp.Platform) error {
			_, err := p.Members.Block(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID, "left")
			return err
		}, nil
	}},
	"delete a member": {[]audit.Verb{member.EventDeleted}, func(_ context.Context, k *superapptest.Kit) (doing, error) {
		return func(ctx context.Context, p *superapp.Platform) error {
			_, err := p.Members.Delete(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID, "left")
			return err
		}, nil
	}},
	"leave": {[]audit.Verb{member.EventLeft}, func(_ context.Context, k *superapptest.Kit) (doing, error) {
		return func(ctx context.Context, p *superapp.Platform) error {
			_, err := p.Members.Leave(ctx, k.As(rbac.Developer), k.Merchant)
			return err
		}, nil
	}},
	"withdraw an invitation": {[]audit.Verb{member.EventWithdrawn}, func(_ context.Context, k *superapptest.Kit) (doing, error) {
		m, _ := k.Invite(rbac.Developer, "dee")
		return func(ctx context.Context, p *superapp.Platform) error {
			_, err := p.Members.Withdraw(ctx, k.As(rbac.DeveloperAdmin), m.ID)
			return err
		}, nil
	}},
	"revoke a link": {[]audit.Verb{member.EventLinkRevoked}, func(ctx context.Context, k *superapptest.Kit) (doing, error) {
		l, _, err := k.Links.Create(ctx, k.As(rbac.DeveloperAdmin), newLink(k))
		return func(ctx context.Context, p *superapp.Platform) error {
			_, err := p.Links.Revoke(ctx, k.As(rbac.DeveloperAdmin), l.ID)
			return err
		}, err
	}},
	"remove by force": {[]audit.Verb{miniprogram.EventArchived, miniprogram.EventForceRemoved}, func(_ context.Context, k *superapptest.Kit) (doing, error) {
		return func(ctx context.Context, p *superapp.Platform) error {
			_, err := p.MiniPrograms.ForceRemove(ctx, k.As(rbac.WorkspaceAdmin), k.Shop, "fraud")
			return err
		}, nil
	}},
	"request removal": {nil, func(_ context.Context, k *superapptest.Kit) (doing, error) {
		return func(ctx context.Context, p *superapp.Platform) error {
			_, err := p.MiniPrograms.RequestRemoval(ctx, k.As(rbac.DeveloperAdmin), k.Shop, "closed")
			return err
		}, nil
	}},
	"delete a QR code": {[]audit.Verb{qrcode.EventDeleted}, func(ctx context.Context, k *superapptest.Kit) (doing, error) {
		c, err := k.QRCodes.Define(ctx, k.As(rbac.DeveloperAdmin), qrcode.Define{MiniProgram: k.Shop, Name: "Table 7", Page: "pages/menu"})
		return func(ctx context.Context, p *superapp.Platform) error {
			_, err := p.QRCodes.Delete(ctx, k.As(rbac.DeveloperAdmin), c.ID)
			return err
		}, err
	}},
	"remove a developer workspace": {
		[]audit.Verb{miniprogram.EventArchived, member.EventDeleted, member.EventDeleted, member.EventDeleted, member.EventWithdrawn, member.EventLinkRevoked, workspace.EventRemoved},
		func(ctx context.Context, k *superapptest.Kit) (doing, error) {
			k.Invite(rbac.Developer, "dee")
			_, _, err := k.Links.Create(ctx, k.As(rbac.DeveloperAdmin), newLink(k))
			return func(ctx context.Context, p *superapp.Platform) error {
				return p.RemoveDeveloper(ctx, k.As(rbac.WorkspaceAdmin), k.Merchant, "closed its shop")
			}, err
		},
	},
	"several at once": {[]audit.Verb{member.EventDeleted, member.EventDeleted}, func(_ context.Context, k *superapptest.Kit) (doing, error) {
		return func(ctx context.Context, p *superapp.Platform) error {
			_, one := p.Members.Delete(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID, "")
			_, two := p.Members.Delete(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Operator).ID, "")
			// A verb that fails alone has no effect.
			if _, err := p.Members.Delete(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.DeveloperAdmin).ID, ""); !errors.Is(err, member.ErrSelf) {
				return errors.New("want member.ErrSelf")
			}
			return errors.Join(one, two)
		}, nil
	}},
}

func TestDryRunTellsWhatHappens(t *testing.T) {
	t.Parallel()
	for name, d := range destructive {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
				do, err := d.prepare(t.Context(), k)
				require.NoError(t, err)
				before := stored(t, k.Store)
				told, err := k.DryRun(t.Context(), do)
				require.NoError(t, err)
				k.Clock.Advance(time.Minute)
				again, err := k.DryRun(t.Context(), do)
				require.NoError(t, err)
				require.Equal(t, told.Digest, again.Digest, "neither the clock nor new ids are in it")
				require.Equal(t, before, stored(t, k.Store), "it changes nothing")
				var ends []audit.Verb
				for _, c := range told.Ends() {
					ends = append(ends, c.Verb)
				}
				require.ElementsMatch(t, d.ends, ends)

				trailBefore := trails(t, k.Store)
				require.NoError(t, k.Confirm(t.Context(), told.Digest, do))
				var happened, foretold []audit.Verb
				for w, all := range trails(t, k.Store) {
					happened = append(happened, all[len(trailBefore[w]):]...)
				}
				for _, c := range told.Changes {
					foretold = append(foretold, c.Verb)
				}
				require.ElementsMatch(t, foretold, happened, "what was told is what happened")
				verifyAll(t, k)
				require.Error(t, k.Confirm(t.Context(), told.Digest, do), "the second time")
			})
		})
	}
}

func TestConfirmRefusesWhatHasChanged(t *testing.T) {
	t.Parallel()
	remove := destructive["remove a developer workspace"]
	for name, change := range map[string]func(*testing.T, *superapptest.Kit){
		"somebody was invited": func(_ *testing.T, k *superapptest.Kit) { k.Invite(rbac.Developer, "late") },
		"somebody has another role": func(t *testing.T, k *superapptest.Kit) {
			_, err := k.Members.SetRole(t.Context(), k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID,
				member.SetRole{Role: rbac.Operator, MiniPrograms: []id.MiniProgram{k.Shop}})
			require.NoError(t, err)
		},
		"there is another mini program": func(t *testing.T, k *superapptest.Kit) {
			_, err := k.MiniPrograms.Create(t.Context(), k.As(rbac.DeveloperAdmin), newProgram(k, "Noodles"))
			require.NoError(t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
				do, err := remove.prepare(t.Context(), k)
				require.NoError(t, err)
				told, err := k.DryRun(t.Context(), do)
				require.NoError(t, err)
				change(t, k)
				before := stored(t, k.Store)
				err = k.Confirm(t.Context(), told.Digest, do)
				changed, ok := errors.AsType[*superapp.EffectsError](err)
				require.True(t, ok, "err = %v", err)
				require.ErrorIs(t, err, superapp.ErrEffects)
				require.Equal(t, before, stored(t, k.Store), "nothing was done")
				require.NotEqual(t, told.Digest, changed.Effects.Digest)
				require.NoError(t, k.Confirm(t.Context(), changed.Effects.Digest, do), "the new effects may be confirmed")
			})
		})
	}
}

// TestDigestIsOfOneThing: another object, actor or reason.
func TestDigestIsOfOneThing(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	digest := func(by rbac.Actor, m id.Member, reason string) superapp.Digest {
		e, err := k.DryRun(t.Context(), func(ctx context.Context, p *superapp.Platform) error {
			_, err := p.Members.Delete(ctx, by, m, reason)
			return err
		})
		require.NoError(t, err)
		return e.Digest
	}
	admin, one, two := k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID, k.Member(rbac.Operator).ID
	require.NotEqual(t, digest(admin, one, ""), digest(admin, two, ""))
	require.NotEqual(t, digest(admin, one, ""), digest(superapptest.System, one, ""))
	require.Equal(t, digest(admin, one, ""), digest(admin.WithRequest("r-2"), one, "left"), "the reason is given when it is confirmed")
	warn := func(m id.MiniProgram) superapp.Digest {
		e, err := k.DryRun(t.Context(), func(ctx context.Context, p *superapp.Platform) error {
			return p.MiniPrograms.Warn(ctx, k.As(rbac.WorkspaceAdmin), m, "bad words")
		})
		require.NoError(t, err)
		return e.Digest
	}
	require.NotEqual(t, warn(k.Shop), warn(k.App))
	invite := func(handle string) superapp.Digest {
		e, err := k.DryRun(t.Context(), func(ctx context.Context, p *superapp.Platform) error {
			_, _, err := p.Members.Invite(ctx, k.As(rbac.WorkspaceAdmin), newReviewer(k, handle))
			return err
		})
		require.NoError(t, err)
		return e.Digest
	}
	first := invite("nia")
	k.Clock.Advance(time.Hour)
	require.Equal(t, first, invite("nia"), "a new id and a new end of validity")
	require.NotEqual(t, first, invite("oli"))
}

func TestEffectsTellWhomAndHowMany(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	second := k.Join(rbac.DeveloperAdmin, "second")
	effects, err := k.DryRun(t.Context(), func(ctx context.Context, p *superapp.Platform) error {
		_, err := p.Members.Delete(ctx, k.As(rbac.DeveloperAdmin), second.ID, "")
		return err
	})
	require.NoError(t, err)
	require.Equal(t, []superapp.Limit{{Name: superapp.LimitAdmins, Object: rbac.OnWorkspace(k.Merchant), Before: 2, After: 1, Bound: 1}}, effects.Limits)
	require.Empty(t, effects.Told, "there is no letter of it")

	effects, err = k.DryRun(t.Context(), func(ctx context.Context, p *superapp.Platform) error {
		_, err := p.SignIn.Reset(ctx, k.As(rbac.DeveloperAdmin), second.ID, "forgot it")
		return err
	})
	require.NoError(t, err)
	require.Equal(t, []superapp.Told{{Member: second.ID, Account: second.Account, Name: second.Name, Email: second.Email}}, effects.Told)

	effects, err = k.DryRun(t.Context(), func(ctx context.Context, p *superapp.Platform) error {
		_, err := p.MiniPrograms.ForceRemove(ctx, k.As(rbac.WorkspaceAdmin), k.Shop, "fraud")
		return err
	})
	require.NoError(t, err)
	require.Len(t, effects.Told, 2, "the merchant's admins")
	require.Empty(t, effects.Limits)

	_, token, err := k.Links.Create(t.Context(), k.As(rbac.DeveloperAdmin), newLink(k))
	require.NoError(t, err)
	effects, err = k.DryRun(t.Context(), func(ctx context.Context, p *superapp.Platform) error {
		_, err := p.Links.Accept(ctx, token, superapptest.Person("nia"), "Nia")
		return err
	})
	require.NoError(t, err)
	require.Len(t, effects.Limits, 1)
	require.Equal(t, []int{0, 1, 1}, []int{effects.Limits[0].Before, effects.Limits[0].After, effects.Limits[0].Bound})
	require.Empty(t, effects.Told, "whoever comes is not told")
	_, err = k.Links.Accept(t.Context(), token, superapptest.Person("nia"), "Nia")
	require.NoError(t, err, "the dry run spent nothing")
}

func TestDryRunAnswersWhatTheVerbWould(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		last := func(ctx context.Context, p *superapp.Platform) error {
			_, err := p.Members.Block(ctx, superapptest.System, k.Member(rbac.DeveloperAdmin).ID, "")
			return err
		}
		effects, err := k.DryRun(t.Context(), last)
		require.ErrorIs(t, err, member.ErrLastAdmin)
		require.Zero(t, effects)
		require.ErrorIs(t, k.Confirm(t.Context(), "any", last), member.ErrLastAdmin)
		before := stored(t, k.Store)
		// Inside a unit of several verbs as well: the dry run ends alone.
		require.ErrorIs(t, k.Update(t.Context(), func(ctx context.Context, p *superapp.Platform) error {
			_, err := p.Members.Block(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID, "")
			require.NoError(t, err)
			effects, err = p.DryRun(ctx, func(ctx context.Context, p *superapp.Platform) error {
				_, err := p.Members.Unblock(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID)
				return err
			})
			require.NoError(t, err)
			_, err = p.Members.Block(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID, "")
			require.ErrorIs(t, err, member.ErrState, "he is blocked still")
			return errStop
		}), errStop)
		require.Equal(t, []audit.Verb{member.EventUnblocked}, []audit.Verb{effects.Changes[0].Verb})
		require.Equal(t, before, stored(t, k.Store))
	})
}
