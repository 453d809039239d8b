package member_test

import (
	"fmt"
	"slices"
	"strings"
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
	"github.com/superapp-go/superapp/workspace"
)

// crowd fills the kit's merchant with people in every status and role, sent at
// different times; others are elsewhere.
func crowd(t *testing.T) *superapptest.Kit {
	t.Helper()
	k := kit(t, nil)
	other := k.Create(rbac.DeveloperAdmin, k.Merchant, "Other Shop")
	for i, role := range []rbac.Role{rbac.DeveloperAdmin, rbac.Developer, rbac.Operator} {
		for j, st := range statuses {
			m, token := k.Invite(role, fmt.Sprintf("person-%d-%d", i, j))
			var err error
			switch st {
			case member.StatusActive, member.StatusInactive, member.StatusDeleted:
				m, err = k.Members.Accept(t.Context(), token, superapptest.Person(fmt.Sprintf("person-%d-%d", i, j)))
				require.NoError(t, err)
			case member.StatusWithdrawn:
				_, err = k.Members.Withdraw(t.Context(), merchantAdmin, m.ID)
			case member.StatusSent:
				k.Clock.Advance(time.Minute)
				_, _, err = k.Members.Resend(t.Context(), system, m.ID)
			}
			require.NoError(t, err)
			if m.State == member.Active && role == rbac.Operator {
				_, err = k.Members.SetRole(t.Context(), merchantAdmin, m.ID, member.SetRole{Role: role, MiniPrograms: []id.MiniProgram{other}})
				require.NoError(t, err)
			}
			switch st {
			case member.StatusInactive:
				_, err = k.Members.Block(t.Context(), merchantAdmin, m.ID, "")
			case member.StatusDeleted:
				_, err = k.Members.Delete(t.Context(), merchantAdmin, m.ID, "")
			}
			require.NoError(t, err)
		}
		k.Clock.Advance(day)
	}
	// Some of the first invitations have expired by now; the resent ones not.
	_, _, err := inviteDee(t, k, "wide@people.example")
	require.NoError(t, err)
	merchant(t, k, k.Tenant, tenantAdmin, "beside")
	rival(t, k)
	return k
}

// TestFilters: every combination of filters selects what a plain look at every
// record selects, in the order of the ids (M16).
func TestFilters(t *testing.T) {
	t.Parallel()
	k := crowd(t)
	records := all(t, k).Members
	now := k.Clock.Now()
	seen := make(map[member.Status]bool)
	for _, m := range records {
		seen[m.Status(now)] = true
	}
	require.Len(t, seen, len(statuses), "somebody is in every status")

	tried, found := 0, 0
	for _, w := range []id.Workspace{k.Merchant, {}} {
		for _, st := range [][]member.Status{nil, {member.StatusSent}, {member.StatusExpired}, {member.StatusActive, member.StatusInactive}, {member.StatusWithdrawn, member.StatusDeleted}, statuses} {
			for _, roles := range [][]rbac.Role{nil, {rbac.Developer}, {rbac.Operator, rbac.DeveloperAdmin}, {rbac.WorkspaceAdmin}} {
				for _, email := range []string{"", "Person-1-2@people.example", "nobody@people.example"} {
					for _, name := range []string{"", "PERSON", "1 2", "ｐｅｒｓｏｎ", "zzz"} {
						for _, program := range []id.MiniProgram{{}, k.Shop, {UUID: unknown()}} {
							for _, before := range []time.Time{{}, superapptest.Start.Add(3*day + time.Hour), now, now.Add(90 * day)} {
								f := member.Filter{Workspace: w, Statuses: st, Roles: roles, Email: email, Name: name, MiniProgram: program, ExpiresBefore: before}
								var want []id.Member
								for _, m := range records {
									if selects(f, m, now) {
										want = append(want, m.ID)
									}
								}
								require.Equal(t, want, ids(t, k, f), "%+v", f)
								tried++
								found += min(1, len(want))
							}
						}
					}
				}
			}
		}
	}
	require.Greater(t, found, tried/20, "the filters select somebody often enough to mean something")
}

// selects is the filter in plain words.
func selects(f member.Filter, m member.Member, now time.Time) bool {
	st := m.Status(now)
	name := strings.ToLower(strings.ReplaceAll(f.Name, "ｐｅｒｓｏｎ", "person"))
	switch {
	case !f.Workspace.IsZero() && m.Workspace != f.Workspace:
	case f.Statuses == nil && (st == member.StatusWithdrawn || st == member.StatusDeleted):
	case f.Statuses != nil && !slices.Contains(f.Statuses, st):
	case f.Roles != nil && !slices.Contains(f.Roles, m.Role):
	case f.Email != "" && m.Email != strings.ToLower(f.Email):
	case !strings.Contains(strings.ToLower(m.Name), name):
	case !f.MiniProgram.IsZero() && !slices.ContainsFunc(m.Programs, func(h rbac.HeldProgram) bool { return h.MiniProgram == f.MiniProgram }):
	case !f.ExpiresBefore.IsZero() && (m.State != member.Invited || !m.Invitation.ExpiresAt.Before(f.ExpiresBefore)):
	default:
		return true
	}
	return false
}

// TestPages: pages of one make the list, in the same order, while members come
// and go; a cursor belongs to its list.
func TestPages(t *testing.T) {
	t.Parallel()
	k := crowd(t)
	ctx := t.Context()
	// dee is a member of several workspaces, and invited to several.
	for i := range 5 {
		p := merchant(t, k, k.Tenant, tenantAdmin, fmt.Sprint("m", i))
		invite := func(email string) member.Token {
			_, token, err := k.Members.Invite(ctx, p.Admin, member.Invite{Workspace: p.Workspace, Email: email, Name: "Dee", Role: rbac.DeveloperAdmin})
			require.NoError(t, err)
			return token
		}
		_, err := k.Members.Accept(ctx, invite("dee@people.example"), superapptest.Person("dee"))
		require.NoError(t, err)
		invite("eve@people.example")
	}
	dee, eve := rbac.User("acc-dee"), superapptest.Person("eve")

	list := func(req page.Request) (page.Page[member.Details], error) {
		return k.Members.List(ctx, system, member.Filter{Statuses: statuses}, req)
	}
	mine := func(req page.Request) (page.Page[member.Membership], error) { return k.Members.Mine(ctx, dee, req) }
	invitations := func(req page.Request) (page.Page[member.Received], error) {
		return k.Members.Invitations(ctx, eve, req)
	}
	require.Greater(t, len(testkit.Pages(t, page.MaxSize, list)), 30)
	require.Len(t, testkit.Pages(t, page.MaxSize, mine), 5)
	require.Len(t, testkit.Pages(t, page.MaxSize, invitations), 5)
	for _, size := range []int{1, 2, 3, 5, 49} {
		require.Equal(t, testkit.Pages(t, page.MaxSize, list), testkit.Pages(t, size, list), size)
		require.Equal(t, testkit.Pages(t, page.MaxSize, mine), testkit.Pages(t, size, mine), size)
		require.Equal(t, testkit.Pages(t, page.MaxSize, invitations), testkit.Pages(t, size, invitations), size)
	}

	t.Run("a foreign cursor is refused", func(t *testing.T) {
		cursors := make(map[string]page.Cursor)
		one := page.Request{Size: 1}
		l, err := list(one)
		require.NoError(t, err)
		m, err := mine(one)
		require.NoError(t, err)
		in, err := invitations(one)
		require.NoError(t, err)
		cursors["list"], cursors["mine"], cursors["invitations"] = l.Next, m.Next, in.Next
		cursors["junk"], cursors["an id"], cursors["a page number"] = "junk", page.Cursor(l.Items[0].ID.String()), "2"
		for name, c := range cursors {
			req := page.Request{Size: 1, After: c}
			for at, call := range map[string]func() error{
				"list":        func() error { _, err := list(req); return err },
				"mine":        func() error { _, err := mine(req); return err },
				"invitations": func() error { _, err := invitations(req); return err },
			} {
				if err := call(); at == name {
					require.NoError(t, err)
				} else {
					require.ErrorIs(t, err, page.ErrCursor, "%s given to %s", name, at)
					require.ErrorIs(t, err, fault.ErrInvalid)
				}
			}
		}
	})

	t.Run("an impossible size is refused", func(t *testing.T) {
		for _, size := range []int{-1, page.MaxSize + 1} {
			req := page.Request{Size: size}
			_, err := list(req)
			requireProblem(t, err, "size", "not_allowed")
			_, err = mine(req)
			requireProblem(t, err, "size", "not_allowed")
			_, err = invitations(req)
			requireProblem(t, err, "size", "not_allowed")
		}
	})

	t.Run("whoever is there throughout is seen once", func(t *testing.T) {
		before := testkit.Pages(t, page.MaxSize, list)
		var seen []id.Member
		for req := (page.Request{Size: 2}); ; {
			p, err := list(req)
			require.NoError(t, err)
			for _, d := range p.Items {
				seen = append(seen, d.ID)
			}
			if p.Next == "" {
				break
			}
			req.After = p.Next
			k.Invite(rbac.Operator, fmt.Sprintf("late-%d", len(seen)))
		}
		require.Subset(t, seen, idsOf(before))
		require.Len(t, dedupMembers(seen), len(seen))
	})
}

func idsOf(list []member.Details) (all []id.Member) {
	for _, d := range list {
		all = append(all, d.ID)
	}
	return all
}

func dedupMembers(all []id.Member) []id.Member {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b id.Member) int { return a.Compare(b.UUID) })
	return slices.Compact(all)
}

// TestMine: one's own memberships, blocked ones included, in all workspaces
// (M16).
func TestMine(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	ctx := t.Context()
	e := become(t, k, member.StatusInactive)
	_, token, err := k.Members.Invite(ctx, tenantAdmin, member.Invite{Workspace: k.Tenant, Email: "dee@people.example", Name: "Dee", Role: rbac.WorkspaceReviewer})
	require.NoError(t, err)
	second, err := k.Members.Accept(ctx, token, superapptest.Person("dee"))
	require.NoError(t, err)
	_, _, err = k.Members.Invite(ctx, system, member.Invite{Workspace: rival(t, k).Workspace, Email: "dee@people.example", Name: "Dee", Role: rbac.WorkspaceReviewer})
	require.NoError(t, err)

	p, err := k.Members.Mine(ctx, rbac.User(e.Account), page.Request{})
	require.NoError(t, err)
	require.Equal(t, []member.Membership{
		{Member: get(t, k, e.ID).Member, Status: member.StatusInactive, WorkspaceName: "Corner Coffee", Kind: workspace.Developer, WorkspaceStatus: workspace.Verified},
		{Member: second, Status: member.StatusActive, WorkspaceName: "Riverbank Wallet", Kind: workspace.Tenant, WorkspaceStatus: workspace.Verified},
	}, p.Items)

	p, err = k.Members.Mine(ctx, system, page.Request{})
	require.NoError(t, err)
	require.Empty(t, p.Items, "the operator is no member")
}

// TestInvitations: the open invitations to a verified e-mail, and no token
// (M16).
func TestInvitations(t *testing.T) {
	t.Parallel()
	for _, st := range statuses {
		t.Run(string(st), func(t *testing.T) {
			t.Parallel()
			k := kit(t, nil)
			e := become(t, k, st)
			for _, email := range []string{"dee@people.example", " DEE@people.example"} {
				p, err := k.Members.Invitations(t.Context(), member.Account{ID: "any", Email: email, EmailVerified: true}, page.Request{})
				require.NoError(t, err)
				if st != member.StatusSent {
					require.Empty(t, p.Items)
					continue
				}
				require.Len(t, p.Items, 1)
				require.Equal(t, e.Member.ID, p.Items[0].Member)
				require.Equal(t, e.Member.Role, p.Items[0].Role)
				require.Equal(t, e.Member.Invitation.ExpiresAt, p.Items[0].ExpiresAt)
				require.Equal(t, "Corner Coffee", p.Items[0].WorkspaceName)
				require.NotContains(t, fmt.Sprintf("%+v", p), e.Token.Reveal())
			}
		})
	}

	k := kit(t, nil)
	become(t, k, member.StatusSent)
	for name, tt := range map[string]struct {
		account member.Account
		want    error
	}{
		"not verified": {member.Account{ID: "any", Email: "dee@people.example"}, member.ErrEmailNotVerified},
		"no address":   {member.Account{ID: "any", EmailVerified: true}, member.ErrEmailNotVerified},
		"malformed":    {member.Account{ID: "any", Email: "dee", EmailVerified: true}, fault.ErrInput},
		"no account":   {member.Account{Email: "dee@people.example", EmailVerified: true}, id.ErrAccount},
	} {
		p, err := k.Members.Invitations(t.Context(), tt.account, page.Request{})
		require.ErrorIs(t, err, tt.want, name)
		require.Zero(t, p)
	}
}

// TestExpiring: a nightly job finds what expires soon, across tenants.
func TestExpiring(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	e := become(t, k, member.StatusSent)
	other := rival(t, k)
	soon := member.Filter{Statuses: []member.Status{member.StatusSent}, ExpiresBefore: e.Invitation.ExpiresAt.Add(time.Microsecond)}
	require.Equal(t, []id.Member{e.ID, other.Invited.ID}, ids(t, k, soon))
	soon.ExpiresBefore = e.Invitation.ExpiresAt
	require.Empty(t, ids(t, k, soon), "exactly then is not before")
	soon.ExpiresBefore = soon.ExpiresBefore.Add(time.Microsecond)
	k.Clock.Set(e.Invitation.ExpiresAt)
	require.Empty(t, ids(t, k, soon), "they have expired")
	soon.Statuses = nil
	require.Len(t, ids(t, k, soon), 2, "expired ones are invitations too")
}

// TestView: who sees a workspace's members (member.view).
func TestView(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	for _, info := range rbac.Roles() {
		if info.Place == rbac.TeamPlace {
			continue
		}
		for w, m := range map[id.Workspace]id.Member{k.Tenant: k.Member(rbac.WorkspaceReviewer).ID, k.Merchant: k.Member(rbac.Developer).ID} {
			_, listed := k.Members.List(t.Context(), k.As(info.Role), member.Filter{Workspace: w}, page.Request{})
			_, got := k.Members.Get(t.Context(), k.As(info.Role), m)
			home := w == k.Tenant == (info.Place == rbac.TenantPlace)
			switch {
			case info.Admin && home:
				require.NoError(t, listed)
				require.NoError(t, got)
			case home || info.Place == rbac.TenantPlace:
				require.ErrorIs(t, listed, rbac.ErrDenied, info.Role)
				require.ErrorIs(t, got, rbac.ErrDenied, info.Role)
			default:
				require.ErrorIs(t, listed, workspace.ErrNotFound, info.Role)
				require.ErrorIs(t, got, member.ErrNotFound, info.Role)
			}
		}
	}
}
