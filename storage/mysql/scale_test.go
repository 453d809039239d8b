package mysql_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/internal/scale"
)

// large returns an empty store.
func large(b *testing.B) storage.Store {
	store := open(b, pool(b, with(dbtest.MySQL(b).DSN, "interpolateParams=true")), nil)
	require.NoError(b, store.Migrate(b.Context()))
	return store
}

func BenchmarkLists(b *testing.B) { scale.Lists(b, large(b), func() {}) }

func BenchmarkGrowth(b *testing.B) { scale.Growth(b, large, func() {}) }
