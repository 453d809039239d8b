package miniprogram_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// approved uploads a version whose release is approved.
func approved(t *testing.T, k *superapptest.Kit, number string, jsapis ...string) id.Version {
	t.Helper()
	v := testkit.Upload(t, k, k.Shop, number, jsapis...)
	testkit.Approve(t, k.Platform, v)
	return v
}

// TestLaunchRefusals: one candidate at a time, a share that grows, numbers that
// grow (V5).
func TestLaunchRefusals(t *testing.T) {
	t.Parallel()
	k := ready(t)
	ctx, boss, programs := t.Context(), k.As(rbac.DeveloperAdmin), k.MiniPrograms
	low := approved(t, k, "0.9.0")
	full := testkit.Release(t, k, k.Shop, "1.0.0")
	first, second := approved(t, k, "1.1.0"), approved(t, k, "1.2.0")

	var lower *miniprogram.LowerError
	_, err := programs.Release(ctx, boss, low)
	require.ErrorAs(t, err, &lower)
	_, err = programs.CancelRelease(ctx, boss, low, "never mind")
	require.NoError(t, err, "there is a way out")

	for _, percent := range []int{-1, 0, 100, 101} {
		_, err = programs.Grayscale(ctx, boss, first, percent)
		require.Equal(t, []string{"percent not_allowed"}, problems(t, err))
	}
	_, err = programs.Grayscale(ctx, boss, first, 10)
	require.NoError(t, err)
	var percent *miniprogram.PercentError
	for _, less := range []int{9, 10} {
		_, err = programs.Grayscale(ctx, boss, first, less)
		require.ErrorAs(t, err, &percent)
		require.Equal(t, miniprogram.PercentError{Percent: 10, Wanted: less}, *percent)
		require.Equal(t, miniprogram.Stages{Candidate: first, Percent: 10, Full: full}, program(t, k, k.Shop).Stages)
	}
	require.ErrorContains(t, err, "it is 10 %, wanted 10 %")
	_, err = programs.Pilot(ctx, boss, first)
	require.ErrorIs(t, err, miniprogram.ErrMove)

	var other *miniprogram.OtherVersionError
	for _, launch := range []func() error{
		func() error { _, err := programs.Pilot(ctx, boss, second); return err },
		func() error { _, err := programs.Grayscale(ctx, boss, second, 50); return err },
		func() error { _, err := programs.Release(ctx, boss, second); return err },
	} {
		require.ErrorAs(t, launch(), &other)
		require.Equal(t, miniprogram.OtherVersionError{Version: first, Number: "1.1.0", Status: miniprogram.Grayscale}, *other)
	}
	require.ErrorContains(t, other, "version 1.1.0 is grayscale: release it or cancel its release first")

	_, err = programs.CancelRelease(ctx, boss, first, strings.Repeat("x", 501))
	require.Equal(t, []string{"reason too_long"}, problems(t, err))
	_, err = programs.CancelRelease(ctx, boss, first, strings.Repeat("x", 500))
	require.NoError(t, err)
	_, err = programs.CancelRelease(ctx, boss, first, "")
	require.ErrorIs(t, err, miniprogram.ErrMove, "the second time")
	_, err = programs.CancelRelease(ctx, boss, full, "")
	require.ErrorIs(t, err, miniprogram.ErrMove, "never after full release")
	_, err = programs.Release(ctx, boss, second)
	require.NoError(t, err)
	_, err = programs.Release(ctx, boss, second)
	require.ErrorIs(t, err, miniprogram.ErrMove, "the second time")
	_, err = programs.Release(ctx, k.As(rbac.Developer), first)
	require.ErrorIs(t, err, fault.ErrDenied)
	_, err = programs.Release(ctx, k.As(rbac.WorkspaceAdmin), first)
	require.ErrorIs(t, err, fault.ErrDenied, "a tenant's admin releases no merchant's version")
	_, err = programs.Release(ctx, rbac.User("acc-stranger"), first)
	require.ErrorIs(t, err, miniprogram.ErrVersionNotFound)
}

func TestRollBackRefusals(t *testing.T) {
	t.Parallel()
	k := ready(t)
	ctx, boss, programs := t.Context(), k.As(rbac.DeveloperAdmin), k.MiniPrograms
	attach(t, k, "my.scan")
	first := testkit.Release(t, k, k.Shop, "1.0.0", "my.scan")
	never := approved(t, k, "1.1.0")
	_, err := programs.Grayscale(ctx, boss, never, 99)
	require.NoError(t, err)
	_, err = programs.CancelRelease(ctx, boss, never, "")
	require.NoError(t, err)
	second := testkit.Release(t, k, k.Shop, "1.2.0")
	roll := func(v id.Version) error {
		_, err := programs.RollBack(ctx, boss, v, "")
		return err
	}
	require.ErrorIs(t, roll(never), miniprogram.ErrNeverReleased, "not even to 100 percent")
	require.ErrorIs(t, roll(testkit.Upload(t, k, k.Shop, "1.3.0")), miniprogram.ErrNeverReleased)
	require.ErrorIs(t, roll(second), miniprogram.ErrMove, "it is the released one")

	next := approved(t, k, "1.4.0")
	_, err = programs.Pilot(ctx, boss, next)
	require.NoError(t, err)
	var other *miniprogram.OtherVersionError
	require.ErrorAs(t, roll(first), &other)
	require.Equal(t, next, other.Version)
	_, err = programs.CancelRelease(ctx, boss, next, "")
	require.NoError(t, err)

	detach(t, k)
	var missing *miniprogram.IncompleteError
	require.ErrorAs(t, roll(first), &missing)
	require.Equal(t, miniprogram.IncompleteError{Uncovered: []string{"my.scan"}}, *missing)
	attach(t, k, "my.scan")
	_, err = programs.TakeOffline(ctx, boss, k.Shop, "a leak")
	require.NoError(t, err)
	require.ErrorIs(t, roll(first), miniprogram.ErrOffline)
	attach(t, k, "my.pay", "my.scan")
	_, err = programs.BringBack(ctx, boss, k.Shop)
	require.ErrorIs(t, err, miniprogram.ErrChanged, "a feature was edited since")
	testkit.Approve(t, k.Platform, second)
	_, err = programs.BringBack(ctx, boss, k.Shop)
	require.ErrorIs(t, err, miniprogram.ErrNothingBack, "what is reviewed anew does not just come back")
	_, err = programs.Release(ctx, boss, second)
	require.NoError(t, err)
	require.NoError(t, roll(first))
	require.Equal(t, miniprogram.Stages{Full: first}, program(t, k, k.Shop).Stages)
}

func TestOfflineRefusals(t *testing.T) {
	t.Parallel()
	k := ready(t)
	ctx, boss, programs := t.Context(), k.As(rbac.DeveloperAdmin), k.MiniPrograms
	off := func(by rbac.Actor, reason string) error {
		_, err := programs.TakeOffline(ctx, by, k.Shop, reason)
		return err
	}
	back := func(by rbac.Actor) error { _, err := programs.BringBack(ctx, by, k.Shop); return err }
	require.ErrorIs(t, off(boss, "why"), miniprogram.ErrNotPublished)
	require.ErrorIs(t, back(boss), miniprogram.ErrNotOffline)
	testkit.Release(t, k, k.Shop, "1.0.0")
	require.ErrorIs(t, back(boss), miniprogram.ErrNotOffline)
	require.Equal(t, []string{"reason required"}, problems(t, off(boss, " ")))
	require.Equal(t, []string{"reason too_long"}, problems(t, off(boss, strings.Repeat("x", 501))))
	require.ErrorIs(t, off(k.As(rbac.Developer), "why"), fault.ErrDenied)
	require.ErrorIs(t, off(rbac.User("acc-stranger"), "why"), miniprogram.ErrNotFound)
	require.NoError(t, off(boss, "why"))
	require.ErrorIs(t, off(boss, "why"), miniprogram.ErrNotPublished, "the second time")
	_, err := programs.UploadVersion(ctx, boss, upload(k.Shop, "1.1.0"))
	require.NoError(t, err, "work goes on")

	require.NoError(t, k.Workspaces.SetStatus(ctx, superapptest.System, k.Tenant, workspace.Pending, "moved"))
	require.ErrorIs(t, back(boss), miniprogram.ErrUnverified)
	require.ErrorIs(t, back(superapptest.System), miniprogram.ErrUnverified, "the rules of state bind the operator too")
	require.NoError(t, k.Workspaces.SetStatus(ctx, superapptest.System, k.Tenant, workspace.Verified, ""))
	require.ErrorIs(t, back(k.As(rbac.Developer)), fault.ErrDenied)
	require.NoError(t, back(boss))
	require.ErrorIs(t, back(boss), miniprogram.ErrNotOffline, "the second time")
}

// TestRetire: what is in flight ends with its mini program (X1, W4).
func TestRetire(t *testing.T) {
	t.Parallel()
	k := ready(t)
	ctx := t.Context()
	testkit.Release(t, k, k.Shop, "1.0.0")
	gray := approved(t, k, "1.1.0")
	_, err := k.MiniPrograms.Grayscale(ctx, superapptest.System, gray, 5)
	require.NoError(t, err)
	waiting := approved(t, k, "1.2.0")
	reviewed := testkit.Upload(t, k, k.Shop, "1.3.0")
	r, err := k.MiniPrograms.Submit(ctx, superapptest.System, reviewed, "")
	require.NoError(t, err)
	full := program(t, k, k.Shop).Stages.Full

	retire(t, k)
	for v, want := range map[id.Version]miniprogram.VersionStatus{
		full: miniprogram.VersionOffline, gray: miniprogram.Canceled, waiting: miniprogram.Canceled, reviewed: miniprogram.VersionNew,
	} {
		require.Equal(t, want, status(t, k, v))
		d, err := k.MiniPrograms.Version(ctx, superapptest.System, v)
		require.NoError(t, err)
		require.Empty(t, d.Moves, "nothing is open in a mini program that was removed")
		require.False(t, d.NotesOpen)
	}
	require.Equal(t, miniprogram.Archived, program(t, k, k.Shop).Status)
	require.Equal(t, miniprogram.Stages{Full: full}, program(t, k, k.Shop).Stages)
	ended, err := k.Approvals.Get(ctx, superapptest.System, r.ID)
	require.NoError(t, err)
	require.Equal(t, approval.Withdrawn, ended.Status)
	release, err := k.MiniPrograms.ReleaseOf(ctx, superapptest.System, k.Shop)
	require.NoError(t, err)
	require.Equal(t, miniprogram.Release{MiniProgram: k.Shop}, release)
	for name, err := range map[string]error{
		"pilot":    second(k.MiniPrograms.Pilot(ctx, superapptest.System, waiting)),
		"roll":     second(k.MiniPrograms.RollBack(ctx, superapptest.System, full, "")),
		"offline":  second(k.MiniPrograms.TakeOffline(ctx, superapptest.System, k.Shop, "why")),
		"back":     second(k.MiniPrograms.BringBack(ctx, superapptest.System, k.Shop)),
		"cancel":   second(k.MiniPrograms.CancelRelease(ctx, superapptest.System, waiting, "")),
		"notes":    second(k.MiniPrograms.EditNotes(ctx, superapptest.System, waiting, nil)),
		"upload":   second(k.MiniPrograms.UploadVersion(ctx, superapptest.System, upload(k.Shop, "2.0.0"))),
		"the same": retireErr(t, k),
	} {
		require.ErrorIs(t, err, miniprogram.ErrArchived, name)
	}
}

func second[T any](_ T, err error) error { return err }

func retire(t *testing.T, k *superapptest.Kit) {
	t.Helper()
	require.NoError(t, retireErr(t, k))
}

// retireErr retires the merchant's mini program.
func retireErr(t *testing.T, k *superapptest.Kit) error {
	t.Helper()
	return k.Store.Update(t.Context(), unit.Scope{Workspaces: []id.Workspace{k.Merchant}}, func(ctx context.Context, tx storage.Tx) error {
		d, err := tx.Dossier(ctx, miniprogram.Subject{MiniProgram: k.Shop})
		if err != nil {
			return err
		}
		return miniprogram.Retire(ctx, tx, superapptest.System, d, "closed", k.Clock.Now())
	})
}

// TestOneWinner: of what is done at once to versions of a mini program, one is
// done (V3, V5).
func TestOneWinner(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		testkit.Complete(t, k, k.Shop)
		ctx, boss := t.Context(), k.As(rbac.DeveloperAdmin)
		versions := []id.Version{testkit.Upload(t, k, k.Shop, "1.0.0"), testkit.Upload(t, k, k.Shop, "1.1.0")}
		errs := atOnce(8, func(i int) error {
			_, err := k.MiniPrograms.Submit(ctx, boss, versions[i%2], "")
			return err
		})
		require.Equal(t, 1, winners(t, errs, fault.ErrState), "submit")

		for _, v := range versions {
			if status(t, k, v) == miniprogram.UnderReview {
				r, err := k.MiniPrograms.Version(ctx, boss, v)
				require.NoError(t, err)
				_, err = k.Approvals.Withdraw(ctx, boss, r.Requests[0].ID, "")
				require.NoError(t, err)
			}
		}
		for _, v := range versions {
			testkit.Approve(t, k.Platform, v)
		}
		errs = atOnce(8, func(i int) error {
			_, err := k.MiniPrograms.Pilot(ctx, boss, versions[i%2])
			return err
		})
		require.Equal(t, 1, winners(t, errs, fault.ErrState), "pilot")
		candidate := program(t, k, k.Shop).Stages.Candidate
		errs = atOnce(8, func(i int) error {
			if i%2 == 0 {
				return second(k.MiniPrograms.Release(ctx, boss, candidate))
			}
			return second(k.MiniPrograms.CancelRelease(ctx, boss, candidate, ""))
		})
		require.Equal(t, 1, winners(t, errs, fault.ErrState), "release or cancel")
	})
}

// TestLaunchNeedsJSAPIs: once testers have a version, what is reviewed may
// change, but not to where the version cannot work.
func TestLaunchNeedsJSAPIs(t *testing.T) {
	t.Parallel()
	k := ready(t)
	ctx, boss, programs := t.Context(), k.As(rbac.DeveloperAdmin), k.MiniPrograms
	attach(t, k, "my.pay", "my.scan")
	v := approved(t, k, "1.0.0", "my.scan")
	_, err := programs.Pilot(ctx, boss, v)
	require.NoError(t, err)
	attach(t, k, "my.pay")
	var missing *miniprogram.IncompleteError
	_, err = programs.Grayscale(ctx, boss, v, 10)
	require.ErrorAs(t, err, &missing)
	require.Equal(t, miniprogram.IncompleteError{Uncovered: []string{"my.scan"}}, *missing)
	_, err = programs.Release(ctx, boss, v)
	require.ErrorAs(t, err, &missing)
	attach(t, k, "my.scan")
	_, err = programs.Grayscale(ctx, boss, v, 10)
	require.NoError(t, err)
}
