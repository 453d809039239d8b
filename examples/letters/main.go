// Letters sends real mail to a mail server inside the program, and shows it as text:
// a merchant is invited, invited again, asks for something, and is told the decision,
// each in his own language.
//
//	go run ./examples/letters        # the letters as text
//	go run ./examples/letters -html  # as HTML
//
// The links are the only way in: Invite and Resend return no token, because letters
// take them. A program of yours has its own mail server in place of the one here, and
// the dispatcher of package delivery in place of the loop over the trail.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"regexp"
	"strings"

	"golang.org/x/text/language"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/letter"
	"github.com/superapp-go/superapp/letter/lettertest"
	"github.com/superapp-go/superapp/letter/smtp"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/workspace"
)

var (
	operator = rbac.System("letters-example")
	ada      = rbac.User("acc-ada")  // admin of the wallet
	ming     = rbac.User("acc-ming") // admin of the merchant
)

func main() {
	html := flag.Bool("html", false, "show the letters as HTML")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, *html); err != nil {
		fmt.Fprintln(os.Stderr, "letters:", err)
		os.Exit(1)
	}
}

// run tells the story.
func run(ctx context.Context, out io.Writer, html bool) error {
	server, err := lettertest.NewServer(nil)
	if err != nil {
		return err
	}
	defer server.Close()
	p, err := superapp.New(memory.New(), &superapp.Options{Members: &member.Options{Letters: true}})
	if err != nil {
		return err
	}
	sender, err := newSender(p, server)
	if err != nil {
		return err
	}
	office := &office{platform: p, sender: sender, server: server, out: out, html: html, sent: map[id.Workspace]uint64{}}

	wallet, _, err := p.OpenTenant(ctx, operator, superapp.Open{
		Name:     "Riverbank Wallet",
		Business: workspace.Business{Address: "1 River Street", Scope: "payments", Representative: "Ada", Email: "office@wallet.example"},
		Admin:    member.First{Account: ada.Account(), Name: "Ada"},
	})
	if err != nil {
		return err
	}
	if err := p.Workspaces.SetStatus(ctx, operator, wallet.Workspace.ID, workspace.Verified, ""); err != nil {
		return err
	}
	shop, token, err := p.OpenDeveloper(ctx, ada, wallet.Workspace.ID, superapp.Open{
		Name:     "转角咖啡",
		Business: workspace.Business{Company: "转角咖啡有限公司", Address: "2 Hill Road", Scope: "coffee", Email: "office@coffee.example"},
		Admin:    member.First{Email: "ming@coffee.example", Name: "王小明"},
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Ada opens a workspace for a merchant. The token that she gets: %q\n", token.Reveal())
	first, err := office.deliver(ctx, shop.Workspace.ID)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "He does not find it. Ada sends it again.")
	if _, _, err := p.Members.Resend(ctx, ada, shop.Admin.ID); err != nil {
		return err
	}
	second, err := office.deliver(ctx, shop.Workspace.ID)
	if err != nil {
		return err
	}
	_, err = p.Members.Accept(ctx, tokenIn(first), account)
	fmt.Fprintln(out, "He opens the first link after all:", err)
	if _, err = p.Members.Accept(ctx, tokenIn(second), account); err != nil {
		return err
	}
	fmt.Fprintln(out, "He opens the second link, and is in.")
	return decision(ctx, p, office, shop.Workspace.ID)
}

// account is the merchant's, as the host's login knows it.
var account = member.Account{ID: ming.Account(), Email: "ming@coffee.example", EmailVerified: true}

// decision has the merchant ask for something that Ada rejects.
func decision(ctx context.Context, p *superapp.Platform, office *office, shop id.Workspace) error {
	program, err := p.MiniPrograms.Create(ctx, ming, miniprogram.Create{
		Workspace: shop, Type: miniprogram.DSL, Language: "zh-Hans", Name: "咖啡外带",
	})
	if err != nil {
		return err
	}
	r, err := p.MiniPrograms.RequestRemoval(ctx, ming, program.ID, "开业推迟")
	if err != nil {
		return err
	}
	if _, err := p.Approvals.Decide(ctx, ada, r.ID, approval.Decision{Reason: "请先告知用户"}); err != nil {
		return err
	}
	fmt.Fprintln(office.out, "He asks for a mini program to be removed. Ada says no.")
	_, err = office.deliver(ctx, shop)
	return err
}

// newSender makes a sender whose letters go to the server.
func newSender(p *superapp.Platform, server *lettertest.Server) (*letter.Sender, error) {
	mailer, err := smtp.New(server.Host(), smtp.Options{Port: server.Port(), TLS: server.TLS()})
	if err != nil {
		return nil, err
	}
	return letter.New(p, mailer, letter.Options{
		From:  letter.Address{Name: "Riverbank Wallet", Email: "noreply@wallet.example"},
		Brand: letter.Brand{Colour: "#0b6e4f", Support: "help@wallet.example"},
		Invitation: func(t member.Token) string {
			return "https://console.wallet.example/join?token=" + url.QueryEscape(t.Reveal())
		},
		Request: func(r id.Request) string { return "https://console.wallet.example/requests/" + r.String() },
		Contact: func(_ context.Context, a id.Account) (letter.Contact, error) {
			if a != ming.Account() {
				return letter.Contact{}, nil // Ada reads no mail
			}
			return letter.Contact{Address: letter.Address{Email: account.Email}, Languages: []language.Tag{language.SimplifiedChinese}}, nil
		},
		Languages: func(context.Context, id.Workspace) ([]language.Tag, error) {
			return []language.Tag{language.MustParse("zh-CN")}, nil
		},
	})
}

// A sender is a handler for a dispatcher, which is how a program runs it.
var _ delivery.Handler = (*letter.Sender)(nil)

// An office carries letters.
type office struct {
	platform *superapp.Platform
	sender   *letter.Sender
	server   *lettertest.Server
	out      io.Writer
	html     bool
	// sent is how far each trail was read.
	sent map[id.Workspace]uint64
}

// deliver hands the new events of a workspace to the sender, shows what the server
// took, and returns the last letter. It is what the dispatcher does in a real program.
func (o *office) deliver(ctx context.Context, w id.Workspace) (string, error) {
	had := len(o.server.Mails())
	for e, err := range page.All(ctx, o.platform.Audit.List, operator, audit.Filter{Workspace: w, After: o.sent[w]}) {
		if err == nil {
			err = o.sender.Handle(ctx, e)
		}
		if err != nil {
			return "", err
		}
		o.sent[w] = e.Seq
	}
	last := ""
	for _, m := range o.server.Mails()[had:] {
		shown, err := m.Parse()
		if err != nil {
			return "", err
		}
		last = shown.Text
		o.show(shown)
	}
	if last == "" {
		return "", errors.New("no letter came")
	}
	return last, nil
}

// show prints a letter as a mail program does, its secret left out.
func (o *office) show(m lettertest.Parsed) {
	body := m.Text
	if o.html {
		body = m.HTML
	}
	body = strings.ReplaceAll(strings.TrimSpace(body), "\r\n", "\n")
	body = secret.ReplaceAllString(body, "token=…")
	fmt.Fprintf(o.out, "\n  | From: %s <%s>\n  | To: %s <%s>\n  | Subject: %s\n  |\n", m.From.Name, m.From.Address, m.To.Name, m.To.Address, m.Subject)
	for line := range strings.Lines(body + "\n") {
		fmt.Fprintln(o.out, strings.TrimRight("  | "+line, " \n"))
	}
	fmt.Fprintln(o.out)
}

var secret = regexp.MustCompile(`token=([\w-]{43})`)

// tokenIn is what the merchant's browser sends when he opens the link of a letter.
func tokenIn(text string) member.Token {
	found := secret.FindStringSubmatch(text)
	if found == nil {
		return ""
	}
	return member.Token(found[1])
}
