package storagetest_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/examples/mapstore"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

var anywhere unit.Scope

func space(n byte) workspace.Workspace {
	w := id.Workspace{UUID: id.UUID{n}}
	return workspace.Workspace{ID: w, Tenant: w, Kind: workspace.Tenant, Status: workspace.Verified}
}

func names(t *testing.T, s storage.Store) (ids []id.Workspace) {
	t.Helper()
	require.NoError(t, s.View(t.Context(), func(ctx context.Context, r storage.Reader) error {
		list, err := r.Workspaces(ctx, workspace.Query{Limit: 100})
		for _, w := range list {
			ids = append(ids, w.ID)
		}
		return err
	}))
	return ids
}

func TestRerun(t *testing.T) {
	t.Parallel()
	t.Run("runs a unit twice and keeps the second", func(t *testing.T) {
		t.Parallel()
		s, n := storagetest.Rerun(mapstore.New()), byte(0)
		require.NoError(t, s.Update(t.Context(), anywhere, func(ctx context.Context, tx storage.Tx) error {
			n++
			return tx.InsertWorkspace(ctx, space(n))
		}))
		require.Equal(t, []id.Workspace{space(2).ID}, names(t, s))
	})
	t.Run("runs a nested unit twice in each run", func(t *testing.T) {
		t.Parallel()
		s, n := storagetest.Rerun(mapstore.New()), byte(0)
		require.NoError(t, s.Update(t.Context(), anywhere, func(ctx context.Context, tx storage.Tx) error {
			return tx.Nest(ctx, anywhere, func(ctx context.Context, tx storage.Tx) error {
				n++
				return tx.InsertWorkspace(ctx, space(n))
			})
		}))
		require.Equal(t, []id.Workspace{space(4).ID}, names(t, s))
	})
	t.Run("returns the error of the second run", func(t *testing.T) {
		t.Parallel()
		s, first, second := storagetest.Rerun(mapstore.New()), errors.New("first"), errors.New("second")
		errs := []error{first, second}
		err := s.Update(t.Context(), anywhere, func(ctx context.Context, tx storage.Tx) (err error) {
			err, errs = errs[0], errs[1:]
			return err
		})
		require.Equal(t, second, err)
	})
	t.Run("does not insist when the store refuses", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		runs := 0
		err := storagetest.Rerun(mapstore.New()).Update(ctx, anywhere, func(context.Context, storage.Tx) error { runs++; return nil })
		require.ErrorIs(t, err, context.Canceled)
		require.Zero(t, runs)
	})
}

func TestSpy(t *testing.T) {
	t.Parallel()
	t.Run("tells of each call with the unit's end, nested ones too", func(t *testing.T) {
		t.Parallel()
		var calls []storagetest.Call
		s := storagetest.Spy(mapstore.New(), func(c storagetest.Call) error { calls = append(calls, c); return nil })
		require.NoError(t, s.Update(t.Context(), anywhere, func(ctx context.Context, tx storage.Tx) error {
			return tx.Nest(ctx, anywhere, func(ctx context.Context, tx storage.Tx) error {
				if err := tx.InsertWorkspace(ctx, space(1)); err != nil {
					return err
				}
				_, err := tx.Workspace(ctx, space(1).ID)
				return err
			})
		}))
		_, err := s.Facts(t.Context(), rbac.Query{})
		require.NoError(t, err)
		require.Equal(t, []storagetest.Call{
			{Method: "Update"}, {Method: "Nest"}, {Method: "InsertWorkspace", Write: true}, {Method: "Workspace"},
			{Method: "Commit"}, {Method: "Commit"}, {Method: "Facts"},
		}, calls)
	})
	t.Run("returns the hook's error instead of the call", func(t *testing.T) {
		t.Parallel()
		stop := errors.New("stop")
		plain := mapstore.New()
		for _, method := range []string{"Update", "InsertWorkspace", "Commit"} {
			s := storagetest.Spy(plain, func(c storagetest.Call) error {
				if c.Method == method {
					return stop
				}
				return nil
			})
			err := s.Update(t.Context(), anywhere, func(ctx context.Context, tx storage.Tx) error {
				return tx.InsertWorkspace(ctx, space(1))
			})
			require.Equal(t, stop, err, method)
			require.Empty(t, names(t, plain), method)
		}
	})
}

// TestSpyKnowsEveryMethod fails when the port grows and the spy does not.
func TestSpyKnowsEveryMethod(t *testing.T) {
	t.Parallel()
	stop := errors.New("stop")
	var seen storagetest.Call
	armed := false
	s := storagetest.Spy(mapstore.New(), func(c storagetest.Call) error {
		seen = c
		if armed {
			return stop
		}
		return nil
	})
	writes := []string{"AddScans", "AppendEvent", "Attach", "ClaimDeliveries", "DeleteDeadLetter", "DeleteDenials", "DeleteHeld", "DeleteInformation", "DeleteRole",
		"Detach", "InsertDefaultQRCode", "InsertLink", "InsertLinkToken", "InsertMember", "InsertMiniProgram", "InsertQRCode", "InsertRequest",
		"InsertRetarget", "InsertRun", "InsertRunRows", "InsertToken", "InsertVersion", "InsertWorkspace", "PutAttempts", "PutCredential",
		"PutDeadLetter", "PutDefaultPassword", "PutDenial", "PutFeature", "PutHeld", "PutInformation", "PutJSAPI", "PutLogo", "PutProfile", "PutRole", "PutSettings",
		"RedactEvent", "RegisterHandler", "RestDeliveries", "SaveDelivery", "UpdateLink", "UpdateMember", "UpdateMiniProgram", "UpdateQRCode",
		"UpdateRequest", "UpdateVersion", "UpdateWorkspace"}
	check := func(ctx context.Context, on any, of reflect.Type) {
		armed = true
		defer func() { armed = false }()
		for m := range of.Methods() {
			if !m.IsExported() {
				continue
			}
			seen = storagetest.Call{}
			out := storagetest.CallMethod(ctx, on, m)
			require.Equal(t, storagetest.Call{Method: m.Name, Write: slices.Contains(writes, m.Name)}, seen)
			require.Equal(t, stop, out, m.Name)
		}
	}
	require.NoError(t, s.Update(t.Context(), anywhere, func(ctx context.Context, tx storage.Tx) error {
		check(ctx, tx, reflect.TypeFor[storage.Tx]())
		return nil
	}))
	require.NoError(t, s.View(t.Context(), func(ctx context.Context, r storage.Reader) error {
		check(ctx, r, reflect.TypeFor[storage.Reader]())
		return nil
	}))
	check(t.Context(), s, reflect.TypeFor[storage.Store]())
}

func TestFailAt(t *testing.T) {
	t.Parallel()
	// The unit below makes four calls: Update, two inserts, Commit.
	for n := 1; n <= 5; n++ {
		plain := mapstore.New()
		err := storagetest.FailAt(plain, n).Update(t.Context(), anywhere, func(ctx context.Context, tx storage.Tx) error {
			return errors.Join(tx.InsertWorkspace(ctx, space(1)), tx.InsertWorkspace(ctx, space(2)))
		})
		if n == 5 {
			require.NoError(t, err)
			require.Len(t, names(t, plain), 2)
			continue
		}
		require.ErrorIs(t, err, storagetest.ErrInjected)
		require.Equal(t, fault.ErrUnavailable, fault.KindOf(err))
		require.Empty(t, names(t, plain))
	}
}
