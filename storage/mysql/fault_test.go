package mysql_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
)

func TestAfterItsEnd(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t, nil)
	w := tenant()
	require.NoError(t, put(t.Context(), s, w))
	var tx storage.Tx
	require.NoError(t, s.Update(t.Context(), scope(w), func(ctx context.Context, outer storage.Tx) error { tx = outer; return nil }))
	require.ErrorIs(t, tx.InsertMember(t.Context(), person(w, "u-1")), fault.ErrState)
	_, err := tx.Members(t.Context(), member.Query{Limit: 1})
	require.ErrorIs(t, err, fault.ErrState)
}

// TestRefused: what the engine refuses is told apart, and the unit goes on.
func TestRefused(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t, nil)
	w, nobody := tenant(), tenant()
	require.NoError(t, put(t.Context(), s, w, person(w, "u-1")))
	require.NoError(t, s.Update(t.Context(), scope(w), func(ctx context.Context, tx storage.Tx) error {
		require.ErrorIs(t, tx.InsertMember(ctx, person(nobody, "u-2")), fault.ErrNotFound, "it belongs to nothing")
		require.ErrorIs(t, tx.InsertMember(ctx, person(w, "u-1")), member.ErrPresent)
		require.ErrorIs(t, tx.InsertWorkspace(ctx, w), storage.ErrExists)
		long := person(w, "u-3")
		long.Role = rbac.Role(strings.Repeat("r", 65))
		require.ErrorIs(t, tx.InsertMember(ctx, long), storage.ErrFailed)
		return tx.InsertMember(ctx, person(w, "u-4"))
	}))
	f, err := s.Facts(t.Context(), rbac.Query{Account: "u-4", Object: rbac.OnWorkspace(w.ID)})
	require.NoError(t, err)
	require.False(t, f.Home.Member.IsZero())
}
