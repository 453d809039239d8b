package schema

import (
	"cmp"
	"fmt"
	"regexp"
)

// A Verb is something to do with a platform, and the statements it sent.
type Verb struct {
	Name       string
	Statements []Statement
}

// A set is of names.
type set map[string]bool

// A use is what a verb does with tables. It finds rows by indexes, and by the
// keys of tables.
type use struct{ reads, writes, indexes, keys set }

var (
	named = regexp.MustCompile(`\b(DELETE FROM|FROM|JOIN|INTO|UPDATE) (\w+)(?: AS (\w+))?`)
	found = regexp.MustCompile(`^(?:SEARCH|SCAN) (\w+) USING (?:COVERING )?(?:INDEX (\w+)|(?:INTEGER )?PRIMARY KEY)`)
	ofKey = regexp.MustCompile(`^(sqlite_autoindex_\w+)?$`)
)

// use reads off the statements what the verb does.
func (v Verb) use(tables []Table) (use, error) {
	known := set{}
	for _, t := range tables {
		known[t.Name] = true
	}
	u := use{set{}, set{}, set{}, set{}}
	for _, s := range v.Statements {
		of := map[string]string{} // a plan calls a table by its alias
		for _, m := range named.FindAllStringSubmatch(s.SQL, -1) {
			table, alias := m[2], cmp.Or(m[3], m[2])
			if !known[table] {
				continue
			}
			if cmp.Or(of[alias], table) != table {
				return u, fmt.Errorf("%s calls two tables %s: give one another alias in %s", v.Name, alias, s.SQL)
			}
			of[alias] = table
			if m[1] == "FROM" || m[1] == "JOIN" {
				u.reads[table] = true
			} else {
				u.writes[table] = true
			}
		}
		for _, step := range s.Plan {
			if m := found.FindStringSubmatch(step); m != nil && ofKey.MatchString(m[2]) {
				u.keys[of[m[1]]] = true
			} else if m != nil {
				u.indexes[m[2]] = true
			}
		}
	}
	return u, nil
}
