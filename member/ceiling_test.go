package member_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// The lesser role that may do to members whatever an admin may: see [lesser].
var operator = rbac.User(superapptest.Account(rbac.Operator))

// TestCeiling: nobody grants more than he holds, nor acts upon somebody who
// holds more (M12).
func TestCeiling(t *testing.T) {
	t.Parallel()
	// subject is whom the operator acts upon.
	type subject struct {
		role    rbac.Role
		program string // the operator's own, another, or both
		covered bool
	}
	for name, sub := range map[string]subject{
		"an admin":                             {rbac.DeveloperAdmin, "", false},
		"a developer":                          {rbac.Developer, "same", false}, // who may upload
		"an operator elsewhere":                {rbac.Operator, "other", false},
		"an operator of the same mini program": {rbac.Operator, "same", true},
		"an operator of that one and another":  {rbac.Operator, "both", false},
	} {
		programs := func(k *superapptest.Kit) []id.MiniProgram {
			other := k.Create(rbac.DeveloperAdmin, k.Merchant, "Other Shop")
			return map[string][]id.MiniProgram{"": nil, "same": {k.Shop}, "other": {other}, "both": {k.Shop, other}}[sub.program]
		}
		// makeOne makes the subject in a status, by the admin.
		makeOne := func(t *testing.T, k *superapptest.Kit, st member.Status) entry {
			t.Helper()
			var e entry
			var err error
			e.Member, e.Token, err = k.Members.Invite(t.Context(), merchantAdmin, member.Invite{
				Workspace: k.Merchant, Email: "subject@people.example", Name: "Subject", Role: sub.role, MiniPrograms: programs(k),
			})
			require.NoError(t, err)
			if st == member.StatusSent {
				return e
			}
			e.Member, err = k.Members.Accept(t.Context(), e.Token, superapptest.Person("subject"))
			require.NoError(t, err)
			if st == member.StatusInactive {
				e.Member, err = k.Members.Block(t.Context(), merchantAdmin, e.ID, "")
				require.NoError(t, err)
			}
			return e
		}
		verdict := " is refused"
		if sub.covered {
			verdict = " is done"
		}
		check := func(t *testing.T, k *superapptest.Kit, before stored, err error) {
			t.Helper()
			if sub.covered {
				require.NoError(t, err)
				return
			}
			ceiling, ok := errorAs[*member.CeilingError](err)
			require.True(t, ok, "err = %v", err)
			require.NotEmpty(t, ceiling.Permissions)
			require.ErrorContains(t, err, ceiling.Permissions[0])
			require.ErrorIs(t, err, member.ErrCeiling)
			require.ErrorIs(t, err, fault.ErrDenied)
			require.Equal(t, "member.ceiling", fault.CodeOf(err))
			require.Equal(t, before, all(t, k))
		}
		for _, on := range []struct {
			status member.Status
			action member.Action
		}{
			{member.StatusSent, member.ActionResend}, {member.StatusSent, member.ActionWithdraw},
			{member.StatusActive, member.ActionBlock}, {member.StatusActive, member.ActionDelete}, {member.StatusActive, member.ActionSetRole},
			{member.StatusInactive, member.ActionUnblock}, {member.StatusInactive, member.ActionDelete}, {member.StatusInactive, member.ActionSetRole},
		} {
			t.Run(name+"/"+string(on.status)+"/"+string(on.action)+verdict, func(t *testing.T) {
				t.Parallel()
				k := lesser(t, nil)
				e := makeOne(t, k, on.status)
				before := all(t, k)
				check(t, k, before, act(t, k.Platform, operator, e, on.action))
			})
		}
		t.Run(name+"/invite"+verdict, func(t *testing.T) {
			t.Parallel()
			k := lesser(t, nil)
			in := member.Invite{Workspace: k.Merchant, Email: "subject@people.example", Name: "Subject", Role: sub.role, MiniPrograms: programs(k)}
			before := all(t, k)
			_, _, err := k.Members.Invite(t.Context(), operator, in)
			check(t, k, before, err)
		})
		t.Run(name+"/raise to it"+verdict, func(t *testing.T) {
			t.Parallel()
			k := lesser(t, nil)
			m := k.Join(rbac.Operator, "dee")
			set := member.SetRole{Role: sub.role, MiniPrograms: programs(k)}
			before := all(t, k)
			_, err := k.Members.SetRole(t.Context(), operator, m.ID, set)
			check(t, k, before, err)
		})
	}

	t.Run("the operator of the platform has none", func(t *testing.T) {
		t.Parallel()
		k := lesser(t, nil)
		_, _, err := k.Members.Invite(t.Context(), system, member.Invite{
			Workspace: k.Merchant, Email: "subject@people.example", Name: "Subject", Role: rbac.DeveloperAdmin,
		})
		require.NoError(t, err)
	})
}

// TestPermissions: each verb needs its own permission, and no other.
func TestPermissions(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status member.Status
		needs  rbac.Permission
		run    func(*testing.T, *superapptest.Kit, id.Member) error
	}{
		"invite": {member.StatusSent, rbac.InviteMember, func(t *testing.T, k *superapptest.Kit, _ id.Member) error {
			_, _, err := k.Members.Invite(t.Context(), operator, member.Invite{
				Workspace: k.Merchant, Email: "new@people.example", Name: "New", Role: rbac.Operator, MiniPrograms: []id.MiniProgram{k.Shop},
			})
			return err
		}},
		"resend": {member.StatusSent, rbac.InviteMember, func(t *testing.T, k *superapptest.Kit, m id.Member) error {
			_, _, err := k.Members.Resend(t.Context(), operator, m)
			return err
		}},
		"withdraw": {member.StatusSent, rbac.InviteMember, func(t *testing.T, k *superapptest.Kit, m id.Member) error {
			_, err := k.Members.Withdraw(t.Context(), operator, m)
			return err
		}},
		"block": {member.StatusActive, rbac.BlockMember, func(t *testing.T, k *superapptest.Kit, m id.Member) error {
			_, err := k.Members.Block(t.Context(), operator, m, "")
			return err
		}},
		"unblock": {member.StatusInactive, rbac.BlockMember, func(t *testing.T, k *superapptest.Kit, m id.Member) error {
			_, err := k.Members.Unblock(t.Context(), operator, m)
			return err
		}},
		"delete": {member.StatusActive, rbac.RemoveMember, func(t *testing.T, k *superapptest.Kit, m id.Member) error {
			_, err := k.Members.Delete(t.Context(), operator, m, "")
			return err
		}},
		"set role": {member.StatusActive, rbac.SetMemberRole, func(t *testing.T, k *superapptest.Kit, m id.Member) error {
			_, err := k.Members.SetRole(t.Context(), operator, m, member.SetRole{Role: rbac.Operator, MiniPrograms: []id.MiniProgram{k.Shop}})
			return err
		}},
		"get": {member.StatusActive, rbac.ViewMember, func(t *testing.T, k *superapptest.Kit, m id.Member) error {
			_, err := k.Members.Get(t.Context(), operator, m)
			return err
		}},
		"list": {member.StatusActive, rbac.ViewMember, func(t *testing.T, k *superapptest.Kit, _ id.Member) error {
			_, err := k.Members.List(t.Context(), operator, member.Filter{Workspace: k.Merchant}, page.Request{})
			return err
		}},
	} {
		for _, p := range over {
			verdict := " is not enough"
			if p == tt.needs {
				verdict = " is enough"
			}
			t.Run(name+"/"+rbac.BuiltIn().Name(p)+verdict, func(t *testing.T) {
				t.Parallel()
				k := widened(t, nil, p)
				m, token := k.Invite(rbac.Operator, "other")
				if tt.status != member.StatusSent {
					_, err := k.Members.Accept(t.Context(), token, superapptest.Person("other"))
					require.NoError(t, err)
				}
				if tt.status == member.StatusInactive {
					_, err := k.Members.Block(t.Context(), merchantAdmin, m.ID, "")
					require.NoError(t, err)
				}
				err := tt.run(t, k, m.ID)
				if p == tt.needs {
					require.NoError(t, err)
					return
				}
				denied, ok := errorAs[*rbac.DeniedError](err)
				require.True(t, ok, "err = %v", err)
				require.Equal(t, tt.needs, denied.Decision.Permission)
			})
		}
	}
}

// TestSenderNotEntitled: at acceptance the right of whoever sent the invitation
// counts as it stands then; an admin may send it again (M12).
func TestSenderNotEntitled(t *testing.T) {
	t.Parallel()
	me := func(k *superapptest.Kit) id.Member { return k.Member(rbac.Operator).ID }
	for _, tt := range []struct {
		name     string
		happens  func(*testing.T, *superapptest.Kit) error
		entitled bool
	}{
		{"nothing happened", func(*testing.T, *superapptest.Kit) error { return nil }, true},
		{"he was blocked", func(t *testing.T, k *superapptest.Kit) error {
			_, err := k.Members.Block(t.Context(), merchantAdmin, me(k), "")
			return err
		}, false},
		{"he was blocked and unblocked", func(t *testing.T, k *superapptest.Kit) error {
			if _, err := k.Members.Block(t.Context(), merchantAdmin, me(k), ""); err != nil {
				return err
			}
			_, err := k.Members.Unblock(t.Context(), merchantAdmin, me(k))
			return err
		}, true},
		{"he was deleted", func(t *testing.T, k *superapptest.Kit) error {
			_, err := k.Members.Delete(t.Context(), merchantAdmin, me(k), "")
			return err
		}, false},
		{"he left", func(t *testing.T, k *superapptest.Kit) error {
			_, err := k.Members.Leave(t.Context(), operator, k.Merchant)
			return err
		}, false},
		{"he was made a developer, who may not invite", func(t *testing.T, k *superapptest.Kit) error {
			_, err := k.Members.SetRole(t.Context(), merchantAdmin, me(k), member.SetRole{Role: rbac.Developer, MiniPrograms: []id.MiniProgram{k.Shop}})
			return err
		}, false},
		{"he was given another mini program", func(t *testing.T, k *superapptest.Kit) error {
			other := k.Create(rbac.DeveloperAdmin, k.Merchant, "Other Shop")
			_, err := k.Members.SetRole(t.Context(), merchantAdmin, me(k), member.SetRole{Role: rbac.Operator, MiniPrograms: []id.MiniProgram{other}})
			return err
		}, false},
		{"he was made an admin", func(t *testing.T, k *superapptest.Kit) error {
			_, err := k.Members.SetRole(t.Context(), merchantAdmin, me(k), member.SetRole{Role: rbac.DeveloperAdmin})
			return err
		}, true},
	} {
		verdict := "/it is refused"
		if tt.entitled {
			verdict = "/it is accepted"
		}
		t.Run(tt.name+verdict, func(t *testing.T) {
			t.Parallel()
			k := lesser(t, nil)
			ctx := t.Context()
			sent, token, err := k.Members.Invite(ctx, operator, member.Invite{
				Workspace: k.Merchant, Email: "dee@people.example", Name: "Dee", Role: rbac.Operator, MiniPrograms: []id.MiniProgram{k.Shop},
			})
			require.NoError(t, err)
			require.NoError(t, tt.happens(t, k))
			if tt.entitled {
				_, err = k.Members.Accept(ctx, token, superapptest.Person("dee"))
				require.NoError(t, err)
				return
			}
			before := all(t, k)
			in, err := k.Members.Inspect(ctx, token)
			require.NoError(t, err)
			require.Equal(t, member.TokenNotEntitled, in.State)
			_, err = k.Members.Accept(ctx, token, superapptest.Person("dee"))
			require.ErrorIs(t, err, member.ErrSenderNotEntitled)
			require.Equal(t, before, all(t, k), "nothing is spent")

			_, token, err = k.Members.Resend(ctx, merchantAdmin, sent.ID)
			require.NoError(t, err)
			_, err = k.Members.Accept(ctx, token, superapptest.Person("dee"))
			require.NoError(t, err)
		})
	}

	t.Run("what the platform operator sent needs no sender", func(t *testing.T) {
		t.Parallel()
		k := kit(t, nil)
		_, token, err := k.Members.Invite(t.Context(), system, member.Invite{
			Workspace: k.Merchant, Email: "dee@people.example", Name: "Dee", Role: rbac.DeveloperAdmin,
		})
		require.NoError(t, err)
		_, err = k.Members.Accept(t.Context(), token, superapptest.Person("dee"))
		require.NoError(t, err)
	})
}
