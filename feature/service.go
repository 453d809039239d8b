package feature

import (
	"context"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// A Service answers for catalogues. It is safe for concurrent use.
type Service struct {
	store Store
	env   *unit.Env
}

// New returns the service over a store.
func New(store Store, env *unit.Env) *Service { return &Service{store: store, env: env} }

// On returns the same service over another store, such as an open unit.
func (s *Service) On(store Store) *Service {
	on := *s
	on.store = store
	return &on
}

// Define makes a feature in a tenant's catalogue. The caller needs
// feature.catalog.manage there. Errors: *fault.InvalidError, also for JSAPIs and
// workspaces that are not the tenant's; [ErrNameTaken], as the second time;
// [ErrNotTenant]; workspace.ErrNotFound.
func (s *Service) Define(ctx context.Context, actor rbac.Actor, tenant id.Workspace, d Define) (f Feature, err error) {
	defer fault.Wrap(&err, "feature: define")
	d, key, err := d.check()
	if err != nil {
		return f, err
	}
	newID := id.Feature{UUID: s.env.NewID()}
	on := rbac.OnWorkspace(tenant)
	err = s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		if err := s.manages(ctx, tx, actor, on); err != nil {
			return err
		}
		now := s.env.Now()
		l := d.lookup(tenant, newID, key)
		found, err := tx.Catalogue(ctx, l)
		if err != nil {
			return err
		}
		if err := d.in(l, found); err != nil {
			return err
		}
		f = d.of(Feature{ID: newID, Tenant: tenant, CreatedAt: now}, key, now)
		return save(ctx, tx, actor, EventDefined, nil, f)
	})
	if err != nil {
		return Feature{}, err
	}
	return f, nil
}

// manages authorizes the actor to change the catalogue of the tenant that the
// object is.
func (s *Service) manages(ctx context.Context, tx Tx, actor rbac.Actor, on rbac.Object) error {
	facts, err := s.env.Authorize(ctx, tx, actor, rbac.ManageFeatureCatalog, on, workspace.ErrNotFound)
	if err == nil && facts.Owner != facts.Tenant {
		return ErrNotTenant
	}
	return err
}

// save stores a feature and reports it; before is nil for a new one.
func save(ctx context.Context, tx Tx, actor rbac.Actor, verb audit.Verb, before audit.Snapshot, f Feature) error {
	if err := tx.PutFeature(ctx, f); err != nil {
		return err
	}
	return audit.Append(ctx, tx, audit.Entry{
		Workspace: f.Tenant, Verb: verb, Object: rbac.OnFeature(f.ID), Actor: actor, At: f.UpdatedAt, Before: before, After: f,
	})
}

// Edit changes a feature as a whole. The caller needs feature.catalog.manage on
// it. What the mini programs have that it is attached to changes with it: a JSAPI
// that is taken out is missing in later versions, and versions in review, or
// approved and not yet in pilot testing, have to be submitted again (V3).
// Versions that users get stay as they are. It stays attached where it is no
// longer shared. Errors: those of [Service.Define]; [ErrNotFound]. The same edit
// a second time changes nothing.
func (s *Service) Edit(ctx context.Context, actor rbac.Actor, feature id.Feature, e Edit) (f Feature, err error) {
	defer fault.Wrap(&err, "feature: edit")
	d, key, err := Define(e).check()
	if err != nil {
		return f, err
	}
	return s.change(ctx, actor, feature, EventEdited, func(tenant id.Workspace) Lookup { return d.lookup(tenant, feature, key) },
		func(l Lookup, found Found) (Feature, error) {
			if err := d.in(l, found); err != nil {
				return Feature{}, err
			}
			after := d.of(found.Feature, key, s.env.Now())
			if after.same(found.Feature) {
				return found.Feature, nil
			}
			return after, nil
		})
}

// Retire ends that a feature is attached: where it is attached already it stays,
// requests to activate it become void. The caller needs feature.catalog.manage on
// it. Errors: [ErrRetired] the second time; [ErrNotFound].
func (s *Service) Retire(ctx context.Context, actor rbac.Actor, feature id.Feature) (f Feature, err error) {
	defer fault.Wrap(&err, "feature: retire")
	return s.setRetired(ctx, actor, feature, EventRetired, true)
}

// Restore lets a retired feature be attached again. The caller needs
// feature.catalog.manage on it. Errors: [ErrNotRetired], as the second time;
// [ErrNotFound].
func (s *Service) Restore(ctx context.Context, actor rbac.Actor, feature id.Feature) (f Feature, err error) {
	defer fault.Wrap(&err, "feature: restore")
	return s.setRetired(ctx, actor, feature, EventRestored, false)
}

func (s *Service) setRetired(ctx context.Context, actor rbac.Actor, f id.Feature, verb audit.Verb, retired bool) (Feature, error) {
	return s.change(ctx, actor, f, verb, func(tenant id.Workspace) Lookup { return Lookup{Tenant: tenant, Feature: f} },
		func(_ Lookup, found Found) (Feature, error) { return found.Feature.retire(retired, s.env.Now()) })
}

// change runs a unit that makes another feature of one, or the same one: then it
// stores nothing.
func (s *Service) change(ctx context.Context, actor rbac.Actor, f id.Feature, verb audit.Verb,
	ask func(tenant id.Workspace) Lookup, decide func(Lookup, Found) (Feature, error)) (after Feature, err error) {
	on := rbac.OnFeature(f)
	err = s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		facts, err := s.env.Authorize(ctx, tx, actor, rbac.ManageFeatureCatalog, on, ErrNotFound)
		if err != nil {
			return err
		}
		l := ask(facts.Owner)
		found, err := tx.Catalogue(ctx, l)
		if err != nil {
			return err
		}
		if found.Feature.ID.IsZero() {
			return ErrNotFound
		}
		if after, err = decide(l, found); err != nil {
			return err
		}
		if after.same(found.Feature) {
			return nil
		}
		return save(ctx, tx, actor, verb, found.Feature, after)
	})
	if err != nil {
		return Feature{}, err
	}
	return after, nil
}

// Get returns a feature as a workspace sees it, its tenant or one that it is shared
// with (F1). The caller needs feature.catalog.view in that very workspace.
// Errors: [ErrNotFound] for one that the workspace does not see;
// workspace.ErrNotFound.
func (s *Service) Get(ctx context.Context, actor rbac.Actor, w id.Workspace, feature id.Feature) (f Feature, err error) {
	defer fault.Wrap(&err, "feature: get")
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		facts, err := s.env.Authorize(ctx, r, actor, rbac.ViewFeatureCatalog, rbac.OnWorkspace(w), workspace.ErrNotFound)
		if err != nil {
			return err
		}
		found, err := r.Feature(ctx, feature)
		if err != nil {
			return err
		}
		var seen bool
		if f, seen = found.SeenBy(w); !seen || found.Tenant != facts.Tenant {
			return ErrNotFound
		}
		return nil
	})
	if err != nil {
		return Feature{}, err
	}
	return f, nil
}

// List returns a page of the features that a workspace sees, retired ones
// included, in the order in which they were defined: the tenant sees all of its
// catalogue, a developer workspace what is shared with it (F1). The caller needs
// feature.catalog.view in that very workspace; workspace.ErrNotFound if he has no
// place there.
func (s *Service) List(ctx context.Context, actor rbac.Actor, w id.Workspace, req page.Request) (p page.Page[Feature], err error) {
	defer fault.Wrap(&err, "feature: list")
	list := "feature.list:" + w.String()
	limit, after, err := req.ByID(list)
	if err != nil {
		return p, err
	}
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		facts, err := s.env.Authorize(ctx, r, actor, rbac.ViewFeatureCatalog, rbac.OnWorkspace(w), workspace.ErrNotFound)
		if err != nil {
			return err
		}
		q := Query{Tenant: facts.Tenant, After: id.Feature{UUID: after}, Limit: limit + 1}
		if w != facts.Tenant {
			q.SharedWith = w
		}
		all, err := r.Features(ctx, q)
		for i := range all {
			all[i], _ = all[i].SeenBy(w)
		}
		p = page.Cut(list, all, limit, func(f Feature) []byte { return f.ID.Bytes() })
		return err
	})
	return p, err
}
