package mysql_test

import (
	"context"
	"database/sql"
	"log"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/mysql"
)

// The platform's tables stand beside those of the host, with a prefix of their
// own.
func Example() {
	ctx := context.Background()
	db, err := sql.Open("mysql", "app:secret@tcp(db.example)/app?interpolateParams=true")
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()

	store, err := mysql.New(db, &mysql.Options{TablePrefix: "superapp_"})
	if err != nil {
		log.Fatal(err)
	}
	if err := store.Migrate(ctx); err != nil {
		log.Fatal(err)
	}
	p, err := superapp.New(store, nil)
	if err != nil {
		log.Fatal(err)
	}
	_ = p
}

// The host's order and the blocked member are committed together, or not at
// all. Every error leads to the Rollback without another statement, which would
// be stored for good after a deadlock; then the whole runs again, if it may.
func ExampleStore_Bind() {
	var (
		db     *sql.DB
		store  *mysql.Store
		p      *superapp.Platform
		admin  rbac.Actor
		member id.Member
	)
	order := func(ctx context.Context) error {
		tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
		if err != nil {
			return err
		}
		defer tx.Rollback()
		if _, err := tx.ExecContext(ctx, "INSERT INTO orders (what) VALUES (?)", "a badge back"); err != nil {
			return err
		}
		if _, err := p.With(store.Bind(tx)).Members.Block(ctx, admin, member, "left"); err != nil {
			return err
		}
		return tx.Commit()
	}
	run := func(ctx context.Context) error {
		for {
			if err := order(ctx); !mysql.Retryable(err) || ctx.Err() != nil {
				return err
			}
		}
	}
	_ = run
}
