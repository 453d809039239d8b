package mysql

import (
	"embed"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
)

//go:embed migrations/*.sql
var files embed.FS

// migrations returns the embedded migrations.
func migrations() ([]sqlstore.Migration, error) {
	dir, err := fs.Sub(files, "migrations")
	if err != nil {
		return nil, err
	}
	return sqlstore.LoadMigrations(dir)
}

// dialect is what MariaDB and MySQL say differently.
func dialect(o Options) *sqlstore.Dialect {
	return &sqlstore.Dialect{
		Prefix: o.TablePrefix,
		// What a unit reads behind the lock has to be what is committed then;
		// InnoDB's default shows what was at the first read.
		BeginWrite: []string{"SET TRANSACTION ISOLATION LEVEL READ COMMITTED", "START TRANSACTION"},
		BeginRead:  []string{"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"},
		// Why: a connection that is given up goes on to wait in the server, with all
		// the locks it has. It counts in seconds; a number in the text needs no
		// preparing, and there are few.
		LockTimeout: func(left time.Duration) sqlstore.Write {
			seconds := (max(left, 1) + time.Second - 1) / time.Second
			return sqlstore.Write{SQL: "SET @superapp_wait = @@SESSION.innodb_lock_wait_timeout, SESSION innodb_lock_wait_timeout = " +
				strconv.FormatInt(int64(seconds), 10)}
		},
		Restore: "SET SESSION innodb_lock_wait_timeout = @superapp_wait",
		// Outside a transaction the first is forgotten at once, and the second
		// finds nothing to roll back to.
		Savepoint: []string{"SAVEPOINT superapp", "ROLLBACK TO SAVEPOINT superapp"},
		Lock:      " FOR UPDATE",
		// On a Galera cluster.
		LocalLocks: true,
		Share:      " LOCK IN SHARE MODE",
		// What an index covers, MariaDB reads by its first column alone, and walks
		// there from the start to the page.
		Hint:     func(index string) string { return "FORCE INDEX (" + index + ")" },
		Then:     "STRAIGHT_JOIN",
		Contains: "instr",
		Now:      "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))",
		Upsert:   upsert,
		Add: func(_, _, column string) string {
			return "ON DUPLICATE KEY UPDATE " + column + " = " + column + " + VALUES(" + column + ")"
		},
		// For a comparison of rows MariaDB does not read a range of an index.
		Behind: func(columns [2]string, place [2]any) (string, []any) {
			return "(" + columns[0] + " > ? OR " + columns[0] + " = ? AND " + columns[1] + " > ?)", []any{place[0], place[0], place[1]}
		},
		ID: func(u id.UUID) any { return u[:] },
		Time: func(t time.Time) any {
			if t.IsZero() {
				return nil
			}
			return t.UnixMicro()
		},
		Classify:      classify,
		CountsChanged: true,
		StepByStep:    true,
		Applied:       applied,
		WriteTimeout:  o.WriteTimeout,
	}
}

func upsert(key string, columns ...string) string {
	if len(columns) == 0 {
		// Sets a column to what it is.
		first, _, _ := strings.Cut(key, ",")
		columns = []string{first}
	}
	set := make([]string, len(columns))
	for i, c := range columns {
		set[i] = c + " = VALUES(" + c + ")"
	}
	return "ON DUPLICATE KEY UPDATE " + strings.Join(set, ", ")
}
