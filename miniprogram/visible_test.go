package miniprogram_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// TestListIsGet: a list shows exactly the mini programs for which Get answers,
// with the same details, whoever asks, in random worlds (P3, R3).
func TestListIsGet(t *testing.T) {
	t.Parallel()
	for name, open := range testkit.Stores() {
		for seed := range uint64(6) {
			t.Run(fmt.Sprintf("%s, seed %d", name, seed), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, open(t), seed)
				seen := 0
				for _, actor := range w.actors() {
					visible := w.visible(actor)
					seen += len(visible)
					require.Equal(t, visible, list(t, w.kit, 1+w.IntN(7), actor, miniprogram.Filter{}), "%s", actor.Name())
					for range 8 {
						f := w.filter()
						want := slices.DeleteFunc(slices.Clone(visible), func(d miniprogram.Details) bool { return !selects(f, d) })
						got := list(t, w.kit, 1+w.IntN(7), actor, f)
						require.Len(t, got, len(want), "%s with %+v", actor.Name(), f)
						for i := range got {
							require.Equal(t, want[i], got[i], "%s with %+v", actor.Name(), f)
						}
					}
				}
				require.NotZero(t, seen)
			})
		}
	}
}

// A world is some tenants with merchants, mini programs and people, made at
// random through the verbs.
type world struct {
	*rand.Rand
	t        *testing.T
	kit      *superapptest.Kit
	tenants  []id.Workspace
	spaces   []workspace.Workspace
	programs []miniprogram.MiniProgram
	people   []string
}

func newWorld(t *testing.T, store storage.Store, seed uint64) *world {
	t.Helper()
	k := superapptest.New(t, &superapptest.Options{Store: store, NoRerun: true})
	w := &world{Rand: rand.New(rand.NewPCG(seed, 0)), t: t, kit: k}
	w.tenants = []id.Workspace{k.Tenant, openTenant(t, k, "harbour")}
	spaces := slices.Concat(w.tenants, []id.Workspace{k.Merchant})
	for i := range 4 {
		spaces = append(spaces, openMerchant(t, k, w.tenants[i%2], fmt.Sprintf("merchant%d", i)))
	}
	for _, s := range spaces {
		d, err := k.Workspaces.Get(t.Context(), superapptest.System, s)
		require.NoError(t, err)
		w.spaces = append(w.spaces, d.Workspace)
		for i := range 1 + w.IntN(4) {
			w.create(d.Workspace, fmt.Sprint("Noodles ", i))
		}
	}
	for i := range 6 {
		w.people = append(w.people, fmt.Sprintf("p%d", i))
		for range 1 + w.IntN(4) {
			w.join(w.people[i])
		}
	}
	for _, s := range w.spaces {
		// Why now: whoever joined may have created something himself.
		if w.IntN(2) == 0 {
			w.create(s, "Dumplings")
		}
	}
	w.upset()
	return w
}

// create makes a mini program as somebody who may, or as the operator.
func (w *world) create(s workspace.Workspace, name string) {
	in := miniprogram.Create{Workspace: s.ID, Type: miniprogram.DSL, Language: "en", Name: name + " of " + s.ID.String()[28:]}
	if w.IntN(2) == 0 {
		in.Type = miniprogram.H5
	}
	for _, handle := range w.people {
		if p, err := w.kit.MiniPrograms.Create(w.t.Context(), rbac.User(id.Account("acc-"+handle)), in); err == nil {
			w.programs = append(w.programs, p)
			return
		}
	}
	p, err := w.kit.MiniPrograms.Create(w.t.Context(), superapptest.System, in)
	require.NoError(w.t, err)
	w.programs = append(w.programs, p)
}

// join makes somebody a member of a random workspace in a random role, unless
// he is one already.
func (w *world) join(handle string) {
	s := w.spaces[w.IntN(len(w.spaces))]
	var roles []rbac.RoleInfo
	for _, info := range rbac.Roles() {
		if info.Place == rbac.Place(s.Kind) {
			roles = append(roles, info)
		}
	}
	info := roles[w.IntN(len(roles))]
	in := member.Invite{Workspace: s.ID, Email: handle + "@people.example", Name: handle, Role: info.Role}
	if info.Assignment != rbac.NoAssignment {
		in.MiniPrograms = w.assignable(s, info)
	}
	_, token, err := w.kit.Members.Invite(w.t.Context(), superapptest.System, in)
	if fault.KindOf(err) == fault.ErrExists {
		return
	}
	require.NoError(w.t, err)
	m, err := w.kit.Members.Accept(w.t.Context(), token, superapptest.Person(handle))
	require.NoError(w.t, err)
	if w.IntN(5) == 0 {
		_, err := w.kit.Members.Block(w.t.Context(), superapptest.System, m.ID, "")
		require.NoError(w.t, err)
	}
}

// assignable chooses mini programs that the role may have there.
func (w *world) assignable(s workspace.Workspace, info rbac.RoleInfo) (chosen []id.MiniProgram) {
	for _, p := range w.programs {
		mine := p.Workspace == s.ID || p.Tenant == s.ID && info.Assignment == rbac.OptionalAssignment
		first := len(chosen) == 0 && info.Assignment == rbac.RequiredAssignment
		if mine && (first || w.IntN(3) == 0) {
			chosen = append(chosen, p.ID)
		}
	}
	return chosen
}

// upset gives workspaces and mini programs other statuses.
func (w *world) upset() {
	for _, p := range w.programs {
		if w.IntN(3) == 0 {
			statuses := []miniprogram.Status{miniprogram.Archived, miniprogram.Offline, miniprogram.Published}
			testkit.SetStatus(w.t, w.kit, p.ID, statuses[w.IntN(len(statuses))])
		}
	}
	for i, s := range slices.Backward(w.spaces) { // tenants last: a disabled one's merchants are not removed
		switch {
		case w.IntN(4) > 0:
		case s.Kind == workspace.Developer && i%2 == 0:
			err := w.kit.RemoveDeveloper(w.t.Context(), superapptest.System, s.ID, "closed")
			if fault.KindOf(err) != fault.ErrState {
				require.NoError(w.t, err)
			}
		default:
			require.NoError(w.t, w.kit.Workspaces.SetStatus(w.t.Context(), superapptest.System, s.ID, workspace.Disabled, "unpaid"))
		}
	}
}

// actors are everybody: those of the world, of the kit, the operator, nobody.
func (w *world) actors() []rbac.Actor {
	all := []rbac.Actor{superapptest.System, rbac.User("acc-nobody"), rbac.User("acc-harbour"), rbac.User("acc-merchant1")}
	for _, handle := range w.people {
		all = append(all, rbac.User(id.Account("acc-"+handle)))
	}
	for _, info := range rbac.Roles() {
		all = append(all, w.kit.As(info.Role))
	}
	return all
}

// visible asks for every mini program one by one.
func (w *world) visible(actor rbac.Actor) (found []miniprogram.Details) {
	every := slices.Clone(w.programs)
	for _, p := range []id.MiniProgram{w.kit.App, w.kit.Shop} {
		every = append(every, miniprogram.MiniProgram{ID: p})
	}
	slices.SortFunc(every, func(a, b miniprogram.MiniProgram) int { return a.ID.Compare(b.ID.UUID) })
	for _, p := range every {
		d, err := w.kit.MiniPrograms.Get(w.t.Context(), actor, p.ID)
		if err == nil {
			found = append(found, d)
		}
		checked := w.kit.Access.Check(w.t.Context(), actor, rbac.ViewMiniProgram, rbac.OnMiniProgram(p.ID))
		require.Equal(w.t, checked == nil, err == nil, "%s: Get says %v, Check says %v", actor.Name(), err, checked)
	}
	return found
}

// filter makes a random filter; names are another test's.
func (w *world) filter() (f miniprogram.Filter) {
	some := w.programs[w.IntN(len(w.programs))]
	if w.IntN(3) == 0 {
		f.Workspace = some.Workspace
	}
	if w.IntN(3) == 0 {
		f.Tenant = w.tenants[w.IntN(2)]
	}
	if w.IntN(6) == 0 {
		f.ID = some.ID
	}
	if w.IntN(4) == 0 {
		f.Creator = id.Account("acc-" + w.people[w.IntN(len(w.people))])
	}
	if w.IntN(4) == 0 {
		f.Type = miniprogram.H5
	}
	if w.IntN(3) == 0 {
		f.Statuses = []miniprogram.Status{miniprogram.InDevelopment, miniprogram.Archived}
	}
	return f
}

// selects is what a filter means.
func selects(f miniprogram.Filter, d miniprogram.Details) bool {
	return (f.Workspace.IsZero() || f.Workspace == d.Workspace) &&
		(f.Tenant.IsZero() || f.Tenant == d.Tenant) &&
		(f.ID.IsZero() || f.ID == d.ID) &&
		(f.Creator == "" || f.Creator == d.Creator) &&
		(f.Type == "" || f.Type == d.Type) &&
		(f.Statuses == nil || slices.Contains(f.Statuses, d.Status))
}
