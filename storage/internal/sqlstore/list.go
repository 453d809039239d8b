package sqlstore

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/superapp-go/superapp/miniprogram"
)

// Mini programs are listed by what the caller may see, which is a filter of
// several arms. Each arm is a query of its own, limited and served by an
// index, and the union of them is sorted and cut once more: an OR over the
// arms would make the engine read everything.

// maxArms is how many arms one statement has at most.
const maxArms = 64

// MiniPrograms implements miniprogram.Reader.
func (r *reader) MiniPrograms(ctx context.Context, q miniprogram.Query) (hits []miniprogram.Hit, err error) {
	if q.Filter.Empty() || len(q.Filter.Statuses) == 0 || q.Statuses != nil && len(q.Statuses) == 0 {
		return nil, ctx.Err()
	}
	l := listing{Query: q, dialect: r.dialect}
	arms := l.arms()
	for some := range slices.Chunk(arms, maxArms) {
		read := l.read(some, func(h miniprogram.Hit) { hits = append(hits, h) })
		if err := r.read(ctx, "list mini programs", read); err != nil {
			return nil, err
		}
	}
	if len(arms) > maxArms {
		slices.SortFunc(hits, func(a, b miniprogram.Hit) int {
			return cmp.Or(strings.Compare(a.Term, b.Term), a.ID.Compare(b.ID.UUID))
		})
		hits = slices.CompactFunc(hits, func(a, b miniprogram.Hit) bool { return a.ID == b.ID })
		hits = hits[:min(len(hits), q.Limit)]
	}
	return hits, nil
}

// A listing makes the statements of a query: p is the mini program, w its
// owner, o its tenant, and t the term it is found by.
type listing struct {
	miniprogram.Query
	dialect *Dialect
}

// arms returns a condition for each arm of the filter that can cover anything
// of the query.
func (l *listing) arms() (arms []*condition) {
	add := func(text string, args ...any) {
		c := new(condition)
		c.and(text, args...)
		arms = append(arms, c)
	}
	f := l.Filter
	if f.All {
		c := new(condition)
		c.in("o.status", statuses(f.Statuses))
		if !l.Tenant.IsZero() {
			c.and(l.tenantColumn()+" = ?", l.Tenant.Bytes())
		} else if l.Prefix != "" && !l.narrow() {
			c.and("t.tenant_id IN (SELECT id FROM {workspace} WHERE kind = 'tenant')")
		}
		return append(arms, c)
	}
	for _, t := range f.Tenants {
		if l.Tenant.IsZero() || t == l.Tenant {
			add(l.tenantColumn()+" = ?", t.Bytes())
		}
	}
	for _, w := range f.Workspaces {
		if l.Workspace.IsZero() || w == l.Workspace {
			add("p.workspace_id = ?", w.Bytes())
		}
	}
	const most = 256
	for some := range slices.Chunk(f.MiniPrograms, most) {
		c := new(condition)
		c.in("p.id", keys(some))
		arms = append(arms, c)
	}
	if f.Creator == "" || l.Creator != "" && l.Creator != f.Creator {
		return arms
	}
	for _, t := range f.OwnTenants {
		add("p.creator = ? AND w.tenant_id = ?", string(f.Creator), t.Bytes())
	}
	for _, w := range f.OwnWorkspaces {
		add("p.creator = ? AND w.id = ?", string(f.Creator), w.Bytes())
	}
	return arms
}

// narrow reports whether the query itself selects so little that an arm for a
// tenant is better served by what it selects.
func (l *listing) narrow() bool {
	return !l.ID.IsZero() || !l.Workspace.IsZero() || l.Creator != ""
}

// tenantColumn is where to look for the tenant: where the index is that serves
// the order of the list, or else where no index leads away from a better one.
func (l *listing) tenantColumn() string {
	switch {
	case l.narrow():
		return "w.tenant_id"
	case l.Prefix != "":
		return "t.tenant_id"
	}
	return "p.tenant_id"
}

// rest is what holds in every arm beside its own condition.
func (l *listing) rest() *condition {
	c := new(condition)
	c.in("w.status", statuses(l.Filter.Statuses))
	if !l.ID.IsZero() {
		c.and("p.id = ?", l.ID.Bytes())
	}
	if !l.Workspace.IsZero() {
		c.and("p.workspace_id = ?", l.Workspace.Bytes())
	}
	if !l.Tenant.IsZero() {
		c.and("w.tenant_id = ?", l.Tenant.Bytes())
	}
	if l.Creator != "" {
		c.and("p.creator = ?", string(l.Creator))
	}
	if l.Type != "" {
		c.and("p.type = ?", string(l.Type))
	}
	if l.Statuses != nil {
		c.in("p.status", names(l.Statuses))
	}
	if l.Prefix == "" {
		c.and("p.id > ?", l.After.Bytes())
		return c
	}
	if l.AfterTerm < l.Prefix {
		c.and("t.suffix >= ?", l.Prefix)
	} else {
		text, args := l.dialect.Behind([2]string{"t.suffix", "t.mini_program_id"}, [2]any{l.AfterTerm, l.After.Bytes()})
		c.and(text, args...)
	}
	if end := behind(l.Prefix); end != "" {
		c.and("t.suffix < ?", end)
	}
	// A mini program counts at the least of its terms only.
	c.and("NOT EXISTS (SELECT 1 FROM {term} AS e WHERE e.mini_program_id = p.id AND e.suffix >= ? AND e.suffix < t.suffix)", l.Prefix)
	return c
}

// behind returns the least text that is greater than every text with the
// prefix; "" if there is none.
func behind(prefix string) string {
	for prefix != "" {
		last, size := utf8.DecodeLastRuneInString(prefix)
		prefix = prefix[:len(prefix)-size]
		if last == 0xD7FF {
			last = 0xDFFF // over the surrogates, which no text holds
		}
		if last < utf8.MaxRune {
			return prefix + string(last+1)
		}
	}
	return ""
}

// read is the statement for some arms. CROSS JOIN keeps SQLite from another
// order of the tables, such as reading all mini programs to find a few.
func (l *listing) read(arms []*condition, give func(miniprogram.Hit)) Read {
	from, term, order := `{mini_program} AS p`, `''`, `p.id`
	if l.Prefix != "" {
		from = `{term} AS t JOIN {mini_program} AS p ON p.id = t.mini_program_id`
		term, order = `t.suffix`, `t.suffix, t.mini_program_id`
	}
	const owners = ` CROSS JOIN {workspace} AS w CROSS JOIN {workspace} AS o WHERE w.id = p.workspace_id AND o.id = p.tenant_id`
	rest := l.rest()
	tail := ` AND ` + rest.text.String() + ` ORDER BY ` + order + limited(l.Limit) + `) AS arm`
	var text strings.Builder
	var args []any
	text.WriteString(`SELECT k.term, ` + programColumns + `, w.status, o.status FROM (`)
	for i, arm := range arms {
		if i > 0 {
			text.WriteString(` UNION `)
		}
		text.WriteString(`SELECT * FROM (SELECT ` + term + ` AS term, p.id AS id FROM ` + from + owners + ` AND ` + arm.text.String() + tail)
		args = append(append(args, arm.args...), rest.args...)
	}
	text.WriteString(`) AS k CROSS JOIN {mini_program} AS p` + owners + ` AND p.id = k.id ORDER BY k.term, k.id` + limited(l.Limit))
	var h miniprogram.Hit
	into := append([]any{&h.Term}, programInto(&h.MiniProgram)...)
	into = append(into, (*statusColumn)(&h.OwnerStatus), (*statusColumn)(&h.TenantStatus))
	return Read{
		SQL:  text.String(),
		Args: args,
		Scan: each(func(rows Rows) error {
			err := rows.Scan(into...)
			give(h)
			return err
		}),
	}
}
