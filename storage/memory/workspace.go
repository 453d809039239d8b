package memory

import (
	"context"
	"iter"
	"slices"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

// maxPublished bounds [workspace.Activity.Published].
const maxPublished = 20

// Workspace returns one.
func (r *reader) Workspace(ctx context.Context, w id.Workspace) (workspace.Workspace, error) {
	if err := r.ready(ctx); err != nil {
		return workspace.Workspace{}, err
	}
	found := r.state.workspaces.get(w.UUID)
	if found == nil {
		return workspace.Workspace{}, workspace.ErrNotFound
	}
	return *found, nil
}

// Workspaces returns those of the query, with their counts.
func (r *reader) Workspaces(ctx context.Context, q workspace.Query) ([]workspace.Summary, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	var list []workspace.Summary
	for key := range r.state.someWorkspaces(q) {
		if len(list) >= q.Limit {
			break
		}
		w := r.state.workspaces.get(key)
		if w == nil ||
			!q.Tenant.IsZero() && w.Tenant != q.Tenant ||
			q.Kind != 0 && w.Kind != q.Kind ||
			q.Statuses != nil && !slices.Contains(q.Statuses, w.Status) {
			continue
		}
		list = append(list, workspace.Summary{Workspace: *w, MiniPrograms: r.state.liveIn(key)})
	}
	return list, nil
}

// someWorkspaces walks the narrowest index that holds all of the query.
func (s *state) someWorkspaces(q workspace.Query) iter.Seq[id.UUID] {
	switch {
	case q.IDs != nil:
		return listed(q.IDs, func(w id.Workspace) id.UUID { return w.UUID }, q.After.UUID)
	case !q.Tenant.IsZero():
		return s.workspacesOf.after(q.Tenant.UUID, q.After.UUID)
	}
	return s.workspaces.after(q.After.UUID)
}

// listed returns the ids of a list that are behind after, in order, each once.
func listed[T any](list []T, key func(T) id.UUID, after id.UUID) iter.Seq[id.UUID] {
	var keys []id.UUID
	for _, x := range list {
		if k := key(x); k.Compare(after) > 0 {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, id.UUID.Compare)
	return slices.Values(slices.Compact(keys))
}

// liveIn counts the mini programs of a workspace that are not archived.
func (s *state) liveIn(w id.UUID) int {
	if n := s.live.get(w); n != nil {
		return *n
	}
	return 0
}

// Admins returns the active members with a built-in admin role.
func (r *reader) Admins(ctx context.Context, w id.Workspace, after id.Member, limit int) ([]workspace.Admin, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	var list []workspace.Admin
	for key := range r.state.admins.after(w.UUID, after.UUID) {
		if len(list) >= limit {
			break
		}
		m := r.state.members.get(key)
		list = append(list, workspace.Admin{Member: m.ID, Name: m.Name, Email: m.Email, JoinedAt: m.JoinedAt})
	}
	return list, nil
}

// Activity returns what decides about removal.
func (r *reader) Activity(ctx context.Context, w id.Workspace) (workspace.Activity, error) {
	if err := r.ready(ctx); err != nil {
		return workspace.Activity{}, err
	}
	var a workspace.Activity
	for key := range r.state.programsOf.after(w.UUID, id.UUID{}) {
		p := r.state.programs.get(key)
		if p.Status != miniprogram.Published {
			continue
		}
		if a.Published = append(a.Published, p.Name); len(a.Published) == maxPublished {
			break
		}
	}
	if v := r.state.lastUpload.get(w.UUID); v != nil {
		a.LastUpload, a.LastUploadTo = v.UploadedAt, r.state.programs.get(v.MiniProgram.UUID).Name
	}
	return a, nil
}

// InsertWorkspace stores a new workspace with an empty trail.
func (t *tx) InsertWorkspace(ctx context.Context, w workspace.Workspace) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	if err := t.state.workspaces.free(w.ID.UUID); err != nil {
		return err
	}
	if w.Tenant != w.ID && t.state.workspaces.get(w.Tenant.UUID) == nil {
		return workspace.ErrNotFound
	}
	w.CreatedAt, w.UpdatedAt = stored(w.CreatedAt), stored(w.UpdatedAt)
	t.state.workspaces.put(w.ID.UUID, &w)
	t.state.workspacesOf.add(w.Tenant.UUID, w.ID.UUID)
	t.state.heads.put(w.ID.UUID, &audit.Head{Workspace: w.ID})
	t.locked = append(t.locked, w.ID)
	t.changed = append(t.changed, rbac.OnWorkspace(w.ID))
	return nil
}

// UpdateWorkspace replaces a stored workspace.
func (t *tx) UpdateWorkspace(ctx context.Context, w workspace.Workspace) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	before := t.state.workspaces.get(w.ID.UUID)
	if before == nil {
		return workspace.ErrNotFound
	}
	w.Tenant, w.Kind, w.CreatedAt = before.Tenant, before.Kind, before.CreatedAt
	w.UpdatedAt = stored(w.UpdatedAt)
	t.state.workspaces.put(w.ID.UUID, &w)
	t.changed = append(t.changed, rbac.OnWorkspace(w.ID))
	return nil
}

// Settings returns what a workspace and its tenant set.
func (r *reader) Settings(ctx context.Context, w id.Workspace) (own, tenant workspace.Settings, err error) {
	if err := r.ready(ctx); err != nil {
		return own, tenant, err
	}
	if r.state.workspaces.get(w.UUID) == nil {
		return own, tenant, workspace.ErrNotFound
	}
	own, tenant = r.state.settingsOf(w)
	return own, tenant, nil
}

// settingsOf returns what a workspace and its tenant set; nothing for one that is
// not stored.
func (s *state) settingsOf(w id.Workspace) (own, tenant workspace.Settings) {
	found := s.workspaces.get(w.UUID)
	if found == nil {
		return own, tenant
	}
	if set := s.settings.get(w.UUID); set != nil {
		own = *set
	}
	if set := s.settings.get(found.Tenant.UUID); set != nil {
		tenant = *set
	}
	return own, tenant
}

// PutSettings stores what a workspace sets.
func (t *tx) PutSettings(ctx context.Context, w id.Workspace, s workspace.Settings) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	if t.state.workspaces.get(w.UUID) == nil {
		return workspace.ErrNotFound
	}
	t.state.settings.put(w.UUID, &s)
	return nil
}
