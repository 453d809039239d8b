package memory

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// now is when everything in these tests happens.
var now = time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)

// How a town is laid out: members and mini programs of a developer workspace,
// and how many of these a member is assigned to.
const (
	crowd    = 100
	shops    = 20
	assigned = 5
)

// A town is a store with one tenant and developer workspaces full of members.
type town struct {
	store      *Store
	tenant     workspace.Workspace
	workspaces []workspace.Workspace
	programs   [][]id.MiniProgram // by workspace
	members    []member.Member
}

// newTown fills a store with n members.
func newTown(tb testing.TB, n, assigned int) *town {
	tb.Helper()
	t := &town{store: New()}
	t.tenant = workspace.Workspace{ID: id.Workspace{UUID: id.New()}, Kind: workspace.Tenant, Status: workspace.Verified, CreatedAt: now}
	t.tenant.Tenant = t.tenant.ID
	t.do(tb, func(ctx context.Context, tx storage.Tx) error { return tx.InsertWorkspace(ctx, t.tenant) })
	for len(t.members) < n {
		t.do(tb, func(ctx context.Context, tx storage.Tx) error {
			return t.grow(ctx, tx, min(crowd, n-len(t.members)), assigned)
		})
	}
	return t
}

// grow adds a workspace with n members.
func (t *town) grow(ctx context.Context, tx storage.Tx, n, assigned int) error {
	w := workspace.Workspace{
		ID: id.Workspace{UUID: id.New()}, Tenant: t.tenant.ID, Kind: workspace.Developer, Status: workspace.Verified, CreatedAt: now,
	}
	if err := tx.InsertWorkspace(ctx, w); err != nil {
		return err
	}
	programs := make([]id.MiniProgram, shops)
	for i := range programs {
		programs[i].UUID = id.New()
		p := miniprogram.MiniProgram{
			ID: programs[i], Workspace: w.ID, Tenant: w.Tenant, Type: miniprogram.H5, Language: "en",
			Name: "Shop", NameKey: programs[i].String(), Status: miniprogram.Published, CreatedAt: now,
		}
		if err := tx.InsertMiniProgram(ctx, p, []string{"shop"}); err != nil {
			return err
		}
	}
	t.workspaces, t.programs = append(t.workspaces, w), append(t.programs, programs)
	for i := range n {
		m := t.person(w, len(t.members))
		for k := range assigned {
			h := rbac.HeldProgram{MiniProgram: programs[(i+k)%shops], Owner: w.ID, Team: rbac.MiniProgramDeveloper.Key()}
			m.Programs = append(m.Programs, h)
		}
		if err := tx.InsertMember(ctx, m); err != nil {
			return err
		}
		t.members = append(t.members, m)
	}
	return nil
}

// person makes the record of the i-th member.
func (t *town) person(w workspace.Workspace, i int) member.Member {
	return member.Member{
		ID: id.Member{UUID: id.New()}, Workspace: w.ID, Tenant: w.Tenant, State: member.Active, Role: rbac.Developer,
		Name: fmt.Sprintf("Person %d", i), NameKey: fmt.Sprintf("person %d", i),
		Email: fmt.Sprintf("person-%d@example.com", i), Account: id.Account(fmt.Sprintf("user-%016x", i*7919)),
		CreatedAt: now, UpdatedAt: now, JoinedAt: now,
	}
}

// do runs a unit that must succeed.
func (t *town) do(tb testing.TB, fn func(context.Context, storage.Tx) error) {
	tb.Helper()
	require.NoError(tb, t.store.Update(tb.Context(), unit.Scope{}, fn))
}
