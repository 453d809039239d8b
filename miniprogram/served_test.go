package miniprogram_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// TestDisabledServesNothing: while the owner or his tenant is disabled, users get
// no version.
func TestDisabledServesNothing(t *testing.T) {
	t.Parallel()
	for name, of := range map[string]func(*superapptest.Kit) id.Workspace{
		"merchant": func(k *superapptest.Kit) id.Workspace { return k.Merchant },
		"tenant":   func(k *superapptest.Kit) id.Workspace { return k.Tenant },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := ready(t)
			testkit.Release(t, k, k.Shop, "1.0.0")
			served := func() bool {
				r, err := k.MiniPrograms.ReleaseOf(t.Context(), superapptest.System, k.Shop)
				require.NoError(t, err)
				_, ok := miniprogram.Resolve(r, miniprogram.User{Key: "u"})
				require.Equal(t, ok, !r.Offline)
				return ok
			}
			set := func(s workspace.Status) {
				require.NoError(t, k.Workspaces.SetStatus(t.Context(), superapptest.System, of(k), s, "fraud"))
			}
			require.True(t, served())
			set(workspace.Disabled)
			require.False(t, served())
			set(workspace.Verified)
			require.True(t, served())
		})
	}
}

// TestAddresses: what was reviewed is what is opened, and what was accepted once is
// accepted again.
func TestAddresses(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	contact := func(url string) (string, error) {
		e, err := k.MiniPrograms.SetProfile(t.Context(), k.As(rbac.DeveloperAdmin), k.Shop, miniprogram.ProfileEdit{
			Contacts: []miniprogram.Contact{{Kind: "url", Value: url}},
		})
		if err != nil {
			return "", err
		}
		return e.Contacts[0].Value, nil
	}
	for _, bad := range []string{"https://a.example/?go=\xff", "https://a.example/?a=b c", "https://a.example/?<script>", "https://a.example/?\u202e",
		"https://a.example/" + strings.Repeat("é", 100)} {
		_, err := contact(bad)
		require.ErrorIs(t, err, fault.ErrInvalid, "%q", bad)
	}
	for _, good := range []string{"https://a.example/?go=%FF&x=1", "https://a.example/" + strings.Repeat("é", 20)} {
		once, err := contact(good)
		require.NoError(t, err, "%q", good)
		again, err := contact(once)
		require.NoError(t, err, "%q", once)
		require.Equal(t, once, again)
	}
}
