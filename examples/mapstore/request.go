package mapstore

import (
	"context"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

func (r reader) Case(_ context.Context, q id.Request) (approval.Case, error) {
	found, err := get(r.state.requests, q, approval.ErrNotFound)
	if err != nil {
		return approval.Case{}, err
	}
	return r.caseOf(found), nil
}

func (r reader) caseOf(q approval.Request) approval.Case {
	return approval.Case{
		Request: cloneRequest(q), OwnDecision: r.state.settings[q.Tenant].OwnDecision,
		OwnerStatus: r.state.workspaces[q.Workspace].Status, TenantStatus: r.state.workspaces[q.Tenant].Status,
	}
}

func (r reader) Requests(_ context.Context, q approval.Query) ([]approval.Case, error) {
	var list []approval.Case
	for _, found := range pick(r.state.requests, q.Limit, func(o approval.Request) bool {
		return o.ID.Compare(q.After.UUID) > 0 && is(q.Workspace, o.Workspace) && is(q.Tenant, o.Tenant) &&
			is(q.MiniProgram, o.MiniProgram) && is(q.Object, o.Object) && is(q.Submitter, o.Submitter) &&
			in(q.Kinds, o.Kind) && in(q.Statuses, o.Status) && (q.Filter == nil || r.covers(*q.Filter, o))
	}, byRequest, cloneRequest) {
		list = append(list, r.caseOf(found))
	}
	return list, nil
}

func byRequest(a, b approval.Request) int { return a.ID.Compare(b.ID.UUID) }

func (r reader) covers(f rbac.Filter, q approval.Request) bool {
	c := r.caseOf(q)
	return f.Covers(rbac.Target{
		Owner: c.Workspace, Tenant: c.Tenant, OwnerStatus: c.OwnerStatus, TenantStatus: c.TenantStatus,
		MiniProgram: c.MiniProgram, Creator: c.Submitter,
	})
}

func (t *tx) InsertRequest(_ context.Context, r approval.Request) error {
	if t.openAlready(r) {
		return approval.ErrOpen
	}
	return insert(t.state.requests, r.ID, cloneRequest(r))
}

func (t *tx) UpdateRequest(_ context.Context, r approval.Request) error {
	old, ok := t.state.requests[r.ID]
	if !ok {
		return approval.ErrNotFound
	}
	old.Status, old.Decider, old.Answer, old.EndedAt = r.Status, r.Decider, r.Answer, r.EndedAt
	if t.openAlready(old) {
		return approval.ErrOpen
	}
	t.state.requests[r.ID] = cloneRequest(old)
	return nil
}

// openAlready reports whether another request in review has the same key.
func (t *tx) openAlready(r approval.Request) bool {
	for _, o := range t.state.requests {
		if o.ID != r.ID && o.Workspace == r.Workspace && o.OpenKey() != "" && o.OpenKey() == r.OpenKey() {
			return true
		}
	}
	return false
}
