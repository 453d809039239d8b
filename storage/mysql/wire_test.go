package mysql_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/storage/mysql"
	"github.com/superapp-go/superapp/superapptest"
)

// TestTripsOfPasswords: each statement is one round trip, with interpolateParams=true,
// and what opens and ends a unit is six. There are no more of them than this.
func TestTripsOfPasswords(t *testing.T) {
	t.Parallel()
	schemas := migrated(t, mysql.Options{})
	want := map[string]int{
		"SignIn.SignIn": 28, "SignIn.SignIn, wrong": 17, "SignIn.ChangePassword": 28, "SignIn.SetPassword": 22, "SignIn.Reset": 26,
		"SignIn.SetDefault": 16, "SignIn.ClearDefault": 11, "SignIn.Unlock": 15,
	}
	require.Len(t, testkit.Passwords, len(want))
	for name, verb := range testkit.Passwords {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := with(schemas(t).DSN, "interpolateParams=true")
			k := superapptest.New(t, &superapptest.Options{Store: open(t, pool(t, dsn), nil), NoRerun: true})
			proxy := dbtest.MySQLProxy(t, dsn)
			store := open(t, pool(t, proxy.DSN), nil)
			require.NoError(t, store.Validate(t.Context()))
			p := k.Over(store)
			var err error
			trips := proxy.Trips(func() { err = verb(t.Context(), k, p) })
			require.NoError(t, err)
			require.Len(t, trips, want[name], describe(trips))
		})
	}
}

// describe prints trips, a line for each statement.
func describe(trips []dbtest.Trip) string {
	var b strings.Builder
	for i, trip := range trips {
		for _, s := range trip {
			fmt.Fprintf(&b, "  %d  %.120s\n", i+1, s)
		}
	}
	return b.String()
}
