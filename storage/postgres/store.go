package postgres

import (
	"context"
	"database/sql"
	"io"

	"github.com/jackc/pgx/v5"

	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
	"github.com/superapp-go/superapp/unit"
)

// A Store keeps a platform in a PostgreSQL database. Make one with [New] or
// [NewSQL]. It is safe for concurrent use.
type Store struct {
	dialect *sqlstore.Dialect
	store   *sqlstore.Store
}

var _ storage.Store = (*Store)(nil)

// Facts answers a query by one statement, outside any unit.
func (s *Store) Facts(ctx context.Context, q rbac.Query) (rbac.Facts, error) {
	return s.store.Facts(ctx, q)
}

// View runs fn on a snapshot.
func (s *Store) View(ctx context.Context, fn func(context.Context, storage.Reader) error) error {
	return s.store.View(ctx, fn)
}

// Update runs fn as one unit of work. It runs fn again when another unit was
// faster.
func (s *Store) Update(ctx context.Context, scope unit.Scope, fn func(context.Context, storage.Tx) error) error {
	return s.store.Update(ctx, scope, fn)
}

// Bind returns a store whose units are part of a transaction that the host
// opened on the same database. Each runs in a savepoint: if it fails, nothing of
// it is left, and the transaction goes on. The host commits or rolls back, the
// store never does. A bound unit is not run again: at storage.ErrBusy, and
// whenever [Retryable] says so, the host runs its transaction again from its
// start.
//
// In a transaction of which a statement of the host's has failed, PostgreSQL
// refuses everything: a unit answers storage.ErrTxLost, until the host rolls
// back, to a savepoint of his own if he has one.
//
// How long a bound unit waits for locks is the host's to say, by SET LOCAL
// lock_timeout: its context interrupts a wait, and ends the transaction so, but
// not that of writes that are sent with the end of the unit, which only
// [Options].WriteTimeout bounds, with the same consequence. A host that lists much
// in a bound View sets plan_cache_mode = force_custom_plan, as the store does for
// the lists of snapshots of its own: the plan that PostgreSQL makes for all arguments, from
// the sixth run of a prepared statement on, may read a whole workspace for a page.
//
// pgx closes the connection when a context ends in the middle of a statement,
// and the host's transaction ends with it. The unit then answers the context's
// error. A host that cannot have that gives the store a context without an end,
// or the pool a [github.com/jackc/pgx/v5/pgconn.CancelRequestContextWatcherHandler].
//
// The store is valid as long as tx is. All that are bound to one transaction
// take turns; one bound to nil answers a *fault.InvalidError.
func (s *Store) Bind(tx pgx.Tx) storage.Store {
	if tx == nil || tx.Conn() == nil {
		return s.store.BindNothing("want an open pgx.Tx")
	}
	return sqlstore.Bind(s.store, tx.Conn(), func(bool) sqlstore.Line {
		return &line{dialect: s.dialect, wire: tx}
	})
}

// BindSQL is [Store.Bind] for a transaction of database/sql.
func (s *Store) BindSQL(tx *sql.Tx) storage.Store { return s.store.BindTx(tx) }

// Migrate creates the tables, or brings those of an earlier version of the
// library up to date; it does nothing if they are. If two do it at a time the
// second waits, and ends with storage.ErrMigrating when its time is up.
// storage.ErrSchemaNewer if the tables are of a later version of the library.
func (s *Store) Migrate(ctx context.Context) error { return s.store.Migrate(ctx) }

// Pending returns the names of the migrations that Migrate would apply.
func (s *Store) Pending(ctx context.Context) ([]string, error) { return s.store.Pending(ctx) }

// Validate returns nil if the schema is the one the library wants, or else
// storage.ErrSchemaMissing or storage.ErrSchemaNewer. Every other method asks
// it once, when the store is first used.
func (s *Store) Validate(ctx context.Context) error { return s.store.Validate(ctx) }

// WriteSQL writes all migrations as SQL, with what notes them as applied, for
// a tool of the host's own. Run it in one transaction.
func (s *Store) WriteSQL(w io.Writer) error { return s.store.WriteSQL(w) }

// Close closes the store: later calls answer storage.ErrClosed, those that run
// go on to their end. The host's pool stays open. To close it again does
// nothing.
func (s *Store) Close() error {
	s.store.Close()
	return nil
}
