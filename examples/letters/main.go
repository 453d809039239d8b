// Letters sends real mail to a mail server inside the program, and shows it as text:
// a merchant is invited, invited again, asks for something, and is told the decision,
// each in his own language.
//
//	go run ./examples/letters        # the letters as text
//	go run ./examples/letters -html  # as HTML
//
// A dispatcher runs beside the story and hands what happens to a letter.Sender. The
// links are the only way in: Invite and Resend return no token, because letters take
// them. A program of yours has its own mail server in place of the one here, and a
// clock that goes.
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
	"time"

	"golang.org/x/text/language"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/letter"
	"github.com/superapp-go/superapp/letter/lettertest"
	"github.com/superapp-go/superapp/letter/smtp"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
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

// run opens the office, and tells the story.
func run(ctx context.Context, out io.Writer, html bool) (err error) {
	o := &office{out: out, html: html, came: make(chan struct{}, 100)}
	o.server, err = lettertest.NewServer(&lettertest.ServerOptions{Answer: o.listen})
	if err != nil {
		return err
	}
	defer o.server.Close()
	p, err := superapp.New(memory.New(), &superapp.Options{
		Members: &member.Options{Letters: true},
		Clock:   func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }, // so that the letters are always the same
	})
	if err != nil {
		return err
	}
	sender, err := newSender(p, o.server)
	if err != nil {
		return err
	}
	if o.dispatcher, err = p.Delivery.Dispatcher(nil); err != nil {
		return err
	}
	if err := o.dispatcher.Handle("letters", sender, &delivery.HandlerOptions{FromStart: true}); err != nil {
		return err
	}
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- o.dispatcher.Run(running) }()
	defer func() {
		stop()
		err = errors.Join(err, <-ended)
	}()
	return story(ctx, p, o)
}

// story is what happens.
func story(ctx context.Context, p *superapp.Platform, office *office) error {
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
	fmt.Fprintf(office.out, "Ada opens a workspace for a merchant. The token that she gets: %q\n", token.Reveal())
	first, err := office.next(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(office.out, "He does not find it. Ada sends it again.")
	if _, _, err := p.Members.Resend(ctx, ada, shop.Admin.ID); err != nil {
		return err
	}
	second, err := office.next(ctx)
	if err != nil {
		return err
	}
	_, err = p.Members.Accept(ctx, tokenIn(first), account)
	fmt.Fprintln(office.out, "He opens the first link after all:", err)
	if _, err = p.Members.Accept(ctx, tokenIn(second), account); err != nil {
		return err
	}
	fmt.Fprintln(office.out, "He opens the second link, and is in.")
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
	_, err = office.next(ctx)
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

// An office carries letters.
type office struct {
	dispatcher *delivery.Dispatcher
	server     *lettertest.Server
	// came tells that the server took another letter, shown how many were shown.
	came  chan struct{}
	shown int
	out   io.Writer
	html  bool
}

// listen is asked what the mail server answers: as usual. "." is the end of a letter.
func (o *office) listen(command string) string {
	if command == "." {
		o.came <- struct{}{}
	}
	return ""
}

// next shows the next letter that the server takes, and returns its text.
func (o *office) next(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	o.dispatcher.Wake()
	select {
	case <-o.came:
	case <-ctx.Done():
		return "", fmt.Errorf("no letter came: %w", ctx.Err())
	}
	shown, err := o.server.Mails()[o.shown].Parse()
	if err != nil {
		return "", err
	}
	o.shown++
	o.show(shown)
	return shown.Text, nil
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
