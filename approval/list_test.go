package approval_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
)

var first = page.Request{}

type listing = func(context.Context, rbac.Actor, approval.Filter, page.Request) (page.Page[approval.Details], error)

// crowd submits requests of all kinds by many, some of which have ended.
func crowd(b *bench) (all []approval.Request, everybody []rbac.Actor) {
	developerAdmin, mo := b.As(rbac.DeveloperAdmin), rbac.User("acc-mo")
	everybody = []rbac.Actor{system, stranger, foreign, mo, rbac.User("acc-gone"), rbac.User("acc-blocked")}
	for _, info := range rbac.Roles() {
		if info.Place != rbac.TeamPlace {
			everybody = append(everybody, b.As(info.Role))
		}
	}
	gone, blocked := b.Join(rbac.DeveloperAdmin, "gone"), b.Join(rbac.DeveloperAdmin, "blocked")
	end := func(r approval.Request) approval.Request {
		_, err := b.Decide(b.t.Context(), system, r.ID, no)
		require.NoError(b.t, err)
		return r
	}
	all = []approval.Request{
		end(b.submit(developerAdmin, approval.Removal, b.Merchant)),
		b.submit(b.As(rbac.WorkspaceAdmin), approval.Removal, b.Tenant),
		end(b.submit(mo, approval.DeveloperWorkspace, b.Tenant)),
		b.submit(mo, approval.DeveloperWorkspace, b.Tenant),
		b.submit(b.As(rbac.Developer), approval.DeveloperWorkspace, b.Tenant),
		end(b.submit(rbac.User("acc-gone"), approval.VersionRelease, b.Merchant)),
		b.submit(rbac.User("acc-gone"), approval.WorkspaceChange, b.Merchant),
		b.submit(rbac.User("acc-blocked"), approval.VersionRelease, b.Merchant),
		b.submit(b.As(rbac.WorkspaceReviewer), approval.Removal, b.Merchant),
		b.submit(system, approval.WorkspaceChange, b.Tenant),
		b.submit(b.As(rbac.WorkspaceDeveloper), approval.VersionRelease, b.Tenant),
	}
	_, err := b.Members.Delete(b.t.Context(), system, gone.ID, "")
	require.NoError(b.t, err)
	_, err = b.Members.Block(b.t.Context(), system, blocked.ID, "")
	require.NoError(b.t, err)
	return all, everybody
}

// TestListsAgree: every list holds what it says, to everybody: what Get answers,
// what he submitted, and what he may decide; each with the actions that succeed.
func TestListsAgree(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	all, everybody := crowd(b)
	for _, by := range everybody {
		t.Run(by.Name(), func(t *testing.T) {
			b.t = t
			var seen, mine, todo []approval.Details
			for _, r := range all {
				d, err := b.Get(t.Context(), by, r.ID)
				if err != nil {
					require.True(t, errors.Is(err, approval.ErrNotFound) || errors.Is(err, rbac.ErrDenied), err)
					continue
				}
				require.Equal(t, b.stored(r), d.Request, "he sees what it froze")
				seen = append(seen, d)
				if r.Submitter != "" && r.Submitter == by.Account() {
					mine = append(mine, d)
				}
				right := by.IsSystem() || r.Kind != approval.WorkspaceChange &&
					b.Access.Check(t.Context(), by, rbac.DecideApproval, rbac.OnRequest(r.ID)) == nil
				if d.Status == approval.InReview && right {
					todo = append(todo, d)
				}
			}
			for size := range 4 {
				for name, list := range map[string]struct {
					list listing
					want []approval.Details
				}{"list": {b.List, seen}, "mine": {b.Mine, mine}, "to decide": {b.ToDecide, todo}} {
					got := testkit.Pages(t, max(size*size, 1), func(req page.Request) (page.Page[approval.Details], error) {
						return list.list(t.Context(), by, approval.Filter{}, req)
					})
					require.Equal(t, list.want, got, name)
				}
			}
		})
	}
	require.NotEmpty(t, all)
}

// TestListsOfNote: who finds what.
func TestListsOfNote(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	crowd(b)
	for _, tt := range []struct {
		by         rbac.Actor
		list, mine int
		todo, may  int // may: of which he may decide
	}{
		{system, 11, 0, 8, 8},
		{b.As(rbac.WorkspaceAdmin), 11, 1, 6, 5},    // not his own, and no workspace change
		{b.As(rbac.WorkspaceReviewer), 11, 1, 6, 5}, // as above
		{b.As(rbac.DeveloperAdmin), 5, 1, 0, 0},     // those of his workspace's objects
		{b.As(rbac.Developer), 1, 1, 0, 0},
		{b.As(rbac.WorkspaceDeveloper), 1, 1, 0, 0},
		{b.As(rbac.Operator), 0, 0, 0, 0},
		{rbac.User("acc-mo"), 2, 2, 0, 0},
		{rbac.User("acc-gone"), 0, 0, 0, 0},
		{rbac.User("acc-blocked"), 0, 0, 0, 0},
		{stranger, 0, 0, 0, 0}, {foreign, 0, 0, 0, 0},
	} {
		got := [4]int{}
		for i, list := range []listing{b.List, b.Mine, b.ToDecide} {
			p, err := list(t.Context(), tt.by, approval.Filter{}, first)
			require.NoError(t, err)
			got[i] = len(p.Items)
			for _, d := range p.Items {
				if i == 2 && len(d.Actions) > 0 && d.Actions[0] == approval.ActionDecide {
					got[3]++
				}
			}
		}
		require.Equal(t, [4]int{tt.list, tt.mine, tt.todo, tt.may}, got, tt.by.Name())
	}
}

// TestFilters: each narrows a list, and they combine.
func TestFilters(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	all, _ := crowd(b)
	one := func(r approval.Request) []approval.Request { return []approval.Request{r} }
	for name, tt := range map[string]struct {
		filter approval.Filter
		want   []approval.Request
	}{
		"nothing":          {approval.Filter{}, all},
		"a workspace":      {approval.Filter{Workspace: b.Merchant}, []approval.Request{all[0], all[5], all[6], all[7], all[8]}},
		"a tenant":         {approval.Filter{Tenant: b.Tenant}, all},
		"another tenant":   {approval.Filter{Tenant: b.Merchant}, nil},
		"a mini program":   {approval.Filter{MiniProgram: b.App}, []approval.Request{all[1], all[10]}},
		"an object":        {approval.Filter{Object: rbac.OnWorkspace(b.Merchant)}, one(all[6])},
		"a kind":           {approval.Filter{Kinds: []approval.Kind{approval.WorkspaceChange}}, []approval.Request{all[6], all[9]}},
		"a status":         {approval.Filter{Statuses: []approval.Status{approval.Rejected}}, []approval.Request{all[0], all[2], all[5]}},
		"a kind in status": {approval.Filter{Kinds: []approval.Kind{approval.Removal}, Statuses: []approval.Status{approval.Rejected}}, one(all[0])},
		"empty lists":      {approval.Filter{Kinds: []approval.Kind{}, Statuses: []approval.Status{}}, all},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, by := range []rbac.Actor{system, b.As(rbac.WorkspaceAdmin)} {
				p, err := b.List(t.Context(), by, tt.filter, first)
				require.NoError(t, err)
				var got, want []id.Request
				for _, d := range p.Items {
					got = append(got, d.ID)
				}
				for _, r := range tt.want {
					want = append(want, r.ID)
				}
				require.Equal(t, want, got)
			}
		})
	}

	t.Run("what is asked", func(t *testing.T) {
		t.Parallel()
		for _, list := range []listing{b.List, b.Mine} {
			_, err := list(t.Context(), system, approval.Filter{Kinds: []approval.Kind{"party"}, Statuses: []approval.Status{"lost"}}, first)
			invalid, ok := errors.AsType[*fault.InvalidError](err)
			require.True(t, ok, "err = %v", err)
			require.Len(t, invalid.Problems, 2)
			_, err = list(t.Context(), system, approval.Filter{}, page.Request{Size: -1})
			require.ErrorIs(t, err, fault.ErrInvalid)
			_, err = list(t.Context(), system, approval.Filter{}, page.Request{After: page.Encode("another", make([]byte, 16))})
			require.ErrorIs(t, err, page.ErrCursor)
			_, err = list(t.Context(), rbac.Actor{}, approval.Filter{}, first)
			require.ErrorIs(t, err, id.ErrAccount)
		}
	})
}

// TestWhoWithdraws: the submitter, and who might have submitted.
func TestWhoWithdraws(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	all, everybody := crowd(b)
	may := map[rbac.Actor][]int{
		system: {1, 3, 4, 6, 7, 8, 9, 10},
		// The right to submit: removals in the whole tenant, the rest in his own.
		b.As(rbac.WorkspaceAdmin):     {1, 8, 9, 10},
		b.As(rbac.WorkspaceReviewer):  {8},
		b.As(rbac.WorkspaceDeveloper): {10},
		b.As(rbac.DeveloperAdmin):     {6, 7, 8},
		b.As(rbac.Developer):          {4},
		rbac.User("acc-mo"):           {3},
	}
	for _, by := range everybody {
		var got []int
		for i, r := range all {
			d, err := b.Get(t.Context(), by, r.ID)
			if err == nil && len(d.Actions) > 0 && d.Actions[len(d.Actions)-1] == approval.ActionWithdraw {
				got = append(got, i)
			} else if r = b.stored(r); r.Status == approval.InReview {
				_, err := b.Withdraw(t.Context(), by, r.ID, "")
				require.Error(t, err, fmt.Sprint(by.Name(), i))
				require.Equal(t, r, b.stored(r))
			}
		}
		require.Equal(t, may[by], got, by.Name())
	}
	for by, which := range may {
		for _, i := range which {
			b := newBench(t)
			all, _ := crowd(b)
			got, err := b.Withdraw(t.Context(), by, all[i].ID, " changed our mind ")
			require.NoError(t, err)
			require.Equal(t, approval.Withdrawn, got.Status)
			require.Equal(t, "changed our mind", got.Answer)
			require.Equal(t, got, b.ended)
			require.Equal(t, approval.EventWithdrawn, b.events(all[i])[1].Verb)
		}
	}
}
