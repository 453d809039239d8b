package storagetest

import (
	"context"

	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/storage"
)

// codeRaces are the cases about concurrency for QR codes.
var codeRaces = []testCase{
	{"the last line holds for short ids", "units in different tenants that store a short id at once leave one: the others get qrcode.ErrShortTaken, and draw another", func(b *bench) {
		towns := []town{b.newTown(), b.newTown()}
		all := make([]qrcode.Definition, many)
		for i := range all {
			all[i] = b.short(towns[i%2].program, func(d *qrcode.Definition) { d.Short = "same" })
		}
		b.winners(b.race(many, func(i int, s storage.Store) error {
			return s.Update(b.Context(), on(all[i].Workspace), func(ctx context.Context, tx storage.Tx) error { return tx.InsertQRCode(ctx, all[i]) })
		}), 1, qrcode.ErrShortTaken)
	}},
	{"no scan is lost", "units that add scans to the same codes at once, in any order and without a lock, all end, and every scan is counted", func(b *bench) {
		t := b.newTown()
		codes := []qrcode.Definition{t.short, b.short(t.program), b.short(t.program)}
		b.put(codes[1], codes[2])
		before := b.scans(t.short.ID)
		const rounds = 5
		b.winners(b.race(many, func(i int, s storage.Store) error {
			for n := range rounds {
				if err := s.Update(b.Context(), on(), func(ctx context.Context, tx storage.Tx) error {
					var add []qrcode.Scans
					for k := range 2 * len(codes) {
						add = append(add, qrcode.Scans{Code: codes[(i+k)%len(codes)].ID, Slot: (n + k/len(codes)) % 2, Count: 1})
					}
					return tx.AddScans(ctx, add)
				}); err != nil {
					return err
				}
			}
			return nil
		}), many, nil)
		for i, c := range codes {
			was := []int64{before, 0, 0}[i]
			b.same("the scans", b.scans(c.ID), was+2*rounds*many)
		}
	}},
}
