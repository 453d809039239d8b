package miniprogram_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/unit"
)

// scanning is a feature of the tenant's catalogue.
var scanning = id.Feature{UUID: id.UUID{15: 77}}

// attach stores a feature of these JSAPIs and gives it to the merchant's mini
// program, as a catalogue does behind its back: what is reviewed stays unlooked
// at.
func attach(t *testing.T, k *superapptest.Kit, jsapis ...string) {
	t.Helper()
	inStore(t, k, func(ctx context.Context, tx storage.Tx) error {
		f := feature.Feature{
			ID: scanning, Tenant: k.Tenant, Name: "Scanning", NameKey: "scanning", JSAPIs: jsapis, Access: feature.Direct,
			CreatedAt: k.Clock.Now(), UpdatedAt: k.Clock.Now(),
		}
		if err := tx.PutFeature(ctx, f); err != nil {
			return err
		}
		return tx.Attach(ctx, k.Shop, scanning, k.Clock.Now())
	})
}

func detach(t *testing.T, k *superapptest.Kit) {
	t.Helper()
	inStore(t, k, func(ctx context.Context, tx storage.Tx) error { return tx.Detach(ctx, k.Shop, scanning) })
}

func inStore(t *testing.T, k *superapptest.Kit, fn func(context.Context, storage.Tx) error) {
	t.Helper()
	require.NoError(t, k.Store.Update(t.Context(), unit.Scope{Workspaces: []id.Workspace{k.Tenant, k.Merchant}}, fn))
}

// TestSubmitFreezes: the request holds everything that is reviewed, and its digest
// (V3).
func TestSubmitFreezes(t *testing.T) {
	t.Parallel()
	k := ready(t)
	attach(t, k, "my.scan")
	v := testkit.Upload(t, k, k.Shop, "1.0.0", "my.scan")
	r, err := k.MiniPrograms.Submit(t.Context(), k.As(rbac.DeveloperAdmin), v, " first ")
	require.NoError(t, err)
	require.Equal(t, approval.Request{
		ID: r.ID, Kind: approval.VersionRelease, Status: approval.InReview, Workspace: k.Merchant, Tenant: k.Tenant,
		MiniProgram: k.Shop, Object: rbac.OnVersion(v), Submitter: superapptest.Account(rbac.DeveloperAdmin),
		Frozen: r.Frozen, Digest: sha256.Sum256(r.Frozen), Reason: "first", SubmittedAt: k.Clock.Now(),
	}, r)
	var frozen miniprogram.Reviewed
	require.NoError(t, json.Unmarshal(r.Frozen, &frozen))
	require.Equal(t, []miniprogram.ReviewedFeature{{Feature: scanning, Name: "Scanning", JSAPIs: []string{"my.scan"}}}, frozen.Features)
	require.Equal(t, map[string]string{"en": "Better."}, frozen.Notes)
	require.Equal(t, "Coffee Shop", frozen.Information[0].Name)
	require.NotEmpty(t, frozen.Logo)
	require.Equal(t, v, frozen.Version)
	d, err := k.MiniPrograms.Version(t.Context(), superapptest.System, v)
	require.NoError(t, err)
	require.Equal(t, r.Digest, d.Digest)
}

// TestSubmitIncomplete: all that is missing is told at once (V3).
func TestSubmitIncomplete(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	attach(t, k, "my.pay")
	u := upload(k.Shop, "1.0.0")
	u.JSAPIs = []string{"my.scan", "my.pay", "my.file"}
	u.Notes = map[string]string{"de": "Besser."}
	v, err := k.MiniPrograms.UploadVersion(t.Context(), superapptest.System, u)
	require.NoError(t, err)
	before := trail(t, k, k.Merchant)
	_, err = k.MiniPrograms.Submit(t.Context(), k.As(rbac.DeveloperAdmin), v.ID, "")
	var missing *miniprogram.IncompleteError
	require.ErrorAs(t, err, &missing)
	require.ErrorIs(t, err, miniprogram.ErrIncomplete)
	require.Equal(t, "miniprogram.version_incomplete", fault.CodeOf(err))
	require.Equal(t, "en", missing.Note)
	require.Equal(t, []string{"my.file", "my.scan"}, missing.Uncovered)
	require.Contains(t, missing.Gaps, miniprogram.Gap{Field: "logo"})
	require.Contains(t, missing.Gaps, miniprogram.Gap{Field: "tagline", Language: "en"})
	require.ErrorContains(t, err, "logo")
	require.ErrorContains(t, err, "release note in en, feature with the JSAPI my.file, feature with the JSAPI my.scan")
	require.Equal(t, before, trail(t, k, k.Merchant))
	d, err := k.MiniPrograms.Version(t.Context(), k.As(rbac.DeveloperAdmin), v.ID)
	require.NoError(t, err)
	require.Equal(t, missing.Gaps, d.Gaps)
	require.Equal(t, missing.Uncovered, d.Uncovered)
	require.Empty(t, d.Moves)

	testkit.Complete(t, k, k.Shop)
	attach(t, k, "my.file", "my.pay", "my.scan")
	_, err = k.MiniPrograms.Submit(t.Context(), superapptest.System, v.ID, "")
	require.ErrorAs(t, err, &missing)
	require.Equal(t, miniprogram.IncompleteError{Note: "en"}, *missing)
	_, err = k.MiniPrograms.EditNotes(t.Context(), superapptest.System, v.ID, map[string]string{"EN": " Better. "})
	require.NoError(t, err)
	_, err = k.MiniPrograms.Submit(t.Context(), superapptest.System, v.ID, "")
	require.NoError(t, err)
}

func TestSubmitRefusals(t *testing.T) {
	t.Parallel()
	k := ready(t)
	ctx, boss := t.Context(), k.As(rbac.DeveloperAdmin)
	skipped := testkit.Upload(t, k, k.Shop, "0.9.0")
	testkit.Release(t, k, k.Shop, "1.0.0")
	second := testkit.Upload(t, k, k.Shop, "1.1.0")
	third := testkit.Upload(t, k, k.Shop, "1.2.0")
	submit := func(v id.Version, reason string) error {
		_, err := k.MiniPrograms.Submit(ctx, boss, v, reason)
		return err
	}
	require.NoError(t, submit(second, strings.Repeat("x", 500)))

	var state *miniprogram.MoveError
	require.ErrorAs(t, submit(second, ""), &state, "the second time")
	require.Equal(t, miniprogram.MoveError{
		Move: miniprogram.MoveSubmit, Status: miniprogram.UnderReview, Open: miniprogram.OpenMoves(miniprogram.UnderReview),
	}, *state)
	require.ErrorContains(t, state, "cannot submit: the version is under_review, where one may approve, reject, withdraw")
	var other *miniprogram.OtherVersionError
	require.ErrorAs(t, submit(third, ""), &other, "one at a time")
	require.Equal(t, miniprogram.OtherVersionError{Version: second, Number: "1.1.0", Status: miniprogram.UnderReview}, *other)
	require.ErrorContains(t, other, "version 1.1.0 is under_review: wait for the decision, or withdraw the request")

	d, err := k.MiniPrograms.Version(ctx, boss, second)
	require.NoError(t, err)
	require.Equal(t, []miniprogram.Move{miniprogram.MoveWithdraw}, d.Moves)
	_, err = k.Approvals.Withdraw(ctx, boss, d.Requests[0].ID, "not yet")
	require.NoError(t, err)
	require.Equal(t, miniprogram.VersionNew, status(t, k, second))
	var lower *miniprogram.LowerError
	require.ErrorAs(t, submit(skipped, ""), &lower)
	require.Equal(t, miniprogram.LowerError{Number: "0.9.0", Full: "1.0.0"}, *lower)
	require.ErrorContains(t, lower, "version 0.9.0 is lower than 1.0.0")
	require.Equal(t, []string{"reason too_long"}, problems(t, submit(third, strings.Repeat("x", 501))))
	require.ErrorIs(t, submit(id.Version{UUID: id.UUID{15: 250}}, ""), miniprogram.ErrVersionNotFound)
	_, err = k.MiniPrograms.Submit(ctx, k.As(rbac.Developer), third, "")
	require.ErrorIs(t, err, fault.ErrDenied)
	_, err = k.MiniPrograms.Submit(ctx, rbac.User("acc-stranger"), third, "")
	require.ErrorIs(t, err, miniprogram.ErrVersionNotFound)
	testkit.SetStatus(t, k, k.Shop, miniprogram.Archived)
	require.ErrorIs(t, submit(third, ""), miniprogram.ErrArchived)
}

// TestRejected: the answer is shown, and the version may be submitted again.
func TestRejected(t *testing.T) {
	t.Parallel()
	k := ready(t)
	ctx := t.Context()
	v := testkit.Upload(t, k, k.Shop, "1.0.0")
	r, err := k.MiniPrograms.Submit(ctx, k.As(rbac.DeveloperAdmin), v, "")
	require.NoError(t, err)
	_, err = k.Approvals.Decide(ctx, k.As(rbac.WorkspaceReviewer), r.ID, approval.Decision{Reason: "the logo is another's"})
	require.NoError(t, err)
	d, err := k.MiniPrograms.Version(ctx, k.As(rbac.DeveloperAdmin), v)
	require.NoError(t, err)
	require.Equal(t, miniprogram.VersionRejected, d.Status)
	require.Equal(t, "the logo is another's", d.Requests[0].Answer)
	require.Equal(t, "the logo is another's", d.Progress[1].Reason)
	_, err = k.MiniPrograms.Submit(ctx, k.As(rbac.DeveloperAdmin), v, "once more")
	require.NoError(t, err)
	d, err = k.MiniPrograms.Version(ctx, superapptest.System, v)
	require.NoError(t, err)
	require.Len(t, d.Requests, 2)
}

// TestChangesVoid: whatever of it is changed, the request is void and the version
// new; after approval the version is new (V3, V4).
func TestChangesVoid(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(ctx context.Context, k *superapptest.Kit, v id.Version) error{
		"notes": func(ctx context.Context, k *superapptest.Kit, v id.Version) error {
			_, err := k.MiniPrograms.EditNotes(ctx, superapptest.System, v, map[string]string{"en": "Best."})
			return err
		},
		"logo": func(ctx context.Context, k *superapptest.Kit, _ id.Version) error {
			return k.MiniPrograms.DeleteLogo(ctx, superapptest.System, k.Shop)
		},
		"configuration": func(ctx context.Context, k *superapptest.Kit, _ id.Version) error {
			_, err := k.MiniPrograms.Configure(ctx, superapptest.System, k.Shop, miniprogram.Configuration{ClientID: "c-1"})
			return err
		},
		"a language": func(ctx context.Context, k *superapptest.Kit, _ id.Version) error {
			_, err := k.MiniPrograms.SetInformation(ctx, superapptest.System, k.Shop, miniprogram.Information{Language: "de", Name: "Kaffee"})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := ready(t)
			v := testkit.Upload(t, k, k.Shop, "1.0.0")
			r, err := k.MiniPrograms.Submit(t.Context(), superapptest.System, v, "")
			require.NoError(t, err)
			require.NoError(t, change(t.Context(), k, v))
			d, err := k.MiniPrograms.Version(t.Context(), superapptest.System, v)
			require.NoError(t, err)
			require.Equal(t, miniprogram.VersionNew, d.Status)
			require.Zero(t, d.Digest)
			require.Equal(t, approval.Void, d.Requests[0].Status)
			_, err = k.Approvals.Decide(t.Context(), superapptest.System, r.ID, approval.Decision{Approve: true})
			require.ErrorIs(t, err, approval.ErrState)

			k = ready(t)
			v = testkit.Upload(t, k, k.Shop, "1.0.0")
			testkit.Approve(t, k.Platform, v)
			require.NoError(t, change(t.Context(), k, v))
			require.Equal(t, miniprogram.VersionNew, status(t, k, v))
		})
	}
}

// TestTestersAreNotReviewed: they come and go during a review.
func TestTestersAreNotReviewed(t *testing.T) {
	t.Parallel()
	k := ready(t)
	v := testkit.Upload(t, k, k.Shop, "1.0.0")
	testkit.Approve(t, k.Platform, v)
	_, err := k.MiniPrograms.Configure(t.Context(), superapptest.System, k.Shop, miniprogram.Configuration{Testers: []string{"dee@people.example"}})
	require.NoError(t, err)
	require.Equal(t, miniprogram.VersionApproved, status(t, k, v))
}

// TestCatalogueVoids: a feature that was edited in the catalogue ends reviews when
// somebody goes on with them: releasing is refused, and the version is new (V3).
func TestCatalogueVoids(t *testing.T) {
	t.Parallel()
	k := ready(t)
	ctx, boss := t.Context(), k.As(rbac.DeveloperAdmin)
	attach(t, k, "my.scan")
	v := testkit.Upload(t, k, k.Shop, "1.0.0", "my.scan")
	for name, launch := range map[string]func() error{
		"pilot":     func() error { _, err := k.MiniPrograms.Pilot(ctx, boss, v); return err },
		"grayscale": func() error { _, err := k.MiniPrograms.Grayscale(ctx, boss, v, 1); return err },
		"release":   func() error { _, err := k.MiniPrograms.Release(ctx, boss, v); return err },
	} {
		attach(t, k, "my.scan")
		testkit.Approve(t, k.Platform, v)
		attach(t, k, "my.pay", "my.scan")
		d, err := k.MiniPrograms.Version(ctx, boss, v)
		require.NoError(t, err)
		require.Equal(t, miniprogram.VersionApproved, d.Status, "reading writes nothing")
		require.Equal(t, []miniprogram.Move{miniprogram.MoveSubmit}, d.Moves, "what it shows is what is open")
		require.ErrorIs(t, launch(), miniprogram.ErrChanged, name)
		require.Equal(t, miniprogram.VersionNew, status(t, k, v), name)
	}

	r, err := k.MiniPrograms.Submit(ctx, boss, v, "")
	require.NoError(t, err)
	attach(t, k, "my.scan")
	_, err = k.Approvals.Decide(ctx, superapptest.System, r.ID, approval.Decision{Approve: true})
	require.ErrorIs(t, err, approval.ErrVoid)
	require.Equal(t, miniprogram.VersionNew, status(t, k, v))

	testkit.Approve(t, k.Platform, v)
	attach(t, k, "my.pay", "my.scan")
	_, err = k.MiniPrograms.Submit(ctx, boss, v, "")
	require.NoError(t, err, "what is no longer approved may be submitted at once")
	attach(t, k, "my.scan")
	next := testkit.Upload(t, k, k.Shop, "1.1.0", "my.scan")
	_, err = k.MiniPrograms.Submit(ctx, boss, next, "")
	require.NoError(t, err, "a void review stands in nobody's way")
	require.Equal(t, miniprogram.VersionNew, status(t, k, v))
}

func TestEditNotes(t *testing.T) {
	t.Parallel()
	k := ready(t)
	ctx, boss := t.Context(), k.As(rbac.DeveloperAdmin)
	id := testkit.Upload(t, k, k.Shop, "1.0.0")
	v, err := k.MiniPrograms.EditNotes(ctx, boss, id, map[string]string{"en": " One.\nTwo. ", "ZH-hans": "一"})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"en": "One.\nTwo.", "zh-Hans": "一"}, v.Notes)
	before := trail(t, k, k.Merchant)
	again, err := k.MiniPrograms.EditNotes(ctx, boss, id, map[string]string{"zh-Hans": "一", "en": "One.\nTwo."})
	require.NoError(t, err)
	require.Equal(t, v, again)
	require.Equal(t, before, trail(t, k, k.Merchant), "the same a second time changes nothing")
	_, err = k.MiniPrograms.EditNotes(ctx, boss, id, map[string]string{"xx yy": "", "en": strings.Repeat("x", 2001)})
	require.Equal(t, []string{"notes[en] too_long", "notes[xx yy] unknown"}, problems(t, err))
	_, err = k.MiniPrograms.EditNotes(ctx, k.As(rbac.Developer), id, nil)
	require.ErrorIs(t, err, fault.ErrDenied)

	testkit.Approve(t, k.Platform, id)
	_, err = k.MiniPrograms.Pilot(ctx, boss, id)
	require.NoError(t, err)
	_, err = k.MiniPrograms.EditNotes(ctx, boss, id, nil)
	require.ErrorIs(t, err, miniprogram.ErrMove)
	require.ErrorContains(t, err, "cannot edit_notes: the version is pilot_testing")
}
