package rbac

import "fmt"

// A Side says which of two tables has a row.
type Side uint8

// The sides.
const (
	InBoth Side = iota
	InFirst
	InSecond
)

// A Difference is one cell that differs between two tables, or a whole row that
// only one of them has.
type Difference struct {
	// Permission is the row.
	Permission string
	// In says which table has the row.
	In Side
	// Role is the column, "" for a whole row.
	Role Role
	// From and To are the cell in the first and in the second table.
	From, To Scope
}

// String says what differs, as in "version.upload developer: assigned -> workspace".
func (d Difference) String() string {
	switch d.In {
	case InFirst:
		return d.Permission + ": only in the first"
	case InSecond:
		return d.Permission + ": only in the second"
	}
	return fmt.Sprintf("%s %s: %s -> %s", d.Permission, d.Role, d.From, d.To)
}

// Diff lists the cells in which two tables differ: in the order of the first,
// what only the second has last. Areas, meanings and the order of rows do not
// count. Nil means that the two decide alike. Who would gain or lose by it is for
// member.Service.Shifts to say, or for [ShiftOf] of one membership.
func Diff(first, second Table) []Difference {
	theirs := make(map[string]Row, len(second))
	for _, r := range second {
		theirs[r.Name] = r
	}
	var all []Difference
	for _, mine := range first {
		their, ok := theirs[mine.Name]
		if !ok {
			all = append(all, Difference{Permission: mine.Name, In: InFirst})
			continue
		}
		delete(theirs, mine.Name)
		for i, info := range roleInfos[1:] {
			if mine.cells[i] != their.cells[i] {
				all = append(all, Difference{Permission: mine.Name, Role: info.Role, From: mine.cells[i], To: their.cells[i]})
			}
		}
	}
	for _, r := range second {
		if _, left := theirs[r.Name]; left {
			all = append(all, Difference{Permission: r.Name, In: InSecond})
		}
	}
	return all
}
