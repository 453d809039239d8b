package storagetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

var catalogue = []testCase{
	{"a feature comes back as it was stored", "every field is kept, also of one that is shared with nobody, with many, or retired", func(b *bench) {
		t := b.newTown()
		for _, f := range []feature.Feature{
			b.feature(t.tenant), b.feature(t.tenant, func(f *feature.Feature) {
				f.Access, f.Retired, f.Shared = feature.Activation, true, []id.Workspace{t.developer.ID}
				f.Name, f.NameKey, f.Description = strings.Repeat("\U00020000", 64), strings.Repeat("\U00020000", 64), strings.Repeat("说明", 500)
				f.JSAPIs = nil
				for i := range 200 {
					f.JSAPIs = append(f.JSAPIs, fmt.Sprintf("my.callable.%03d", i))
				}
			}),
			b.feature(t.tenant, func(f *feature.Feature) { f.Description, f.Shared = "", []id.Workspace{} }),
		} {
			b.put(f)
			b.same("the feature", b.featureOf(f.ID), f)
		}
		b.view(func(ctx context.Context, r storage.Reader) error {
			_, err := r.Feature(ctx, id.Feature{UUID: b.uuid()})
			b.is(err, feature.ErrNotFound)
			_, err = r.JSAPI(ctx, id.JSAPI{UUID: b.uuid()})
			b.is(err, feature.ErrJSAPINotFound)
			return nil
		})
	}},
	{"a feature is replaced", "PutFeature again replaces everything but the id, the tenant and the time of creation", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		want := t.feature
		want.Name, want.NameKey, want.Description, want.JSAPIs = "Cards", "cards", "Cards only.", []string{"my.card"}
		want.Access, want.Shared, want.Retired, want.UpdatedAt = feature.Activation, []id.Workspace{t.developer.ID}, true, now.Add(time.Hour)
		given := want
		given.Tenant, given.CreatedAt = other.tenant.ID, now.Add(time.Hour)
		b.do(on(t.tenant.ID), func(ctx context.Context, tx storage.Tx) error { return tx.PutFeature(ctx, given) })
		b.same("the feature", b.featureOf(want.ID), want)
		b.same("the other tenant's", b.features(feature.Query{Tenant: other.tenant.ID}), []feature.Feature{other.feature})
		want.Shared = nil
		b.do(on(t.tenant.ID), func(ctx context.Context, tx storage.Tx) error { return tx.PutFeature(ctx, want) })
		b.same("the features for a stranger", b.features(feature.Query{Tenant: t.tenant.ID, SharedWith: other.developer.ID}), []feature.Feature{want})
	}},
	{"a JSAPI is kept and replaced", "PutJSAPI keeps every field; again it replaces everything but the id, the tenant, the name and the time of creation", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		b.same("the JSAPI", b.jsapiOf(t.api.ID), t.api)
		want := t.api
		want.Description, want.Platforms, want.UpdatedAt = "", []feature.Platform{feature.IOS}, now.Add(time.Hour)
		given := want
		given.Tenant, given.Name, given.CreatedAt = other.tenant.ID, "my.other", now.Add(time.Hour)
		b.do(on(t.tenant.ID), func(ctx context.Context, tx storage.Tx) error { return tx.PutJSAPI(ctx, given) })
		b.same("the JSAPI", b.jsapiOf(want.ID), want)
	}},
	{"who sees a feature", "SharedWith selects what is shared with all or with that workspace; what is shared with nobody only its tenant sees", func(b *bench) {
		t := b.newTown()
		second := b.developer(t.tenant)
		with := func(list ...id.Workspace) func(*feature.Feature) {
			return func(f *feature.Feature) {
				f.Shared = slices.SortedFunc(slices.Values(list), func(a, b id.Workspace) int { return a.Compare(b.UUID) })
			}
		}
		mine, theirs, both := b.feature(t.tenant, with(t.developer.ID)), b.feature(t.tenant, with(second.ID)), b.feature(t.tenant, with(second.ID, t.developer.ID))
		none := b.feature(t.tenant, func(f *feature.Feature) { f.Shared = []id.Workspace{} })
		b.put(second, mine, theirs, both, none)
		for w, want := range map[id.Workspace][]feature.Feature{
			{}:             {t.feature, mine, theirs, both, none},
			t.developer.ID: {t.feature, mine, both},
			second.ID:      {t.feature, theirs, both},
		} {
			b.about("workspace: %s", w)
			want = kept(want, func(feature.Feature) bool { return true }, func(f feature.Feature) id.UUID { return f.ID.UUID })
			b.same("the features", b.features(feature.Query{Tenant: t.tenant.ID, SharedWith: w}), want)
		}
	}},
	{"a feature is shared with many", "however many workspaces a feature is shared with, each of them sees it; once it is shared with others it is theirs alone", func(b *bench) {
		t := b.newTown()
		many := make([]id.Workspace, 123)
		for i := range many {
			w := b.developer(t.tenant)
			b.put(w)
			many[i] = w.ID
		}
		slices.SortFunc(many, func(v, w id.Workspace) int { return v.Compare(w.UUID) })
		f := b.feature(t.tenant, func(f *feature.Feature) { f.Shared = many })
		b.put(f)
		seen := func() (by []id.Workspace) {
			for _, w := range many {
				if got := b.features(feature.Query{Tenant: t.tenant.ID, SharedWith: w}); slices.ContainsFunc(got, func(x feature.Feature) bool { return x.ID == f.ID }) {
					by = append(by, w)
				}
			}
			return by
		}
		b.same("who sees it", seen(), many)
		f.Shared = many[:2]
		b.do(on(t.tenant.ID), func(ctx context.Context, tx storage.Tx) error { return tx.PutFeature(ctx, f) })
		b.same("who sees it now", seen(), many[:2])
	}},
	{"a look-up answers all at once", "Catalogue finds the tenant's feature by id and by folded name, which of the names its JSAPIs have, and which of the workspaces are its developer workspaces and not removed; zero fields ask nothing, and another tenant's are not found", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		gone := b.developer(t.tenant, func(w *workspace.Workspace) { w.Status = workspace.Removed })
		pending := b.developer(t.tenant, func(w *workspace.Workspace) { w.Status = workspace.Pending })
		second := b.jsapi(t.tenant, func(j *feature.JSAPI) { j.Name = "my.Scan" })
		b.put(gone, pending, second)
		l := feature.Lookup{
			Tenant: t.tenant.ID, Feature: t.feature.ID, Key: t.feature.NameKey, JSAPIs: []string{"my.nothing", t.api.Name, "my.scan", other.api.Name, second.Name},
			Workspaces: []id.Workspace{gone.ID, t.developer.ID, t.tenant.ID, other.developer.ID, pending.ID, {UUID: b.uuid()}},
		}
		got := b.catalogue(l)
		b.same("the feature", got.Feature, t.feature)
		b.same("the one that has the name", got.Named, t.feature.ID)
		b.same("the JSAPIs", slices.Sorted(slices.Values(got.JSAPIs)), slices.Sorted(slices.Values([]string{t.api.Name, second.Name})))
		b.same("the workspaces", kept(got.Workspaces, func(id.Workspace) bool { return true }, func(w id.Workspace) id.UUID { return w.UUID }),
			kept([]id.Workspace{t.developer.ID, pending.ID}, func(id.Workspace) bool { return true }, func(w id.Workspace) id.UUID { return w.UUID }))
		b.same("what is found, not asked for", b.catalogue(feature.Lookup{Tenant: t.tenant.ID}), feature.Found{})
		l.Feature, l.Key = other.feature.ID, other.feature.NameKey
		got = b.catalogue(l)
		b.same("another tenant's feature", got.Feature, feature.Feature{})
		b.same("the one that has another tenant's name", got.Named, id.Feature{})
	}},
	{"names are unique in a catalogue", "the folded name of a feature, and the name of a JSAPI byte by byte, is refused with feature.ErrNameTaken if another of the tenant has it, when stored and when changed; it is free in another tenant, and once the feature has another name", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		called := func(key string) func(*feature.Feature) { return func(f *feature.Feature) { f.NameKey = key } }
		second := b.feature(t.tenant)
		b.put(second)
		before := b.dump()
		b.taken(b.try(b.feature(t.tenant, called(t.feature.NameKey))), feature.ErrNameTaken)
		called(t.feature.NameKey)(&second)
		b.taken(b.try(second), feature.ErrNameTaken)
		name := func(name string) func(*feature.JSAPI) { return func(j *feature.JSAPI) { j.Name = name } }
		b.taken(b.try(b.jsapi(t.tenant, name(t.api.Name))), feature.ErrNameTaken)
		b.same("everything stored", b.dump(), before)
		for _, odd := range []string{"My.pay", "my.pay", "my.pay ", "my.pay\u0301", "my.páy", "ｍy.pay"} {
			b.put(b.jsapi(t.tenant, name(odd)), b.feature(t.tenant, called(odd)))
		}
		b.put(b.jsapi(other.tenant, name(t.api.Name)), b.feature(other.tenant, called(t.feature.NameKey)))
		was := t.feature.NameKey
		called("renamed")(&t.feature)
		b.put(t.feature)
		b.put(b.feature(t.tenant, called(was)))
	}},
	{"features are attached and detached", "Attach gives a mini program a feature, and leaves the time if it has it already; Detach takes it, if it is there; other mini programs keep theirs", func(b *bench) {
		t := b.newTown()
		second, other := b.feature(t.tenant), b.program(t.developer)
		b.put(second, other, inside{of: other, attached: []miniprogram.Attached{{Feature: t.feature, AttachedAt: now}}})
		do := func(fn func(context.Context, storage.Tx) error) { b.Helper(); b.do(on(t.developer.ID), fn) }
		attached := func(p program, want ...miniprogram.Attached) {
			b.Helper()
			want = kept(want, func(miniprogram.Attached) bool { return true }, func(a miniprogram.Attached) id.UUID { return a.ID.UUID })
			b.same("the features", b.dossier(p.ID).Features, want)
		}
		first := miniprogram.Attached{Feature: t.feature, AttachedAt: now}
		for range 2 {
			do(func(ctx context.Context, tx storage.Tx) error {
				return tx.Attach(ctx, t.program.ID, t.feature.ID, now.Add(time.Hour))
			})
			attached(t.program, first)
		}
		later := miniprogram.Attached{Feature: second, AttachedAt: now.Add(time.Minute)}
		do(func(ctx context.Context, tx storage.Tx) error {
			return tx.Attach(ctx, t.program.ID, second.ID, later.AttachedAt)
		})
		attached(t.program, first, later)
		for range 2 {
			do(func(ctx context.Context, tx storage.Tx) error { return tx.Detach(ctx, t.program.ID, t.feature.ID) })
			attached(t.program, later)
		}
		attached(other, first)
		second.Description, second.Retired = "Changed.", true
		b.put(second)
		later.Feature = second
		attached(t.program, later)
	}},
}

func (b *bench) featureOf(f id.Feature) feature.Feature {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) (feature.Feature, error) { return r.Feature(ctx, f) })
}

func (b *bench) features(q feature.Query) []feature.Feature {
	b.Helper()
	q.Limit = plenty
	return read(b, func(ctx context.Context, r storage.Reader) ([]feature.Feature, error) { return r.Features(ctx, q) })
}

func (b *bench) jsapiOf(j id.JSAPI) feature.JSAPI {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) (feature.JSAPI, error) { return r.JSAPI(ctx, j) })
}

func (b *bench) catalogue(l feature.Lookup) feature.Found {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) (feature.Found, error) { return r.Catalogue(ctx, l) })
}
