package member_test

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// A call is what a verb is called with.
type call struct {
	Actor     rbac.Actor
	Workspace id.Workspace
	Member    id.Member
	Token     member.Token
	Account   member.Account
	Programs  []id.MiniProgram
}

// A verb is one method of the service. Its result is what it returned beside
// the error.
type verb struct {
	name string
	// needs is the status of a member that makes the verb succeed.
	needs member.Status
	// by says what the verb is told, and so whom it is called by.
	by string
	// events are appended when it succeeds; none for a verb that reads.
	events []string
	run    func(context.Context, *member.Service, call) (result []any, err error)
}

func one[T any](v T, err error) ([]any, error) { return []any{v}, err }

func two[T, U any](v T, u U, err error) ([]any, error) { return []any{v, u}, err }

func (c call) invite() member.Invite {
	return member.Invite{Workspace: c.Workspace, Email: "new@people.example", Name: "New", Role: rbac.Developer, MiniPrograms: c.Programs}
}

// verbs are all the methods of the service.
var verbs = []verb{
	{"Invite", "", "workspace", []string{"member.invited"}, func(ctx context.Context, s *member.Service, c call) ([]any, error) {
		return two(s.Invite(ctx, c.Actor, c.invite()))
	}},
	{"InviteAll", "", "workspace", []string{"member.invited"}, func(ctx context.Context, s *member.Service, c call) ([]any, error) {
		return two(s.InviteAll(ctx, c.Actor, member.InviteAll{Workspace: c.Workspace, Invitees: []member.Invite{c.invite()}}))
	}},
	{"InviteAll, best effort", "", "workspace", []string{"member.invited"}, func(ctx context.Context, s *member.Service, c call) ([]any, error) {
		return two(s.InviteAll(ctx, c.Actor, member.InviteAll{Workspace: c.Workspace, Invitees: []member.Invite{c.invite()}, BestEffort: true}))
	}},
	{"Invite, replacing", member.StatusExpired, "workspace", []string{"member.withdrawn", "member.invited"}, func(ctx context.Context, s *member.Service, c call) ([]any, error) {
		in := c.invite()
		in.Email = "dee@people.example"
		return two(s.Invite(ctx, c.Actor, in))
	}},
	{"Inspect", member.StatusSent, "token", nil, func(ctx context.Context, s *member.Service, c call) ([]any, error) {
		return one(s.Inspect(ctx, c.Token))
	}},
	{"Accept", member.StatusSent, "token", []string{"member.accepted"}, func(ctx context.Context, s *member.Service, c call) ([]any, error) {
		return one(s.Accept(ctx, c.Token, c.Account))
	}},
	{"Resend", member.StatusSent, "member", []string{"member.resent"}, func(ctx context.Context, s *member.Service, c call) ([]any, error) {
		return two(s.Resend(ctx, c.Actor, c.Member))
	}},
	{"Withdraw", member.StatusSent, "member", []string{"member.withdrawn"}, func(ctx context.Context, s *member.Service, c call) ([]any, error) {
		return one(s.Withdraw(ctx, c.Actor, c.Member))
	}},
	{"SetFirstAdmin, invited", "", "orphan", []string{"member.withdrawn", "member.invited"}, func(ctx context.Context, s *member.Service, c call) ([]any, error) {
		return two(s.SetFirstAdmin(ctx, c.Actor, c.Workspace, member.First{Email: "other@people.example", Name: "Other"}))
	}},
	{"SetFirstAdmin, known", "", "orphan", []string{"member.withdrawn", "member.entered"}, func(ctx context.Context, s *member.Service, c call) ([]any, error) {
		return two(s.SetFirstAdmin(ctx, c.Actor, c.Workspace, member.First{Account: "other", Name: "Other"}))
	}},
	{"Block", member.StatusActive, "member", []string{"member.blocked"}, func(ctx context.Context, s *member.Service, c call) ([]any, error) {
		return one(s.Block(ctx, c.Actor, c.Member, "why"))
	}},
	{"Unblock", member.StatusInactive, "member", []string{"member.unblocked"}, func(ctx context.Context, s *member.Service, c call) ([]any, error) {
		return one(s.Unblock(ctx, c.Actor, c.Member))
	}},
	{"Delete", member.StatusActive, "member", []string{"member.deleted"}, func(ctx context.Context, s *member.Service, c call) ([]any, error) {
		return one(s.Delete(ctx, c.Actor, c.Member, "why"))
	}},
	{"SetRole", member.StatusActive, "member", []string{"member.role_set"}, func(ctx context.Context, s *member.Service, c call) ([]any, error) {
		return one(s.SetRole(ctx, c.Actor, c.Member, member.SetRole{Role: rbac.Operator, MiniPrograms: c.Programs}))
	}},
	{"SetRoles", member.StatusActive, "workspace", []string{"member.role_set"}, func(ctx context.Context, s *member.Service, c call) ([]any, error) {
		return one(s.SetRoles(ctx, c.Actor, c.Workspace, []id.Member{c.Member}, member.SetRole{Role: rbac.Operator, MiniPrograms: c.Programs}))
	}},
	{"WhoCan", member.StatusActive, "workspace", nil, func(ctx context.Context, s *member.Service, c call) ([]any, error) {
		return one(s.WhoCan(ctx, c.Actor, rbac.InviteMember, rbac.OnWorkspace(c.Workspace), page.Request{}))
	}},
	{"Shifts", member.StatusActive, "workspace", nil, func(ctx context.Context, s *member.Service, c call) ([]any, error) {
		return one(s.Shifts(ctx, c.Actor, c.Workspace, rbac.BuiltIn(), page.Request{}))
	}},
	{"Leave", member.StatusActive, "self", []string{"member.left"}, func(ctx context.Context, s *member.Service, c call) ([]any, error) {
		return one(s.Leave(ctx, c.Actor, c.Workspace))
	}},
	{"Get", member.StatusActive, "member", nil, func(ctx context.Context, s *member.Service, c call) ([]any, error) {
		return one(s.Get(ctx, c.Actor, c.Member))
	}},
	{"List", member.StatusActive, "workspace", nil, func(ctx context.Context, s *member.Service, c call) ([]any, error) {
		return one(s.List(ctx, c.Actor, member.Filter{Workspace: c.Workspace}, page.Request{}))
	}},
	{"Mine", member.StatusActive, "self", nil, func(ctx context.Context, s *member.Service, c call) ([]any, error) {
		return one(s.Mine(ctx, c.Actor, page.Request{}))
	}},
	{"Invitations", member.StatusSent, "account", nil, func(ctx context.Context, s *member.Service, c call) ([]any, error) {
		return one(s.Invitations(ctx, c.Account, page.Request{}))
	}},
}

// ready makes what the verb needs in order to succeed.
func (v verb) ready(t *testing.T, k *superapptest.Kit) call {
	t.Helper()
	c := call{
		Actor: merchantAdmin, Workspace: k.Merchant, Programs: []id.MiniProgram{k.Shop}, Account: superapptest.Person("dee"),
		Member: id.Member{UUID: unknown()},
	}
	switch {
	case v.by == "orphan":
		opened, token := orphan(t, k)
		c.Actor, c.Workspace, c.Member, c.Token = tenantAdmin, opened.Workspace.ID, opened.Admin.ID, token
	case v.needs != "":
		e := become(t, k, v.needs)
		c.Member, c.Token = e.ID, e.Token
	}
	if v.by == "self" {
		c.Actor = rbac.User(superapptest.Person("dee").ID)
	}
	return c
}

// each runs a test for every verb, on a kit of its own.
func each(t *testing.T, test func(*testing.T, *superapptest.Kit, verb)) {
	t.Helper()
	for _, v := range verbs {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			test(t, kit(t, nil), v)
		})
	}
}

// requireZero fails unless every result is the zero value.
func requireZero(t *testing.T, results []any) {
	t.Helper()
	for _, r := range results {
		require.True(t, reflect.ValueOf(r).IsZero(), "a result beside an error: %+v", r)
	}
}

// TestVerbs: the table below and the service have the same verbs, and each
// succeeds as prepared, so that the tests which refuse it are about the refusal.
func TestVerbs(t *testing.T) {
	t.Parallel()
	// On gives the service another store, EnterFirst is a part of opening a workspace,
	// Defaults are the options, Links and bulk invitations are of services of their
	// own, Mint is the platform operator's (mint_test.go).
	covered := map[string]bool{"Links": true, "Bulk": true, "On": true, "EnterFirst": true, "Defaults": true, "Mint": true}
	for _, v := range verbs {
		name, _, _ := strings.Cut(v.name, ",")
		covered[name] = true
	}
	service := reflect.TypeFor[*member.Service]()
	for i := range service.NumMethod() {
		require.True(t, covered[service.Method(i).Name], "no test calls %s", service.Method(i).Name)
	}
	each(t, func(t *testing.T, k *superapptest.Kit, v verb) {
		_, err := v.run(t.Context(), k.Members, v.ready(t, k))
		require.NoError(t, err)
	})
}
