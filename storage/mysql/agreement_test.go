package mysql_test

import (
	"testing"

	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/storage/mysql"
)

// TestEveryAnswerIsTheSame is the property of R3 and R4 on this engine.
func TestEveryAnswerIsTheSame(t *testing.T) {
	t.Parallel()
	dsn := migrated(t, mysql.Options{})(t).DSN
	testkit.Agreement(t, open(t, pool(t, dsn), nil))
}
