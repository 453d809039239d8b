package postgres_test

import (
	"context"
	"log"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/postgres"
)

// The platform lives in a schema of its own, in the database that the host has.
func Example() {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, "postgres://app@db.example/app")
	if err != nil {
		log.Fatal(err)
	}
	defer pool.Close()

	store, err := postgres.New(pool, &postgres.Options{Schema: "platform"})
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
// all. Whoever loses against another transaction runs his own again.
func ExampleStore_Bind() {
	var (
		pool   *pgxpool.Pool
		store  *postgres.Store
		p      *superapp.Platform
		admin  rbac.Actor
		member id.Member
	)
	order := func(ctx context.Context) error {
		return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, "INSERT INTO orders (what) VALUES ($1)", "a badge back"); err != nil {
				return err
			}
			_, err := p.With(store.Bind(tx)).Members.Block(ctx, admin, member, "left")
			return err
		})
	}
	run := func(ctx context.Context) error {
		for {
			if err := order(ctx); !postgres.Retryable(err) || ctx.Err() != nil {
				return err
			}
		}
	}
	_ = run
}
