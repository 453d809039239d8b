package storagetest

import (
	"context"
	"maps"
	"slices"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
)

var copies = []testCase{
	{"given values are not kept", "a record may be changed as soon as the write returns: slices and maps in it are the caller's, before the commit and after", func(b *bench) {
		t := b.town()
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
			if err := tx.UpdateMiniProgram(ctx, mine.program.MiniProgram, mine.program.terms); err != nil {
				return err
			}
			mine.spoil()
			return nil
		}))
		b.check(t)
	}},
	{"returned values are copies", "what a read returns is the caller's to change: nothing stored changes with it, whatever method read it", func(b *bench) {
		t := b.newTown()
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

// gather reads what has slices or maps in a town.
func (b *bench) gather(ctx context.Context, r storage.Reader, t town) (got town, err error) {
	if got.admin, err = r.Member(ctx, t.admin.ID); err != nil {
		return got, err
	}
	if got.guest, err = r.Member(ctx, t.guest.ID); err != nil {
		return got, err
	}
	versions, err := r.Versions(ctx, t.program.ID, id.Version{}, 1)
	if err != nil {
		return got, err
	}
	got.version = first(b, "version", versions)
	if got.code, err = r.QRCode(ctx, t.code.ID); err != nil {
		return got, err
	}
	list, err := r.QRCodes(ctx, t.program.ID, id.QRCode{}, 1)
	if err != nil {
		return got, err
	}
	spoilAll(first(b, "QR code", list).Params)
	events, err := r.Events(ctx, audit.Query{Workspace: t.developer.ID, Limit: 1})
	if err != nil {
		return got, err
	}
	got.event = first(b, "event", events)
	return got, nil
}

// check fails unless the town is stored as it was made.
func (b *bench) check(t town) {
	b.Helper()
	got := read(b, func(ctx context.Context, r storage.Reader) (town, error) { return b.gather(ctx, r, t) })
	b.same("the member", got.admin, t.admin)
	b.same("the guest", got.guest, t.guest)
	b.same("the version", got.version, t.version)
	b.same("the QR code", got.code, t.code)
	b.same("the event", got.event, t.event)
	for _, term := range t.program.terms {
		b.same("the hits", b.hits(miniprogram.Query{Filter: everything(), Prefix: term}), []miniprogram.Hit{t.program.hit(term)})
	}
}

// clone returns the town with slices and maps of its own.
func (t town) clone() town {
	t.admin.Programs, t.guest.Programs = slices.Clone(t.admin.Programs), slices.Clone(t.guest.Programs)
	t.program.terms = slices.Clone(t.program.terms)
	t.version.JSAPIs, t.version.Notes = slices.Clone(t.version.JSAPIs), maps.Clone(t.version.Notes)
	t.code.Params = slices.Clone(t.code.Params)
	t.event.Data, t.event.Personal, t.event.Salt = slices.Clone(t.event.Data), slices.Clone(t.event.Personal), slices.Clone(t.event.Salt)
	return t
}

// spoil changes what the slices and maps of a town hold.
func (t town) spoil() {
	spoilAll[rbac.HeldProgram](t.admin.Programs, t.guest.Programs)
	spoilAll[string](t.program.terms, t.version.JSAPIs)
	spoilAll[qrcode.Param](t.code.Params)
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
