package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/storage/postgres"
)

// TestTripsOfPasswords: to try a password takes two units, one on each side of the
// hash (lock and facts, whose name it is, what is kept of him, count and commit; lock
// and facts, what is kept by now, writes and commit), and to set one a snapshot before
// it, of what costs no hash if it is refused.
func TestTripsOfPasswords(t *testing.T) {
	t.Parallel()
	schemas := migrated(t, postgres.Options{})
	want := map[string]int{
		"SignIn.SignIn": 4 + 3, "SignIn.SignIn, wrong": 4, "SignIn.ChangePassword": 4 + 3,
		"SignIn.SetPassword": 4 + 4, "SignIn.Reset": 4 + 4, "SignIn.SetDefault": 3 + 3, "SignIn.ClearDefault": 3, "SignIn.Unlock": 4,
	}
	require.Len(t, testkit.Passwords, len(want))
	for name, verb := range testkit.Passwords {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k, p, proxy := counted(t, schemas(t), "exec")
			var err error
			trips := proxy.Trips(func() { err = verb(t.Context(), k, p) })
			require.NoError(t, err)
			require.Len(t, trips, want[name], describe(trips))
		})
	}
}
