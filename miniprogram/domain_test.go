package miniprogram_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// TestCheckDomain: what a whitelist takes, and as what it is stored (P6).
func TestCheckDomain(t *testing.T) {
	t.Parallel()
	sockets, ports := miniprogram.DomainRules{Sockets: true}, miniprogram.DomainRules{Sockets: true, Ports: true}
	label := strings.Repeat("a", 63)
	long := strings.Join([]string{label, label, label, strings.Repeat("a", 61)}, ".") // 253 bytes
	for _, tt := range []struct {
		given  string
		rules  miniprogram.DomainRules
		want   string
		reason string
	}{
		{given: "api.example.com", want: "api.example.com"},
		{given: " https://API.Example.com ", want: "api.example.com"},
		{given: "HTTPS://api.example.com", want: "api.example.com"},
		{given: "https://api.example.com:443", rules: ports, want: "api.example.com"},
		{given: "https://api.example.com:8443", rules: ports, want: "api.example.com:8443"},
		{given: "api.example.com:08443", rules: ports, want: "api.example.com:8443"},
		{given: "wss://push.example.com", rules: sockets, want: "wss://push.example.com"},
		{given: "WSS://*.Example.com:9000", rules: ports, want: "wss://*.example.com:9000"},
		{given: "*.example.com", want: "*.example.com"},
		{given: "https://*.example.com", want: "*.example.com"},
		{given: "bücher.example", want: "xn--bcher-kva.example"},
		{given: "BÜCHER.example", want: "xn--bcher-kva.example"},
		{given: "xn--bcher-kva.example", want: "xn--bcher-kva.example"},
		{given: "faß.example", want: "xn--fa-hia.example"},
		{given: "咖啡.example.中国", want: "xn--bur6r.example.xn--fiqs8s"},
		{given: "ラーメンtokyo東京.example", want: "xn--tokyo-fx4d2bvewd0311b46wc.example"},
		{given: "ａｐｉ．example．com", want: "api.example.com"},
		{given: "api。example。com", want: "api.example.com"},
		{given: "аррӏе.example", want: "xn--80ak6aa92e.example"}, // Cyrillic alone: seen to be none
		{given: long, want: long},
		{given: "9gag.com", want: "9gag.com"},

		{given: "", reason: "required"},
		{given: "https://", reason: "required"},
		{given: "http://api.example.com", reason: "not_allowed"},
		{given: "ftp://api.example.com", reason: "not_allowed"},
		{given: "javascript://api.example.com", reason: "not_allowed"},
		{given: "wss://push.example.com", reason: "not_allowed"},
		{given: "ws://push.example.com", rules: sockets, reason: "not_allowed"},
		{given: "api.example.com:8443", rules: sockets, reason: "not_allowed"},
		{given: "api.example.com:", rules: ports, reason: "malformed"},
		{given: "api.example.com:0", rules: ports, reason: "malformed"},
		{given: "api.example.com:65536", rules: ports, reason: "malformed"},
		{given: "api.example.com:8443:1", rules: ports, reason: "malformed"},
		{given: "api.example.com/", reason: "malformed"},
		{given: "api.example.com/v1", reason: "malformed"},
		{given: "api.example.com?x", reason: "malformed"},
		{given: "ada@api.example.com", reason: "malformed"},
		{given: `api.example.com\v1`, reason: "malformed"},
		{given: "localhost", reason: "malformed"},
		{given: "example.com.", reason: "malformed"},
		{given: ".example.com", reason: "malformed"},
		{given: "api..example.com", reason: "malformed"},
		{given: "api_1.example.com", reason: "malformed"},
		{given: "-api.example.com", reason: "malformed"},
		{given: "ab--cd.example.com", reason: "malformed"},
		{given: "api example.com", reason: "malformed"},
		{given: "api.example.com\x00", reason: "malformed"},
		{given: "api.\xff.com", reason: "malformed"},
		{given: "xn--zzzzzz-.example", reason: "malformed"},
		{given: "a" + long, reason: "malformed"},
		{given: "a" + label + ".example.com", reason: "malformed"},
		{given: strings.Repeat("a", 1<<20), reason: "too_long"},

		{given: "127.0.0.1", reason: "not_allowed"},
		{given: "https://10.0.0.1:8443", rules: ports, reason: "not_allowed"},
		{given: "127.1", reason: "not_allowed"},
		{given: "2130706433", reason: "not_allowed"},
		{given: "0x7f.1", reason: "not_allowed"},
		{given: "1.2.3.0x4", reason: "not_allowed"},
		{given: "0X7F000001", reason: "not_allowed"},
		{given: "１２７。０。０。１", reason: "not_allowed"},
		{given: "[::1]", reason: "not_allowed"},
		{given: "[::1]:8443", rules: ports, reason: "not_allowed"},
		{given: "::1", reason: "not_allowed"},
		{given: "fe80::1%eth0", reason: "not_allowed"},

		{given: "*", reason: "not_allowed"},
		{given: "*.com", reason: "not_allowed"},
		{given: "*.co.uk", reason: "not_allowed"},
		{given: "*.github.io", reason: "not_allowed"},
		{given: "api.*.example.com", reason: "not_allowed"},
		{given: "*.*.example.com", reason: "not_allowed"},
		{given: "api*.example.com", reason: "not_allowed"},
		{given: "*api.example.com", reason: "not_allowed"},
		{given: "example.*", reason: "not_allowed"},

		{given: "аpple.example", reason: "not_allowed"},        // Cyrillic а
		{given: "xn--pple-43d.example", reason: "not_allowed"}, // the same as an A-label
		{given: "gοogle.example", reason: "not_allowed"},       // Greek ο
		{given: "пaypal.example", reason: "not_allowed"},       // Cyrillic п
		{given: "例кафе.example", reason: "not_allowed"},        // Han and Cyrillic
		{given: "*.раypal.example", reason: "not_allowed"},     // under a wild card
		{given: "한국ひらがな.example", reason: "not_allowed"},       // Hangul and Hiragana
		{given: "wss://gοogle.example", rules: sockets, reason: "not_allowed"},
	} {
		got, err := miniprogram.CheckDomain(tt.given, tt.rules)
		name := fmt.Sprintf("%.80q", tt.given)
		if tt.reason != "" {
			require.Equal(t, []string{"domain " + tt.reason}, problems(t, err), name)
			require.Empty(t, got, name)
			continue
		}
		require.NoError(t, err, name)
		require.Equal(t, tt.want, got, name)
		again, err := miniprogram.CheckDomain(got, tt.rules)
		require.NoError(t, err, name)
		require.Equal(t, got, again, "the stored form stands for itself: %s", name)
	}
}

// TestConfigureManyDomains: a list far over its limit is refused at once.
func TestConfigureManyDomains(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	many := make([]string, 10_000)
	for i := range many {
		many[i] = fmt.Sprintf("%d.example.com", i)
	}
	start := time.Now()
	_, err := k.MiniPrograms.Configure(t.Context(), k.As(rbac.DeveloperAdmin), k.Shop, miniprogram.Configuration{
		Servers: many, WebViews: many, Testers: many,
	})
	require.Less(t, time.Since(start), time.Second)
	require.Equal(t, []string{"servers too_long", "web_views too_long", "testers too_long"}, problems(t, err))
	require.ErrorContains(t, err, "want at most 200, got 10000")
}
