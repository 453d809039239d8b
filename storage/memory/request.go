package memory

import (
	"context"
	"iter"
	"slices"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

// Case returns a request with what decides about it.
func (r *reader) Case(ctx context.Context, q id.Request) (approval.Case, error) {
	if err := r.ready(ctx); err != nil {
		return approval.Case{}, err
	}
	found := r.state.requests.get(q.UUID)
	if found == nil {
		return approval.Case{}, approval.ErrNotFound
	}
	return r.state.caseOf(found), nil
}

func (s *state) caseOf(r *approval.Request) approval.Case {
	_, above := s.settingsOf(r.Workspace)
	return approval.Case{
		Request: copyRequest(*r), OwnDecision: above.OwnDecision,
		OwnerStatus: s.status(r.Workspace), TenantStatus: s.status(r.Tenant),
	}
}

// Requests returns those of the query. It reads at most a page of each arm of
// the filter, and keeps the first page of them all.
func (r *reader) Requests(ctx context.Context, q approval.Query) ([]approval.Case, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	var list []approval.Case
	for _, walk := range r.state.someRequests(&q) {
		n := 0
		for key := range walk {
			if n >= q.Limit {
				break
			}
			found := r.state.requests.get(key)
			if c := r.state.caseOf(found); selectsRequest(&q, &c) {
				list = append(list, c)
				n++
			}
		}
	}
	slices.SortFunc(list, func(a, b approval.Case) int { return a.ID.Compare(b.ID.UUID) })
	list = slices.CompactFunc(list, func(a, b approval.Case) bool { return a.ID == b.ID })
	return list[:min(len(list), max(q.Limit, 0))], nil
}

// someRequests returns walks through the narrowest indexes that together hold all
// of the query.
func (s *state) someRequests(q *approval.Query) (walks []iter.Seq[id.UUID]) {
	want, after := arm{q.Workspace, q.Tenant, q.Submitter}, q.After.UUID
	switch {
	case !q.MiniProgram.IsZero():
		return append(walks, s.requestsAbout.after(q.MiniProgram.UUID, after))
	case q.Filter == nil:
		return append(walks, s.walkRequests(want, after))
	}
	for _, a := range s.arms(q.Filter, want) {
		walks = append(walks, s.walkRequests(a, after))
	}
	for _, p := range q.Filter.MiniPrograms {
		walks = append(walks, s.requestsAbout.after(p.UUID, after))
	}
	return walks
}

// walkRequests walks the narrowest index that holds all of an arm.
func (s *state) walkRequests(a arm, after id.UUID) iter.Seq[id.UUID] {
	switch {
	case a.creator != "":
		return s.submitters.after(id.UUID{}, string(a.creator), after)
	case !a.workspace.IsZero():
		return s.requestsOf.after(a.workspace.UUID, after)
	case !a.tenant.IsZero():
		return s.requestsUnder.after(a.tenant.UUID, after)
	}
	return s.requests.after(after)
}

// selectsRequest reports whether the query selects the request.
func selectsRequest(q *approval.Query, c *approval.Case) bool {
	return (q.Workspace.IsZero() || q.Workspace == c.Workspace) &&
		(q.Tenant.IsZero() || q.Tenant == c.Tenant) &&
		(q.MiniProgram.IsZero() || q.MiniProgram == c.MiniProgram) &&
		(q.Object == rbac.Object{} || q.Object == c.Object) &&
		(q.Submitter == "" || q.Submitter == c.Submitter) &&
		(q.Kinds == nil || slices.Contains(q.Kinds, c.Kind)) &&
		(q.Statuses == nil || slices.Contains(q.Statuses, c.Status)) &&
		(q.Filter == nil || q.Filter.Covers(rbac.Target{
			Owner: c.Workspace, Tenant: c.Tenant, MiniProgram: c.MiniProgram, Creator: c.Submitter,
			OwnerStatus: c.OwnerStatus, TenantStatus: c.TenantStatus,
		}))
}

// InsertRequest stores a new request.
func (t *tx) InsertRequest(ctx context.Context, r approval.Request) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	s := t.state
	if err := s.requests.free(r.ID.UUID); err != nil {
		return err
	}
	if s.workspaces.get(r.Workspace.UUID) == nil {
		return workspace.ErrNotFound
	}
	if !r.MiniProgram.IsZero() && s.programs.get(r.MiniProgram.UUID) == nil {
		return miniprogram.ErrNotFound
	}
	r = copyRequest(r)
	r.SubmittedAt = stored(r.SubmittedAt)
	if err := t.putRequest(nil, &r); err != nil {
		return err
	}
	s.requestsOf.add(r.Workspace.UUID, r.ID.UUID)
	s.requestsUnder.add(r.Tenant.UUID, r.ID.UUID)
	if !r.MiniProgram.IsZero() {
		s.requestsAbout.add(r.MiniProgram.UUID, r.ID.UUID)
	}
	if r.Submitter != "" {
		s.submitters.add(id.UUID{}, string(r.Submitter), r.ID.UUID)
	}
	t.changed = append(t.changed, rbac.OnRequest(r.ID))
	return nil
}

// UpdateRequest stores how a request ended.
func (t *tx) UpdateRequest(ctx context.Context, r approval.Request) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	before := t.state.requests.get(r.ID.UUID)
	if before == nil {
		return approval.ErrNotFound
	}
	after := *before
	after.Status, after.Decider, after.Answer, after.EndedAt = r.Status, r.Decider, r.Answer, r.EndedAt
	return t.putRequest(before, &after)
}

// putRequest puts a request in the place of another, nil for none.
func (t *tx) putRequest(before, after *approval.Request) error {
	if another(t.state.openRequests, openRequest(after)) {
		return approval.ErrOpen
	}
	after.EndedAt = stored(after.EndedAt)
	t.state.requests.put(after.ID.UUID, after)
	t.state.openRequests.replace(openRequest(before), openRequest(after))
	t.state.requestsNow.replace(requestNow(before), requestNow(after))
	return nil
}

// openRequest is the entry of a request among those in review; zero for none.
func openRequest(r *approval.Request) word {
	if r == nil || r.Status != approval.InReview {
		return word{}
	}
	return word{r.Workspace.UUID, r.OpenKey(), r.ID.UUID}
}

// requestNow is the entry of a request among those that rules about its mini
// program depend on; zero for none.
func requestNow(r *approval.Request) link {
	if r == nil || r.MiniProgram.IsZero() {
		return link{}
	}
	if r.Status == approval.InReview || r.Kind == approval.Removal && r.Status == approval.Approved {
		return link{r.MiniProgram.UUID, r.ID.UUID}
	}
	return link{}
}

func copyRequest(r approval.Request) approval.Request {
	r.Frozen = copied(r.Frozen)
	return r
}
