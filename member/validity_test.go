package member_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

const day = 24 * time.Hour

// TestValidity: an invitation is valid while now < sent + validity, to the
// microsecond (M4).
func TestValidity(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		options *member.Options
		want    time.Duration
	}{
		{"three days by default", nil, 3 * day},
		{"the shortest", &member.Options{Validity: member.MinValidity}, 15 * time.Minute},
		{"the longest", &member.Options{Validity: member.MaxValidity}, 90 * day},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			k := kit(t, tt.options)
			e := become(t, k, member.StatusSent)
			require.Equal(t, superapptest.Start, e.Invitation.SentAt)
			require.Equal(t, superapptest.Start.Add(tt.want), e.Invitation.ExpiresAt)

			k.Clock.Set(superapptest.Start.Add(tt.want))
			in, err := k.Members.Inspect(t.Context(), e.Token)
			require.NoError(t, err)
			require.Equal(t, member.TokenExpired, in.State)
			_, err = k.Members.Accept(t.Context(), e.Token, superapptest.Person("dee"))
			require.ErrorIs(t, err, member.ErrTokenExpired)

			k.Clock.Advance(-time.Microsecond)
			in, err = k.Members.Inspect(t.Context(), e.Token)
			require.NoError(t, err)
			require.Equal(t, member.TokenOpen, in.State)
			m, err := k.Members.Accept(t.Context(), e.Token, superapptest.Person("dee"))
			require.NoError(t, err)
			require.Equal(t, k.Clock.Now(), m.JoinedAt)
		})
	}
}

// TestValidityIsFixedAtSending: another configuration later changes nothing of
// what was sent (M4).
func TestValidityIsFixedAtSending(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	e := become(t, k, member.StatusSent)
	later, err := superapp.New(k.Store, &superapp.Options{Clock: k.Clock.Now, Members: &member.Options{Validity: time.Hour}})
	require.NoError(t, err)
	k.Clock.Advance(2 * day)
	_, err = later.Members.Accept(t.Context(), e.Token, superapptest.Person("dee"))
	require.NoError(t, err)
}

// TestResend: sending again starts the period again, with a new token; an older
// one is recognised (M4).
func TestResend(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		after time.Duration
	}{
		{"at once", 0}, {"before the end", 2 * day}, {"at the end", 3 * day}, {"long after the end", 400 * day},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			k := kit(t, nil)
			ctx := t.Context()
			e := become(t, k, member.StatusSent)
			k.Clock.Advance(tt.after)
			sent, token, err := k.Members.Resend(ctx, system, e.ID)
			require.NoError(t, err)
			require.Equal(t, e.ID, sent.ID, "the record stays the same")
			require.Equal(t, member.Invitation{
				SentAt: k.Clock.Now(), ExpiresAt: k.Clock.Now().Add(3 * day), Generation: 2,
			}, sent.Invitation)
			require.Equal(t, sent, get(t, k, e.ID).Member)
			require.NotEqual(t, e.Token.Reveal(), token.Reveal())

			for _, wait := range []time.Duration{0, 3*day - time.Microsecond} {
				k.Clock.Set(sent.Invitation.SentAt.Add(wait))
				in, err := k.Members.Inspect(ctx, e.Token)
				require.NoError(t, err)
				require.Equal(t, member.TokenSuperseded, in.State)
				_, err = k.Members.Accept(ctx, e.Token, superapptest.Person("dee"))
				require.ErrorIs(t, err, member.ErrTokenSuperseded)
				require.ErrorContains(t, err, "a newer invitation was sent")
			}
			_, err = k.Members.Accept(ctx, token, superapptest.Person("dee"))
			require.NoError(t, err)
		})
	}

	t.Run("only the last of many works", func(t *testing.T) {
		t.Parallel()
		k := kit(t, nil)
		e := become(t, k, member.StatusExpired)
		tokens := []member.Token{e.Token}
		for i := range 5 {
			sent, token, err := k.Members.Resend(t.Context(), merchantAdmin, e.ID)
			require.NoError(t, err)
			require.Equal(t, i+2, sent.Invitation.Generation)
			require.Equal(t, superapptest.Account(rbac.DeveloperAdmin), sent.Invitation.Sender)
			tokens = append(tokens, token)
		}
		for i, token := range tokens {
			_, err := k.Members.Accept(t.Context(), token, superapptest.Person("dee"))
			if i < len(tokens)-1 {
				require.ErrorIs(t, err, member.ErrTokenSuperseded)
			} else {
				require.NoError(t, err)
			}
		}
	})
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		options member.Options
		field   string
		reason  string
	}{
		{member.Options{}, "", ""},
		{member.Options{Validity: member.MinValidity, MaxBatch: 1, Recipient: member.UnsafeAnyAccount}, "", ""},
		{member.Options{Validity: member.MaxValidity, MaxBatch: 100}, "", ""},
		{member.Options{Validity: member.MinValidity - 1}, "validity", "not_allowed"},
		{member.Options{Validity: member.MaxValidity + 1}, "validity", "not_allowed"},
		{member.Options{Validity: -time.Hour}, "validity", "not_allowed"},
		{member.Options{MaxBatch: -1}, "max_batch", "not_allowed"},
		{member.Options{MaxBatch: 101}, "max_batch", "not_allowed"},
		{member.Options{Recipient: member.UnsafeAnyAccount + 1}, "recipient", "unknown"},
	} {
		t.Run(fmt.Sprintf("%+v", tt.options), func(t *testing.T) {
			t.Parallel()
			p, err := superapp.New(memory.New(), &superapp.Options{Members: &tt.options})
			if tt.field == "" {
				require.NoError(t, err)
				return
			}
			require.Nil(t, p)
			require.Equal(t, "input.invalid", fault.CodeOf(err))
			requireProblem(t, err, "members."+tt.field, tt.reason)
		})
	}
}

// TestDefaults: the options are what holds where nothing is set (W8).
func TestDefaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		options *member.Options
		want    workspace.Settings
	}{
		{nil, workspace.Settings{Validity: 3 * day, MaxBatch: 10, Recipient: "invited_email"}},
		{&member.Options{Validity: time.Hour, MaxBatch: 7, Recipient: member.UnsafeAnyVerifiedEmail},
			workspace.Settings{Validity: time.Hour, MaxBatch: 7, Recipient: "unsafe_any_verified_email"}},
		{&member.Options{Recipient: member.UnsafeAnyAccount}, workspace.Settings{Validity: 3 * day, MaxBatch: 10, Recipient: "unsafe_any_account"}},
	} {
		p, err := superapp.New(memory.New(), &superapp.Options{Members: tt.options})
		require.NoError(t, err)
		require.Equal(t, tt.want, p.Members.Defaults())
	}
	require.Equal(t, "?", (member.UnsafeAnyAccount + 1).String())
}
