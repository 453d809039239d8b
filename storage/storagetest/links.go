package storagetest

import (
	"context"
	"slices"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

var links = []testCase{
	{"a link is read as it was stored", "every field of a link comes back, times in UTC and microseconds; one without mini programs, domains or maker has none", func(b *bench) {
		t := b.newTown()
		bare := b.link(t.tenant, func(l *member.Link) {
			l.Programs, l.Domains, l.Maker, l.CreatedAt, l.UpdatedAt = nil, nil, "", time.Time{}, time.Time{}
		})
		b.put(bare)
		for _, l := range []member.Link{t.link.Link, bare} {
			b.same("the link", b.lookup(member.Lookup{Link: l.ID}), member.Found{Link: l})
		}
		b.same("no link", b.lookup(member.Lookup{Link: id.Link{UUID: b.uuid()}}), member.Found{})
	}},
	{"a link is changed", "UpdateLink replaces what is stored but for ID, Workspace, Tenant and CreatedAt; one that is not stored is member.ErrLinkNotFound", func(b *bench) {
		t := b.newTown()
		after := t.link.Link
		after.Role, after.Programs, after.Domains, after.MaxUses, after.Uses = rbac.Operator, nil, []string{"a.example"}, 9, 9
		after.Validity, after.ExpiresAt, after.Generation, after.Maker = time.Hour, now.Add(time.Hour), 3, "u-other"
		after.UpdatedAt, after.RevokedAt = now.Add(time.Minute), now.Add(time.Minute)
		given := after
		given.Workspace, given.Tenant, given.CreatedAt = t.tenant.ID, id.Workspace{UUID: b.uuid()}, now.Add(time.Hour)
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateLink(ctx, given) })
		b.same("the link", b.lookup(member.Lookup{Link: after.ID}).Link, after)
		b.is(b.update(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			return tx.UpdateLink(ctx, b.link(t.developer))
		}), member.ErrLinkNotFound)
	}},
	{"a second link or token", "a link under an id that is stored, and a token under a hash that is, are refused with fault.ErrExists, and nothing of the unit is stored", func(b *bench) {
		t := b.newTown()
		before := b.dump()
		again := b.link(t.tenant)
		again.ID = t.link.ID
		b.is(b.try(linkToken{again, [32]byte{1}, 1}), fault.ErrExists)
		b.is(b.update(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			return tx.InsertLinkToken(ctx, t.link.hash, t.link.ID, 2)
		}), fault.ErrExists)
		b.same("everything stored", b.dump(), before)
	}},
	{"by a link's token", "LinkToken finds the link it was made for, its hash as stored, its generation, the workspace with the tenant's status, and the facts of who made it; Token does not find it", func(b *bench) {
		t := b.newTown()
		want := member.Found{
			Link: t.link.Link, TokenHash: t.link.hash, Generation: 1, Workspace: t.developer, TenantStatus: workspace.Verified,
			Sender: b.facts(t.admin.Account, rbac.OnWorkspace(t.developer.ID)),
		}
		b.same("what is found", b.lookup(member.Lookup{LinkToken: t.link.hash}), want)
		b.same("what is found by it as a mailed one", b.lookup(member.Lookup{Token: t.link.hash}), member.Found{})
		b.same("what is found by a mailed one", b.lookup(member.Lookup{LinkToken: t.token.hash}), member.Found{})
		near := t.link.hash
		near[31] ^= 1
		b.same("what is found by another", b.lookup(member.Lookup{LinkToken: near, Emails: []string{t.admin.Email}, Account: t.admin.Account, Admins: true}), member.Found{})
	}},
	{"who is where a link leads", "a link's token says which workspace the other parts of a Lookup look in", func(b *bench) {
		t := b.newTown()
		above := workspace.Settings{MaxBatch: 5}
		b.put(set{t.tenant.ID, above})
		got := b.lookup(member.Lookup{LinkToken: t.link.hash, Workspace: t.tenant.ID, Emails: []string{t.admin.Email, t.guest.Email}, Account: t.admin.Account, Admins: true, Settings: true})
		b.same("the open records", got.Open, kept([]member.Member{t.admin, t.guest}, func(member.Member) bool { return true }, func(m member.Member) id.UUID { return m.ID.UUID }))
		b.same("who is present", got.Present, t.admin.ID)
		b.same("the admins", got.Admins, 1)
		b.same("what is set", []workspace.Settings{got.Own, got.Above}, []workspace.Settings{t.set.Settings, above})
	}},
	{"an older token of a link", "a link that was renewed is found by its older token, with that one's generation; the platform operator's has no facts of a maker", func(b *bench) {
		t := b.newTown()
		after, newer := t.link.Link, b.hash()
		after.Generation, after.Maker = 2, ""
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			if err := tx.UpdateLink(ctx, after); err != nil {
				return err
			}
			return tx.InsertLinkToken(ctx, newer, after.ID, 2)
		})
		for generation, hash := range [][32]byte{1: t.link.hash, 2: newer} {
			if generation > 0 {
				b.same("what is found", b.lookup(member.Lookup{LinkToken: hash}), member.Found{
					Link: after, TokenHash: hash, Generation: generation, Workspace: t.developer, TenantStatus: workspace.Verified,
				})
			}
		}
	}},
	{"a link's token names its workspace", "the scope of a unit may name a workspace by the token of a link into it, an older one too", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		b.do(unit.Scope{Token: t.link.hash}, func(ctx context.Context, tx storage.Tx) error { return tx.AppendEvent(ctx, b.event(t.developer, 2)) })
		b.is(b.update(unit.Scope{Token: t.link.hash}, func(ctx context.Context, tx storage.Tx) error {
			return tx.AppendEvent(ctx, b.event(other.developer, 2))
		}), storage.ErrScope)
	}},
	{"the links of a workspace", "Links finds those of the workspace alone, by status at a time and by role, in the order of their ids, a page at a time", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		all := []member.Link{t.link.Link}
		for i := range 12 {
			l := b.link(t.developer)
			switch i % 4 {
			case 1:
				l.Uses = l.MaxUses
			case 2:
				l.ExpiresAt = now
			case 3:
				l.RevokedAt = now
			}
			if i%3 == 0 {
				l.Role, l.Uses = rbac.DeveloperAdmin, min(l.Uses, l.MaxUses)
			}
			b.put(l)
			all = append(all, l)
		}
		b.put(b.link(other.developer), b.link(t.tenant))
		key := func(l member.Link) id.UUID { return l.ID.UUID }
		for _, at := range []time.Time{now.Add(-time.Hour), now, now.Add(100 * time.Hour)} {
			for _, statuses := range [][]member.LinkStatus{nil, {}, {"other"}, {member.LinkUsable}, {member.LinkUsedUp}, {member.LinkExpired, member.LinkRevoked}, member.LinkStatuses()} {
				for _, role := range []rbac.Role{"", rbac.DeveloperAdmin, rbac.Operator} {
					q := member.LinkQuery{Workspace: t.developer.ID, Statuses: statuses, Role: role, Now: at}
					b.about("%+v", q)
					want := kept(all, func(l member.Link) bool { return nilOr(statuses, l.Status(at)) && zeroOr(role, l.Role) }, key)
					q.Limit = plenty
					b.same("the links", b.links(q), want)
					var got []member.Link
					for q.Limit = 2; ; q.After = got[len(got)-1].ID {
						page := b.links(q)
						if got = append(got, page...); len(page) < 2 {
							break
						}
					}
					b.same("the links, page by page", got, want)
				}
			}
		}
	}},
}

// A linkToken is a link with a token of it.
type linkToken struct {
	member.Link
	hash       [32]byte
	generation int
}

// link makes the record of a link that gives a role to three people.
func (b *bench) link(w workspace.Workspace, change ...func(*member.Link)) member.Link {
	return changed(member.Link{
		ID: id.Link{UUID: b.uuid()}, Workspace: w.ID, Tenant: w.Tenant, Role: rbac.Developer, Domains: []string{"people.example", "xn--bcher-kva.example"},
		MaxUses: 3, Uses: 1, Validity: 72 * time.Hour, ExpiresAt: now.Add(72 * time.Hour), Generation: 1, CreatedAt: now, UpdatedAt: now,
	}, change)
}

func (b *bench) links(q member.LinkQuery) []member.Link {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) ([]member.Link, error) { return r.Links(ctx, q) })
}

func (l linkToken) clone() linkToken {
	l.Programs, l.Domains = slices.Clone(l.Programs), slices.Clone(l.Domains)
	return l
}

func (l linkToken) spoil() {
	spoilAll(l.Programs)
	spoilAll(l.Domains)
}
