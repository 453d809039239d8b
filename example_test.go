package superapp_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/storage/sqlite"
	"github.com/superapp-go/superapp/workspace"
)

var (
	ctx      = context.Background()
	operator = rbac.System("console")
	ada, cho = rbac.User("acc-ada"), rbac.User("acc-cho")
)

// town is a platform on a store with a verified tenant, whose admin is Ada, and
// a merchant under it, whose admin is Cho.
func town(store storage.Store) (p *superapp.Platform, tenant, merchant id.Workspace) {
	p, err := superapp.New(store, &superapp.Options{
		Clock: func() time.Time { return time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC) },
	})
	check(err)
	t, _, err := p.OpenTenant(ctx, operator, superapp.Open{
		Name:     "Riverbank Wallet",
		Business: workspace.Business{Address: "1 River Street", Scope: "payments", Representative: "Ada", Email: "ada@wallet.example"},
		Admin:    member.First{Account: "acc-ada", Email: "ada@wallet.example", Name: "Ada"},
	})
	check(err)
	check(p.Workspaces.SetStatus(ctx, operator, t.Workspace.ID, workspace.Verified, ""))
	m, _, err := p.OpenDeveloper(ctx, ada, t.Workspace.ID, superapp.Open{
		Name:     "Corner Coffee",
		Business: workspace.Business{Company: "Corner Coffee Ltd", Address: "2 Hill Road", Scope: "coffee", Email: "office@coffee.example"},
		Admin:    member.First{Account: "acc-cho", Email: "cho@coffee.example", Name: "Cho"},
	})
	check(err)
	return p, t.Workspace.ID, m.Workspace.ID
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func ExampleNew() {
	p, err := superapp.New(memory.New(), &superapp.Options{
		RemovalPeriod: 14 * 24 * time.Hour,
		Members:       &member.Options{Validity: 24 * time.Hour},
	})
	fmt.Println(p != nil, err)

	_, err = superapp.New(memory.New(), &superapp.Options{Members: &member.Options{Validity: time.Second}})
	fmt.Println(err)
	// Output:
	// true <nil>
	// members.validity: want 15m0s to 2160h0m0s, got 1s
}

func ExamplePlatform_OpenTenant() {
	p, err := superapp.New(memory.New(), nil)
	check(err)

	opened, token, err := p.OpenTenant(ctx, operator, superapp.Open{
		Name:     "Harbour Pay",
		Business: workspace.Business{Address: "9 Sea Road", Scope: "payments", Representative: "Bo", Email: "bo@harbour.example"},
		Admin:    member.First{Email: "bo@harbour.example", Name: "Bo"},
	})
	check(err)
	fmt.Println(opened.Workspace.Name, "is", opened.Workspace.Status)
	fmt.Println(opened.Admin.Name, "is", opened.Admin.State, "as", opened.Admin.Role)

	// The token goes into the link that the host mails to Bo.
	m, err := p.Members.Accept(ctx, token, member.Account{ID: "acc-bo", Email: "bo@harbour.example", EmailVerified: true})
	check(err)
	fmt.Println(m.Name, "is", m.State)
	// Output:
	// Harbour Pay is pending_verification
	// Bo is invited as workspace_admin
	// Bo is active
}

func ExamplePlatform_OpenDeveloper() {
	p, tenant, merchant := town(memory.New())

	open := superapp.Open{
		Name:     "Night Market",
		Business: workspace.Business{Company: "Night Market Ltd", Address: "3 Lake Lane", Scope: "food", Email: "office@market.example"},
		Admin:    member.First{Account: "acc-mo", Name: "Mo"},
	}
	opened, _, err := p.OpenDeveloper(ctx, ada, tenant, open)
	check(err)
	fmt.Println(opened.Workspace.Name, "is", opened.Workspace.Status, "and", opened.Admin.Name, "is", opened.Admin.State)

	_, _, err = p.OpenDeveloper(ctx, ada, merchant, open)
	fmt.Println(err)
	// Output:
	// Night Market is verified and Mo is active
	// superapp: open developer workspace: developer workspaces are opened under a tenant workspace
}

func ExamplePlatform_RemoveDeveloper() {
	p, _, merchant := town(memory.New())
	shop, err := p.MiniPrograms.Create(ctx, cho, miniprogram.Create{
		Workspace: merchant, Type: miniprogram.DSL, Language: "en", Name: "Coffee Shop",
	})
	check(err)
	_, err = p.MiniPrograms.UploadVersion(ctx, cho, miniprogram.Upload{
		MiniProgram: shop.ID, Number: "1.0.0",
		Package: miniprogram.Package{Reference: "packages/shop.zip", Size: 1, SHA256: [32]byte{1}},
	})
	check(err)

	err = p.RemoveDeveloper(ctx, ada, merchant, "closed its shop")
	if guarded, ok := errors.AsType[*workspace.RemovalError](err); ok {
		fmt.Println("not before", guarded.Until.Format(time.DateOnly), "because of", guarded.LastUploadTo)
	}
	// Output: not before 2026-02-04 because of Coffee Shop
}

func ExamplePlatform_Update() {
	p, _, merchant := town(memory.New())

	// A mini program and its developer, both or neither.
	var token member.Token
	err := p.Update(ctx, func(ctx context.Context, p *superapp.Platform) error {
		shop, err := p.MiniPrograms.Create(ctx, cho, miniprogram.Create{
			Workspace: merchant, Type: miniprogram.DSL, Language: "en", Name: "Coffee Shop",
		})
		if err != nil {
			return err
		}
		_, token, err = p.Members.Invite(ctx, cho, member.Invite{
			Workspace: merchant, Email: "dee@people.example", Name: "Dee", Role: rbac.Developer, MiniPrograms: []id.MiniProgram{shop.ID},
		})
		return err
	}, merchant)
	check(err)
	seen, err := p.Members.Inspect(ctx, token)
	check(err)
	fmt.Println("Dee's invitation is", seen.State)
	// Output: Dee's invitation is open
}

// The host's rows and the platform's are committed together, or not at all.
func ExamplePlatform_With() {
	dir, err := os.MkdirTemp("", "platform")
	check(err)
	defer os.RemoveAll(dir)
	db, err := sql.Open("sqlite", filepath.Join(dir, "host.db")+"?_pragma=foreign_keys(1)")
	check(err)
	defer db.Close()
	_, err = db.Exec("CREATE TABLE orders (what TEXT)")
	check(err)
	store, err := sqlite.New(db, nil)
	check(err)
	check(store.Migrate(ctx))
	p, _, merchant := town(store)

	tx, err := db.BeginTx(ctx, nil)
	check(err)
	_, err = tx.Exec("INSERT INTO orders VALUES ('a mini program')")
	check(err)
	shop, err := p.With(store.Bind(tx)).MiniPrograms.Create(ctx, cho, miniprogram.Create{
		Workspace: merchant, Type: miniprogram.DSL, Language: "en", Name: "Coffee Shop",
	})
	check(err)
	check(tx.Rollback())

	_, err = p.MiniPrograms.Get(ctx, cho, shop.ID)
	fmt.Println(err)
	// Output: miniprogram: get: no such mini program
}

// A merchant applies, a tenant's admin approves, and the merchant has a workspace.
func ExamplePlatform_Apply() {
	p, tenant, _ := town(memory.New())
	mo := rbac.User("acc-mo")

	asked, err := p.Apply(ctx, mo, tenant, superapp.Application{
		Name: "Night Market", Applicant: "Mo",
		Business: workspace.Business{Company: "Night Market Ltd", Address: "3 Lake Lane", Scope: "food", Email: "office@market.example"},
	}, "")
	check(err)
	_, err = p.Approvals.Decide(ctx, ada, asked.ID, approval.Decision{Approve: true})
	check(err)

	mine, err := p.Members.Mine(ctx, mo, page.Request{})
	check(err)
	for _, m := range mine.Items {
		fmt.Println("Mo is", m.Role, "of", m.WorkspaceName)
	}
	// Output: Mo is developer_admin of Night Market
}
