package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/mysql"
	"github.com/superapp-go/superapp/storage/postgres"
	"github.com/superapp-go/superapp/storage/sqlite"
)

// prefix stands before the names of all tables, so that the example does not
// touch what else is in the database.
const prefix = "hosttx_"

// A host is a program with a database of its own, in which it keeps a platform
// beside its tables.
type host struct {
	db       *sql.DB
	platform *superapp.Platform
	// bind makes the platform's verbs part of a transaction.
	bind func(*sql.Tx) storage.Store
	// retryable tells whether a transaction that failed should be run again.
	retryable func(error) bool
	// options are those of a transaction: MySQL's default locks more than is
	// needed. Default: the engine's.
	options *sql.TxOptions
	// numbered says that parameters are $1, $2, ... instead of question marks.
	numbered bool
}

// A store is what all three have in common.
type store interface {
	storage.Store
	Migrate(context.Context) error
}

// open connects to a database, makes the tables that are missing, and returns
// the host.
func open(ctx context.Context, engine, dsn string) (*host, error) {
	drivers := map[string]string{"sqlite": "sqlite", "postgres": "pgx", "mysql": "mysql"}
	if drivers[engine] == "" {
		return nil, fmt.Errorf("unknown engine %q: want sqlite, postgres or mysql", engine)
	}
	if engine == "sqlite" {
		// The settings that package sqlite wants of a pool of the host's. With
		// immediate a transaction locks at its beginning, when waiting still helps.
		dsn = "file:" + dsn + "?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)&_pragma=busy_timeout(20)"
	}
	db, err := sql.Open(drivers[engine], dsn)
	if err != nil {
		return nil, err
	}
	h := &host{db: db}
	if err := h.start(ctx, engine); err != nil {
		db.Close()
		return nil, err
	}
	return h, nil
}

// start makes the platform and the tables.
func (h *host) start(ctx context.Context, engine string) error {
	var s store
	switch engine {
	case "sqlite":
		lite, err := sqlite.New(h.db, &sqlite.Options{TablePrefix: prefix})
		if err != nil {
			return err
		}
		s, h.bind, h.retryable = lite, lite.Bind, storage.Retryable
	case "postgres":
		pg, err := postgres.NewSQL(h.db, &postgres.Options{TablePrefix: prefix})
		if err != nil {
			return err
		}
		s, h.bind, h.retryable, h.numbered = pg, pg.BindSQL, postgres.Retryable, true
	case "mysql":
		my, err := mysql.New(h.db, &mysql.Options{TablePrefix: prefix})
		if err != nil {
			return err
		}
		s, h.bind, h.retryable = my, my.Bind, mysql.Retryable
		h.options = &sql.TxOptions{Isolation: sql.LevelReadCommitted}
	}
	if err := s.Migrate(ctx); err != nil {
		return err
	}
	_, err := h.db.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS "+prefix+"orders"+
		" (id VARCHAR(36) PRIMARY KEY, workspace VARCHAR(36) NOT NULL, item VARCHAR(100) NOT NULL)")
	if err != nil {
		return err
	}
	h.platform, err = superapp.New(s, nil)
	return err
}

// sql writes a statement of the host's for the engine.
func (h *host) sql(statement string) string {
	statement = strings.ReplaceAll(statement, "orders", prefix+"orders")
	for n := 1; h.numbered && strings.Contains(statement, "?"); n++ {
		statement = strings.Replace(statement, "?", fmt.Sprint("$", n), 1)
	}
	return statement
}
