package schema

import (
	"cmp"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// An Engine is what the migrations for one database say.
type Engine struct {
	Name   string
	tables map[string]declared
	// comments are those on columns, by table.column; indexes are the columns of
	// each.
	comments, indexes map[string]string
}

// declared is a table as it was written: the comment above it, and what
// follows the name of each column.
type declared struct {
	comment string
	columns map[string]string
	checks  []string
}

// In the migrations every column and every constraint has a line of its own.
var (
	braces    = regexp.MustCompile(`\{\.?(\w+)\}`)
	created   = regexp.MustCompile(`(?ms)((?:^--[^\n]*\n)*)^CREATE TABLE (?:IF NOT EXISTS )?(\w+) \(\n(.*?)^\)`)
	column    = regexp.MustCompile(`(?m)^\t([a-z]\w*) +(.+?),?$`)
	check     = regexp.MustCompile(`(?m)^\t(CHECK .+?),?$`)
	altered   = regexp.MustCompile(`(?m)^ALTER TABLE (\w+)\s+((?:.*\n)*?.*);$`)
	dropped   = regexp.MustCompile(`(?m)^\s*DROP COLUMN ([a-z]\w*),?$`)
	added     = regexp.MustCompile(`(?m)^\s*(?:ADD|MODIFY) COLUMN ([a-z]\w*) +(.+?),?$`)
	checked   = regexp.MustCompile(`(?m)^\s*ADD (?:CONSTRAINT \w+ )?(CHECK .+?),?$`)
	keyed     = regexp.MustCompile(`(?m)^\s*ADD (?:UNIQUE )?KEY (\w+) \(([^)]*)\),?$`)
	renamed   = regexp.MustCompile(`^RENAME TO (\w+)$`)
	indexed   = regexp.MustCompile(`(?m)(?:^CREATE (?:UNIQUE )?INDEX (\w+) ON \w+|^\t(?:UNIQUE )?KEY (\w+)) \(([^)]*)\)`)
	commented = regexp.MustCompile(`(?m)^COMMENT ON COLUMN (\w+\.\w+) IS '((?:[^']|'')*)';$`)

	// What follows a column's name is its type, constraints, and among them what
	// a Column tells elsewhere.
	constraints = regexp.MustCompile(` *\b(NOT NULL|PRIMARY KEY|REFERENCES|CHECK|DEFAULT|GENERATED|COMMENT)\b.*`)
	elsewhere   = regexp.MustCompile(`^\w+ *|NOT NULL|PRIMARY KEY|REFERENCES \w+ \(\w+\)`)
	length      = regexp.MustCompile(`(VAR\w+)\(\d+\)`)
)

// Migrations reads the migrations of an engine.
func Migrations(name string, files fs.FS) (Engine, error) {
	e := Engine{name, map[string]declared{}, map[string]string{}, map[string]string{}}
	paths, err := fs.Glob(files, "*.sql")
	for _, path := range paths {
		text, err := fs.ReadFile(files, path)
		if err != nil {
			return e, err
		}
		e.add(braces.ReplaceAllString(string(text), "$1"))
	}
	return e, err
}

func (e *Engine) add(text string) {
	for _, m := range created.FindAllStringSubmatch(text, -1) {
		t := declared{strings.ReplaceAll(strings.TrimSpace(m[1]), "-- ", ""), map[string]string{}, nil}
		for _, c := range column.FindAllStringSubmatch(m[3], -1) {
			t.columns[c[1]] = c[2]
		}
		for _, c := range check.FindAllStringSubmatch(m[3], -1) {
			t.checks = append(t.checks, c[1])
		}
		e.tables[m[2]] = t
	}
	for _, m := range altered.FindAllStringSubmatch(text, -1) {
		e.alter(m[1], m[2])
	}
	for _, m := range commented.FindAllStringSubmatch(text, -1) {
		e.comments[m[1]] = strings.ReplaceAll(m[2], "''", "'")
	}
	for _, m := range indexed.FindAllStringSubmatch(text, -1) {
		e.indexes[m[1]+m[2]] = m[3]
	}
}

// alter changes a table as an ALTER TABLE says.
func (e *Engine) alter(table, how string) {
	t := e.tables[table]
	if m := renamed.FindStringSubmatch(how); m != nil {
		t.comment = cmp.Or(e.tables[m[1]].comment, t.comment)
		delete(e.tables, table)
		e.tables[m[1]] = t
		return
	}
	for _, m := range dropped.FindAllStringSubmatch(how, -1) {
		delete(t.columns, m[1])
		t.checks = slices.DeleteFunc(t.checks, func(c string) bool { return strings.Contains(c, m[1]) })
	}
	for _, m := range added.FindAllStringSubmatch(how, -1) {
		t.columns[m[1]] = m[2]
	}
	for _, m := range checked.FindAllStringSubmatch(how, -1) {
		t.checks = append(t.checks, m[1])
	}
	for _, m := range keyed.FindAllStringSubmatch(how, -1) {
		e.indexes[m[1]] = m[2]
	}
	e.tables[table] = t
}

// typeOf returns the type of a column, without the length of a text.
func (e *Engine) typeOf(table, column string) string {
	return length.ReplaceAllString(constraints.ReplaceAllString(e.tables[table].columns[column], ""), "$1(n)")
}

// explain adds what the migrations say of the table.
func (t *Table) explain(engines []Engine) error {
	own := engines[0].tables[t.Name]
	if own.comment == "" {
		return fmt.Errorf("want a comment above it in the migrations for %s", engines[0].Name)
	}
	t.Comment, t.Checks = own.comment, own.checks
	for i := range t.Columns {
		c := &t.Columns[i]
		c.Rule = strings.TrimSpace(elsewhere.ReplaceAllString(own.columns[c.Name], ""))
		for _, e := range engines {
			if e.typeOf(t.Name, c.Name) == "" {
				return fmt.Errorf("the migrations for %s have no line for column %s", e.Name, c.Name)
			}
			c.Comment = cmp.Or(c.Comment, e.comments[t.Name+"."+c.Name])
		}
	}
	return nil
}
