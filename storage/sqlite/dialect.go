package sqlite

import (
	"embed"
	"errors"
	"io/fs"
	"strings"
	"time"

	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

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

// dialect is what SQLite says differently.
func dialect(prefix string) *sqlstore.Dialect {
	return &sqlstore.Dialect{
		Prefix: prefix,
		// Locks the file against other writers at once: a transaction that
		// began by reading could not, once another has written.
		BeginWrite: []string{"BEGIN IMMEDIATE"},
		BeginRead:  []string{"BEGIN"},
		Savepoint:  []string{"SAVEPOINT superapp"},
		Contains:   "instr",
		Now:        "CAST(strftime('%s', 'now') AS INTEGER) * 1000000",
		Upsert:     upsert,
		Add: func(table, key, column string) string {
			return "ON CONFLICT (" + key + ") DO UPDATE SET " + column + " = {." + table + "}." + column + " + excluded." + column
		},
		Behind: func(columns [2]string, place [2]any) (string, []any) {
			return "(" + columns[0] + ", " + columns[1] + ") > (?, ?)", place[:]
		},
		ID: func(u id.UUID) any { return u[:] },
		Time: func(t time.Time) any {
			if t.IsZero() {
				return nil
			}
			return t.UnixMicro()
		},
		Classify: classify,
	}
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

// classify reads SQLite's extended result codes. What was not unique stands in
// the message only, as "... table.column, table.column (code)".
func classify(err error) (sqlstore.Class, string) {
	e, ok := errors.AsType[*driver.Error](err)
	if !ok {
		return sqlstore.Failed, ""
	}
	switch e.Code() {
	case codes.SQLITE_CONSTRAINT_UNIQUE, codes.SQLITE_CONSTRAINT_PRIMARYKEY, codes.SQLITE_CONSTRAINT_ROWID:
		message := e.Error()
		column, _, _ := strings.Cut(message[strings.LastIndexByte(message, '.')+1:], " ")
		return sqlstore.Duplicate, column
	case codes.SQLITE_CONSTRAINT_FOREIGNKEY:
		return sqlstore.Dangling, ""
	}
	switch e.Code() & 0xff {
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		return sqlstore.Busy, ""
	case codes.SQLITE_CONSTRAINT:
		return sqlstore.Refused, ""
	case codes.SQLITE_READONLY:
		return sqlstore.ReadOnly, ""
	case codes.SQLITE_FULL:
		return sqlstore.Full, ""
	case codes.SQLITE_ERROR:
		if strings.Contains(e.Error(), "no such table") || strings.Contains(e.Error(), "no such column") {
			return sqlstore.NoTable, ""
		}
	}
	return sqlstore.Failed, ""
}
