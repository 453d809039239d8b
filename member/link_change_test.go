package member_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

func TestRenewKeepsTheCountAndEndsTheOldToken(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		l, old := link(t, k)
		_, err := k.Links.Accept(t.Context(), old, superapptest.Person("ann"), "Ann")
		require.NoError(t, err)
		k.Clock.Advance(100 * time.Hour) // it has expired
		renewed, fresh, err := k.Links.Renew(t.Context(), system, l.ID)
		require.NoError(t, err)
		require.NotEqual(t, old, fresh)
		require.Equal(t, 1, renewed.Uses)
		require.Equal(t, k.Clock.Now().Add(l.Validity), renewed.ExpiresAt)
		require.Equal(t, renewed, getLink(t, k, l.ID).Link)
		in, err := k.Links.Inspect(t.Context(), old)
		require.NoError(t, err)
		require.Equal(t, member.LinkInspection{State: member.TokenSuperseded, Link: l.ID, Workspace: k.Merchant, WorkspaceName: in.WorkspaceName, Kind: in.Kind}, in)
		_, err = k.Links.Accept(t.Context(), old, superapptest.Person("bo"), "Bo")
		require.ErrorIs(t, err, member.ErrTokenSuperseded)
		_, err = k.Links.Accept(t.Context(), fresh, superapptest.Person("bo"), "Bo")
		require.NoError(t, err, "the operator is entitled")
		_, err = k.Links.Accept(t.Context(), fresh, superapptest.Person("cy"), "Cy")
		require.ErrorIs(t, err, member.ErrTokenUsedUp)
	})
}

func TestRenewHealsALinkWhoseMakerLostHisRights(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	l, token := link(t, k)
	demote(t, k, true)
	in, err := k.Links.Inspect(t.Context(), token)
	require.NoError(t, err)
	require.Equal(t, member.TokenNotEntitled, in.State)
	_, fresh, err := k.Links.Renew(t.Context(), rbac.User(superapptest.Person("second").ID), l.ID)
	require.NoError(t, err)
	_, err = k.Links.Accept(t.Context(), fresh, superapptest.Person("ann"), "Ann")
	require.NoError(t, err)
}

func TestRevokedLinkIsOver(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		l, token := link(t, k)
		m, err := k.Links.Accept(t.Context(), token, superapptest.Person("ann"), "Ann")
		require.NoError(t, err)
		revoked, err := k.Links.Revoke(t.Context(), merchantAdmin, l.ID)
		require.NoError(t, err)
		require.Equal(t, revoked, getLink(t, k, l.ID).Link)
		_, err = k.Links.Accept(t.Context(), token, superapptest.Person("bo"), "Bo")
		require.ErrorIs(t, err, member.ErrTokenWithdrawn)
		require.Equal(t, member.StatusActive, get(t, k, m.ID).Status, "who has come stays")
		for action, do := range map[member.LinkAction]func() error{
			member.LinkRevoke: func() error { _, err := k.Links.Revoke(t.Context(), merchantAdmin, l.ID); return err },
			member.LinkRenew:  func() error { _, _, err := k.Links.Renew(t.Context(), merchantAdmin, l.ID); return err },
		} {
			state, ok := errorAs[*member.LinkStateError](do())
			require.True(t, ok)
			require.Equal(t, member.LinkStateError{Action: action, Status: member.LinkRevoked}, *state)
			require.ErrorIs(t, state, fault.ErrState)
		}
	})
}

func TestLinksEndWithTheirWorkspace(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		_, token := link(t, k)
		k.Clock.Advance(month)
		require.NoError(t, k.RemoveDeveloper(t.Context(), tenantAdmin, k.Merchant, "closed its shop"))
		_, err := k.Links.Accept(t.Context(), token, superapptest.Person("ann"), "Ann")
		require.ErrorIs(t, err, member.ErrTokenWithdrawn)
	})
}

const month = 31 * 24 * time.Hour

func TestLinksAreForThoseWhoInvite(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	l, _ := link(t, k)
	developer := rbac.User(superapptest.Account(rbac.Developer))
	other := rival(t, k)
	for name, do := range map[string]func(rbac.Actor, id.Workspace, id.Link) error{
		"create": func(by rbac.Actor, w id.Workspace, _ id.Link) error {
			_, _, err := k.Links.Create(t.Context(), by, shop(k, func(in *member.NewLink) { in.Workspace = w }))
			return err
		},
		"renew": func(by rbac.Actor, _ id.Workspace, l id.Link) error {
			_, _, err := k.Links.Renew(t.Context(), by, l)
			return err
		},
		"revoke": func(by rbac.Actor, _ id.Workspace, l id.Link) error {
			_, err := k.Links.Revoke(t.Context(), by, l)
			return err
		},
		"get": func(by rbac.Actor, _ id.Workspace, l id.Link) error {
			_, err := k.Links.Get(t.Context(), by, l)
			return err
		},
		"list": func(by rbac.Actor, w id.Workspace, _ id.Link) error {
			_, err := k.Links.List(t.Context(), by, member.LinkFilter{Workspace: w}, page.Request{})
			return err
		},
	} {
		before := all(t, k)
		require.ErrorIs(t, do(developer, k.Merchant, l.ID), rbac.ErrDenied, name)
		foreign := do(other.Admin, k.Merchant, l.ID)
		require.ErrorIs(t, foreign, fault.ErrNotFound, name)
		nothing := do(other.Admin, id.Workspace{UUID: unknown()}, id.Link{UUID: unknown()})
		require.Equal(t, nothing.Error(), foreign.Error(), "%s: another tenant's is like none", name)
		require.Equal(t, before, all(t, k), name)
	}
}

func TestLinkGrantsNoMoreThanItsMakerHolds(t *testing.T) {
	t.Parallel()
	k := widened(t, nil, rbac.InviteMember, rbac.ViewMember)
	operator := rbac.User(superapptest.Account(rbac.Operator))
	_, _, err := k.Links.Create(t.Context(), operator, shop(k, func(in *member.NewLink) { in.Role, in.MiniPrograms = rbac.DeveloperAdmin, nil }))
	require.ErrorIs(t, err, member.ErrCeiling)
	l, _ := link(t, k, func(in *member.NewLink) { in.Role, in.MiniPrograms = rbac.DeveloperAdmin, nil })
	_, _, err = k.Links.Renew(t.Context(), operator, l.ID)
	require.ErrorIs(t, err, member.ErrCeiling)
	d, err := k.Links.Get(t.Context(), operator, l.ID)
	require.NoError(t, err)
	require.Equal(t, []member.LinkAction{member.LinkRevoke}, d.Actions)
	_, err = k.Links.Revoke(t.Context(), operator, l.ID)
	require.NoError(t, err, "a link that leaked has to be stopped")
}

func TestLinkListTellsStatusAndActions(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		expired, _ := link(t, k, func(in *member.NewLink) { in.Validity = time.Hour })
		k.Clock.Advance(time.Hour)
		usable, _ := link(t, k)
		revoked, _ := link(t, k)
		_, err := k.Links.Revoke(t.Context(), merchantAdmin, revoked.ID)
		require.NoError(t, err)
		used, token := link(t, k, func(in *member.NewLink) { in.Uses = 0 })
		_, err = k.Links.Accept(t.Context(), token, superapptest.Person("ann"), "Ann")
		require.NoError(t, err)
		type row struct {
			id      id.Link
			status  member.LinkStatus
			actions []member.LinkAction
		}
		list := func(f member.LinkFilter) (rows []row) {
			f.Workspace = k.Merchant
			for _, d := range testkit.Pages(t, 2, func(req page.Request) (page.Page[member.LinkDetails], error) {
				return k.Links.List(t.Context(), merchantAdmin, f, req)
			}) {
				rows = append(rows, row{d.ID, d.Status, d.Actions})
			}
			return rows
		}
		both := []member.LinkAction{member.LinkRenew, member.LinkRevoke}
		want := []row{{expired.ID, member.LinkExpired, both}, {usable.ID, member.LinkUsable, both}, {revoked.ID, member.LinkRevoked, nil}, {used.ID, member.LinkUsedUp, nil}}
		require.Equal(t, want, list(member.LinkFilter{}))
		require.Equal(t, want[1:3], list(member.LinkFilter{Statuses: []member.LinkStatus{member.LinkRevoked, member.LinkUsable}}))
		require.Empty(t, list(member.LinkFilter{Role: rbac.Operator}))
		_, err = k.Links.List(t.Context(), merchantAdmin, member.LinkFilter{Workspace: k.Merchant, Statuses: []member.LinkStatus{"old"}}, page.Request{})
		require.ErrorIs(t, err, fault.ErrInvalid)
	})
}

func TestInspectOfALinkChangesNothing(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	l, token := link(t, k)
	before := all(t, k)
	for range 3 {
		in, err := k.Links.Inspect(t.Context(), token)
		require.NoError(t, err)
		require.Equal(t, member.TokenOpen, in.State)
		require.Equal(t, []any{l.ID, k.Merchant, rbac.Developer, l.ExpiresAt}, []any{in.Link, in.Workspace, in.Role, in.ExpiresAt})
		require.NotEmpty(t, in.Inviter)
	}
	require.Equal(t, before, all(t, k))
	require.Equal(t, l, getLink(t, k, l.ID).Link)
}

// TestTokensAreNotConfused: a token of one kind is malformed to the other, and
// neither is found where its hash is the other's.
func TestTokensAreNotConfused(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	_, ofLink := link(t, k)
	_, mailed := k.Invite(rbac.Developer, "dee")
	require.True(t, ofLink.ForLink())
	require.False(t, mailed.ForLink())
	require.Len(t, ofLink.Reveal(), 48)
	a := superapptest.Person("dee")
	for _, token := range []member.Token{mailed, "link-" + mailed[1:], "", "link-", ofLink[:47], ofLink + "A", "Link-" + ofLink[5:], ofLink[:47] + "\n"} {
		_, err := k.Links.Accept(t.Context(), token, a, "Dee")
		require.ErrorIs(t, err, member.ErrTokenMalformed, "%q", token.Reveal())
		_, err = k.Links.Inspect(t.Context(), token)
		require.ErrorIs(t, err, member.ErrTokenMalformed, "%q", token.Reveal())
	}
	_, err := k.Members.Accept(t.Context(), ofLink, a)
	require.ErrorIs(t, err, member.ErrTokenMalformed)
	_, err = k.Members.Accept(t.Context(), ofLink[5:], a)
	require.ErrorIs(t, err, member.ErrTokenUnknown, "the secret alone opens nothing")
	_, err = k.Links.Accept(t.Context(), "link-"+mailed, a, "Dee")
	require.ErrorIs(t, err, member.ErrTokenUnknown)
}
