package sqlstore

import (
	"context"
	"slices"
	"strings"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// Requests are listed like mini programs: see list.go.

// Requests implements approval.Reader.
func (r *reader) Requests(ctx context.Context, q approval.Query) (list []approval.Case, err error) {
	if q.Kinds != nil && len(q.Kinds) == 0 || q.Statuses != nil && len(q.Statuses) == 0 || q.Filter != nil && len(q.Filter.Statuses) == 0 {
		return nil, ctx.Err()
	}
	l := requests{q}
	var reads []Read
	for some := range slices.Chunk(l.arms(), maxArms) {
		reads = append(reads, l.read(some, &list))
	}
	if len(reads) == 0 {
		return nil, ctx.Err()
	}
	if err := r.read(ctx, "list requests", reads...); err != nil {
		return nil, err
	}
	if len(reads) > 1 {
		slices.SortFunc(list, func(a, b approval.Case) int { return a.ID.Compare(b.ID.UUID) })
		list = slices.CompactFunc(list, func(a, b approval.Case) bool { return a.ID == b.ID })
		list = list[:min(len(list), max(q.Limit, 0))]
	}
	return list, nil
}

// requests makes the statements of a query: q is the request, w the workspace
// where it belongs, o its tenant.
type requests struct{ approval.Query }

// arms returns a condition for each arm of the filter that can cover anything
// of the query.
func (l requests) arms() (arms []*condition) {
	f := l.Filter
	if f == nil || f.All {
		c := &condition{index: l.index("request_by")}
		c.and("q.id > ?", l.After.UUID)
		if f != nil {
			c.in("o.status", statuses(f.Statuses))
		}
		return append(arms, c)
	}
	add := func(index string, of []id.Workspace, text string, args ...any) {
		for some := range slices.Chunk(of, maxArms) {
			for _, w := range padded(some) {
				c := &condition{index: l.index(index)}
				c.and(text, append(slices.Clip(args), w.UUID)...)
				c.and("q.id > ?", l.After.UUID)
				arms = append(arms, c)
			}
		}
	}
	add("request_by_tenant", only(f.Tenants, l.Tenant), l.tenant()+" = ?")
	add("request_by_workspace", only(f.Workspaces, l.Workspace), "q.workspace_id = ?")
	const most = 256
	for some := range slices.Chunk(f.MiniPrograms, most) {
		c := &condition{index: l.index("request_by_mini_program")}
		c.in("q.mini_program_id", keys(some))
		c.and("q.id > ?", l.After.UUID)
		arms = append(arms, c)
	}
	if f.Creator == "" || l.Submitter != "" && l.Submitter != f.Creator {
		return arms
	}
	add("request_by_submitter", f.OwnTenants, "q.submitter = ? AND w.tenant_id = ?", string(f.Creator))
	add("request_by_submitter", f.OwnWorkspaces, "q.submitter = ? AND w.id = ?", string(f.Creator))
	return arms
}

// narrow reports whether the query itself selects so little that an arm for a
// tenant is better served by what it selects.
func (l requests) narrow() bool {
	return l.Object != (rbac.Object{}) || !l.MiniProgram.IsZero() || l.Submitter != "" || !l.Workspace.IsZero()
}

// index is what serves the query if it is narrow, or else an arm; "" leaves it
// to the engine. What is open is little of all there is, so that tenants and
// workspaces have an index for one status.
func (l requests) index(arm string) string {
	switch {
	case l.Object != (rbac.Object{}):
		return "request_by_object"
	case !l.MiniProgram.IsZero():
		return "request_by_mini_program"
	case l.Submitter != "":
		return "request_by_submitter"
	case !l.Workspace.IsZero():
		arm = "request_by_workspace"
	case !l.Tenant.IsZero() && arm == "request_by":
		arm = "request_by_tenant"
	}
	if arm == "request_by_mini_program" || arm == "request_by_submitter" {
		return arm
	}
	if len(l.Statuses) == 1 {
		return arm + "_status"
	}
	return strings.TrimSuffix(arm, "request_by")
}

// tenant is the column of the tenant, or another that leads to no index where
// the query is narrow.
func (l requests) tenant() string {
	if l.narrow() {
		return "w.tenant_id"
	}
	return "q.tenant_id"
}

// rest is what holds in every arm beside its own condition.
func (l requests) rest() *condition {
	c := new(condition)
	c.and("w.id = q.workspace_id AND o.id = q.tenant_id")
	if l.Filter != nil {
		c.in("w.status", statuses(l.Filter.Statuses))
	}
	if !l.Workspace.IsZero() {
		c.and("q.workspace_id = ?", l.Workspace.UUID)
	}
	if !l.Tenant.IsZero() {
		c.and(l.tenant()+" = ?", l.Tenant.UUID)
	}
	if !l.MiniProgram.IsZero() {
		c.and("q.mini_program_id = ?", l.MiniProgram.UUID)
	}
	if l.Object != (rbac.Object{}) {
		c.and("q.object_id = ? AND q.object_kind = ?", l.Object.ID, int64(l.Object.Kind))
	}
	if l.Submitter != "" {
		c.and("q.submitter = ?", string(l.Submitter))
	}
	if l.Kinds != nil {
		c.in("q.kind", names(l.Kinds))
	}
	if l.Statuses != nil {
		c.in("q.status", names(l.Statuses))
	}
	return c
}

// read is the statement for some arms.
func (l requests) read(arms []*condition, list *[]approval.Case) Read {
	rest := l.rest()
	var text strings.Builder
	var args []any
	text.WriteString(`SELECT ` + caseColumns + ` FROM (`)
	for i, arm := range arms {
		if i > 0 {
			text.WriteString(` UNION `)
		}
		hint := ""
		if arm.index != "" {
			hint = ` {use ` + arm.index + `}`
		}
		text.WriteString(`SELECT * FROM (SELECT q.id AS id FROM {request} AS q` + hint + caseOwners + ` WHERE ` +
			arm.text.String() + ` AND ` + rest.text.String() + ` ORDER BY q.id` + limited(l.Limit) + `{share}) AS arm`)
		args = append(append(args, arm.args...), rest.args...)
	}
	// Or PostgreSQL, which merges both tables, walks to the page in the second.
	text.WriteString(`) AS k {then} {request} AS q {key}` + caseOwners + caseTenant + ` AND q.id = k.id AND q.id > ? ORDER BY k.id` + limited(l.Limit))
	args = append(args, l.After.UUID)
	return Read{SQL: text.String(), Args: args, Scan: cut(l.Limit, each(func(rows Rows) error {
		var c approval.Case
		err := rows.Scan(caseInto(&c)...)
		*list = append(*list, c)
		return err
	}))}
}
