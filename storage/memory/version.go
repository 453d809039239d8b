package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
)

// Versions returns the versions of a mini program.
func (r *reader) Versions(ctx context.Context, q miniprogram.VersionQuery) ([]miniprogram.Version, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	var list []miniprogram.Version
	for key := range r.state.versionsOf.after(q.MiniProgram.UUID, q.After.UUID) {
		if len(list) >= q.Limit {
			break
		}
		if v := r.state.versions.get(key); q.Statuses == nil || slices.Contains(q.Statuses, v.Status) {
			list = append(list, copyVersion(*v))
		}
	}
	return list, nil
}

// InsertVersion stores a new version.
func (t *tx) InsertVersion(ctx context.Context, v miniprogram.Version) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	if err := t.state.versions.free(v.ID.UUID); err != nil {
		return err
	}
	if t.state.programs.get(v.MiniProgram.UUID) == nil {
		return miniprogram.ErrNotFound
	}
	v = storedVersion(v)
	v.UploadedAt = stored(v.UploadedAt)
	t.state.versions.put(v.ID.UUID, &v)
	t.state.versionsOf.add(v.MiniProgram.UUID, v.ID.UUID)
	t.state.liveVersions.replace(link{}, liveKey(&v))
	last := t.state.lastUpload.get(v.Workspace.UUID)
	if last == nil || cmp.Or(v.UploadedAt.Compare(last.UploadedAt), v.ID.Compare(last.ID.UUID)) > 0 {
		t.state.lastUpload.put(v.Workspace.UUID, &v)
	}
	t.changed = append(t.changed, rbac.OnVersion(v.ID))
	return nil
}

// UpdateVersion stores what changes of a version.
func (t *tx) UpdateVersion(ctx context.Context, v miniprogram.Version) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	before := t.state.versions.get(v.ID.UUID)
	if before == nil {
		return miniprogram.ErrVersionNotFound
	}
	after := *before
	after.Status, after.Notes, after.Digest, after.Progress = v.Status, v.Notes, v.Digest, v.Progress
	after = storedVersion(after)
	t.state.versions.put(v.ID.UUID, &after)
	t.state.liveVersions.replace(liveKey(before), liveKey(&after))
	return nil
}

// current returns the versions of a mini program that rules depend on.
func (s *state) current(p id.UUID) (list []miniprogram.Version) {
	for key := range s.liveVersions.after(p, id.UUID{}) {
		list = append(list, copyVersion(*s.versions.get(key)))
	}
	return list
}

// liveKey is the entry of a version among those; zero for none.
func liveKey(v *miniprogram.Version) link {
	switch v.Status {
	case miniprogram.UnderReview, miniprogram.VersionApproved, miniprogram.PilotTesting,
		miniprogram.Grayscale, miniprogram.Released, miniprogram.VersionOffline:
		return link{v.MiniProgram.UUID, v.ID.UUID}
	}
	return link{}
}

// storedVersion returns a version as it is kept.
func storedVersion(v miniprogram.Version) miniprogram.Version {
	v = copyVersion(v)
	for i := range v.Progress {
		v.Progress[i].At = stored(v.Progress[i].At)
	}
	return v
}

func copyVersion(v miniprogram.Version) miniprogram.Version {
	v.JSAPIs, v.Progress = copied(v.JSAPIs), copied(v.Progress)
	if v.Notes = maps.Clone(v.Notes); len(v.Notes) == 0 {
		v.Notes = nil
	}
	return v
}
