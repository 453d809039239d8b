package superapp_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/unit"
)

// withDenials are the options of a kit that records them.
func withDenials() *superapptest.Options {
	return &superapptest.Options{Platform: superapp.Options{Denials: &audit.DenialOptions{}}}
}

// denials are those of the filter, in pages of two.
func denials(t *testing.T, k *superapptest.Kit, f audit.DenialFilter) []audit.Denial {
	t.Helper()
	return testkit.Pages(t, 2, func(r page.Request) (page.Page[audit.Denial], error) {
		return k.Audit.Denials(t.Context(), superapptest.System, f, r)
	})
}

// tries is what the tests are denied.
type tries struct {
	*superapptest.Kit
	*testing.T
	merchant audit.DenialFilter
}

func newTries(t *testing.T, k *superapptest.Kit) tries {
	return tries{k, t, audit.DenialFilter{Workspace: k.Merchant}}
}

// block is denied an account that may see members, and block nobody.
func (k tries) block(ctx context.Context, p *superapp.Platform) error {
	_, err := p.Members.Block(ctx, k.As(rbac.Developer), k.Member(rbac.Operator).ID, "")
	return err
}

// denied is [tries.block] of the kit's platform.
func (k tries) denied(p *superapp.Platform) error {
	k.Helper()
	err := k.block(k.Context(), p)
	var denied *rbac.DeniedError
	require.ErrorAs(k, err, &denied)
	require.ErrorContains(k, err, "member: block: ")
	return err
}

// counts are how often each was denied, the newest first.
func (k tries) counts(f audit.DenialFilter) (counts []int) {
	k.Helper()
	for _, d := range denials(k.T, k.Kit, f) {
		counts = append(counts, d.Count)
	}
	return counts
}

func TestDenials(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, *withDenials(), func(t *testing.T, kit *superapptest.Kit) {
		k := newTries(t, kit)
		dev, operator := k.As(rbac.Developer), rbac.OnMember(k.Member(rbac.Operator).ID)
		first := k.Clock.Now()
		k.denied(k.Platform)
		k.Clock.Advance(time.Minute)
		_, err := k.Members.Block(t.Context(), dev.OnBehalfOf("acc-boss").WithRequest("req-7"), k.Member(rbac.Operator).ID, "")
		require.ErrorIs(t, err, rbac.ErrDenied)
		want := audit.Denial{
			Workspace: k.Merchant, Seq: 1, Actor: dev.Name(), Permission: "member.block", Object: operator, Count: 2,
			First: first, Last: first.Add(time.Minute), OnBehalfOf: "acc-boss", Request: "req-7", Reason: rbac.RoleLacksIt,
		}
		require.Equal(t, []audit.Denial{want}, denials(t, kit, k.merchant))

		// What only reads, another object, a day later, and of a member who is blocked.
		_, err = k.Audit.Denials(t.Context(), dev, k.merchant, page.Request{})
		require.ErrorIs(t, err, rbac.ErrDenied)
		_, err = k.Members.Block(t.Context(), dev, k.Member(rbac.Developer).ID, "")
		require.ErrorIs(t, err, rbac.ErrDenied)
		k.Clock.Set(first.Truncate(24 * time.Hour).Add(24 * time.Hour))
		k.denied(k.Platform)
		_, err = k.Members.Block(t.Context(), k.As(rbac.DeveloperAdmin), k.Member(rbac.Operator).ID, "")
		require.NoError(t, err)
		_, err = k.MiniPrograms.Get(t.Context(), k.As(rbac.Operator), k.Shop)
		require.ErrorIs(t, err, rbac.ErrDenied)
		all := denials(t, kit, k.merchant)
		require.Len(t, all, 5)
		require.Equal(t, rbac.MemberBlocked, all[0].Reason)
		require.Equal(t, want, all[4])
		for i, d := range all {
			require.EqualValues(t, 5-i, d.Seq)
		}

		require.Equal(t, []int{1}, k.counts(audit.DenialFilter{Workspace: k.Merchant, Actor: k.As(rbac.Operator)}))
		require.Equal(t, []int{1, 2}, k.counts(audit.DenialFilter{Workspace: k.Merchant, Object: operator}))
		require.Empty(t, k.counts(audit.DenialFilter{Workspace: k.Merchant, Actor: rbac.System(dev.Name())}))
		require.Empty(t, k.counts(audit.DenialFilter{Workspace: k.Tenant}), "another workspace's")
		verifyAll(t, kit)

		// Cursors are of one list; a merchant's admin reads, a stranger finds nothing.
		p, err := k.Audit.Denials(t.Context(), k.As(rbac.DeveloperAdmin), k.merchant, page.Request{Size: 1})
		require.NoError(t, err)
		require.NotEmpty(t, p.Next)
		_, err = k.Audit.Denials(t.Context(), superapptest.System, audit.DenialFilter{Workspace: k.Merchant, Actor: dev}, page.Request{After: p.Next})
		require.ErrorIs(t, err, page.ErrCursor)
		_, err = k.Audit.Denials(t.Context(), rbac.User("acc-eve"), k.merchant, page.Request{})
		require.ErrorIs(t, err, audit.ErrWorkspace)
	})
}

// TestNoDenials: what is no attempt, or of which nobody may learn, is not recorded.
func TestNoDenials(t *testing.T) {
	t.Parallel()
	kit := superapptest.New(t, withDenials())
	k := newTries(t, kit)
	before := stored(t, k.Store)
	dev, eve := k.As(rbac.Developer), rbac.User("acc-eve")
	_, err := k.Members.Block(t.Context(), eve, k.Member(rbac.Operator).ID, "")
	require.ErrorIs(t, err, fault.ErrNotFound)
	_, err = k.Members.Block(t.Context(), dev, id.Member{UUID: id.New()}, "")
	require.ErrorIs(t, err, fault.ErrNotFound)
	on := rbac.OnWorkspace(k.Merchant)
	require.ErrorIs(t, k.Access.Check(t.Context(), dev, rbac.BlockMember, on), rbac.ErrDenied)
	_, err = k.Access.CheckAll(t.Context(), dev, []rbac.Ask{{Permission: rbac.BlockMember, Object: on}})
	require.NoError(t, err)
	// What a host records by itself.
	decision, err := k.Access.Explain(t.Context(), dev, rbac.BlockMember, on)
	require.NoError(t, err)
	for name, e := range map[string]error{
		"no error":               nil,
		"another error":          errors.New("down"),
		"a stranger's":           k.Access.Check(t.Context(), eve, rbac.BlockMember, on),
		"of nothing":             k.Access.Check(t.Context(), dev, rbac.BlockMember, rbac.OnWorkspace(id.Workspace{UUID: id.New()})),
		"that does not name him": decision.Err(),
	} {
		require.NoError(t, k.Audit.RecordDenial(t.Context(), e), name)
	}
	long := k.Access.Check(t.Context(), dev.WithRequest(string(make([]byte, 256))), rbac.BlockMember, on)
	require.ErrorIs(t, k.Audit.RecordDenial(t.Context(), long), rbac.ErrRequest)
	require.Equal(t, before, stored(t, k.Store))

	denied := k.Access.Check(t.Context(), dev, rbac.BlockMember, on)
	require.NoError(t, k.Audit.RecordDenial(t.Context(), errors.Join(errors.New("middleware"), denied)))
	require.Equal(t, []int{1}, k.counts(audit.DenialFilter{Workspace: k.Merchant, Object: on}))

	off := superapptest.New(t, nil)
	k = newTries(t, off)
	before = stored(t, k.Store)
	require.NoError(t, k.Audit.RecordDenial(t.Context(), k.denied(k.Platform)), "switched off")
	require.Equal(t, before, stored(t, k.Store))
}

// TestDenialsAreCounted: attempts at the same time are counted exactly, and no more
// kinds of them are kept than a day has room for.
func TestDenialsAreCounted(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, *withDenials(), func(t *testing.T, kit *superapptest.Kit) {
		k := newTries(t, kit)
		const racers, each = 8, 3
		var all sync.WaitGroup
		for range racers {
			all.Go(func() {
				for range each {
					if err := k.block(t.Context(), k.Platform); !errors.Is(err, rbac.ErrDenied) {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		require.Equal(t, []int{racers * each}, k.counts(k.merchant))

		dev, tried := k.As(rbac.Developer), 0
		for _, p := range k.Access.Matrix().Permissions() {
			for _, o := range []rbac.Object{rbac.OnWorkspace(k.Merchant), rbac.OnMiniProgram(k.Shop), rbac.OnMember(k.Member(rbac.Operator).ID)} {
				err := k.Access.Check(t.Context(), dev, p, o)
				if err != nil {
					tried++
				}
				require.NoError(t, k.Audit.RecordDenial(t.Context(), err))
			}
		}
		require.Greater(t, tried, audit.MaxDenials+1)
		require.Len(t, k.counts(k.merchant), audit.MaxDenials)
		k.denied(k.Platform)
		require.Equal(t, []int{racers*each + 2}, k.counts(k.merchant)[audit.MaxDenials-1:], "what is there is counted on")
		k.Clock.Advance(24 * time.Hour)
		k.denied(k.Platform)
		require.Len(t, k.counts(k.merchant), audit.MaxDenials+1)
	})
}

// TestDenialsNotRecorded: a verb answers what it would, and the log tells.
func TestDenialsNotRecorded(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	o := withDenials()
	o.NoRerun, o.Platform.Logger = true, slog.New(slog.NewTextHandler(&log, nil))
	k := newTries(t, superapptest.New(t, o))
	k.denied(k.Over(storagetest.Spy(k.Store, func(c storagetest.Call) error {
		if c.Method == "PutDenial" {
			return storagetest.ErrInjected
		}
		return nil
	})))
	require.Empty(t, k.counts(k.merchant))
	require.Contains(t, log.String(), `level=WARN msg="denial not recorded" permission=member.block`)
	require.NotContains(t, log.String(), string(k.As(rbac.Developer).Account()), "a log holds no personal data")

	for _, keep := range []time.Duration{-1, 24*time.Hour - 1} {
		_, err := superapp.New(k.Store, &superapp.Options{Denials: &audit.DenialOptions{Keep: keep}})
		var invalid *fault.InvalidError
		require.ErrorAs(t, err, &invalid)
		require.ErrorContains(t, err, "denials.keep")
	}
}

// A leaver is a caller's store: once it has an answer, he is gone.
type leaver struct {
	storage.Store
	leave func()
}

func (l leaver) Update(ctx context.Context, s unit.Scope, fn func(context.Context, storage.Tx) error) error {
	defer l.leave()
	return l.Store.Update(ctx, s, fn)
}

func TestDenialsOutlastTheCaller(t *testing.T) {
	t.Parallel()
	o := withDenials()
	o.NoRerun = true
	k := newTries(t, superapptest.New(t, o))
	ctx, leave := context.WithCancel(t.Context())
	require.ErrorIs(t, k.block(ctx, k.Over(leaver{k.Store, leave})), rbac.ErrDenied)
	require.Error(t, ctx.Err())
	require.Equal(t, []int{1}, k.counts(k.merchant))
}

// Whoever opens a unit himself knows what becomes of it.
func TestDenialsInsideAUnitOfTheHosts(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, *withDenials(), func(t *testing.T, kit *superapptest.Kit) {
		k := newTries(t, kit)
		require.NoError(t, k.Store.Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
			require.ErrorIs(t, k.block(ctx, k.With(storage.Within(tx))), rbac.ErrDenied)
			return nil
		}))
		require.Empty(t, k.counts(k.merchant))
	})
}

func TestDenialsAreKept(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for set, keep := range map[time.Duration]time.Duration{0: 90 * day, 3 * day: 3 * day} {
		t.Run(keep.String(), func(t *testing.T) {
			t.Parallel()
			o := withDenials()
			o.Platform.Denials.Keep = set
			testkit.OnStores(t, *o, func(t *testing.T, kit *superapptest.Kit) {
				k := newTries(t, kit)
				k.denied(k.Platform)
				k.Clock.Advance(keep)
				require.Len(t, k.counts(k.merchant), 1)
				k.Clock.Advance(time.Microsecond)
				require.Empty(t, k.counts(k.merchant), "not listed any more")
				k.denied(k.Platform)
				k.Clock.Advance(-keep)
				require.Len(t, k.counts(k.merchant), 1, "not stored any more")
			})
		})
	}
}

// TestEraseDenials: an erasure reaches denials, in a removed workspace as well (E3).
func TestEraseDenials(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, *withDenials(), func(t *testing.T, kit *superapptest.Kit) {
		k := newTries(t, kit)
		dev := k.As(rbac.Developer)
		k.denied(k.Platform)
		_, err := k.Members.Block(t.Context(), k.As(rbac.Operator).OnBehalfOf(dev.Account()), k.Member(rbac.Developer).ID, "")
		require.ErrorIs(t, err, rbac.ErrDenied)
		_, err = k.Members.Block(t.Context(), k.As(rbac.Operator), k.Member(rbac.DeveloperAdmin).ID, "")
		require.ErrorIs(t, err, rbac.ErrDenied)
		require.NoError(t, k.RemoveDeveloper(t.Context(), k.As(rbac.WorkspaceAdmin), k.Merchant, "closed"))
		_, _, err = k.Members.Invite(t.Context(), k.As(rbac.WorkspaceAdmin), member.Invite{
			Workspace: k.Merchant, Email: "nia@people.example", Name: "Nia", Role: rbac.DeveloperAdmin,
		})
		require.ErrorIs(t, err, rbac.ErrDenied)

		done, err := k.Audit.Erase(t.Context(), superapptest.System, audit.Erase{Workspace: k.Merchant, Account: dev.Account()})
		require.NoError(t, err)
		require.Equal(t, 2, done.Denials)
		all := denials(t, kit, k.merchant)
		require.Len(t, all, 4)
		require.Equal(t, rbac.WorkspaceState, all[0].Reason)
		require.Equal(t, done.Pseudonym, all[2].OnBehalfOf)
		require.Equal(t, done.Pseudonym, all[3].Actor)
		for _, line := range stored(t, k.Store) {
			if strings.HasPrefix(line, "[]audit.Denial") {
				require.NotContains(t, line, dev.Name())
			}
		}
		require.Empty(t, k.counts(audit.DenialFilter{Workspace: k.Merchant, Actor: dev}))
		require.Len(t, k.counts(audit.DenialFilter{Workspace: k.Merchant, Actor: k.As(rbac.Operator)}), 2)

		again, err := k.Audit.Erase(t.Context(), superapptest.System, audit.Erase{Workspace: k.Merchant, Account: dev.Account()})
		require.NoError(t, err)
		require.Zero(t, again.Denials)
	})
}
