package memory

import (
	"context"
	"slices"

	"github.com/superapp-go/superapp/id"
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

// UpdateMiniProgram replaces a stored mini program, and its terms unless they
// are nil.
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
	if terms == nil && before != nil {
		after.terms = before.terms
	}
	all := t.state.detailsOf(p.ID).information
	for i := range all {
		if another(t.state.names, after.name(&all[i])) {
			return miniprogram.ErrNameTaken
		}
	}
	t.state.programs.put(p.ID.UUID, after)
	for i := range all {
		t.state.names.replace(before.name(&all[i]), after.name(&all[i]))
	}
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

// name is the entry of a name that the mini program keeps others from; zero if
// there is no name, or it is archived.
func (p *program) name(i *miniprogram.Information) word {
	if i == nil || p.live() == 0 {
		return word{}
	}
	return word{p.Tenant.UUID, name(i.Language, i.NameKey), p.ID.UUID}
}

// name joins a language and a name; no language tag holds a NUL.
func name(language, key string) string { return language + "\x00" + key }
