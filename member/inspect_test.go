package member_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// TestInspect: looking never changes anything; the verdict is the one that
// Accept would answer with, and a refused Accept spends nothing (M7).
func TestInspect(t *testing.T) {
	t.Parallel()
	reached := func(st member.Status) func(*testing.T, *superapptest.Kit) member.Token {
		return func(t *testing.T, k *superapptest.Kit) member.Token { return become(t, k, st).Token }
	}
	closing := func(w func(*superapptest.Kit) id.Workspace) func(*testing.T, *superapptest.Kit) member.Token {
		return func(t *testing.T, k *superapptest.Kit) member.Token {
			token := become(t, k, member.StatusSent).Token
			require.NoError(t, k.Workspaces.SetStatus(t.Context(), system, w(k), workspace.Disabled, "review"))
			return token
		}
	}
	for _, tt := range []struct {
		name  string
		reach func(*testing.T, *superapptest.Kit) member.Token
		state member.TokenState
		err   error
		kind  fault.Kind
	}{
		{"sent is open", reached(member.StatusSent), member.TokenOpen, nil, 0},
		{"expired", reached(member.StatusExpired), member.TokenExpired, member.ErrTokenExpired, fault.ErrState},
		{"accepted is spent", reached(member.StatusActive), member.TokenSpent, member.ErrTokenSpent, fault.ErrState},
		{"accepted and blocked is spent", reached(member.StatusInactive), member.TokenSpent, member.ErrTokenSpent, fault.ErrState},
		{"accepted and deleted is spent", reached(member.StatusDeleted), member.TokenSpent, member.ErrTokenSpent, fault.ErrState},
		{"withdrawn", reached(member.StatusWithdrawn), member.TokenWithdrawn, member.ErrTokenWithdrawn, fault.ErrState},
		{"resent is superseded", func(t *testing.T, k *superapptest.Kit) member.Token {
			e := become(t, k, member.StatusSent)
			_, _, err := k.Members.Resend(t.Context(), merchantAdmin, e.ID)
			require.NoError(t, err)
			return e.Token
		}, member.TokenSuperseded, member.ErrTokenSuperseded, fault.ErrState},
		{"resent and withdrawn is withdrawn", func(t *testing.T, k *superapptest.Kit) member.Token {
			e := become(t, k, member.StatusSent)
			_, _, err := k.Members.Resend(t.Context(), merchantAdmin, e.ID)
			require.NoError(t, err)
			_, err = k.Members.Withdraw(t.Context(), merchantAdmin, e.ID)
			require.NoError(t, err)
			return e.Token
		}, member.TokenWithdrawn, member.ErrTokenWithdrawn, fault.ErrState},
		{"a disabled workspace is closed", closing(func(k *superapptest.Kit) id.Workspace { return k.Merchant }),
			member.TokenWorkspaceClosed, member.ErrWorkspaceClosed, fault.ErrState},
		{"a disabled tenant closes its workspaces", closing(func(k *superapptest.Kit) id.Workspace { return k.Tenant }),
			member.TokenWorkspaceClosed, member.ErrWorkspaceClosed, fault.ErrState},
		{"a removed workspace withdrew it", func(t *testing.T, k *superapptest.Kit) member.Token {
			token := become(t, k, member.StatusSent).Token
			require.NoError(t, k.RemoveDeveloper(t.Context(), tenantAdmin, k.Merchant, "closed down"))
			return token
		}, member.TokenWithdrawn, member.ErrTokenWithdrawn, fault.ErrState},
		{"a blocked sender is not entitled", func(t *testing.T, k *superapptest.Kit) member.Token {
			e := become(t, k, member.StatusSent)
			k.Join(rbac.DeveloperAdmin, "second")
			_, err := k.Members.Block(t.Context(), rbac.User("acc-second"), k.Member(rbac.DeveloperAdmin).ID, "")
			require.NoError(t, err)
			return e.Token
		}, member.TokenNotEntitled, member.ErrSenderNotEntitled, fault.ErrDenied},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			k := kit(t, nil)
			token := tt.reach(t, k)
			before := all(t, k)
			for range 3 {
				in, err := k.Members.Inspect(t.Context(), token)
				require.NoError(t, err)
				require.Equal(t, tt.state, in.State)
				require.Equal(t, tt.err, in.State.Err())
				require.Equal(t, k.Merchant, in.Workspace)
				require.Equal(t, "Corner Coffee", in.WorkspaceName)
				require.Equal(t, workspace.Developer, in.Kind)
				require.False(t, in.Member.IsZero())
				if tt.state == member.TokenSpent {
					require.Empty(t, in.Role, "what became of the member is not told")
					require.Zero(t, in.ExpiresAt)
					require.Empty(t, in.Inviter)
				} else {
					require.Equal(t, rbac.Developer, in.Role)
					require.False(t, in.ExpiresAt.IsZero())
				}
				require.Equal(t, before, all(t, k), "looking changes nothing")
			}
			m, err := k.Members.Accept(t.Context(), token, superapptest.Person("dee"))
			if tt.err == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, tt.err)
			require.Equal(t, tt.kind, fault.KindOf(err))
			require.NotContains(t, err.Error(), token.Reveal())
			require.Zero(t, m)
			require.Equal(t, before, all(t, k), "a refusal spends nothing")
		})
	}
	require.ErrorIs(t, member.TokenState("emperor").Err(), member.ErrTokenUnknown)
}

// TestInspectInviter: the inviter's name is shown as long as he is there.
func TestInspectInviter(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	second := k.Join(rbac.DeveloperAdmin, "second")
	e := become(t, k, member.StatusSent)
	inviter := func(token member.Token) string {
		in, err := k.Members.Inspect(t.Context(), token)
		require.NoError(t, err)
		require.Equal(t, e.ID, in.Member)
		return in.Inviter
	}
	require.Equal(t, "Developer Admin", inviter(e.Token))

	_, token, err := k.Members.Resend(t.Context(), rbac.User(second.Account), e.ID)
	require.NoError(t, err)
	require.Equal(t, "Second", inviter(token))
	_, err = k.Members.Leave(t.Context(), rbac.User(second.Account), k.Merchant)
	require.NoError(t, err)
	require.Empty(t, inviter(token), "who left has no name here")

	_, token, err = k.Members.Resend(t.Context(), system, e.ID)
	require.NoError(t, err)
	require.Empty(t, inviter(token), "the operator is no member")
}

// TestAccept: what the record of a member is, once he has accepted.
func TestAccept(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	e := become(t, k, member.StatusSent)
	k.Clock.Advance(day)
	got, err := k.Members.Accept(t.Context(), e.Token, member.Account{ID: "u-42", Email: "DEE@people.example", EmailVerified: true})
	require.NoError(t, err)
	want := e.Member
	want.State, want.Account, want.JoinedAt, want.UpdatedAt = member.Active, "u-42", k.Clock.Now(), k.Clock.Now()
	require.Equal(t, want, got)
	require.Equal(t, want, get(t, k, e.ID).Member)
	require.NoError(t, k.Access.Check(t.Context(), rbac.User("u-42"), rbac.UploadVersion, rbac.OnMiniProgram(k.Shop)))

	_, err = k.Members.Accept(t.Context(), e.Token, member.Account{ID: "u-42", Email: "dee@people.example", EmailVerified: true})
	require.ErrorIs(t, err, member.ErrTokenSpent, "the second time")
}

// TestRecipient: who may accept, by policy (M7).
func TestRecipient(t *testing.T) {
	t.Parallel()
	const ok, unverified, other = "", "member.email_not_verified", "member.other_person"
	for _, tt := range []struct {
		name               string
		email              string
		verified           bool
		strict, any, every string
	}{
		{"the invited address, verified", "dee@people.example", true, ok, ok, ok},
		{"in another case", " Dee@PEOPLE.example", true, ok, ok, ok},
		{"the invited address, not verified", "dee@people.example", false, unverified, unverified, ok},
		{"another address, verified", "eve@people.example", true, other, ok, ok},
		{"another address, not verified", "eve@people.example", false, unverified, unverified, ok},
		{"no address", "", false, unverified, unverified, ok},
		{"no address, but verified", "", true, unverified, unverified, ok},
		{"no possible address", "dee", true, other, ok, ok},
		{"an address that begins so", "dee@people.example.org", true, other, ok, ok},
		{"two addresses", "dee@people.example,eve@people.example", true, other, ok, ok},
	} {
		for policy, want := range map[member.Recipient]string{
			member.InvitedEmail: tt.strict, member.UnsafeAnyVerifiedEmail: tt.any, member.UnsafeAnyAccount: tt.every,
		} {
			verdict := " gets in"
			if want != ok {
				verdict = " is refused as " + want
			}
			name := map[member.Recipient]string{
				member.InvitedEmail: "strict", member.UnsafeAnyVerifiedEmail: "any verified", member.UnsafeAnyAccount: "any",
			}[policy]
			t.Run(name+"/"+tt.name+verdict, func(t *testing.T) {
				t.Parallel()
				k := kit(t, &member.Options{Recipient: policy})
				e := become(t, k, member.StatusSent)
				before := all(t, k)
				m, err := k.Members.Accept(t.Context(), e.Token, member.Account{ID: "u-42", Email: tt.email, EmailVerified: tt.verified})
				if want == ok {
					require.NoError(t, err)
					require.Equal(t, "dee@people.example", m.Email, "the invited address stays")
					return
				}
				require.Equal(t, want, fault.CodeOf(err))
				require.ErrorIs(t, err, fault.ErrDenied)
				require.Equal(t, before, all(t, k), "nothing is spent")
			})
		}
	}
}
