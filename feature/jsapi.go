package feature

import (
	"context"
	"slices"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// DefineJSAPI makes a JSAPI in a tenant's catalogue. There is no verb to remove
// it: features and versions that users have name it, for ever. Take it out of the
// features, and no later version can use it. The caller needs
// feature.catalog.manage in the tenant. Errors: *fault.InvalidError;
// [ErrNameTaken], as the second time; [ErrNotTenant]; workspace.ErrNotFound.
func (s *Service) DefineJSAPI(ctx context.Context, actor rbac.Actor, tenant id.Workspace, d DefineJSAPI) (j JSAPI, err error) {
	defer fault.Wrap(&err, "feature: define JSAPI")
	if d, err = d.check(); err != nil {
		return j, err
	}
	newID := id.JSAPI{UUID: s.env.NewID()}
	on := rbac.OnWorkspace(tenant)
	err = s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		if err := s.manages(ctx, tx, actor, on); err != nil {
			return err
		}
		now := s.env.Now()
		found, err := tx.Catalogue(ctx, Lookup{Tenant: tenant, JSAPIs: []string{d.Name}})
		if err != nil {
			return err
		}
		if len(found.JSAPIs) > 0 {
			return ErrNameTaken
		}
		j = EditJSAPI{d.Description, d.Platforms}.of(JSAPI{ID: newID, Tenant: tenant, Name: d.Name, CreatedAt: now}, now)
		return saveJSAPI(ctx, tx, actor, EventJSAPIDefined, nil, j)
	})
	if err != nil {
		return JSAPI{}, err
	}
	return j, nil
}

// saveJSAPI stores a JSAPI and reports it; before is nil for a new one.
func saveJSAPI(ctx context.Context, tx Tx, actor rbac.Actor, verb audit.Verb, before audit.Snapshot, j JSAPI) error {
	if err := tx.PutJSAPI(ctx, j); err != nil {
		return err
	}
	return audit.Append(ctx, tx, audit.Entry{
		Workspace: j.Tenant, Verb: verb, Object: rbac.OnJSAPI(j.ID), Actor: actor, At: j.UpdatedAt, Before: before, After: j,
	})
}

// EditJSAPI changes the description and the platforms of a JSAPI; its name stays.
// The caller needs feature.catalog.manage on it. Errors: *fault.InvalidError;
// [ErrJSAPINotFound]. The same edit a second time changes nothing.
func (s *Service) EditJSAPI(ctx context.Context, actor rbac.Actor, jsapi id.JSAPI, e EditJSAPI) (j JSAPI, err error) {
	defer fault.Wrap(&err, "feature: edit JSAPI")
	var p fault.Problems
	e = e.check(&p)
	if err := p.Err(); err != nil {
		return j, err
	}
	on := rbac.OnJSAPI(jsapi)
	err = s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		if _, err := s.env.Authorize(ctx, tx, actor, rbac.ManageFeatureCatalog, on, ErrJSAPINotFound); err != nil {
			return err
		}
		before, err := tx.JSAPI(ctx, jsapi)
		if err != nil {
			return err
		}
		if before.Description == e.Description && slices.Equal(before.Platforms, e.Platforms) {
			j = before
			return nil
		}
		j = e.of(before, s.env.Now())
		return saveJSAPI(ctx, tx, actor, EventJSAPIEdited, before, j)
	})
	if err != nil {
		return JSAPI{}, err
	}
	return j, nil
}

// JSAPIs returns a page of the JSAPIs of a workspace's tenant, in the order in
// which they were defined. Features are shared, JSAPIs are not: every workspace
// of the tenant sees all. The caller needs feature.catalog.view in that very
// workspace; workspace.ErrNotFound if he has no place there.
func (s *Service) JSAPIs(ctx context.Context, actor rbac.Actor, w id.Workspace, req page.Request) (p page.Page[JSAPI], err error) {
	defer fault.Wrap(&err, "feature: list JSAPIs")
	list := "feature.jsapis:" + w.String()
	limit, after, err := req.ByID(list)
	if err != nil {
		return p, err
	}
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		facts, err := s.env.Authorize(ctx, r, actor, rbac.ViewFeatureCatalog, rbac.OnWorkspace(w), workspace.ErrNotFound)
		if err != nil {
			return err
		}
		all, err := r.JSAPIs(ctx, facts.Tenant, id.JSAPI{UUID: after}, limit+1)
		p = page.Cut(list, all, limit, func(j JSAPI) []byte { return j.ID.Bytes() })
		return err
	})
	return p, err
}
