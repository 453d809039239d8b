package mysql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"github.com/superapp-go/superapp/fault"
)

// wanted are the settings of a session with which the store keeps its promises;
// those that a server does not know it need not have.
var wanted = map[string]func(value string) (ok bool, want string){
	"autocommit": func(v string) (bool, string) { return v == "ON", "autocommit=1" },
	"completion_type": func(v string) (bool, string) {
		return v == "NO_CHAIN" || v == "0", "completion_type=NO_CHAIN"
	},
	"tx_isolation":          committed,
	"transaction_isolation": committed,
}

func committed(v string) (bool, string) {
	return v != "READ-UNCOMMITTED", "an isolation level of at least READ COMMITTED"
}

// check returns an error if the connections of the pool are not fit for the
// store. It asks one of them.
func check(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	rows, err := conn.QueryContext(ctx, "SHOW VARIABLES WHERE Variable_name IN"+
		" ('autocommit', 'completion_type', 'tx_isolation', 'transaction_isolation', 'wsrep_on')")
	if err != nil {
		return err
	}
	defer rows.Close()
	var bad fault.Problems
	cluster := false
	for rows.Next() {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			return err
		}
		name, value = strings.ToLower(name), strings.ToUpper(value)
		cluster = cluster || name == "wsrep_on" && value == "ON"
		if setting, ok := wanted[name]; ok {
			if ok, want := setting(value); !ok {
				bad.Add("dsn", "not_allowed", fmt.Sprintf("the connections have %s %s: want %s", name, value, want))
			}
		}
	}
	if err := errors.Join(rows.Close(), rows.Err()); err != nil {
		return err
	}
	if cluster {
		prepares, err := prepares(ctx, conn)
		if err != nil {
			return err
		}
		if prepares {
			// If another node ends the transaction during a PREPARE, MariaDB tells
			// nobody, and what comes after it is committed statement by statement.
			bad.Add("dsn", "not_allowed", "on a Galera cluster the DSN needs interpolateParams=true:"+
				" while the driver prepares a statement, another node can end the transaction unnoticed")
		}
	}
	return bad.Err()
}

// prepares reports whether the driver prepares each statement that has
// parameters. A driver in between may not tell.
func prepares(ctx context.Context, conn *sql.Conn) (yes bool, err error) {
	err = conn.Raw(func(c any) error {
		q, ok := c.(driver.QueryerContext)
		if !ok {
			return nil
		}
		rows, err := q.QueryContext(ctx, "SELECT ?", []driver.NamedValue{{Ordinal: 1, Value: int64(1)}})
		if errors.Is(err, driver.ErrSkip) {
			yes = true
			return nil
		}
		if err != nil {
			return err
		}
		return rows.Close()
	})
	return yes, err
}
