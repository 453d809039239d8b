package storagetest

import (
	"context"
	"strings"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/role"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

var ownRoles = []testCase{
	{"an own role comes back as it was stored", "every field is kept, a permission that no matrix knows and one that has no cells included; what is given and what is returned are copies", func(b *bench) {
		t := b.newTown()
		for _, r := range []role.Role{
			b.role(t.developer, "cashier"),
			b.role(t.tenant, "cashier"),
			b.role(t.developer, rbac.Role(strings.Repeat("z", 64)), func(r *role.Role) {
				r.Name, r.Assignment, r.Revision = strings.Repeat("\U00020000", 64), rbac.RequiredAssignment, 1<<30
				r.Cells = map[string]rbac.Scope{"loyalty.points.give": rbac.InTenant}
			}),
			b.role(t.developer, "nothing", func(r *role.Role) { r.Cells = nil }),
		} {
			stored := r
			stored.Cells = r.Custom().Cells()
			b.put(stored)
			if stored.Cells != nil {
				stored.Cells["spoilt.after"] = rbac.Own
			}
			b.sameRole(b.ownRole(r.ID), r)
			if got := b.ownRole(r.ID); got.Cells != nil {
				got.Cells["spoilt.before"] = rbac.Own
			}
			b.sameRole(b.ownRole(r.ID), r)
		}
		b.view(func(ctx context.Context, r storage.Reader) error {
			_, err := r.Role(ctx, id.Role{UUID: b.uuid()})
			b.is(err, role.ErrNotFound)
			return nil
		})
	}},
	{"own roles are listed by code", "Roles and OwnRoles list those of one workspace in the order of their codes; codes select, nil any, none nothing", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		cashier, barista := b.role(t.developer, "cashier"), b.role(t.developer, "barista")
		b.put(cashier, barista, b.role(other.developer, "cashier"), b.role(t.tenant, "auditor"))
		got := read(b, func(ctx context.Context, r storage.Reader) ([]role.Role, error) { return r.Roles(ctx, t.developer.ID) })
		b.same("the number of roles", len(got), 2)
		b.sameRole(got[0], barista)
		b.sameRole(got[1], cashier)
		for _, c := range []struct {
			codes []rbac.Role
			want  []string
		}{
			{nil, []string{barista.Custom().String(), cashier.Custom().String()}},
			{[]rbac.Role{"cashier", "auditor", rbac.Operator}, []string{cashier.Custom().String()}},
			{[]rbac.Role{}, nil},
		} {
			b.about("codes: %q", c.codes)
			var texts []string
			for _, own := range read(b, func(ctx context.Context, r storage.Reader) ([]*rbac.Custom, error) {
				return r.OwnRoles(ctx, t.developer.ID, c.codes)
			}) {
				texts = append(texts, own.String())
			}
			b.same("the own roles", texts, c.want)
		}
	}},
	{"a code is one workspace's", "the code of an own role is refused with role.ErrCodeTaken if another of the workspace has it, also of units at once; once it is deleted the code is free", func(b *bench) {
		t := b.newTown()
		cashier := b.role(t.developer, "cashier")
		b.put(cashier)
		b.taken(b.try(b.role(t.developer, "cashier")), role.ErrCodeTaken)
		b.put(b.role(t.tenant, "cashier"))
		for range 2 { // deleting what is gone changes nothing
			b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.DeleteRole(ctx, cashier.ID) })
		}
		b.winners(b.race(many, func(i int, s storage.Store) error {
			r := cashier
			r.ID = id.Role{UUID: b.uuidOf(byte(i))}
			return s.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.PutRole(ctx, r) })
		}), 1, role.ErrCodeTaken)
	}},
	{"facts tell of own roles", "facts and grants tell of a member's own role, here and in the tenant above, from each commit on: of what it is after an edit, and of no role once it is deleted; a role of the same code elsewhere is another one, and an own role belongs to its workspace", ownRoleFacts},
	{"a unit sees its own edit", "facts in a unit tell of the own role as the unit has written it, and outside as it was; of a unit that fails nothing is left", func(b *bench) {
		t := b.newTown()
		cashier := b.role(t.developer, "cashier")
		m := b.member(t.developer, "cashier")
		b.put(cashier, m)
		edited := cashier
		edited.Cells = map[string]rbac.Scope{"member.view": rbac.InWorkspace}
		of := rbac.Query{Account: m.Account, Object: rbac.OnWorkspace(t.developer.ID)}
		b.is(b.update(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			if err := tx.PutRole(ctx, edited); err != nil {
				return err
			}
			f, err := tx.Facts(ctx, of)
			b.ok(err)
			b.same("the role inside", f.Home.Custom.String(), edited.Custom().String())
			return errStop
		}), errStop)
		b.same("the role afterwards", b.facts(of.Account, of.Object).Home.Custom.String(), cashier.Custom().String())
	}},
	{"who holds a role is counted", "Holding counts active and blocked members and open invitations with the role, and usable links that give it, of one workspace at a time; those who have left or expired do not count", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		later := now.Add(time.Hour)
		open := func(m *member.Member) {
			m.State, m.Account, m.Invitation = member.Invited, "", member.Invitation{SentAt: now, ExpiresAt: later, Generation: 1}
		}
		b.put(b.member(t.developer, "cashier"), b.member(t.developer, "cashier", func(m *member.Member) { m.State = member.Inactive }),
			b.member(t.developer, "cashier", open), b.member(t.developer, "cashier", func(m *member.Member) { m.State = member.Deleted }),
			b.member(t.developer, "cashier", func(m *member.Member) { m.State = member.Withdrawn }),
			b.member(t.developer, "Cashier"), b.member(t.tenant, "cashier"), b.member(other.developer, "cashier"))
		link := func(w workspace.Workspace, change func(*member.Link)) member.Link {
			return b.link(w, func(l *member.Link) { l.Role, l.ExpiresAt = "cashier", later }, change)
		}
		b.put(link(t.developer, func(*member.Link) {}), link(t.developer, func(l *member.Link) { l.Uses = 2 }),
			link(t.developer, func(l *member.Link) { l.Uses = 3 }), link(t.developer, func(l *member.Link) { l.RevokedAt = now }),
			link(t.developer, func(l *member.Link) { l.Role = "barista" }), link(other.developer, func(*member.Link) {}))
		held := func(w id.Workspace, code rbac.Role, at time.Time) role.Holding {
			return read(b, func(ctx context.Context, r storage.Reader) (role.Holding, error) { return r.Holding(ctx, w, code, at) })
		}
		b.same("who holds it", held(t.developer.ID, "cashier", now), role.Holding{Members: 3, Links: 2})
		b.same("once they expired", held(t.developer.ID, "cashier", later), role.Holding{Members: 2})
		b.same("of the tenant's", held(t.tenant.ID, "cashier", now), role.Holding{Members: 1})
		b.same("of one that nobody has", held(t.developer.ID, "none", now), role.Holding{})
	}},
	{"members are found by own roles", "the roles of a member query may be codes of own roles, and such members may be on teams", func(b *bench) {
		t := b.newTown()
		cashier := b.member(t.developer, "cashier", holding(0, t.program))
		b.put(b.role(t.developer, "cashier"), cashier, b.member(t.developer, "barista"))
		b.same("the members", b.people(member.Query{Workspace: t.developer.ID, Roles: []rbac.Role{"cashier"}, Limit: plenty}), []member.Member{cashier})
		b.same("the member", b.find(cashier.ID), cashier)
	}},
}

func ownRoleFacts(b *bench) {
	t := b.newTown()
	here, above := b.role(t.developer, "cashier"), b.role(t.tenant, "cashier", func(r *role.Role) {
		r.Cells = map[string]rbac.Scope{"miniprogram.view": rbac.InTenant}
	})
	m := b.member(t.developer, "cashier", account("u-both"), holding(0, t.program))
	n := b.member(t.tenant, "cashier", account("u-both"))
	lost := b.member(t.developer, "gone")
	b.put(here, above, m, n, lost)
	check := func(home, over string) {
		b.Helper()
		outside, err := b.store.Facts(b.Context(), rbac.Query{Account: "u-both", Object: rbac.OnVersion(t.version.ID)})
		b.ok(err)
		for _, f := range []rbac.Facts{outside, b.facts("u-both", rbac.OnVersion(t.version.ID))} {
			b.same("the role here", []any{f.Home.Role, textOf(f.Home.Custom)}, []any{keyOf(home), home})
			b.same("the role above", []any{f.Above.Role, textOf(f.Above.Custom)}, []any{keyOf(over), over})
			b.same("the member and what he holds", []any{f.Home.Member, f.Home.Assigned, f.Home.Presence, f.Above.Assigned},
				[]any{m.ID, true, rbac.Active, false})
		}
		for _, g := range b.grants("u-both") {
			want := home
			if g.Workspace == t.tenant.ID {
				want = over
			}
			b.same("the granted role", []any{g.Role, textOf(g.Custom)}, []any{keyOf(want), want})
		}
	}
	check(here.Custom().String(), above.Custom().String())
	here.Cells = map[string]rbac.Scope{"qrcode.view": rbac.Assigned, "qrcode.manage": rbac.Assigned}
	here.Name, here.Assignment, here.Revision, here.UpdatedAt = "Till", rbac.RequiredAssignment, 2, now.Add(time.Hour)
	b.put(here)
	b.sameRole(b.ownRole(here.ID), here)
	check(here.Custom().String(), above.Custom().String())
	b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.DeleteRole(ctx, here.ID) })
	check("", above.Custom().String())
	here.ID = id.Role{UUID: b.uuid()}
	b.put(here)
	check(here.Custom().String(), above.Custom().String())

	f := b.facts("u-both", rbac.OnRole(above.ID))
	b.same("the owner of a role", []any{f.Found, f.Owner, f.Tenant, f.Home.Member}, []any{true, t.tenant.ID, t.tenant.ID, n.ID})
	f = b.facts(lost.Account, rbac.OnWorkspace(t.developer.ID))
	b.same("a role that there is not", []any{f.Home.Presence, f.Home.Role, f.Home.Custom}, []any{rbac.Active, rbac.RoleKey(0), (*rbac.Custom)(nil)})
}

// textOf is the definition of an own role, "" for none; keyOf the key that goes
// with it.
func textOf(c *rbac.Custom) string {
	if c == nil {
		return ""
	}
	return c.String()
}

func keyOf(text string) rbac.RoleKey {
	if text == "" {
		return 0
	}
	return rbac.CustomKey
}

// role makes the record of an own role.
func (b *bench) role(w workspace.Workspace, code rbac.Role, change ...func(*role.Role)) role.Role {
	return changed(role.Role{
		ID: id.Role{UUID: b.uuid()}, Workspace: w.ID, Tenant: w.Tenant, Code: code, Name: "Cashier", Assignment: rbac.OptionalAssignment,
		Cells:    map[string]rbac.Scope{"qrcode.view": rbac.Assigned, "member.view": rbac.InWorkspace},
		Revision: 1, CreatedAt: now, UpdatedAt: now,
	}, change)
}

func (b *bench) ownRole(r id.Role) role.Role {
	b.Helper()
	return read(b, func(ctx context.Context, rd storage.Reader) (role.Role, error) { return rd.Role(ctx, r) })
}

// sameRole compares roles; no cells are as good as none.
func (b *bench) sameRole(got, want role.Role) {
	b.Helper()
	b.same("the definition", got.Custom().String(), want.Custom().String())
	got.Cells, want.Cells = nil, nil
	b.same("the role", got, want)
}

// uuidOf is an id that units at once can make.
func (*bench) uuidOf(n byte) id.UUID { return id.UUID{0: 1, 14: 77, 15: n + 1} }
