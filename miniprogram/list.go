package miniprogram

import (
	"context"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
)

// Details is a mini program with what is open to the caller.
type Details struct {
	MiniProgram
	// Actions are open by right and as things stand. A list, and [Service.Get], leave
	// out those that depend on more than the mini program itself, such as bringing
	// it back: [Service.Page] has them.
	Actions []Action
}

// Get returns a mini program with the actions open to the caller, who needs
// miniprogram.view on it; [ErrNotFound] for anyone who is a member neither of
// its workspace nor of its tenant.
func (s *Service) Get(ctx context.Context, actor rbac.Actor, p id.MiniProgram) (d Details, err error) {
	defer fault.Wrap(&err, "miniprogram: get")
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		facts, err := s.env.Authorize(ctx, r, actor, rbac.ViewMiniProgram, rbac.OnMiniProgram(p), ErrNotFound)
		if err != nil {
			return err
		}
		found, err := r.MiniProgram(ctx, p)
		if err != nil {
			return err
		}
		d = s.details(Dossier{MiniProgram: found}, false, actor, facts)
		return nil
	})
	return d, err
}

// A Filter narrows [Service.List] (P3). Zero fields select everything; fields
// combine.
type Filter struct {
	// Workspace selects what a workspace owns, Tenant what belongs to a tenant
	// and its developer workspaces.
	Workspace, Tenant id.Workspace
	// Name selects by what somebody typed: the prefix of any word of the name in
	// any language, or any part of a Chinese, Japanese or Korean one; case and width
	// do not matter. The list is then sorted by what was found, not by age.
	Name string
	// ID selects one.
	ID id.MiniProgram
	// Creator selects what an account created.
	Creator id.Account
	Type    Type
	// Statuses selects mini programs with one of these; nil means any, archived
	// ones included.
	Statuses []Status
}

// List returns a page of the mini programs that the caller may see in all his
// workspaces, oldest first (P3): exactly those for which [Service.Get] answers
// him. A workspace that he cannot see into gives an empty page.
func (s *Service) List(ctx context.Context, actor rbac.Actor, f Filter, req page.Request) (p page.Page[Details], err error) {
	defer fault.Wrap(&err, "miniprogram: list")
	q, list, err := f.query(req)
	if err != nil {
		return p, err
	}
	if err := actor.Validate(); err != nil {
		return p, err
	}
	limit := q.Limit
	q.Limit++
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		grants, err := r.Grants(ctx, actor.Account())
		if err != nil {
			return err
		}
		q.Filter = s.env.Matrix.Filter(actor, grants, rbac.ViewMiniProgram)
		if q.Filter.Empty() {
			return nil
		}
		hits, err := r.MiniPrograms(ctx, q)
		if err != nil {
			return err
		}
		found := page.Cut(list, hits, limit, func(h Hit) []byte { return append(h.ID.Bytes(), h.Term...) })
		rows := make([]Details, len(found.Items))
		for i, h := range found.Items {
			t := rbac.Target{
				Owner: h.Workspace, Tenant: h.Tenant, OwnerStatus: h.OwnerStatus, TenantStatus: h.TenantStatus,
				MiniProgram: h.ID, Creator: h.Creator,
			}
			rows[i] = s.details(Dossier{MiniProgram: h.MiniProgram}, false, actor, t.Facts(actor.Account(), grants))
		}
		p = page.Page[Details]{Items: rows, Next: found.Next}
		return nil
	})
	return p, err
}

// query turns the filter into what the store is asked, and names the list for
// its cursors.
func (f Filter) query(req page.Request) (q Query, list string, err error) {
	q = Query{
		Workspace: f.Workspace, Tenant: f.Tenant, ID: f.ID, Creator: f.Creator, Type: f.Type,
		Prefix: text.Search(f.Name),
	}
	if len(f.Statuses) > 0 {
		q.Statuses = f.Statuses
	}
	if q.Limit, err = req.Limit(); err != nil {
		return q, "", err
	}
	if err := f.check(); err != nil {
		return q, "", err
	}
	list = "miniprogram.list"
	// Why: a place among the terms of one search is no place in another.
	if q.Prefix != "" {
		list = "miniprogram.search:" + q.Prefix
	}
	key, err := page.Decode(list, req.After)
	if err != nil || key == nil {
		return q, list, err
	}
	if len(key) < len(id.UUID{}) {
		return q, list, page.ErrCursor
	}
	q.After, q.AfterTerm = id.MiniProgram{UUID: id.UUID(key[:16])}, string(key[16:])
	return q, list, nil
}

func (f Filter) check() error {
	var p fault.Problems
	if f.Type != "" && f.Type != DSL && f.Type != H5 {
		p.Add("type", "unknown", "want dsl or h5")
	}
	for _, st := range f.Statuses {
		switch st {
		case InDevelopment, Published, Offline, Archived:
		default:
			p.Add("statuses", "unknown", "want in_development, published, offline or archived")
		}
	}
	if f.Name != "" {
		text.Line(&p, "name", f.Name, 0, 256)
	}
	return p.Err()
}
