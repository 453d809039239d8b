package postgres_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/postgres"
	"github.com/superapp-go/superapp/unit"
)

// TestTextsNobodyCanHave: PostgreSQL refuses some texts, and whatever comes after
// them in a transaction of the host's. Nothing is stored under any of them, and
// that is the answer.
func TestTextsNobodyCanHave(t *testing.T) {
	t.Parallel()
	eachHost(t, migrated(t, postgres.Options{}), func(t *testing.T, h host) {
		w := tenant()
		p := miniprogram.MiniProgram{
			ID: id.MiniProgram{UUID: id.New()}, Workspace: w.ID, Tenant: w.Tenant, Type: miniprogram.H5, Language: "en", Name: "till", NameKey: "till",
			Status: miniprogram.InDevelopment, Creator: "u-1", CreatedAt: now, UpdatedAt: now,
		}
		require.NoError(t, put(t.Context(), h.store, w, person(w, "u-1")))
		require.NoError(t, h.store.Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
			return tx.InsertMiniProgram(ctx, p, []string{"till"})
		}))
		tx, bound := h.order(t)
		for _, text := range []string{"till\x00", "till\xff"} {
			q := rbac.Query{Account: id.Account(text), Object: rbac.OnWorkspace(w.ID)}
			for _, s := range []storage.Store{h.store, bound} {
				f, err := s.Facts(t.Context(), q)
				require.NoError(t, err)
				require.True(t, f.Found)
				require.Equal(t, rbac.Absent, f.Home.Presence)
				require.NoError(t, s.View(t.Context(), func(ctx context.Context, r storage.Reader) error {
					filter := rbac.Filter{Tenants: scope(w), Statuses: []rbac.WorkspaceStatus{rbac.Verified}}
					for _, q := range []miniprogram.Query{
						{Filter: filter, Creator: id.Account(text)},
						{Filter: filter, Prefix: "till", AfterTerm: text},
						{Filter: rbac.Filter{OwnTenants: scope(w), Creator: id.Account(text), Statuses: filter.Statuses}},
					} {
						q.Limit = 9
						found, err := r.MiniPrograms(ctx, q)
						require.NoError(t, err)
						require.Empty(t, found)
					}
					grants, err := r.Grants(ctx, id.Account(text))
					require.Empty(t, grants)
					return err
				}))
			}
		}
		require.NoError(t, tx.exec("INSERT INTO "+h.orders+" VALUES ('milk')"))
		require.NoError(t, tx.commit())
		require.Equal(t, 2, h.count(t))
	})
}
