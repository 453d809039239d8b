package rbac_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/rbac"
)

// TestBoundActor: one who is bound to a workspace is answered as if he were a
// member of that one alone, by every part of the evaluator.
func TestBoundActor(t *testing.T) {
	t.Parallel()
	lost, kept := 0, 0
	for seed := range uint64(60) {
		w := newWorld(seed, rbac.Verified)
		m := w.matrix(t)
		all := w.grants(m)
		user := rbac.User("u-42")
		for _, space := range w.spaces {
			bound := user.Within(space.Owner)
			require.Equal(t, space.Owner, bound.Bound())
			alone := slices.DeleteFunc(slices.Clone(all), func(g rbac.Grant) bool { return g.Workspace != space.Owner })
			for _, target := range w.targets {
				f, want := factsOf(target, "u-42", all), factsOf(target, "u-42", alone)
				require.Equal(t, want, f.For(bound))
				require.Equal(t, f, f.For(user))
				for _, p := range m.Permissions() {
					d := m.Decide(bound, f, p)
					require.Equal(t, m.Decide(user, want, p), d)
					require.Equal(t, d.Allowed, m.Filter(bound, all, p).Covers(target))
					if d.Allowed {
						kept++
					} else if m.Decide(user, f, p).Allowed {
						lost++
					}
				}
				for _, role := range rolesOf(space) {
					theirs := w.grant(space, role, rbac.Active)
					require.Equal(t, m.Exceeds(user, want, alone, theirs.Role, theirs.Programs),
						m.Exceeds(bound, f, all, theirs.Role, theirs.Programs))
				}
			}
		}
	}
	require.Positive(t, lost)
	require.Positive(t, kept)
}

// TestBoundCheck: Check, CheckAll and Explain go by it as well.
func TestBoundCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(1, rbac.Verified)
	home, other := w.spaces[0], w.spaces[3]
	admin := rbac.RoleInfo{}
	for _, r := range rolesOf(home) {
		if r.Role == rbac.WorkspaceAdmin {
			admin = r
		}
	}
	grants := []rbac.Grant{w.grant(home, admin, rbac.Active), w.grant(other, admin, rbac.Active)}
	access := rbac.NewAccess(targetStore{w.targets, grants}, rbac.BuiltIn())
	bound := rbac.User("u-42").Within(home.Owner)
	on := rbac.OnWorkspace(other.Owner)
	require.NoError(t, access.Check(t.Context(), rbac.User("u-42"), rbac.ViewWorkspace, on))
	require.NoError(t, access.Check(t.Context(), bound, rbac.ViewWorkspace, rbac.OnWorkspace(home.Owner)))

	require.ErrorIs(t, access.Check(t.Context(), bound, rbac.ViewWorkspace, on), rbac.ErrDenied)
	d, err := access.Explain(t.Context(), bound, rbac.ViewWorkspace, on)
	require.NoError(t, err)
	require.Equal(t, rbac.NoMembership, d.Reason)
	all, err := access.CheckAll(t.Context(), bound, []rbac.Ask{{Permission: rbac.ViewWorkspace, Object: on}})
	require.NoError(t, err)
	require.False(t, all[0].Allowed)
}

// A targetStore answers from the targets of a world.
type targetStore struct {
	targets []rbac.Target
	grants  []rbac.Grant
}

func (s targetStore) Facts(_ context.Context, q rbac.Query) (f rbac.Facts, _ error) {
	for _, t := range s.targets {
		if q.Object == rbac.OnWorkspace(t.Owner) && t.MiniProgram.IsZero() {
			f = factsOf(t, q.Account, s.grants)
		}
	}
	return f, nil
}
