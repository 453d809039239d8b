package storagetest

import (
	"context"
	"fmt"
	"strings"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

var isolation = []testCase{
	{"two tenants with the same names", "two tenants may hold the same names, e-mails, accounts and terms", func(b *bench) {
		b.twins()
	}},
	{"no list of one tenant shows the other", "every listing and look-up that names a tenant, workspace, mini program or member of one tenant answers nothing of the other, even where all names are the same (S4)", func(b *bench) {
		one, two := b.twins()
		for _, pair := range [][2]town{{one, two}, {two, one}} {
			b.view(func(ctx context.Context, r storage.Reader) error { return b.foreign(ctx, r, pair[0], pair[1]) })
			b.do(on(pair[0].developer.ID), func(ctx context.Context, tx storage.Tx) error { return b.foreign(ctx, tx, pair[0], pair[1]) })
		}
	}},
	{"facts end at the tenant", "an account of one tenant is nobody in the other, and a mini program held in one says nothing about the other's", func(b *bench) {
		one, two := b.newTown(), b.newTown()
		for _, o := range []rbac.Object{rbac.OnWorkspace(two.developer.ID), rbac.OnWorkspace(two.tenant.ID), rbac.OnMiniProgram(two.program.ID),
			rbac.OnMember(two.admin.ID), rbac.OnVersion(two.version.ID), rbac.OnQRCode(two.code.ID), rbac.OnQRCode(two.short.ID),
			rbac.OnRequest(two.request.ID), rbac.OnFeature(two.feature.ID), rbac.OnJSAPI(two.api.ID), rbac.OnLink(two.link.ID)} {
			f, err := b.store.Facts(b.Context(), rbac.Query{Account: one.admin.Account, Object: o})
			b.ok(err)
			b.same("whether it exists", f.Found, true)
			b.same("the memberships", []rbac.Membership{f.Home, f.Above}, []rbac.Membership{{}, {}})
			b.same("the team role", f.Team, rbac.RoleKey(0))
		}
	}},
	{"a change in one tenant leaves the other alone", "an update, an event or a new name in one tenant changes nothing that the other shows", func(b *bench) {
		one, two := b.twins()
		look := func() (all []string) {
			b.view(func(ctx context.Context, r storage.Reader) error {
				d := dumper{ctx: ctx, r: r}
				d.workspace(two.tenant.ID)
				d.workspace(two.developer.ID)
				d.program(two.program.ID)
				people, err := r.Members(ctx, member.Query{Tenant: two.tenant.ID, Limit: plenty})
				d.note(err, people)
				all = d.all
				return d.err
			})
			return all
		}
		before := look()
		b.do(on(one.developer.ID), func(ctx context.Context, tx storage.Tx) error { return b.change(ctx, tx, one) })
		b.same("what the other tenant shows", look(), before)
	}},
}

// twins stores two tenants that differ in nothing but their ids.
func (b *bench) twins() (one, two town) {
	b.Helper()
	one, two = b.town(), b.town()
	two.admin.Name, two.admin.NameKey, two.admin.Account, two.admin.Email = one.admin.Name, one.admin.NameKey, one.admin.Account, one.admin.Email
	two.guest.Name, two.guest.NameKey, two.guest.Email = one.guest.Name, one.guest.NameKey, one.guest.Email
	two.guest.Invitation, two.token.of = one.guest.Invitation, two.guest
	two.program.Name, two.program.NameKey, two.program.terms = one.program.Name, one.program.NameKey, one.program.terms
	two.inside.of, two.inside.information = two.program, one.inside.information
	two.feature.Name, two.feature.NameKey, two.api.Name = one.feature.Name, one.feature.NameKey, one.api.Name
	b.put(one.records()...)
	b.put(two.records()...)
	return one, two
}

// foreign asks everything about one town and fails if an answer names anything
// of the other.
func (b *bench) foreign(ctx context.Context, r storage.Reader, t, other town) error {
	b.Helper()
	d := dumper{ctx: ctx, r: r}
	d.workspace(t.developer.ID)
	d.workspace(t.tenant.ID)
	d.program(t.program.ID)
	for _, q := range []workspace.Query{{Tenant: t.tenant.ID}, {IDs: []id.Workspace{t.developer.ID}}, {Tenant: t.tenant.ID, Kind: workspace.Developer}} {
		q.Limit = plenty
		found, err := r.Workspaces(ctx, q)
		d.note(err, found)
	}
	for _, q := range []member.Query{
		{Workspace: t.developer.ID}, {Tenant: t.tenant.ID}, {MiniProgram: t.program.ID}, {Tenant: t.tenant.ID, Account: t.admin.Account},
		{Workspace: t.developer.ID, Email: t.guest.Email}, {Tenant: t.tenant.ID, Name: t.admin.NameKey}, {Tenant: t.tenant.ID, ExpiresBefore: now.AddDate(1, 0, 0)},
	} {
		q.Limit = plenty
		found, err := r.Members(ctx, q)
		d.note(err, found)
	}
	for _, f := range []rbac.Filter{
		{Tenants: []id.Workspace{t.tenant.ID}}, {Workspaces: []id.Workspace{t.developer.ID}}, {MiniPrograms: []id.MiniProgram{t.program.ID}},
		{OwnTenants: []id.Workspace{t.tenant.ID}, Creator: t.program.Creator}, {OwnWorkspaces: []id.Workspace{t.developer.ID}, Creator: t.program.Creator},
	} {
		f.Statuses = allStatuses()
		for _, prefix := range []string{"", t.program.terms[0]} {
			found, err := r.MiniPrograms(ctx, miniprogram.Query{Filter: f, Prefix: prefix, Limit: plenty})
			d.note(err, found)
		}
	}
	for _, q := range []approval.Query{{Workspace: t.developer.ID}, {Tenant: t.tenant.ID}, {MiniProgram: t.program.ID}, {Tenant: t.tenant.ID, Submitter: t.request.Submitter}} {
		q.Limit = plenty
		found, err := r.Requests(ctx, q)
		d.note(err, found)
		b.same("the number of requests", len(found), 1)
	}
	catalogue, err := r.Catalogue(ctx, feature.Lookup{Tenant: t.tenant.ID, Feature: other.feature.ID, Key: other.feature.NameKey,
		JSAPIs: []string{other.api.Name}, Workspaces: []id.Workspace{t.developer.ID, other.developer.ID}})
	d.note(err, catalogue)
	eligible, err := r.Eligible(ctx, miniprogram.EligibleQuery{Workspace: t.developer.ID, MiniProgram: t.program.ID, Limit: plenty})
	d.note(err, eligible)
	mate, err := r.Teammate(ctx, t.program.ID, t.admin.ID)
	d.note(err, mate)
	contents, err := r.Contents(ctx, t.developer.ID)
	d.note(err, contents)
	events, err := r.Events(ctx, audit.Query{Workspace: t.developer.ID, Limit: plenty})
	d.note(err, events)
	for _, l := range []member.Lookup{{Token: t.token.hash}, {LinkToken: t.link.hash}, {Workspace: t.developer.ID}} {
		l.Emails, l.Account, l.Admins = []string{t.admin.Email, t.guest.Email}, t.admin.Account, true
		found, err := r.Lookup(ctx, l)
		d.note(err, found)
		b.same("the number of admins", found.Admins, 1)
		b.same("the number of open records", len(found.Open), 2)
	}
	scanned, err := r.ShortCode(ctx, t.short.Short)
	d.note(err, scanned)
	all := strings.Join(d.all, "\n")
	for _, u := range []id.UUID{other.tenant.ID.UUID, other.developer.ID.UUID, other.admin.ID.UUID, other.guest.ID.UUID, other.program.ID.UUID, other.version.ID.UUID, other.code.ID.UUID, other.short.ID.UUID,
		other.request.ID.UUID, other.feature.ID.UUID, other.api.ID.UUID, other.link.ID.UUID} {
		if i := strings.Index(all, fmt.Sprint(u)); i >= 0 {
			start := strings.LastIndex(all[:i], "\n") + 1
			line, _, _ := strings.Cut(all[start:], "\n")
			b.Fatalf("an answer about one tenant names %s of the other:\n%s", u, line)
		}
	}
	return d.err
}
