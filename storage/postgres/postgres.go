// Package postgres keeps a platform in a PostgreSQL database, version 13 or
// later, on a pool that the host opened with github.com/jackc/pgx/v5.
//
//	pool, err := pgxpool.New(ctx, "postgres://app@db.example/app")
//	...
//	store, err := postgres.New(pool, nil)
//	...
//	err = store.Migrate(ctx)
//
// [New] takes a *pgxpool.Pool and needs the fewest round trips: one for a
// check, at most three for a verb. pgxpool adds one of its own for a connection
// that was idle for a second: see its ShouldPing. [NewSQL] takes a *sql.DB of the
// driver github.com/jackc/pgx/v5/stdlib and runs one statement after the other.
//
// Neither changes the schema: [Store.Migrate] does, and a host that keeps its
// schema by a tool of its own takes the statements from [Store.WriteSQL] and
// asks [Store.Validate] at its start. The tables may be in a schema of their
// own ([Options].Schema) or have a prefix ([Options].TablePrefix).
//
// # Rights
//
// To work with the platform a role needs USAGE of the schema and SELECT,
// INSERT, UPDATE and DELETE on its tables. Migrate needs CREATE on the schema
// as well, or on the database if it is to create the schema. What is missing
// gives storage.ErrForbidden.
//
// # Concurrency
//
// A unit of work runs in READ COMMITTED and locks the rows of its workspaces
// first, so units on one workspace run one behind the other, in whatever
// process, and units on others beside them. A View is a snapshot (REPEATABLE
// READ, READ ONLY). A unit that loses against another one runs again, and ends
// with storage.ErrBusy when its deadline comes, or [Options].BusyTimeout if its
// context has none.
//
// A context that is done interrupts a statement, but not the COMMIT with the
// writes that travel along: see [Options].WriteTimeout. If the connection breaks
// before that, the error is storage.ErrUnreachable and nothing was kept; if it
// breaks during the COMMIT, storage.ErrOutcomeUnknown. Connections that the pool
// held while the server was restarted are replaced without an error.
//
// # The host's transaction
//
// [Store.Bind] and [Store.BindSQL] make the library's verbs part of a
// transaction that the host opened on the same database. Any isolation level
// will do; under REPEATABLE READ or SERIALIZABLE more transactions fail and
// want to run again, see [Retryable].
//
// # PgBouncer and replicas
//
// The store prepares nothing by itself: how statements are sent is the host's
// choice, by default_query_exec_mode in the connection string. Behind a pooler
// that gives each transaction another connection (PgBouncer's
// pool_mode=transaction) cache_describe, exec and simple_protocol work;
// cache_statement, which is pgx's default, and describe_exec do not.
//
// On a read-only replica checks and lists work, as of what it has received,
// and verbs give storage.ErrReadOnly.
package postgres

import (
	"database/sql"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
)

// New returns a store on a pool of the host's. It touches nothing yet. The store
// borrows a connection for each call, and closing it does not close the pool.
//
// An *[fault.InvalidError] names what is wrong with the options.
func New(pool *pgxpool.Pool, o *Options) (*Store, error) {
	if pool == nil {
		return nil, fault.Invalid("pool", "required", "want an open *pgxpool.Pool")
	}
	return newStore(o, func(d *sqlstore.Dialect, o Options) sqlstore.Database {
		return &database{dialect: d, pool: pool, most: pool.Config().MaxConns, wait: o.BusyTimeout}
	})
}

// NewSQL is [New] for a pool of database/sql that the host opened with the
// driver "pgx" of github.com/jackc/pgx/v5/stdlib.
//
// Over TLS the server may keep the locks of a unit that a context interrupted
// for 15 seconds, until pgx has closed the connection. New cuts it at once; here
// a [github.com/jackc/pgx/v5/pgconn.CancelRequestContextWatcherHandler] in the
// host's configuration does that: the connection stays, and rolls back.
func NewSQL(db *sql.DB, o *Options) (*Store, error) {
	if db == nil {
		return nil, fault.Invalid("db", "required", "want an open *sql.DB")
	}
	return newStore(o, func(d *sqlstore.Dialect, o Options) sqlstore.Database {
		return sqlstore.NewPool(db, d, 0, o.BusyTimeout)
	})
}

func newStore(o *Options, open func(*sqlstore.Dialect, Options) sqlstore.Database) (*Store, error) {
	opts, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	all, err := migrations(opts)
	if err != nil {
		return nil, err
	}
	d := dialect(opts)
	return &Store{dialect: d, store: sqlstore.New(sqlstore.Config{
		Dialect: d, Database: open(d, opts), Migrations: all, Patience: opts.BusyTimeout, Log: opts.Logger,
	})}, nil
}
