package member_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// The actions that take an admin away, and those of them that one may not take
// upon himself.
var (
	upon     = []member.Action{member.ActionBlock, member.ActionSetRole, member.ActionDelete}
	unseated = []member.Action{member.ActionBlock, member.ActionSetRole, member.ActionDelete, member.ActionLeave}
)

// TestSelf: nobody changes, blocks or deletes himself, the only admin or one of
// two (M12).
func TestSelf(t *testing.T) {
	t.Parallel()
	for _, two := range []bool{false, true} {
		for _, a := range upon {
			name := map[bool]string{false: "the only admin", true: "one of two"}[two]
			t.Run(name+"/"+string(a)+" is refused", func(t *testing.T) {
				t.Parallel()
				k := kit(t, nil)
				if two {
					k.Join(rbac.DeveloperAdmin, "second")
				}
				before := all(t, k)
				err := act(t, k.Platform, merchantAdmin, entry{Member: k.Member(rbac.DeveloperAdmin)}, a)
				require.ErrorIs(t, err, member.ErrSelf)
				require.ErrorIs(t, err, fault.ErrDenied)
				require.Equal(t, before, all(t, k))
			})
		}
	}
}

// unseat takes an admin away by an action.
func unseat(t *testing.T, k *superapptest.Kit, by rbac.Actor, m member.Member, a member.Action) error {
	t.Helper()
	if a == member.ActionSetRole {
		_, err := k.Members.SetRole(t.Context(), by, m.ID, member.SetRole{Role: rbac.Operator, MiniPrograms: k.Member(rbac.Operator).Assigned()})
		return err
	}
	return act(t, k.Platform, by, entry{Member: m}, a)
}

// TestLastAdmin: a workspace keeps one active admin, whoever acts (M12).
func TestLastAdmin(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		other func(*testing.T, *superapptest.Kit) // who else is there
		done  bool
	}{
		{"alone", func(*testing.T, *superapptest.Kit) {}, false},
		{"beside an invited one", func(_ *testing.T, k *superapptest.Kit) { k.Invite(rbac.DeveloperAdmin, "second") }, false},
		{"beside a blocked one", func(t *testing.T, k *superapptest.Kit) {
			_, err := k.Members.Block(t.Context(), merchantAdmin, k.Join(rbac.DeveloperAdmin, "second").ID, "")
			require.NoError(t, err)
		}, false},
		{"beside a deleted one", func(t *testing.T, k *superapptest.Kit) {
			_, err := k.Members.Delete(t.Context(), merchantAdmin, k.Join(rbac.DeveloperAdmin, "second").ID, "")
			require.NoError(t, err)
		}, false},
		{"beside one who was demoted", func(t *testing.T, k *superapptest.Kit) {
			require.NoError(t, unseat(t, k, merchantAdmin, k.Join(rbac.DeveloperAdmin, "second"), member.ActionSetRole))
		}, false},
		{"beside an active one", func(_ *testing.T, k *superapptest.Kit) { k.Join(rbac.DeveloperAdmin, "second") }, true},
	} {
		for _, a := range unseated {
			verdict := " is refused"
			if tt.done {
				verdict = " is done"
			}
			t.Run(tt.name+"/"+string(a)+verdict, func(t *testing.T) {
				t.Parallel()
				k := kit(t, nil)
				tt.other(t, k)
				before := all(t, k)
				by := system
				if a == member.ActionLeave {
					by = merchantAdmin
				}
				err := unseat(t, k, by, k.Member(rbac.DeveloperAdmin), a)
				if tt.done {
					require.NoError(t, err)
					return
				}
				require.ErrorIs(t, err, member.ErrLastAdmin)
				require.ErrorIs(t, err, fault.ErrState)
				require.Equal(t, before, all(t, k))
			})
		}
	}

	t.Run("the last admin may be set to what he is", func(t *testing.T) {
		t.Parallel()
		k := kit(t, nil)
		_, err := k.Members.SetRole(t.Context(), system, k.Member(rbac.DeveloperAdmin).ID, member.SetRole{Role: rbac.DeveloperAdmin})
		require.NoError(t, err)
	})
}
