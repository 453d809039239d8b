package schema

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
)

const typesIntro = `
## Other engines

The types of columns. Generated columns are stored on PostgreSQL, MySQL and MariaDB, and worked out at each reading on SQLite.

`

const indexesIntro = `
Indexes whose columns are not the same everywhere. MySQL and MariaDB cannot leave rows out of an index: one that has a condition on SQLite
and PostgreSQL holds every row there.

`

// compare writes what differs between the engines.
func compare(b *bytes.Buffer, tables []Table, engines []Engine) {
	heads := ""
	every := set{}
	for _, e := range engines {
		heads += e.Name + " | "
		for name := range e.indexes {
			every[name] = true
		}
	}
	rule := strings.Repeat("|---", len(engines)+1) + "|\n"

	fmt.Fprintf(b, "%s| %scolumns |\n%s", typesIntro, heads, rule)
	types, columns := kinds(tables, engines)
	for i, t := range types {
		fmt.Fprintf(b, "| %s%s |\n", t, codes(columns[i]))
	}

	for _, e := range engines[1:] {
		if more := e.beyond(tables); len(more) > 0 {
			fmt.Fprintf(b, "\nOnly on %s: %s.\n", e.Name, codes(more))
		}
	}

	fmt.Fprintf(b, "%s| index | %s\n%s", indexesIntro, strings.TrimSpace(heads), rule)
	for _, name := range slices.Sorted(maps.Keys(every)) {
		line, differ := "| `"+name+"` |", false
		for _, e := range engines {
			line += " " + e.indexes[name] + " |"
			differ = differ || e.indexes[name] != engines[0].indexes[name]
		}
		if differ {
			b.WriteString(line + "\n")
		}
	}
}

// beyond returns the columns that the engine has and the tables have not.
func (e *Engine) beyond(tables []Table) set {
	more := set{}
	for _, t := range tables {
		for name := range e.tables[t.Name].columns {
			if !slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Name == name }) {
				more[t.Name+"."+name] = true
			}
		}
	}
	return more
}

// kinds groups the columns by their types on each engine. A column goes by its
// name alone if all of that name are in one group.
func kinds(tables []Table, engines []Engine) (types []string, columns []set) {
	groups := map[string]set{} // of a name
	each := func(do func(types, table, column string)) {
		for _, t := range tables {
			for _, c := range t.Columns {
				all := ""
				for _, e := range engines {
					all += e.typeOf(t.Name, c.Name) + " | "
				}
				do(all, t.Name, c.Name)
			}
		}
	}
	each(func(all, _, name string) {
		if !slices.Contains(types, all) {
			types, columns = append(types, all), append(columns, set{})
		}
		if groups[name] == nil {
			groups[name] = set{}
		}
		groups[name][all] = true
	})
	each(func(all, table, name string) {
		if len(groups[name]) > 1 {
			name = table + "." + name
		}
		columns[slices.Index(types, all)][name] = true
	})
	return types, columns
}
