package storagetest

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
)

var codes = []testCase{
	{"a QR code comes back as it was stored", "every field is kept, parameters in their order, repeated keys and empty values included, and each time by itself", func(b *bench) {
		t := b.newTown()
		odd := b.code(t.program, func(d *qrcode.Definition) {
			d.Page, d.Creator = "", ""
			d.Params = []qrcode.Param{{Key: "z", Value: ""}, {Key: "a", Value: `"&=%\`}, {Key: "z", Value: "二"}}
		})
		bare := b.code(t.program, func(d *qrcode.Definition) { d.Params = nil })
		full := b.short(t.program, func(d *qrcode.Definition) {
			d.Revision, d.UpdatedAt, d.ExpiresAt = 1_000_000, now.Add(time.Microsecond), now.Add(2*time.Hour)
			d.RevokedAt, d.DeletedAt = now.Add(3*time.Microsecond), now.Add(4*time.Microsecond)
		})
		all := []qrcode.Definition{odd, bare, full}
		for _, set := range []func(*qrcode.Definition){
			func(d *qrcode.Definition) { d.UpdatedAt = time.Time{} }, func(d *qrcode.Definition) { d.ExpiresAt = now.Add(time.Second) },
			func(d *qrcode.Definition) { d.RevokedAt = now.Add(time.Second) }, deleted,
		} {
			all = append(all, b.short(t.program, set))
		}
		for _, d := range all {
			b.put(d)
			b.same("the QR code", b.qrCode(d.ID), d)
		}
	}},
	{"the list is of one mini program", "QRCodes lists those of the mini program in the order of their ids: those that are deleted, or the others, whether revoked, expired or not", func(b *bench) {
		t := b.newTown()
		other := b.program(t.developer)
		all := []qrcode.Definition{t.code, t.short}
		b.put(other)
		for range 4 {
			here, gone := b.code(t.program), b.short(t.program, deleted)
			ended := b.short(t.program, func(d *qrcode.Definition) { d.RevokedAt, d.ExpiresAt = now, now.Add(-time.Hour) })
			all = append(all, here, gone, ended)
			b.put(here, gone, ended, b.code(other), b.code(other, deleted))
		}
		for _, gone := range []bool{false, true} {
			want := kept(all, func(d qrcode.Definition) bool { return d.DeletedAt.IsZero() != gone }, codeID)
			b.same("the QR codes", b.qrCodes(t.program.ID, gone), want)
		}
	}},
	{"a missing QR code is not found", "reading a QR code by an id that was never stored is qrcode.ErrNotFound, and so is the default one of a mini program without one", func(b *bench) {
		t := b.newTown()
		b.view(func(ctx context.Context, r storage.Reader) error {
			for _, u := range []id.UUID{b.uuid(), {}, t.program.ID.UUID} {
				_, err := r.QRCode(ctx, id.QRCode{UUID: u})
				b.is(err, qrcode.ErrNotFound)
			}
			for _, u := range []id.UUID{b.uuid(), {}, t.program.ID.UUID, t.code.ID.UUID} {
				_, err := r.DefaultQRCode(ctx, id.MiniProgram{UUID: u})
				b.is(err, qrcode.ErrNotFound)
			}
			return nil
		})
	}},
	{"an update changes what may change", "UpdateQRCode stores name, page, parameters, revision and times, and moves the code to the list it belongs to; its mini program, whether it is the default, its short id, and who made it when stay as they were", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		other.code.Name = "Nobody touches it"
		b.do(on(other.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateQRCode(ctx, other.code) })
		change := func(want qrcode.Definition) {
			b.Helper()
			given := want
			given.MiniProgram, given.Workspace, given.Tenant, given.Default = other.program.ID, other.developer.ID, other.tenant.ID, !want.Default
			given.Short, given.Creator, given.CreatedAt = "another", "u-other", now.Add(time.Hour)
			for range 2 { // the second one changes nothing, and is no error
				b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateQRCode(ctx, given) })
				b.same("the QR code", b.qrCode(want.ID), want)
			}
			gone := !want.DeletedAt.IsZero()
			b.same("its list", kept(b.qrCodes(t.program.ID, gone), isCode(want.ID), codeID), []qrcode.Definition{want})
			b.same("the other list", kept(b.qrCodes(t.program.ID, !gone), isCode(want.ID), codeID), nil)
		}
		for _, d := range []qrcode.Definition{t.code, t.short} {
			was := d
			d.Name, d.Page, d.Params, d.Revision = "Table 8", "pages/pay", []qrcode.Param{{Key: "table", Value: "8"}}, 2
			d.UpdatedAt, d.ExpiresAt = now.Add(time.Second), now.Add(2*time.Second)
			d.RevokedAt, d.DeletedAt = now.Add(3*time.Second), now.Add(4*time.Second)
			change(d)
			change(was)
		}
		b.same("the other mini program's", b.qrCode(other.code.ID), other.code)
	}},
	{"an update of a missing code is not found", "UpdateQRCode of a code that was never stored fails with qrcode.ErrNotFound, at once or at the end of the unit", func(b *bench) {
		t := b.newTown()
		before := b.dump()
		b.is(b.update(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			return tx.UpdateQRCode(ctx, b.code(t.program))
		}), qrcode.ErrNotFound)
		b.same("everything stored", b.dump(), before)
	}},
	{"one default for each mini program", "InsertDefaultQRCode stores qrcode.DefaultOf, which is found from then on, deleted or not; a second one is refused, also while the first is deleted (Q1)", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		of := func(t town) qrcode.Definition {
			return qrcode.DefaultOf(t.program.MiniProgram, id.QRCode{UUID: b.uuid()})
		}
		stored, others := of(t), of(other)
		for _, d := range []qrcode.Definition{stored, others} {
			b.do(on(d.Workspace), func(ctx context.Context, tx storage.Tx) error {
				return tx.InsertDefaultQRCode(ctx, map[id.MiniProgram]town{t.program.ID: t, other.program.ID: other}[d.MiniProgram].program.MiniProgram, d.ID)
			})
		}
		b.same("by id", b.qrCode(stored.ID), stored)
		for range 2 {
			b.same("the default one", b.defaultCode(t.program.ID), stored)
			b.same("the default one of the other", b.defaultCode(other.program.ID), others)
			before := b.dump()
			b.is(b.try(of(t)), fault.ErrExists)
			b.same("everything stored", b.dump(), before)
			deleted(&stored)
			b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateQRCode(ctx, stored) })
		}
	}},
	{"facts about QR codes", "facts know every code, whatever its state: of the default one, too, and of a code that is deleted, revoked or expired", func(b *bench) {
		t := b.newTown()
		all := []qrcode.Definition{t.code, t.short, qrcode.DefaultOf(t.program.MiniProgram, id.QRCode{UUID: b.uuid()}),
			b.short(t.program, deleted, func(d *qrcode.Definition) { d.RevokedAt, d.ExpiresAt, d.Creator = now, now, t.admin.Account })}
		b.put(all[2], all[3])
		for _, d := range all {
			f := b.facts(t.admin.Account, rbac.OnQRCode(d.ID))
			b.same("the mini program", f.MiniProgram, t.program.ID)
			b.same("the owner and the tenant", []id.Workspace{f.Owner, f.Tenant}, []id.Workspace{t.developer.ID, t.tenant.ID})
			b.same("the team role", f.Team, rbac.MiniProgramAdmin.Key())
			b.same("whether he made it", f.Own, d.Creator == t.admin.Account)
		}
	}},
}

func codeID(d qrcode.Definition) id.UUID { return d.ID.UUID }

// isCode selects one code.
func isCode(c id.QRCode) func(qrcode.Definition) bool {
	return func(d qrcode.Definition) bool { return d.ID == c }
}

// deleted is the change that deletes a code.
func deleted(d *qrcode.Definition) { d.DeletedAt = now.Add(time.Minute) }

func (b *bench) qrCode(c id.QRCode) qrcode.Definition {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) (qrcode.Definition, error) { return r.QRCode(ctx, c) })
}

func (b *bench) defaultCode(p id.MiniProgram) qrcode.Definition {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) (qrcode.Definition, error) { return r.DefaultQRCode(ctx, p) })
}

func (b *bench) qrCodes(p id.MiniProgram, gone bool) []qrcode.Definition {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) ([]qrcode.Definition, error) {
		return r.QRCodes(ctx, qrcode.Query{MiniProgram: p, Deleted: gone, Limit: plenty})
	})
}
