package member_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// byLetter is a kit whose invitations go out by letter.
func byLetter() superapptest.Options {
	return superapptest.Options{Platform: superapp.Options{Members: &member.Options{Letters: true}}}
}

func TestMint(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		m, first := k.Invite(rbac.Developer, "dee")
		before := all(t, k)
		second, err := k.Members.Mint(t.Context(), system, m.ID, 1)
		require.NoError(t, err)
		require.NotEqual(t, first, second)
		require.Equal(t, before, all(t, k), "neither the record nor the trail changes")

		for _, token := range []member.Token{first, second} {
			in, err := k.Members.Inspect(t.Context(), token)
			require.NoError(t, err)
			require.Equal(t, member.TokenOpen, in.State, "both are good")
		}
		_, err = k.Members.Accept(t.Context(), second, superapptest.Person("dee"))
		require.NoError(t, err)
		_, err = k.Members.Accept(t.Context(), first, superapptest.Person("dee"))
		require.ErrorIs(t, err, member.ErrTokenSpent, "they end together")
	})
}

func TestMintRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		actor      rbac.Actor
		generation int
		before     func(*testing.T, *superapptest.Kit, id.Member)
		want       error
	}{
		{"an admin", merchantAdmin, 1, nil, unit.ErrOperatorOnly},
		{"the link of a later sending", system, 1, func(t *testing.T, k *superapptest.Kit, m id.Member) {
			_, _, err := k.Members.Resend(t.Context(), merchantAdmin, m)
			require.NoError(t, err)
		}, member.ErrTokenSuperseded},
		{"the link of a sending that never was", system, 2, nil, member.ErrTokenSuperseded},
		{"one that was withdrawn", system, 1, func(t *testing.T, k *superapptest.Kit, m id.Member) {
			_, err := k.Members.Withdraw(t.Context(), merchantAdmin, m)
			require.NoError(t, err)
		}, member.ErrState},
		{"one that expired", system, 1, func(t *testing.T, k *superapptest.Kit, _ id.Member) {
			k.Clock.Advance(member.MaxValidity)
		}, member.ErrState},
		{"one into a workspace that is disabled", system, 1, func(t *testing.T, k *superapptest.Kit, _ id.Member) {
			require.NoError(t, k.Workspaces.SetStatus(t.Context(), system, k.Merchant, workspace.Disabled, "unpaid"))
		}, rbac.ErrDenied},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k := kit(t, nil)
			m, _ := k.Invite(rbac.Developer, "dee")
			if c.before != nil {
				c.before(t, k, m.ID)
			}
			token, err := k.Members.Mint(t.Context(), c.actor, m.ID, c.generation)
			require.ErrorIs(t, err, c.want)
			require.Empty(t, token.Reveal())
		})
	}
	k := kit(t, nil)
	_, err := k.Members.Mint(t.Context(), system, id.Member{UUID: unknown()}, 1)
	require.ErrorIs(t, err, member.ErrNotFound)
}

// With letters nobody but the letter gets a token, whatever sends the invitation.
func TestLettersTakeTheTokens(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, byLetter(), func(t *testing.T, k *superapptest.Kit) {
		none := func(token member.Token, err error) {
			t.Helper()
			require.NoError(t, err)
			require.Empty(t, token.Reveal())
		}
		opened, token, err := k.OpenTenant(t.Context(), system, superapp.Open{
			Name:     "Second Wallet",
			Business: workspace.Business{Address: "4 Hill", Scope: "payments", Representative: "Bo", Email: "bo@second.example"},
			Admin:    member.First{Email: "bo@second.example", Name: "Bo"},
		})
		none(token, err)
		w := opened.Workspace.ID
		_, token, err = k.Members.Resend(t.Context(), system, opened.Admin.ID)
		none(token, err)
		_, token, err = k.Members.SetFirstAdmin(t.Context(), system, w, member.First{Email: "bea@second.example", Name: "Bea"})
		none(token, err)
		in := member.Invite{Workspace: w, Email: "rey@second.example", Name: "Rey", Role: rbac.WorkspaceReviewer}
		m, token, err := k.Members.Invite(t.Context(), system, in)
		none(token, err)
		in.Email = "ria@second.example"
		_, tokens, err := k.Members.InviteAll(t.Context(), system, member.InviteAll{Workspace: w, Invitees: []member.Invite{in}})
		none(tokens[0], err)

		minted, err := k.Members.Mint(t.Context(), system, m.ID, 1)
		require.NoError(t, err)
		joined, err := k.Members.Accept(t.Context(), minted, member.Account{ID: "rey", Email: "rey@second.example", EmailVerified: true})
		require.NoError(t, err)
		require.Equal(t, m.ID, joined.ID)
	})
}

// A store that fails while a token is minted leaves nothing.
func TestMintOnAFailingStore(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	m, _ := k.Invite(rbac.Developer, "dee")
	for n := 1; ; n++ {
		token, err := k.FailAt(n).Members.Mint(t.Context(), system, m.ID, 1)
		if err == nil {
			require.Greater(t, n, 3)
			return
		}
		require.ErrorIs(t, err, fault.ErrUnavailable)
		require.Empty(t, token.Reveal())
	}
}

func ExampleService_Mint() {
	p, w, ada := wallet()
	m, _ := invite(p, w, ada)
	letters := rbac.System("letters")
	token, err := p.Members.Mint(context.Background(), letters, m.ID, m.Invitation.Generation)
	check(err)
	fmt.Println(token, len(token.Reveal()))

	_, _, err = p.Members.Resend(context.Background(), ada, m.ID)
	check(err)
	_, err = p.Members.Mint(context.Background(), letters, m.ID, m.Invitation.Generation)
	fmt.Println(err)
	// Output:
	// [redacted] 43
	// member: mint: a newer invitation was sent: use the latest link
}
