package storagetest

import (
	"context"
	"math"
	"strings"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

var shorts = []testCase{
	{"short ids compare byte by byte", "a short id is taken with qrcode.ErrShortTaken, by the write or by the commit, whichever tenant has it, also once its code is deleted, revoked or expired: what is printed never leads elsewhere; ids that differ in case or in a blank are different, and codes without one do not stand in each other's way", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		states := []func(*qrcode.Definition){
			func(*qrcode.Definition) {}, deleted,
			func(d *qrcode.Definition) { d.RevokedAt = now }, func(d *qrcode.Definition) { d.ExpiresAt = now },
		}
		all := map[string]qrcode.Definition{}
		for i, s := range []string{"k7q2", "K7Q2", "k7Q2", "k7q", "k7q2 ", " k7q2", "k7q20", "0", "00", "1e1", "10", "-", "_", "%", "'", `\`, strings.Repeat("x", 63) + "1", strings.Repeat("x", 63) + "2"} {
			d := b.short(t.program, states[i%len(states)], func(d *qrcode.Definition) { d.Short = s })
			b.put(d, b.code(t.program))
			all[s] = d
		}
		before := b.dump()
		for s, d := range all {
			b.about("short id: %q", s)
			b.same("the code", b.scanned(s).Definition, d)
			again := b.short(other.program, func(d *qrcode.Definition) { d.Short = s })
			err := b.try(again)
			b.is(err, qrcode.ErrShortTaken)
			b.same("the kind of the error", fault.KindOf(err), fault.ErrConflict)
		}
		b.same("everything stored", b.dump(), before)
	}},
	{"a missing short id is not found", "ShortCode of what no code has is qrcode.ErrNotFound, whatever somebody writes into a link: nothing at all, what is no text, a prefix, a pattern", func(b *bench) {
		t := b.newTown()
		b.view(func(ctx context.Context, r storage.Reader) error {
			for _, s := range []string{"", "%", "nope", t.short.Short[:5], t.short.Short + "0", t.short.Short + " ", strings.ToUpper(t.short.Short), "\xff\xfe", "a\x00b", "' OR 1=1 --", strings.Repeat("9", 5000), "支付"} {
				b.about("short id: %.20q", s)
				_, err := r.ShortCode(ctx, s)
				b.is(err, qrcode.ErrNotFound)
			}
			return nil
		})
	}},
	{"a short code is found in every state", "ShortCode finds a code whatever became of it, its mini program, its workspace and its tenant, and tells their states: what a scan leads to is the library's to say", func(b *bench) {
		t := b.newTown()
		want := qrcode.Scanned{Definition: t.short, Status: t.program.Status, OwnerStatus: workspace.Verified, TenantStatus: workspace.Verified}
		check := func(change func(ctx context.Context, tx storage.Tx) error) {
			b.Helper()
			b.do(on(t.tenant.ID, t.developer.ID), change)
			b.same("the short code", b.scanned(t.short.Short), want)
			b.do(on(), func(ctx context.Context, tx storage.Tx) error {
				got, err := tx.ShortCode(ctx, t.short.Short)
				b.same("the short code in a unit", got, want)
				return err
			})
		}
		check(func(context.Context, storage.Tx) error { return nil })
		for _, s := range allStatuses() {
			t.developer.Status, want.OwnerStatus = s, s
			check(func(ctx context.Context, tx storage.Tx) error { return tx.UpdateWorkspace(ctx, t.developer) })
		}
		for _, s := range allStatuses() {
			t.tenant.Status, want.TenantStatus = s, s
			check(func(ctx context.Context, tx storage.Tx) error { return tx.UpdateWorkspace(ctx, t.tenant) })
		}
		for _, s := range []miniprogram.Status{miniprogram.Published, miniprogram.Offline, miniprogram.Archived} {
			t.program.Status, want.Status = s, s
			check(func(ctx context.Context, tx storage.Tx) error {
				return tx.UpdateMiniProgram(ctx, t.program.MiniProgram, nil)
			})
		}
		want.RevokedAt, want.ExpiresAt, want.DeletedAt, want.Revision = now, now.Add(time.Second), now.Add(2*time.Second), 2
		check(func(ctx context.Context, tx storage.Tx) error { return tx.UpdateQRCode(ctx, want.Definition) })
	}},
	{"the targets of a code come latest first", "Retargets lists those of one code, the latest revision first, below a bound, in whatever order they were stored; every field is kept", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		var want []qrcode.Retarget
		for _, n := range []int{9, 3, 2, 700, 5} {
			r := qrcode.Retarget{Revision: n, Page: "pages/menu", Params: []qrcode.Param{{Key: "z", Value: `"二`}, {Key: "z"}}, By: "u-mover", At: now.Add(time.Duration(n) * time.Microsecond)}
			if n == 3 {
				r = qrcode.Retarget{Revision: n}
			}
			b.put(target{t.short, r}, target{other.short, qrcode.Retarget{Revision: n, Page: "elsewhere"}})
			want = append(want, r)
		}
		want = []qrcode.Retarget{want[3], want[0], want[4], want[1], want[2], t.target.Retarget}
		for _, c := range []struct{ below, limit, from, to int }{
			{0, plenty, 0, 6}, {0, 2, 0, 2}, {700, 2, 1, 3}, {9, plenty, 2, 6}, {8, plenty, 2, 6}, {3, plenty, 4, 6}, {2, plenty, 5, 6}, {1, plenty, 6, 6},
			{701, 1, 0, 1}, {math.MaxInt32, plenty, 0, 6},
		} {
			b.about("%d below %d", c.limit, c.below)
			b.same("the targets", b.targets(t.short.ID, c.below, c.limit), want[c.from:c.to])
		}
		b.same("the targets of a direct code", b.targets(t.code.ID, 0, plenty), nil)
		b.same("the targets of no code", b.targets(id.QRCode{UUID: b.uuid()}, 0, plenty), nil)
	}},
	{"each revision once", "a revision that a code has had is refused, and what is stored stays: a history is not rewritten", func(b *bench) {
		t := b.newTown()
		before := b.dump()
		b.is(b.try(target{t.short, qrcode.Retarget{Revision: t.target.Revision, Page: "pages/other", At: now}}), fault.ErrExists)
		b.same("everything stored", b.dump(), before)
	}},
}

func (b *bench) scanned(short string) qrcode.Scanned {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) (qrcode.Scanned, error) { return r.ShortCode(ctx, short) })
}

func (b *bench) targets(c id.QRCode, below, limit int) []qrcode.Retarget {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) ([]qrcode.Retarget, error) {
		return r.Retargets(ctx, c, below, limit)
	})
}
