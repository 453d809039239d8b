package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/sqlite"
	"github.com/superapp-go/superapp/workspace"
)

// hosted is a host's own database, with a table of his own, and the platform's
// tables in it.
func hosted(ctx context.Context) (*sql.DB, *sqlite.Store, func()) {
	dir, err := os.MkdirTemp("", "host")
	check(err)
	db, err := sql.Open("sqlite", filepath.Join(dir, "host.db")+"?_pragma=busy_timeout(20)&_pragma=foreign_keys(1)")
	check(err)
	_, err = db.ExecContext(ctx, "CREATE TABLE orders (what TEXT)")
	check(err)
	store, err := sqlite.New(db, nil)
	check(err)
	check(store.Migrate(ctx))
	return db, store, func() { store.Close(); db.Close(); os.RemoveAll(dir) }
}

// The host's row and the platform's are committed together, or not at all.
func ExampleStore_Bind() {
	ctx := context.Background()
	db, store, end := hosted(ctx)
	defer end()
	p, err := superapp.New(store, nil)
	check(err)
	operator := rbac.System("setup")

	order := func(fail bool) {
		tx, err := db.BeginTx(ctx, nil)
		check(err)
		defer tx.Rollback()
		_, err = tx.ExecContext(ctx, "INSERT INTO orders VALUES ('a workspace')")
		check(err)
		_, _, err = p.With(store.Bind(tx)).OpenTenant(ctx, operator, superapp.Open{
			Name:     "Riverbank Wallet",
			Business: workspace.Business{Address: "1 River Street", Scope: "payments", Representative: "Ada", Email: "ada@wallet.example"},
			Admin:    member.First{Account: "acc-ada", Name: "Ada"},
		})
		check(err)
		if fail {
			return // the payment was refused, say
		}
		check(tx.Commit())
	}
	count := func() {
		var orders int
		check(db.QueryRowContext(ctx, "SELECT count(*) FROM orders").Scan(&orders))
		workspaces, err := p.Workspaces.List(ctx, operator, workspace.Filter{}, page.Request{})
		check(err)
		fmt.Println(orders, "orders,", len(workspaces.Items), "workspaces")
	}
	order(true)
	count()
	order(false)
	count()
	// Output:
	// 0 orders, 0 workspaces
	// 1 orders, 1 workspaces
}

// A host with a migration tool of his own takes the SQL.
func ExampleStore_WriteSQL() {
	_, store, end := hosted(context.Background())
	defer end()
	var script bytes.Buffer
	check(store.WriteSQL(&script))
	fmt.Println("tables:", strings.Count(script.String(), "CREATE TABLE"))
	// Output: tables: 34
}

// At start-up a program looks whether the schema is the one it was built for.
func ExampleStore_Pending() {
	ctx := context.Background()
	_, store, end := hosted(ctx)
	defer end()
	pending, err := store.Pending(ctx)
	fmt.Println(len(pending), err)
	fmt.Println(store.Validate(ctx))
	// Output:
	// 0 <nil>
	// <nil>
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
