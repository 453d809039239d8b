package signin_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// TestSetPassword: once, by the member himself, within the policy.
func TestSetPassword(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, k *kit) {
		ctx := t.Context()
		set := func(by rbac.Actor, p signin.Password) error { return k.SignIn.SetPassword(ctx, by, k.Merchant, p) }
		dee := k.As(rbac.Developer)
		before := k.hasher.Computations()
		problem(t, set(dee, "short"), "password", "too_short")
		problem(t, set(dee, "a\x00b is a control character"), "password", "malformed")
		problem(t, set(dee, ""), "password", "malformed")
		require.Equal(t, before, k.hasher.Computations(), "what is refused is not hashed")
		require.ErrorIs(t, set(k.As(rbac.WorkspaceAdmin), phrase), workspace.ErrNotFound, "he is in the tenant above")
		require.ErrorIs(t, set(superapptest.System, phrase), workspace.ErrNotFound)
		require.ErrorIs(t, set(rbac.User(""), phrase), fault.ErrInvalid)
		_, err := k.Members.Block(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Operator).ID, "")
		require.NoError(t, err)
		require.ErrorIs(t, set(k.As(rbac.Operator), phrase), member.ErrState)

		require.False(t, k.status().Set)
		require.NoError(t, set(dee, phrase))
		require.ErrorIs(t, set(dee, another), signin.ErrSet)
		require.Equal(t, signin.Status{Now: k.Clock.Now(), Set: true, SetAt: k.Clock.Now()}, k.status())
		events := k.events()
		require.Len(t, events, 1)
		require.Equal(t, signin.EventSet, events[0].Verb)
		require.Equal(t, rbac.OnMember(k.id()), events[0].Object)
	})
}

// TestChangePassword: the present one for another.
func TestChangePassword(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, k *kit) {
		k.developer()
		_, err := k.change("wrong", another)
		require.ErrorIs(t, err, signin.ErrWrong)
		require.Equal(t, 1, k.status().Failures)
		_, err = k.change(phrase, "short")
		problem(t, err, "new", "too_short")
		require.Equal(t, 0, k.status().Failures, "the present one was right")
		_, err = k.change(phrase, phrase)
		problem(t, err, "new", "not_allowed")
		_, err = k.change(phrase, "")
		problem(t, err, "new", "malformed")
		_, err = k.change("wrong", "short")
		require.ErrorIs(t, err, signin.ErrWrong, "the policy is told to who knows the present one")

		k.Clock.Advance(time.Hour)
		who, err := k.change(phrase, another)
		require.NoError(t, err)
		require.Equal(t, k.As(rbac.Developer).Within(k.Merchant), who.Actor)
		require.Equal(t, k.Clock.Now(), k.status().SetAt)
		_, err = k.change(phrase, another)
		require.ErrorIs(t, err, signin.ErrWrong, "the second time")
		_, err = k.try(phrase)
		require.ErrorIs(t, err, signin.ErrWrong)
		_, err = k.try(another)
		require.NoError(t, err)
		require.Equal(t, signin.EventChanged, k.events()[1].Verb)

		for range 5 {
			_, err = k.change("wrong", phrase)
			require.ErrorIs(t, err, signin.ErrWrong)
		}
		_, err = k.change(another, phrase)
		require.ErrorIs(t, err, signin.ErrLocked, "both ways are counted together")
	})
}

// TestMaxAge: an old password serves to change it.
func TestMaxAge(t *testing.T) {
	t.Parallel()
	k := newKit(t, memory.New())
	k.set(k.Tenant, workspace.Security{MaxAge: 30 * 24 * time.Hour})
	k.developer()
	k.Clock.Advance(30*24*time.Hour - time.Microsecond)
	_, err := k.try(phrase)
	require.NoError(t, err)
	k.Clock.Advance(time.Microsecond)
	_, err = k.try(phrase)
	require.ErrorIs(t, err, signin.ErrMustChange)
	require.True(t, k.status().MustChange)
	_, err = k.try("wrong")
	require.ErrorIs(t, err, signin.ErrWrong)
	_, err = k.change(phrase, another)
	require.NoError(t, err)
	_, err = k.try(another)
	require.NoError(t, err)
}

// TestNothingIsTold: neither a password nor a hash is in the trail, in an error, or in
// what prints it.
func TestNothingIsTold(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, k *kit) {
		require.NoError(t, k.SignIn.SetDefault(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant, "welcome to the corner"))
		hashes := []string{}
		k.developer()
		hashes = append(hashes, k.hash())
		_, err := k.change(phrase, another)
		require.NoError(t, err)
		hashes = append(hashes, k.hash())
		g := k.reset()
		hashes = append(hashes, k.hash())
		require.NotContains(t, fmt.Sprintf("%+v", g), k.hash())
		require.NoError(t, k.SignIn.ClearDefault(t.Context(), k.As(rbac.DeveloperAdmin), k.Merchant))
		g = k.reset()
		require.NoError(t, k.SignIn.Unlock(t.Context(), k.As(rbac.DeveloperAdmin), k.id()))
		secrets := append(hashes, k.hash(), string(phrase), string(another), "welcome to the corner", g.Password.Reveal())
		for _, e := range k.events() {
			text := string(e.Data) + string(e.Personal)
			for _, s := range secrets {
				require.NotEmpty(t, s)
				require.NotContains(t, text, s)
			}
		}
		for _, p := range []any{g.Password, &g.Password, struct{ P signin.Password }{phrase}, signin.SignIn{Password: phrase}} {
			for _, verb := range []string{"%v", "%+v", "%s", "%q", "%x", "%#v"} {
				require.NotContains(t, fmt.Sprintf(verb, p), g.Password.Reveal())
				require.NotContains(t, fmt.Sprintf(verb, p), string(phrase))
			}
			text, err := json.Marshal(p)
			require.NoError(t, err)
			require.Contains(t, string(text), "[redacted]")
		}
		require.Equal(t, "[redacted]", phrase.LogValue().String())
		verbs := []audit.Verb{}
		for _, e := range k.events() {
			verbs = append(verbs, e.Verb)
		}
		require.Equal(t, []audit.Verb{signin.EventDefaultSet, signin.EventSet, signin.EventChanged, signin.EventReset,
			signin.EventDefaultCleared, signin.EventReset}, verbs)
	})
}
