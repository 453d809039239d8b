package mapstore

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
)

func (r reader) Dossier(_ context.Context, s miniprogram.Subject) (d miniprogram.Dossier, err error) {
	if !s.Version.IsZero() {
		v, err := get(r.state.versions, s.Version, miniprogram.ErrVersionNotFound)
		if err != nil {
			return d, err
		}
		d.Version, s.MiniProgram = cloneVersion(v), v.MiniProgram
	}
	p, err := get(r.state.programs, s.MiniProgram, miniprogram.ErrNotFound)
	if err != nil {
		return d, err
	}
	d.MiniProgram, d.Profile = p.MiniProgram, cloneProfile(r.state.profiles[p.ID])
	d.Feature = cloneFeature(r.state.features[s.Feature])
	for k, i := range r.state.information {
		if k.program == p.ID {
			d.Information = append(d.Information, cloneInformation(i))
		}
	}
	slices.SortFunc(d.Information, func(a, b miniprogram.Information) int { return strings.Compare(a.Language, b.Language) })
	for k, at := range r.state.attached {
		if k.program == p.ID {
			f := cloneFeature(r.state.features[k.feature])
			d.Features = append(d.Features, miniprogram.Attached{Feature: f, AttachedAt: at})
		}
	}
	slices.SortFunc(d.Features, func(a, b miniprogram.Attached) int { return a.ID.Compare(b.ID.UUID) })
	d.Live = pick(r.state.versions, math.MaxInt, func(v miniprogram.Version) bool {
		return v.MiniProgram == p.ID && live(v)
	}, byVersion, cloneVersion)
	d.Requests = pick(r.state.requests, math.MaxInt, func(q approval.Request) bool {
		return q.MiniProgram == p.ID &&
			(q.Status == approval.InReview || q.Kind == approval.Removal && q.Status == approval.Approved)
	}, byRequest, cloneRequest)
	return d, nil
}

func (r reader) Logo(_ context.Context, p id.MiniProgram) ([]byte, error) {
	return slices.Clone(r.state.logos[p]), nil
}

func (r reader) NameTaken(_ context.Context, tenant id.Workspace, language, key string) (bool, error) {
	return r.state.named(program{}, tenant, miniprogram.Information{Language: language, NameKey: key}), nil
}

// named reports whether another mini program of the tenant that is not archived
// has the name in the language (P7).
func (s *state) named(but program, tenant id.Workspace, name miniprogram.Information) bool {
	for k, i := range s.information {
		p := s.programs[k.program]
		if p.ID != but.ID && p.Tenant == tenant && p.Status != miniprogram.Archived &&
			i.Language == name.Language && i.NameKey == name.NameKey {
			return true
		}
	}
	return false
}

func (r reader) Versions(_ context.Context, q miniprogram.VersionQuery) ([]miniprogram.Version, error) {
	return pick(r.state.versions, q.Limit, func(v miniprogram.Version) bool {
		return v.MiniProgram == q.MiniProgram && v.ID.Compare(q.After.UUID) > 0 && in(q.Statuses, v.Status)
	}, byVersion, cloneVersion), nil
}

func byVersion(a, b miniprogram.Version) int { return a.ID.Compare(b.ID.UUID) }

// live reports whether rules about the mini program depend on the version.
func live(v miniprogram.Version) bool {
	return slices.Contains([]miniprogram.VersionStatus{
		miniprogram.UnderReview, miniprogram.VersionApproved, miniprogram.PilotTesting,
		miniprogram.Grayscale, miniprogram.Released, miniprogram.VersionOffline,
	}, v.Status)
}

func (t *tx) InsertMiniProgram(_ context.Context, p miniprogram.MiniProgram, terms []string) error {
	return insert(t.state.programs, p.ID, newProgram(p, terms))
}

func (t *tx) UpdateMiniProgram(_ context.Context, p miniprogram.MiniProgram, terms []string) error {
	old, ok := t.state.programs[p.ID]
	if !ok {
		return miniprogram.ErrNotFound
	}
	p.Workspace, p.Tenant, p.Type, p.Creator, p.CreatedAt = old.Workspace, old.Tenant, old.Type, old.Creator, old.CreatedAt
	for k, i := range t.state.information {
		if k.program == p.ID && p.Status != miniprogram.Archived && t.state.named(old, p.Tenant, i) {
			return miniprogram.ErrNameTaken
		}
	}
	if terms == nil {
		terms = old.terms
	}
	t.state.programs[p.ID] = newProgram(p, terms)
	return nil
}

func (t *tx) PutProfile(_ context.Context, p id.MiniProgram, f miniprogram.Profile) error {
	if _, ok := t.state.programs[p]; !ok {
		return miniprogram.ErrNotFound
	}
	t.state.profiles[p] = cloneProfile(f)
	return nil
}

func (t *tx) PutInformation(_ context.Context, p miniprogram.MiniProgram, i miniprogram.Information) error {
	found, ok := t.state.programs[p.ID]
	if !ok {
		return miniprogram.ErrNotFound
	}
	if found.Status != miniprogram.Archived && t.state.named(found, found.Tenant, i) {
		return miniprogram.ErrNameTaken
	}
	t.state.information[spoken{p.ID, i.Language}] = cloneInformation(i)
	return nil
}

func (t *tx) DeleteInformation(_ context.Context, p id.MiniProgram, language string) error {
	delete(t.state.information, spoken{p, language})
	return nil
}

func (t *tx) PutLogo(_ context.Context, p id.MiniProgram, data []byte) error {
	if _, ok := t.state.programs[p]; !ok {
		return miniprogram.ErrNotFound
	}
	t.state.logos[p] = slices.Clone(data)
	return nil
}

func (t *tx) Attach(_ context.Context, p id.MiniProgram, f id.Feature, at time.Time) error {
	if _, ok := t.state.programs[p]; !ok {
		return miniprogram.ErrNotFound
	}
	if _, ok := t.state.features[f]; !ok {
		return feature.ErrNotFound
	}
	if _, ok := t.state.attached[attachment{p, f}]; !ok {
		cut(&at)
		t.state.attached[attachment{p, f}] = at
	}
	return nil
}

func (t *tx) Detach(_ context.Context, p id.MiniProgram, f id.Feature) error {
	delete(t.state.attached, attachment{p, f})
	return nil
}

func (t *tx) InsertVersion(_ context.Context, v miniprogram.Version) error {
	return insert(t.state.versions, v.ID, cloneVersion(v))
}

func (t *tx) UpdateVersion(_ context.Context, v miniprogram.Version) error {
	old, ok := t.state.versions[v.ID]
	if !ok {
		return miniprogram.ErrVersionNotFound
	}
	old.Status, old.Notes, old.Digest, old.Progress = v.Status, v.Notes, v.Digest, v.Progress
	t.state.versions[v.ID] = cloneVersion(old)
	return nil
}
