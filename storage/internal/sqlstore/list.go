package sqlstore

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
)

// Mini programs are listed by what the caller may see, which is a filter of
// several arms. Each arm is a query of its own, limited and served by an
// index, and the union of them is sorted and cut once more: an OR over the
// arms would make the engine read everything.

// maxArms is how many arms one statement has at most. The arms of one form are
// powers of two in number, so that there are few different statements.
const maxArms = 16

// MiniPrograms implements miniprogram.Reader.
func (r *reader) MiniPrograms(ctx context.Context, q miniprogram.Query) (hits []miniprogram.Hit, err error) {
	if q.Filter.Empty() || len(q.Filter.Statuses) == 0 || q.Statuses != nil && len(q.Statuses) == 0 {
		return nil, ctx.Err()
	}
	l := listing{Query: q, dialect: r.dialect}
	if l.everywhere() {
		if l.tenants, err = r.tenants(ctx); err != nil {
			return nil, err
		}
	}
	var reads []Read
	for some := range slices.Chunk(l.arms(), maxArms) {
		reads = append(reads, l.read(some, func(h miniprogram.Hit) { hits = append(hits, h) }))
	}
	if err := r.read(ctx, "list mini programs", reads...); err != nil {
		return nil, err
	}
	if len(reads) > 1 {
		slices.SortFunc(hits, func(a, b miniprogram.Hit) int {
			return cmp.Or(strings.Compare(a.Term, b.Term), a.ID.Compare(b.ID.UUID))
		})
		hits = slices.CompactFunc(hits, func(a, b miniprogram.Hit) bool { return a.ID == b.ID })
		hits = hits[:min(len(hits), max(q.Limit, 0))]
	}
	return hits, nil
}

// A listing makes the statements of a query: p is the mini program, w its
// owner, o its tenant, and t the term it is found by.
type listing struct {
	miniprogram.Query
	dialect *Dialect
	// tenants are all there are, for a search everywhere.
	tenants []id.Workspace
}

// everywhere reports whether the terms of all tenants are searched. Each tenant
// is an arm then, in which an index has them in order.
func (l *listing) everywhere() bool {
	return l.Filter.All && l.Prefix != "" && l.Tenant.IsZero() && !l.narrow()
}

// tenants lists the tenants, of which there are few.
func (r *reader) tenants(ctx context.Context) (all []id.Workspace, err error) {
	err = r.read(ctx, "list tenants", Read{
		SQL: `SELECT w.id FROM {workspace} AS w WHERE w.kind = 'tenant' ORDER BY w.id`,
		Scan: each(func(rows Rows) error {
			var t id.Workspace
			err := rows.Scan((*uuidColumn)(&t.UUID))
			all = append(all, t)
			return err
		}),
	})
	return all, err
}

// arms returns a condition for each arm of the filter that can cover anything
// of the query.
func (l *listing) arms() (arms []*condition) {
	// add adds an arm for each workspace of a list.
	add := func(index string, of []id.Workspace, text string, args ...any) {
		for some := range slices.Chunk(of, maxArms) {
			for _, w := range padded(some) {
				c := &condition{index: cmp.Or(l.index(), index)}
				c.and(text, append(slices.Clip(args), w.UUID)...)
				arms = append(arms, c)
			}
		}
	}
	f := l.Filter
	if l.everywhere() {
		open := padded(statuses(f.Statuses))
		add(byTenant, l.tenants, "o.status IN ("+marks(len(open))+") AND t.tenant_id = ?", open...)
		return arms
	}
	if f.All {
		c := &condition{index: l.index()}
		c.in("o.status", statuses(f.Statuses))
		if !l.Tenant.IsZero() {
			c.index = cmp.Or(c.index, byTenant)
			c.and(l.tenantColumn()+" = ?", l.Tenant.UUID)
		}
		return append(arms, c)
	}
	add(byTenant, only(f.Tenants, l.Tenant), l.tenantColumn()+" = ?")
	add(l.byWorkspace(), only(f.Workspaces, l.Workspace), "p.workspace_id = ?")
	const most = 256
	for some := range slices.Chunk(f.MiniPrograms, most) {
		c := &condition{index: none}
		c.in("p.id", keys(some))
		arms = append(arms, c)
	}
	if f.Creator == "" || l.Creator != "" && l.Creator != f.Creator {
		return arms
	}
	add(byCreator, f.OwnTenants, "p.creator = ? AND w.tenant_id = ?", string(f.Creator))
	add(byCreator, f.OwnWorkspaces, "p.creator = ? AND w.id = ?", string(f.Creator))
	return arms
}

// only returns the workspaces of a list that can cover anything of a query for
// one; a query for none is for all.
func only(list []id.Workspace, one id.Workspace) []id.Workspace {
	if one.IsZero() || len(list) == 0 {
		return list
	}
	if slices.Contains(list, one) {
		return []id.Workspace{one}
	}
	return nil
}

// narrow reports whether the query itself selects so little that an arm for a
// tenant is better served by what it selects.
func (l *listing) narrow() bool {
	return !l.ID.IsZero() || !l.Workspace.IsZero() || l.Creator != ""
}

// The indexes of mini programs that serve arms.
const (
	byTenant  = "mini_program_by_tenant"
	byCreator = "mini_program_by_creator"
)

// index is what serves the query itself, if it is narrow.
func (l *listing) index() string {
	switch {
	case !l.ID.IsZero():
		return none
	case l.Creator != "":
		return byCreator
	case !l.Workspace.IsZero():
		return l.byWorkspace()
	}
	return ""
}

// none is the index of an arm for which the engine finds one.
const none = "none"

func (l *listing) byWorkspace() string {
	if len(l.Statuses) == 1 {
		return "mini_program_by_status"
	}
	return "mini_program_by_workspace"
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
		c.and("p.id = ?", l.ID.UUID)
	}
	if !l.Workspace.IsZero() {
		c.and("p.workspace_id = ?", l.Workspace.UUID)
	}
	if !l.Tenant.IsZero() {
		c.and("w.tenant_id = ?", l.Tenant.UUID)
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
		c.and("p.id > ?", l.After.UUID)
		return c
	}
	c.and("p.id = t.mini_program_id")
	if l.AfterTerm < l.Prefix {
		c.and("t.suffix >= ?", l.Prefix)
	} else {
		text, args := l.dialect.Behind([2]string{"t.suffix", "t.mini_program_id"}, [2]any{l.AfterTerm, l.After.UUID})
		c.and(text, args...)
	}
	if end := behind(l.Prefix); end != "" {
		c.and("t.suffix < ?", end)
	}
	// A mini program counts at the least of its terms only.
	c.and("NOT EXISTS (SELECT 1 FROM {term} AS e WHERE e.mini_program_id = p.id AND e.suffix >= ? AND e.suffix < t.suffix{share})", l.Prefix)
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

// from are the tables that an arm begins with.
func (l *listing) from(arm *condition) string {
	programs := `{mini_program} AS p`
	if arm.index != "" && arm.index != none && (l.Prefix == "" || arm.index != byTenant) {
		programs += ` {use ` + arm.index + `}`
	}
	switch {
	case l.Prefix == "":
		return programs
	case arm.index == byTenant || arm.index == "":
		return `{term} AS t {then} {mini_program} AS p {key}`
	}
	return programs + ` {then} {term} AS t`
}

// read is the statement for some arms. CROSS JOIN keeps SQLite from another
// order of the tables, such as reading all mini programs to find a few.
func (l *listing) read(arms []*condition, give func(miniprogram.Hit)) Read {
	term, order := `''`, `p.id`
	if l.Prefix != "" {
		term, order = `t.suffix`, `t.suffix, t.mini_program_id`
	}
	const owners = ` {then} {workspace} AS w {key} {then} {workspace} AS o {key} WHERE w.id = p.workspace_id AND o.id = p.tenant_id`
	rest := l.rest()
	tail := ` AND ` + rest.text.String() + ` ORDER BY ` + order + limited(l.Limit)
	var text strings.Builder
	var args []any
	if len(arms) == 1 {
		text.WriteString(`SELECT ` + term + `, ` + programColumns + `, w.status, o.status FROM ` + l.from(arms[0]) + owners + ` AND ` + arms[0].text.String() + tail)
		args = append(append(args, arms[0].args...), rest.args...)
	} else {
		text.WriteString(`SELECT k.term, ` + programColumns + `, w.status, o.status FROM (`)
		for i, arm := range arms {
			if i > 0 {
				text.WriteString(` UNION `)
			}
			text.WriteString(`SELECT * FROM (SELECT ` + term + ` AS term, p.id AS id FROM ` + l.from(arm) + owners + ` AND ` + arm.text.String() + tail + `{share}) AS arm`)
			args = append(append(args, arm.args...), rest.args...)
		}
		text.WriteString(`) AS k {then} {mini_program} AS p {key}` + owners + ` AND p.id = k.id ORDER BY k.term, k.id` + limited(l.Limit))
	}
	var h miniprogram.Hit
	into := append([]any{&h.Term}, programInto(&h.MiniProgram)...)
	into = append(into, (*statusColumn)(&h.OwnerStatus), (*statusColumn)(&h.TenantStatus))
	return Read{
		SQL:    text.String(),
		Args:   args,
		Steady: len(arms) == 1 && arms[0].index == none && l.Prefix == "",
		Scan: cut(l.Limit, each(func(rows Rows) error {
			err := rows.Scan(into...)
			give(h)
			return err
		})),
	}
}
