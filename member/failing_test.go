package member_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/superapptest"
)

// TestFailingStore: whichever call to the store fails, the verb says so,
// returns nothing beside the error and leaves nothing half done.
func TestFailingStore(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k *superapptest.Kit, v verb) {
		requireWhole(t, k, v, v.ready(t, k))
	})

	// A lesser role makes the verbs look up what it holds by assignment.
	for name, run := range map[string]func(context.Context, *member.Service, call) ([]any, error){
		"invites": func(ctx context.Context, s *member.Service, c call) ([]any, error) {
			in := c.invite()
			in.Role = rbac.Operator
			return two(s.Invite(ctx, c.Actor, in))
		},
		"looks": func(ctx context.Context, s *member.Service, c call) ([]any, error) {
			return one(s.Get(ctx, c.Actor, c.Member))
		},
		"lists": func(ctx context.Context, s *member.Service, c call) ([]any, error) {
			return one(s.List(ctx, c.Actor, member.Filter{Workspace: c.Workspace}, page.Request{}))
		},
		"sent what is accepted": func(ctx context.Context, s *member.Service, c call) ([]any, error) {
			return one(s.Accept(ctx, c.Token, c.Account))
		},
	} {
		t.Run("a lesser role "+name, func(t *testing.T) {
			t.Parallel()
			k := lesser(t, nil)
			c := call{Actor: operator, Workspace: k.Merchant, Programs: []id.MiniProgram{k.Shop}, Account: superapptest.Person("dee")}
			m, token, err := k.Members.Invite(t.Context(), operator, member.Invite{
				Workspace: k.Merchant, Email: c.Account.Email, Name: "Dee", Role: rbac.Operator, MiniPrograms: c.Programs,
			})
			require.NoError(t, err)
			c.Member, c.Token = m.ID, token
			requireWhole(t, k, verb{run: run}, c)
		})
	}
}

// requireWhole fails each call to the store in turn, until the verb succeeds.
func requireWhole(t *testing.T, k *superapptest.Kit, v verb, c call) {
	t.Helper()
	before := all(t, k)
	const most = 100
	for n := 1; ; n++ {
		result, err := v.run(t.Context(), k.FailAt(n).Members, c)
		if err == nil {
			require.Greater(t, n, 1, "a store was asked")
			return
		}
		require.ErrorIs(t, err, storagetest.ErrInjected, "call %d", n)
		require.ErrorIs(t, err, fault.ErrUnavailable)
		requireZero(t, result)
		require.Equal(t, before, all(t, k), "call %d failed", n)
		require.Less(t, n, most)
	}
}

// TestTrail: every verb that changes something appends its events, and no
// other, in the same unit (E1).
func TestTrail(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k *superapptest.Kit, v verb) {
		c := v.ready(t, k)
		c.Account.Request, c.Actor = "req-7", c.Actor.WithRequest("req-7").OnBehalfOf("the-boss")
		before := trail(t, k, c)
		_, err := v.run(t.Context(), k.Members, c)
		require.NoError(t, err)
		var got []string
		for _, e := range trail(t, k, c)[len(before):] {
			got = append(got, string(e.Verb))
			require.Equal(t, k.Clock.Now(), e.At)
			require.False(t, e.System)
			require.Equal(t, rbac.KindMember, e.Object.Kind)
			data, err := e.DecodeData()
			require.NoError(t, err)
			require.Equal(t, "req-7", data.Request)
			require.NotNil(t, data.After)
			personal, err := e.DecodePersonal()
			require.NoError(t, err)
			if v.name == "Accept" {
				require.EqualValues(t, c.Account.ID, personal.Actor)
			} else {
				require.Equal(t, c.Actor.Name(), personal.Actor)
				require.Equal(t, "the-boss", personal.OnBehalfOf)
			}
			if v.name == "Block" || v.name == "Delete" {
				require.Equal(t, "why", personal.Reason)
			}
			require.NotContains(t, string(e.Data), "@", "personal data stands apart")
		}
		require.Equal(t, v.events, got)
		_, err = k.Audit.Verify(t.Context(), system, c.Workspace)
		require.NoError(t, err)
	})
}

func trail(t *testing.T, k *superapptest.Kit, c call) (events []audit.Event) {
	t.Helper()
	require.NoError(t, k.Store.View(t.Context(), func(ctx context.Context, r storage.Reader) (err error) {
		events, err = r.Events(ctx, audit.Query{Workspace: c.Workspace, Limit: 1000})
		return err
	}))
	return events
}

func TestCancelledContext(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k *superapptest.Kit, v verb) {
		c := v.ready(t, k)
		before := all(t, k)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		result, err := v.run(ctx, k.Members, c)
		require.ErrorIs(t, err, context.Canceled)
		requireZero(t, result)
		require.Equal(t, before, all(t, k))
	})
}

func TestClosedStore(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k *superapptest.Kit, v verb) {
		c := v.ready(t, k)
		require.NoError(t, k.Store.(*memory.Store).Close())
		result, err := v.run(t.Context(), k.Members, c)
		require.ErrorIs(t, err, storage.ErrClosed)
		requireZero(t, result)
	})
}

// TestNobody: the zero actor and accounts that cannot be are refused before
// anything else is told.
func TestNobody(t *testing.T) {
	t.Parallel()
	for name, nobody := range map[string]rbac.Actor{
		"the zero actor":         {},
		"a system without name":  rbac.System(""),
		"an account with a bell": rbac.User("a\ab"),
		"on behalf of nobody":    rbac.User("a").OnBehalfOf("\x00"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, k *superapptest.Kit, v verb) {
				c := v.ready(t, k)
				before := all(t, k)
				c.Actor, c.Account.ID = nobody, nobody.Account()
				if v.by == "token" || v.by == "account" {
					c.Account.ID = "\x00"
				}
				if v.name == "Inspect" {
					return // which asks for nobody
				}
				result, err := v.run(t.Context(), k.Members, c)
				require.ErrorIs(t, err, fault.ErrInvalid)
				require.Equal(t, "id.account", fault.CodeOf(err))
				requireZero(t, result)
				require.Equal(t, before, all(t, k))
			})
		})
	}
}
