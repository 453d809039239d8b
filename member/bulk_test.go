package member_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/superapptest"
)

// listing is a file of n developers, of whom the wrong ones, by line, have a role
// that is none.
func listing(k *superapptest.Kit, n int, wrong ...int) string {
	var b strings.Builder
	b.WriteString("email,name,role,mini_programs\n")
	for i := range n {
		role := rbac.Developer
		for _, w := range wrong {
			if w == i+2 {
				role = "emperor"
			}
		}
		fmt.Fprintf(&b, "p%d@people.example,Person %d,%s,%s\n", i, i, role, k.Shop)
	}
	return b.String()
}

// bulkOf is a bulk invitation of a file into the kit's merchant.
func bulkOf(k *superapptest.Kit, file string) member.Bulk {
	return member.Bulk{Workspace: k.Merchant, Key: "june", Rows: member.ReadCSV(strings.NewReader(file))}
}

// states counts the states of the verdicts.
func states(verdicts []member.BulkVerdict) map[member.BulkState]int {
	n := map[member.BulkState]int{}
	for _, v := range verdicts {
		n[v.State]++
	}
	return n
}

// invited counts the invitations that the kit's merchant has sent.
func invited(t *testing.T, k *superapptest.Kit) int {
	t.Helper()
	return len(testkit.Pages(t, page.MaxSize, func(req page.Request) (page.Page[member.Details], error) {
		return k.Members.List(t.Context(), system, member.Filter{Workspace: k.Merchant, Statuses: []member.Status{member.StatusSent}}, req)
	}))
}

func TestBulkOfAThousandTellsItsProgress(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{NoRerun: true, Platform: superapp.Options{Members: &member.Options{MaxBatch: 100}}}, func(t *testing.T, k *superapptest.Kit) {
		const n = 1000
		in := bulkOf(k, listing(k, n, 5, 900))
		plan, err := k.Bulk.Plan(t.Context(), merchantAdmin, in)
		require.NoError(t, err)
		require.Equal(t, map[member.BulkState]int{member.BulkPlanned: n - 2, member.BulkRefused: 2}, states(plan))
		require.Zero(t, invited(t, k), "a plan sends nothing")
		var progress []member.BulkProgress
		in = bulkOf(k, listing(k, n, 5, 900)) // a file is read once
		in.Progress = func(p member.BulkProgress) { progress = append(progress, p) }
		verdicts, err := k.Bulk.Send(t.Context(), merchantAdmin, in)
		require.NoError(t, err)
		require.Equal(t, map[member.BulkState]int{member.BulkSent: n - 2, member.BulkRefused: 2}, states(verdicts))
		require.Equal(t, 900, verdicts[898].Line)
		require.ErrorIs(t, verdicts[898].Err, fault.ErrInvalid)
		require.Len(t, progress, 10)
		require.Equal(t, member.BulkProgress{Done: 100, Total: n, Sent: 99, Refused: 1}, progress[0])
		require.Equal(t, member.BulkProgress{Done: n, Total: n, Sent: n - 2, Refused: 2}, progress[9])
		require.Equal(t, n-2, invited(t, k))
		_, err = k.Members.Accept(t.Context(), verdicts[999].Token, member.Account{ID: "p999", Email: "P999@people.example", EmailVerified: true})
		require.NoError(t, err)
	})
}

func TestBulkRefusesRows(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	become(t, k, member.StatusSent)
	file := "email,name,role,mini_programs\n" +
		"new@people.example,New,developer," + k.Shop.String() + "\n" +
		"NEW@people.example,Again,developer," + k.Shop.String() + "\n" +
		"Dee@People.example,Dee,developer," + k.Shop.String() + "\n" +
		"bad,Bad,developer," + k.Shop.String() + "\n" +
		"short\n" +
		"none@people.example,None,developer,\n" +
		"other@people.example,Other,developer_admin,\n"
	for _, name := range []string{"plan", "send"} {
		verdicts := func() ([]member.BulkVerdict, error) { return k.Bulk.Plan(t.Context(), merchantAdmin, bulkOf(k, file)) }
		if name == "send" {
			verdicts = func() ([]member.BulkVerdict, error) { return k.Bulk.Send(t.Context(), merchantAdmin, bulkOf(k, file)) }
		}
		got, err := verdicts()
		require.NoError(t, err, name)
		require.Len(t, got, 7)
		for i, want := range []error{nil, member.ErrDuplicate, member.ErrPresent, fault.ErrInvalid, member.ErrCSV, fault.ErrInvalid, nil} {
			require.Equal(t, i+2, got[i].Line)
			if want == nil {
				require.NoError(t, got[i].Err)
				continue
			}
			require.Equal(t, member.BulkRefused, got[i].State)
			require.ErrorIs(t, got[i].Err, want, "%s, line %d", name, i+2)
			require.Zero(t, got[i].Token)
		}
		first, _ := errorAs[*member.DuplicateError](got[1].Err)
		require.Equal(t, 2, first.Line)
		if name == "plan" {
			require.Equal(t, 1, invited(t, k))
		}
	}
}

// interrupted stops a platform's calls after some units.
func interrupted(k *superapptest.Kit, units int) *superapp.Platform {
	n := 0
	return k.Over(storagetest.Spy(k.Store, func(c storagetest.Call) error {
		if c.Method == "Update" {
			if n++; n > units {
				return storagetest.ErrInjected
			}
		}
		return nil
	}))
}

func TestBulkGoesOnWhereItWasInterrupted(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{NoRerun: true}, func(t *testing.T, k *superapptest.Kit) {
		file := listing(k, 35, 12)
		first, err := interrupted(k, 2).Bulk.Send(t.Context(), merchantAdmin, bulkOf(k, file))
		require.ErrorIs(t, err, storagetest.ErrInjected)
		require.Equal(t, map[member.BulkState]int{member.BulkSent: 19, member.BulkRefused: 1, member.BulkPending: 15}, states(first))
		require.Equal(t, 19, invited(t, k))
		// What became of them since does not matter: nobody is asked twice.
		_, err = k.Members.Withdraw(t.Context(), merchantAdmin, first[3].Member)
		require.NoError(t, err)
		plan, err := k.Bulk.Plan(t.Context(), merchantAdmin, bulkOf(k, file))
		require.NoError(t, err)
		require.Equal(t, map[member.BulkState]int{member.BulkEarlier: 19, member.BulkRefused: 1, member.BulkPlanned: 15}, states(plan))
		second, err := k.Bulk.Send(t.Context(), merchantAdmin, bulkOf(k, file))
		require.NoError(t, err)
		require.Equal(t, map[member.BulkState]int{member.BulkEarlier: 19, member.BulkRefused: 1, member.BulkSent: 15}, states(second))
		require.Equal(t, first[3].Member, second[3].Member)
		require.Zero(t, second[3].Token)
		require.Equal(t, 33, invited(t, k))
		third, err := k.Bulk.Send(t.Context(), merchantAdmin, bulkOf(k, file))
		require.NoError(t, err)
		require.Equal(t, map[member.BulkState]int{member.BulkEarlier: 34, member.BulkRefused: 1}, states(third))

		before := all(t, k)
		_, err = k.Bulk.Send(t.Context(), merchantAdmin, bulkOf(k, listing(k, 36, 12)))
		require.ErrorIs(t, err, member.ErrBulkKey, "other rows with the same key")
		_, err = k.Bulk.Plan(t.Context(), merchantAdmin, bulkOf(k, listing(k, 36, 12)))
		require.ErrorIs(t, err, member.ErrBulkKey)
		require.Equal(t, before, all(t, k))
		other := bulkOf(k, file)
		other.Key = "july"
		verdicts, err := k.Bulk.Send(t.Context(), merchantAdmin, other)
		require.NoError(t, err)
		require.Equal(t, map[member.BulkState]int{member.BulkRefused: 34, member.BulkSent: 1}, states(verdicts), "another key is another run")
	})
}

func TestBulkOfManyAtOnceSendsEachRowOnce(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{NoRerun: true}, func(t *testing.T, k *superapptest.Kit) {
		file := listing(k, 25)
		sent := make([]map[member.BulkState]int, many)
		for _, err := range race(func(i int) error {
			verdicts, err := k.Bulk.Send(t.Context(), merchantAdmin, bulkOf(k, file))
			sent[i] = states(verdicts)
			return err
		}) {
			require.NoError(t, err)
		}
		n := 0
		for _, s := range sent {
			n += s[member.BulkSent]
			require.Equal(t, 25, s[member.BulkSent]+s[member.BulkEarlier])
		}
		require.Equal(t, 25, n)
		require.Equal(t, 25, invited(t, k))
	})
}

func TestBulkToAllOrNobody(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		in := bulkOf(k, listing(k, 35, 12, 30))
		in.All = true
		before := all(t, k)
		verdicts, err := k.Bulk.Send(t.Context(), merchantAdmin, in)
		require.Nil(t, verdicts)
		refused, ok := errorAs[*member.BulkError](err)
		require.True(t, ok, "err = %v", err)
		require.ErrorContains(t, err, "2 of 35 rows stand in the way, the first in line 12: ")
		require.Equal(t, map[member.BulkState]int{member.BulkPlanned: 33, member.BulkRefused: 2}, states(refused.Verdicts))
		for _, v := range refused.Verdicts {
			require.Zero(t, v.Token)
			require.Zero(t, v.Member)
		}
		require.Equal(t, before, all(t, k))
		in = bulkOf(k, listing(k, 35))
		in.All = true
		verdicts, err = k.Bulk.Send(t.Context(), merchantAdmin, in)
		require.NoError(t, err, "the key is free still, and one unit takes more than a batch")
		require.Equal(t, map[member.BulkState]int{member.BulkSent: 35}, states(verdicts))
		require.Equal(t, 35, invited(t, k))
	})
}

func TestBulkEndsWithItsContext(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, &superapptest.Options{NoRerun: true})
	ctx, cancel := context.WithCancel(t.Context())
	in := bulkOf(k, listing(k, 35))
	in.Progress = func(p member.BulkProgress) {
		if p.Done == 20 {
			cancel()
		}
	}
	verdicts, err := k.Bulk.Send(ctx, merchantAdmin, in)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, map[member.BulkState]int{member.BulkSent: 20, member.BulkPending: 15}, states(verdicts))
	require.Equal(t, 20, invited(t, k))
}

func TestBulkSendsNothingOfWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	broken := errors.New("the disk broke")
	rows := func(n int, err error) iter.Seq2[member.Row, error] {
		return func(yield func(member.Row, error) bool) {
			for i := range n {
				if !yield(member.Row{Invite: member.Invite{Email: fmt.Sprintf("p%d@people.example", i), Name: "P", Role: rbac.DeveloperAdmin}}, nil) {
					return
				}
			}
			if err != nil {
				yield(member.Row{}, err)
			}
		}
	}
	developer := rbac.User(superapptest.Account(rbac.Developer))
	for name, test := range map[string]struct {
		by     rbac.Actor
		change func(*member.Bulk)
		want   error
	}{
		"an open quote":       {merchantAdmin, func(b *member.Bulk) { b.Rows = member.ReadCSV(strings.NewReader(listing(k, 3) + "\"open")) }, member.ErrCSV},
		"a reader that fails": {merchantAdmin, func(b *member.Bulk) { b.Rows = rows(3, broken) }, broken},
		"no rows":             {merchantAdmin, func(b *member.Bulk) { b.Rows = rows(0, nil) }, fault.ErrInvalid},
		"no iterator":         {merchantAdmin, func(b *member.Bulk) { b.Rows = nil }, fault.ErrInvalid},
		"no key":              {merchantAdmin, func(b *member.Bulk) { b.Key = "" }, fault.ErrInvalid},
		"a long key":          {merchantAdmin, func(b *member.Bulk) { b.Key = strings.Repeat("k", member.MaxBulkKey+1) }, fault.ErrInvalid},
		"a key that is none":  {merchantAdmin, func(b *member.Bulk) { b.Key = "\xff" }, fault.ErrInvalid},
		"too many rows":       {merchantAdmin, func(b *member.Bulk) { b.Rows = rows(member.MaxBulk+1, nil) }, member.ErrBatchSize},
		"too many of all":     {merchantAdmin, func(b *member.Bulk) { b.All, b.Rows = true, rows(member.MaxBulkAll+1, nil) }, member.ErrBatchSize},
		"by a developer":      {developer, func(*member.Bulk) {}, rbac.ErrDenied},
		"by a stranger":       {rbac.User("nobody-at-all"), func(*member.Bulk) {}, fault.ErrNotFound},
		"into another tenant": {merchantAdmin, func(b *member.Bulk) { b.Workspace = id.Workspace{UUID: unknown()} }, fault.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := bulkOf(k, "")
			in.Rows = rows(3, nil)
			test.change(&in)
			before := all(t, k)
			verdicts, err := k.Bulk.Send(t.Context(), test.by, in)
			require.ErrorIs(t, err, test.want)
			require.Nil(t, verdicts)
			require.Equal(t, before, all(t, k))
		})
	}
}
