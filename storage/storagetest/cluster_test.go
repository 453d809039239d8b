package storagetest_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/unit"
)

// TestRunCluster: a database that several stores share passes, and each of
// them has a part in every case.
func TestRunCluster(t *testing.T) {
	t.Parallel()
	storagetest.RunCluster(t, func(t *testing.T) (stores []storage.Store) {
		db := memory.New()
		for range 3 {
			var calls atomic.Int64
			t.Cleanup(func() { require.NotZero(t, calls.Load(), "a store was not used") })
			stores = append(stores, storagetest.Spy(db, func(storagetest.Call) error { calls.Add(1); return nil }))
		}
		return stores
	})
}

// clusters are broken. Each fails the cases that are about what it lacks, and
// no others.
var clusters = map[string]struct {
	open  func() []storage.Store
	fails []string
}{
	"a unit decides by what its node knew before the lock": {
		func() []storage.Store { return slices.Repeat([]storage.Store{late{memory.New()}}, 3) },
		[]string{"a_limit_holds", "denials_are_counted_exactly", "no_event_is_lost", "no_more_guesses_than_are_allowed", "one_of_many_accepts_wins", "the_last_admin_stays",
			"units_about_several_workspaces_do_not_block_each_other_for_ever"},
	},
	"nothing is unique": {
		func() []storage.Store { return slices.Repeat([]storage.Store{lax{memory.New()}}, 3) },
		[]string{"one_of_many_submissions_wins", "the_last_line_holds_for_accounts", "the_last_line_holds_for_catalogues",
			"the_last_line_holds_for_names", "the_last_line_holds_for_short_ids", "the_store_is_the_last_line"},
	},
	"each node has a database of its own": {
		func() []storage.Store { return []storage.Store{memory.New(), memory.New(), memory.New()} },
		[]string{"a_limit_holds", "denials_are_counted_exactly", "no_event_is_lost", "no_more_guesses_than_are_allowed", "no_scan_is_lost", "one_of_many_accepts_wins", "one_of_many_submissions_wins",
			"readers_see_whole_units_only", "the_last_admin_stays", "the_last_line_holds_for_accounts",
			"the_last_line_holds_for_catalogues", "the_last_line_holds_for_names", "the_last_line_holds_for_short_ids", "the_store_is_the_last_line",
			"units_about_several_workspaces_do_not_block_each_other_for_ever"},
	},
}

const broken = "SUPERAPP_TEST_BROKEN_CLUSTER"

// TestRunClusterFails runs the cases on broken clusters, in a process of their
// own because they fail.
func TestRunClusterFails(t *testing.T) {
	if c, ok := clusters[os.Getenv(broken)]; ok {
		storagetest.RunCluster(t, func(*testing.T) []storage.Store { return c.open() })
		return
	}
	t.Parallel()
	failed := regexp.MustCompile(`--- FAIL: TestRunClusterFails/concurrency/(\S+)`)
	for name, c := range clusters {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestRunClusterFails$")
			cmd.Env = append(os.Environ(), broken+"="+name)
			out, err := cmd.CombinedOutput()
			require.Error(t, err)
			found := map[string]bool{}
			for _, m := range failed.FindAllSubmatch(out, -1) {
				found[string(m[1])] = true
			}
			require.Equal(t, c.fails, slices.Sorted(maps.Keys(found)), string(out))
		})
	}
}

// A late store reads in its units what there was before it had the lock, as a
// node does that has not yet seen what another one committed.
type late struct{ storage.Store }

func (l late) Update(ctx context.Context, s unit.Scope, fn func(context.Context, storage.Tx) error) error {
	return l.View(ctx, func(_ context.Context, before storage.Reader) error {
		time.Sleep(10 * time.Millisecond)
		return l.Store.Update(ctx, s, func(ctx context.Context, tx storage.Tx) error { return fn(ctx, behind{tx, before}) })
	})
}

type behind struct {
	storage.Tx
	before storage.Reader
}

func (b behind) Lookup(ctx context.Context, l member.Lookup) (member.Found, error) {
	return b.before.Lookup(ctx, l)
}

func (b behind) Members(ctx context.Context, q member.Query) ([]member.Member, error) {
	return b.before.Members(ctx, q)
}

func (b behind) Head(ctx context.Context, w id.Workspace) (audit.Head, error) {
	return b.before.Head(ctx, w)
}

func (b behind) Passwords(ctx context.Context, q signin.Query) (signin.Kept, error) {
	return b.before.Passwords(ctx, q)
}

func (b behind) Denials(ctx context.Context, q audit.DenialQuery) ([]audit.Denial, error) {
	return b.before.Denials(ctx, q)
}

// A lax store takes what is stored already for well done.
type lax struct{ storage.Store }

func (l lax) Update(ctx context.Context, s unit.Scope, fn func(context.Context, storage.Tx) error) error {
	return l.Store.Update(ctx, s, func(ctx context.Context, tx storage.Tx) error { return fn(ctx, blind{tx}) })
}

type blind struct{ storage.Tx }

func (b blind) InsertMember(ctx context.Context, m member.Member) error {
	return ignore(b.Tx.InsertMember(ctx, m))
}

func (b blind) UpdateMember(ctx context.Context, m member.Member) error {
	return ignore(b.Tx.UpdateMember(ctx, m))
}

func (b blind) PutInformation(ctx context.Context, p miniprogram.MiniProgram, i miniprogram.Information) error {
	return ignore(b.Tx.PutInformation(ctx, p, i))
}

func (b blind) InsertRequest(ctx context.Context, r approval.Request) error {
	return ignore(b.Tx.InsertRequest(ctx, r))
}

func (b blind) PutFeature(ctx context.Context, f feature.Feature) error {
	return ignore(b.Tx.PutFeature(ctx, f))
}

func (b blind) InsertQRCode(ctx context.Context, d qrcode.Definition) error {
	return ignore(b.Tx.InsertQRCode(ctx, d))
}

func ignore(err error) error {
	if errors.Is(err, fault.ErrExists) || errors.Is(err, qrcode.ErrShortTaken) {
		return nil
	}
	return err
}
