package postgres_test

import (
	"testing"

	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/storage/postgres"
)

// TestEveryAnswerIsTheSame is the property of R3 and R4 on this engine.
func TestEveryAnswerIsTheSame(t *testing.T) {
	t.Parallel()
	s := migrated(t, postgres.Options{})(t)
	testkit.Agreement(t, open(t, pool(t, s.DSN), &postgres.Options{Schema: s.Name}))
}
