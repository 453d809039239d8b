package signin

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/workspace"
)

func TestPolicy(t *testing.T) {
	t.Parallel()
	words := wordsOf(member.Member{Email: "katherine.w@people.example", Name: "Katherine Wu", Account: "u-katherine-7"})
	for _, tt := range []struct {
		password Password
		policy   Policy
		want     string
	}{
		{"a strange phrase", Policy{12, 1}, ""},
		{"a strange p", Policy{12, 1}, "too_short"},
		{"短语很奇怪也很长的密码哦", Policy{12, 1}, ""},
		{"短语很奇怪也很长的密码", Policy{12, 1}, "too_short"},
		{Password(strings.Repeat("long ", 51) + "d"), Policy{8, 1}, ""},
		{Password(strings.Repeat("long ", 51) + "dd"), Policy{8, 1}, "too_long"},
		{"strangephrase", Policy{8, 2}, "not_allowed"},
		{"Strangephrase", Policy{8, 2}, ""},
		{"Strangephrase", Policy{8, 3}, "not_allowed"},
		{"Strangephrase7", Policy{8, 3}, ""},
		{"Strangephrase7", Policy{8, 4}, "not_allowed"},
		{"Strange phrase7", Policy{8, 4}, ""},
		{"password", Policy{8, 1}, "not_allowed"},
		{"Password123!", Policy{8, 1}, "not_allowed"},
		{"ＰＡＳＳＷＯＲＤ", Policy{8, 1}, "not_allowed"},
		{"qwertyuiop", Policy{8, 1}, "not_allowed"},
		{"12345678", Policy{8, 1}, "not_allowed"},
		{"123456789012", Policy{8, 1}, "not_allowed"},
		{"zyxwvuts", Policy{8, 1}, "not_allowed"},
		{"abababababab", Policy{8, 1}, "not_allowed"},
		{"dragondragon", Policy{8, 1}, "not_allowed"},
		{"katherine", Policy{8, 1}, "not_allowed"},
		{"Katherine1985", Policy{8, 1}, "not_allowed"},
		{"katherinewu1", Policy{8, 1}, "not_allowed"},
		{"katherine.w@people.example", Policy{8, 1}, "not_allowed"},
		{"u-katherine-7", Policy{8, 1}, "not_allowed"},
		{"katherine likes purple tea", Policy{8, 1}, ""},
		{"wuwei drinks tea", Policy{8, 1}, ""},
	} {
		var problems fault.Problems
		tt.policy.check(&problems, "password", tt.password, words...)
		got := ""
		if len(problems) > 0 {
			got = problems[0].Reason
		}
		require.Equal(t, tt.want, got, "%s by %v: %v", tt.password.Reveal(), tt.policy, problems)
		for _, p := range problems {
			require.NotContains(t, p.Detail, tt.password.Reveal())
		}
	}
	require.True(t, Policy{12, 2}.covers(Policy{12, 2}))
	require.False(t, Policy{12, 2}.covers(Policy{13, 1}))
	require.False(t, Policy{12, 2}.covers(Policy{11, 3}))
}

func TestPrepared(t *testing.T) {
	t.Parallel()
	for in, want := range map[Password]Password{
		"Glu\u0308ck": "Gl\u00fcck", "a\u3000b": "a b", " a ": " a ", "ＡＢ": "ＡＢ", "ﬁ": "ﬁ", "ß": "ß",
		"": "", "a\x07": "", "\xff": "", Password(strings.Repeat("a", maxBytes+1)): "",
	} {
		got, ok := in.prepared()
		require.Equal(t, want != "", ok, "%q", string(in))
		if ok {
			require.Equal(t, want, got)
		}
		if again, _ := got.prepared(); ok {
			require.Equal(t, got, again, "prepared once is prepared")
		}
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	aging := workspace.Security{MaxAge: time.Hour}
	for name, tt := range map[string]struct {
		c    Credential
		s    workspace.Security
		want error
	}{
		"it never ages":           {Credential{SetAt: now.Add(-1e6 * time.Hour)}, workspace.Security{}, nil},
		"young":                   {Credential{SetAt: now.Add(-time.Hour + 1)}, aging, nil},
		"old":                     {Credential{SetAt: now.Add(-time.Hour)}, aging, ErrMustChange},
		"reset":                   {Credential{MustChange: true, SetAt: now, ExpiresAt: now.Add(1)}, aging, ErrMustChange},
		"reset, and over":         {Credential{MustChange: true, SetAt: now, ExpiresAt: now}, aging, ErrExpired},
		"reset, over and too old": {Credential{MustChange: true, ExpiresAt: now}, aging, ErrExpired},
	} {
		require.Equal(t, tt.want, tt.c.verdict(tt.s, now), name)
	}
}

func TestAttempts(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	s := workspace.Security{Failures: 2, Lock: time.Hour}
	a := Attempts{}
	require.NoError(t, a.locked(s, now))
	a = a.next(s, now)
	require.Equal(t, Attempts{Failures: 1, Until: now.Add(time.Hour)}, a)
	require.NoError(t, a.locked(s, now))
	require.Equal(t, 1, a.next(s, now.Add(time.Hour)).Failures, "the one before is too long ago")
	a = a.next(s, now.Add(time.Hour-1))
	require.Equal(t, 2, a.Failures)
	require.Equal(t, &LockedError{Until: now.Add(2*time.Hour - 1)}, a.locked(s, now.Add(time.Hour)))
	require.NoError(t, a.locked(s, now.Add(2*time.Hour-1)))
	require.NoError(t, a.locked(workspace.Security{Failures: 3, Lock: time.Hour}, now), "the workspace allows more by now")
	require.ErrorIs(t, &LockedError{}, ErrLocked)
}

// TestKeys: a member is counted by whatever name, and nobody's name in each workspace.
func TestKeys(t *testing.T) {
	t.Parallel()
	one, two := id.Workspace{UUID: id.UUID{1}}, id.Workspace{UUID: id.UUID{2}}
	m := id.Member{UUID: id.UUID{3}}
	require.Equal(t, keyOf(one, m, "a"), keyOf(one, m, "b"))
	seen := map[[32]byte]bool{}
	for _, k := range [][32]byte{
		keyOf(one, m, ""), keyOf(two, m, ""), keyOf(one, id.Member{}, ""), keyOf(one, id.Member{}, "a"), keyOf(two, id.Member{}, "a"),
		keyOf(one, id.Member{}, m.String()), keyOf(one, id.Member{UUID: id.UUID{4}}, ""),
	} {
		require.False(t, seen[k])
		seen[k] = true
	}
}
