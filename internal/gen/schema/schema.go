// Package schema describes the tables of the SQL stores in docs/schema.md, and
// draws them in docs/schema.svg. It reads an SQLite database and the migrations
// of every engine; which verb uses which index it takes from the plans of what
// the verbs send, in a test of the root package that also writes the files.
package schema

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// A Table is a table of an SQLite database.
type Table struct {
	Name, Comment string
	Columns       []Column
	// Key is the primary key: columns with commas between them, as in an Index.
	Key        string
	Indexes    []Index
	References []Reference
	// Checks are those on several columns.
	Checks []string
}

// A Column is a column of a table.
type Column struct {
	Name, Type, Comment string
	Null, Key           bool
	// Rule is its CHECK, or what it is generated from.
	Rule string
}

// An Index is an index beside the primary key.
type Index struct {
	Name, Columns string
	Unique        bool
	// Where says which rows are in it; "" is all.
	Where string
}

// A Reference is a foreign key.
type Reference struct{ Column, Table, To string }

// Read returns the tables of a migrated SQLite database in the order of their
// creation, with what the engines' migrations say of them, SQLite's first.
func Read(ctx context.Context, db *sql.DB, engines []Engine) ([]Table, error) {
	tables, err := query(ctx, db, func(row *sql.Rows, t *Table) error { return row.Scan(&t.Name, &t.Key) },
		`SELECT name, (SELECT group_concat(name, ', ' ORDER BY pk) FROM pragma_table_xinfo(s.name) WHERE pk > 0)
		FROM sqlite_schema AS s WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid`)
	for i := range tables {
		t := &tables[i]
		if err == nil {
			err = t.read(ctx, db)
		}
		if err == nil {
			err = t.explain(engines)
		}
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	return tables, err
}

func (t *Table) read(ctx context.Context, db *sql.DB) (err error) {
	if t.Columns, err = query(ctx, db, func(row *sql.Rows, c *Column) error {
		return row.Scan(&c.Name, &c.Type, &c.Null, &c.Key)
	}, `SELECT name, type, NOT "notnull" AND pk = 0, pk > 0 FROM pragma_table_xinfo(?) ORDER BY cid`, t.Name); err != nil {
		return err
	}
	if t.References, err = query(ctx, db, func(row *sql.Rows, r *Reference) error {
		return row.Scan(&r.Column, &r.Table, &r.To)
	}, `SELECT "from", "table", "to" FROM pragma_foreign_key_list(?) ORDER BY id DESC`, t.Name); err != nil {
		return err
	}
	t.Indexes, err = query(ctx, db, func(row *sql.Rows, i *Index) error {
		var text string
		err := row.Scan(&i.Name, &i.Columns, &i.Unique, &text)
		_, i.Where, _ = strings.Cut(strings.Join(strings.Fields(text), " "), " WHERE ")
		return err
	}, `SELECT l.name, group_concat(x.name || iif(x.desc, ' DESC', ''), ', ' ORDER BY x.seqno), l."unique", s.sql
		FROM pragma_index_list(?) AS l JOIN pragma_index_xinfo(l.name) AS x JOIN sqlite_schema AS s ON s.name = l.name
		WHERE x.key AND l.origin = 'c' GROUP BY l.name ORDER BY s.rowid`, t.Name)
	return err
}

// reference returns the table that a column refers to; "" if it does not.
func (t *Table) reference(column string) string {
	for _, r := range t.References {
		if r.Column == column {
			return r.Table
		}
	}
	return ""
}

func query[T any](ctx context.Context, db *sql.DB, scan func(*sql.Rows, *T) error, text string, args ...any) (all []T, err error) {
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var one T
		if err := scan(rows, &one); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}
