package postgres_test

import (
	"context"
	"database/sql"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/postgres"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/unit"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		prefix  string
		bouncer bool
		// open opens a pool for the whole suite, since a server's connections are
		// few, and returns how to open a store on it.
		open func(t *testing.T, dsn string) func(*testing.T, *postgres.Options) storage.Store
	}{
		{"pool", "", false, onPool("cache_statement")},
		{"in a transaction of the host's, in mode exec", "", false, inTx},
		{"in a transaction of the host's, database-sql", "", false, inSQLTx},
		{"behind pgbouncer in mode simple_protocol, with a prefix", "app_", true, onPool("simple_protocol")},
		{"behind pgbouncer in mode cache_describe, database-sql", "", true, onSQL("cache_describe")},
	} {
		// One behind the other: each may want dozens of schemas at a time.
		if testing.Short() && c.name != "pool" {
			break // in short, one mode
		}
		t.Run(c.name, func(t *testing.T) {
			schemas := migrated(t, postgres.Options{TablePrefix: c.prefix})
			dsn := schemas(t).DSN
			if c.bouncer {
				dsn = dbtest.PgBouncer(t, dsn)
			}
			open := c.open(t, dsn)
			storagetest.Run(t, func(t *testing.T) storage.Store {
				return open(t, &postgres.Options{Schema: schemas(t).Name, TablePrefix: c.prefix})
			})
		})
	}
}

func onPool(mode string) func(*testing.T, string) func(*testing.T, *postgres.Options) storage.Store {
	return func(t *testing.T, dsn string) func(*testing.T, *postgres.Options) storage.Store {
		p := pool(t, inMode(dsn, mode))
		return func(t *testing.T, o *postgres.Options) storage.Store { return open(t, p, o) }
	}
}

func onSQL(mode string) func(*testing.T, string) func(*testing.T, *postgres.Options) storage.Store {
	return func(t *testing.T, dsn string) func(*testing.T, *postgres.Options) storage.Store {
		db := db(t, inMode(dsn, mode))
		return func(t *testing.T, o *postgres.Options) storage.Store { return openSQL(t, db, o) }
	}
}

func inMode(dsn, mode string) string { return dbtest.With(dsn, "default_query_exec_mode", mode) }

func inTx(t *testing.T, dsn string) func(*testing.T, *postgres.Options) storage.Store {
	p := pool(t, inMode(dsn, "exec"))
	return func(t *testing.T, o *postgres.Options) storage.Store {
		return guest{open(t, p, o), func(ctx context.Context, s *postgres.Store, write bool) (storage.Store, ender, error) {
			options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
			if write {
				options = pgx.TxOptions{}
			}
			tx, err := p.BeginTx(ctx, options)
			if err != nil {
				return nil, nil, err
			}
			return s.Bind(tx), pgxEnder{tx}, nil
		}}
	}
}

func inSQLTx(t *testing.T, dsn string) func(*testing.T, *postgres.Options) storage.Store {
	db := db(t, dsn)
	return func(t *testing.T, o *postgres.Options) storage.Store {
		return guest{openSQL(t, db, o), func(ctx context.Context, s *postgres.Store, write bool) (storage.Store, ender, error) {
			options := &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
			if write {
				options = nil
			}
			// Not the caller's context, at whose end database/sql would roll back by
			// itself.
			tx, err := db.BeginTx(context.WithoutCancel(ctx), options)
			if err != nil {
				return nil, nil, err
			}
			return s.BindSQL(tx), tx, nil
		}}
	}
}

// A guest is a store that opens a transaction of the host's for each call, and
// commits it.
type guest struct {
	*postgres.Store
	begin func(ctx context.Context, s *postgres.Store, write bool) (storage.Store, ender, error)
}

type ender interface {
	Commit() error
	Rollback() error
}

type pgxEnder struct{ pgx.Tx }

func (e pgxEnder) Commit() error   { return e.Tx.Commit(context.Background()) }
func (e pgxEnder) Rollback() error { return e.Tx.Rollback(context.Background()) }

// hosted runs fn in a transaction, and again as long as it loses.
func (g guest) hosted(ctx context.Context, write bool, fn func(storage.Store) error) error {
	for {
		err := func() error {
			bound, tx, err := g.begin(ctx, g.Store, write)
			if err != nil {
				if ctx.Err() != nil {
					err = ctx.Err()
				}
				return err
			}
			defer tx.Rollback()
			if err := fn(bound); err != nil {
				return err
			}
			return tx.Commit()
		}()
		if !postgres.Retryable(err) || ctx.Err() != nil {
			return err
		}
	}
}

func (g guest) Facts(ctx context.Context, q rbac.Query) (f rbac.Facts, err error) {
	err = g.hosted(ctx, false, func(s storage.Store) (err error) {
		f, err = s.Facts(ctx, q)
		return err
	})
	return f, err
}

func (g guest) View(ctx context.Context, fn func(context.Context, storage.Reader) error) error {
	return g.hosted(ctx, false, func(s storage.Store) error { return s.View(ctx, fn) })
}

func (g guest) Update(ctx context.Context, scope unit.Scope, fn func(context.Context, storage.Tx) error) error {
	return g.hosted(ctx, true, func(s storage.Store) error { return s.Update(ctx, scope, fn) })
}
