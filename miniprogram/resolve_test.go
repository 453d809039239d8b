package miniprogram_test

import (
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

//go:generate go test -run TestVectors . -update

var update = flag.Bool("update", false, "write testdata/resolve.json instead of comparing it")

// TestMurmur: the hash is MurmurHash3, by vectors that others have published.
func TestMurmur(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		seed uint32
		want uint32
	}{
		{"", 0, 0}, {"", 1, 0x514e28b7}, {"", 0xffffffff, 0x81f16f39},
		{"\x00\x00\x00\x00", 0, 0x2362f9de}, {"\x00\x00\x00", 0, 0x85f0b427}, {"\x00\x00", 0, 0x30f4c306}, {"\x00", 0, 0x514e28b7},
		{"\x21\x43\x65\x87", 0, 0xf55b516b}, {"\x21\x43\x65\x87", 0x5082edee, 0x2362f9de},
		{"\x21\x43\x65", 0, 0x7e4a8634}, {"\x21\x43", 0, 0xa0f7b07a}, {"\x21", 0, 0x72661cf4},
		{"\xff\xff\xff\xff", 0, 0x76293b50},
		{"test", 0, 0xba6bd213}, {"test", 0x9747b28c, 0x704b81dc},
		{"Hello, world!", 0, 0xc0363e43}, {"Hello, world!", 0x9747b28c, 0x24884cba},
		{"The quick brown fox jumps over the lazy dog", 0, 0x2e4ff723}, {"The quick brown fox jumps over the lazy dog", 0x9747b28c, 0x2fa826cd},
	} {
		require.Equal(t, tt.want, miniprogram.Murmur(tt.seed, tt.text), "%q, seed %#x", tt.text, tt.seed)
	}
	for n := range 9 {
		p, key := id.UUID{1, 2, 3, 15: 255}, "äßkey-key"[:n]
		require.Equal(t, miniprogram.Murmur(0, string(p[:])+key), miniprogram.Hash(p, key), "a hash of the id and the key")
	}
}

// vector is one line of testdata/resolve.json, for clients in other languages.
type vector struct {
	MiniProgram id.MiniProgram `json:"mini_program"`
	Key         string         `json:"key"`
	Hash        uint32         `json:"hash"`
	Bucket      int            `json:"bucket"`
	// FromPercent is the least share that the user is in.
	FromPercent int `json:"from_percent"`
}

func TestVectors(t *testing.T) {
	t.Parallel()
	var vectors []vector
	for _, text := range []string{"00000000-0000-0000-0000-000000000001", "01890a5d-ac96-774b-bcce-b302099a8057", "ffffffff-ffff-ffff-ffff-ffffffffffff"} {
		p, err := id.ParseMiniProgram(text)
		require.NoError(t, err)
		for _, key := range []string{"1", "42", "abc", "acc-ada", "acc-0001", "2088102146225135", "用户-7", "a key that is longer than most", "\u00e9", "e\u0301"} {
			b := miniprogram.Bucket(p, key)
			vectors = append(vectors, vector{p, key, miniprogram.Hash(p.UUID, key), b, b/100 + 1})
		}
	}
	want, err := json.MarshalIndent(vectors, "", "\t")
	require.NoError(t, err)
	want = append(want, '\n')
	if *update {
		require.NoError(t, os.WriteFile("testdata/resolve.json", want, 0o644))
		return
	}
	got, err := os.ReadFile("testdata/resolve.json")
	require.NoError(t, err)
	require.Equal(t, string(want), string(got), "a user's bucket never changes")
	for _, v := range vectors {
		r := miniprogram.Release{MiniProgram: v.MiniProgram, Candidate: candidate, Percent: v.FromPercent, Full: full}
		require.Equal(t, candidate, resolved(t, r, miniprogram.User{Key: v.Key}))
		r.Percent--
		require.Equal(t, full, resolved(t, r, miniprogram.User{Key: v.Key}))
	}
}

var (
	candidate = id.Version{UUID: id.UUID{15: 2}}
	full      = id.Version{UUID: id.UUID{15: 1}}
	someone   = id.MiniProgram{UUID: id.UUID{1, 0x89, 0x0a, 15: 9}}
)

func resolved(t *testing.T, r miniprogram.Release, u miniprogram.User) id.Version {
	t.Helper()
	v, ok := miniprogram.Resolve(r, u)
	require.Equal(t, !v.IsZero(), ok)
	return v
}

func TestResolve(t *testing.T) {
	t.Parallel()
	tester := miniprogram.NewUser("acc-dee", " DEE@People.example ")
	require.Equal(t, miniprogram.User{Key: "acc-dee", Email: "dee@people.example"}, tester)
	require.Equal(t, miniprogram.User{Key: "acc-dee"}, miniprogram.NewUser("acc-dee", "no address"))
	user := miniprogram.User{Key: "acc-eve", Email: "eve@people.example"}
	testers := []string{"abe@people.example", "dee@people.example", "zoe@people.example"}
	for _, tt := range []struct {
		name    string
		release miniprogram.Release
		user    miniprogram.User
		want    id.Version
	}{
		{"nothing is released", miniprogram.Release{}, user, id.Version{}},
		{"everybody gets the full one", miniprogram.Release{Full: full, Testers: testers}, tester, full},
		{"a tester gets the pilot", miniprogram.Release{Candidate: candidate, Full: full, Testers: testers}, tester, candidate},
		{"nobody else does", miniprogram.Release{Candidate: candidate, Full: full, Testers: testers}, user, full},
		{"nobody else gets anything before the first release", miniprogram.Release{Candidate: candidate, Testers: testers}, user, id.Version{}},
		{"a tester without an address is none", miniprogram.Release{Candidate: candidate, Full: full, Testers: []string{""}}, miniprogram.User{Key: "acc-dee"}, full},
		{"testers come before shares", miniprogram.Release{Candidate: candidate, Percent: 1, Full: full, Testers: testers}, tester, candidate},
		{"a user without a key is in no share", miniprogram.Release{Candidate: candidate, Percent: 99, Full: full}, miniprogram.User{}, full},
		{"a tester without a key is a tester", miniprogram.Release{Candidate: candidate, Percent: 1, Full: full, Testers: testers}, miniprogram.User{Email: "zoe@people.example"}, candidate},
	} {
		require.Equal(t, tt.want, resolved(t, tt.release, tt.user), tt.name)
	}
}

// TestShares: over a million users of every form of key, each share is uniform
// within one percent of the users, whoever is in one is in every greater one, and
// one mini program's users are not another's (V6).
func TestShares(t *testing.T) {
	t.Parallel()
	const users = 1_000_000
	other := id.MiniProgram{UUID: id.UUID{1, 0x89, 0x0a, 15: 10}}
	for name, key := range map[string]func(int) string{
		"numbers":  func(i int) string { return fmt.Sprint(i) },
		"accounts": func(i int) string { return fmt.Sprintf("acc-%08d", i) },
		"bytes":    func(i int) string { return string(binary.BigEndian.AppendUint64(nil, uint64(i))) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var in [101]int
			both := 0
			for i := range users {
				k := key(i)
				b := miniprogram.Bucket(someone, k)
				in[b/100+1]++ // the least share that he is in
				if b < 1000 && miniprogram.Bucket(other, k) < 1000 {
					both++
				}
			}
			sum := 0
			for percent := 1; percent <= 100; percent++ {
				sum += in[percent]
				require.InDelta(t, percent*users/100, sum, users/100, "%d %%", percent)
				require.InDelta(t, users/100, in[percent], users/1000, "those who join at %d %%", percent)
			}
			require.Equal(t, users, sum)
			require.InDelta(t, users/100, both, users/1000, "in two shares of 10 %% at once")
		})
	}
	for i := range 2000 {
		u := miniprogram.User{Key: fmt.Sprint("acc-", i)}
		was := false
		for percent := range 100 {
			v, _ := miniprogram.Resolve(miniprogram.Release{MiniProgram: someone, Candidate: candidate, Percent: percent, Full: full}, u)
			require.False(t, was && v != candidate, "%s left at %d %%", u.Key, percent)
			was = v == candidate
		}
	}
}

func crowd() (r miniprogram.Release, u miniprogram.User) {
	r = miniprogram.Release{MiniProgram: someone, Candidate: candidate, Percent: 10, Full: full}
	for i := range 100 {
		r.Testers = append(r.Testers, fmt.Sprintf("tester-%02d@people.example", i))
	}
	return r, miniprogram.User{Key: "2088102146225135", Email: "somebody@people.example"}
}

func TestResolveAllocatesNothing(t *testing.T) {
	r, u := crowd()
	require.Zero(t, testing.AllocsPerRun(100, func() { miniprogram.Resolve(r, u) }))
}

// BenchmarkResolve: at most 60 ns for a user, without an allocation.
func BenchmarkResolve(b *testing.B) {
	r, u := crowd()
	for name, email := range map[string]string{"no address": "", "among 100 testers": u.Email} {
		b.Run(name, func(b *testing.B) {
			u.Email = email
			b.ReportAllocs()
			for b.Loop() {
				miniprogram.Resolve(r, u)
			}
		})
	}
}

func TestReleaseOf(t *testing.T) {
	t.Parallel()
	k := ready(t)
	ctx, boss := t.Context(), k.As(rbac.DeveloperAdmin)
	_, err := k.MiniPrograms.Configure(ctx, boss, k.Shop, miniprogram.Configuration{Testers: []string{"ZOE@people.example", "dee@people.example"}})
	require.NoError(t, err)
	testers := []string{"dee@people.example", "zoe@people.example"}
	full := testkit.Release(t, k, k.Shop, "1.0.0")
	next := approved(t, k, "1.1.0")
	_, err = k.MiniPrograms.Grayscale(ctx, boss, next, 7)
	require.NoError(t, err)
	r, err := k.MiniPrograms.ReleaseOf(ctx, boss, k.Shop)
	require.NoError(t, err)
	require.Equal(t, miniprogram.Release{MiniProgram: k.Shop, Candidate: next, Percent: 7, Full: full, Testers: testers}, r)
	require.True(t, slices.IsSorted(r.Testers))
	text, err := json.Marshal(r)
	require.NoError(t, err)
	var back miniprogram.Release
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, r, back)

	_, err = k.MiniPrograms.TakeOffline(ctx, boss, k.Shop, "a leak")
	require.NoError(t, err)
	r, err = k.MiniPrograms.ReleaseOf(ctx, superapptest.System, k.Shop)
	require.NoError(t, err)
	require.Equal(t, miniprogram.Release{MiniProgram: k.Shop, Testers: testers, Offline: true}, r)

	_, err = k.MiniPrograms.ReleaseOf(ctx, k.As(rbac.Developer), k.Shop)
	require.ErrorIs(t, err, fault.ErrDenied, "a developer does not see who the testers are")
	_, err = k.MiniPrograms.ReleaseOf(ctx, rbac.User("acc-stranger"), k.Shop)
	require.ErrorIs(t, err, miniprogram.ErrNotFound)
}
