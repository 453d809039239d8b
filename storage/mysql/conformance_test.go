package mysql_test

import (
	"context"
	"database/sql"
	"testing"

	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/mysql"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/unit"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	plain := migrated(t, mysql.Options{})

	t.Run("pool", func(t *testing.T) {
		t.Parallel()
		storagetest.Run(t, func(t *testing.T) storage.Store { return open(t, pool(t, plain(t).DSN), nil) })
	})
	if testing.Short() {
		return // one mode
	}
	t.Run("every choice of a host's in the DSN, with a prefix", func(t *testing.T) {
		t.Parallel()
		o := mysql.Options{TablePrefix: "superapp_"}
		prefixed := migrated(t, o)
		storagetest.Run(t, func(t *testing.T) storage.Store {
			const choices = "interpolateParams=true&parseTime=true&loc=Asia%2FShanghai&clientFoundRows=true&multiStatements=true"
			return open(t, pool(t, with(prefixed(t).DSN, choices)), &o)
		})
	})
	t.Run("a transaction of the host's", func(t *testing.T) {
		t.Parallel()
		storagetest.Run(t, func(t *testing.T) storage.Store {
			db := pool(t, plain(t).DSN)
			return guest{open(t, db, nil), db}
		})
	})
}

// A guest is a store that opens a transaction of the host's for each call, in
// the engine's own isolation level, and commits it.
type guest struct {
	*mysql.Store
	db *sql.DB
}

// hosted runs fn in a transaction, and again as long as it loses.
func (g guest) hosted(ctx context.Context, fn func(storage.Store) error) error {
	for {
		err := func() error {
			// Not the caller's context, at the end of which database/sql would
			// roll back by itself.
			tx, err := g.db.BeginTx(context.WithoutCancel(ctx), nil)
			if err != nil {
				return err
			}
			defer tx.Rollback()
			if err := fn(g.Bind(tx)); err != nil {
				return err
			}
			return tx.Commit()
		}()
		if !mysql.Retryable(err) || ctx.Err() != nil {
			return err
		}
	}
}

func (g guest) Facts(ctx context.Context, q rbac.Query) (f rbac.Facts, err error) {
	err = g.hosted(ctx, func(s storage.Store) (err error) {
		f, err = s.Facts(ctx, q)
		return err
	})
	return f, err
}

func (g guest) View(ctx context.Context, fn func(context.Context, storage.Reader) error) error {
	return g.hosted(ctx, func(s storage.Store) error { return s.View(ctx, fn) })
}

func (g guest) Update(ctx context.Context, scope unit.Scope, fn func(context.Context, storage.Tx) error) error {
	return g.hosted(ctx, func(s storage.Store) error { return s.Update(ctx, scope, fn) })
}
