package sqlstore

import (
	"context"
	"sync"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// customs are the own roles that were read, by the text that defines them: a
// check need not parse one each time, and what the evaluator has compiled stays
// with it. An edited role is another text, so nothing is ever out of date.
type customs struct {
	mu    sync.RWMutex
	known map[string]*rbac.Custom
}

// maxCustoms is how many are kept. Beyond, all are forgotten: whoever has so many
// in use pays a parse now and then.
const maxCustoms = 10_000

// of returns the role that a text defines.
func (c *customs) of(text []byte) (*rbac.Custom, error) {
	c.mu.RLock()
	found := c.known[string(text)]
	c.mu.RUnlock()
	if found != nil {
		return found, nil
	}
	made, err := rbac.ParseCustom(string(text))
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if found := c.known[string(text)]; found != nil {
		return found, nil
	}
	if len(c.known) >= maxCustoms || c.known == nil {
		c.known = make(map[string]*rbac.Custom)
	}
	c.known[string(text)] = made
	return made, nil
}

// column reads a definition into to, and tells key of it; NULL leaves both.
func (c *customs) column(key *rbac.RoleKey, to **rbac.Custom) customColumn {
	return customColumn{c, key, to}
}

type customColumn struct {
	known *customs
	key   *rbac.RoleKey
	to    **rbac.Custom
}

func (c customColumn) Scan(src any) (err error) {
	text, ok := src.([]byte)
	if !ok {
		s, err := textOf(src)
		if err != nil || s == "" {
			return err
		}
		text = []byte(s)
	}
	if *c.to, err = c.known.of(text); err == nil {
		*c.key = rbac.CustomKey
	}
	return err
}

// OwnRoles implements rbac.Reader.
func (r *reader) OwnRoles(ctx context.Context, w id.Workspace, codes []rbac.Role) (list []*rbac.Custom, err error) {
	if codes != nil && len(codes) == 0 {
		return nil, ctx.Err()
	}
	var c condition
	c.and("r.workspace_id = ?", w.UUID)
	if codes != nil {
		c.in("r.code", names(codes))
	}
	err = r.read(ctx, "read own roles", Read{
		SQL:  `SELECT r.definition FROM {role} AS r {use role_code} WHERE ` + c.text.String() + ` ORDER BY r.code`,
		Args: c.args,
		Scan: each(func(rows Rows) error {
			var key rbac.RoleKey
			var found *rbac.Custom
			err := rows.Scan(r.customs.column(&key, &found))
			list = append(list, found)
			return err
		}),
	})
	return list, err
}
