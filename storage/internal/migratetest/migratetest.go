// Package migratetest shows that a database of every earlier version, with data
// in it, becomes one of today.
package migratetest

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
	"github.com/superapp-go/superapp/unit"
)

// Run makes a database of each version before the last of the migrations, fills
// it as that version would have, brings it up to date, and compares what is
// read then. open returns an empty database each time.
func Run(t *testing.T, migrations []sqlstore.Migration, open func(t *testing.T) (*sqlstore.Dialect, sqlstore.Database)) {
	t.Helper()
	for last := 1; last < len(migrations)-1; last++ {
		t.Run("from "+migrations[last].Name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			d, db := open(t)
			at := func(migrations []sqlstore.Migration) *sqlstore.Store {
				return sqlstore.New(sqlstore.Config{
					Dialect: d, Database: db, Migrations: migrations, Patience: 10 * time.Second, Log: slog.New(slog.DiscardHandler),
				})
			}
			old := at(migrations[:last+1])
			must(t, old.Migrate(ctx))
			data := versions[last]
			if data.rows == nil {
				t.Fatalf("there is no data for version %d: add it to versions", last)
			}
			must(t, write(ctx, db, data.rows()))
			now := at(migrations)
			pending, err := now.Pending(ctx)
			must(t, err)
			if len(pending) != len(migrations)-1-last {
				t.Fatalf("pending are %v", pending)
			}
			must(t, now.Migrate(ctx))
			must(t, now.Validate(ctx))
			compare(t, now, data.compare)
			must(t, now.Update(ctx, unit.Scope{Token: hash}, func(ctx context.Context, tx storage.Tx) error {
				return tx.UpdateMember(ctx, guest)
			}))
			compare(t, now, data.compare)
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// write runs statements in one transaction.
func write(ctx context.Context, db sqlstore.Database, rows []sqlstore.Write) error {
	session, err := db.Begin(ctx, true)
	if err != nil {
		return err
	}
	defer session.Rollback()
	for _, w := range rows {
		if err := session.Write(ctx, w); err != nil {
			return fmt.Errorf("%s: %w", w.SQL, err)
		}
	}
	return session.Commit(ctx)
}
