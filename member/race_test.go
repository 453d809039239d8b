package member_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// many is how many callers race.
const many = 32

// onStores runs a test on every embedded store.
func onStores(t *testing.T, test func(*testing.T, func(*member.Options) *superapptest.Kit)) {
	t.Helper()
	for name, open := range testkit.Stores() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, func(o *member.Options) *superapptest.Kit {
				return superapptest.New(t, &superapptest.Options{Store: open(t), Platform: superapp.Options{Members: o}})
			})
		})
	}
}

// race calls do from many goroutines at once and returns their errors, in order.
func race(do func(i int) error) []error {
	errs := make([]error, many)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range many {
		wg.Go(func() {
			<-start
			errs[i] = do(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

// winners are the callers without an error; the others' must be one of those
// that are wanted.
func winners(t *testing.T, errs []error, want ...error) (won []int) {
	t.Helper()
	for i, err := range errs {
		if err == nil {
			won = append(won, i)
			continue
		}
		known := false
		for _, w := range want {
			known = known || errors.Is(err, w)
		}
		require.True(t, known, "caller %d: err = %v", i, err)
	}
	return won
}

// trailOf counts the events about a member, and verifies the chain.
func trailOf(t *testing.T, k *superapptest.Kit, m member.Member) map[audit.Verb]int {
	t.Helper()
	_, err := k.Audit.Verify(t.Context(), system, m.Workspace)
	require.NoError(t, err)
	n := make(map[audit.Verb]int)
	for _, e := range testkit.Pages(t, page.MaxSize, func(req page.Request) (page.Page[audit.Event], error) {
		return k.Audit.List(t.Context(), system, audit.Filter{Workspace: m.Workspace}, req)
	}) {
		if e.Object == rbac.OnMember(m.ID) {
			n[e.Verb]++
		}
	}
	return n
}

// TestOneAccepts: of many who accept one invitation exactly one gets in (M8).
func TestOneAccepts(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, open func(*member.Options) *superapptest.Kit) {
		for name, account := range map[string]func(int) id.Account{
			"many accounts": func(i int) id.Account { return id.Account(fmt.Sprintf("acc-%d", i)) },
			"one account":   func(int) id.Account { return "acc-one" },
		} {
			t.Run(name, func(t *testing.T) {
				k := open(&member.Options{Recipient: member.UnsafeAnyAccount})
				e := become(t, k, member.StatusSent)
				won := winners(t, race(func(i int) error {
					_, err := k.Members.Accept(t.Context(), e.Token, member.Account{ID: account(i)})
					return err
				}), member.ErrTokenSpent)
				require.Len(t, won, 1)
				require.Equal(t, account(won[0]), get(t, k, e.ID).Account)
				require.Equal(t, map[audit.Verb]int{member.EventInvited: 1, member.EventAccepted: 1}, trailOf(t, k, e.Member))
			})
		}
	})
}

// TestOneEnds: among accepts, withdrawals, resends and the expiry exactly one
// end wins (M8).
func TestOneEnds(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, open func(*member.Options) *superapptest.Kit) {
		k := open(nil)
		e := become(t, k, member.StatusSent)
		dee := superapptest.Person("dee")
		var mu sync.Mutex
		tokens := []member.Token{e.Token}
		errs := race(func(i int) (err error) {
			switch i % 4 {
			case 0, 1:
				mu.Lock()
				token := tokens[len(tokens)-1]
				mu.Unlock()
				_, err = k.Members.Accept(t.Context(), token, dee)
			case 2:
				if i == 2 {
					k.Clock.Set(e.Invitation.ExpiresAt)
				}
				_, err = k.Members.Withdraw(t.Context(), merchantAdmin, e.ID)
			case 3:
				var token member.Token
				if _, token, err = k.Members.Resend(t.Context(), merchantAdmin, e.ID); err == nil {
					mu.Lock()
					tokens = append(tokens, token)
					mu.Unlock()
				}
			}
			return err
		})
		won := winners(t, errs, member.ErrState, member.ErrTokenSpent, member.ErrTokenSuperseded, member.ErrTokenWithdrawn, member.ErrTokenExpired)
		d := get(t, k, e.ID)
		ends := make(map[member.Status]int)
		resent := 0
		for _, i := range won {
			switch i % 4 {
			case 0, 1:
				ends[member.StatusActive]++
			case 2:
				ends[member.StatusWithdrawn]++
			case 3:
				resent++
			}
		}
		require.Equal(t, map[member.Status]int{d.Status: 1}, ends)
		require.Equal(t, resent+1, d.Invitation.Generation)
		trail := trailOf(t, k, e.Member)
		require.Equal(t, 1, trail[member.EventAccepted]+trail[member.EventWithdrawn])
		require.Equal(t, resent, trail[member.EventResent])
	})
}

// TestOneIsInvited: of many invitations to one address exactly one is sent (M6),
// and of many accounts' invitations one account accepts one.
func TestOneIsInvited(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, open func(*member.Options) *superapptest.Kit) {
		k := open(nil)
		forms := []string{"dee@people.example", "DEE@people.example", " dee@PEOPLE.example "}
		won := winners(t, race(func(i int) error {
			_, _, err := inviteDee(t, k, forms[i%len(forms)])
			return err
		}), member.ErrPresent)
		require.Len(t, won, 1)
		require.Len(t, ids(t, k, member.Filter{Workspace: k.Merchant, Email: "dee@people.example"}), 1)

		k = open(&member.Options{Recipient: member.UnsafeAnyAccount})
		var tokens []member.Token
		for i := range many {
			_, token := k.Invite(rbac.Developer, fmt.Sprintf("dee-%d", i))
			tokens = append(tokens, token)
		}
		won = winners(t, race(func(i int) error {
			_, err := k.Members.Accept(t.Context(), tokens[i], member.Account{ID: "acc-one"})
			return err
		}), member.ErrAlreadyMember)
		require.Len(t, won, 1)
		require.Len(t, ids(t, k, member.Filter{Workspace: k.Merchant, Statuses: []member.Status{member.StatusSent}}), many-1, "the others are not spent")
	})
}

// TestAnAdminRemains: two admins, and the operator, take each other away as
// fast as they can; one remains (M12).
func TestAnAdminRemains(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, open func(*member.Options) *superapptest.Kit) {
		for round := range 4 {
			k := open(nil)
			one, two := k.Member(rbac.DeveloperAdmin), k.Join(rbac.DeveloperAdmin, "second")
			sides := [][2]member.Member{{one, two}, {two, one}}
			won := winners(t, race(func(i int) error {
				pair := sides[(i+round)%2]
				by, whom := rbac.User(pair[0].Account), pair[1]
				a := unseated[(i/2+round)%len(unseated)]
				if a != member.ActionLeave && i%8 > 5 {
					by = system
				}
				return unseat(t, k, by, whom, a)
			}),
				// Whoever was taken away himself may do nothing any more.
				fault.ErrState, fault.ErrDenied, fault.ErrNotFound)
			require.NotEmpty(t, won)
			admins, err := k.Workspaces.Admins(t.Context(), system, k.Merchant, page.Request{})
			require.NoError(t, err)
			require.NotEmpty(t, admins.Items, "round %d", round)
			require.NoError(t, k.Access.Check(t.Context(), rbac.User(get(t, k, admins.Items[0].Member).Account), rbac.InviteMember, rbac.OnWorkspace(k.Merchant)))
			_, err = k.Audit.Verify(t.Context(), system, k.Merchant)
			require.NoError(t, err)
		}
	})
}

// TestOneBecomesFirst: of many who name the first admin one account enters (W5).
func TestOneBecomesFirst(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, open func(*member.Options) *superapptest.Kit) {
		k := open(nil)
		opened, _ := orphan(t, k)
		won := winners(t, race(func(i int) error {
			_, _, err := k.Members.SetFirstAdmin(t.Context(), tenantAdmin, opened.Workspace.ID, member.First{Account: id.Account(fmt.Sprintf("acc-%d", i)), Name: "Boss"})
			return err
		}), member.ErrHasAdmin)
		require.Len(t, won, 1)
	})
}
