// Package sqlite keeps a platform in an SQLite file. It needs no server and no
// C compiler: the engine is modernc.org/sqlite, registered as driver "sqlite".
//
//	store, err := sqlite.Open(ctx, "platform.db", nil)
//	...
//	defer store.Close()
//	err = store.Migrate(ctx)
//
// [Open] never changes the schema: [Store.Migrate] does, and a host that keeps
// its schema by a tool of its own takes the statements from [Store.WriteSQL]
// and asks [Store.Validate] at its start.
//
// # Concurrency
//
// The file is in WAL mode. Units of work write one after another, on one
// connection; reads run beside them, each on the state that was committed when
// it began, and a View on the one of its first read. Other processes may use the file at the same time: a unit that
// meets one writing waits for it, and ends with storage.ErrBusy only when its
// deadline comes, or [Options].BusyTimeout if its context has none.
//
// # The host's transaction
//
// [Store.Bind] makes the library's verbs part of a transaction that the host
// opened on the same file. Of those the host should keep the one that writes
// short, and begin it with BEGIN IMMEDIATE (the driver's _txlock=immediate),
// or SQLite may refuse its first write with a busy error that only a new
// transaction cures.
package sqlite

import (
	"context"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
)

// slice is how long SQLite itself waits for another writer, before the store
// looks whether the caller still wants to.
const slice = 20 * time.Millisecond

// Open opens the file and creates it if it is not there; its folder must be.
// It does not create the tables: see [Store.Migrate].
//
// An *[fault.InvalidError] names what is wrong with the path or the options; a
// file that cannot be opened or is none of SQLite's gives storage.ErrFailed.
func Open(ctx context.Context, path string, o *Options) (*Store, error) {
	opts, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	switch path {
	case "":
		return nil, fault.Invalid("path", "required", "want the path of a file")
	case ":memory:":
		return nil, fault.Invalid("path", "not_allowed",
			"in memory SQLite cannot read beside a write: use package storage/memory, or a file in a temporary folder")
	}
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return nil, sqlstore.Failure("open the file: its folder cannot be read", err)
	}
	writing, err := connect(ctx, path, opts, 1, slice, "journal_mode(WAL)")
	if err != nil {
		return nil, err
	}
	reading, err := connect(ctx, path, opts, opts.Readers, opts.BusyTimeout, "query_only(1)")
	if err != nil {
		writing.Close()
		return nil, err
	}
	d := dialect(opts.TablePrefix)
	return newStore(d, opts, sqlstore.Pools{
		Writer: sqlstore.NewPool(writing, d, 1, opts.BusyTimeout),
		Reader: sqlstore.NewPool(reading, d, opts.Readers, opts.BusyTimeout),
	}, writing, reading)
}

// New returns a store on a pool that the host opened with the driver "sqlite".
// The store borrows a connection for each call and prepares nothing, and
// closing it does not close the pool. The host sees to it that every
// connection has foreign_keys on, and a short busy_timeout: 20 milliseconds are
// enough, since the store waits by itself, and a context that is done is
// noticed only between two waits of SQLite. WAL mode keeps reads from waiting.
func New(db *sql.DB, o *Options) (*Store, error) {
	opts, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if db == nil {
		return nil, fault.Invalid("db", "required", "want an open *sql.DB")
	}
	d := dialect(opts.TablePrefix)
	pool := sqlstore.NewPool(db, d, 0, opts.BusyTimeout)
	return newStore(d, opts, sqlstore.Pools{Writer: pool, Reader: pool})
}

// connect opens a pool whose connections wait so long for others themselves,
// and run the pragma when they are opened, be it again.
func connect(ctx context.Context, path string, o Options, connections int, wait time.Duration, pragma string) (*sql.DB, error) {
	pragmas := []string{
		"busy_timeout(" + strconv.FormatInt(wait.Milliseconds(), 10) + ")",
		"foreign_keys(1)",
		"synchronous(" + o.Synchronous.String() + ")",
		pragma,
	}
	db, err := sql.Open("sqlite", uri(path)+"?"+url.Values{"_pragma": pragmas}.Encode())
	if err != nil {
		return nil, sqlstore.Failure("open the file", err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	if err := ping(ctx, db, o.BusyTimeout); err != nil {
		db.Close()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, sqlstore.Failure("open the file", err)
	}
	return db, nil
}

// ping opens the first connection. It tries again while the file is busy: of
// several that set WAL at a time, SQLite lets some wait and refuses others.
func ping(ctx context.Context, db *sql.DB, patience time.Duration) error {
	for deadline := time.Now().Add(patience); ; time.Sleep(slice) {
		err := db.PingContext(ctx)
		if class, _ := classify(err); class != sqlstore.Busy || !time.Now().Before(deadline) {
			return err
		}
	}
}

// uri writes a path so that no character of it is taken for anything else.
func uri(path string) string {
	slashes := filepath.ToSlash(path)
	if filepath.VolumeName(path) != "" {
		slashes = "/" + slashes
	}
	return "file:" + (&url.URL{Path: slashes}).EscapedPath()
}
