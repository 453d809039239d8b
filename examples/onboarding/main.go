// Command onboarding shows how a wallet takes a merchant on board, from the
// operator's first call to its first developer:
//
//	go run ./examples/onboarding
//
// The operator opens the wallet's tenant workspace; its admin opens a developer
// workspace for a merchant, who is invited by e-mail. The link in the mail leads
// to the wallet's web server, which the program visits itself: GET /join shows the
// invitation and changes nothing, POST /join accepts it for whoever is logged in.
package main

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/workspace"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// sessions is the wallet's own login: it tells whose a cookie is.
var sessions = map[string]member.Account{
	"mira-cookie": {ID: "acc-mira", Email: "mira@bakery.example", EmailVerified: true},
	"dee-cookie":  {ID: "acc-dee", Email: "dee@bakery.example", EmailVerified: true},
	"eve-cookie":  {ID: "acc-eve", Email: "eve@elsewhere.example", EmailVerified: true},
}

func run(ctx context.Context, out io.Writer) error {
	p, err := superapp.New(memory.New(), nil) // a real wallet's store lasts: see storage/sqlite
	if err != nil {
		return err
	}
	server := httptest.NewServer(join(p))
	defer server.Close()
	visit := func(who, method string, token member.Token, cookie string) error {
		return request(ctx, out, server, who, method, token, cookie)
	}
	operator, ada, mira := rbac.System("onboarding"), rbac.User("acc-ada"), rbac.User("acc-mira")
	// Ada has an account already, so she is the admin at once, without a token.
	wallet, _, err := p.OpenTenant(ctx, operator, superapp.Open{
		Name:     "Riverbank Wallet",
		Business: workspace.Business{Address: "1 River Street", Scope: "payments", Representative: "Ada", Email: "ada@wallet.example"},
		Admin:    member.First{Account: ada.Account(), Name: "Ada"},
	})
	if err != nil {
		return err
	}
	if err := p.Workspaces.SetStatus(ctx, operator, wallet.Workspace.ID, workspace.Verified, "papers seen"); err != nil {
		return err
	}
	fmt.Fprintf(out, "The operator opens and verifies %s.\n", wallet.Workspace.Name)

	bakery, token, err := p.OpenDeveloper(ctx, ada, wallet.Workspace.ID, superapp.Open{
		Name:     "Corner Bakery",
		Business: workspace.Business{Company: "Corner Bakery Ltd", Address: "2 Hill Road", Scope: "food", Email: "office@bakery.example"},
		Admin:    member.First{Email: "mira@bakery.example", Name: "Mira"},
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Ada opens %s; a mail goes to %s.\n", bakery.Workspace.Name, bakery.Admin.Email)

	// Who only looks burns nothing; the right person, logged in, joins once.
	if err := errors.Join(
		visit("a mail scanner", http.MethodGet, token, ""),
		visit("Mira, with half a link", http.MethodGet, token[:20], ""),
		visit("Mira, not logged in", http.MethodPost, token, ""),
		visit("Eve, who was forwarded the mail", http.MethodPost, token, "eve-cookie"),
		visit("Mira", http.MethodPost, token, "mira-cookie"),
		visit("Mira, clicking twice", http.MethodPost, token, "mira-cookie"),
	); err != nil {
		return err
	}

	// The mini program comes first: a developer is invited for at least one.
	shop, err := p.MiniPrograms.Create(ctx, mira, miniprogram.Create{
		Workspace: bakery.Workspace.ID, Type: miniprogram.H5, Language: "en", Name: "Fresh Bread",
	})
	if err != nil {
		return err
	}
	invited, token, err := p.Members.Invite(ctx, mira, member.Invite{
		Workspace: bakery.Workspace.ID, Email: "Dee@Bakery.example", Name: "Dee",
		Role: rbac.Developer, MiniPrograms: []id.MiniProgram{shop.ID},
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Mira creates %s and invites a developer; a mail goes to %s.\n", shop.Name, invited.Email)
	return visit("Dee", http.MethodPost, token, "dee-cookie")
}

// invitation is the page behind the link. Its form posts to its own address.
var invitation = template.Must(template.New("").Parse(
	"{{with .Inviter}}{{.}} invites you to{{else}}Welcome to{{end}} {{.WorkspaceName}} as {{.Role}}\n" +
		`<form method="post"><button>Join</button></form>`))

// join serves the invitations of the wallet.
func join(p *superapp.Platform) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /join", handler(func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Referrer-Policy", "same-origin") // the address holds the token
		in, err := p.Members.Inspect(r.Context(), member.Token(r.FormValue("token")))
		if err == nil {
			err = in.State.Err() // expired, withdrawn, accepted before, ...
		}
		if err == nil {
			err = invitation.Execute(w, in)
		}
		return err
	}))
	mux.Handle("POST /join", handler(func(w http.ResponseWriter, r *http.Request) error {
		cookie, err := r.Cookie("session")
		if err != nil || sessions[cookie.Value].ID == "" {
			http.Error(w, "log in first", http.StatusUnauthorized)
			return nil
		}
		joined, err := p.Members.Accept(r.Context(), member.Token(r.FormValue("token")), sessions[cookie.Value])
		if err == nil {
			_, err = fmt.Fprintf(w, "Welcome, %s!\n", joined.Name)
		}
		return err
	}))
	return http.NewCrossOriginProtection().Handler(mux) // nobody joins by a form on another site
}

// A handler fails with the status, the code and the text of its error.
type handler func(http.ResponseWriter, *http.Request) error

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	err := h(w, r)
	switch status := fault.HTTPStatus(err); {
	case err == nil:
	case fault.CodeOf(err) != "" && status < http.StatusInternalServerError:
		http.Error(w, fault.CodeOf(err)+": "+fault.Text(err), status)
	default:
		log.Print(err)
		http.Error(w, "something went wrong", status)
	}
}

// request opens or posts the link in a mail, and prints what the server answers.
func request(ctx context.Context, out io.Writer, server *httptest.Server, who, method string, token member.Token, cookie string) error {
	// Reveal gives the text of a token; printed in any other way it is [redacted].
	r, err := http.NewRequestWithContext(ctx, method, server.URL+"/join?token="+token.Reveal(), nil)
	if err != nil {
		return err
	}
	r.AddCookie(&http.Cookie{Name: "session", Value: cookie})
	answer, err := server.Client().Do(r)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(answer.Body)
	line, _, _ := strings.Cut(string(text), "\n")
	fmt.Fprintf(out, "  %s: %s /join: %s: %s\n", who, method, answer.Status, line)
	return errors.Join(err, answer.Body.Close())
}
