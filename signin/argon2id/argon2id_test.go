package argon2id_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/signin/argon2id"
)

var (
	first  = []byte("the first pepper of the host")
	second = []byte("the second pepper of the host")
)

func cheap(t testing.TB, o argon2id.Options) *argon2id.Hasher {
	t.Helper()
	o.UnsafeCheap = true
	h, err := argon2id.New(&o)
	require.NoError(t, err)
	return h
}

func hash(t testing.TB, h signin.Hasher, p signin.Password) string {
	t.Helper()
	text, err := h.Hash(t.Context(), p)
	require.NoError(t, err)
	return text
}

// TestKnownAnswer: what the reference implementation of argon2 made is recognised:
// echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32
func TestKnownAnswer(t *testing.T) {
	t.Parallel()
	const text = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	h, err := argon2id.New(nil)
	require.NoError(t, err)
	ok, stale, err := h.Verify(t.Context(), text, "password")
	require.NoError(t, err)
	require.True(t, ok)
	require.True(t, stale, "its salt is short")
	ok, _, err = h.Verify(t.Context(), text, "passwore")
	require.NoError(t, err)
	require.False(t, ok)
}

func TestHash(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]*argon2id.Hasher{
		"plain": cheap(t, argon2id.Options{}), "with a pepper": cheap(t, argon2id.Options{Peppers: [][]byte{first}}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := hash(t, h, "a long password"), hash(t, h, "a long password")
			require.NotEqual(t, a, b, "a salt of its own")
			require.True(t, strings.HasPrefix(a, "$argon2id$v=19$m=8,t=1,p=1"), a)
			ok, stale, err := h.Verify(t.Context(), a, "a long password")
			require.NoError(t, err)
			require.True(t, ok)
			require.False(t, stale)
			ok, stale, err = h.Verify(t.Context(), a, "another password")
			require.NoError(t, err)
			require.False(t, ok || stale)
			ok, stale, err = h.Verify(t.Context(), "", "a long password")
			require.NoError(t, err)
			require.False(t, ok || stale, "nobody's")
		})
	}
}

// TestStale: what would be made stronger now is told, and is the right one all the same.
func TestStale(t *testing.T) {
	t.Parallel()
	old := hash(t, cheap(t, argon2id.Options{}), "a long password")
	peppered := hash(t, cheap(t, argon2id.Options{Peppers: [][]byte{first}}), "a long password")
	for name, tt := range map[string]struct {
		hash  string
		now   argon2id.Options
		stale bool
	}{
		"the same":                {old, argon2id.Options{}, false},
		"more memory":             {old, argon2id.Options{Memory: 16}, true},
		"more time":               {old, argon2id.Options{Time: 2}, true},
		"a pepper now":            {old, argon2id.Options{Peppers: [][]byte{first}}, true},
		"the pepper":              {peppered, argon2id.Options{Peppers: [][]byte{first, second}}, false},
		"another pepper now":      {peppered, argon2id.Options{Peppers: [][]byte{second, first}}, true},
		"it is stronger than now": {hash(t, cheap(t, argon2id.Options{Memory: 16}), "a long password"), argon2id.Options{}, false},
	} {
		ok, stale, err := cheap(t, tt.now).Verify(t.Context(), tt.hash, "a long password")
		require.NoError(t, err, name)
		require.True(t, ok, name)
		require.Equal(t, tt.stale, stale, name)
	}
	_, _, err := cheap(t, argon2id.Options{}).Verify(t.Context(), peppered, "a long password")
	require.ErrorIs(t, err, argon2id.ErrPepper)
}

func TestMalformed(t *testing.T) {
	t.Parallel()
	h := cheap(t, argon2id.Options{})
	good := hash(t, h, "a long password")
	for _, bad := range []string{
		"x", "$argon2id$", good + "$", " " + good, good[:len(good)-1] + "\n",
		strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "m=8", "m=7", 1), strings.Replace(good, "m=8", "m=4294967295", 1), strings.Replace(good, "m=8", "m=42949672960", 1),
		strings.Replace(good, "t=1", "t=0", 1), strings.Replace(good, "t=1", "t=1048577", 1),
		strings.Replace(good, "m=8,t=1", "m=2097152,t=5", 1), strings.Replace(good, "m=8", "m=2097153", 1), strings.Replace(good, "p=1", "p=65", 1),
		strings.Replace(good, "p=1", "p=0", 1), strings.Replace(good, "p=1", "p=256", 1), strings.Replace(good, "p=1", "p=1,keyid=x", 1),
		"$2y$12$abcdefghijklmnopqrstuv",
	} {
		_, _, err := h.Verify(t.Context(), bad, "a long password")
		require.ErrorIs(t, err, argon2id.ErrMalformed, bad)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		o    argon2id.Options
		want string
	}{
		"the defaults":             {argon2id.Options{}, ""},
		"OWASP's other choices":    {argon2id.Options{Memory: 47104, Time: 1}, ""},
		"more than OWASP's":        {argon2id.Options{Memory: 65536, Time: 3, Threads: 4}, ""},
		"less memory":              {argon2id.Options{Memory: 19455}, "memory"},
		"less time":                {argon2id.Options{Time: 1}, "memory"},
		"less, for tests":          {argon2id.Options{Time: 1, UnsafeCheap: true}, ""},
		"RFC 9106's first choice":  {argon2id.Options{Memory: 2 << 20, Time: 1, Threads: 4}, ""},
		"too much in all":          {argon2id.Options{Memory: 2 << 20, Time: 5}, "memory"},
		"too much":                 {argon2id.Options{Memory: 1 << 31}, "memory"},
		"more threads than memory": {argon2id.Options{Threads: 2, UnsafeCheap: true}, "memory"},
		"nobody at a time":         {argon2id.Options{Concurrent: -1}, "concurrent"},
		"a short pepper":           {argon2id.Options{Peppers: [][]byte{first, first[:15]}}, "peppers[1]"},
	} {
		_, err := argon2id.New(&tt.o)
		if tt.want == "" {
			require.NoError(t, err, name)
			continue
		}
		invalid, ok := errors.AsType[*fault.InvalidError](err)
		require.True(t, ok, "%s: %v", name, err)
		require.Equal(t, tt.want, invalid.Problems[0].Field, name)
	}
}

// TestTurns: computations wait for each other, and no longer than their contexts.
func TestTurns(t *testing.T) {
	t.Parallel()
	h := cheap(t, argon2id.Options{Concurrent: 1})
	release := argon2id.Occupy(h)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := h.Hash(ctx, "a long password")
		done <- err
	}()
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
	_, _, err := h.Verify(ctx, "", "a long password")
	require.ErrorIs(t, err, context.Canceled)
	release()

	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := h.Hash(t.Context(), "a long password"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func FuzzVerify(f *testing.F) {
	h := cheap(f, argon2id.Options{})
	f.Add(hash(f, h, "a long password"))
	f.Add("$argon2id$v=19$m=8,t=1,p=1,keyid=AAAAAAAAAAA$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
	f.Fuzz(func(t *testing.T, text string) {
		if argon2id.Costly(text) {
			t.Skip()
		}
		ok, _, err := h.Verify(t.Context(), text, "")
		if err == nil && ok {
			t.Errorf("%q is the hash of nothing", text)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	h, err := argon2id.New(nil)
	require.NoError(b, err)
	text := hash(b, h, "a long password")
	for b.Loop() {
		if ok, _, err := h.Verify(b.Context(), text, "a long password"); !ok || err != nil {
			b.Fatal(ok, err)
		}
	}
}

func ExampleNew() {
	hasher, err := argon2id.New(nil) // OWASP's parameters
	if err != nil {
		return
	}
	_ = signin.Options{Hasher: hasher} // superapp.Options.SignIn
	// Output:
}
