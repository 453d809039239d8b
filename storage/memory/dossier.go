package memory

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
)

// details are what a mini program has that lists do not show.
type details struct {
	profile     miniprogram.Profile
	information []miniprogram.Information // by language
	attached    []attached                // by feature
	logo        []byte
}

// attached is a feature that a mini program has.
type attached struct {
	feature id.Feature
	at      time.Time
}

// detailsOf returns those of a mini program, zero if nothing was stored.
func (s *state) detailsOf(p id.MiniProgram) details {
	if found := s.details.get(p.UUID); found != nil {
		return *found
	}
	return details{}
}

// Dossier reads a mini program with all that rules about it depend on.
func (r *reader) Dossier(ctx context.Context, of miniprogram.Subject) (d miniprogram.Dossier, err error) {
	if err := r.ready(ctx); err != nil {
		return d, err
	}
	s := r.state
	if !of.Version.IsZero() {
		v := s.versions.get(of.Version.UUID)
		if v == nil {
			return d, miniprogram.ErrVersionNotFound
		}
		d.Version, of.MiniProgram = copyVersion(*v), v.MiniProgram
	}
	p := s.programs.get(of.MiniProgram.UUID)
	if p == nil {
		return d, miniprogram.ErrNotFound
	}
	in := s.detailsOf(p.ID)
	d.MiniProgram, d.Profile, d.Live = p.MiniProgram, copyProfile(in.profile), s.current(p.ID.UUID)
	for _, i := range in.information {
		d.Information = append(d.Information, copyInformation(i))
	}
	for _, a := range in.attached {
		f := copyFeature(*s.features.get(a.feature.UUID))
		d.Features = append(d.Features, miniprogram.Attached{Feature: f, AttachedAt: a.at})
	}
	if f := s.features.get(of.Feature.UUID); f != nil {
		d.Feature = copyFeature(*f)
	}
	for key := range s.requestsNow.after(p.ID.UUID, id.UUID{}) {
		d.Requests = append(d.Requests, copyRequest(*s.requests.get(key)))
	}
	return d, nil
}

// Logo returns the bytes of a logo.
func (r *reader) Logo(ctx context.Context, p id.MiniProgram) ([]byte, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	return copied(r.state.detailsOf(p).logo), nil
}

// change changes the details of a mini program. The lists in it are shared with
// the states before: edit replaces them.
func (t *tx) change(ctx context.Context, p id.MiniProgram, edit func(*program, *details) error) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	found := t.state.programs.get(p.UUID)
	if found == nil {
		return miniprogram.ErrNotFound
	}
	in := t.state.detailsOf(p)
	if err := edit(found, &in); err != nil {
		return err
	}
	t.state.details.put(p.UUID, &in)
	return nil
}

// PutProfile stores the profile of a mini program.
func (t *tx) PutProfile(ctx context.Context, p id.MiniProgram, f miniprogram.Profile) error {
	return t.change(ctx, p, func(_ *program, in *details) error {
		in.profile = copyProfile(f)
		return nil
	})
}

// PutInformation stores what is said of a mini program in a language.
func (t *tx) PutInformation(ctx context.Context, p miniprogram.MiniProgram, i miniprogram.Information) error {
	return t.change(ctx, p.ID, func(p *program, in *details) error {
		if another(t.state.names, p.name(&i)) {
			return miniprogram.ErrNameTaken
		}
		at, ok := inLanguage(in.information, i.Language)
		before, all := word{}, slices.Clone(in.information)
		if ok {
			before, all[at] = p.name(&all[at]), copyInformation(i)
		} else {
			all = slices.Insert(all, at, copyInformation(i))
		}
		in.information = all
		t.state.names.replace(before, p.name(&i))
		return nil
	})
}

// DeleteInformation deletes what is said in a language, if anything is.
func (t *tx) DeleteInformation(ctx context.Context, p id.MiniProgram, language string) error {
	return t.change(ctx, p, func(p *program, in *details) error {
		if at, ok := inLanguage(in.information, language); ok {
			t.state.names.replace(p.name(&in.information[at]), word{})
			in.information = slices.Delete(slices.Clone(in.information), at, at+1)
		}
		return nil
	})
}

// PutLogo stores the bytes of a logo.
func (t *tx) PutLogo(ctx context.Context, p id.MiniProgram, data []byte) error {
	return t.change(ctx, p, func(_ *program, in *details) error {
		in.logo = copied(data)
		return nil
	})
}

// Attach gives a mini program a feature, if it has not got it.
func (t *tx) Attach(ctx context.Context, p id.MiniProgram, f id.Feature, at time.Time) error {
	return t.change(ctx, p, func(_ *program, in *details) error {
		if t.state.features.get(f.UUID) == nil {
			return feature.ErrNotFound
		}
		if i, ok := among(in.attached, f); !ok {
			in.attached = slices.Insert(slices.Clone(in.attached), i, attached{f, stored(at)})
		}
		return nil
	})
}

// Detach takes a feature from a mini program, if it has it.
func (t *tx) Detach(ctx context.Context, p id.MiniProgram, f id.Feature) error {
	return t.change(ctx, p, func(_ *program, in *details) error {
		if i, ok := among(in.attached, f); ok {
			in.attached = slices.Delete(slices.Clone(in.attached), i, i+1)
		}
		return nil
	})
}

// inLanguage finds what is said in a language, or where it belongs.
func inLanguage(all []miniprogram.Information, language string) (int, bool) {
	return slices.BinarySearchFunc(all, language, func(i miniprogram.Information, l string) int {
		return strings.Compare(i.Language, l)
	})
}

// among finds a feature, or where it belongs.
func among(list []attached, f id.Feature) (int, bool) {
	return slices.BinarySearchFunc(list, f, func(a attached, f id.Feature) int {
		return a.feature.Compare(f.UUID)
	})
}

func copyInformation(i miniprogram.Information) miniprogram.Information {
	i.Keywords = copied(i.Keywords)
	return i
}

func copyProfile(f miniprogram.Profile) miniprogram.Profile {
	f.Regions, f.Contacts = copied(f.Regions), copied(f.Contacts)
	c := &f.Configuration
	c.Servers, c.WebViews, c.Testers = copied(c.Servers), copied(c.WebViews), copied(c.Testers)
	return f
}
