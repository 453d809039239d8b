package approval

import (
	"context"
	"maps"
	"slices"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
)

// A Filter narrows a list. Zero fields select everything; fields combine.
type Filter struct {
	// Workspace selects what belongs to a workspace, Tenant what belongs to a
	// tenant and its developer workspaces.
	Workspace, Tenant id.Workspace
	// MiniProgram selects what is about a mini program, its versions and features
	// included; Object what is about exactly this.
	MiniProgram id.MiniProgram
	Object      rbac.Object
	// Kinds and Statuses select requests with one of these; nil means any.
	Kinds    []Kind
	Statuses []Status
}

// check notes kinds and statuses that do not exist.
func (s *Service) check(f Filter) error {
	var p fault.Problems
	for _, k := range f.Kinds {
		if _, known := s.kinds[k]; !known {
			p.Add("kinds", "unknown", "want a kind that the platform knows")
		}
	}
	for _, st := range f.Statuses {
		if _, ended := endings[st]; !ended && st != InReview {
			p.Add("statuses", "unknown", "want in_review, approved, rejected, withdrawn or void")
		}
	}
	return p.Err()
}

// ToDecide returns a page of the requests in review that the caller has the right
// to decide, in all his workspaces, oldest first. His own are among them; they
// lack the action decide unless the tenant lets him. Statuses of the filter have no
// effect.
func (s *Service) ToDecide(ctx context.Context, actor rbac.Actor, f Filter, req page.Request) (p page.Page[Details], err error) {
	defer fault.Wrap(&err, "approval: to decide")
	f.Statuses = []Status{InReview}
	return s.list(ctx, actor, "approval.to_decide", f, req, func(filter filters) (arms []Query) {
		for p, kinds := range s.by(func(spec Spec) rbac.Permission { return spec.Decide }) {
			switch {
			case p != 0:
				arms = append(arms, Query{Kinds: kinds, Filter: filter(p)})
			case actor.IsSystem():
				arms = append(arms, Query{Kinds: kinds})
			}
		}
		return arms
	})
}

// Mine returns a page of the requests that the caller submitted, oldest first:
// those in workspaces where he holds approval.own, and his applications. The
// platform operator has none.
func (s *Service) Mine(ctx context.Context, actor rbac.Actor, f Filter, req page.Request) (p page.Page[Details], err error) {
	defer fault.Wrap(&err, "approval: mine")
	return s.list(ctx, actor, "approval.mine", f, req, func(filter filters) []Query {
		if actor.IsSystem() {
			return nil
		}
		return mine(actor, filter)
	})
}

func mine(actor rbac.Actor, filter filters) []Query {
	own := []Query{{Submitter: actor.Account(), Filter: filter(rbac.OwnApproval)}}
	if actor.Bound().IsZero() {
		own = append(own, Query{Submitter: actor.Account(), Kinds: []Kind{DeveloperWorkspace}})
	}
	return own
}

// List returns a page of the requests that the caller may see in all his
// workspaces, oldest first, whatever became of them: exactly those that
// [Service.Get] answers him.
func (s *Service) List(ctx context.Context, actor rbac.Actor, f Filter, req page.Request) (p page.Page[Details], err error) {
	defer fault.Wrap(&err, "approval: list")
	return s.list(ctx, actor, "approval.list", f, req, func(filter filters) []Query {
		arms := []Query{{Filter: filter(rbac.ViewApproval)}}
		if actor.IsSystem() {
			return arms
		}
		for p, kinds := range s.by(func(spec Spec) rbac.Permission { return spec.Submit }) {
			if p != 0 {
				arms = append(arms, Query{Kinds: kinds, Filter: filter(p)})
			}
		}
		return append(arms, mine(actor, filter)...)
	})
}

// by groups the kinds by a permission of theirs.
func (s *Service) by(permission func(Spec) rbac.Permission) map[rbac.Permission][]Kind {
	groups := make(map[rbac.Permission][]Kind)
	for _, k := range slices.Sorted(maps.Keys(s.kinds)) {
		p := permission(s.kinds[k])
		groups[p] = append(groups[p], k)
	}
	return groups
}

// filters returns the filter for a permission of the caller.
type filters func(rbac.Permission) *rbac.Filter

// list pages through the requests of several queries, each once, by id.
func (s *Service) list(ctx context.Context, actor rbac.Actor, list string, f Filter, req page.Request,
	arms func(filters) []Query) (p page.Page[Details], err error) {
	if err := actor.Validate(); err != nil {
		return p, err
	}
	if err := s.check(f); err != nil {
		return p, err
	}
	limit, after, err := req.ByID(list)
	if err != nil {
		return p, err
	}
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		grants, err := r.Grants(ctx, actor.Account())
		if err != nil {
			return err
		}
		var found []Case
		for _, q := range arms(func(p rbac.Permission) *rbac.Filter {
			filter := s.env.Matrix.Filter(actor, grants, p)
			return &filter
		}) {
			if !f.narrow(&q) {
				continue
			}
			q.After, q.Limit = id.Request{UUID: after}, limit+1
			some, err := r.Requests(ctx, q)
			if err != nil {
				return err
			}
			found = append(found, some...)
		}
		slices.SortFunc(found, func(a, b Case) int { return a.ID.Compare(b.ID.UUID) })
		found = slices.CompactFunc(found, func(a, b Case) bool { return a.ID == b.ID })
		rows := make([]Details, min(len(found), limit+1))
		for i := range rows {
			rows[i] = s.details(actor, found[i].target().Facts(actor.Account(), grants), found[i])
		}
		p = page.Cut(list, rows, limit, func(d Details) []byte { return d.ID.Bytes() })
		return nil
	})
	return p, err
}

// narrow narrows a query by the filter, and reports whether it can still select
// anything.
func (f Filter) narrow(q *Query) bool {
	q.Workspace, q.Tenant, q.MiniProgram, q.Object = f.Workspace, f.Tenant, f.MiniProgram, f.Object
	if len(f.Statuses) > 0 {
		q.Statuses = f.Statuses
	}
	if len(f.Kinds) > 0 {
		wanted := func(k Kind) bool { return q.Kinds == nil || slices.Contains(q.Kinds, k) }
		var kinds []Kind
		for _, k := range f.Kinds {
			if wanted(k) {
				kinds = append(kinds, k)
			}
		}
		if kinds == nil {
			return false
		}
		q.Kinds = kinds
	}
	return q.Filter == nil || !q.Filter.Empty()
}

// target is what the request is to a filter.
func (c Case) target() rbac.Target {
	return rbac.Target{
		Owner: c.Workspace, Tenant: c.Tenant, OwnerStatus: c.OwnerStatus, TenantStatus: c.TenantStatus,
		MiniProgram: c.MiniProgram, Creator: c.Submitter,
	}
}
