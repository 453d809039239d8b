package storagetest

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

var workspaces = []testCase{
	{"a workspace comes back as it was stored", "every field of a workspace is kept, for both kinds and every status", func(b *bench) {
		t := b.tenant()
		all := []workspace.Workspace{t}
		for _, s := range allStatuses() {
			all = append(all, b.developer(t, func(w *workspace.Workspace) { w.Status = s }))
		}
		for _, w := range all {
			b.put(w)
			b.same("the workspace", b.workspace(w.ID), w)
		}
	}},
	{"an update replaces it", "UpdateWorkspace replaces everything but the id, the tenant, the kind and the time of creation", func(b *bench) {
		t := b.newTown()
		want := t.developer
		want.Name, want.Status, want.UpdatedAt = "New name", workspace.Disabled, now.Add(time.Hour)
		want.Business = workspace.Business{Address: "3 New Street", Scope: "books", Email: "new@shop.example"}
		given := want
		given.CreatedAt = now.Add(time.Hour)
		b.do(on(want.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateWorkspace(ctx, given) })
		b.same("the workspace", b.workspace(want.ID), want)
		b.same("the tenant", b.workspace(t.tenant.ID), t.tenant)
	}},
	{"what is missing is not found", "reading a record by an id that was never stored is the not-found error of its package", func(b *bench) {
		t := b.newTown()
		nobody := b.uuid()
		b.view(func(ctx context.Context, r storage.Reader) error {
			for _, u := range []id.UUID{nobody, {}, t.code.ID.UUID} {
				_, err := r.Workspace(ctx, id.Workspace{UUID: u})
				b.is(err, workspace.ErrNotFound)
				_, err = r.Head(ctx, id.Workspace{UUID: u})
				b.is(err, audit.ErrWorkspace)
			}
			return nil
		})
	}},
	{"an id is stored once", "storing a second workspace, member, mini program, version, QR code or token under an id that exists is an error of kind fault.ErrExists, and the first one stays", func(b *bench) {
		t := b.newTown()
		before := b.dump()
		admin, p := t.admin, t.program
		admin.Email, admin.Account = "else@people.example", "u-else"
		p.Name, p.NameKey = "Else", "else"
		for _, record := range []any{t.tenant, t.developer, admin, p, t.version, t.code, t.token} {
			b.about("record: %T", record)
			b.is(b.try(record), fault.ErrExists)
			b.same("everything stored", b.dump(), before)
		}
	}},
	{"the list selects by every field", "each field of a workspace.Query selects by equality, a zero one selects all, and fields combine", func(b *bench) {
		var all []workspace.Workspace
		for range 3 {
			t := b.tenant()
			all = append(all, t)
			for _, s := range allStatuses()[:3] {
				all = append(all, b.developer(t, func(w *workspace.Workspace) { w.Status = s }))
			}
		}
		for _, w := range all {
			b.put(w)
		}
		for range 60 {
			var q workspace.Query
			if b.sometimes() {
				q.IDs = []id.Workspace{one(b, all).ID, one(b, all).ID, one(b, all).ID, {UUID: b.uuid()}}
			}
			if b.sometimes() {
				q.Tenant = one(b, all).Tenant
			}
			if b.sometimes() {
				q.Kind = one(b, all).Kind
			}
			if b.sometimes() {
				q.Statuses = []workspace.Status{one(b, all).Status, workspace.Removed}
			}
			want := kept(all, func(w workspace.Workspace) bool {
				return zeroOr(q.Tenant, w.Tenant) && zeroOr(q.Kind, w.Kind) && nilOr(q.IDs, w.ID) && nilOr(q.Statuses, w.Status)
			}, func(w workspace.Workspace) id.UUID { return w.ID.UUID })
			q.Limit = plenty
			var got []workspace.Workspace
			for _, s := range b.summaries(q) {
				got = append(got, s.Workspace)
			}
			b.same("the list", got, want)
		}
	}},
	{"the list counts mini programs", "a summary counts the mini programs that the workspace owns and that are not archived", func(b *bench) {
		t := b.newTown()
		b.put(b.program(t.developer), b.program(t.developer, archived), b.program(t.tenant, archived))
		for _, s := range b.summaries(workspace.Query{Tenant: t.tenant.ID, Limit: plenty}) {
			want := 0
			if s.ID == t.developer.ID {
				want = 2
			}
			b.same("the number for a "+s.Kind.String(), s.MiniPrograms, want)
		}
	}},
	{"admins are active and built in", "the list of admins has the active members with an admin role of their workspace, and nobody else", func(b *bench) {
		t := b.newTown()
		invitee := b.member(t.developer, rbac.DeveloperAdmin, invited)
		b.put(invitee, b.member(t.developer, rbac.Developer), b.member(t.tenant, rbac.WorkspaceAdmin))
		for _, s := range []member.State{member.Inactive, member.Withdrawn, member.Deleted} {
			b.put(b.member(t.developer, rbac.DeveloperAdmin, state(s)))
		}
		admins := read(b, func(ctx context.Context, r storage.Reader) ([]workspace.Admin, error) {
			return r.Admins(ctx, t.developer.ID, id.Member{}, plenty)
		})
		b.same("the admins", admins, []workspace.Admin{{Member: t.admin.ID, Name: t.admin.Name, Email: t.admin.Email, JoinedAt: t.admin.JoinedAt}})
	}},
	{"activity tells what decides about removal", "it has the names of published mini programs, the first 20 by id, and the last upload, archived mini programs' included; of several at one time it is that of the greatest version id", func(b *bench) {
		t := b.tenant()
		d, quiet := b.developer(t), b.developer(t)
		b.put(t, d, quiet)
		upload := func(at time.Duration) func(*program) {
			return func(p *program) { p.LatestVersion, p.UploadedAt = "1.0.0", now.Add(at) }
		}
		older, newest := b.program(d, upload(time.Hour), published), b.program(d, upload(2*time.Hour), archived)
		foreign := b.program(t, upload(3*time.Hour), published)
		for _, p := range []program{older, newest, foreign, b.program(d)} {
			b.put(p)
			if p.LatestVersion != "" {
				b.put(b.version(p, func(v *miniprogram.Version) { v.UploadedAt = p.UploadedAt }))
			}
		}
		b.same("the activity", b.activity(d.ID), workspace.Activity{
			Published: []string{older.Name}, LastUpload: newest.UploadedAt, LastUploadTo: newest.Name,
		})
		b.same("the activity where nothing happened", b.activity(quiet.ID), workspace.Activity{})
		all := []program{older}
		for range 21 {
			all = append(all, b.program(d, published))
			b.put(all[len(all)-1])
		}
		var names []string
		for _, p := range kept(all, func(program) bool { return true }, func(p program) id.UUID { return p.ID.UUID })[:20] {
			names = append(names, p.Name)
		}
		b.same("the names", b.activity(d.ID).Published, names)
		last := now.Add(4 * time.Hour)
		for n, p := range []program{all[2], newest, all[1]} {
			b.put(b.version(p, func(v *miniprogram.Version) { v.ID, v.UploadedAt = id.Version{UUID: id.UUID{"adc"[n]}}, last }))
		}
		b.same("the mini program of the last upload", b.activity(d.ID).LastUploadTo, newest.Name)
	}},
	{"settings are kept and replaced", "PutSettings keeps every field and replaces all of what was set; Settings tells what the workspace and its tenant set, the same for a tenant, and nothing where nothing was set; of no workspace it is workspace.ErrNotFound", func(b *bench) {
		t := b.newTown()
		check := func(own, tenant workspace.Settings) {
			b.Helper()
			b.same("the settings", b.settings(t.developer.ID), []workspace.Settings{own, tenant})
			b.same("the tenant's settings", b.settings(t.tenant.ID), []workspace.Settings{tenant, tenant})
		}
		check(someSettings(), workspace.Settings{})
		full := workspace.Settings{Validity: 90 * 24 * time.Hour, MaxBatch: 100, Recipient: "unsafe_any_account", RemovalPeriod: 10 * 365 * 24 * time.Hour, OwnDecision: true,
			Security: workspace.Security{MinLength: 64, Classes: 4, Failures: 100, Lock: 24 * time.Hour, MaxAge: 10 * 365 * 24 * time.Hour, ResetValidity: 30 * 24 * time.Hour}}
		b.put(set{t.tenant.ID, full})
		check(someSettings(), full)
		b.put(set{t.developer.ID, workspace.Settings{MaxBatch: 1}})
		check(workspace.Settings{MaxBatch: 1}, full)
		b.put(set{t.developer.ID, workspace.Settings{}}, set{t.tenant.ID, workspace.Settings{Recipient: "invited_email"}})
		check(workspace.Settings{}, workspace.Settings{Recipient: "invited_email"})
		b.view(func(ctx context.Context, r storage.Reader) error {
			_, _, err := r.Settings(ctx, id.Workspace{UUID: b.uuid()})
			b.is(err, workspace.ErrNotFound)
			return nil
		})
	}},
}

func (b *bench) settings(w id.Workspace) []workspace.Settings {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) ([]workspace.Settings, error) {
		own, tenant, err := r.Settings(ctx, w)
		return []workspace.Settings{own, tenant}, err
	})
}

func published(p *program) { p.Status = miniprogram.Published }
func archived(p *program)  { p.Status = miniprogram.Archived }

func (b *bench) workspace(w id.Workspace) workspace.Workspace {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) (workspace.Workspace, error) { return r.Workspace(ctx, w) })
}

func (b *bench) summaries(q workspace.Query) []workspace.Summary {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) ([]workspace.Summary, error) { return r.Workspaces(ctx, q) })
}

func (b *bench) activity(w id.Workspace) workspace.Activity {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) (workspace.Activity, error) { return r.Activity(ctx, w) })
}
