// Command middleware shows HTTP middleware that checks permissions:
//
//	go run ./examples/middleware
//
// A route names the permission that it needs, and its path the mini program.
// Without a login the answer is 401; for a mini program that the caller may not
// know of it is 404, as for one that does not exist; for one that he knows it is
// 403, with the reason and what would allow it. GET /mini-programs/{id}/actions
// tells a page which buttons to show. The program sends its requests itself.
package main

import (
	"cmp"
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

// run opens a wallet with one merchant, and sends requests to its site.
func run(ctx context.Context, out io.Writer) error {
	p, err := superapp.New(memory.New(), nil)
	if err != nil {
		return err
	}
	operator := rbac.System("setup")
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
		Admin:    member.First{Account: "acc-mira", Name: "Mira"},
	})
	if err != nil {
		return err
	}
	shop, err := p.MiniPrograms.Create(ctx, rbac.User("acc-mira"), miniprogram.Create{
		Workspace: bakery.Workspace.ID, Type: miniprogram.H5, Language: "en", Name: "Fresh Bread",
	})
	if err != nil {
		return err
	}

	site, bread := routes(p), "/mini-programs/"+shop.ID.String()
	for _, q := range []struct{ account, method, path string }{
		{"", http.MethodGet, bread + "/actions"},
		{"acc-mira", http.MethodGet, bread + "/actions"}, // the merchant's admin
		{"acc-ada", http.MethodGet, bread + "/actions"},  // the tenant's admin
		{"acc-ada", http.MethodPost, bread + "/versions?number=1.0.0"},
		{"acc-mira", http.MethodPost, bread + "/versions?number=1.0.0"},
		{"acc-mira", http.MethodPost, bread + "/versions?number=0.9.0"},
		{"acc-eve", http.MethodPost, bread + "/versions?number=6.6.6"}, // nobody here
		{"acc-mira", http.MethodGet, "/mini-programs/" + id.New().String() + "/actions"},
	} {
		r := httptest.NewRequestWithContext(ctx, q.method, q.path, strings.NewReader("the package"))
		r.Header.Set("X-Account", q.account)
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		fmt.Fprintf(out, "%s: %s %s\n    %d %s", cmp.Or(q.account, "nobody"), q.method, q.path, w.Code, w.Body)
	}
	return nil
}

// buttons are the permissions that the page of a mini program asks about.
var buttons = []rbac.Permission{rbac.ViewVersion, rbac.UploadVersion, rbac.ReleaseVersion, rbac.ManageTeam}

// routes are the site: every route says what it needs.
func routes(p *superapp.Platform) http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, needs rbac.Permission, next route) { mux.Handle(pattern, need(p.Access, needs, next)) }

	handle("GET /mini-programs/{id}/actions", rbac.ViewMiniProgram, func(r *http.Request, actor rbac.Actor, shop id.MiniProgram) (any, error) {
		asks := make([]rbac.Ask, len(buttons))
		for i, button := range buttons {
			asks[i] = rbac.Ask{Permission: button, Object: rbac.OnMiniProgram(shop)}
		}
		decisions, err := p.Access.CheckAll(r.Context(), actor, asks) // one reading of the store for all
		show := make(map[string]bool)
		for _, d := range decisions {
			show[p.Access.Matrix().Name(d.Permission)] = d.Allowed
		}
		return show, err
	})
	// Verbs check for themselves, in the unit that makes the change. Asked first,
	// the answer costs no upload, and comes before any complaint about the input.
	handle("POST /mini-programs/{id}/versions", rbac.UploadVersion, func(r *http.Request, actor rbac.Actor, shop id.MiniProgram) (any, error) {
		hash := sha256.New()
		size, err := io.Copy(hash, r.Body) // a real site stores the package, and limits its size
		if err != nil {
			return nil, err
		}
		v, err := p.MiniPrograms.UploadVersion(r.Context(), actor, miniprogram.Upload{
			MiniProgram: shop, Number: r.FormValue("number"),
			Package: miniprogram.Package{Reference: "packages/42", Size: size, SHA256: [32]byte(hash.Sum(nil))},
		})
		return map[string]any{"number": v.Number, "status": v.Status}, err
	})
	return mux
}

// A route answers a caller who holds the permission it needs on a mini program.
type route func(r *http.Request, actor rbac.Actor, shop id.MiniProgram) (any, error)

// need is the middleware: it calls next for who holds the permission on {id}.
func need(access *rbac.Access, permission rbac.Permission, next route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		account := id.Account(r.Header.Get("X-Account")) // the host's own login: a session, say
		if account == "" {
			reply(w, http.StatusUnauthorized, map[string]string{"code": "login", "text": "log in first"})
			return
		}
		actor := rbac.User(account)
		var shop id.MiniProgram
		err := shop.UnmarshalText([]byte(r.PathValue("id")))
		if err == nil {
			err = access.Check(r.Context(), actor, permission, rbac.OnMiniProgram(shop))
		}
		var answer any
		if err == nil {
			answer, err = next(r, actor, shop)
		}
		if err != nil {
			status, problem := explain(err)
			reply(w, status, problem)
			return
		}
		reply(w, http.StatusOK, answer)
	})
}

// explain says what went wrong, and no more than the caller may know.
func explain(err error) (status int, problem map[string]string) {
	denied, ok := errors.AsType[*rbac.DeniedError](err)
	if ok && denied.Decision.Reason == rbac.NoMembership {
		err, ok = miniprogram.ErrNotFound, false // as verbs answer, whether there is one or not
	}
	status, problem = fault.HTTPStatus(err), map[string]string{"code": fault.CodeOf(err), "text": err.Error()}
	switch {
	case ok:
		problem["reason"], problem["remedy"] = denied.Decision.Reason.String(), denied.Decision.Remedy().String()
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
