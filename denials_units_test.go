package superapp_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// TestDenialsInLargerUnits: what is denied inside a unit is recorded once it has
// ended, once, however it did; in the host's transaction the host does.
func TestDenialsInLargerUnits(t *testing.T) {
	t.Parallel()
	errElse := errors.New("something else")
	for name, run := range map[string]func(tries) error{
		"that goes on": func(k tries) error {
			return k.Update(k.Context(), func(ctx context.Context, p *superapp.Platform) error {
				if err := k.block(ctx, p); !errors.Is(err, rbac.ErrDenied) {
					return err
				}
				_, err := p.Members.Block(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Operator).ID, "")
				return err
			})
		},
		"that fails with it": func(k tries) error {
			return k.Update(k.Context(), k.block)
		},
		"that fails otherwise": func(k tries) error {
			return k.Update(k.Context(), func(ctx context.Context, p *superapp.Platform) error {
				return errors.Join(errElse, errors.New(k.block(ctx, p).Error()))
			})
		},
		"in another": func(k tries) error {
			return k.Update(k.Context(), func(ctx context.Context, p *superapp.Platform) error {
				return p.Update(ctx, k.block)
			})
		},
		"of a dry run": func(k tries) error {
			_, err := k.DryRun(k.Context(), k.block)
			return err
		},
		"that was confirmed": func(k tries) error {
			return k.Confirm(k.Context(), superapp.Digest(""), k.block)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.OnStores(t, *withDenials(), func(t *testing.T, kit *superapptest.Kit) {
				k := newTries(t, kit)
				if err := run(k); err != nil && !errors.Is(err, rbac.ErrDenied) {
					require.ErrorIs(t, err, errElse)
				}
				require.Equal(t, []int{1}, k.counts(k.merchant))
			})
		})
	}

	for _, commit := range []bool{true, false} {
		name := map[bool]string{true: "the host commits", false: "the host rolls back"}[commit]
		t.Run("a transaction that "+name, func(t *testing.T) {
			t.Parallel()
			db, store := hostDB(t)
			o := withDenials()
			o.Store = store
			k := newTries(t, superapptest.New(t, o))
			tx, err := db.BeginTx(t.Context(), nil)
			require.NoError(t, err)
			bound := k.With(store.Bind(tx))
			denied := k.denied(bound)
			_, err = bound.Members.Block(t.Context(), k.As(rbac.DeveloperAdmin), k.Member(rbac.Operator).ID, "")
			require.NoError(t, err, "the transaction goes on")
			require.ErrorIs(t, bound.Update(t.Context(), k.block), rbac.ErrDenied)
			if commit {
				require.NoError(t, tx.Commit())
			} else {
				require.NoError(t, tx.Rollback())
			}
			require.Empty(t, k.counts(k.merchant), "nobody knew what would become of it")
			require.NoError(t, k.Audit.RecordDenial(t.Context(), denied))
			k.denied(bound.With(store))
			require.Equal(t, []int{2}, k.counts(k.merchant))
		})
	}
}
