package storagetest

import (
	"context"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

var facts = []testCase{
	{"every relation of an account to an object", "facts tell of the object's owner and tenant with their statuses, the account's membership in each, the team role, and whether he made or submitted the object; invited, withdrawn and deleted people are absent, blocked ones keep what they had", factsTable},
	{"one answer everywhere", "Store.Facts, a View's and a unit's Facts answer the same, for every account and object", func(b *bench) {
		w := b.world()
		for range 100 {
			q := rbac.Query{Account: one(b, w.accounts), Object: one(b, w.objects)}
			outside, err := b.store.Facts(b.Context(), q)
			b.ok(err)
			b.same("the facts in a View", b.facts(q.Account, q.Object), outside)
			b.do(on(), func(ctx context.Context, tx storage.Tx) error {
				f, err := tx.Facts(ctx, q)
				b.same("the facts in an Update", f, outside)
				return err
			})
		}
	}},
	{"facts follow each commit", "a question after a commit is answered from what was committed: a member who is blocked has no rights from that moment on (M10)", func(b *bench) {
		t := b.newTown()
		q := rbac.Query{Account: t.admin.Account, Object: rbac.OnMiniProgram(t.program.ID)}
		for _, c := range []struct {
			state member.State
			want  rbac.Presence
		}{{member.Inactive, rbac.Blocked}, {member.Active, rbac.Active}, {member.Deleted, rbac.Absent}} {
			t.admin.State = c.state
			b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateMember(ctx, t.admin) })
			f, err := b.store.Facts(b.Context(), q)
			b.ok(err)
			b.same("the presence", f.Home.Presence, c.want)
		}
		t.tenant.Status, t.developer.Status = workspace.Disabled, workspace.Removed
		b.do(on(t.tenant.ID, t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			if err := tx.UpdateWorkspace(ctx, t.tenant); err != nil {
				return err
			}
			return tx.UpdateWorkspace(ctx, t.developer)
		})
		f, err := b.store.Facts(b.Context(), q)
		b.ok(err)
		b.same("the tenant's status", f.TenantStatus, workspace.Disabled)
		b.same("the owner's status", f.OwnerStatus, workspace.Removed)
	}},
	{"facts follow each change of a team", "what PutHeld and UpdateMember change of a member's mini programs shows in the next answer", func(b *bench) {
		t := b.newTown()
		m := b.member(t.developer, rbac.Developer)
		b.put(m)
		q := rbac.Query{Account: m.Account, Object: rbac.OnVersion(t.version.ID)}
		check := func(assigned bool, team rbac.Role) {
			b.Helper()
			f, err := b.store.Facts(b.Context(), q)
			b.ok(err)
			b.same("whether it is assigned", f.Home.Assigned, assigned)
			b.same("the team role", f.Team.Role(), team)
		}
		check(false, "")
		for _, team := range []rbac.Role{rbac.MiniProgramDeveloper, rbac.MiniProgramAdmin, ""} {
			b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
				return tx.PutHeld(ctx, m.ID, rbac.HeldProgram{MiniProgram: t.program.ID, Owner: t.developer.ID, Team: team.Key()})
			})
			check(true, team)
		}
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateMember(ctx, m) })
		check(false, "")
	}},
	{"grants are all memberships that count", "Grants lists the active and blocked memberships of an account, in the order of their ids, with the statuses of workspace and tenant and every mini program held; nobody has the empty account", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		u := id.Account("u-everywhere")
		home := b.member(t.developer, rbac.Developer, account(u), holding(rbac.MiniProgramDeveloper.Key(), t.program))
		above := b.member(t.tenant, rbac.WorkspaceReviewer, account(u), state(member.Inactive), holding(0, t.program))
		bare := b.member(other.tenant, rbac.WorkspaceAdmin, account(u))
		b.put(home, above, bare, b.member(other.developer, rbac.Operator, account(u), state(member.Deleted)))
		other.tenant.Status, t.developer.Status = workspace.Pending, workspace.Rejected
		b.do(on(other.tenant.ID, t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			if err := tx.UpdateWorkspace(ctx, other.tenant); err != nil {
				return err
			}
			return tx.UpdateWorkspace(ctx, t.developer)
		})
		want := kept([]rbac.Grant{
			{Member: home.ID, Workspace: t.developer.ID, Tenant: t.tenant.ID, WorkspaceStatus: workspace.Rejected, TenantStatus: workspace.Verified,
				Presence: rbac.Active, Role: rbac.Developer.Key(), Programs: home.Programs},
			{Member: above.ID, Workspace: t.tenant.ID, Tenant: t.tenant.ID, WorkspaceStatus: workspace.Verified, TenantStatus: workspace.Verified,
				Presence: rbac.Blocked, Role: rbac.WorkspaceReviewer.Key(), Programs: above.Programs},
			{Member: bare.ID, Workspace: other.tenant.ID, Tenant: other.tenant.ID, WorkspaceStatus: workspace.Pending, TenantStatus: workspace.Pending,
				Presence: rbac.Active, Role: rbac.WorkspaceAdmin.Key()},
		}, func(rbac.Grant) bool { return true }, func(g rbac.Grant) id.UUID { return g.Member.UUID })
		b.same("the grants", b.grants(u), want)
		b.same("the grants of nobody", b.grants("u-nobody"), nil)
		b.same("the grants of no account", b.grants(""), nil)
	}},
}

func (b *bench) grants(a id.Account) []rbac.Grant {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) ([]rbac.Grant, error) { return r.Grants(ctx, a) })
}

func factsTable(b *bench) {
	t := b.tenant()
	d := b.developer(t, func(w *workspace.Workspace) { w.Status = workspace.Pending })
	sibling, foreign := b.developer(t), b.tenant(func(w *workspace.Workspace) { w.Status = workspace.Disabled })
	b.put(t, d, sibling, foreign)
	p := b.program(d, func(p *program) { p.Creator = "carla" })
	q := b.program(t, func(p *program) { p.Creator = "" })
	b.put(p, q)
	v := b.version(p, func(v *miniprogram.Version) { v.Uploader = "vera" })
	c := b.code(p, func(d *qrcode.Definition) { d.Creator = "dora" })
	asked := b.request(d, approval.VersionRelease, rbac.OnVersion(v.ID), ofProgram(p), func(r *approval.Request) { r.Submitter = "vera" })
	changes := b.request(d, approval.WorkspaceChange, rbac.OnWorkspace(d.ID), decided(approval.Void), func(r *approval.Request) { r.Submitter, r.Decider = "admin", "dora" })
	applied := b.request(t, approval.DeveloperWorkspace, rbac.OnWorkspace(t.ID), func(r *approval.Request) { r.Submitter = "" })
	f, j := b.feature(t), b.jsapi(t)
	b.put(v, c, asked, changes, applied, f, j)
	dev, lead := rbac.MiniProgramDeveloper.Key(), rbac.MiniProgramAdmin.Key()
	home := map[id.Account]member.Member{
		"admin":   b.member(d, rbac.DeveloperAdmin, account("admin"), holding(lead, p)),
		"dev":     b.member(d, rbac.Developer, account("dev"), holding(dev, p)),
		"op":      b.member(d, rbac.Operator, account("op"), holding(0, p)),
		"idle":    b.member(d, rbac.Developer, account("idle")),
		"blocked": b.member(d, rbac.Developer, account("blocked"), state(member.Inactive), holding(dev, p)),
		"both":    b.member(d, rbac.Developer, account("both"), holding(dev, p)),
		"carla":   b.member(d, rbac.Operator, account("carla"), holding(0, p)),
		"back":    b.member(d, rbac.Operator, account("back")),
	}
	above := map[id.Account]member.Member{
		"reviewer": b.member(t, rbac.WorkspaceReviewer, account("reviewer"), holding(0, p)),
		"boss":     b.member(t, rbac.WorkspaceAdmin, account("boss")),
		"both":     b.member(t, rbac.WorkspaceDeveloper, account("both"), holding(dev, q)),
		"frozen":   b.member(t, rbac.WorkspaceReviewer, account("frozen"), state(member.Inactive), holding(0, p)),
	}
	for _, m := range home {
		b.put(m)
	}
	for _, m := range above {
		b.put(m)
	}
	guest := b.member(d, rbac.Developer, invited, holding(dev, p))
	shared := b.link(d)
	b.put(guest, shared, b.member(foreign, rbac.WorkspaceAdmin, account("stranger")),
		b.member(sibling, rbac.DeveloperAdmin, account("neighbour")),
		b.member(d, rbac.Developer, account("gone"), state(member.Deleted), holding(dev, p)),
		b.member(d, rbac.Developer, account("never"), state(member.Withdrawn), holding(dev, p)),
		b.member(d, rbac.DeveloperAdmin, account("back"), state(member.Deleted), holding(lead, p)))

	place := func(m member.Member, of id.MiniProgram) (ms rbac.Membership, team rbac.RoleKey) {
		if m.ID.IsZero() {
			return ms, 0
		}
		ms = rbac.Membership{Member: m.ID, Presence: rbac.Active, Role: m.Role.Key()}
		if m.State == member.Inactive {
			ms.Presence = rbac.Blocked
		}
		if i := held(m, of); i >= 0 {
			ms.Assigned, team = true, m.Programs[i].Team
		}
		return ms, team
	}
	accounts := []id.Account{"admin", "dev", "op", "idle", "blocked", "both", "carla", "back", "reviewer", "boss", "frozen",
		"stranger", "neighbour", "gone", "never", "vera", "dora", "nobody", "Admin", "admin ", ""}
	for _, o := range []struct {
		object  rbac.Object
		owner   workspace.Workspace
		of      id.MiniProgram
		creator id.Account
	}{
		{rbac.OnWorkspace(d.ID), d, id.MiniProgram{}, ""},
		{rbac.OnMember(guest.ID), d, id.MiniProgram{}, ""},
		{rbac.OnLink(shared.ID), d, id.MiniProgram{}, ""},
		{rbac.OnMiniProgram(p.ID), d, p.ID, "carla"},
		{rbac.OnVersion(v.ID), d, p.ID, "vera"},
		{rbac.OnQRCode(c.ID), d, p.ID, "dora"},
		{rbac.OnRequest(asked.ID), d, p.ID, "vera"},
		{rbac.OnRequest(changes.ID), d, id.MiniProgram{}, "admin"},
		{rbac.OnRequest(applied.ID), t, id.MiniProgram{}, ""},
		{rbac.OnFeature(f.ID), t, id.MiniProgram{}, ""},
		{rbac.OnJSAPI(j.ID), t, id.MiniProgram{}, ""},
		{rbac.OnWorkspace(t.ID), t, id.MiniProgram{}, ""},
		{rbac.OnMiniProgram(q.ID), t, q.ID, ""},
	} {
		for _, a := range accounts {
			want := rbac.Facts{Found: true, Owner: o.owner.ID, OwnerStatus: o.owner.Status, Tenant: t.ID, TenantStatus: t.Status,
				MiniProgram: o.of, Own: o.creator != "" && o.creator == a}
			if o.owner.ID == d.ID {
				want.Home, want.Team = place(home[a], o.of)
				want.Above, _ = place(above[a], o.of)
			} else {
				want.Home, want.Team = place(above[a], o.of)
			}
			b.about("account %q, object a %s of a %s workspace", a, o.object.Kind, o.owner.Kind)
			b.same("the facts", b.facts(a, o.object), want)
		}
	}
	unknown := []rbac.Object{{}, {Kind: 99, ID: d.ID.UUID}, {Kind: rbac.KindWorkspace}}
	for kind := rbac.KindWorkspace; kind <= rbac.KindLink; kind++ {
		unknown = append(unknown, rbac.Object{Kind: kind, ID: b.uuid()}, rbac.Object{Kind: kind, ID: d.ID.UUID})
	}
	for _, o := range unknown {
		if o == rbac.OnWorkspace(d.ID) {
			continue
		}
		b.about("object: %v", o)
		b.same("the facts of what does not exist", b.facts("admin", o), rbac.Facts{})
	}
}
