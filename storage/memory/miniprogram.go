package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

// A program is a mini program with the terms under which it is found, sorted.
type program struct {
	miniprogram.MiniProgram
	terms []string
}

// MiniProgram returns one.
func (r *reader) MiniProgram(ctx context.Context, p id.MiniProgram) (miniprogram.MiniProgram, error) {
	if err := r.ready(ctx); err != nil {
		return miniprogram.MiniProgram{}, err
	}
	found := r.state.programs.get(p.UUID)
	if found == nil {
		return miniprogram.MiniProgram{}, miniprogram.ErrNotFound
	}
	return found.MiniProgram, nil
}

// NameTaken reports whether a mini program has the name.
func (r *reader) NameTaken(ctx context.Context, tenant id.Workspace, language, key string) (bool, error) {
	if err := r.ready(ctx); err != nil {
		return false, err
	}
	return !r.state.names.first(tenant.UUID, name(language, key)).IsZero(), nil
}

// Versions returns the versions of a mini program.
func (r *reader) Versions(ctx context.Context, p id.MiniProgram, after id.Version, limit int) ([]miniprogram.Version, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	var list []miniprogram.Version
	for key := range r.state.versionsOf.after(p.UUID, after.UUID) {
		if len(list) >= limit {
			break
		}
		list = append(list, copyVersion(*r.state.versions.get(key)))
	}
	return list, nil
}

// Team returns the team of a mini program.
func (r *reader) Team(ctx context.Context, p id.MiniProgram, after id.Member, limit int) ([]miniprogram.TeamMember, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	var list []miniprogram.TeamMember
	for key := range r.state.holders.after(p.UUID, after.UUID) {
		if len(list) >= limit {
			break
		}
		m := r.state.members.get(key)
		h, _ := held(m, p)
		if !m.State.Present() || h.Team == 0 {
			continue
		}
		list = append(list, miniprogram.TeamMember{
			Member: m.ID, Name: m.Name, WorkspaceRole: m.Role, Role: h.Team.Role(), Blocked: m.State == member.Inactive,
		})
	}
	return list, nil
}

// InsertMiniProgram stores a new mini program and its terms.
func (t *tx) InsertMiniProgram(ctx context.Context, p miniprogram.MiniProgram, terms []string) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	if err := t.state.programs.free(p.ID.UUID); err != nil {
		return err
	}
	if t.state.workspaces.get(p.Workspace.UUID) == nil {
		return workspace.ErrNotFound
	}
	p.CreatedAt = stored(p.CreatedAt)
	if err := t.putProgram(nil, p, terms); err != nil {
		return err
	}
	t.state.programsOf.add(p.Workspace.UUID, p.ID.UUID)
	t.state.programsUnder.add(p.Tenant.UUID, p.ID.UUID)
	if p.Creator != "" {
		t.state.creatorsOf.add(p.Workspace.UUID, string(p.Creator), p.ID.UUID)
		t.state.creatorsUnder.add(p.Tenant.UUID, string(p.Creator), p.ID.UUID)
		t.state.creatorsUnder.add(id.UUID{}, string(p.Creator), p.ID.UUID)
	}
	t.changed = append(t.changed, rbac.OnMiniProgram(p.ID))
	return nil
}

// UpdateMiniProgram replaces a stored mini program and its terms.
func (t *tx) UpdateMiniProgram(ctx context.Context, p miniprogram.MiniProgram, terms []string) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	before := t.state.programs.get(p.ID.UUID)
	if before == nil {
		return miniprogram.ErrNotFound
	}
	p.Workspace, p.Tenant, p.Type = before.Workspace, before.Tenant, before.Type
	p.Creator, p.CreatedAt = before.Creator, before.CreatedAt
	return t.putProgram(before, p, terms)
}

// putProgram puts a mini program in the place of another, nil for none.
func (t *tx) putProgram(before *program, p miniprogram.MiniProgram, terms []string) error {
	p.UploadedAt, p.UpdatedAt = stored(p.UploadedAt), stored(p.UpdatedAt)
	after := &program{p, slices.Compact(slices.Sorted(slices.Values(terms)))}
	if by := t.state.names.first(p.Tenant.UUID, name(p.Language, p.NameKey)); after.live() == 1 && !by.IsZero() && by != p.ID.UUID {
		return miniprogram.ErrNameTaken
	}
	t.state.programs.put(p.ID.UUID, after)
	t.state.names.replace(before.name(), after.name())
	live := t.state.liveIn(p.Workspace.UUID) - before.live() + after.live()
	t.state.live.put(p.Workspace.UUID, &live)
	if before != nil {
		for _, term := range before.terms {
			t.state.terms.remove(p.Tenant.UUID, term, p.ID.UUID)
		}
	}
	for _, term := range after.terms {
		t.state.terms.add(p.Tenant.UUID, term, p.ID.UUID)
	}
	return nil
}

// live is 1 for a mini program that is not archived, else 0.
func (p *program) live() int {
	if p == nil || p.Status == miniprogram.Archived {
		return 0
	}
	return 1
}

// name is the entry of the name that the mini program keeps others from.
func (p *program) name() word {
	if p.live() == 0 {
		return word{}
	}
	return word{p.Tenant.UUID, name(p.Language, p.NameKey), p.ID.UUID}
}

// name joins a language and a name; no language tag holds a NUL.
func name(language, key string) string { return language + "\x00" + key }

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
	v = copyVersion(v)
	v.UploadedAt = stored(v.UploadedAt)
	t.state.versions.put(v.ID.UUID, &v)
	t.state.versionsOf.add(v.MiniProgram.UUID, v.ID.UUID)
	last := t.state.lastUpload.get(v.Workspace.UUID)
	if last == nil || cmp.Or(v.UploadedAt.Compare(last.UploadedAt), v.ID.Compare(last.ID.UUID)) > 0 {
		t.state.lastUpload.put(v.Workspace.UUID, &v)
	}
	t.changed = append(t.changed, rbac.OnVersion(v.ID))
	return nil
}

func copyVersion(v miniprogram.Version) miniprogram.Version {
	v.JSAPIs = copied(v.JSAPIs)
	if v.Notes = maps.Clone(v.Notes); len(v.Notes) == 0 {
		v.Notes = nil
	}
	return v
}

// PutHeld gives a member a mini program, or replaces how he holds it.
func (t *tx) PutHeld(ctx context.Context, m id.Member, h rbac.HeldProgram) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	before := t.state.members.get(m.UUID)
	if before == nil {
		return member.ErrNotFound
	}
	if t.state.programs.get(h.MiniProgram.UUID) == nil {
		return miniprogram.ErrNotFound
	}
	after := copyMember(*before)
	if i, ok := position(after.Programs, h.MiniProgram); ok {
		after.Programs[i] = h
	} else {
		after.Programs = slices.Insert(after.Programs, i, h)
	}
	t.putMember(before, &after)
	return nil
}

// held returns how a member holds a mini program.
func held(m *member.Member, p id.MiniProgram) (h rbac.HeldProgram, ok bool) {
	i, ok := position(m.Programs, p)
	if ok {
		h = m.Programs[i]
	}
	return h, ok
}

// position finds a mini program in a sorted list, or where it belongs.
func position(list []rbac.HeldProgram, p id.MiniProgram) (int, bool) {
	return slices.BinarySearchFunc(list, p, func(h rbac.HeldProgram, p id.MiniProgram) int {
		return h.MiniProgram.Compare(p.UUID)
	})
}
