package mysql_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	driver "github.com/go-sql-driver/mysql"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/mysql"
	"github.com/superapp-go/superapp/workspace"
)

// changed returns a DSN with a change.
func changed(t *testing.T, dsn string, change func(*driver.Config)) string {
	t.Helper()
	c, err := driver.ParseDSN(dsn)
	require.NoError(t, err)
	change(c)
	return c.FormatDSN()
}

// view reads something.
func view(s storage.Store, ctx context.Context) error {
	return s.View(ctx, func(ctx context.Context, r storage.Reader) error {
		_, err := r.Workspaces(ctx, workspace.Query{Limit: 1})
		return err
	})
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	dsn := dbtest.MySQL(t).DSN
	for name, change := range map[string]func(*driver.Config){
		"no server":        func(c *driver.Config) { c.Net, c.Addr = "tcp", "127.0.0.1:1" },
		"no such host":     func(c *driver.Config) { c.Net, c.Addr = "tcp", "nowhere.invalid:3306" },
		"a wrong login":    func(c *driver.Config) { c.User, c.Passwd = "nobody", "wrong" },
		"no such database": func(c *driver.Config) { c.DBName = "superapp_test_nowhere" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			s := open(t, pool(t, changed(t, dsn, change)), &mysql.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
			for _, err := range []error{s.Migrate(t.Context()), s.Validate(t.Context()), put(t.Context(), s, tenant()), view(s, t.Context())} {
				require.ErrorIs(t, err, storage.ErrUnreachable)
				require.ErrorIs(t, err, fault.ErrUnavailable)
				require.NotContains(t, err.Error(), "127.0.0.1", "the driver's words are not shown")
			}
			require.NotEmpty(t, log.String(), "they are in the log")
		})
	}
}

func TestMissingRights(t *testing.T) {
	t.Parallel()
	schema := dbtest.MySQL(t)
	root := pool(t, schema.DSN)
	user := "user_" + strings.ReplaceAll(id.New().String(), "-", "")[16:]
	_, err := root.Exec("CREATE USER " + user + "@'%' IDENTIFIED BY 'secret'")
	require.NoError(t, err)
	t.Cleanup(func() { root.Exec("DROP USER " + user + "@'%'") })
	// with is the store of a user with these rights more.
	with := func(rights string) *mysql.Store {
		_, err := root.Exec(fmt.Sprintf("GRANT %s ON %s.* TO %s@'%%'", rights, schema.Name, user))
		require.NoError(t, err)
		return open(t, pool(t, changed(t, schema.DSN, func(c *driver.Config) { c.User, c.Passwd = user, "secret" })), nil)
	}
	w := tenant()

	s := with("SELECT")
	require.ErrorIs(t, s.Validate(t.Context()), storage.ErrSchemaMissing)
	require.ErrorIs(t, s.Migrate(t.Context()), storage.ErrForbidden)
	require.NoError(t, open(t, root, nil).Migrate(t.Context()))
	require.NoError(t, s.Validate(t.Context()))
	require.NoError(t, view(s, t.Context()), "it may read")
	err = put(t.Context(), s, w)
	require.ErrorIs(t, err, storage.ErrForbidden)
	cause, ok := errors.AsType[*driver.MySQLError](err)
	require.True(t, ok, "the cause is there for who looks for it")
	require.NotContains(t, err.Error(), cause.Message)
	require.False(t, stored(t, s, w))

	s = with("INSERT, UPDATE, DELETE")
	require.NoError(t, put(t.Context(), s, w, person(w, "u-1")), "these rights are enough for a unit")
	require.NoError(t, s.Update(t.Context(), scope(w), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateWorkspace(ctx, w) }))

	prefixed, err := mysql.New(pool(t, changed(t, schema.DSN, func(c *driver.Config) { c.User, c.Passwd = user, "secret" })), &mysql.Options{TablePrefix: "second_"})
	require.NoError(t, err)
	require.ErrorIs(t, prefixed.Migrate(t.Context()), storage.ErrForbidden)
	with("CREATE, ALTER, INDEX, REFERENCES")
	prefixed = open(t, pool(t, changed(t, schema.DSN, func(c *driver.Config) { c.User, c.Passwd = user, "secret" })), &mysql.Options{TablePrefix: "second_"})
	require.NoError(t, prefixed.Migrate(t.Context()), "and these to migrate")
}

// readOnly is the setting by which a connection takes no writes.
func readOnly(t *testing.T, db *sql.DB) string {
	t.Helper()
	rows, err := db.Query("SHOW VARIABLES WHERE Variable_name IN ('tx_read_only', 'transaction_read_only')")
	require.NoError(t, err)
	defer rows.Close()
	var name, value string
	require.True(t, rows.Next())
	require.NoError(t, rows.Scan(&name, &value))
	return name + "=1"
}

func TestReadOnly(t *testing.T) {
	t.Parallel()
	s, dsn := fresh(t, nil)
	w := tenant()
	require.NoError(t, put(t.Context(), s, w))
	db := pool(t, dsn)
	replica := open(t, pool(t, with(dsn, readOnly(t, db))), nil)
	require.True(t, stored(t, replica, w))
	require.NoError(t, view(replica, t.Context()))
	require.ErrorIs(t, put(t.Context(), replica, person(w, "u-1")), storage.ErrReadOnly)

	tx, err := db.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
	require.NoError(t, err)
	defer tx.Rollback()
	bound := s.Bind(tx)
	require.True(t, stored(t, bound, w))
	require.ErrorIs(t, put(t.Context(), bound, person(w, "u-1")), storage.ErrReadOnly)
	require.NoError(t, view(bound, t.Context()), "the transaction goes on")
}
