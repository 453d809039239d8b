package rbac_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// worldStore answers from a world, and counts how often it was asked.
type worldStore struct {
	world  *world
	grants []rbac.Grant
	asked  int
	err    error
}

func (s *worldStore) Facts(_ context.Context, q rbac.Query) (rbac.Facts, error) {
	s.asked++
	for _, t := range s.world.targets {
		on := rbac.OnWorkspace(t.Owner)
		if !t.MiniProgram.IsZero() {
			on = rbac.OnMiniProgram(t.MiniProgram)
		}
		if on == q.Object && q.Account == "u-42" {
			return factsOf(t, q.Account, s.grants), s.err
		}
		if on == q.Object {
			return factsOf(t, q.Account, nil), s.err
		}
	}
	return rbac.Facts{}, s.err
}

func TestCheckAllEqualsCheckAndExplain(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		w := newWorld(seed, anyStatus...)
		s := &worldStore{world: w, grants: w.grants(rbac.BuiltIn())}
		access := rbac.NewAccess(s, w.matrix(t))
		objects := []rbac.Object{rbac.OnMiniProgram(id.MiniProgram{UUID: id.UUID{99}})}
		for _, target := range w.targets {
			objects = append(objects, rbac.OnWorkspace(target.Owner), rbac.OnMiniProgram(target.MiniProgram))
		}
		for _, actor := range []rbac.Actor{rbac.User("u-42"), rbac.User("u-7"), rbac.System("job")} {
			var asks []rbac.Ask
			for range 200 {
				asks = append(asks, rbac.Ask{Permission: pick(w, access.Matrix().Permissions()), Object: pick(w, objects)})
			}
			s.asked = 0
			all, err := access.CheckAll(t.Context(), actor, asks)
			require.NoError(t, err)
			require.Len(t, all, len(asks))
			require.LessOrEqual(t, s.asked, len(objects), "one reading for each object")
			for i, ask := range asks {
				one, err := access.Explain(t.Context(), actor, ask.Permission, ask.Object)
				require.NoError(t, err)
				require.Equal(t, one, all[i])
				err = access.Check(t.Context(), actor, ask.Permission, ask.Object)
				require.Equal(t, one.Allowed, err == nil)
				if err == nil {
					continue
				}
				denied, ok := errors.AsType[*rbac.DeniedError](err)
				require.True(t, ok)
				require.Equal(t, one, denied.Decision)
				require.ErrorIs(t, err, rbac.ErrDenied)
				require.ErrorIs(t, err, fault.ErrDenied)
				require.Equal(t, "rbac.denied", fault.CodeOf(err))
				require.Equal(t, one.String(), err.Error())
			}
		}
	}
}

func TestAccessRefuses(t *testing.T) {
	t.Parallel()
	w, down := newWorld(1, rbac.Verified), errors.New("down")
	someone, on := rbac.User("u-42"), rbac.OnWorkspace(wallet)

	t.Run("unknown permission, without asking the store", func(t *testing.T) {
		t.Parallel()
		s := &worldStore{world: w}
		access := rbac.NewAccess(s, rbac.BuiltIn())
		for _, p := range []rbac.Permission{0, rbac.FirstHostPermission, 128 + rbac.InviteMember} {
			require.ErrorIs(t, access.Check(t.Context(), someone, p, on), rbac.ErrPermission)
			_, err := access.Explain(t.Context(), someone, p, on)
			require.ErrorIs(t, err, rbac.ErrPermission)
			_, err = access.CheckAll(t.Context(), someone, []rbac.Ask{{Permission: p, Object: on}})
			require.ErrorIs(t, err, rbac.ErrPermission)
			require.ErrorIs(t, err, fault.ErrInvalid)
		}
		require.Zero(t, s.asked)
	})

	t.Run("failing store, without an answer", func(t *testing.T) {
		t.Parallel()
		access := rbac.NewAccess(&worldStore{world: w, err: down}, rbac.BuiltIn())
		require.ErrorIs(t, access.Check(t.Context(), someone, rbac.InviteMember, on), down)
		d, err := access.Explain(t.Context(), someone, rbac.InviteMember, on)
		require.ErrorIs(t, err, down)
		require.False(t, d.Allowed)
		all, err := access.CheckAll(t.Context(), someone, []rbac.Ask{{Permission: rbac.InviteMember, Object: on}})
		require.ErrorIs(t, err, down)
		require.Nil(t, all)
	})

	t.Run("oversized batch", func(t *testing.T) {
		t.Parallel()
		access := rbac.NewAccess(&worldStore{world: w}, rbac.BuiltIn())
		asks := make([]rbac.Ask, rbac.MaxBatch+1)
		for i := range asks {
			asks[i] = rbac.Ask{Permission: rbac.InviteMember, Object: on}
		}
		_, err := access.CheckAll(t.Context(), someone, asks)
		require.ErrorIs(t, err, rbac.ErrBatch)
		_, err = access.CheckAll(t.Context(), someone, asks[1:])
		require.NoError(t, err)
	})

	t.Run("empty batch has no answers", func(t *testing.T) {
		t.Parallel()
		all, err := rbac.NewAccess(&worldStore{world: w}, rbac.BuiltIn()).CheckAll(t.Context(), someone, nil)
		require.NoError(t, err)
		require.Empty(t, all)
	})
}
