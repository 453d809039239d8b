package member_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// inviteDee invites a developer to the kit's merchant.
func inviteDee(t *testing.T, k *superapptest.Kit, email string) (member.Member, member.Token, error) {
	t.Helper()
	return k.Members.Invite(t.Context(), merchantAdmin, member.Invite{
		Workspace: k.Merchant, Email: email, Name: "Dee Again", Role: rbac.Developer, MiniPrograms: []id.MiniProgram{k.Shop},
	})
}

// TestConflict: inviting somebody who is there already is a conflict that says
// which; the withdrawn and the deleted may be invited again, and an expired
// invitation never blocks (M5, M6).
func TestConflict(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status   member.Status
		conflict string // what the error says; "" if there is none
	}{
		{member.StatusSent, "already invited"},
		{member.StatusExpired, ""},
		{member.StatusActive, "already an active member"},
		{member.StatusInactive, "blocked"},
		{member.StatusWithdrawn, ""},
		{member.StatusDeleted, ""},
	} {
		name := " is a conflict"
		if tt.conflict == "" {
			name = " may be invited"
		}
		t.Run(string(tt.status)+name, func(t *testing.T) {
			t.Parallel()
			k := kit(t, nil)
			e := become(t, k, tt.status)
			before := all(t, k)
			for _, email := range []string{"dee@people.example", " DEE@People.EXAMPLE ", "ｄｅｅ@people.example"} {
				m, token, err := inviteDee(t, k, email)
				if tt.conflict == "" {
					require.NoError(t, err)
					require.NotEqual(t, e.ID, m.ID, "whoever comes again gets a new record")
					require.Equal(t, "dee@people.example", m.Email)
					_, err = k.Members.Accept(t.Context(), e.Token, superapptest.Person("dee"))
					require.ErrorIs(t, err, fault.ErrState, "the old token stays over")
					_, err = k.Members.Accept(t.Context(), token, superapptest.Person("dee"))
					require.NoError(t, err)
					return
				}
				present, ok := errorAs[*member.PresentError](err)
				require.True(t, ok, "err = %v", err)
				require.Equal(t, member.PresentError{Status: tt.status, Member: e.ID}, *present)
				require.ErrorIs(t, err, member.ErrPresent)
				require.ErrorIs(t, err, fault.ErrExists)
				require.Equal(t, "member.present", fault.CodeOf(err))
				require.ErrorContains(t, err, tt.conflict)
				require.NotContains(t, err.Error(), "@")
				require.Zero(t, m)
				require.Empty(t, token.Reveal())
				require.Equal(t, before, all(t, k))
			}
		})
	}

	t.Run("another workspace is no conflict", func(t *testing.T) {
		t.Parallel()
		k := kit(t, nil)
		become(t, k, member.StatusActive)
		_, _, err := k.Members.Invite(t.Context(), tenantAdmin, member.Invite{
			Workspace: k.Tenant, Email: "dee@people.example", Name: "Dee", Role: rbac.WorkspaceReviewer,
		})
		require.NoError(t, err)
	})

	t.Run("international domains are one address", func(t *testing.T) {
		t.Parallel()
		k := kit(t, nil)
		m, _, err := inviteDee(t, k, "dee@bücher.example")
		require.NoError(t, err)
		require.Equal(t, "dee@xn--bcher-kva.example", m.Email)
		_, _, err = inviteDee(t, k, "Dee@XN--BCHER-KVA.example")
		require.ErrorIs(t, err, member.ErrPresent)
	})
}

// TestExpiredIsReplaced: the replaced invitation is withdrawn, and its token
// says so (M6).
func TestExpiredIsReplaced(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	e := become(t, k, member.StatusExpired)
	m, _, err := inviteDee(t, k, "dee@people.example")
	require.NoError(t, err)
	require.Equal(t, member.StatusSent, get(t, k, m.ID).Status)
	old := get(t, k, e.ID)
	require.Equal(t, member.StatusWithdrawn, old.Status)
	require.Empty(t, old.Programs)
	in, err := k.Members.Inspect(t.Context(), e.Token)
	require.NoError(t, err)
	require.Equal(t, member.TokenWithdrawn, in.State)

	// Refused for another reason, it replaces nothing.
	k = kit(t, nil)
	become(t, k, member.StatusExpired)
	before := all(t, k)
	_, _, err = k.Members.InviteAll(t.Context(), merchantAdmin, member.InviteAll{Workspace: k.Merchant, Invitees: []member.Invite{
		{Email: "dee@people.example", Name: "Dee", Role: rbac.Developer, MiniPrograms: []id.MiniProgram{k.Shop}},
		{Email: "no address", Name: "x", Role: rbac.DeveloperAdmin},
	}})
	require.ErrorIs(t, err, member.ErrBatch)
	require.Equal(t, before, all(t, k))
}

// TestMemberCannotAccept: an account that is a member already, blocked
// included, cannot accept, and nothing is spent (M6).
func TestMemberCannotAccept(t *testing.T) {
	t.Parallel()
	for _, blocked := range []bool{false, true} {
		name := map[bool]string{false: "active", true: "blocked"}[blocked]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := kit(t, nil)
			e := become(t, k, member.StatusActive)
			if blocked {
				_, err := k.Members.Block(t.Context(), merchantAdmin, e.ID, "")
				require.NoError(t, err)
			}
			_, token, err := inviteDee(t, k, "dee.two@people.example")
			require.NoError(t, err)
			before := all(t, k)
			second := member.Account{ID: e.Account, Email: "dee.two@people.example", EmailVerified: true}
			m, err := k.Members.Accept(t.Context(), token, second)
			require.ErrorIs(t, err, member.ErrAlreadyMember)
			require.ErrorIs(t, err, fault.ErrExists)
			require.Zero(t, m)
			require.Equal(t, before, all(t, k))

			if !blocked {
				_, err = k.Members.Leave(t.Context(), rbac.User(e.Account), k.Merchant)
				require.NoError(t, err)
			} else {
				second.ID = "somebody-else"
			}
			_, err = k.Members.Accept(t.Context(), token, second)
			require.NoError(t, err)
		})
	}
}

// TestAccountsCompareByteByByte: accounts are opaque (S5).
func TestAccountsCompareByteByByte(t *testing.T) {
	t.Parallel()
	k := kit(t, &member.Options{Recipient: member.UnsafeAnyAccount})
	for _, account := range []id.Account{"acc", "Acc", "acc ", "àcc", "a\u0300cc"} {
		_, token := k.Invite(rbac.Developer, "dee-"+string(rune('a'+len(ids(t, k, member.Filter{Workspace: k.Merchant})))))
		_, err := k.Members.Accept(t.Context(), token, member.Account{ID: account})
		require.NoError(t, err, "%q", account)
	}
	_, token := k.Invite(rbac.Developer, "last")
	_, err := k.Members.Accept(t.Context(), token, member.Account{ID: "Acc"})
	require.ErrorIs(t, err, member.ErrAlreadyMember)
}
