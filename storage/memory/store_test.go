package memory

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

func TestClosed(t *testing.T) {
	t.Parallel()
	s := New()
	err := s.Update(t.Context(), unit.Scope{}, func(context.Context, storage.Tx) error { return s.Close() })
	require.ErrorIs(t, err, storage.ErrClosed, "a unit that is running does not commit")
	require.NoError(t, s.Close(), "the second time")

	_, err = s.Facts(t.Context(), rbac.Query{})
	require.ErrorIs(t, err, storage.ErrClosed)
	require.ErrorIs(t, s.View(t.Context(), func(context.Context, storage.Reader) error { return nil }), storage.ErrClosed)
	err = s.Update(t.Context(), unit.Scope{}, func(context.Context, storage.Tx) error { return nil })
	require.ErrorIs(t, err, storage.ErrClosed)
}

// TestZeroIDs: zero is no identifier, and means "nothing" to the check index.
func TestZeroIDs(t *testing.T) {
	t.Parallel()
	town := newTown(t, 1, 1)
	w, p, m := town.workspaces[0].ID, town.programs[0][0], town.members[0].ID
	fresh, nothing := id.New(), []rbac.HeldProgram{{Owner: w}}
	for name, c := range map[string]struct {
		want  error
		write func(context.Context, storage.Tx) error
	}{
		"a tenant": {fault.ErrInvalid, func(ctx context.Context, tx storage.Tx) error {
			return tx.InsertWorkspace(ctx, workspace.Workspace{})
		}},
		"a workspace": {fault.ErrInvalid, func(ctx context.Context, tx storage.Tx) error {
			return tx.InsertWorkspace(ctx, workspace.Workspace{Tenant: town.tenant.ID})
		}},
		"the tenant of a workspace": {workspace.ErrNotFound, func(ctx context.Context, tx storage.Tx) error {
			return tx.InsertWorkspace(ctx, workspace.Workspace{ID: id.Workspace{UUID: fresh}})
		}},
		"a member": {fault.ErrInvalid, func(ctx context.Context, tx storage.Tx) error {
			return tx.InsertMember(ctx, member.Member{Workspace: w})
		}},
		"what a new member holds": {miniprogram.ErrNotFound, func(ctx context.Context, tx storage.Tx) error {
			return tx.InsertMember(ctx, member.Member{ID: id.Member{UUID: fresh}, Workspace: w, Programs: nothing})
		}},
		"what a member holds": {miniprogram.ErrNotFound, func(ctx context.Context, tx storage.Tx) error {
			return tx.UpdateMember(ctx, member.Member{ID: m, Programs: nothing})
		}},
		"what a member is given": {miniprogram.ErrNotFound, func(ctx context.Context, tx storage.Tx) error {
			return tx.PutHeld(ctx, m, nothing[0])
		}},
		"a mini program": {fault.ErrInvalid, func(ctx context.Context, tx storage.Tx) error {
			return tx.InsertMiniProgram(ctx, miniprogram.MiniProgram{Workspace: w}, nil)
		}},
		"a version": {fault.ErrInvalid, func(ctx context.Context, tx storage.Tx) error {
			return tx.InsertVersion(ctx, miniprogram.Version{MiniProgram: p})
		}},
		"a QR code": {fault.ErrInvalid, func(ctx context.Context, tx storage.Tx) error {
			return tx.InsertQRCode(ctx, qrcode.Definition{MiniProgram: p})
		}},
	} {
		require.ErrorIs(t, town.store.Update(t.Context(), unit.Scope{}, c.write), c.want, name)
	}
}

func TestViewCannotWrite(t *testing.T) {
	t.Parallel()
	town := newTown(t, 1, 1)
	require.NoError(t, town.store.View(t.Context(), func(ctx context.Context, r storage.Reader) error {
		require.ErrorIs(t, r.(storage.Tx).UpdateMember(ctx, town.members[0]), storage.ErrUnsupported)
		return nil
	}))
}

func TestAppendEventOutOfOrder(t *testing.T) {
	t.Parallel()
	town := newTown(t, 1, 1)
	w := town.workspaces[0].ID
	err := town.store.Update(t.Context(), unit.Scope{Workspaces: []id.Workspace{w}}, func(ctx context.Context, tx storage.Tx) error {
		require.NoError(t, tx.AppendEvent(ctx, audit.Event{Workspace: w, Seq: 1}))
		for _, seq := range []uint64{0, 1, 3} {
			require.ErrorIs(t, tx.AppendEvent(ctx, audit.Event{Workspace: w, Seq: seq}), storage.ErrSequence)
		}
		return tx.AppendEvent(ctx, audit.Event{Workspace: w, Seq: 2})
	})
	require.NoError(t, err)
}

func TestPanicReleasesTheLock(t *testing.T) {
	t.Parallel()
	town := newTown(t, 1, 1)
	m := town.members[0]
	m.State = member.Inactive
	boom := errors.New("boom")
	require.PanicsWithValue(t, boom, func() {
		_ = town.store.Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
			require.NoError(t, tx.UpdateMember(ctx, m))
			panic(boom)
		})
	})
	town.do(t, func(ctx context.Context, tx storage.Tx) error {
		got, err := tx.Member(ctx, m.ID)
		require.Equal(t, member.Active, got.State)
		return err
	})
}

// TestCopyLeavesNothingOut holds every tree of a copied state apart from the
// one it was copied from: a shared one would let a unit that fails leave traces.
func TestCopyLeavesNothingOut(t *testing.T) {
	t.Parallel()
	from, to := newState(), newState()
	*to = *from.copy()
	a, b := reflect.ValueOf(from).Elem(), reflect.ValueOf(to).Elem()
	for i := range a.NumField() {
		x, y := a.Field(i), b.Field(i)
		if x.Kind() == reflect.Struct {
			x, y = x.Field(0), y.Field(0)
		}
		require.False(t, y.IsNil(), a.Type().Field(i).Name)
		require.NotEqual(t, x.Pointer(), y.Pointer(), a.Type().Field(i).Name)
	}
}

// TestSearchArms holds the walk along the arms of a filter equal to a look at
// every mini program.
func TestSearchArms(t *testing.T) {
	t.Parallel()
	town := newTown(t, 3*crowd, 0)
	all := town.fillSearch(t)
	w := town.workspaces
	filter := rbac.Filter{
		Workspaces: []id.Workspace{w[0].ID}, MiniPrograms: []id.MiniProgram{town.programs[1][3], town.programs[1][4]},
		OwnWorkspaces: []id.Workspace{w[1].ID}, OwnTenants: []id.Workspace{town.tenant.ID}, Creator: "ann",
		Statuses: []rbac.WorkspaceStatus{rbac.Verified},
	}
	everything := rbac.Filter{All: true, Statuses: filter.Statuses}
	tenantWide := rbac.Filter{Tenants: []id.Workspace{town.tenant.ID}, Statuses: filter.Statuses}
	for _, f := range []rbac.Filter{filter, everything, tenantWide} {
		for _, q := range []miniprogram.Query{
			{}, {Workspace: w[0].ID}, {Workspace: w[1].ID}, {Tenant: town.tenant.ID}, {Tenant: w[2].ID}, {Creator: "ann"}, {Creator: "bob"},
			{Creator: "ann", Workspace: w[2].ID}, {Type: miniprogram.DSL}, {ID: town.programs[1][3]}, {ID: town.programs[2][0]},
			{Prefix: "c"}, {Prefix: "coffee"}, {Prefix: "c", Workspace: w[1].ID}, {Prefix: "t", Creator: "bob"}, {Prefix: "none"},
		} {
			q.Filter, q.Limit = f, 7
			require.Equal(t, expected(all, q), town.pages(t, q), "%+v", q)
		}
	}
}

// fillSearch gives the mini programs of a town creators and terms.
func (t *town) fillSearch(tb testing.TB) (all []program) {
	words := [][]string{{"coffee", "cup"}, {"tea"}, {"coffee shop", "shop"}, {"cake", "coffee", "tea"}}
	t.do(tb, func(ctx context.Context, tx storage.Tx) error {
		for i, w := range t.workspaces {
			for k := range 12 {
				p := miniprogram.MiniProgram{
					ID: id.MiniProgram{UUID: id.New()}, Workspace: w.ID, Tenant: w.Tenant, Type: []miniprogram.Type{miniprogram.DSL, miniprogram.H5}[k%2],
					Creator: []id.Account{"ann", "bob", ""}[(i+k)%3], Status: miniprogram.Published,
				}
				p.NameKey = p.ID.String()
				t.programs[i] = append(t.programs[i], p.ID)
				all = append(all, program{p, words[k%len(words)]})
				if err := tx.InsertMiniProgram(ctx, p, words[k%len(words)]); err != nil {
					return err
				}
			}
		}
		return nil
	})
	programs := t.store.root.Load().programs
	for key := range programs.after(id.UUID{}) {
		if p := programs.get(key); !slices.ContainsFunc(all, func(q program) bool { return q.ID == p.ID }) {
			all = append(all, *p)
		}
	}
	return all
}

// expected selects by looking at everything.
func expected(all []program, q miniprogram.Query) (ids []id.MiniProgram) {
	var hits []miniprogram.Hit
	for _, p := range all {
		hit := miniprogram.Hit{MiniProgram: p.MiniProgram}
		if q.Prefix != "" {
			i := slices.IndexFunc(p.terms, func(t string) bool { return strings.HasPrefix(t, q.Prefix) })
			if i < 0 {
				continue
			}
			hit.Term = p.terms[i]
		}
		target := rbac.Target{Owner: p.Workspace, Tenant: p.Tenant, OwnerStatus: rbac.Verified, TenantStatus: rbac.Verified, MiniProgram: p.ID, Creator: p.Creator}
		if q.Filter.Covers(target) && (q.Workspace.IsZero() || q.Workspace == p.Workspace) && (q.Tenant.IsZero() || q.Tenant == p.Tenant) &&
			(q.ID.IsZero() || q.ID == p.ID) && (q.Creator == "" || q.Creator == p.Creator) && (q.Type == "" || q.Type == p.Type) {
			hits = append(hits, hit)
		}
	}
	slices.SortFunc(hits, compareHits)
	for _, h := range hits {
		ids = append(ids, h.ID)
	}
	return ids
}

// pages reads a list to its end.
func (t *town) pages(tb testing.TB, q miniprogram.Query) (ids []id.MiniProgram) {
	require.NoError(tb, t.store.View(tb.Context(), func(ctx context.Context, r storage.Reader) error {
		for {
			hits, err := r.MiniPrograms(ctx, q)
			if err != nil {
				return err
			}
			for _, h := range hits {
				ids = append(ids, h.ID)
				q.AfterTerm, q.After = h.Term, h.ID
			}
			if len(hits) < q.Limit {
				return nil
			}
		}
	}))
	return ids
}
