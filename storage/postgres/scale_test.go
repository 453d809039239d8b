package postgres_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/internal/scale"
	"github.com/superapp-go/superapp/storage/postgres"
)

// large returns an empty store and what counts its rows.
func large(b *testing.B) (storage.Store, *pgxpool.Pool) {
	s := dbtest.Postgres(b)
	p := pool(b, s.DSN)
	store := open(b, p, &postgres.Options{Schema: s.Name})
	require.NoError(b, store.Migrate(b.Context()))
	return store, p
}

func analyze(b *testing.B, p *pgxpool.Pool) {
	_, err := p.Exec(b.Context(), "ANALYZE")
	require.NoError(b, err)
}

func BenchmarkLists(b *testing.B) {
	store, p := large(b)
	scale.Lists(b, store, func() { analyze(b, p) })
}

func BenchmarkGrowth(b *testing.B) {
	var p *pgxpool.Pool
	scale.Growth(b, func(b *testing.B) (store storage.Store) {
		store, p = large(b)
		return store
	}, func() { analyze(b, p) })
}
