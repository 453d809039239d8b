package storagetest

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
)

var dossiers = []testCase{
	{"everything about one mini program", "Dossier reads the mini program with its profile, information by language, features, live versions and the requests that matter, in order, and nothing of another; by a version it reads that one as well, whatever its status, and by a feature that one, attached or not", func(b *bench) {
		t := b.newTown()
		other := b.program(t.developer)
		free := b.feature(t.tenant)
		b.put(other, free, b.inside(other, free), b.version(other, versionStatus(miniprogram.Released)),
			b.request(t.developer, approval.Removal, rbac.OnMiniProgram(other.ID), ofProgram(other)))
		want := t.inside.dossier()
		want.Requests = []approval.Request{t.request}
		var records []any
		for _, s := range versionStatuses {
			v := b.version(t.program, versionStatus(s))
			records = append(records, v)
			if slices.Contains(liveStatuses, s) {
				want.Live = append(want.Live, v)
			}
		}
		for _, k := range []approval.Kind{approval.VersionRelease, approval.Removal, approval.FeatureActivation} {
			for _, s := range []approval.Status{approval.InReview, approval.Approved, approval.Rejected, approval.Withdrawn, approval.Void} {
				r := b.request(t.developer, k, rbac.OnVersion(id.Version{UUID: b.uuid()}), ofProgram(t.program))
				if s != approval.InReview {
					decided(s)(&r)
				}
				records = append(records, r)
				if s == approval.InReview || k == approval.Removal && s == approval.Approved {
					want.Requests = append(want.Requests, r)
				}
			}
		}
		b.put(records...)
		want.Live = kept(want.Live, func(miniprogram.Version) bool { return true }, versionID)
		want.Requests = kept(want.Requests, func(approval.Request) bool { return true }, func(r approval.Request) id.UUID { return r.ID.UUID })
		b.sameDossier(b.dossier(t.program.ID), want)
		want.Version, want.Feature = t.version, free
		b.about("by version, with a feature")
		b.sameDossier(b.dossierOf(miniprogram.Subject{Version: t.version.ID, Feature: free.ID}), want)
		want.Version, want.Feature = want.Live[0], t.feature
		b.about("by a live version, with a feature that is attached")
		b.sameDossier(b.dossierOf(miniprogram.Subject{Version: want.Version.ID, Feature: t.feature.ID}), want)
		want.Version, want.Feature = miniprogram.Version{}, feature.Feature{}
		b.about("with a feature that there is not")
		b.sameDossier(b.dossierOf(miniprogram.Subject{MiniProgram: t.program.ID, Feature: id.Feature{UUID: b.uuid()}}), want)
	}},
	{"a mini program with nothing in it", "Dossier of a mini program of which nothing else is stored is empty but for its first information; of none at all it is miniprogram.ErrNotFound, or ErrVersionNotFound for a version", func(b *bench) {
		t := b.newTown()
		p := b.program(t.developer)
		b.put(p)
		b.sameDossier(b.dossier(p.ID), inside{of: p, information: []miniprogram.Information{p.information()}}.dossier())
		b.same("the logo", b.logo(p.ID), nil)
		b.view(func(ctx context.Context, r storage.Reader) error {
			for _, u := range []id.UUID{b.uuid(), t.developer.ID.UUID} {
				_, err := r.Dossier(ctx, miniprogram.Subject{MiniProgram: id.MiniProgram{UUID: u}})
				b.is(err, miniprogram.ErrNotFound)
				_, err = r.Dossier(ctx, miniprogram.Subject{Version: id.Version{UUID: u}, Feature: t.feature.ID})
				b.is(err, miniprogram.ErrVersionNotFound)
			}
			return nil
		})
	}},
	{"a profile is replaced as a whole", "PutProfile keeps every field, long lists too, and replaces all of what was there; nothing at all is kept as well", func(b *bench) {
		t := b.newTown()
		large := someProfile()
		c := &large.Configuration
		c.ClientID, c.MerchantID, c.Servers, c.WebViews, c.Testers = strings.Repeat("c", 200), "", nil, nil, nil
		for i := range 200 {
			c.Servers = append(c.Servers, fmt.Sprintf("%s%03d.example", strings.Repeat("a.", 100), i))
			c.WebViews = append(c.WebViews, fmt.Sprintf("*.%s%03d.example", strings.Repeat("b.", 100), i))
			c.Testers = append(c.Testers, fmt.Sprintf("%s%03d@shop.example", strings.Repeat("t", 50), i))
			large.Regions = append(large.Regions, "ZZ")
			large.Contacts = append(large.Contacts, miniprogram.Contact{Kind: "url", Value: "https://shop.example/" + strings.Repeat("ä", 100)})
		}
		large.Logo = miniprogram.Logo{SHA256: [32]byte{1}, Format: "jpeg", Size: 256 << 10, Side: 4096}
		other := someProfile()
		other.Contacts[0].Value, other.Regions = `"quotes", \slashes\ and 👩‍👦`, nil
		for _, want := range []miniprogram.Profile{large, {}, other, someProfile()} {
			b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.PutProfile(ctx, t.program.ID, want) })
			b.same("the profile", b.dossier(t.program.ID).Profile, want)
		}
	}},
	{"a logo comes back byte by byte", "PutLogo keeps up to 256 KiB of any bytes and replaces what was there; nil deletes it", func(b *bench) {
		t := b.newTown()
		large := make([]byte, 256<<10)
		for i := range large {
			large[i] = byte(i * 7)
		}
		for _, want := range [][]byte{large, {0}, nil, []byte("'\\\x00\xff%"), nil} {
			b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.PutLogo(ctx, t.program.ID, want) })
			if got := b.logo(t.program.ID); !bytes.Equal(got, want) {
				b.Fatalf("the logo has %d bytes, want %d, or others", len(got), len(want))
			}
		}
		b.same("the logo of nothing", b.logo(id.MiniProgram{UUID: b.uuid()}), nil)
	}},
	{"information is kept for each language", "PutInformation adds a language or replaces what is said in it, every field; DeleteInformation takes one away, if it is there; tags compare byte by byte and are listed so", func(b *bench) {
		t := b.newTown()
		all := map[string]miniprogram.Information{}
		for _, i := range t.inside.information {
			all[i.Language] = i
		}
		check := func() {
			b.Helper()
			want := inside{of: t.program}
			for _, i := range all {
				want.information = append(want.information, i)
			}
			b.same("the information", b.dossier(t.program.ID).Information, want.dossier().Information)
		}
		put := func(i miniprogram.Information) {
			b.Helper()
			b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
				return tx.PutInformation(ctx, t.program.MiniProgram, i)
			})
			all[i.Language] = i
			check()
		}
		check()
		for i, l := range []string{"fr", "zh-Hant-HK", "zh", "en-GB", "EN", "sr-Latn", "fr"} {
			text := strings.Repeat("\U00020000", 10*(i+1))
			put(miniprogram.Information{Language: l, Name: text, NameKey: text, Tagline: text, Description: strings.Repeat(text, 3), Keywords: []string{"b", text, "a", ""}})
		}
		put(miniprogram.Information{Language: "fr", Name: "Caisse", NameKey: "caisse"})
		for _, l := range []string{"fr", "fr", "xx", "en"} {
			b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.DeleteInformation(ctx, t.program.ID, l) })
			delete(all, l)
			check()
		}
	}},
	{"names come and go with information", "a name is taken in its language while some mini program says so: it is free once that says another, says nothing in the language, or is archived; a mini program may keep its own", func(b *bench) {
		t := b.newTown()
		second := b.program(t.tenant)
		b.put(second)
		say := func(p program, language, key string) error {
			return b.update(on(p.Workspace), func(ctx context.Context, tx storage.Tx) error {
				return tx.PutInformation(ctx, p.MiniProgram, miniprogram.Information{Language: language, Name: key, NameKey: key})
			})
		}
		taken := func(want bool) {
			b.Helper()
			b.same("whether it is taken", read(b, func(ctx context.Context, r storage.Reader) (bool, error) {
				return r.NameTaken(ctx, t.tenant.ID, "de", "kasse")
			}), want)
			if want {
				b.taken(say(second, "de", "kasse"), miniprogram.ErrNameTaken)
			}
		}
		taken(false)
		for _, away := range []func(context.Context, storage.Tx) error{
			func(ctx context.Context, tx storage.Tx) error { return tx.DeleteInformation(ctx, t.program.ID, "de") },
			func(ctx context.Context, tx storage.Tx) error {
				return tx.PutInformation(ctx, t.program.MiniProgram, miniprogram.Information{Language: "de", Name: "Theke", NameKey: "theke"})
			},
			func(ctx context.Context, tx storage.Tx) error {
				archived(&t.program)
				return tx.UpdateMiniProgram(ctx, t.program.MiniProgram, nil)
			},
		} {
			for range 2 {
				b.ok(say(t.program, "de", "kasse"))
				taken(true)
			}
			b.do(on(t.developer.ID), away)
			taken(false)
		}
		b.about("every name of the archived one is free")
		for _, i := range t.inside.information {
			b.ok(say(second, i.Language, i.NameKey))
		}
		b.ok(say(second, "de", "kasse"))
	}},
	{"times inside are UTC microseconds", "the times of features, JSAPIs, requests, attachments and steps come back in UTC, cut to their microsecond, whatever zone they were given in (S5)", func(b *bench) {
		t := b.newTown()
		for _, at := range []time.Time{time.UnixMicro(-1).UTC(), time.UnixMicro(1).UTC(), time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC)} {
			f, j, v := b.feature(t.tenant), b.jsapi(t.tenant), b.version(t.program, versionStatus(miniprogram.UnderReview))
			r := b.request(t.developer, approval.Removal, rbac.Object{Kind: rbac.KindVersion, ID: b.uuid()}, ofProgram(t.program), decided(approval.Void))
			p := b.program(t.developer)
			in := b.inside(p, f)
			set := func(at time.Time) {
				f.CreatedAt, f.UpdatedAt, j.CreatedAt, j.UpdatedAt, r.SubmittedAt, r.EndedAt = at, at, at, at, at, at
				v.Progress, in.attached[0].AttachedAt, in.attached[0].Feature = []miniprogram.Step{{Status: v.Status, At: at}}, at, f
			}
			given := at.In(time.FixedZone("elsewhere", 3600)).Add(999)
			b.about("time: %v", given)
			set(given)
			b.put(f, j, v, r, p, in)
			set(at)
			b.same("the feature", b.featureOf(f.ID), f)
			b.same("the JSAPI", b.jsapiOf(j.ID), j)
			b.same("the request", b.caseOf(r.ID).Request, r)
			b.same("the version", b.dossierOf(miniprogram.Subject{Version: v.ID}).Version, v)
			b.same("the features attached", b.dossier(p.ID).Features, in.attached)
		}
	}},
}

// versionStatuses are all statuses of a version, liveStatuses those of versions
// that rules about the mini program depend on.
var (
	liveStatuses = []miniprogram.VersionStatus{
		miniprogram.UnderReview, miniprogram.VersionApproved, miniprogram.PilotTesting, miniprogram.Grayscale,
		miniprogram.Released, miniprogram.VersionOffline,
	}
	versionStatuses = append([]miniprogram.VersionStatus{
		miniprogram.VersionNew, miniprogram.VersionRejected, miniprogram.Canceled, miniprogram.Superseded, miniprogram.RolledBack,
	}, liveStatuses...)
)

func versionStatus(s miniprogram.VersionStatus) func(*miniprogram.Version) {
	return func(v *miniprogram.Version) { v.Status = s }
}

func versionID(v miniprogram.Version) id.UUID { return v.ID.UUID }

func (b *bench) dossier(p id.MiniProgram) miniprogram.Dossier {
	b.Helper()
	return b.dossierOf(miniprogram.Subject{MiniProgram: p})
}

func (b *bench) dossierOf(s miniprogram.Subject) miniprogram.Dossier {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) (miniprogram.Dossier, error) { return r.Dossier(ctx, s) })
}

// sameDossier compares two of them part by part.
func (b *bench) sameDossier(got, want miniprogram.Dossier) {
	b.Helper()
	b.same("the mini program", got.MiniProgram, want.MiniProgram)
	b.same("the profile", got.Profile, want.Profile)
	b.same("the information", got.Information, want.Information)
	b.same("the features", got.Features, want.Features)
	b.same("the live versions", got.Live, want.Live)
	b.same("the requests", got.Requests, want.Requests)
	b.same("the version", got.Version, want.Version)
	b.same("the feature", got.Feature, want.Feature)
}

func (b *bench) logo(p id.MiniProgram) []byte {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) ([]byte, error) { return r.Logo(ctx, p) })
}
