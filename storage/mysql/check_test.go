package mysql_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/rbac"
)

func TestUnfitConnectionsAreRefused(t *testing.T) {
	t.Parallel()
	for name, setting := range map[string]string{
		"a read that stays open":           "autocommit=0",
		"a transaction that begins itself": "completion_type=CHAIN",
		"what nobody has committed":        "tx_isolation='READ-UNCOMMITTED'",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := dbtest.MySQL(t).DSN
			s := open(t, pool(t, with(dsn, setting)), nil)
			require.ErrorIs(t, s.Migrate(t.Context()), fault.ErrInvalid, "before it makes anything")
			require.NoError(t, open(t, pool(t, dsn), nil).Migrate(t.Context()))
			require.ErrorIs(t, s.Validate(t.Context()), fault.ErrInvalid)
			_, err := s.Facts(t.Context(), rbac.Query{Object: rbac.OnWorkspace(tenant().ID)})
			require.ErrorIs(t, err, fault.ErrInvalid)
		})
	}
}
