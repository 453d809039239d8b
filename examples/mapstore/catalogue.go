package mapstore

import (
	"context"
	"slices"

	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/workspace"
)

func (r reader) Feature(_ context.Context, f id.Feature) (feature.Feature, error) {
	found, err := get(r.state.features, f, feature.ErrNotFound)
	return cloneFeature(found), err
}

func (r reader) Features(_ context.Context, q feature.Query) ([]feature.Feature, error) {
	return pick(r.state.features, q.Limit, func(f feature.Feature) bool {
		return f.Tenant == q.Tenant && f.ID.Compare(q.After.UUID) > 0 &&
			(q.SharedWith.IsZero() || in(f.Shared, q.SharedWith))
	}, func(a, b feature.Feature) int { return a.ID.Compare(b.ID.UUID) }, cloneFeature), nil
}

func (r reader) Catalogue(_ context.Context, l feature.Lookup) (found feature.Found, _ error) {
	for _, f := range r.state.features {
		if f.Tenant == l.Tenant && f.ID == l.Feature {
			found.Feature = cloneFeature(f)
		}
		if f.Tenant == l.Tenant && f.NameKey == l.Key {
			found.Named = f.ID
		}
	}
	for _, j := range r.state.jsapis {
		if j.Tenant == l.Tenant && slices.Contains(l.JSAPIs, j.Name) {
			found.JSAPIs = append(found.JSAPIs, j.Name)
		}
	}
	for _, w := range r.state.workspaces {
		if w.Tenant == l.Tenant && w.Kind == workspace.Developer && w.Status != workspace.Removed && slices.Contains(l.Workspaces, w.ID) {
			found.Workspaces = append(found.Workspaces, w.ID)
		}
	}
	return found, nil
}

func (r reader) JSAPI(_ context.Context, j id.JSAPI) (feature.JSAPI, error) {
	found, err := get(r.state.jsapis, j, feature.ErrJSAPINotFound)
	return cloneJSAPI(found), err
}

func (r reader) JSAPIs(_ context.Context, tenant id.Workspace, after id.JSAPI, limit int) ([]feature.JSAPI, error) {
	return pick(r.state.jsapis, limit, func(j feature.JSAPI) bool {
		return j.Tenant == tenant && j.ID.Compare(after.UUID) > 0
	}, func(a, b feature.JSAPI) int { return a.ID.Compare(b.ID.UUID) }, cloneJSAPI), nil
}

func (t *tx) PutFeature(_ context.Context, f feature.Feature) error {
	if old, ok := t.state.features[f.ID]; ok {
		f.Tenant, f.CreatedAt = old.Tenant, old.CreatedAt
	}
	for _, o := range t.state.features {
		if o.ID != f.ID && o.Tenant == f.Tenant && o.NameKey == f.NameKey {
			return feature.ErrNameTaken
		}
	}
	t.state.features[f.ID] = cloneFeature(f)
	return nil
}

func (t *tx) PutJSAPI(_ context.Context, j feature.JSAPI) error {
	if old, ok := t.state.jsapis[j.ID]; ok {
		j.Tenant, j.Name, j.CreatedAt = old.Tenant, old.Name, old.CreatedAt
	}
	for _, o := range t.state.jsapis {
		if o.ID != j.ID && o.Tenant == j.Tenant && o.Name == j.Name {
			return feature.ErrNameTaken
		}
	}
	t.state.jsapis[j.ID] = cloneJSAPI(j)
	return nil
}
