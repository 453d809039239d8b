package signin_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// TestReset: a one-time password, or the default, that serves once, to change it,
// and in time (M14).
func TestReset(t *testing.T) {
	t.Parallel()
	const standard = signin.Password("welcome to the corner")
	for name, withDefault := range map[string]bool{"one-time": false, "default": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onStores(t, func(t *testing.T, k *kit) {
				k.developer()
				if withDefault {
					require.NoError(t, k.SignIn.SetDefault(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant, standard))
				}
				for range 5 {
					_, err := k.try("wrong")
					require.ErrorIs(t, err, signin.ErrWrong)
				}
				g := k.reset()
				given := g.Password
				if withDefault {
					require.Empty(t, g.Password)
					given = standard
				}
				until := k.Clock.Now().Add(24 * time.Hour)
				require.Equal(t, k.id(), g.Member.ID)
				require.Equal(t, signin.Credential{Member: k.id(), MustChange: true, SetAt: k.Clock.Now(), ExpiresAt: until}, g.Credential)
				st := signin.Status{Now: k.Clock.Now(), Set: true, SetAt: k.Clock.Now(), MustChange: true, ExpiresAt: until}
				require.Equal(t, st, k.status(), "the failures are forgotten")
				_, err := k.try(phrase)
				require.ErrorIs(t, err, signin.ErrWrong)

				k.Clock.Advance(24*time.Hour - time.Microsecond)
				_, err = k.try(given)
				require.ErrorIs(t, err, signin.ErrMustChange)
				_, err = k.change(given, given)
				require.ErrorIs(t, err, fault.ErrInvalid)
				who, err := k.change(given, another)
				require.NoError(t, err)
				require.Equal(t, k.Merchant, who.Actor.Bound())
				_, err = k.change(given, phrase)
				require.ErrorIs(t, err, signin.ErrWrong, "it serves once")
				_, err = k.try(another)
				require.NoError(t, err)

				g = k.reset()
				if !withDefault {
					require.NotEqual(t, given, g.Password)
					given = g.Password
				}
				k.Clock.Advance(24 * time.Hour)
				_, err = k.try(given)
				require.ErrorIs(t, err, signin.ErrExpired)
				_, err = k.change(given, phrase)
				require.ErrorIs(t, err, signin.ErrExpired)
				_, err = k.try("wrong")
				require.ErrorIs(t, err, signin.ErrWrong)
				require.True(t, k.status().Expired)

				last := k.events()[len(k.events())-1]
				require.Equal(t, signin.EventReset, last.Verb)
				d, err := last.DecodeData()
				require.NoError(t, err)
				var after signin.Snapshot
				require.NoError(t, json.Unmarshal(d.After, &after))
				require.Equal(t, signin.Snapshot{MustChange: true, ExpiresAt: until.Add(24*time.Hour - time.Microsecond), Default: withDefault}, after)
			})
		})
	}
}

// TestWhoResets: the right, not upon oneself, not upon somebody who holds more, and
// only upon an active member.
func TestWhoResets(t *testing.T) {
	t.Parallel()
	k := newKit(t, memory.New())
	ctx := t.Context()
	m, _ := k.Invite(rbac.Developer, "dee")
	blocked := k.Join(rbac.Operator, "bo")
	_, err := k.Members.Block(ctx, k.As(rbac.DeveloperAdmin), blocked.ID, "")
	require.NoError(t, err)
	for _, tt := range []struct {
		name  string
		by    rbac.Actor
		whose member.Member
		want  error
	}{
		{"the workspace's admin", k.As(rbac.DeveloperAdmin), k.Member(rbac.Operator), nil},
		{"the operator of the platform", superapptest.System, k.Member(rbac.DeveloperAdmin), nil},
		{"himself", k.As(rbac.DeveloperAdmin), k.Member(rbac.DeveloperAdmin), member.ErrSelf},
		{"a developer", k.As(rbac.Developer), k.Member(rbac.Operator), rbac.ErrDenied},
		{"the tenant's admin", k.As(rbac.WorkspaceAdmin), k.Member(rbac.Operator), rbac.ErrDenied},
		{"a merchant's admin in the tenant", k.As(rbac.DeveloperAdmin), k.Member(rbac.WorkspaceReviewer), member.ErrNotFound},
		{"who signed in elsewhere", k.As(rbac.DeveloperAdmin).Within(k.Tenant), k.Member(rbac.Operator), member.ErrNotFound},
		{"an invitation", k.As(rbac.DeveloperAdmin), m, member.ErrState},
		{"somebody blocked", k.As(rbac.DeveloperAdmin), blocked, member.ErrState},
		{"nobody", superapptest.System, member.Member{}, member.ErrNotFound},
	} {
		before := k.hasher.Computations()
		_, err := k.SignIn.Reset(ctx, tt.by, tt.whose.ID, "")
		require.ErrorIs(t, err, tt.want, tt.name)
		if tt.want != nil {
			require.Equal(t, before, k.hasher.Computations(), "%s: what is refused costs no hash", tt.name)
		}
		_, err = k.SignIn.Status(ctx, tt.by, tt.whose.ID)
		if tt.want == rbac.ErrDenied || tt.want == member.ErrNotFound {
			require.ErrorIs(t, err, tt.want, tt.name)
			require.ErrorIs(t, k.SignIn.Unlock(ctx, tt.by, tt.whose.ID), tt.want, tt.name)
		} else {
			require.NoError(t, err, tt.name)
		}
	}
	require.ErrorIs(t, k.SignIn.Unlock(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.DeveloperAdmin).ID), member.ErrSelf)
	_, err = k.SignIn.Reset(ctx, superapptest.System, k.id(), "two\nlines")
	problem(t, err, "reason", "malformed")
}

// TestResetCeiling: nobody resets a password of somebody who holds more (M12), or he
// would sign in as him.
func TestResetCeiling(t *testing.T) {
	t.Parallel()
	matrix, err := rbac.BuiltIn().With(rbac.Edits{Cells: []rbac.Cell{
		{Permission: rbac.ResetMemberPassword, Role: rbac.Operator, Scope: rbac.InWorkspace},
	}})
	require.NoError(t, err)
	o := superapptest.Options{}
	o.Platform.Matrix = matrix
	k := superapptest.New(t, &o)
	_, err = k.SignIn.Reset(t.Context(), k.As(rbac.Operator), k.Member(rbac.DeveloperAdmin).ID, "")
	require.ErrorIs(t, err, member.ErrCeiling)
	require.ErrorIs(t, k.SignIn.Unlock(t.Context(), k.As(rbac.Operator), k.Member(rbac.DeveloperAdmin).ID), member.ErrCeiling)
}

// TestDefaultPassword: within the workspace's own policy, and not below one that
// became stricter.
func TestDefaultPassword(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, k *kit) {
		ctx, admin := t.Context(), k.As(rbac.DeveloperAdmin)
		set := func(p signin.Password) error { return k.SignIn.SetDefault(ctx, admin, k.Merchant, p) }
		problem(t, set("short"), "default_password", "too_short")
		problem(t, set("password1234"), "default_password", "not_allowed")
		problem(t, set("\x00"), "default_password", "malformed")
		k.set(k.Tenant, workspace.Security{Classes: 3})
		problem(t, set("welcome to the corner"), "default_password", "not_allowed")
		require.NoError(t, set("Welcome to the corner"))
		for by, want := range map[rbac.Actor]error{k.As(rbac.Developer): rbac.ErrDenied, k.As(rbac.WorkspaceAdmin): rbac.ErrDenied, rbac.User("x"): workspace.ErrNotFound} {
			require.ErrorIs(t, k.SignIn.SetDefault(ctx, by, k.Merchant, "Welcome to the corner"), want)
			require.ErrorIs(t, k.SignIn.ClearDefault(ctx, by, k.Merchant), want)
		}
		require.Empty(t, k.reset().Password)

		k.set(k.Tenant, workspace.Security{Classes: 4})
		_, err := k.SignIn.Reset(ctx, admin, k.id(), "")
		require.ErrorIs(t, err, signin.ErrDefaultOutdated)
		require.NoError(t, k.SignIn.ClearDefault(ctx, admin, k.Merchant))
		require.NotEmpty(t, k.reset().Password)
		require.NoError(t, k.SignIn.ClearDefault(ctx, admin, k.Merchant), "the second time")
		require.NoError(t, set("Welcome 2 the corner"))
		require.Empty(t, k.reset().Password)
	})
}

// TestUnlock: at once, and nothing the second time.
func TestUnlock(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, k *kit) {
		k.developer()
		for range 5 {
			_, err := k.try("wrong")
			require.ErrorIs(t, err, signin.ErrWrong)
		}
		for range 2 {
			require.NoError(t, k.SignIn.Unlock(t.Context(), k.As(rbac.DeveloperAdmin), k.id()))
			require.Len(t, k.events(), 2)
		}
		require.Equal(t, signin.EventUnlocked, k.events()[1].Verb)
		_, err := k.try(phrase)
		require.NoError(t, err)
	})
}
