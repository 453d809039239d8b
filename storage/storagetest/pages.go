package storagetest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

// A cursor is the place of an item in a list; its fields decide in their order.
type cursor struct {
	seq  uint64
	term string
	id   id.UUID
}

func (c cursor) compare(d cursor) int {
	return cmp.Or(cmp.Compare(c.seq, d.seq), strings.Compare(c.term, d.term), c.id.Compare(d.id))
}

// A list is one way to list something of a town: fetch reads a page, add stores
// one more item that belongs in the list.
type list struct {
	name  string
	fetch func(ctx context.Context, r storage.Reader, after cursor, limit int) ([]cursor, error)
	add   func()
}

var pages = []testCase{
	{"pages are stable while items come", "in every list, whatever its filter, pages ask for the place behind the last item: each item that was there from the beginning comes exactly once, in order, however many are stored meanwhile; a page is as long as its limit while there is enough, and the page behind the last is empty", func(b *bench) {
		b.eachList(func(b *bench, l list) {
			for range 4 {
				l.add()
			}
			for limit := 1; limit <= 4; limit++ {
				b.same("the length of a page that could be longer", len(b.fetch(l, cursor{}, limit)), limit)
			}
			for _, limit := range []int{1, 3, 50} {
				b.about("list: %s, %d a page", l.name, limit)
				b.walk(l, limit)
			}
		})
	}},
	{"a list with nothing in it is empty", "a list that finds nothing is nil or empty, never an error", func(b *bench) {
		t := b.town()
		for _, l := range b.lists(t) {
			b.about("list: %s", l.name)
			b.same("the page", b.fetch(l, cursor{}, 10), nil)
		}
	}},
}

// eachList runs fn for every list, each on a store of its own with one town.
func (b *bench) eachList(fn func(*bench, list)) {
	b.Helper()
	for i, l := range b.lists(b.town()) {
		b.Run(l.name, func(t *testing.T) { // which gives its store back at its end
			b := newBench(t, b.open)
			l := b.lists(b.newTown())[i]
			b.about("list: %s", l.name)
			fn(b, l)
		})
	}
}

// walk reads a list page by page, adding an item after each of the first pages.
func (b *bench) walk(l list, limit int) {
	b.Helper()
	first := b.fetch(l, cursor{}, plenty)
	var seen []cursor
	adds := 4
	for after := (cursor{}); ; {
		page := b.fetch(l, after, limit)
		if len(page) == 0 {
			break
		}
		if len(page) > limit {
			b.Fatalf("a page has %d items, want at most %d%s", len(page), limit, b.told)
		}
		for _, c := range page {
			if c.compare(after) <= 0 {
				b.Fatalf("item %+v comes after %+v: out of order, or twice%s", c, after, b.told)
			}
			seen, after = append(seen, c), c
		}
		if adds > 0 {
			adds--
			l.add()
		}
	}
	if len(seen) == 0 {
		b.Fatalf("the list is empty%s", b.told)
	}
	was := map[cursor]bool{}
	for _, c := range seen {
		was[c] = true
	}
	for _, c := range first {
		if !was[c] {
			b.Fatalf("item %+v was there all the time and never came%s", c, b.told)
		}
	}
	b.same("the page behind the last item", b.fetch(l, seen[len(seen)-1], limit), nil)
}

func (b *bench) fetch(l list, after cursor, limit int) []cursor {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) ([]cursor, error) { return l.fetch(ctx, r, after, limit) })
}

// lists returns every list of the port with each of its filters, over a town,
// by name.
func (b *bench) lists(t town) []list {
	all := slices.Concat(b.memberLists(t), b.programLists(t), b.requestLists(t), b.catalogueLists(t))
	for name, q := range map[string]workspace.Query{
		"all": {}, "of a tenant": {Tenant: t.tenant.ID}, "by kind": {Kind: workspace.Developer}, "by status": {Statuses: allStatuses()},
	} {
		all = append(all, list{"workspaces " + name, func(ctx context.Context, r storage.Reader, after cursor, limit int) ([]cursor, error) {
			q.After, q.Limit = id.Workspace{UUID: after.id}, limit
			found, err := r.Workspaces(ctx, q)
			return cursors(found, func(s workspace.Summary) id.UUID { return s.ID.UUID }), err
		}, func() { b.put(b.developer(t.tenant)) }})
	}
	seq, above := uint64(1), uint64(0)
	all = append(all,
		list{"versions", func(ctx context.Context, r storage.Reader, after cursor, limit int) ([]cursor, error) {
			found, err := r.Versions(ctx, miniprogram.VersionQuery{MiniProgram: t.program.ID, After: id.Version{UUID: after.id}, Limit: limit})
			return cursors(found, func(v miniprogram.Version) id.UUID { return v.ID.UUID }), err
		}, func() { b.put(b.version(t.program)) }},
		list{"versions by status", func(ctx context.Context, r storage.Reader, after cursor, limit int) ([]cursor, error) {
			found, err := r.Versions(ctx, miniprogram.VersionQuery{MiniProgram: t.program.ID, Statuses: []miniprogram.VersionStatus{miniprogram.VersionNew, miniprogram.Released}, After: id.Version{UUID: after.id}, Limit: limit})
			return cursors(found, versionID), err
		}, func() { b.put(b.version(t.program), b.version(t.program, versionStatus(miniprogram.Canceled))) }},
		list{"events", func(ctx context.Context, r storage.Reader, after cursor, limit int) ([]cursor, error) {
			found, err := r.Events(ctx, audit.Query{Workspace: t.developer.ID, After: after.seq, Limit: limit})
			var cs []cursor
			for _, e := range found {
				cs = append(cs, cursor{seq: e.Seq})
			}
			return cs, err
		}, func() { seq++; b.put(b.event(t.developer, seq)) }},
		list{"events about an object", func(ctx context.Context, r storage.Reader, after cursor, limit int) ([]cursor, error) {
			found, err := r.Events(ctx, audit.Query{Workspace: t.tenant.ID, Object: rbac.OnFeature(t.feature.ID), Verbs: []audit.Verb{"feature.edited"}, After: after.seq, Limit: limit})
			var cs []cursor
			for _, e := range found {
				cs = append(cs, cursor{seq: e.Seq})
			}
			return cs, err
		}, func() {
			about, other := b.event(t.tenant, above+2), b.event(t.tenant, above+1)
			about.Object, about.Verb = rbac.OnFeature(t.feature.ID), "feature.edited"
			above += 2
			b.put(other, about)
		}},
	)
	slices.SortFunc(all, func(a, b list) int { return strings.Compare(a.name, b.name) })
	return all
}

// memberLists are the lists of people.
func (b *bench) memberLists(t town) (all []list) {
	add := func(change ...func(*member.Member)) func() {
		change = append(change, func(m *member.Member) { m.Name, m.NameKey = "Li Wei", "li wei" })
		return func() { b.put(b.member(t.developer, rbac.DeveloperAdmin, change...)) }
	}
	team := holding(rbac.MiniProgramAdmin.Key(), t.program)
	for name, c := range map[string]struct {
		q   member.Query
		add func()
	}{
		"all":                {member.Query{}, add()},
		"of a workspace":     {member.Query{Workspace: t.developer.ID}, add()},
		"of a tenant":        {member.Query{Tenant: t.tenant.ID}, add()},
		"by account":         {member.Query{Account: "u-same"}, add(account("u-same"), state(member.Deleted))},
		"by e-mail":          {member.Query{Email: "same@people.example"}, add(state(member.Withdrawn), func(m *member.Member) { m.Email = "same@people.example" })},
		"by status":          {member.Query{Statuses: []member.Status{member.StatusSent, member.StatusActive}, Now: now}, add(invited)},
		"by end of validity": {member.Query{ExpiresBefore: now.Add(1000 * time.Hour)}, add(invited)},
		"by role":            {member.Query{Roles: []rbac.Role{rbac.DeveloperAdmin, rbac.Developer}}, add()},
		"by name":            {member.Query{Name: "i w"}, add()},
		"by mini program":    {member.Query{MiniProgram: t.program.ID}, add(team)},
		"by most of it": {member.Query{Workspace: t.developer.ID, Statuses: []member.Status{member.StatusActive}, Now: now,
			Roles: []rbac.Role{rbac.DeveloperAdmin}, Name: "wei", MiniProgram: t.program.ID}, add(team)},
	} {
		all = append(all, list{"members " + name, func(ctx context.Context, r storage.Reader, after cursor, limit int) ([]cursor, error) {
			c.q.After, c.q.Limit = id.Member{UUID: after.id}, limit
			found, err := r.Members(ctx, c.q)
			return cursors(found, func(m member.Member) id.UUID { return m.ID.UUID }), err
		}, c.add})
	}
	return append(all,
		list{"admins", func(ctx context.Context, r storage.Reader, after cursor, limit int) ([]cursor, error) {
			found, err := r.Admins(ctx, t.developer.ID, id.Member{UUID: after.id}, limit)
			return cursors(found, func(a workspace.Admin) id.UUID { return a.Member.UUID }), err
		}, add()},
		list{"eligible", func(ctx context.Context, r storage.Reader, after cursor, limit int) ([]cursor, error) {
			found, err := r.Eligible(ctx, miniprogram.EligibleQuery{Workspace: t.developer.ID, MiniProgram: t.program.ID, Roles: []rbac.Role{rbac.DeveloperAdmin, rbac.Operator}, After: id.Member{UUID: after.id}, Limit: limit})
			return cursors(found, func(m miniprogram.TeamMember) id.UUID { return m.Member.UUID }), err
		}, add(team)},
		list{"team", func(ctx context.Context, r storage.Reader, after cursor, limit int) ([]cursor, error) {
			found, err := r.Team(ctx, t.program.ID, id.Member{UUID: after.id}, limit)
			return cursors(found, func(m miniprogram.TeamMember) id.UUID { return m.Member.UUID }), err
		}, add(team)})
}

// programLists are the lists of mini programs and their QR codes.
func (b *bench) programLists(t town) (all []list) {
	only := func(f rbac.Filter) miniprogram.Query {
		f.Statuses = allStatuses()
		return miniprogram.Query{Filter: f}
	}
	tenant, space := []id.Workspace{t.tenant.ID}, []id.Workspace{t.developer.ID}
	with := func(change func(*miniprogram.Query)) miniprogram.Query {
		q := only(rbac.Filter{All: true})
		change(&q)
		return q
	}
	several := func(p *program) { p.terms = []string{"kb" + p.NameKey, "ka" + p.NameKey, "kc"} }
	for name, q := range map[string]miniprogram.Query{
		"all":                 only(rbac.Filter{All: true}),
		"of tenants":          only(rbac.Filter{Tenants: tenant}),
		"of workspaces":       only(rbac.Filter{Workspaces: space}),
		"made in tenants":     only(rbac.Filter{OwnTenants: tenant, Creator: "u-creator"}),
		"made in workspaces":  only(rbac.Filter{OwnWorkspaces: space, Creator: "u-creator"}),
		"of overlapping arms": only(rbac.Filter{Tenants: tenant, Workspaces: space, MiniPrograms: []id.MiniProgram{t.program.ID}, OwnTenants: tenant, OwnWorkspaces: space, Creator: "u-creator"}),
		"by workspace":        with(func(q *miniprogram.Query) { q.Workspace = t.developer.ID }),
		"by tenant":           with(func(q *miniprogram.Query) { q.Tenant = t.tenant.ID }),
		"by creator":          with(func(q *miniprogram.Query) { q.Creator = "u-creator" }),
		"by type":             with(func(q *miniprogram.Query) { q.Type = miniprogram.DSL }),
		"by status": with(func(q *miniprogram.Query) {
			q.Statuses = []miniprogram.Status{miniprogram.InDevelopment, miniprogram.Offline}
		}),
		"by prefix":                 with(func(q *miniprogram.Query) { q.Prefix = "k" }),
		"by prefix, of the arms":    {Filter: only(rbac.Filter{Tenants: tenant, Workspaces: space}).Filter, Prefix: "k"},
		"by a prefix that all have": with(func(q *miniprogram.Query) { q.Prefix = "kc" }),
	} {
		all = append(all, list{"mini programs " + name, func(ctx context.Context, r storage.Reader, after cursor, limit int) ([]cursor, error) {
			q.AfterTerm, q.After, q.Limit = after.term, id.MiniProgram{UUID: after.id}, limit
			found, err := r.MiniPrograms(ctx, q)
			var cs []cursor
			for _, h := range found {
				cs = append(cs, cursor{term: h.Term, id: h.ID.UUID})
			}
			return cs, err
		}, func() { b.put(b.program(t.developer, several)) }})
	}
	var chosen []id.MiniProgram
	return append(all,
		list{"mini programs of a filter's own", func(ctx context.Context, r storage.Reader, after cursor, limit int) ([]cursor, error) {
			found, err := r.MiniPrograms(ctx, miniprogram.Query{Filter: rbac.Filter{MiniPrograms: chosen, Statuses: allStatuses()}, After: id.MiniProgram{UUID: after.id}, Limit: limit})
			return cursors(found, func(h miniprogram.Hit) id.UUID { return h.ID.UUID }), err
		}, func() {
			p := b.program(t.developer)
			chosen = append(chosen, p.ID)
			b.put(p)
		}},
		b.codeList(t, "QR codes", false), b.codeList(t, "QR codes that are deleted", true), b.targetList(t))
}

func cursors[T any](found []T, key func(T) id.UUID) (cs []cursor) {
	for _, v := range found {
		cs = append(cs, cursor{id: key(v)})
	}
	return cs
}
