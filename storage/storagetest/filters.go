package storagetest

import (
	"fmt"
	"slices"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

var filters = []testCase{
	{"an empty filter lists nothing", "a filter without arms covers nothing, and so does one without statuses", func(b *bench) {
		p := b.newTown().program
		for _, f := range []rbac.Filter{
			{Statuses: allStatuses()},
			{Statuses: allStatuses(), Creator: p.Creator},
			{Statuses: allStatuses(), OwnTenants: []id.Workspace{p.Tenant}},
		} {
			b.same("the hits", b.hits(miniprogram.Query{Filter: f}), nil)
		}
	}},
	{"each arm alone", "every arm of a filter lists exactly what Filter.Covers says: all, tenants, workspaces, mini programs, and what the creator made in tenants and workspaces", func(b *bench) {
		w := b.world()
		for range 40 {
			p, q := one(b, w.programs), one(b, w.programs)
			tenants, spaces := []id.Workspace{p.Tenant, q.Tenant}, []id.Workspace{p.Workspace, q.Workspace}
			for _, f := range []rbac.Filter{
				{All: true}, {Tenants: tenants[:1]}, {Tenants: tenants}, {Workspaces: spaces[:1]}, {Workspaces: spaces},
				{MiniPrograms: []id.MiniProgram{p.ID, q.ID}}, {OwnTenants: tenants, Creator: p.Creator}, {OwnWorkspaces: spaces, Creator: q.Creator},
			} {
				f.Statuses = allStatuses()
				w.check(b, f)
			}
			w.check(b, rbac.Filter{All: true, Statuses: some(b, allStatuses())})
		}
	}},
	{"any arms together", "a filter of many arms is honoured exactly, no more and no less, each mini program once: it holds what Filter.Covers says of every single one (S4)", func(b *bench) {
		w := b.world()
		for range 200 {
			w.check(b, b.filter(w))
		}
	}},
	{"a list shows what a check allows", "the filter made of an account's grants lists exactly the mini programs on which Decide, given the store's facts, allows the permission (R3)", func(b *bench) {
		w := b.world()
		matrix := rbac.BuiltIn()
		for _, a := range w.accounts {
			actor := rbac.User(a)
			grants := b.grants(a)
			for _, p := range []rbac.Permission{rbac.ViewMiniProgram, rbac.EditMiniProgram, rbac.UploadVersion, rbac.RemoveMiniProgram} {
				want := kept(w.programs, func(mp program) bool {
					f, err := b.store.Facts(b.Context(), rbac.Query{Account: a, Object: rbac.OnMiniProgram(mp.ID)})
					b.ok(err)
					return matrix.Decide(actor, f, p).Allowed
				}, programID)
				b.about("account %q, permission %s", a, p)
				b.same("the hits", b.hits(miniprogram.Query{Filter: matrix.Filter(actor, grants, p)}), matching(want, ""))
			}
		}
	}},
}

// A world is some tenants with people and mini programs of all kinds.
type world struct {
	spaces   map[id.Workspace]workspace.Workspace
	programs []program
	accounts []id.Account
	objects  []rbac.Object
}

// world makes and stores one.
func (b *bench) world() world {
	b.Helper()
	w := world{spaces: map[id.Workspace]workspace.Workspace{}, accounts: []id.Account{"", "u-0", "u-1", "u-2", "u-3", "u-4", "u-5"}}
	var spaces []workspace.Workspace
	for i := range 4 {
		t := b.tenant(func(t *workspace.Workspace) {
			t.Status = []rbac.WorkspaceStatus{rbac.Verified, rbac.Verified, rbac.Pending, rbac.Disabled}[i]
		})
		spaces = append(spaces, t)
		for range 3 {
			spaces = append(spaces, b.developer(t, func(d *workspace.Workspace) { d.Status = one(b, allStatuses()) }))
		}
	}
	var records []any
	for _, s := range spaces {
		w.spaces[s.ID] = s
		w.objects = append(w.objects, rbac.OnWorkspace(s.ID))
		records = append(append(records, s), b.fill(&w, s)...)
	}
	for _, s := range spaces {
		records = append(records, b.staff(&w, s)...)
	}
	b.put(records...)
	return w
}

// fill makes mini programs of a workspace, with a version and a QR code each.
func (b *bench) fill(w *world, s workspace.Workspace) (records []any) {
	for i := range 5 {
		p := b.program(s, func(p *program) {
			p.Creator, p.Type = one(b, w.accounts), one(b, []miniprogram.Type{miniprogram.DSL, miniprogram.H5})
			p.Status = one(b, []miniprogram.Status{miniprogram.InDevelopment, miniprogram.Published, miniprogram.Offline, miniprogram.Archived})
			p.terms = []string{fmt.Sprintf("%c%c%d", 'a'+b.rand.IntN(3), 'a'+b.rand.IntN(3), i), "shop"}
		})
		p.above = w.spaces[s.Tenant].Status
		v, c := b.version(p), b.code(p)
		v.Uploader, c.Creator = one(b, w.accounts), one(b, w.accounts)
		w.programs = append(w.programs, p)
		w.objects = append(w.objects, rbac.OnMiniProgram(p.ID), rbac.OnVersion(v.ID), rbac.OnQRCode(c.ID))
		records = append(records, p, v, c)
	}
	return records
}

// staff makes members of a workspace: some of the accounts, each once.
func (b *bench) staff(w *world, s workspace.Workspace) (records []any) {
	for _, a := range w.accounts[1:] {
		if b.sometimes() {
			continue
		}
		role := one(b, only(rbac.Roles(), func(r rbac.RoleInfo) bool {
			return r.Place == rbac.TenantPlace && s.Kind == workspace.Tenant || r.Place == rbac.DeveloperPlace && s.Kind == workspace.Developer
		}))
		m := b.member(s, role.Role, account(a), state(one(b, []member.State{member.Active, member.Active, member.Inactive, member.Deleted})))
		for _, p := range w.programs {
			switch own := p.Workspace == s.ID; {
			case own && role.Team && b.sometimes():
				holding(one(b, []rbac.RoleKey{rbac.MiniProgramAdmin.Key(), rbac.MiniProgramDeveloper.Key()}), p)(&m)
			case (own || p.Tenant == s.ID) && role.Assignment != rbac.NoAssignment && b.sometimes():
				holding(0, p)(&m)
			}
		}
		w.objects = append(w.objects, rbac.OnMember(m.ID))
		records = append(records, m)
	}
	return records
}

// target is a mini program as a filter sees it.
func (p program) target() rbac.Target {
	return rbac.Target{Owner: p.Workspace, Tenant: p.Tenant, MiniProgram: p.ID, Creator: p.Creator, OwnerStatus: p.owner, TenantStatus: p.above}
}

// check compares a list with what the filter covers.
func (w world) check(b *bench, f rbac.Filter) {
	b.Helper()
	f = w.lawful(f)
	want := kept(w.programs, func(p program) bool { return f.Covers(p.target()) }, programID)
	b.about("filter: %+v", f)
	b.same("the hits", b.hits(miniprogram.Query{Filter: f}), matching(want, ""))
}

// lawful drops from a filter what the port promises not to ask for: arms other
// than All name only tenants whose status the filter lets through.
func (w world) lawful(f rbac.Filter) rbac.Filter {
	open := func(s id.Workspace) bool { return slices.Contains(f.Statuses, w.spaces[w.spaces[s].Tenant].Status) }
	f.Tenants, f.Workspaces = only(f.Tenants, open), only(f.Workspaces, open)
	f.OwnTenants, f.OwnWorkspaces = only(f.OwnTenants, open), only(f.OwnWorkspaces, open)
	f.MiniPrograms = only(f.MiniPrograms, func(m id.MiniProgram) bool {
		i := slices.IndexFunc(w.programs, func(p program) bool { return p.ID == m })
		return i < 0 || open(w.programs[i].Workspace)
	})
	return f
}

// filter makes a filter about a world.
func (b *bench) filter(w world) rbac.Filter {
	var tenants, spaces []id.Workspace
	for _, p := range w.programs {
		if s := w.spaces[p.Workspace]; s.Kind == workspace.Tenant && !slices.Contains(tenants, s.ID) {
			tenants = append(tenants, s.ID)
		} else if !slices.Contains(spaces, s.ID) {
			spaces = append(spaces, s.ID)
		}
	}
	f := rbac.Filter{
		Tenants: some(b, tenants), Workspaces: some(b, append(spaces, tenants...)), OwnTenants: some(b, tenants),
		OwnWorkspaces: some(b, spaces), Creator: one(b, w.accounts), Statuses: some(b, allStatuses()),
		All: b.rand.IntN(12) == 0,
	}
	if b.sometimes() {
		f.Statuses = []rbac.WorkspaceStatus{rbac.Verified, one(b, allStatuses())}
	}
	for _, p := range some(b, w.programs) {
		f.MiniPrograms = append(f.MiniPrograms, p.ID)
	}
	return w.lawful(f)
}
