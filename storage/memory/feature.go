package memory

import (
	"context"
	"slices"

	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

// Feature returns one.
func (r *reader) Feature(ctx context.Context, f id.Feature) (feature.Feature, error) {
	if err := r.ready(ctx); err != nil {
		return feature.Feature{}, err
	}
	found := r.state.features.get(f.UUID)
	if found == nil {
		return feature.Feature{}, feature.ErrNotFound
	}
	return copyFeature(*found), nil
}

// Features returns those of the query.
func (r *reader) Features(ctx context.Context, q feature.Query) ([]feature.Feature, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	var list []feature.Feature
	for key := range r.state.featuresOf.after(q.Tenant.UUID, q.After.UUID) {
		if len(list) >= q.Limit {
			break
		}
		f := r.state.features.get(key)
		if q.SharedWith.IsZero() || f.Shared == nil || slices.Contains(f.Shared, q.SharedWith) {
			list = append(list, copyFeature(*f))
		}
	}
	return list, nil
}

// Catalogue answers what the lookup asks.
func (r *reader) Catalogue(ctx context.Context, l feature.Lookup) (f feature.Found, err error) {
	if err := r.ready(ctx); err != nil {
		return f, err
	}
	s, tenant := r.state, l.Tenant.UUID
	if found := s.features.get(l.Feature.UUID); found != nil && found.Tenant == l.Tenant {
		f.Feature = copyFeature(*found)
	}
	if l.Key != "" {
		f.Named.UUID = s.featureNames.first(tenant, l.Key)
	}
	for _, name := range l.JSAPIs {
		if !s.jsapiNames.first(tenant, name).IsZero() {
			f.JSAPIs = append(f.JSAPIs, name)
		}
	}
	for _, id := range l.Workspaces {
		w := s.workspaces.get(id.UUID)
		if w != nil && w.Tenant == l.Tenant && w.Kind == workspace.Developer && w.Status != workspace.Removed {
			f.Workspaces = append(f.Workspaces, id)
		}
	}
	return f, nil
}

// JSAPI returns one.
func (r *reader) JSAPI(ctx context.Context, j id.JSAPI) (feature.JSAPI, error) {
	if err := r.ready(ctx); err != nil {
		return feature.JSAPI{}, err
	}
	found := r.state.jsapis.get(j.UUID)
	if found == nil {
		return feature.JSAPI{}, feature.ErrJSAPINotFound
	}
	return copyJSAPI(*found), nil
}

// JSAPIs returns those of a tenant.
func (r *reader) JSAPIs(ctx context.Context, tenant id.Workspace, after id.JSAPI, limit int) ([]feature.JSAPI, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	var list []feature.JSAPI
	for key := range r.state.jsapisOf.after(tenant.UUID, after.UUID) {
		if len(list) >= limit {
			break
		}
		list = append(list, copyJSAPI(*r.state.jsapis.get(key)))
	}
	return list, nil
}

// PutFeature stores a feature, or replaces it.
func (t *tx) PutFeature(ctx context.Context, f feature.Feature) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	s := t.state
	before, replaced := s.features.get(f.ID.UUID), word{}
	switch {
	case f.ID.IsZero():
		return errNoID
	case before != nil:
		f.Tenant, f.CreatedAt = before.Tenant, before.CreatedAt
		replaced = word{f.Tenant.UUID, before.NameKey, f.ID.UUID}
	case s.workspaces.get(f.Tenant.UUID) == nil:
		return workspace.ErrNotFound
	}
	name := word{f.Tenant.UUID, f.NameKey, f.ID.UUID}
	if another(s.featureNames, name) {
		return feature.ErrNameTaken
	}
	f = copyFeature(f)
	f.CreatedAt, f.UpdatedAt = stored(f.CreatedAt), stored(f.UpdatedAt)
	s.features.put(f.ID.UUID, &f)
	s.featureNames.replace(replaced, name)
	if before == nil {
		s.featuresOf.add(f.Tenant.UUID, f.ID.UUID)
		t.changed = append(t.changed, rbac.OnFeature(f.ID))
	}
	return nil
}

// PutJSAPI stores a JSAPI, or replaces it.
func (t *tx) PutJSAPI(ctx context.Context, j feature.JSAPI) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	s := t.state
	before := s.jsapis.get(j.ID.UUID)
	switch {
	case j.ID.IsZero():
		return errNoID
	case before != nil:
		j.Tenant, j.Name, j.CreatedAt = before.Tenant, before.Name, before.CreatedAt
	case s.workspaces.get(j.Tenant.UUID) == nil:
		return workspace.ErrNotFound
	case !s.jsapiNames.first(j.Tenant.UUID, j.Name).IsZero():
		return feature.ErrNameTaken
	}
	j = copyJSAPI(j)
	j.CreatedAt, j.UpdatedAt = stored(j.CreatedAt), stored(j.UpdatedAt)
	s.jsapis.put(j.ID.UUID, &j)
	if before == nil {
		s.jsapisOf.add(j.Tenant.UUID, j.ID.UUID)
		s.jsapiNames.add(j.Tenant.UUID, j.Name, j.ID.UUID)
		t.changed = append(t.changed, rbac.OnJSAPI(j.ID))
	}
	return nil
}

func copyFeature(f feature.Feature) feature.Feature {
	f.JSAPIs = copied(f.JSAPIs)
	// Why: shared with nobody is not shared with all.
	f.Shared = slices.Clone(f.Shared)
	return f
}

func copyJSAPI(j feature.JSAPI) feature.JSAPI {
	j.Platforms = copied(j.Platforms)
	return j
}
