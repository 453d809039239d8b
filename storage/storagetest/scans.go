package storagetest

import (
	"context"
	"slices"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/storage"
)

var scans = []testCase{
	{"scans add up", "ScanCount is the sum of all that was added to any slot of a code, several times in one call too; it is 0 where nothing was, and a unit sees what it added", func(b *bench) {
		t := b.newTown()
		other := b.short(t.program)
		b.put(other)
		b.same("the scans of a new code", b.scans(other.ID), int64(0))
		sums := map[id.QRCode]int64{t.short.ID: b.scans(t.short.ID)}
		var many []qrcode.Scans
		for i := range 5 * qrcode.Slots {
			many = append(many, qrcode.Scans{Code: []id.QRCode{t.short.ID, other.ID}[i%3%2], Slot: i % qrcode.Slots, Count: int64(i)})
		}
		for _, call := range [][]qrcode.Scans{
			{{Code: t.short.ID, Slot: 3, Count: 1}},
			{{Code: t.short.ID, Slot: 3, Count: 2}, {Code: t.short.ID, Slot: 0, Count: 5}, {Code: t.short.ID, Slot: 3, Count: 4}},
			{{Code: other.ID, Slot: qrcode.Slots - 1, Count: 1 << 40}, {Code: t.short.ID, Slot: qrcode.Slots - 1, Count: 1 << 33}},
			{{Code: other.ID, Count: 0}}, nil, {}, many,
		} {
			for _, s := range call {
				sums[s.Code] += s.Count
			}
			b.do(on(), func(ctx context.Context, tx storage.Tx) error {
				given := slices.Clone(call)
				if err := tx.AddScans(ctx, given); err != nil {
					return err
				}
				spoilAll(given)
				for c, want := range sums {
					n, err := tx.ScanCount(ctx, c)
					if err != nil {
						return err
					}
					b.same("the scans in the unit", n, want)
				}
				return nil
			})
			for c, want := range sums {
				b.same("the scans", b.scans(c), want)
			}
		}
		b.same("the scans of a direct code", b.scans(t.code.ID), int64(0))
	}},
	{"scans need no lock", "AddScans changes codes of every workspace in a unit whose scope names none", func(b *bench) {
		one, two := b.newTown(), b.newTown()
		before := []int64{b.scans(one.short.ID), b.scans(two.short.ID)}
		b.do(on(), func(ctx context.Context, tx storage.Tx) error {
			return tx.AddScans(ctx, []qrcode.Scans{{Code: two.short.ID, Slot: 1, Count: 20}, {Code: one.short.ID, Slot: 1, Count: 10}})
		})
		b.same("the scans", []int64{b.scans(one.short.ID), b.scans(two.short.ID)}, []int64{before[0] + 10, before[1] + 20})
	}},
	{"a unit that fails adds no scans", "scans that were added in a unit, or in a nested one, that failed are not counted, so that they can be added again", func(b *bench) {
		t := b.newTown()
		was := b.scans(t.short.ID)
		add := func(ctx context.Context, tx storage.Tx, n int64) error {
			return tx.AddScans(ctx, []qrcode.Scans{{Code: t.short.ID, Slot: 2, Count: n}})
		}
		b.is(b.store.Update(b.Context(), on(), func(ctx context.Context, tx storage.Tx) error {
			b.ok(add(ctx, tx, 1))
			return errStop
		}), errStop)
		b.same("the scans", b.scans(t.short.ID), was)
		b.do(on(), func(ctx context.Context, tx storage.Tx) error {
			b.ok(add(ctx, tx, 10))
			b.is(tx.Nest(ctx, on(), func(ctx context.Context, tx storage.Tx) error {
				b.ok(add(ctx, tx, 100))
				return errStop
			}), errStop)
			return add(ctx, tx, 1000)
		})
		b.same("the scans", b.scans(t.short.ID), was+1010)
	}},
	{"scans of nothing are no error", "a code that is not there keeps nobody from counting the others", func(b *bench) {
		t := b.newTown()
		was := b.scans(t.short.ID)
		b.do(on(), func(ctx context.Context, tx storage.Tx) error {
			return tx.AddScans(ctx, []qrcode.Scans{{Code: id.QRCode{UUID: b.uuid()}, Count: 1}, {Code: t.short.ID, Count: 1}, {Code: id.QRCode{UUID: b.uuid()}, Count: 1}})
		})
		b.same("the scans", b.scans(t.short.ID), was+1)
	}},
}

func (b *bench) scans(c id.QRCode) int64 {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) (int64, error) { return r.ScanCount(ctx, c) })
}
