package letter_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/letter"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/workspace"
)

// removal asks for the removal of the merchant's mini program.
func removal(p *post) approval.Request {
	p.t.Helper()
	r, err := p.MiniPrograms.RequestRemoval(p.t.Context(), merchantAdmin, p.Shop, "closing down")
	require.NoError(p.t, err)
	return r
}

func decide(p *post, r approval.Request, d approval.Decision) {
	p.t.Helper()
	_, err := p.Approvals.Decide(p.t.Context(), reviewer, r.ID, d)
	require.NoError(p.t, err)
}

func TestADecisionIsToldToItsSubmitter(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, p *post) {
		r := removal(p)
		decide(p, r, approval.Decision{Reason: "please announce it first"})
		sent := p.last(p.Merchant, approval.EventRejected)
		require.Equal(t, []string{"developer_admin@people.example"}, addresses(sent), "the address that he was invited by")
		require.Equal(t, "Not approved: Mini program removal for Coffee Shop", sent[0].Subject)
		for _, want := range []string{"Hello Developer Admin,", "Request: Mini program removal", "About: Coffee Shop", "Workspace: Corner Coffee",
			"Reason: please announce it first", "https://console.example/requests/" + r.ID.String()} {
			require.Contains(t, sent[0].Text, want)
		}
		decide(p, removal(p), approval.Decision{Approve: true})
		sent = p.last(p.Merchant, approval.EventApproved)
		require.Equal(t, "Approved: Mini program removal for Coffee Shop", sent[0].Subject)
	})
}

func TestWhereAnAccountReadsMail(t *testing.T) {
	t.Parallel()
	o := options()
	asked := id.Account("")
	o.Contact = func(_ context.Context, a id.Account) (letter.Contact, error) {
		asked = a
		return letter.Contact{Address: letter.Address{Name: "王小明", Email: "Ming@Mail.example"}, Languages: []language.Tag{language.Chinese}}, nil
	}
	p := inMemory(t, o)
	decide(p, removal(p), approval.Decision{Approve: true})
	sent := p.last(p.Merchant, approval.EventApproved)
	require.Equal(t, merchantAdmin.Account(), asked)
	require.Equal(t, letter.Address{Name: "王小明", Email: "ming@mail.example"}, sent[0].To)
	require.Equal(t, "已通过：“Coffee Shop”的小程序移除申请", sent[0].Subject)
}

func TestAnApplicantIsAStranger(t *testing.T) {
	t.Parallel()
	apply := func(p *post) {
		r, err := p.Apply(t.Context(), rbac.User("acc-mo"), p.Tenant, superapp.Application{
			Name: "Night Market", Applicant: "Mo",
			Business: workspace.Business{Company: "Night Market Ltd", Address: "3 Lake Lane", Scope: "food", Email: "office@market.example"},
		}, "")
		require.NoError(t, err)
		decide(p, r, approval.Decision{Approve: true})
	}
	nobody := inMemory(t, options())
	apply(nobody)
	require.Empty(t, nobody.last(nobody.Tenant, approval.EventApproved), "nobody knows his address")

	o := options()
	o.Contact = func(context.Context, id.Account) (letter.Contact, error) {
		return letter.Contact{Address: letter.Address{Email: "mo@market.example"}}, nil
	}
	p := inMemory(t, o)
	apply(p)
	sent := p.last(p.Tenant, approval.EventApproved)
	require.Equal(t, "Approved: Developer workspace application for Night Market", sent[0].Subject)
	require.Contains(t, sent[0].Text, "Workspace: Riverbank Wallet")
}

func TestWhoDecidedIsNotTold(t *testing.T) {
	t.Parallel()
	p := inMemory(t, options())
	_, err := p.Workspaces.SetSettings(t.Context(), tenantAdmin, p.Tenant, workspace.Settings{OwnDecision: true})
	require.NoError(t, err)
	r, err := p.MiniPrograms.RequestRemoval(t.Context(), tenantAdmin, p.App, "old")
	require.NoError(t, err)
	_, err = p.Approvals.Decide(t.Context(), tenantAdmin, r.ID, approval.Decision{Approve: true})
	require.NoError(t, err)
	require.Empty(t, p.last(p.Tenant, approval.EventApproved))

	r, err = p.MiniPrograms.RequestRemoval(t.Context(), system, p.Shop, "old")
	require.NoError(t, err)
	decide(p, r, approval.Decision{Approve: true})
	require.Empty(t, p.last(p.Merchant, approval.EventApproved), "the platform operator has no account")
}

func TestAHostThatCannotTell(t *testing.T) {
	t.Parallel()
	o := options()
	var says error
	o.Contact = func(context.Context, id.Account) (letter.Contact, error) { return letter.Contact{}, says }
	p := inMemory(t, o)
	decide(p, removal(p), approval.Decision{Approve: true})
	for _, says = range []error{context.DeadlineExceeded, member.ErrNotFound, fault.ErrDenied, fault.ErrState} {
		err := p.sender.Handle(t.Context(), p.events(p.Merchant, approval.EventApproved)[0])
		require.ErrorIs(t, err, says, "to be tried again")
		require.False(t, delivery.IsPermanent(err))
	}
}

// What the host answers, and what it gives that is malformed, says nothing of the
// receiver's address: the letter is tried again.
func TestAHostThatIsWrong(t *testing.T) {
	t.Parallel()
	wrong := fault.Invalid("brand", "malformed", "not what was wanted")
	for name, change := range map[string]func(*letter.Options){
		"languages": func(o *letter.Options) {
			o.Languages = func(context.Context, id.Workspace) ([]language.Tag, error) { return nil, wrong }
		},
		"a brand": func(o *letter.Options) {
			o.BrandOf = func(context.Context, id.Workspace) (letter.Brand, error) { return letter.Brand{}, wrong }
		},
		"a brand's colour": func(o *letter.Options) {
			o.BrandOf = func(context.Context, id.Workspace) (letter.Brand, error) { return letter.Brand{Colour: "blue"}, nil }
		},
		"a link": func(o *letter.Options) { o.Request = func(id.Request) string { return "/requests" } },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options()
			change(&o)
			p := inMemory(t, o)
			decide(p, removal(p), approval.Decision{Approve: true})
			e := p.events(p.Merchant, approval.EventApproved)[0]
			err := p.sender.Handle(t.Context(), e)
			require.ErrorIs(t, err, fault.ErrInvalid)
			require.False(t, delivery.IsPermanent(err), err)
			require.Empty(t, p.Messages())
			require.Len(t, newPost(t, p.Kit, options()).hand(e), 1, "once it is put right")
		})
	}
}

// That the store fails is not that there is nothing to write about any more.
func TestAStoreThatFails(t *testing.T) {
	t.Parallel()
	p := inMemory(t, options())
	decide(p, removal(p), approval.Decision{Approve: true})
	e := p.events(p.Merchant, approval.EventApproved)[0]
	for _, says := range []error{storage.ErrNested, storage.ErrScope, storage.ErrEnded, storage.ErrClosed} {
		over := p.Over(storagetest.Spy(p.Store, func(storagetest.Call) error { return says }))
		sender, err := letter.New(over, &p.Mailbox, options())
		require.NoError(t, err)
		err = sender.Handle(t.Context(), e)
		require.ErrorIs(t, err, says)
		require.False(t, delivery.IsPermanent(err))
	}
	require.Len(t, p.hand(e), 1)
}

// Two accounts that read the same mail get one letter, however each writes the address.
func TestAnAddressThatIsWrittenInSeveralWays(t *testing.T) {
	t.Parallel()
	o := options()
	o.Contact = func(_ context.Context, a id.Account) (letter.Contact, error) {
		if a == merchantAdmin.Account() {
			return letter.Contact{Address: letter.Address{Email: "Ops@Coffee.example"}}, nil
		}
		return letter.Contact{Address: letter.Address{Email: " ops@coffee.example"}}, nil
	}
	p := inMemory(t, o)
	secondAdmin(p)
	require.NoError(t, p.MiniPrograms.Warn(t.Context(), tenantAdmin, p.Shop, "broken links"))
	require.Equal(t, []string{"ops@coffee.example"}, addresses(p.last(p.Merchant, miniprogram.EventWarned)))
}

// Who has lost sight of a request is not told what became of it.
func TestABlockedSubmitterIsNotTold(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(*post, id.Member) error{
		"blocked": func(p *post, m id.Member) error {
			_, err := p.Members.Block(t.Context(), system, m, "")
			return err
		},
		"removed": func(p *post, m id.Member) error {
			_, err := p.Members.Delete(t.Context(), system, m, "")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options()
			o.Contact = func(context.Context, id.Account) (letter.Contact, error) {
				return letter.Contact{Address: letter.Address{Email: "was@people.example"}}, nil
			}
			p := inMemory(t, o)
			secondAdmin(p)
			r := removal(p)
			require.NoError(t, lose(p, p.Member(rbac.DeveloperAdmin).ID))
			decide(p, r, approval.Decision{Reason: "not yet"})
			require.Empty(t, p.last(p.Merchant, approval.EventRejected))
		})
	}
}

func TestAResetPasswordIsTold(t *testing.T) {
	t.Parallel()
	o := options()
	o.SignIn = func(w id.Workspace) string { return "https://console.example/signin/" + w.String() }
	p := inMemory(t, o)
	m := p.Member(rbac.Developer)
	e := audit.Event{Workspace: p.Merchant, Seq: 99, Verb: "password.reset", Object: rbac.OnMember(m.ID), Data: []byte("{}"), Actor: "acc-developer_admin"}
	sent := p.hand(e)
	require.Equal(t, "Your password for Corner Coffee was reset", sent[0].Subject)
	require.Equal(t, m.Email, sent[0].To.Email)
	require.Contains(t, sent[0].Text, "https://console.example/signin/"+p.Merchant.String())
	_, err := p.Members.Block(t.Context(), merchantAdmin, m.ID, "")
	require.NoError(t, err)
	require.Empty(t, p.hand(e), "a blocked member cannot sign in")
	require.NotEmpty(t, p.events(p.Merchant, member.EventBlocked))
}
