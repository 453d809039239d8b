package dbtest

import (
	"context"
	"fmt"
	"maps"
	"testing"

	"github.com/go-sql-driver/mysql"
)

var mariadb = &server{
	name:     "MySQL or MariaDB",
	driver:   "mysql",
	variable: "SUPERAPP_TEST_MYSQL",
	example:  "root@tcp(127.0.0.1:3306)/test",
	start:    "apt-get install mariadb-server && service mariadb start",
	create:   "CREATE DATABASE %s",
	drop:     "DROP DATABASE IF EXISTS %s",
	names:    "SELECT schema_name FROM information_schema.schemata",
	tables:   "SELECT table_name FROM information_schema.tables WHERE table_schema = ?",
	own: func(dsn, schema string) (user, owner string, err error) {
		c, err := mysql.ParseDSN(dsn)
		if err != nil {
			return "", "", err
		}
		unchecked := c.Clone()
		unchecked.Params = map[string]string{"foreign_key_checks": "0"}
		maps.Copy(unchecked.Params, c.Params)
		c.DBName = schema
		return c.FormatDSN(), unchecked.FormatDSN(), nil
	},
	// TRUNCATE makes every table anew.
	empty: func(schema string, tables []string) []string {
		deletes := make([]string, len(tables))
		for i, table := range tables {
			deletes[i] = fmt.Sprintf("DELETE FROM %s.`%s`", schema, table)
		}
		return deletes
	},
}

// MySQL returns a new database on the MySQL or MariaDB server of
// SUPERAPP_TEST_MYSQL, which is dropped when the test ends. Its DSN leads into
// that database.
func MySQL(t testing.TB) Schema {
	t.Helper()
	return mariadb.fresh(t, t)
}

// MigratedMySQL returns a function that lends databases as [MySQL] does, but
// migrated and without a row. When the borrower ends it is emptied and lent
// again, all tables but that of the migrations; when t ends all are dropped. So
// a suite of many tests makes only as many as it uses at a time. A borrower may
// change rows, not tables, and closes its connections before it ends.
func MigratedMySQL(t testing.TB, migrate func(context.Context, Schema) error) func(testing.TB) Schema {
	t.Helper()
	return mariadb.lend(t, migrate)
}
