package memory

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

// MiniPrograms returns those of the query, each once. It reads at most a page
// of each arm of the filter, and keeps the first page of them all.
func (r *reader) MiniPrograms(ctx context.Context, q miniprogram.Query) ([]miniprogram.Hit, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	s := search{r.state, q, nil}
	switch {
	case q.ID != id.MiniProgram{}:
		s.these([]id.MiniProgram{q.ID})
	case q.Prefix != "":
		s.these(q.Filter.MiniPrograms)
		s.byTerm()
	default:
		s.these(q.Filter.MiniPrograms)
		for _, a := range s.arms() {
			s.page(r.state.walk(a, q.After.UUID))
		}
	}
	slices.SortFunc(s.hits, compareHits)
	s.hits = slices.CompactFunc(s.hits, func(a, b miniprogram.Hit) bool { return a.ID == b.ID })
	return s.hits[:min(len(s.hits), max(q.Limit, 0))], nil
}

// A search collects the hits of a query.
type search struct {
	state *state
	query miniprogram.Query
	hits  []miniprogram.Hit
}

func compareHits(a, b miniprogram.Hit) int {
	return cmp.Or(strings.Compare(a.Term, b.Term), a.ID.Compare(b.ID.UUID))
}

// take adds a mini program if the query selects it and its term is behind the
// place where the query begins, and reports whether it did.
func (s *search) take(key id.UUID) bool {
	p := s.state.programs.get(key)
	if p == nil {
		return false
	}
	term, ok := p.term(s.query.Prefix)
	hit := miniprogram.Hit{
		MiniProgram: p.MiniProgram, OwnerStatus: s.state.status(p.Workspace), TenantStatus: s.state.status(p.Tenant), Term: term,
	}
	if !ok || !selects(&s.query, &hit) {
		return false
	}
	after := miniprogram.Hit{MiniProgram: miniprogram.MiniProgram{ID: s.query.After}}
	if s.query.Prefix != "" {
		after.Term = s.query.AfterTerm
	}
	if compareHits(hit, after) <= 0 {
		return false
	}
	s.hits = append(s.hits, hit)
	return true
}

// these takes from a list.
func (s *search) these(list []id.MiniProgram) {
	for _, p := range list {
		s.take(p.UUID)
	}
}

// page takes up to a page from a walk.
func (s *search) page(walk iter.Seq[id.UUID]) {
	n := 0
	for key := range walk {
		if n >= s.query.Limit {
			return
		}
		if s.take(key) {
			n++
		}
	}
}

// byTerm takes up to a page from the terms of every tenant that the filter
// reaches into.
func (s *search) byTerm() {
	for tenant := range s.tenants() {
		s.page(func(yield func(id.UUID) bool) {
			q := &s.query
			for term, key := range s.state.terms.beginning(tenant, q.Prefix, q.AfterTerm, q.After.UUID) {
				// Why: a mini program with several such terms is one hit, at the least.
				if least, _ := s.state.programs.get(key).term(q.Prefix); least == term && !yield(key) {
					return
				}
			}
		})
	}
}

// arms returns the arms of the query's filter.
func (s *search) arms() []arm {
	q := &s.query
	return s.state.arms(&q.Filter, arm{q.Workspace, q.Tenant, q.Creator})
}

// tenants returns the tenants of the arms, each once.
func (s *search) tenants() iter.Seq[id.UUID] {
	var list []id.Workspace
	for _, a := range s.arms() {
		if a.tenant.IsZero() {
			return s.state.terms.ins()
		}
		list = append(list, a.tenant)
	}
	return listed(list, func(w id.Workspace) id.UUID { return w.UUID }, id.UUID{})
}

// term returns the least term that begins with the prefix; "" for no prefix.
func (p *program) term(prefix string) (string, bool) {
	if prefix == "" {
		return "", true
	}
	i, _ := slices.BinarySearch(p.terms, prefix)
	if i == len(p.terms) || !strings.HasPrefix(p.terms[i], prefix) {
		return "", false
	}
	return p.terms[i], true
}

// selects reports whether the query selects the mini program, apart from its
// terms and the place where the query begins.
func selects(q *miniprogram.Query, p *miniprogram.Hit) bool {
	return (q.ID == id.MiniProgram{} || q.ID == p.ID) &&
		(q.Workspace == id.Workspace{} || q.Workspace == p.Workspace) &&
		(q.Tenant == id.Workspace{} || q.Tenant == p.Tenant) &&
		(q.Creator == "" || q.Creator == p.Creator) &&
		(q.Type == "" || q.Type == p.Type) &&
		(q.Statuses == nil || slices.Contains(q.Statuses, p.Status)) &&
		q.Filter.Covers(rbac.Target{
			Owner: p.Workspace, Tenant: p.Tenant, MiniProgram: p.ID, Creator: p.Creator,
			OwnerStatus: p.OwnerStatus, TenantStatus: p.TenantStatus,
		})
}

// status returns the status of a workspace, 0 if there is none.
func (s *state) status(w id.Workspace) workspace.Status {
	if found := s.workspaces.get(w.UUID); found != nil {
		return found.Status
	}
	return 0
}

// walk returns the mini programs of an arm behind one, in order.
func (s *state) walk(a arm, after id.UUID) iter.Seq[id.UUID] {
	switch {
	case a.creator != "" && !a.workspace.IsZero():
		return s.creatorsOf.after(a.workspace.UUID, string(a.creator), after)
	case a.creator != "":
		return s.creatorsUnder.after(a.tenant.UUID, string(a.creator), after)
	case !a.workspace.IsZero():
		return s.programsOf.after(a.workspace.UUID, after)
	case !a.tenant.IsZero():
		return s.programsUnder.after(a.tenant.UUID, after)
	}
	return s.programs.after(after)
}
