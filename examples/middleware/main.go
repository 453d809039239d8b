// Command middleware shows HTTP middleware that checks permissions:
//
//	go run ./examples/middleware
//
// A route names the permission that it needs, and its path the mini program. The
// answer is 401 without a login; 404 for a mini program that the caller may not
// know of, as for one that does not exist; 403 for one that he knows, with what
// would allow it, and it is recorded who was refused. GET /mini-programs/{id}/actions
// tells which buttons to show.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/workspace"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// sessions are the host's login: of the tenant's admin, the merchant's, and a stranger.
var sessions = map[string]id.Account{"Bearer ada": "acc-ada", "Bearer mira": "acc-mira", "Bearer eve": "acc-eve"}

func run(ctx context.Context, out io.Writer) error {
	p, err := superapp.New(memory.New(), &superapp.Options{Denials: &audit.DenialOptions{}})
	if err != nil {
		return err
	}
	operator, mira := rbac.System("setup"), rbac.User("acc-mira")
	wallet, _, err := p.OpenTenant(ctx, operator, superapp.Open{
		Name:     "Riverbank Wallet",
		Business: workspace.Business{Address: "1 River Street", Scope: "payments", Representative: "Ada", Email: "ada@wallet.example"},
		Admin:    member.First{Account: "acc-ada", Name: "Ada"},
	})
	if err != nil {
		return err
	}
	if err := p.Workspaces.SetStatus(ctx, operator, wallet.Workspace.ID, workspace.Verified, ""); err != nil {
		return err
	}
	bakery, _, err := p.OpenDeveloper(ctx, operator, wallet.Workspace.ID, superapp.Open{
		Name:     "Corner Bakery",
		Business: workspace.Business{Company: "Corner Bakery Ltd", Address: "2 Hill Road", Scope: "food", Email: "office@bakery.example"},
		Admin:    member.First{Account: mira.Account(), Name: "Mira"},
	})
	if err != nil {
		return err
	}
	bread := miniprogram.Create{Workspace: bakery.Workspace.ID, Type: miniprogram.H5, Language: "en", Name: "Fresh Bread"}
	shop, err := p.MiniPrograms.Create(ctx, mira, bread)
	if err != nil {
		return err
	}

	site, path := routes(p), "/mini-programs/"+shop.ID.String()
	for _, q := range []struct{ who, method, path string }{
		{"nobody", http.MethodGet, path + "/actions"},
		{"mira", http.MethodGet, path + "/actions"},
		{"ada", http.MethodGet, path + "/actions"},
		{"ada", http.MethodPost, path + "/versions?number=1.0.0"},
		{"mira", http.MethodPost, path + "/versions?number=1.0.0"},
		{"mira", http.MethodPost, path + "/versions?number=0.9.0"},
		{"eve", http.MethodPost, path + "/versions?number=6.6.6"},
		{"mira", http.MethodGet, "/mini-programs/" + id.New().String() + "/actions"},
	} {
		r := httptest.NewRequestWithContext(ctx, q.method, q.path, strings.NewReader("the package"))
		r.Header.Set("Authorization", "Bearer "+q.who)
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		fmt.Fprintf(out, "%s: %s %s\n  %d %s", q.who, q.method, q.path, w.Code, w.Body)
	}
	denials, err := p.Audit.Denials(ctx, mira, audit.DenialFilter{Workspace: bakery.Workspace.ID}, page.Request{})
	for _, d := range denials.Items {
		fmt.Fprintf(out, "denied: %s %s (%d)\n", d.Actor, d.Permission, d.Count)
	}
	return err
}

// routes are the site: every route says what it needs.
func routes(p *superapp.Platform) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /mini-programs/{id}/actions", need(p, rbac.ViewMiniProgram, func(r request) (any, error) {
		on := rbac.OnMiniProgram(r.shop)
		decisions, err := p.Access.CheckAll(r.Context(), r.actor, []rbac.Ask{ // one reading of the store for all
			{Permission: rbac.ViewVersion, Object: on}, {Permission: rbac.UploadVersion, Object: on}, {Permission: rbac.ReleaseVersion, Object: on},
		})
		show := make(map[string]bool)
		for _, d := range decisions {
			show[d.Name()] = d.Allowed
		}
		return show, err
	}))
	// A verb checks for itself; asked before, the answer costs no upload.
	mux.Handle("POST /mini-programs/{id}/versions", need(p, rbac.UploadVersion, func(r request) (any, error) {
		hash := sha256.New()
		size, err := io.Copy(hash, r.Body) // a real site stores the package, and limits its size
		if err != nil {
			return nil, err
		}
		v, err := p.MiniPrograms.UploadVersion(r.Context(), r.actor, miniprogram.Upload{
			MiniProgram: r.shop, Number: r.URL.Query().Get("number"),
			Package: miniprogram.Package{Reference: "packages/42", Size: size, SHA256: [32]byte(hash.Sum(nil))},
		})
		return map[string]any{"number": v.Number, "status": v.Status}, err
	}))
	return mux
}

// A request is one whose actor holds the permission of its route on the shop.
type request struct {
	*http.Request
	actor rbac.Actor
	shop  id.MiniProgram
}

// need is the middleware: it calls next for those who hold the permission on {id}. What
// it refuses is recorded, as a verb's refusal is by itself.
func need(p *superapp.Platform, permission rbac.Permission, next func(request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		account, ok := sessions[r.Header.Get("Authorization")]
		if !ok {
			reply(w, http.StatusUnauthorized, map[string]string{"code": "login", "text": "log in first"})
			return
		}
		actor := rbac.User(account)
		shop, err := id.ParseMiniProgram(r.PathValue("id"))
		if err == nil {
			err = p.Access.Check(r.Context(), actor, permission, rbac.OnMiniProgram(shop))
			if e := p.Audit.RecordDenial(r.Context(), err); e != nil {
				log.Print(e)
			}
		}
		var answer any
		if err == nil {
			answer, err = next(request{r, actor, shop})
		}
		status := http.StatusOK
		if err != nil {
			status, answer = explain(err)
		}
		reply(w, status, answer)
	})
}

// explain says what went wrong, but not of what the caller may not know.
func explain(err error) (status int, problem map[string]string) {
	denied, ok := errors.AsType[*rbac.DeniedError](err)
	if ok && denied.Hidden() {
		err, ok = miniprogram.ErrNotFound, false // as verbs answer, whether there is one or not
	}
	status, problem = fault.HTTPStatus(err), map[string]string{"code": fault.CodeOf(err), "text": fault.Text(err)}
	switch {
	case ok:
		problem["text"], problem["reason"], problem["remedy"] = denied.Decision.Why(), denied.Decision.Reason.String(), denied.Decision.Remedy().String()
	case status >= http.StatusInternalServerError:
		log.Print(err)
		problem["text"] = "something went wrong"
	}
	return status, problem
}

// reply sends a value as JSON.
func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		log.Print(err)
	}
}
