package postgres

import (
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
)

//go:embed migrations/*.sql
var files embed.FS

// migrations returns the embedded migrations, with what the options add to the
// first one.
func migrations(o Options) ([]sqlstore.Migration, error) {
	dir, err := fs.Sub(files, "migrations")
	if err != nil {
		return nil, err
	}
	all, err := sqlstore.LoadMigrations(dir)
	if err != nil {
		return nil, err
	}
	// Why: who waits for a table makes everybody wait who comes after him.
	first := []string{"SET LOCAL lock_timeout = " + strconv.FormatInt(max(1, o.BusyTimeout.Milliseconds()), 10)}
	if o.Schema != "" {
		// Why look first: CREATE SCHEMA IF NOT EXISTS wants the right to create
		// one also if it is there.
		first = append(first, fmt.Sprintf(`DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = '%[1]s')`+
			` THEN CREATE SCHEMA "%[1]s"; END IF; END$$`, o.Schema))
	}
	all[0].Statements = append(first, all[0].Statements...)
	return all, nil
}

// dialect is what PostgreSQL says differently.
func dialect(o Options) *sqlstore.Dialect {
	d := &sqlstore.Dialect{
		Prefix:     o.TablePrefix,
		BeginWrite: []string{"BEGIN ISOLATION LEVEL READ COMMITTED"},
		BeginRead:  []string{"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"},
		// One plan for all arguments would read a whole workspace for a page of a
		// small one, or a small one's way through a large one.
		PlanAnew: "SET LOCAL plan_cache_mode = force_custom_plan",
		LockTimeout: func(left time.Duration) sqlstore.Write {
			// A parameter, so that it is one prepared text.
			return sqlstore.Write{SQL: "SELECT set_config('lock_timeout', ?, true)",
				Args: []any{strconv.FormatInt(max(1, left.Milliseconds()), 10)}}
		},
		Savepoint: []string{"SAVEPOINT superapp"},
		Lock:      " FOR UPDATE OF h",
		Contains:  "strpos",
		Now:       "now()",
		Parameter: func(n int) string { return "$" + strconv.Itoa(n) },
		Upsert:    upsert,
		Add: func(table, key, column string) string {
			return "ON CONFLICT (" + key + ") DO UPDATE SET " + column + " = {." + table + "}." + column + " + excluded." + column
		},
		Behind: func(columns [2]string, place [2]any) (string, []any) {
			// The second condition follows from the first one. With it the planner
			// knows a range, and need not plan anew for every page.
			return "(" + columns[0] + ", " + columns[1] + ") > (?, ?) AND " + columns[0] + " >= ?", append(place[:], place[0])
		},
		// Text, since the driver need not know then that the column is a uuid.
		ID: func(u id.UUID) any { return u.String() },
		Time: func(t time.Time) any {
			if t.IsZero() {
				return nil
			}
			return t.UTC().Truncate(time.Microsecond)
		},
		Classify:     classify,
		Aborts:       true,
		WriteTimeout: o.WriteTimeout,
	}
	if o.Schema != "" {
		d.Schema = `"` + o.Schema + `".`
	}
	return d
}

func upsert(key string, columns ...string) string {
	if len(columns) == 0 {
		return "ON CONFLICT (" + key + ") DO NOTHING"
	}
	set := make([]string, len(columns))
	for i, c := range columns {
		set[i] = c + " = excluded." + c
	}
	return "ON CONFLICT (" + key + ") DO UPDATE SET " + strings.Join(set, ", ")
}
