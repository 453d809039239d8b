package storagetest

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

var values = []testCase{
	{"ids compare byte by byte", "ids are 16 bytes, ordered as unsigned ones: those that differ in one bit, contain zeros or look like letters in two cases are different (S5)", func(b *bench) {
		var all []workspace.Workspace
		for _, u := range []id.UUID{
			{15: 1}, {14: 1}, {0: 1}, {0: 'a'}, {0: 'A'}, {0: 'a', 1: ' '}, {0: 'a', 15: ' '}, {0: 0x7f}, {0: 0x80}, {0: 0xff},
			{0: 0x80, 15: 1}, {0: 1, 8: 0x80}, {0: 1, 8: 0x7f}, {0: '\''}, {0: '%'}, {0: 'a', 1: 'B'}, {0: 'A', 1: 'b'},
		} {
			w := b.tenant(func(w *workspace.Workspace) { w.ID = id.Workspace{UUID: u} })
			b.put(w)
			all = append(all, w)
		}
		var got []workspace.Workspace
		for _, s := range b.summaries(workspace.Query{Limit: plenty}) {
			got = append(got, s.Workspace)
		}
		b.same("the list", got, kept(all, func(workspace.Workspace) bool { return true }, func(w workspace.Workspace) id.UUID { return w.ID.UUID }))
		for _, w := range all {
			b.same("the workspace", b.workspace(w.ID), w)
		}
	}},
	{"accounts compare byte by byte", "accounts that differ in case, accents, width, composition or trailing spaces are different people", func(b *bench) {
		t := b.tenant()
		b.put(t)
		all := map[id.Account]member.Member{}
		for _, a := range []id.Account{"a", "A", "a ", " a", "a  ", "á", "a\u0301", "ａ", "ß", "ss", "%", "_", "'", "a'--", `\`, "0", "00", "1e1", "10", "\U0001f600"} {
			all[a] = b.member(t, rbac.WorkspaceAdmin, account(a), func(m *member.Member) { m.Email = "" })
			b.put(all[a])
		}
		for a, m := range all {
			b.about("account: %q", a)
			b.same("who is present", b.lookup(member.Lookup{Workspace: t.ID, Account: a}).Present, m.ID)
			b.same("whose facts", b.facts(a, rbac.OnWorkspace(t.ID)).Home.Member, m.ID)
			b.same("the list", b.people(member.Query{Account: a, Limit: plenty}), []member.Member{m})
			grants := b.grants(a)
			b.same("whose grant", first(b, "grant", grants).Member, m.ID)
			b.same("the number of grants", len(grants), 1)
		}
	}},
	{"e-mails and names compare byte by byte", "what is stored is folded already: a store folds nothing more, so that every store agrees on what is the same", func(b *bench) {
		t := b.tenant()
		b.put(t)
		for _, s := range []string{"a@x.example", "A@x.example", "a@x.example ", "á@x.example", "a\u0301@x.example", "ß@x.example", "ss@x.example"} {
			b.about("text: %q", s)
			m := b.member(t, rbac.WorkspaceReviewer, func(m *member.Member) { m.Email = s })
			p := b.program(t, named("en", s))
			b.put(m, p)
			b.same("the members", b.people(member.Query{Email: s, Limit: plenty}), []member.Member{m})
			b.same("the open records", b.lookup(member.Lookup{Workspace: t.ID, Emails: []string{s}}).Open, []member.Member{m})
			b.same("the hits of the whole term", first(b, "hit", b.hits(miniprogram.Query{Filter: everything(), Prefix: s})).MiniProgram, p.MiniProgram)
		}
	}},
	{"times are UTC microseconds", "every time comes back in UTC, cut to its microsecond, whatever zone it was given in; zero stays zero; far times are fine", func(b *bench) {
		t := b.newTown()
		zone := time.FixedZone("elsewhere", 3600)
		for i, at := range []time.Time{
			time.UnixMicro(1).UTC(), time.UnixMicro(0).UTC(), time.UnixMicro(-1).UTC(), time.UnixMicro(999999).UTC(),
			time.Date(1969, 12, 31, 23, 59, 59, 1000, time.UTC), time.Date(2026, 10, 25, 2, 30, 0, 999999000, time.UTC),
			time.Date(2106, 2, 7, 6, 28, 16, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC),
		} {
			m, w, p := b.member(t.developer, rbac.Operator), b.tenant(), b.program(t.developer)
			v, c, e := b.version(p), b.short(p), b.event(t.developer, uint64(i+2))
			moved := firstTarget(c)
			set := func(at time.Time) {
				m.CreatedAt, m.UpdatedAt, m.JoinedAt = at, at, at
				m.Invitation = member.Invitation{SentAt: at, ExpiresAt: at, Generation: 1}
				w.CreatedAt, w.UpdatedAt = at, at
				p.CreatedAt, p.UpdatedAt, p.UploadedAt = at, at, at
				v.UploadedAt, e.At, moved.At = at, at, at
				c.CreatedAt, c.UpdatedAt, c.ExpiresAt, c.RevokedAt, c.DeletedAt = at, at, at, at, at
			}
			check := func() {
				b.same("the member", b.find(m.ID), m)
				b.same("the workspace", b.workspace(w.ID), w)
				b.same("the mini program", b.miniProgram(p.ID), p.MiniProgram)
				b.same("the QR code", b.qrCode(c.ID), c)
			}
			given := at.In(zone).Add(999)
			b.about("time: %v", given)
			set(given)
			b.put(m, w, p, v, c, moved, e)
			set(at)
			check()
			b.same("the versions", b.versions(p.ID), []miniprogram.Version{v})
			b.same("the targets", b.targets(c.ID, 0, plenty), []qrcode.Retarget{moved.Retarget})
			b.same("the event", b.events(audit.Query{Workspace: t.developer.ID, After: e.Seq - 1, Limit: 1}), []audit.Event{e})
			b.same("the head's time", b.head(t.developer.ID).At, at)
			set(given)
			b.do(on(t.developer.ID, w.ID), func(ctx context.Context, tx storage.Tx) error {
				return errors.Join(tx.UpdateMember(ctx, m), tx.UpdateWorkspace(ctx, w), tx.UpdateMiniProgram(ctx, p.MiniProgram, p.terms), tx.UpdateQRCode(ctx, c))
			})
			set(at)
			check()
		}
		b.same("a time that is not set", b.find(t.guest.ID).JoinedAt.IsZero(), true)
	}},
	{"text comes back as it was", "any valid text is kept: emoji, every script, combining marks, line ends, quotes, and nothing at all", func(b *bench) {
		t := b.newTown()
		for _, s := range []string{
			"支付宝小程序", "こんにちは", "안녕", "שלום", "नमस्ते", "👩‍👩‍👧‍👦 🇨🇳", "é e\u0301 ﬁ İ ı", "\U0010ffff\ufffd\u200b", "line\r\nend\ttab", `"quotes" 'and' \slashes\ %s $1 ?`, " space ", "",
		} {
			b.about("text: %q", s)
			c := b.code(t.program, func(d *qrcode.Definition) { d.Name, d.Page, d.Params = s, s, []qrcode.Param{{Key: s, Value: s}} })
			moved := firstTarget(c)
			m := b.member(t.developer, rbac.Operator, func(m *member.Member) { m.Name, m.NameKey = s, s })
			w := b.developer(t.tenant, func(w *workspace.Workspace) {
				w.Name, w.Business = s, workspace.Business{Company: s, Address: s, Scope: s, Representative: s, Email: s}
			})
			v := b.version(t.program, func(v *miniprogram.Version) {
				v.Package.Reference, v.JSAPIs, v.Notes = s, []string{s, s}, map[string]string{s: s}
			})
			b.put(m, w, v, c, moved)
			b.same("the QR code", b.qrCode(c.ID), c)
			b.same("the targets", b.targets(c.ID, 0, plenty), []qrcode.Retarget{moved.Retarget})
			b.same("the member", b.find(m.ID), m)
			b.same("the workspace", b.workspace(w.ID), w)
			for _, got := range b.versions(t.program.ID) {
				if got.ID == v.ID {
					b.same("the version", got, v)
				}
			}
		}
	}},
	{"large values fit", "a name of 64 characters of four bytes, an account of 255 bytes, a reference of 512 and long notes fit, are found and stay different to the last byte", func(b *bench) {
		t := b.newTown()
		name, name2 := strings.Repeat("\U00020000", 64), strings.Repeat("\U00020000", 63)+"\U00020001"
		long := strings.Repeat("ä", 127)
		a, a2 := id.Account(long+"1"), id.Account(long+"2")
		m := b.member(t.developer, rbac.Operator, account(a), func(m *member.Member) {
			m.Name, m.NameKey, m.Email = name, name, strings.Repeat("l", 64)+"@"+strings.Repeat("d.", 90)+"example"
		})
		m2 := b.member(t.developer, rbac.Operator, account(a2), func(m *member.Member) { m.Name, m.NameKey = name2, name2 })
		p, p2 := b.program(t.developer, named("zh-Hans", name)), b.program(t.developer, named("zh-Hans", name2))
		v := b.version(p, func(v *miniprogram.Version) {
			v.Package.Reference, v.Notes = strings.Repeat("r", 512), map[string]string{"en": strings.Repeat("note ", 4000)}
		})
		p.Creator = a
		b.put(m, m2, p, p2, v)
		b.same("the member", b.find(m.ID), m)
		b.same("who is present", b.lookup(member.Lookup{Workspace: t.developer.ID, Account: a2}).Present, m2.ID)
		b.same("the members by e-mail", b.people(member.Query{Email: m.Email, Limit: plenty}), []member.Member{m})
		b.same("the hits", b.hits(miniprogram.Query{Filter: everything(), Prefix: name}), []miniprogram.Hit{p.hit(name)})
		b.same("the versions", b.versions(p.ID), []miniprogram.Version{v})
		taken := read(b, func(ctx context.Context, r storage.Reader) (bool, error) {
			return r.NameTaken(ctx, t.tenant.ID, "zh-Hans", name)
		})
		b.same("whether the name is taken", taken, true)
	}},
}
