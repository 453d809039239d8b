package member_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// listAll lists everything that a filter selects.
func listAll(t *testing.T, k *superapptest.Kit, by rbac.Actor, f member.Filter) []member.Details {
	t.Helper()
	return testkit.Pages(t, page.MaxSize, func(req page.Request) (page.Page[member.Details], error) {
		return k.Members.List(t.Context(), by, f, req)
	})
}

// over are the permissions upon members.
var over = []rbac.Permission{rbac.ViewMember, rbac.InviteMember, rbac.BlockMember, rbac.RemoveMember, rbac.SetMemberRole}

// lesser lets a merchant's operators do to members whatever an admin may, so
// that only the ceiling stands between them and the admin (M12).
func lesser(t *testing.T, o *member.Options) *superapptest.Kit {
	t.Helper()
	return widened(t, o, over...)
}

// widened gives a merchant's operators permissions on the whole workspace.
func widened(t *testing.T, o *member.Options, permissions ...rbac.Permission) *superapptest.Kit {
	t.Helper()
	var cells []rbac.Cell
	for _, p := range permissions {
		cells = append(cells, rbac.Cell{Permission: p, Role: rbac.Operator, Scope: rbac.InWorkspace})
	}
	matrix, err := rbac.BuiltIn().With(rbac.Edits{Cells: cells})
	require.NoError(t, err)
	return superapptest.New(t, &superapptest.Options{Platform: superapp.Options{Matrix: matrix, Members: o}})
}

// TestActions: the actions that are listed are those that would succeed, and no
// others, for every caller and every member he sees (M3). Every action is tried,
// and rolled back.
func TestActions(t *testing.T) {
	t.Parallel()
	errUndo := errors.New("undo")
	callers := map[string]rbac.Actor{
		"the operator": system, "a tenant's admin": tenantAdmin, "a merchant's admin": merchantAdmin,
		"another admin": rbac.User("acc-second"), "a lesser role": rbac.User(superapptest.Account(rbac.Operator)),
		"a lesser role with another mini program": rbac.User("acc-elsewhere"),
	}
	seen := make(map[member.Action]int)
	check := func(t *testing.T, k *superapptest.Kit) {
		t.Helper()
		for name, by := range callers {
			for _, w := range []id.Workspace{k.Tenant, k.Merchant, {}} {
				p, err := k.Members.List(t.Context(), by, member.Filter{Workspace: w, Statuses: statuses}, page.Request{})
				if err != nil {
					require.Contains(t, []fault.Kind{fault.ErrDenied, fault.ErrNotFound}, fault.KindOf(err))
					continue
				}
				for _, d := range p.Items {
					one, err := k.Members.Get(t.Context(), by, d.ID)
					require.NoError(t, err)
					require.Equal(t, d, one, "the list and the detail say the same")
					for _, a := range actions {
						if a == member.ActionAccept || a == member.ActionLeave && d.Account != by.Account() {
							require.NotContains(t, d.Actions, a)
							continue
						}
						err := k.Update(t.Context(), func(_ context.Context, p *superapp.Platform) error {
							if err := act(t, p, by, entry{Member: d.Member}, a); err != nil {
								return err
							}
							return errUndo
						}, d.Workspace)
						done := errors.Is(err, errUndo)
						require.Equal(t, done, slices.Contains(d.Actions, a), "%s, %s, who is %s and %s: %v", name, a, d.Role, d.Status, err)
						if done {
							seen[a]++
						}
					}
				}
			}
		}
	}

	k := lesser(t, nil)
	ctx := t.Context()
	second := k.Join(rbac.DeveloperAdmin, "second")
	other := k.Create(rbac.DeveloperAdmin, k.Merchant, "Other Shop")
	for i, role := range []rbac.Role{rbac.DeveloperAdmin, rbac.Developer, rbac.Operator} {
		k.Invite(role, fmt.Sprintf("sent-%d", i))
		blocked := k.Join(role, fmt.Sprintf("blocked-%d", i))
		_, err := k.Members.Block(ctx, merchantAdmin, blocked.ID, "")
		require.NoError(t, err)
		gone := k.Join(role, fmt.Sprintf("gone-%d", i))
		_, err = k.Members.Delete(ctx, merchantAdmin, gone.ID, "")
		require.NoError(t, err)
	}
	elsewhere := k.Join(rbac.Operator, "elsewhere")
	_, err := k.Members.SetRole(ctx, merchantAdmin, elsewhere.ID, member.SetRole{Role: rbac.Operator, MiniPrograms: []id.MiniProgram{other}})
	require.NoError(t, err)
	orphan(t, k)
	check(t, k)

	k.Clock.Advance(4 * 24 * time.Hour)
	check(t, k) // expired
	_, err = k.Members.Delete(ctx, merchantAdmin, second.ID, "")
	require.NoError(t, err)
	check(t, k) // one admin only
	require.NoError(t, k.Workspaces.SetStatus(ctx, system, k.Merchant, workspace.Disabled, "review"))
	check(t, k) // closed
	for _, a := range actions {
		require.True(t, a == member.ActionAccept || seen[a] > 0, "%s was never open", a)
	}
}
