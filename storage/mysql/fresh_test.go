package mysql_test

import (
	"context"
	"database/sql"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// TestBoundUnitsReadWhatIsCommitted: the host's transaction has taken its
// snapshot long ago, in REPEATABLE READ; what a unit decides by must be what is
// true behind the lock, in every statement and every part of one.
func TestBoundUnitsReadWhatIsCommitted(t *testing.T) {
	t.Parallel()
	h := newShop(t, "")
	w, later := tenant(), tenant()
	old := person(w, "u-old")
	renamed := miniprogram.MiniProgram{
		ID: id.MiniProgram{UUID: id.New()}, Workspace: w.ID, Tenant: w.ID, Type: miniprogram.DSL, Language: "en",
		Name: "Tall", NameKey: "tall", Status: miniprogram.Published, CreatedAt: now, UpdatedAt: now,
	}
	require.NoError(t, put(t.Context(), h, w, old))
	require.NoError(t, h.Update(t.Context(), scope(w), func(ctx context.Context, tx storage.Tx) error {
		return tx.InsertMiniProgram(ctx, renamed, []string{"tall"})
	}))

	tx, err := h.db.BeginTx(t.Context(), &sql.TxOptions{Isolation: sql.LevelRepeatableRead})
	require.NoError(t, err)
	defer tx.Rollback()
	require.Zero(t, h.ordersIn(t, tx, "tea"), "the transaction has its snapshot")
	bound := h.Bind(tx)

	// What others commit since.
	fresh := person(w, "u-new")
	p := miniprogram.MiniProgram{
		ID: id.MiniProgram{UUID: id.New()}, Workspace: w.ID, Tenant: w.ID, Type: miniprogram.DSL, Language: "en",
		Name: "Till", NameKey: "till", Status: miniprogram.Published, Creator: "u-old", CreatedAt: now, UpdatedAt: now,
	}
	fresh.Programs = []rbac.HeldProgram{{MiniProgram: p.ID, Owner: w.ID}}
	hash := [32]byte{7}
	e := audit.Event{Workspace: w.ID, Seq: 1, At: now, Verb: "member.invited", Object: rbac.OnMember(fresh.ID), Actor: "u-old", Data: []byte("{}")}
	require.NoError(t, h.Update(t.Context(), scope(w), func(ctx context.Context, tx storage.Tx) error {
		require.NoError(t, tx.InsertWorkspace(ctx, later))
		require.NoError(t, tx.InsertMiniProgram(ctx, p, []string{"till"}))
		require.NoError(t, tx.UpdateMiniProgram(ctx, renamed, []string{"tell"}))
		require.NoError(t, tx.InsertMember(ctx, fresh))
		require.NoError(t, tx.InsertToken(ctx, hash, fresh.ID, 1))
		old.State = member.Inactive
		require.NoError(t, tx.UpdateMember(ctx, old))
		return tx.AppendEvent(ctx, e)
	}))

	_, err = bound.Facts(t.Context(), rbac.Query{Object: rbac.OnWorkspace(later.ID)})
	require.NoError(t, err)
	require.False(t, stored(t, bound, later), "reading alone shows the host's snapshot")

	byObject := unit.On(rbac.User("u-new"), rbac.OnMember(fresh.ID))
	require.NoError(t, bound.Update(t.Context(), byObject, func(ctx context.Context, tx storage.Tx) error {
		head, err := tx.Head(ctx, w.ID)
		require.NoError(t, err)
		require.EqualValues(t, 1, head.Seq)
		next := e
		next.Seq = 2
		require.NoError(t, tx.AppendEvent(ctx, next), "the scope has found it, by an object that is new")
		f, err := tx.Facts(ctx, byObject.Query)
		require.NoError(t, err)
		require.Equal(t, fresh.ID, f.Home.Member, "as read along with the lock")
		f, err = tx.Facts(ctx, rbac.Query{Account: "u-old", Object: rbac.OnMiniProgram(p.ID)})
		require.NoError(t, err)
		require.Equal(t, rbac.Blocked, f.Home.Presence)
		found, err := tx.Lookup(ctx, member.Lookup{
			Token: hash, Emails: []string{fresh.Email}, Account: "u-new", Admins: true, Programs: []id.MiniProgram{p.ID},
		})
		require.NoError(t, err)
		require.Equal(t, fresh.Programs, found.Member.Programs, "in a subquery")
		require.Len(t, found.Open, 1)
		require.Equal(t, fresh.Programs, found.Open[0].Programs)
		require.Equal(t, fresh.ID, found.Present)
		require.Equal(t, 1, found.Admins)
		require.Len(t, found.Programs, 1)
		people, err := tx.Members(ctx, member.Query{Workspace: w.ID, MiniProgram: p.ID, Limit: 9})
		require.NoError(t, err)
		require.Len(t, people, 1)
		for _, prefix := range []string{"", "t"} {
			hits, err := tx.MiniPrograms(ctx, miniprogram.Query{
				Filter: rbac.Filter{Tenants: []id.Workspace{w.ID}, Workspaces: []id.Workspace{w.ID}, Statuses: []rbac.WorkspaceStatus{rbac.Verified}},
				Prefix: prefix, Limit: 9,
			})
			require.NoError(t, err)
			require.Len(t, hits, 2, "in a union of subqueries, by the terms of now")
		}
		spaces, err := tx.Workspaces(ctx, workspace.Query{IDs: []id.Workspace{w.ID, later.ID}, Limit: 9})
		require.NoError(t, err)
		require.Len(t, spaces, 2)
		require.Equal(t, 2, spaces[0].MiniPrograms, "in a subquery of a column")
		events, err := tx.Events(ctx, audit.Query{Workspace: w.ID, Limit: 9})
		require.NoError(t, err)
		require.Len(t, events, 2)
		return nil
	}))
	require.NoError(t, bound.Update(t.Context(), unit.Scope{Token: hash}, func(ctx context.Context, tx storage.Tx) error {
		next := e
		next.Seq = 3
		return tx.AppendEvent(ctx, next)
	}), "or by a token that is")
	require.NoError(t, tx.Commit())
}
