package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io"

	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
	"github.com/superapp-go/superapp/unit"
)

// A Store keeps a platform in an SQLite database. Make one with [Open] or
// [New]. It is safe for concurrent use.
type Store struct {
	store *sqlstore.Store
	pools sqlstore.Pools
	// owned are the pools that the store opened.
	owned []*sql.DB
}

var _ storage.Store = (*Store)(nil)

func newStore(d *sqlstore.Dialect, o Options, pools sqlstore.Pools, owned ...*sql.DB) (*Store, error) {
	all, err := migrations()
	if err != nil {
		return nil, err
	}
	return &Store{pools: pools, owned: owned, store: sqlstore.New(sqlstore.Config{
		Dialect: d, Database: pools, Migrations: all, Patience: o.BusyTimeout, Log: o.Logger,
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

// Update runs fn as one unit of work. It runs fn again when another process
// was faster.
func (s *Store) Update(ctx context.Context, scope unit.Scope, fn func(context.Context, storage.Tx) error) error {
	return s.store.Update(ctx, scope, fn)
}

// Bind returns a store whose units are part of a transaction that the host
// opened on the same database. Each runs in a savepoint: if it fails, nothing
// of it is left, and the transaction goes on. The host commits or rolls back,
// the store never does. A bound unit is not run again: at storage.ErrBusy the
// host runs its transaction again.
//
// At some errors, such as a full disk, SQLite rolls back the transaction by
// itself, and what the host wrote is gone. The unit then ends with
// storage.ErrTxLost, as do all that follow on tx: the host rolls back at once,
// since each statement of its own would be stored for good.
//
// The store is valid as long as tx is. All that are bound to one tx take turns;
// one bound to nil answers a *fault.InvalidError.
func (s *Store) Bind(tx *sql.Tx) storage.Store { return s.store.BindTx(tx) }

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
// go on to their end. A pool that was given to New stays open. To close it
// again does nothing.
func (s *Store) Close() error {
	if !s.store.Close() {
		return nil
	}
	s.pools.Writer.Close()
	s.pools.Reader.Close()
	var errs []error
	for _, db := range s.owned {
		errs = append(errs, db.Close())
	}
	if err := errors.Join(errs...); err != nil {
		return sqlstore.Failure("close the file", err)
	}
	return nil
}
