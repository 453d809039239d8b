package sqlstore

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

// The types here read columns: a pointer to a field is converted to a pointer
// to one of them, which scans without an allocation of its own.
type (
	uuidColumn   id.UUID                  // by its bytes or its text, NULL is zero
	hashColumn   [32]byte                 // NULL is zero
	textColumn   string                   // NULL is ""
	timeColumn   time.Time                // NULL is zero
	statusColumn rbac.WorkspaceStatus     // by name
	kindColumn   workspace.Kind           // by name
	roleColumn   rbac.RoleKey             // by name, NULL is 0
	jsonColumn   struct{ to any }         // NULL is nil
	presence     struct{ *rbac.Presence } // by member state, NULL is absent
)

func (u *uuidColumn) Scan(src any) error {
	if b, ok := src.([]byte); src == nil || ok && len(b) == len(u) {
		return copyBytes(u[:], src)
	}
	text, err := textOf(src)
	if err != nil {
		return err
	}
	return (*id.UUID)(u).UnmarshalText([]byte(text))
}

func (h *hashColumn) Scan(src any) error { return copyBytes(h[:], src) }

// copyBytes fills all of to, or clears it for NULL.
func copyBytes(to []byte, src any) error {
	b, ok := src.([]byte)
	switch {
	case src == nil:
		clear(to)
	case !ok || len(b) != len(to):
		return fmt.Errorf("column holds %T, want %d bytes", src, len(to))
	default:
		copy(to, b)
	}
	return nil
}

func (t *textColumn) Scan(src any) error {
	s, err := textOf(src)
	*t = textColumn(s)
	return err
}

func textOf(src any) (string, error) {
	switch s := src.(type) {
	case string:
		return s, nil
	case []byte:
		return string(s), nil
	case nil:
		return "", nil
	}
	return "", fmt.Errorf("column holds %T, want text", src)
}

func (t *timeColumn) Scan(src any) error {
	switch s := src.(type) {
	case int64:
		*t = timeColumn(time.UnixMicro(s).UTC())
	case []byte: // a number, as a protocol of texts gives it
		n, err := strconv.ParseInt(string(s), 10, 64)
		if err != nil {
			return err
		}
		*t = timeColumn(time.UnixMicro(n).UTC())
	case time.Time:
		*t = timeColumn(s.UTC())
	case nil:
		*t = timeColumn{}
	default:
		return fmt.Errorf("column holds %T, want a time", src)
	}
	return nil
}

func (s *statusColumn) Scan(src any) error {
	name, err := textOf(src)
	if err != nil {
		return err
	}
	return (*rbac.WorkspaceStatus)(s).UnmarshalText([]byte(name))
}

func (k *kindColumn) Scan(src any) error {
	name, err := textOf(src)
	if err != nil {
		return err
	}
	return (*workspace.Kind)(k).UnmarshalText([]byte(name))
}

func (k *roleColumn) Scan(src any) error {
	name, err := textOf(src)
	*k = roleColumn(rbac.Role(name).Key())
	return err
}

func (p presence) Scan(src any) error {
	state, err := textOf(src)
	switch state {
	case "active":
		*p.Presence = rbac.Active
	case "inactive":
		*p.Presence = rbac.Blocked
	default:
		*p.Presence = rbac.Absent
	}
	return err
}

func (j jsonColumn) Scan(src any) error {
	text, err := textOf(src)
	if err != nil || text == "" {
		return err
	}
	return json.Unmarshal([]byte(text), j.to)
}

// encode is a list or map as it is stored: JSON, NULL for nil.
func encode(v any) (any, error) {
	b, err := json.Marshal(v)
	if err != nil || string(b) == "null" {
		return nil, err
	}
	return string(b), nil
}

// encodeAll is [encode] of each.
func encodeAll(values ...any) (columns []any, err error) {
	columns = make([]any, len(values))
	for i, v := range values {
		if columns[i], err = encode(v); err != nil {
			return nil, err
		}
	}
	return columns, nil
}

// hash is a hash that is stored as NULL when it is zero.
func hash(h [32]byte) any {
	if h == ([32]byte{}) {
		return nil
	}
	return h[:]
}

// key is an id that is stored as NULL when it is zero.
func key(u id.UUID) any {
	if u.IsZero() {
		return nil
	}
	return u
}

// optional is a text that is stored as NULL when it is empty.
func optional[T ~string](s T) any {
	if s == "" {
		return nil
	}
	return string(s)
}

// blob is a value that is stored as bytes, NULL for nil.
func blob(b []byte) any {
	if b == nil {
		return nil
	}
	return b
}

// one returns a Scan for a statement that finds at most one row: into are the
// columns, and found, if not nil, is told whether there is one.
func one(found *bool, into ...any) func(Rows) error {
	return func(rows Rows) error {
		there := rows.Next()
		if found != nil {
			*found = there
		}
		if !there {
			return nil
		}
		return rows.Scan(into...)
	}
}

// each returns a Scan that calls scan for every row.
func each(scan func(Rows) error) func(Rows) error {
	return func(rows Rows) error {
		for rows.Next() {
			if err := scan(rows); err != nil {
				return err
			}
		}
		return nil
	}
}
