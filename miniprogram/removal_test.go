package miniprogram_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// TestRemove: asked for, approved, removed, with all effects at once (X1).
func TestRemove(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		ctx, admin := t.Context(), k.As(rbac.DeveloperAdmin)
		_, err := k.MiniPrograms.Remove(ctx, admin, k.Shop, "")
		require.ErrorIs(t, err, miniprogram.ErrRemovalNotApproved)
		require.Contains(t, err.Error(), "request it first")

		r, err := k.MiniPrograms.RequestRemoval(ctx, admin, k.Shop, " closed ")
		require.NoError(t, err)
		require.Equal(t, approval.Request{
			ID: r.ID, Kind: approval.Removal, Status: approval.InReview, Workspace: k.Merchant, Tenant: k.Tenant, MiniProgram: k.Shop,
			Object: rbac.OnMiniProgram(k.Shop), Submitter: superapptest.Account(rbac.DeveloperAdmin), Reason: "closed",
			Frozen: r.Frozen, Digest: r.Digest, SubmittedAt: superapptest.Start,
		}, r)
		require.JSONEq(t, `{"mini_program":"`+k.Shop.String()+`","name":"Coffee Shop"}`, string(r.Frozen))
		_, err = k.MiniPrograms.RequestRemoval(ctx, admin, k.Shop, "closed")
		require.ErrorIs(t, err, approval.ErrOpen)
		_, err = k.MiniPrograms.Remove(ctx, admin, k.Shop, "")
		var missing *miniprogram.RemovalError
		require.ErrorAs(t, err, &missing)
		require.Equal(t, r.ID, missing.Request)
		require.Contains(t, err.Error(), "in review")

		decide(t, k, r.ID, false, nil)
		_, err = k.MiniPrograms.Remove(ctx, admin, k.Shop, "")
		require.ErrorIs(t, err, miniprogram.ErrRemovalNotApproved, "rejected")

		r, err = k.MiniPrograms.RequestRemoval(ctx, admin, k.Shop, "closed for good")
		require.NoError(t, err)
		decide(t, k, r.ID, true, nil)
		require.NotEqual(t, miniprogram.Archived, program(t, k, k.Shop).Status, "approval alone removes nothing")
		_, err = k.MiniPrograms.RequestRemoval(ctx, admin, k.Shop, "again")
		require.ErrorIs(t, err, miniprogram.ErrRemovalApproved)

		released, flying, open := inFlight(t, k)
		k.Clock.Advance(time.Hour)
		removed, err := k.MiniPrograms.Remove(ctx, k.As(rbac.WorkspaceAdmin), k.Shop, "as approved")
		require.NoError(t, err)
		require.Equal(t, program(t, k, k.Shop), removed)
		requireRemoved(t, k, released, flying, open)

		_, err = k.MiniPrograms.Remove(ctx, admin, k.Shop, "")
		require.ErrorIs(t, err, miniprogram.ErrArchived)
		_, err = k.MiniPrograms.RequestRemoval(ctx, admin, k.Shop, "again")
		require.ErrorIs(t, err, miniprogram.ErrArchived)
		_, err = k.MiniPrograms.ForceRemove(ctx, superapptest.System, k.Shop, "again")
		require.ErrorIs(t, err, miniprogram.ErrArchived)
		require.Equal(t, k.Clock.Now(), program(t, k, k.Shop).UpdatedAt, "what is refused changes nothing")
	})
}

// inFlight gives the merchant's mini program a released version, one in pilot
// testing, and a request for a feature.
func inFlight(t *testing.T, k *superapptest.Kit) (released, flying id.Version, open id.Request) {
	t.Helper()
	testkit.Complete(t, k, k.Shop)
	released = testkit.Release(t, k, k.Shop, "1.0.0")
	flying = testkit.Upload(t, k, k.Shop, "1.1.0")
	testkit.Approve(t, k.Platform, flying)
	_, err := k.MiniPrograms.Pilot(t.Context(), superapptest.System, flying)
	require.NoError(t, err)
	f := define(t, k, k.Tenant, feature.Activation, nil, "Payment", "my.pay")
	a, err := k.MiniPrograms.AttachFeature(t.Context(), k.As(rbac.DeveloperAdmin), k.Shop, f.ID, "")
	require.NoError(t, err)
	require.Equal(t, miniprogram.Published, program(t, k, k.Shop).Status)
	return released, flying, a.Request.ID
}

// requireRemoved holds the mini program to all effects of a removal.
func requireRemoved(t *testing.T, k *superapptest.Kit, released, flying id.Version, open id.Request) {
	t.Helper()
	ctx, admin := t.Context(), k.As(rbac.DeveloperAdmin)
	p := program(t, k, k.Shop)
	require.Equal(t, miniprogram.Archived, p.Status)
	require.Equal(t, k.Clock.Now(), p.UpdatedAt)
	require.Equal(t, miniprogram.VersionOffline, status(t, k, released))
	require.Equal(t, miniprogram.Canceled, status(t, k, flying))
	r, err := k.Approvals.Get(ctx, admin, open)
	require.NoError(t, err)
	require.Equal(t, approval.Withdrawn, r.Status)
	found := list(t, k, 10, admin, miniprogram.Filter{Statuses: []miniprogram.Status{miniprogram.Archived}})
	require.Len(t, found, 1)
	_, err = k.QRCodes.Define(ctx, admin, qrcode.Define{MiniProgram: k.Shop, Name: "Table 1"})
	require.ErrorIs(t, err, miniprogram.ErrArchived)
	_, err = k.MiniPrograms.UploadVersion(ctx, admin, upload(k.Shop, "2.0.0"))
	require.ErrorIs(t, err, miniprogram.ErrArchived)
	_, err = k.MiniPrograms.AttachFeature(ctx, admin, k.Shop, id.Feature{UUID: id.UUID{15: 1}}, "")
	require.ErrorIs(t, err, miniprogram.ErrArchived)
	require.ErrorIs(t, k.MiniPrograms.DetachFeature(ctx, admin, k.Shop, id.Feature{UUID: id.UUID{15: 1}}), miniprogram.ErrArchived)
	require.ErrorIs(t, k.MiniPrograms.Warn(ctx, superapptest.System, k.Shop, "late"), miniprogram.ErrArchived)
	versions, err := k.MiniPrograms.Versions(ctx, admin, miniprogram.VersionFilter{MiniProgram: k.Shop}, page.Request{})
	require.NoError(t, err)
	require.Len(t, versions.Items, 2, "nothing is purged")
	again := create(t, k, k.Merchant, "coffee SHOP") // its name is free
	require.NotEqual(t, k.Shop, again.ID)
}

// TestForceRemove: the tenant removes at once, with the same effects (X2).
func TestForceRemove(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		released, flying, open := inFlight(t, k)
		code, err := k.QRCodes.Define(t.Context(), k.As(rbac.DeveloperAdmin), qrcode.Define{MiniProgram: k.Shop, Name: "Table 1"})
		require.NoError(t, err)
		require.True(t, code.Working)
		k.Clock.Advance(time.Hour)
		for actor, want := range map[rbac.Role]error{
			rbac.DeveloperAdmin: rbac.ErrDenied, rbac.WorkspaceReviewer: rbac.ErrDenied,
		} {
			_, err := k.MiniPrograms.ForceRemove(t.Context(), k.As(actor), k.Shop, "fraud")
			require.ErrorIs(t, err, want)
		}
		_, err = k.MiniPrograms.ForceRemove(t.Context(), k.As(rbac.MiniProgramInspector), k.Shop, " ")
		require.Equal(t, []string{"reason required"}, problems(t, err))
		require.Equal(t, miniprogram.Published, program(t, k, k.Shop).Status)

		removed, err := k.MiniPrograms.ForceRemove(t.Context(), k.As(rbac.MiniProgramInspector), k.Shop, "fraud")
		require.NoError(t, err)
		require.Equal(t, miniprogram.Archived, removed.Status)
		requireRemoved(t, k, released, flying, open)
		code, err = k.QRCodes.Get(t.Context(), k.As(rbac.DeveloperAdmin), code.ID)
		require.NoError(t, err)
		require.False(t, code.Working)
		codes, err := k.QRCodes.List(t.Context(), k.As(rbac.DeveloperAdmin), qrcode.Filter{MiniProgram: k.Shop}, page.Request{})
		require.NoError(t, err)
		require.Len(t, codes.Items, 2)
		require.True(t, codes.Items[0].Default)
		require.False(t, codes.Items[0].Working)
		require.Equal(t, code, codes.Items[1])
		notices, err := k.MiniPrograms.Notices(t.Context(), k.As(rbac.DeveloperAdmin), k.Shop, page.Request{})
		require.NoError(t, err)
		require.Equal(t, []miniprogram.Notice{{
			Verb: miniprogram.EventForceRemoved, Reason: "fraud", At: k.Clock.Now(), By: superapptest.Account(rbac.MiniProgramInspector),
		}}, notices.Items)
	})
}

// TestRemovalOfAnother: a request is void once the mini program has another name,
// and not if it merely went offline.
func TestRemovalOfAnother(t *testing.T) {
	t.Parallel()
	k := ready(t)
	testkit.Release(t, k, k.Shop, "1.0.0")
	ctx, admin := t.Context(), k.As(rbac.DeveloperAdmin)
	r, err := k.MiniPrograms.RequestRemoval(ctx, admin, k.Shop, "closed")
	require.NoError(t, err)
	_, err = k.MiniPrograms.SetInformation(ctx, admin, k.Shop, miniprogram.Information{
		Language: "en", Name: "Tea House", Tagline: "Tea of all kinds", Description: strings.Repeat("Tea. ", 10), Keywords: []string{"tea"},
	})
	require.NoError(t, err)
	ended, err := k.Approvals.Get(ctx, admin, r.ID)
	require.NoError(t, err)
	require.Equal(t, approval.Void, ended.Status, "at once")
	decide(t, k, r.ID, true, approval.ErrState)
	_, err = k.MiniPrograms.Remove(ctx, admin, k.Shop, "")
	require.ErrorIs(t, err, miniprogram.ErrRemovalNotApproved)

	r, err = k.MiniPrograms.RequestRemoval(ctx, admin, k.Shop, "closed")
	require.NoError(t, err)
	_, err = k.MiniPrograms.TakeOffline(ctx, admin, k.Shop, "closed")
	require.NoError(t, err)
	decide(t, k, r.ID, true, nil)
	_, err = k.MiniPrograms.Remove(ctx, admin, k.Shop, "")
	require.NoError(t, err)
}

func TestRemovalRefused(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		openTenant(t, k, "other")
		for _, c := range []struct {
			name    string
			actor   rbac.Actor
			program id.MiniProgram
			reason  string
			want    error
		}{
			{"no such mini program", superapptest.System, nobodys, "closed", miniprogram.ErrNotFound},
			{"another tenant's", rbac.User("acc-other"), k.Shop, "closed", miniprogram.ErrNotFound},
			{"by a developer", k.As(rbac.Developer), k.Shop, "closed", rbac.ErrDenied},
			{"too long a reason", superapptest.System, k.Shop, strings.Repeat("a", 501), fault.ErrInvalid},
		} {
			before := len(trail(t, k, k.Merchant))
			for verb, call := range map[string]func() error{
				"request": func() error { return failed(k.MiniPrograms.RequestRemoval(t.Context(), c.actor, c.program, c.reason)) },
				"remove":  func() error { return failed(k.MiniPrograms.Remove(t.Context(), c.actor, c.program, c.reason)) },
				"force":   func() error { return failed(k.MiniPrograms.ForceRemove(t.Context(), c.actor, c.program, c.reason)) },
				"warn":    func() error { return k.MiniPrograms.Warn(t.Context(), c.actor, c.program, c.reason) },
				"rectify": func() error {
					return k.MiniPrograms.RequireRectification(t.Context(), c.actor, c.program, c.reason, k.Clock.Now().Add(time.Hour))
				},
			} {
				require.ErrorIs(t, call(), c.want, "%s: %s", verb, c.name)
			}
			require.Len(t, trail(t, k, k.Merchant), before, c.name)
		}
		_, err := k.MiniPrograms.RequestRemoval(t.Context(), superapptest.System, k.Shop, "")
		require.Equal(t, []string{"reason required"}, problems(t, err))
		_, err = k.MiniPrograms.Notices(t.Context(), rbac.User("acc-other"), k.Shop, page.Request{})
		require.ErrorIs(t, err, miniprogram.ErrNotFound)
	})
}

func failed[T any](_ T, err error) error { return err }

// TestNotices: what a tenant told the makers, in order and in pages (X2).
func TestNotices(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		ctx, due := t.Context(), superapptest.Start.Add(48*time.Hour)
		require.NoError(t, k.MiniPrograms.Warn(ctx, k.As(rbac.MiniProgramInspector), k.Shop, "it crashes"))
		k.Clock.Advance(time.Hour)
		require.NoError(t, k.MiniPrograms.RequireRectification(ctx, superapptest.System, k.Shop, "it still does", due.Add(time.Nanosecond)))
		require.NoError(t, k.MiniPrograms.Warn(ctx, k.As(rbac.WorkspaceAdmin), k.App, "another one"))
		want := []miniprogram.Notice{
			{Verb: miniprogram.EventWarned, Reason: "it crashes", At: superapptest.Start, By: superapptest.Account(rbac.MiniProgramInspector)},
			{Verb: miniprogram.EventRectificationRequired, Reason: "it still does", Due: due, At: k.Clock.Now()},
		}
		for size := 1; size < 4; size++ {
			require.Equal(t, want, testkit.Pages(t, size, func(req page.Request) (page.Page[miniprogram.Notice], error) {
				return k.MiniPrograms.Notices(ctx, k.As(rbac.Developer), k.Shop, req)
			}))
		}
		for _, late := range []time.Time{{}, k.Clock.Now(), k.Clock.Now().Add(-time.Hour), time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)} {
			err := k.MiniPrograms.RequireRectification(ctx, superapptest.System, k.Shop, "", late)
			require.Equal(t, []string{"reason required", "due not_allowed"}, problems(t, err))
		}
		first, err := k.MiniPrograms.Notices(ctx, superapptest.System, k.Shop, page.Request{Size: 1})
		require.NoError(t, err)
		_, err = k.MiniPrograms.Notices(ctx, superapptest.System, k.App, page.Request{After: first.Next})
		require.ErrorIs(t, err, page.ErrCursor)
	})
}

// TestGuardSeesPublished: a developer workspace with a published mini program is
// not removed, and is once that was (W4).
func TestGuardSeesPublished(t *testing.T) {
	t.Parallel()
	k := ready(t)
	testkit.Release(t, k, k.Shop, "1.0.0")
	k.Clock.Advance(31 * 24 * time.Hour)
	err := k.RemoveDeveloper(t.Context(), k.As(rbac.WorkspaceAdmin), k.Merchant, "closed")
	var guarded *workspace.RemovalError
	require.ErrorAs(t, err, &guarded)
	require.Equal(t, []string{"Coffee Shop"}, guarded.Published)
	require.Zero(t, guarded.Until)
	_, err = k.MiniPrograms.ForceRemove(t.Context(), k.As(rbac.WorkspaceAdmin), k.Shop, "closed")
	require.NoError(t, err)
	require.NoError(t, k.RemoveDeveloper(t.Context(), k.As(rbac.WorkspaceAdmin), k.Merchant, "closed"))
}

// TestOneRemoves: of many who remove a mini program at once, or ask for it, one
// does.
func TestOneRemoves(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		var asked approval.Request
		one(t, approval.ErrOpen, func() error {
			r, err := k.MiniPrograms.RequestRemoval(t.Context(), k.As(rbac.DeveloperAdmin), k.Shop, "closed")
			if err == nil {
				asked = r
			}
			return err
		})
		decide(t, k, asked.ID, true, nil)
		calls := make(chan int, 12)
		one(t, miniprogram.ErrArchived, func() error {
			calls <- 0
			if len(calls)%2 == 0 {
				return failed(k.MiniPrograms.ForceRemove(t.Context(), superapptest.System, k.Shop, "fraud"))
			}
			return failed(k.MiniPrograms.Remove(t.Context(), k.As(rbac.DeveloperAdmin), k.Shop, ""))
		})
		var archived int
		for _, e := range trail(t, k, k.Merchant) {
			if e.Verb == miniprogram.EventArchived {
				archived++
			}
		}
		require.Equal(t, 1, archived)
	})
}
