package mysql

import (
	"context"
	"database/sql"
	"io"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
	"github.com/superapp-go/superapp/unit"
)

// A Store keeps a platform in a MariaDB or MySQL database. Make one with [New].
// It is safe for concurrent use.
type Store struct {
	store *sqlstore.Store
	pool  *sqlstore.Pool
}

var _ storage.Store = (*Store)(nil)

// New returns a store on a pool that the host opened with the driver of
// go-sql-driver/mysql. It touches nothing yet, borrows a connection for each
// call, and leaves on it neither a setting nor a prepared statement; closing
// the store does not close the pool.
//
// An *[fault.InvalidError] names what is wrong with the options.
func New(db *sql.DB, o *Options) (*Store, error) {
	opts, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if db == nil {
		return nil, fault.Invalid("db", "required", "want an open *sql.DB")
	}
	all, err := migrations()
	if err != nil {
		return nil, err
	}
	d := dialect(opts)
	pool := sqlstore.NewPool(db, d, 0, opts.BusyTimeout)
	return &Store{pool: pool, store: sqlstore.New(sqlstore.Config{
		Dialect: d, Database: pool, Migrations: all, Patience: opts.BusyTimeout, Log: opts.Logger,
		Check: func(ctx context.Context) error {
			ctx, cancel := context.WithTimeout(ctx, opts.BusyTimeout)
			defer cancel()
			return check(ctx, db)
		},
	})}, nil
}

// Facts answers a query by one statement, outside any unit.
func (s *Store) Facts(ctx context.Context, q rbac.Query) (rbac.Facts, error) {
	return s.store.Facts(ctx, q)
}

// View runs fn on a snapshot.
func (s *Store) View(ctx context.Context, fn func(context.Context, storage.Reader) error) error {
	return s.store.View(ctx, fn)
}

// Update runs fn as one unit of work. It runs fn again when others were faster.
func (s *Store) Update(ctx context.Context, scope unit.Scope, fn func(context.Context, storage.Tx) error) error {
	return s.store.Update(ctx, scope, fn)
}

// Bind returns a store whose units are part of a transaction that the host
// opened on the same database. Each runs in a savepoint: if it fails, nothing
// of it is left, and the transaction goes on. Begin it with READ COMMITTED
// (sql.TxOptions): under InnoDB's default, REPEATABLE READ, a unit sees what is
// committed all the same, by reads that lock, and those lock gaps between rows,
// also those of other tenants, until the host ends.
// The host commits or rolls back, the store never does. A bound unit is not run
// again: at storage.ErrBusy the host runs its transaction again; see
// [Retryable].
//
// At a deadlock, or when a row has changed since the transaction's snapshot,
// the engine rolls back the whole transaction by itself, and what the host
// wrote is gone. The unit then ends with storage.ErrTxLost, as do all that
// follow on tx: the host rolls back at once, since each statement of its own
// would be stored for good. So would one after a deadlock of the host's own,
// which the store finds out at the next unit or verb: inside the function of an
// Update, let an error of a statement of your own end the function.
//
// The store is valid as long as tx is. All that are bound to one tx take turns;
// one bound to nil answers a *fault.InvalidError.
func (s *Store) Bind(tx *sql.Tx) storage.Store { return s.store.BindTx(tx) }

// Migrate creates the tables, or brings those of an earlier version of the
// library up to date; it does nothing if they are. If two do it at a time the
// second waits, and ends with storage.ErrMigrating when its time is up.
// storage.ErrSchemaNewer if the tables are of a later version of the library.
//
// The engines commit each change of a table by itself. If the process dies in
// between, the next Migrate goes on where it stopped, half a minute later at
// the earliest: it could be alive.
func (s *Store) Migrate(ctx context.Context) error { return s.store.Migrate(ctx) }

// Pending returns the names of the migrations that Migrate would apply.
func (s *Store) Pending(ctx context.Context) ([]string, error) { return s.store.Pending(ctx) }

// Validate returns nil if the schema is the one the library wants, or else
// storage.ErrSchemaMissing or storage.ErrSchemaNewer; a
// *fault.InvalidError if the connections have settings with which the store
// cannot keep its promises. Every other method asks it once, when the store is
// first used.
func (s *Store) Validate(ctx context.Context) error { return s.store.Validate(ctx) }

// WriteSQL writes all migrations as SQL, with what notes them as applied, for
// a tool of the host's own.
func (s *Store) WriteSQL(w io.Writer) error { return s.store.WriteSQL(w) }

// Close closes the store: later calls answer storage.ErrClosed, those that run
// go on to their end. The pool stays open. To close it again does nothing.
func (s *Store) Close() error {
	if s.store.Close() {
		s.pool.Close()
	}
	return nil
}
