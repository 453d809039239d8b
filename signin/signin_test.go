package signin_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// TestSignIn: by the address or the account, whatever its case or width, the actor
// is the member's account in that workspace.
func TestSignIn(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, k *kit) {
		k.developer()
		for _, name := range []string{"developer@people.example", " Developer@PEOPLE.example ", "acc-developer"} {
			who, err := k.as(name, phrase)
			require.NoError(t, err, name)
			require.Equal(t, k.As(rbac.Developer).Within(k.Merchant), who.Actor)
			require.Equal(t, k.id(), who.Member.ID)
			require.NoError(t, k.Access.Check(t.Context(), who.Actor, rbac.UploadVersion, rbac.OnMiniProgram(k.Shop)))
		}
		who, err := k.SignIn.SignIn(t.Context(), signin.SignIn{Workspace: k.Merchant, Name: "acc-developer", Password: phrase, Request: "r-1"})
		require.NoError(t, err)
		require.Equal(t, "r-1", who.Actor.Request())
		_, err = k.SignIn.SignIn(t.Context(), signin.SignIn{Workspace: k.Merchant, Name: "acc-developer", Password: phrase, Request: "r\n"})
		require.ErrorIs(t, err, rbac.ErrRequest)
		_, err = k.SignIn.SignIn(t.Context(), signin.SignIn{Workspace: k.Tenant, Name: "acc-developer", Password: phrase})
		require.ErrorIs(t, err, signin.ErrWrong, "it is the password of another membership")
	})
}

// TestTheSameCharacters: what looks alike is the same password, and nothing else is.
func TestTheSameCharacters(t *testing.T) {
	t.Parallel()
	k := newKit(t, memory.New())
	require.NoError(t, k.SignIn.SetPassword(t.Context(), k.As(rbac.Developer), k.Merchant, "Gl\u00fccksklee am Morgen"))
	for _, same := range []signin.Password{"Gl\u00fccksklee am Morgen", "Glu\u0308cksklee am Morgen", "Gl\u00fccksklee\u3000am\u00a0Morgen"} {
		_, err := k.try(same)
		require.NoError(t, err)
	}
	for _, other := range []signin.Password{"gl\u00fccksklee am Morgen", "Glucksklee am Morgen", "Gl\u00fccksklee am Morgen ", "", "Gl\u00fccksklee am Morgen\x00", "\xff"} {
		_, err := k.try(other)
		require.ErrorIs(t, err, signin.ErrWrong)
		require.NoError(t, k.SignIn.Unlock(t.Context(), k.As(rbac.DeveloperAdmin), k.id()))
	}
}

// TestBoundToTheWorkspace: an account that is more elsewhere is nothing there when
// it signed in with the password of one membership (M14).
func TestBoundToTheWorkspace(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, k *kit) {
		ctx := t.Context()
		// The merchant's developer is an admin of the tenant, too.
		m, token := k.Invite(rbac.WorkspaceAdmin, "dee")
		_, err := k.Members.Accept(ctx, token, member.Account{ID: superapptest.Account(rbac.Developer), Email: m.Email, EmailVerified: true})
		require.NoError(t, err)
		free := k.developer()
		who, err := k.try(phrase)
		require.NoError(t, err)

		require.NoError(t, k.Access.Check(ctx, free, rbac.ViewMiniProgram, rbac.OnMiniProgram(k.App)))
		require.ErrorIs(t, k.Access.Check(ctx, who.Actor, rbac.ViewMiniProgram, rbac.OnMiniProgram(k.App)), rbac.ErrDenied)
		_, err = k.MiniPrograms.Get(ctx, who.Actor, k.App)
		require.Error(t, err)
		_, err = k.Members.Leave(ctx, who.Actor, k.Tenant)
		require.ErrorIs(t, err, workspace.ErrNotFound)
		require.ErrorIs(t, k.SignIn.SetPassword(ctx, who.Actor, k.Tenant, another), workspace.ErrNotFound)
		for actor, want := range map[rbac.Actor]int{free: 2, who.Actor: 1} {
			mine, err := k.Members.Mine(ctx, actor, page.Request{})
			require.NoError(t, err)
			require.Len(t, mine.Items, want)
		}
		_, err = k.Apply(ctx, who.Actor, k.Tenant, superapp.Application{}, "")
		require.ErrorIs(t, err, workspace.ErrNotFound)
	})
}

// TestNobodyLearns: an account that does not exist, one without a password, a blocked
// one, a locked one and a deleted one are answered after as many computations and
// calls of the store as a wrong password.
func TestNobodyLearns(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, k *kit) {
		ctx := t.Context()
		k.developer()
		admin := k.As(rbac.DeveloperAdmin)
		for _, handle := range []string{"blocked", "deleted"} {
			m := k.Join(rbac.Operator, handle)
			require.NoError(t, k.SignIn.SetPassword(ctx, rbac.User(m.Account), k.Merchant, phrase))
			var err error
			if handle == "blocked" {
				_, err = k.Members.Block(ctx, admin, m.ID, "")
			} else {
				_, err = k.Members.Delete(ctx, admin, m.ID, "")
			}
			require.NoError(t, err)
		}
		k.Invite(rbac.Operator, "invited")
		names := map[string]signin.Password{
			"developer@people.example": "wrong", "operator@people.example": phrase, "nobody@people.example": phrase, "nobody": phrase,
			"blocked@people.example": phrase, "deleted@people.example": phrase, "invited@people.example": phrase, "": phrase,
			"two@@people.example": phrase,
		}
		var calls []string
		spied := k.Over(storagetest.Spy(k.Store, func(c storagetest.Call) error {
			calls = append(calls, c.Method)
			return nil
		}))
		known := map[string][]string{}
		for name, p := range names {
			for i := range 5 {
				before := k.hasher.Computations()
				calls = nil
				_, err := spied.SignIn.SignIn(ctx, signin.SignIn{Workspace: k.Merchant, Name: name, Password: p})
				require.ErrorIs(t, err, signin.ErrWrong, name)
				require.Equal(t, "signin: sign in: the name or the password is wrong", err.Error())
				require.Equal(t, 1, k.hasher.Computations()-before, "%s, try %d", name, i)
				known[name] = calls
				require.Contains(t, calls, "PutAttempts")
				for other, those := range known {
					require.Equal(t, those, calls, "%q and %q", other, name)
				}
			}
			before := k.hasher.Computations()
			_, err := k.as(name, p)
			locked, ok := errors.AsType[*signin.LockedError](err)
			require.True(t, ok, "%s: %v", name, err)
			require.Equal(t, k.Clock.Now().Add(15*time.Minute), locked.Until)
			require.Equal(t, 1, k.hasher.Computations()-before, name)
		}
		before := k.hasher.Computations()
		_, err := k.SignIn.SignIn(ctx, signin.SignIn{Name: "dee", Password: phrase})
		require.ErrorIs(t, err, signin.ErrWrong, "in no workspace")
		require.Equal(t, 1, k.hasher.Computations()-before)
	})
}

// TestLock: so many failures in a row lock, for a time, by whatever name.
func TestLock(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, k *kit) {
		k.developer()
		k.set(k.Merchant, workspace.Security{Failures: 3, Lock: time.Hour})
		names := []string{"developer@people.example", "acc-developer", "Developer@people.example"}
		for range 2 {
			for _, name := range names {
				_, err := k.as(name, "wrong")
				require.ErrorIs(t, err, signin.ErrWrong)
				k.Clock.Advance(time.Minute)
			}
			until := k.Clock.Now().Add(59 * time.Minute)
			for _, name := range names {
				_, err := k.as(name, phrase)
				locked, ok := errors.AsType[*signin.LockedError](err)
				require.True(t, ok, "err = %v", err)
				require.Equal(t, until, locked.Until, "which those that came later do not put off")
			}
			st := k.status()
			require.Equal(t, 3, st.Failures)
			require.Equal(t, until, st.LockedUntil)
			k.Clock.Advance(59*time.Minute - time.Microsecond)
			_, err := k.try(phrase)
			require.ErrorIs(t, err, signin.ErrLocked)
			k.Clock.Advance(time.Microsecond)
			require.Equal(t, 0, k.status().Failures)
		}
		_, err := k.try(phrase)
		require.NoError(t, err)

		for range 4 { // a right one in between begins anew
			for range 2 {
				_, err := k.try("wrong")
				require.ErrorIs(t, err, signin.ErrWrong)
			}
			_, err := k.try(phrase)
			require.NoError(t, err)
		}
		require.Empty(t, k.events()[1:], "failures are counted, not chained (E1)")
	})
}

// TestBlockedAndDeleted: who is blocked does not sign in, and does again when he is
// not; deletion erases the password.
func TestBlockedAndDeleted(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, k *kit) {
		ctx, admin := t.Context(), k.As(rbac.DeveloperAdmin)
		k.developer()
		_, err := k.Members.Block(ctx, admin, k.id(), "")
		require.NoError(t, err)
		_, err = k.try(phrase)
		require.ErrorIs(t, err, signin.ErrWrong)
		_, err = k.Members.Unblock(ctx, admin, k.id())
		require.NoError(t, err)
		_, err = k.try(phrase)
		require.NoError(t, err)
		require.NoError(t, k.Workspaces.SetStatus(ctx, superapptest.System, k.Merchant, workspace.Disabled, "unpaid"))
		_, err = k.try(phrase)
		require.NoError(t, err, "he may still look (W6)")
		require.NoError(t, k.Workspaces.SetStatus(ctx, superapptest.System, k.Merchant, workspace.Verified, ""))

		_, err = k.Members.Delete(ctx, admin, k.id(), "")
		require.NoError(t, err)
		require.Empty(t, k.hash())
		_, token := k.Invite(rbac.Developer, "developer")
		_, err = k.Members.Accept(ctx, token, superapptest.Person("developer"))
		require.NoError(t, err)
		_, err = k.try(phrase)
		require.ErrorIs(t, err, signin.ErrWrong, "he comes again without")
		require.NoError(t, k.SignIn.SetPassword(ctx, k.As(rbac.Developer).Within(k.Merchant), k.Merchant, another))
	})
}

// TestUpgrade: a hash that would be stronger by now is made anew at the next sign-in.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, k *kit) {
		k.developer()
		old := k.hash()
		_, err := k.try(phrase)
		require.NoError(t, err)
		require.Equal(t, old, k.hash())
		stronger, err := superapp.New(k.Store, &superapp.Options{Clock: k.Clock.Now, SignIn: &signin.Options{Hasher: &superapptest.Hasher{Version: 1}}})
		require.NoError(t, err)
		in := signin.SignIn{Workspace: k.Merchant, Name: "acc-developer", Password: "wrong"}
		_, err = stronger.SignIn.SignIn(t.Context(), in)
		require.ErrorIs(t, err, signin.ErrWrong)
		require.Equal(t, old, k.hash())
		in.Password = phrase
		for range 2 {
			_, err = stronger.SignIn.SignIn(t.Context(), in)
			require.NoError(t, err)
			require.NotEqual(t, old, k.hash())
		}
		require.Len(t, k.events(), 1, "nothing that the trail would tell")
	})
}

// TestOff: a platform without a Hasher keeps no passwords, and nobody tries one
// inside a unit.
func TestOff(t *testing.T) {
	t.Parallel()
	k := newKit(t, memory.New())
	off, err := superapp.New(k.Store, nil)
	require.NoError(t, err)
	ctx, actor := t.Context(), k.As(rbac.DeveloperAdmin)
	verbs := map[string]func(context.Context, *signin.Service) error{
		"set": func(ctx context.Context, s *signin.Service) error {
			return s.SetPassword(ctx, actor, k.Merchant, phrase)
		},
		"signin": func(ctx context.Context, s *signin.Service) error {
			_, err := s.SignIn(ctx, signin.SignIn{})
			return err
		},
		"change": func(ctx context.Context, s *signin.Service) error {
			_, err := s.ChangePassword(ctx, signin.Change{})
			return err
		},
		"reset": func(ctx context.Context, s *signin.Service) error {
			_, err := s.Reset(ctx, actor, k.id(), "")
			return err
		},
		"unlock": func(ctx context.Context, s *signin.Service) error { return s.Unlock(ctx, actor, k.id()) },
		"status": func(ctx context.Context, s *signin.Service) error { _, err := s.Status(ctx, actor, k.id()); return err },
		"default": func(ctx context.Context, s *signin.Service) error {
			return s.SetDefault(ctx, actor, k.Merchant, phrase)
		},
		"clear": func(ctx context.Context, s *signin.Service) error { return s.ClearDefault(ctx, actor, k.Merchant) },
	}
	for name, verb := range verbs {
		require.ErrorIs(t, verb(ctx, off.SignIn), signin.ErrOff, name)
	}
	require.NoError(t, k.Update(ctx, func(ctx context.Context, p *superapp.Platform) error {
		for _, name := range []string{"signin", "change"} {
			require.ErrorIs(t, verbs[name](ctx, p.SignIn), signin.ErrInUnit)
		}
		return verbs["reset"](ctx, p.SignIn)
	}, k.Merchant))
	_, err = superapp.New(k.Store, &superapp.Options{SignIn: &signin.Options{Security: workspace.Security{MinLength: 3}}})
	problem(t, err, "sign_in.security.min_length", "not_allowed")
}

// TestRemovedWorkspace: with a workspace go its members' passwords and its default.
func TestRemovedWorkspace(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, k *kit) {
		k.developer()
		require.NoError(t, k.SignIn.SetDefault(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant, "come in and look around"))
		require.NoError(t, k.RemoveDeveloper(t.Context(), k.As(rbac.WorkspaceAdmin), k.Merchant, "closed"))
		require.Empty(t, k.hash())
		require.NoError(t, k.Store.View(t.Context(), func(ctx context.Context, r storage.Reader) error {
			kept, err := r.Passwords(ctx, signin.Query{Workspace: k.Merchant, Default: true})
			require.Empty(t, kept)
			return err
		}))
		_, err := k.try(phrase)
		require.ErrorIs(t, err, signin.ErrWrong)
	})
}
