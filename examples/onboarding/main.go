// Command onboarding shows how a wallet takes a merchant on board, from the
// operator's first call to a developer who may upload:
//
//	go run ./examples/onboarding
//
// The operator opens and verifies the wallet's tenant workspace; its admin opens
// a developer workspace for a merchant, who is invited by e-mail. The link in
// the mail leads to the wallet's own web server: GET /join shows the invitation
// and changes nothing, POST /join accepts it for whoever is logged in. The
// server listens on a loopback port, and the program is its only visitor.
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
	"net/url"
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
	p, err := superapp.New(memory.New(), nil) // a real wallet opens a store that lasts
	if err != nil {
		return err
	}
	server := httptest.NewServer(join(p))
	defer server.Close()
	operator, ada, mira, dee := rbac.System("onboarding"), rbac.User("acc-ada"), rbac.User("acc-mira"), rbac.User("acc-dee")

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
	for _, v := range []visit{
		{"a mail scanner", http.MethodGet, token, ""},
		{"Mira", http.MethodGet, token, ""},
		{"Mira, with half a link", http.MethodGet, token[:20], ""},
		{"Mira, not logged in", http.MethodPost, token, ""},
		{"Eve, who found the mail", http.MethodPost, token, "eve-cookie"},
		{"Mira", http.MethodPost, token, "mira-cookie"},
		{"Mira, clicking twice", http.MethodPost, token, "mira-cookie"},
	} {
		if err := v.make(ctx, out, server); err != nil {
			return err
		}
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
	if err := (visit{"Dee", http.MethodPost, token, "dee-cookie"}).make(ctx, out, server); err != nil {
		return err
	}

	may, err := p.Access.Explain(ctx, dee, rbac.UploadVersion, rbac.OnMiniProgram(shop.ID))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "May Dee upload? %s.\n", may)
	return nil
}

// form is the page behind the link: what joins is its button, not the link.
// A token prints as [redacted] unless Reveal is called.
var form = template.Must(template.New("join").Parse(`{{with .Inviter}}{{.}} invites you to{{else}}Welcome to{{end}} {{.WorkspaceName}} as {{.Role}}
<form method="post" action="/join"><input type="hidden" name="token" value="{{.Token.Reveal}}"><button>Join</button></form>
`))

// join serves the invitations of the wallet.
func join(p *superapp.Platform) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /join", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Referrer-Policy", "no-referrer") // the address holds the token
		token := member.Token(r.FormValue("token"))
		in, err := p.Members.Inspect(r.Context(), token)
		if err == nil {
			err = in.State.Err() // expired, withdrawn, accepted before, ...
		}
		if err != nil {
			refuse(w, err)
			return
		}
		if err := form.Execute(w, struct {
			member.Inspection
			Token member.Token
		}{in, token}); err != nil {
			log.Print(err)
		}
	})
	mux.HandleFunc("POST /join", func(w http.ResponseWriter, r *http.Request) {
		var account member.Account // nobody
		if cookie, err := r.Cookie("session"); err == nil {
			account = sessions[cookie.Value]
		}
		if account.ID == "" {
			http.Error(w, "log in first", http.StatusUnauthorized)
			return
		}
		joined, err := p.Members.Accept(r.Context(), member.Token(r.PostFormValue("token")), account)
		if err != nil {
			refuse(w, err)
			return
		}
		fmt.Fprintf(w, "Welcome, %s!\n", joined.Name)
	})
	return http.NewCrossOriginProtection().Handler(mux) // nobody joins by a form on another site
}

// refuse answers with the status that fits the error, its code for programs
// and its text for people. What is the server's own fault is only logged.
func refuse(w http.ResponseWriter, err error) {
	status, text := fault.HTTPStatus(err), "something went wrong"
	if status >= http.StatusInternalServerError {
		log.Print(err)
	} else {
		text = fmt.Sprintf("%s: %v", fault.CodeOf(err), err)
	}
	http.Error(w, text, status)
}

// A visit is one request to the server, and how the story tells of it.
type visit struct {
	who, method string
	token       member.Token
	cookie      string
}

// make sends the request and prints the status and first line of the answer.
func (v visit) make(ctx context.Context, out io.Writer, server *httptest.Server) error {
	query := url.Values{"token": {v.token.Reveal()}}.Encode()
	link, body := server.URL+"/join?"+query, ""
	if v.method == http.MethodPost {
		link, body = server.URL+"/join", query
	}
	r, err := http.NewRequestWithContext(ctx, v.method, link, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(&http.Cookie{Name: "session", Value: v.cookie})
	answer, err := server.Client().Do(r)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		return err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	fmt.Fprintf(out, "  %s: %s /join → %s: %s\n", v.who, v.method, answer.Status, line)
	return nil
}
