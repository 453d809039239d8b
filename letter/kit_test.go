package letter_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/letter"
	"github.com/superapp-go/superapp/letter/lettertest"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

var (
	system        = superapptest.System
	tenantAdmin   = rbac.User(superapptest.Account(rbac.WorkspaceAdmin))
	merchantAdmin = rbac.User(superapptest.Account(rbac.DeveloperAdmin))
	reviewer      = rbac.User(superapptest.Account(rbac.WorkspaceReviewer))
)

// A post is a kit whose invitations go out by letter, with a mailbox for them.
type post struct {
	*superapptest.Kit
	lettertest.Mailbox
	sender *letter.Sender
	t      *testing.T
}

// options are those of most tests.
func options() letter.Options {
	return letter.Options{
		From:       letter.Address{Name: "Riverbank Wallet", Email: "noreply@wallet.example"},
		Invitation: func(t member.Token) string { return "https://console.example/join?token=" + t.Reveal() },
		Request:    func(r id.Request) string { return "https://console.example/requests/" + r.String() },
	}
}

// newPost makes a post over a kit.
func newPost(t *testing.T, k *superapptest.Kit, o letter.Options) *post {
	t.Helper()
	p := &post{Kit: k, t: t}
	var err error
	p.sender, err = letter.New(k.Platform, &p.Mailbox, o)
	require.NoError(t, err)
	return p
}

// onStores runs a test with a post on each embedded store.
func onStores(t *testing.T, test func(*testing.T, *post)) {
	t.Helper()
	testkit.OnStores(t, superapptest.Options{Platform: superapp.Options{Members: &member.Options{Letters: true}}},
		func(t *testing.T, k *superapptest.Kit) { test(t, newPost(t, k, options())) })
}

// inMemory is a post on the memory store.
func inMemory(t *testing.T, o letter.Options) *post {
	t.Helper()
	k := superapptest.New(t, &superapptest.Options{Platform: superapp.Options{Members: &member.Options{Letters: true}}})
	return newPost(t, k, o)
}

// events returns the events of a workspace with one of the verbs, or all.
func (p *post) events(w id.Workspace, verbs ...audit.Verb) []audit.Event {
	p.t.Helper()
	all := testkit.Pages(p.t, page.MaxSize, func(req page.Request) (page.Page[audit.Event], error) {
		return p.Audit.List(context.Background(), system, audit.Filter{Workspace: w}, req)
	})
	return slices.DeleteFunc(all, func(e audit.Event) bool { return len(verbs) > 0 && !slices.Contains(verbs, e.Verb) })
}

// last hands the last event of a workspace with a verb to the sender, and returns
// what was sent.
func (p *post) last(w id.Workspace, verb audit.Verb) []letter.Message {
	p.t.Helper()
	all := p.events(w, verb)
	require.NotEmpty(p.t, all, "no event %s", verb)
	return p.hand(all[len(all)-1])
}

// hand hands an event to the sender, and returns what was sent.
func (p *post) hand(e audit.Event) []letter.Message {
	p.t.Helper()
	p.Clear()
	require.NoError(p.t, p.sender.Handle(p.t.Context(), e))
	return p.Messages()
}

// addresses are those that messages went to, in order.
func addresses(all []letter.Message) []string {
	var to []string
	for _, m := range all {
		to = append(to, m.To.Email)
	}
	slices.Sort(to)
	return to
}

// inChinese has everybody read Chinese.
func inChinese(o letter.Options) letter.Options {
	o.Languages = func(context.Context, id.Workspace) ([]language.Tag, error) {
		return []language.Tag{language.MustParse("zh-CN")}, nil
	}
	return o
}
