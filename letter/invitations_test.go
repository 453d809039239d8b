package letter_test

import (
	"context"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/letter"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// dee invites a developer of the merchant's mini program.
func dee(p *post) member.Member {
	p.t.Helper()
	m, token, err := p.Members.Invite(p.t.Context(), merchantAdmin, member.Invite{
		Workspace: p.Merchant, Email: "dee@people.example", Name: "Dee", Role: rbac.Developer, MiniPrograms: []id.MiniProgram{p.Shop},
	})
	require.NoError(p.t, err)
	require.Empty(p.t, token.Reveal())
	return m
}

var link = regexp.MustCompile(`https://console\.example/join\?token=([A-Za-z0-9_-]{43})`)

// tokenIn returns the token of the link in a letter.
func tokenIn(t *testing.T, m letter.Message) member.Token {
	t.Helper()
	found := link.FindStringSubmatch(m.Text)
	require.NotNil(t, found, m.Text)
	require.Contains(t, m.HTML, found[0])
	return member.Token(found[1])
}

func TestAnInvitationIsAcceptedByItsLetter(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, p *post) {
		invited := dee(p)
		sent := p.last(p.Merchant, member.EventInvited)
		require.Len(t, sent, 1)
		m := sent[0]
		require.Equal(t, letter.Address{Name: "Dee", Email: "dee@people.example"}, m.To)
		require.Equal(t, letter.Address{Name: "Riverbank Wallet", Email: "noreply@wallet.example"}, m.From)
		require.Equal(t, "Developer Admin invited you to Corner Coffee", m.Subject)
		for _, want := range []string{"Hello Dee,", "Workspace: Corner Coffee", "Role: Developer", "Mini programs: Coffee Shop",
			"Invited by: Developer Admin", "Valid until: 8 January 2026, 09:00 UTC"} {
			require.Contains(t, m.Text, want)
		}
		joined, err := p.Members.Accept(t.Context(), tokenIn(t, m), superapptest.Person("dee"))
		require.NoError(t, err)
		require.Equal(t, invited.ID, joined.ID)
	})
}

func TestAnEventThatComesTwice(t *testing.T) {
	t.Parallel()
	p := inMemory(t, options())
	dee(p)
	first, second := p.last(p.Merchant, member.EventInvited)[0], p.last(p.Merchant, member.EventInvited)[0]
	require.Equal(t, first.ID, second.ID, "a receiver can tell")
	require.Regexp(t, `^[0-9a-f]{32}@wallet\.example$`, first.ID)
	require.Equal(t, first.At, second.At)
	require.NotEqual(t, tokenIn(t, first), tokenIn(t, second), "the store holds hashes, so that each letter has a link of its own")
	for _, m := range []letter.Message{first, second} {
		in, err := p.Members.Inspect(t.Context(), tokenIn(t, m))
		require.NoError(t, err)
		require.Equal(t, member.TokenOpen, in.State)
	}
	m := p.events(p.Merchant, member.EventInvited)
	_, _, err := p.Members.Resend(t.Context(), merchantAdmin, id.Member{UUID: m[len(m)-1].Object.ID})
	require.NoError(t, err)
	require.NotEqual(t, first.ID, p.last(p.Merchant, member.EventResent)[0].ID, "another event")
}

// What has changed since an event is not written about.
func TestALateInvitationIsNotSent(t *testing.T) {
	t.Parallel()
	for name, then := range map[string]func(context.Context, *post, member.Member) error{
		"sent again": func(ctx context.Context, p *post, m member.Member) error {
			_, _, err := p.Members.Resend(ctx, merchantAdmin, m.ID)
			return err
		},
		"withdrawn": func(ctx context.Context, p *post, m member.Member) error {
			_, err := p.Members.Withdraw(ctx, merchantAdmin, m.ID)
			return err
		},
		"expired": func(_ context.Context, p *post, _ member.Member) error {
			p.Clock.Advance(member.MaxValidity)
			return nil
		},
		"accepted": func(ctx context.Context, p *post, m member.Member) error {
			token, err := p.Members.Mint(ctx, system, m.ID, 1)
			if err == nil {
				_, err = p.Members.Accept(ctx, token, superapptest.Person("dee"))
			}
			return err
		},
		"the workspace is disabled": func(ctx context.Context, p *post, _ member.Member) error {
			return p.Workspaces.SetStatus(ctx, system, p.Merchant, workspace.Disabled, "unpaid")
		},
		"the workspace is removed": func(ctx context.Context, p *post, _ member.Member) error {
			return p.RemoveDeveloper(ctx, tenantAdmin, p.Merchant, "closed")
		},
		"the sender is no longer entitled": func(ctx context.Context, p *post, _ member.Member) error {
			if _, _, err := p.Members.Invite(ctx, system, member.Invite{Workspace: p.Merchant, Email: "x@people.example", Name: "X", Role: rbac.DeveloperAdmin}); err != nil {
				return err
			}
			_, err := p.Members.Block(ctx, system, p.Member(rbac.DeveloperAdmin).ID, "")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := inMemory(t, options())
			m := dee(p)
			if name == "the sender is no longer entitled" { // the last admin is not blocked
				p.Join(rbac.DeveloperAdmin, "second")
			}
			event := p.events(p.Merchant, member.EventInvited)[2]
			require.Equal(t, m.ID.UUID, event.Object.ID)
			require.NoError(t, then(t.Context(), p, m))
			require.Empty(t, p.hand(event))
		})
	}
}

func TestResendHasANewLink(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, p *post) {
		m := dee(p)
		first := tokenIn(t, p.last(p.Merchant, member.EventInvited)[0])
		_, token, err := p.Members.Resend(t.Context(), merchantAdmin, m.ID)
		require.NoError(t, err)
		require.Empty(t, token.Reveal())
		again := p.last(p.Merchant, member.EventResent)
		require.Len(t, again, 1)
		require.Equal(t, "Reminder: Developer Admin invited you to Corner Coffee", again[0].Subject)
		in, err := p.Members.Inspect(t.Context(), first)
		require.NoError(t, err)
		require.Equal(t, member.TokenSuperseded, in.State)
		_, err = p.Members.Accept(t.Context(), tokenIn(t, again[0]), superapptest.Person("dee"))
		require.NoError(t, err)
	})
}

func TestAFirstAdminIsInvitedByThePlatform(t *testing.T) {
	t.Parallel()
	p := inMemory(t, inChinese(options()))
	opened, _, err := p.OpenTenant(t.Context(), system, superapp.Open{
		Name: "第二钱包", Business: workspace.Business{Address: "4 Hill", Scope: "payments", Representative: "Bo", Email: "bo@second.example"},
		Admin: member.First{Email: "bo@second.example", Name: "小波"},
	})
	require.NoError(t, err)
	sent := p.last(opened.Workspace.ID, member.EventInvited)
	require.Len(t, sent, 1)
	require.Equal(t, "邀请你加入“第二钱包”", sent[0].Subject)
	require.Equal(t, "zh-Hans", sent[0].Language.String())
	for _, want := range []string{"小波，你好：", "角色：空间管理员", "有效期至：2026年1月8日 09:00（UTC）"} {
		require.Contains(t, sent[0].Text, want)
		require.Contains(t, sent[0].HTML, "诚邀你成为“第二钱包”的成员")
	}
	require.NotContains(t, sent[0].Text, "邀请人：")
}

func TestAWithdrawnInvitationIsTold(t *testing.T) {
	t.Parallel()
	withdraw := func(p *post, m member.Member) {
		_, err := p.Members.Withdraw(t.Context(), merchantAdmin, m.ID)
		require.NoError(t, err)
	}
	t.Run("at once", func(t *testing.T) {
		t.Parallel()
		onStores(t, func(t *testing.T, p *post) {
			withdraw(p, dee(p))
			sent := p.last(p.Merchant, member.EventWithdrawn)
			require.Len(t, sent, 1)
			require.Equal(t, "Your invitation to Corner Coffee was withdrawn", sent[0].Subject)
			require.Equal(t, "dee@people.example", sent[0].To.Email)
			require.NotRegexp(t, link, sent[0].Text)
		})
	})
	t.Run("with its workspace", func(t *testing.T) {
		t.Parallel()
		p := inMemory(t, options())
		dee(p)
		require.NoError(t, p.RemoveDeveloper(t.Context(), tenantAdmin, p.Merchant, "closed"))
		sent := p.last(p.Merchant, member.EventWithdrawn)
		require.Len(t, sent, 1)
		require.Contains(t, sent[0].Text, "Corner Coffee")
	})
	t.Run("not to who is invited anew", func(t *testing.T) {
		t.Parallel()
		p := inMemory(t, options())
		withdraw(p, dee(p))
		dee(p)
		require.Empty(t, p.last(p.Merchant, member.EventWithdrawn))
	})
	t.Run("not after it expired", func(t *testing.T) {
		t.Parallel()
		p := inMemory(t, options())
		m := dee(p)
		p.Clock.Advance(member.MaxValidity)
		withdraw(p, m)
		require.Empty(t, p.last(p.Merchant, member.EventWithdrawn))
	})
	t.Run("not once its personal data is erased", func(t *testing.T) {
		t.Parallel()
		p := inMemory(t, options())
		withdraw(p, dee(p))
		e := p.events(p.Merchant, member.EventWithdrawn)[0]
		e.Personal, e.Salt, e.Actor = nil, nil, ""
		require.Empty(t, p.hand(e))
	})
}

// No event of a whole platform's life makes a sender fail, and most call for nothing.
func TestOtherEventsCallForNothing(t *testing.T) {
	t.Parallel()
	p := inMemory(t, options())
	for _, w := range []id.Workspace{p.Tenant, p.Merchant} {
		for _, e := range p.events(w) {
			require.Empty(t, p.hand(e), e.Verb)
		}
	}
	require.Empty(t, p.hand(audit.Event{Verb: "host.own"}))
}
