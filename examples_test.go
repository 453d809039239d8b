package superapp_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEveryVerbHasAnExample looks for the Example of every exported method.
func TestEveryVerbHasAnExample(t *testing.T) {
	t.Parallel()
	places := map[string]struct{ dir, receiver string }{
		"Platform": {".", "Platform"}, "Access": {"rbac", "Access"}, "Workspaces": {"workspace", "Service"}, "Members": {"member", "Service"},
		"Links": {"member", "LinkService"}, "Bulk": {"member", "BulkService"},
		"MiniPrograms": {"miniprogram", "Service"}, "QRCodes": {"qrcode", "Service"}, "Audit": {"audit", "Service"},
		"Approvals": {"approval", "Service"}, "Features": {"feature", "Service"}, "Roles": {"role", "Service"}, "SignIn": {"signin", "Service"},
		"Delivery": {"delivery", "Service"},
	}
	for _, m := range methods() {
		service, method, _ := strings.Cut(m, ".")
		if verbs[m].call == nil && m != "Platform.With" {
			continue // asks nothing of a store
		}
		place := places[service]
		files, err := filepath.Glob(filepath.Join(place.dir, "*_test.go"))
		require.NoError(t, err)
		var tests strings.Builder
		for _, f := range files {
			text, err := os.ReadFile(f)
			require.NoError(t, err)
			tests.Write(text)
		}
		require.Regexp(t, `func Example`+place.receiver+`_`+method+`(_\w+)?\(\)`, tests.String(), "%s has no Example", m)
	}
}
