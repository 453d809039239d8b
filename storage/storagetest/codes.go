package storagetest

import (
	"context"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/storage"
)

var codes = []testCase{
	{"a QR code comes back as it was stored", "every field is kept, parameters in their order, repeated keys and empty values included", func(b *bench) {
		t := b.newTown()
		odd := b.code(t.program, func(d *qrcode.Definition) {
			d.Page, d.Creator = "", ""
			d.Params = []qrcode.Param{{Key: "z", Value: ""}, {Key: "a", Value: `"&=%\`}, {Key: "z", Value: "二"}}
		})
		bare := b.code(t.program, func(d *qrcode.Definition) { d.Params = nil })
		for _, d := range []qrcode.Definition{odd, bare} {
			b.put(d)
			b.same("the QR code", read(b, func(ctx context.Context, r storage.Reader) (qrcode.Definition, error) {
				return r.QRCode(ctx, d.ID)
			}), d)
		}
	}},
	{"the list is of one mini program", "QRCodes lists those of the mini program in the order of their ids", func(b *bench) {
		t := b.newTown()
		second, other := b.code(t.program), b.program(t.developer)
		b.put(second, other, b.code(other))
		want := kept([]qrcode.Definition{t.code, second}, func(qrcode.Definition) bool { return true },
			codeID)
		b.same("the QR codes", read(b, func(ctx context.Context, r storage.Reader) ([]qrcode.Definition, error) {
			return r.QRCodes(ctx, t.program.ID, id.QRCode{}, plenty)
		}), want)
	}},
	{"a missing QR code is not found", "reading a QR code by an id that was never stored is qrcode.ErrNotFound", func(b *bench) {
		t := b.newTown()
		b.view(func(ctx context.Context, r storage.Reader) error {
			for _, u := range []id.UUID{b.uuid(), {}, t.program.ID.UUID} {
				_, err := r.QRCode(ctx, id.QRCode{UUID: u})
				b.is(err, qrcode.ErrNotFound)
			}
			return nil
		})
	}},
}

func codeID(d qrcode.Definition) id.UUID { return d.ID.UUID }
