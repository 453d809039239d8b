package mysql_test

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/mysql"
	"github.com/superapp-go/superapp/unit"
)

func TestNew(t *testing.T) {
	t.Parallel()

	for problem, bad := range map[string]mysql.Options{
		"busy_timeout not_allowed":  {BusyTimeout: -time.Second},
		"write_timeout not_allowed": {WriteTimeout: -time.Second},
		"table_prefix malformed":    {TablePrefix: "x`; DROP TABLE member; -- "},
	} {
		t.Run("a bad option: "+problem, func(t *testing.T) {
			t.Parallel()
			_, err := mysql.New(new(sql.DB), &bad)
			invalid, ok := errors.AsType[*fault.InvalidError](err)
			require.True(t, ok, "err = %v, want an InvalidError", err)
			require.Len(t, invalid.Problems, 1)
			require.Equal(t, problem, invalid.Problems[0].Field+" "+invalid.Problems[0].Reason)
		})
	}

	t.Run("no pool", func(t *testing.T) {
		t.Parallel()
		_, err := mysql.New(nil, nil)
		require.ErrorIs(t, err, fault.ErrInvalid)
	})

	t.Run("it touches nothing", func(t *testing.T) {
		t.Parallel()
		_, err := mysql.New(pool(t, "nobody@tcp(127.0.0.1:1)/nowhere"), nil)
		require.NoError(t, err)
	})

	t.Run("a pool of one connection is enough", func(t *testing.T) {
		t.Parallel()
		db := pool(t, dbtest.MySQL(t).DSN)
		db.SetMaxOpenConns(1)
		s, w := open(t, db, nil), tenant()
		require.NoError(t, s.Migrate(t.Context()))
		require.NoError(t, put(t.Context(), s, w, person(w, "u-1")))
		require.True(t, stored(t, s, w))
	})

	t.Run("a prefix like a column misleads nobody", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t, &mysql.Options{TablePrefix: "open_email_"})
		w := tenant()
		require.NoError(t, put(t.Context(), s, w, person(w, "u-1")))
		require.ErrorIs(t, put(t.Context(), s, w), storage.ErrExists)
		require.ErrorIs(t, put(t.Context(), s, person(w, "u-1")), member.ErrPresent)
	})

	t.Run("the longest prefix fits, beside the same tables without one", func(t *testing.T) {
		t.Parallel()
		dsn := dbtest.MySQL(t).DSN
		db, w := pool(t, dsn), tenant()
		plain, prefixed := open(t, db, nil), open(t, db, &mysql.Options{TablePrefix: strings.Repeat("Prefix__", 4)})
		require.NoError(t, plain.Migrate(t.Context()))
		require.NoError(t, prefixed.Migrate(t.Context()))
		require.NoError(t, put(t.Context(), prefixed, w, person(w, "u-1")))
		require.True(t, stored(t, prefixed, w))
		require.False(t, stored(t, plain, w))
	})
}

// settings are those of a connection, but for what counts or tells the time.
func settings(t *testing.T, db *sql.DB) map[string]string {
	t.Helper()
	rows, err := db.Query("SHOW SESSION VARIABLES")
	require.NoError(t, err)
	defer rows.Close()
	all := map[string]string{}
	for rows.Next() {
		var name, value string
		require.NoError(t, rows.Scan(&name, &value))
		if !slices.Contains([]string{"timestamp", "last_insert_id", "identity", "rand_seed1", "rand_seed2", "error_count", "warning_count"}, name) &&
			!strings.Contains(name, "gtid") && !strings.HasPrefix(name, "innodb_") {
			all[name] = value
		}
	}
	require.NoError(t, rows.Err())
	return all
}

// TestConnectionsStayTheHosts: what a store borrows it gives back as it was.
func TestConnectionsStayTheHosts(t *testing.T) {
	t.Parallel()
	db, w := pool(t, dbtest.MySQL(t).DSN), tenant()
	db.SetMaxOpenConns(1)
	s := open(t, db, nil)
	before := settings(t, db)
	require.NoError(t, s.Migrate(t.Context()))
	require.NoError(t, put(t.Context(), s, w))
	require.Error(t, put(t.Context(), s, w))
	require.True(t, stored(t, s, w))
	require.NoError(t, s.View(t.Context(), func(ctx context.Context, r storage.Reader) error {
		_, err := r.Workspace(ctx, w.ID)
		return err
	}))
	require.NotEmpty(t, before)
	after := settings(t, db)
	maps.DeleteFunc(after, func(name, value string) bool { return before[name] == value })
	require.Empty(t, after)

	var name string
	var prepared int
	require.NoError(t, db.QueryRow("SHOW SESSION STATUS LIKE 'Com_stmt_prepare'").Scan(&name, &prepared))
	var closed int
	require.NoError(t, db.QueryRow("SHOW SESSION STATUS LIKE 'Com_stmt_close'").Scan(&name, &closed))
	require.Equal(t, prepared, closed, "no prepared statement is left")

	tx, err := db.Begin()
	require.NoError(t, err)
	defer tx.Rollback()
	var n int
	require.NoError(t, tx.QueryRow("SELECT count(*) FROM workspace").Scan(&n))
	// InnoDB shows its transactions with a delay.
	require.Eventually(t, func() bool {
		var level string
		err := tx.QueryRow("SELECT trx_isolation_level FROM information_schema.innodb_trx WHERE trx_mysql_thread_id = CONNECTION_ID()").Scan(&level)
		return err == nil && level == "REPEATABLE READ"
	}, 10*time.Second, 200*time.Millisecond, "the host's next transaction has the isolation of its own choice")
}

func TestClose(t *testing.T) {
	t.Parallel()

	t.Run("every call afterwards says so", func(t *testing.T) {
		t.Parallel()
		db := pool(t, dbtest.MySQL(t).DSN)
		s := open(t, db, nil)
		require.NoError(t, s.Migrate(t.Context()))
		tx, err := db.Begin()
		require.NoError(t, err)
		defer tx.Rollback()
		bound := s.Bind(tx)
		require.NoError(t, s.Close())
		require.NoError(t, s.Close(), "the second time does nothing")
		require.NoError(t, db.Ping(), "the host's pool stays open")

		never := func(context.Context, storage.Tx) error { panic("the store is closed") }
		for what, err := range map[string]error{
			"update":  s.Update(t.Context(), unit.Scope{}, never),
			"view":    s.View(t.Context(), func(context.Context, storage.Reader) error { panic("the store is closed") }),
			"bound":   bound.Update(t.Context(), unit.Scope{}, never),
			"migrate": s.Migrate(t.Context()), "validate": s.Validate(t.Context()),
		} {
			require.ErrorIs(t, err, storage.ErrClosed, what)
		}
		_, err = s.Facts(t.Context(), rbac.Query{})
		require.ErrorIs(t, err, storage.ErrClosed)
		_, err = s.Pending(t.Context())
		require.ErrorIs(t, err, storage.ErrClosed)
	})

	t.Run("a unit that runs goes on to its end", func(t *testing.T) {
		t.Parallel()
		s, dsn := fresh(t, nil)
		w := tenant()
		require.NoError(t, s.Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
			require.NoError(t, s.Close())
			return tx.InsertWorkspace(ctx, w)
		}))
		require.True(t, stored(t, open(t, pool(t, dsn), nil), w))
	})
}
