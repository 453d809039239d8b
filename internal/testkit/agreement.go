package testkit

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/role"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/superapptest"
)

// Agreement fails unless over an empty store a check, a batch, an explanation, WhatCan,
// the list filter and WhoCan say the same of everybody and everything (R3, R4), of
// members with own roles made by chance too.
func Agreement(t *testing.T, store storage.Store) {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	a := &agreement{
		T: t, Kit: superapptest.New(t, &superapptest.Options{Store: store, NoRerun: true}),
		rand: rand.New(rand.NewPCG(seed, 26)), may: map[question]map[id.Account]bool{},
	}
	a.populate()
	a.ask()
	a.compareWhoCan()
	a.compareLists()
}

// An agreement is a kit with people in it, and what they may do.
type agreement struct {
	*testing.T
	*superapptest.Kit
	rand     *rand.Rand
	accounts []id.Account
	objects  []rbac.Object
	may      map[question]map[id.Account]bool
}

type question struct {
	permission rbac.Permission
	on         rbac.Object
}

func (a *agreement) ok(err error) {
	a.Helper()
	if err != nil {
		a.Fatal(err)
	}
}

// scopes are cells that a role of a workspace can have.
func (a *agreement) scopes(as rbac.Assignment, tenant bool) map[rbac.Permission]rbac.Scope {
	cells := map[rbac.Permission]rbac.Scope{}
	for _, p := range rbac.BuiltIn().Permissions() {
		from := []rbac.Scope{rbac.None, rbac.None, rbac.Own, rbac.InWorkspace}
		if as != rbac.NoAssignment {
			from = append(from, rbac.Assigned, rbac.Assigned)
		}
		if tenant {
			from = append(from, rbac.InTenant)
		}
		if rbac.ViewDeveloperWorkspace <= p && p <= rbac.RemoveDeveloperWorkspace {
			from = []rbac.Scope{rbac.None}
		}
		cells[p] = from[a.rand.IntN(len(from))]
	}
	return cells
}

// populate makes own roles in both workspaces, and members with them: some are in both,
// are blocked, are on teams, or have made something.
func (a *agreement) populate() {
	a.objects = []rbac.Object{rbac.OnWorkspace(a.Tenant), rbac.OnWorkspace(a.Merchant), rbac.OnMiniProgram(a.App), rbac.OnMiniProgram(a.Shop),
		rbac.OnMember(a.Member(rbac.Developer).ID)}
	for n, w := range []id.Workspace{a.Tenant, a.Merchant} {
		for i := range 3 {
			as := rbac.Assignment(i)
			own, err := a.Roles.Create(a.Context(), superapptest.System, w, role.Create{Code: rbac.Role(fmt.Sprintf("own_%d", i)),
				Edit: role.Edit{Name: "Own", Assignment: as, Cells: a.scopes(as, n == 0)}})
			a.ok(err)
			a.objects = append(a.objects, rbac.OnRole(own.ID))
			for j := range 3 {
				// The first person of each role is in both workspaces.
				handle := fmt.Sprintf("p%d%d", i, j)
				if j > 0 {
					handle = fmt.Sprintf("p%d%d%d", n, i, j)
				}
				a.join(w, own.Code, as, handle, j == 2 && a.rand.IntN(2) == 0)
			}
		}
	}
	for _, info := range rbac.Roles() {
		if info.Place != rbac.TeamPlace {
			a.accounts = append(a.accounts, superapptest.Account(info.Role))
		}
	}
	a.accounts = append(a.accounts, "nobody")
}

// join lets somebody in, who makes a mini program if he may.
func (a *agreement) join(w id.Workspace, code rbac.Role, as rbac.Assignment, handle string, blocked bool) {
	in := member.Invite{Workspace: w, Email: handle + "@people.example", Name: handle, Role: code}
	if as != rbac.NoAssignment {
		in.MiniPrograms = map[id.Workspace][]id.MiniProgram{a.Tenant: {a.App}, a.Merchant: {a.Shop}}[w]
	}
	_, token, err := a.Members.Invite(a.Context(), superapptest.System, in)
	a.ok(err)
	m, err := a.Members.Accept(a.Context(), token, superapptest.Person(handle))
	a.ok(err)
	a.accounts = append(a.accounts, m.Account)
	if made, err := a.MiniPrograms.Create(a.Context(), rbac.User(m.Account), miniprogram.Create{
		Workspace: w, Type: miniprogram.DSL, Language: "en", Name: "Made by " + handle + " " + w.String()[34:]}); err == nil {
		a.objects = append(a.objects, rbac.OnMiniProgram(made.ID))
	}
	if blocked {
		_, err = a.Members.Block(a.Context(), superapptest.System, m.ID, "")
		a.ok(err)
	}
}

// ask notes what everybody may do with everything, and compares the ways to ask.
func (a *agreement) ask() {
	ctx := a.Context()
	for _, on := range a.objects {
		for _, account := range a.accounts {
			by := rbac.User(account)
			what, err := a.Access.WhatCan(ctx, by, on)
			a.ok(err)
			asks := make([]rbac.Ask, len(what))
			for i, d := range what {
				asks[i] = rbac.Ask{Permission: d.Permission, Object: on}
				if q := (question{d.Permission, on}); d.Allowed && a.may[q] == nil {
					a.may[q] = map[id.Account]bool{account: true}
				} else if d.Allowed {
					a.may[q][account] = true
				}
			}
			batch, err := a.Access.CheckAll(ctx, by, asks)
			a.ok(err)
			for i, d := range batch {
				if what[i].String() != d.String() {
					a.Errorf("%s on %s %s: WhatCan says %s, CheckAll %s", account, on.Kind, on.ID, what[i], d)
				}
			}
			p := asks[a.rand.IntN(len(asks))].Permission
			explained, err := a.Access.Explain(ctx, by, p, on)
			a.ok(err)
			checked := a.Access.Check(ctx, by, p, on) == nil
			if want := a.may[question{p, on}][account]; explained.Allowed != want || checked != want {
				a.Errorf("%s on %s %s: WhatCan says %t, Explain %t, Check %t", account, on.Kind, on.ID, want, explained.Allowed, checked)
			}
		}
	}
	if len(a.may) == 0 {
		a.Error("nobody may do anything")
	}
}

// compareWhoCan asks for a dozen permissions on each object who has it.
func (a *agreement) compareWhoCan() {
	all := rbac.BuiltIn().Permissions()
	for _, on := range a.objects {
		for range 12 {
			p := all[a.rand.IntN(len(all))]
			can := map[id.Account]bool{}
			for _, x := range Able(a, a.Kit, superapptest.System, p, on) {
				can[x.Member.Account] = true
			}
			if want := a.may[question{p, on}]; !maps.Equal(can, want) {
				a.Errorf("who can %s on %s %s: %v, but allowed are %v", p, on.Kind, on.ID, can, want)
			}
		}
	}
}

// compareLists asks everybody which mini programs he sees.
func (a *agreement) compareLists() {
	for _, account := range a.accounts {
		listed := map[rbac.Object]bool{}
		for _, s := range Pages(a, 3, func(req page.Request) (page.Page[miniprogram.Details], error) {
			return a.MiniPrograms.List(a.Context(), rbac.User(account), miniprogram.Filter{}, req)
		}) {
			listed[rbac.OnMiniProgram(s.ID)] = true
		}
		for _, on := range a.objects {
			if want := a.may[question{rbac.ViewMiniProgram, on}][account]; on.Kind == rbac.KindMiniProgram && listed[on] != want {
				a.Errorf("%s sees mini program %s in a list: %t; by WhatCan: %t", account, on.ID, listed[on], want)
			}
		}
	}
}

// Able reads WhoCan to its end, in pages of two: they may be short.
func Able(t testing.TB, k *superapptest.Kit, actor rbac.Actor, p rbac.Permission, on rbac.Object) (all []member.Able) {
	t.Helper()
	for req := (page.Request{Size: 2}); ; {
		got, err := k.Members.WhoCan(t.Context(), actor, p, on, req)
		if err != nil || len(got.Items) > 2 {
			t.Fatalf("%d items, err = %v", len(got.Items), err)
		}
		all = append(all, got.Items...)
		if got.Next == "" {
			return all
		}
		req.After = got.Next
	}
}
