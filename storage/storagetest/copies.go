package storagetest

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
)

var copies = []testCase{
	{"given values are not kept", "a record may be changed as soon as the write returns: slices and maps in it are the caller's, before the commit and after", func(b *bench) {
		t := b.sharedTown()
		b.ok(b.store.Update(b.Context(), on(), func(ctx context.Context, tx storage.Tx) error {
			mine := t.clone()
			if err := insert(ctx, tx, mine.records()...); err != nil {
				return err
			}
			mine.spoil()
			return nil
		}))
		b.check(t)
		b.ok(b.store.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			mine := t.clone()
			if err := tx.UpdateMember(ctx, mine.admin); err != nil {
				return err
			}
			if err := errors.Join(
				tx.UpdateMiniProgram(ctx, mine.program.MiniProgram, mine.program.terms), tx.UpdateVersion(ctx, mine.version),
				tx.UpdateLink(ctx, mine.link.Link), tx.UpdateQRCode(ctx, mine.code), tx.UpdateQRCode(ctx, mine.short),
				tx.PutFeature(ctx, mine.feature), tx.PutJSAPI(ctx, mine.api), mine.inside.insert(ctx, tx),
			); err != nil {
				return err
			}
			mine.spoil()
			return nil
		}))
		b.check(t)
	}},
	{"returned values are copies", "what a read returns is the caller's to change: nothing stored changes with it, whatever method read it", func(b *bench) {
		t := b.sharedTown()
		b.put(t.records()...)
		spoil := func(ctx context.Context, r storage.Reader) error {
			got, err := b.gather(ctx, r, t)
			if err != nil {
				return err
			}
			got.spoil()
			for _, query := range []member.Query{{Workspace: t.developer.ID, Limit: plenty}, {Account: t.admin.Account, Limit: plenty}} {
				people, err := r.Members(ctx, query)
				if err != nil {
					return err
				}
				for _, m := range people {
					spoilAll(m.Programs)
				}
			}
			found, err := r.Lookup(ctx, member.Lookup{Token: t.token.hash, Emails: []string{t.admin.Email}, Programs: []id.MiniProgram{t.program.ID}})
			if err != nil {
				return err
			}
			spoilAll(found.Member.Programs)
			for _, m := range found.Open {
				spoilAll(m.Programs)
			}
			if err := b.spoilLists(ctx, r, t); err != nil {
				return err
			}
			grants, err := r.Grants(ctx, t.admin.Account)
			for _, g := range grants {
				spoilAll(g.Programs)
			}
			return err
		}
		b.view(spoil)
		b.check(t)
		b.ok(b.store.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return spoil(ctx, tx) }))
		b.check(t)
		b.same("the mini programs of the grant", first(b, "grant", b.grants(t.admin.Account)).Programs, t.admin.Programs)
	}},
}

// sharedTown makes a town whose feature is shared with one workspace.
func (b *bench) sharedTown() town {
	t := b.town()
	t.feature.Shared = []id.Workspace{t.developer.ID}
	t.inside = b.inside(t.program, t.feature)
	return t
}

// spoilLists spoils what lists return.
func (b *bench) spoilLists(ctx context.Context, r storage.Reader, t town) error {
	requests, err := r.Requests(ctx, approval.Query{Workspace: t.developer.ID, Limit: plenty})
	if err != nil {
		return err
	}
	spoilAll(first(b, "request", requests).Frozen)
	features, err := r.Features(ctx, feature.Query{Tenant: t.tenant.ID, Limit: plenty})
	if err != nil {
		return err
	}
	spoilAll(first(b, "feature", features).JSAPIs)
	spoilAll(first(b, "feature", features).Shared)
	apis, err := r.JSAPIs(ctx, t.tenant.ID, id.JSAPI{}, plenty)
	if err != nil {
		return err
	}
	spoilAll(first(b, "JSAPI", apis).Platforms)
	found, err := r.Catalogue(ctx, feature.Lookup{Tenant: t.tenant.ID, Feature: t.feature.ID})
	if err != nil {
		return err
	}
	spoilAll(found.Feature.JSAPIs)
	contents, err := r.Contents(ctx, t.developer.ID)
	if err != nil {
		return err
	}
	links, err := r.Links(ctx, member.LinkQuery{Workspace: t.developer.ID, Limit: plenty})
	if err != nil {
		return err
	}
	for _, l := range append(links, contents.Links...) {
		linkToken{Link: l}.spoil()
	}
	spoilRequests(contents.Requests)
	return nil
}

// gather reads what has slices or maps in a town.
func (b *bench) gather(ctx context.Context, r storage.Reader, t town) (got town, err error) {
	if got.admin, err = r.Member(ctx, t.admin.ID); err != nil {
		return got, err
	}
	if got.guest, err = r.Member(ctx, t.guest.ID); err != nil {
		return got, err
	}
	linked, err := r.Lookup(ctx, member.Lookup{LinkToken: t.link.hash})
	if err != nil {
		return got, err
	}
	got.link.Link = linked.Link
	versions, err := r.Versions(ctx, miniprogram.VersionQuery{MiniProgram: t.program.ID, Limit: 1})
	if err != nil {
		return got, err
	}
	got.version = first(b, "version", versions)
	if err := b.gatherInside(ctx, r, t, &got); err != nil {
		return got, err
	}
	if got.code, err = r.QRCode(ctx, t.code.ID); err != nil {
		return got, err
	}
	list, err := r.QRCodes(ctx, qrcode.Query{MiniProgram: t.program.ID, Limit: 1})
	if err != nil {
		return got, err
	}
	spoilAll(first(b, "QR code", list).Params)
	scanned, err := r.ShortCode(ctx, t.short.Short)
	if err != nil {
		return got, err
	}
	got.short = scanned.Definition
	targets, err := r.Retargets(ctx, t.short.ID, 0, 1)
	if err != nil {
		return got, err
	}
	got.target.Retarget = first(b, "target", targets)
	events, err := r.Events(ctx, audit.Query{Workspace: t.developer.ID, Limit: 1})
	if err != nil {
		return got, err
	}
	got.event = first(b, "event", events)
	return got, nil
}

// gatherInside reads the rest.
func (b *bench) gatherInside(ctx context.Context, r storage.Reader, t town, got *town) error {
	d, err := r.Dossier(ctx, miniprogram.Subject{Version: t.version.ID, Feature: t.feature.ID})
	if err != nil {
		return err
	}
	got.inside = inside{of: t.program, profile: d.Profile, information: d.Information, attached: d.Features}
	spoilRequests(d.Requests)
	d.Version.Notes["en"] = "spoilt"
	spoilAll(d.Version.JSAPIs, d.Feature.JSAPIs)
	spoilAll(d.Feature.Shared)
	spoilAll(d.Version.Progress)
	for _, v := range d.Live {
		spoilAll(v.Progress)
	}
	if got.inside.logo, err = r.Logo(ctx, t.program.ID); err != nil {
		return err
	}
	if got.feature, err = r.Feature(ctx, t.feature.ID); err != nil {
		return err
	}
	if got.api, err = r.JSAPI(ctx, t.api.ID); err != nil {
		return err
	}
	c, err := r.Case(ctx, t.request.ID)
	got.request = c.Request
	return err
}

func spoilRequests(list []approval.Request) {
	for _, r := range list {
		spoilAll(r.Frozen)
	}
}

// check fails unless the town is stored as it was made.
func (b *bench) check(t town) {
	b.Helper()
	got := read(b, func(ctx context.Context, r storage.Reader) (town, error) { return b.gather(ctx, r, t) })
	b.same("the member", got.admin, t.admin)
	b.same("the guest", got.guest, t.guest)
	b.same("the link", got.link.Link, t.link.Link)
	b.same("the version", got.version, t.version)
	b.same("the QR code", got.code, t.code)
	b.same("the short code", got.short, t.short)
	b.same("its target", got.target.Retarget, t.target.Retarget)
	b.same("the event", got.event, t.event)
	b.same("the feature", got.feature, t.feature)
	b.same("the JSAPI", got.api, t.api)
	b.same("the request", got.request, t.request)
	b.same("the logo", got.inside.logo, t.inside.logo)
	b.same("the dossier", got.inside.dossier(), t.inside.dossier())
	for _, term := range t.program.terms {
		b.same("the hits", b.hits(miniprogram.Query{Filter: everything(), Prefix: term}), []miniprogram.Hit{t.program.hit(term)})
	}
}

// clone returns the town with slices and maps of its own.
func (t town) clone() town {
	t.admin.Programs, t.guest.Programs = slices.Clone(t.admin.Programs), slices.Clone(t.guest.Programs)
	t.program.terms, t.link = slices.Clone(t.program.terms), t.link.clone()
	t.version.JSAPIs, t.version.Notes = slices.Clone(t.version.JSAPIs), maps.Clone(t.version.Notes)
	t.code.Params, t.short.Params, t.target.Params = slices.Clone(t.code.Params), slices.Clone(t.short.Params), slices.Clone(t.target.Params)
	t.feature.Shared = slices.Clone(t.feature.Shared)
	t.feature.JSAPIs, t.api.Platforms = slices.Clone(t.feature.JSAPIs), slices.Clone(t.api.Platforms)
	t.request.Frozen, t.inside = slices.Clone(t.request.Frozen), t.inside.clone()
	t.version.Progress = slices.Clone(t.version.Progress)
	t.event.Data, t.event.Personal, t.event.Salt = slices.Clone(t.event.Data), slices.Clone(t.event.Personal), slices.Clone(t.event.Salt)
	return t
}

// spoil changes what the slices and maps of a town hold.
func (t town) spoil() {
	spoilAll[rbac.HeldProgram](t.admin.Programs, t.guest.Programs)
	spoilAll[string](t.program.terms, t.version.JSAPIs)
	t.link.spoil()
	spoilAll(t.code.Params, t.short.Params, t.target.Params)
	spoilAll[string](t.feature.JSAPIs)
	spoilAll(t.feature.Shared)
	spoilAll(t.api.Platforms)
	spoilAll(t.version.Progress)
	spoilRequests([]approval.Request{t.request})
	t.inside.spoil()
	spoilAll[byte](t.event.Data, t.event.Personal, t.event.Salt)
	t.version.Notes["en"], t.version.Notes["xx"] = "spoilt", "spoilt"
}

func spoilAll[T any](lists ...[]T) {
	var zero T
	for _, l := range lists {
		for i := range l {
			l[i] = zero
		}
	}
}
