package miniprogram_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// ready is a kit whose merchant's mini program is described.
func ready(t *testing.T) *superapptest.Kit {
	t.Helper()
	k := superapptest.New(t, nil)
	testkit.Complete(t, k, k.Shop)
	return k
}

// status returns the status of a version.
func status(t *testing.T, k *superapptest.Kit, v id.Version) miniprogram.VersionStatus {
	t.Helper()
	d, err := k.MiniPrograms.Version(t.Context(), superapptest.System, v)
	require.NoError(t, err)
	return d.Status
}

// program returns a mini program.
func program(t *testing.T, k *superapptest.Kit, p id.MiniProgram) miniprogram.MiniProgram {
	t.Helper()
	d, err := k.MiniPrograms.Get(t.Context(), superapptest.System, p)
	require.NoError(t, err)
	return d.MiniProgram
}

// TestLifecycle: a version's way to everybody, by those whose job it is, with its
// progress (V5, V7) and the status of its mini program (P7).
func TestLifecycle(t *testing.T) {
	t.Parallel()
	k := ready(t)
	ctx, boss, reviewer := t.Context(), k.As(rbac.DeveloperAdmin), k.As(rbac.WorkspaceReviewer)
	programs := k.MiniPrograms
	first := testkit.Upload(t, k, k.Shop, "1.0.0")
	at := func() time.Time { k.Clock.Advance(time.Hour); return k.Clock.Now() }
	var want []miniprogram.Step
	by := superapptest.Account(rbac.DeveloperAdmin)

	now := at()
	r, err := programs.Submit(ctx, boss, first, "first release")
	require.NoError(t, err)
	want = append(want, miniprogram.Step{Status: miniprogram.UnderReview, At: now, By: by, Reason: "first release"})
	now = at()
	_, err = k.Approvals.Decide(ctx, reviewer, r.ID, approval.Decision{Approve: true, Reason: "fine"})
	require.NoError(t, err)
	want = append(want, miniprogram.Step{Status: miniprogram.VersionApproved, At: now, By: superapptest.Account(rbac.WorkspaceReviewer), Reason: "fine"})
	require.Equal(t, miniprogram.InDevelopment, program(t, k, k.Shop).Status)

	now = at()
	v, err := programs.Pilot(ctx, boss, first)
	require.NoError(t, err)
	require.Equal(t, miniprogram.PilotTesting, v.Status)
	want = append(want, miniprogram.Step{Status: miniprogram.PilotTesting, At: now, By: by})
	require.Equal(t, miniprogram.Stages{Candidate: first}, program(t, k, k.Shop).Stages)
	require.Equal(t, miniprogram.InDevelopment, program(t, k, k.Shop).Status)
	for _, percent := range []int{5, 50} {
		now = at()
		_, err = programs.Grayscale(ctx, boss, first, percent)
		require.NoError(t, err)
		want = append(want, miniprogram.Step{Status: miniprogram.Grayscale, Percent: percent, At: now, By: by})
		require.Equal(t, miniprogram.Stages{Candidate: first, Percent: percent}, program(t, k, k.Shop).Stages)
		require.Equal(t, miniprogram.Published, program(t, k, k.Shop).Status)
	}
	now = at()
	v, err = programs.Release(ctx, boss, first)
	require.NoError(t, err)
	want = append(want, miniprogram.Step{Status: miniprogram.Released, At: now, By: by})
	require.Equal(t, want, v.Progress)
	require.Equal(t, miniprogram.Stages{Full: first}, program(t, k, k.Shop).Stages)

	d, err := programs.Version(ctx, boss, first)
	require.NoError(t, err)
	require.Equal(t, want, d.Progress, "what is stored is what was answered")
	require.Len(t, d.Requests, 1)
	require.Equal(t, approval.Approved, d.Requests[0].Status)
	require.Empty(t, d.Requests[0].Frozen)
	require.Equal(t, []miniprogram.Move{miniprogram.MoveTakeOffline}, d.Moves)
	require.False(t, d.NotesOpen)

	second := testkit.Release(t, k, k.Shop, "1.1.0")
	require.Equal(t, miniprogram.Superseded, status(t, k, first))
	for range 2 { // any number of times, and back
		v, err = programs.RollBack(ctx, boss, first, "it crashes")
		require.NoError(t, err)
		require.Equal(t, miniprogram.Released, v.Status)
		require.Equal(t, miniprogram.RolledBack, status(t, k, second))
		require.Equal(t, miniprogram.Stages{Full: first}, program(t, k, k.Shop).Stages)
		_, err = programs.RollBack(ctx, boss, second, "")
		require.NoError(t, err)
		require.Equal(t, miniprogram.RolledBack, status(t, k, first))
		require.Equal(t, miniprogram.Stages{Full: second}, program(t, k, k.Shop).Stages)
	}

	third := testkit.Upload(t, k, k.Shop, "1.2.0")
	testkit.Approve(t, k.Platform, third)
	_, err = programs.Grayscale(ctx, boss, third, 10)
	require.NoError(t, err)
	p, err := programs.TakeOffline(ctx, boss, k.Shop, "a leak")
	require.NoError(t, err)
	require.Equal(t, miniprogram.Offline, p.Status)
	require.Equal(t, miniprogram.Stages{Full: second}, p.Stages)
	require.Equal(t, miniprogram.VersionOffline, status(t, k, second))
	require.Equal(t, miniprogram.Canceled, status(t, k, third))
	p, err = programs.BringBack(ctx, boss, k.Shop)
	require.NoError(t, err)
	require.Equal(t, miniprogram.Published, p.Status)
	require.Equal(t, miniprogram.Released, status(t, k, second))
	testkit.Approve(t, k.Platform, third)
	_, err = programs.CancelRelease(ctx, boss, third, "no need")
	require.NoError(t, err)
	require.Equal(t, miniprogram.Published, program(t, k, k.Shop).Status)
	_, err = k.Audit.Verify(ctx, superapptest.System, k.Merchant)
	require.NoError(t, err)
}

// TestStatusFollowsGrayscale: a mini program whose only version in grayscale is
// canceled is in development again; while the full one is offline, it is offline
// again (P7).
func TestStatusFollowsGrayscale(t *testing.T) {
	t.Parallel()
	k := ready(t)
	ctx, boss := t.Context(), k.As(rbac.DeveloperAdmin)
	first := testkit.Upload(t, k, k.Shop, "1.0.0")
	testkit.Approve(t, k.Platform, first)
	_, err := k.MiniPrograms.Grayscale(ctx, boss, first, 1)
	require.NoError(t, err)
	_, err = k.MiniPrograms.CancelRelease(ctx, boss, first, "")
	require.NoError(t, err)
	require.Equal(t, miniprogram.InDevelopment, program(t, k, k.Shop).Status)

	testkit.Approve(t, k.Platform, first)
	_, err = k.MiniPrograms.Grayscale(ctx, boss, first, 1)
	require.NoError(t, err)
	_, err = k.MiniPrograms.TakeOffline(ctx, boss, k.Shop, "a leak")
	require.NoError(t, err)
	require.Equal(t, miniprogram.Offline, program(t, k, k.Shop).Status)
	_, err = k.MiniPrograms.BringBack(ctx, boss, k.Shop)
	require.ErrorIs(t, err, miniprogram.ErrNothingBack)

	testkit.Approve(t, k.Platform, first)
	_, err = k.MiniPrograms.Release(ctx, boss, first)
	require.NoError(t, err)
	_, err = k.MiniPrograms.TakeOffline(ctx, boss, k.Shop, "a leak")
	require.NoError(t, err)
	second := testkit.Upload(t, k, k.Shop, "1.1.0")
	testkit.Approve(t, k.Platform, second)
	_, err = k.MiniPrograms.Pilot(ctx, boss, second)
	require.NoError(t, err)
	require.Equal(t, miniprogram.Offline, program(t, k, k.Shop).Status, "testers may try what is to come")
	_, err = k.MiniPrograms.Grayscale(ctx, boss, second, 1)
	require.NoError(t, err)
	require.Equal(t, miniprogram.Published, program(t, k, k.Shop).Status)
	_, err = k.MiniPrograms.BringBack(ctx, boss, k.Shop)
	require.ErrorIs(t, err, miniprogram.ErrNotOffline)
	_, err = k.MiniPrograms.CancelRelease(ctx, boss, second, "")
	require.NoError(t, err)
	require.Equal(t, miniprogram.Offline, program(t, k, k.Shop).Status)
	_, err = k.MiniPrograms.BringBack(ctx, boss, k.Shop)
	require.NoError(t, err)
	require.Equal(t, miniprogram.Released, status(t, k, first))

	_, err = k.MiniPrograms.TakeOffline(ctx, boss, k.Shop, "a leak")
	require.NoError(t, err)
	testkit.Approve(t, k.Platform, first)
	testkit.Approve(t, k.Platform, second)
	_, err = k.MiniPrograms.Grayscale(ctx, boss, second, 1)
	require.NoError(t, err)
	_, err = k.MiniPrograms.CancelRelease(ctx, boss, second, "")
	require.NoError(t, err)
	require.Equal(t, miniprogram.Offline, program(t, k, k.Shop).Status, "also when the full one is reviewed anew")
	testkit.Approve(t, k.Platform, second)
	_, err = k.MiniPrograms.Release(ctx, boss, second)
	require.NoError(t, err)
	require.Equal(t, miniprogram.VersionApproved, status(t, k, first), "which another one does not supersede")
	require.Equal(t, miniprogram.Published, program(t, k, k.Shop).Status)
}
