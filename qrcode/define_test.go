package qrcode_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/qrcode"
)

// fixed is a host's scheme that answers one link.
type fixed string

func (f fixed) Link(qrcode.Target) (string, error) { return string(f), nil }

func param(key, value string) []qrcode.Param { return []qrcode.Param{{Key: key, Value: value}} }

// TestDefineLimits holds the limits of Q3 and what no text may hold.
func TestDefineLimits(t *testing.T) {
	t.Parallel()
	x := func(n int) string { return strings.Repeat("x", n) }
	tests := []struct {
		name   string
		in     qrcode.Define
		scheme qrcode.Scheme
		// field is "" for an input that is fine.
		field, reason, detail string
	}{
		{name: "name of 64 characters, not bytes", in: qrcode.Define{Name: strings.Repeat("桌", 64)}},
		{name: "name of 65", in: qrcode.Define{Name: strings.Repeat("桌", 65)}, field: "name", reason: "too_long", detail: "at most 64 characters, got 65"},
		{name: "name of spaces", in: qrcode.Define{Name: " \t "}, field: "name", reason: "required"},
		{name: "name with a line break", in: qrcode.Define{Name: "a\nb"}, field: "name", reason: "malformed"},
		{name: "name that is not UTF-8", in: qrcode.Define{Name: "a\xff"}, field: "name", reason: "malformed"},

		{name: "no page", in: qrcode.Define{Name: "a"}},
		{name: "page from the root", in: qrcode.Define{Name: "a", Page: "/pages/menu"}, field: "page", reason: "not_allowed", detail: "a slash at its beginning"},
		{name: "page with all kinds of letters", in: qrcode.Define{Name: "a", Page: "pages/菜单 50%/a:b&c=d.e"}},
		{name: "page of 256 bytes", in: qrcode.Define{Name: "a", Page: x(256)}},
		{name: "page of 257", in: qrcode.Define{Name: "a", Page: x(257)}, field: "page", reason: "too_long", detail: "at most 256 bytes, got 257"},
		{name: "page counted in bytes", in: qrcode.Define{Name: "a", Page: strings.Repeat("é", 129)}, field: "page", reason: "too_long", detail: "got 258"},
		{name: "page with a query", in: qrcode.Define{Name: "a", Page: "pages/menu?table=7"}, field: "page", reason: "not_allowed", detail: "parameters"},
		{name: "page with a fragment", in: qrcode.Define{Name: "a", Page: "pages/menu#top"}, field: "page", reason: "not_allowed", detail: "parameters"},
		{name: "page that is a web link", in: qrcode.Define{Name: "a", Page: "https://evil.example/"}, field: "page", reason: "not_allowed", detail: "without scheme, host"},
		{name: "page with a host alone", in: qrcode.Define{Name: "a", Page: "//evil.example/"}, field: "page", reason: "not_allowed", detail: "without scheme, host"},
		{name: "page with a scheme alone", in: qrcode.Define{Name: "a", Page: "javascript:alert"}, field: "page", reason: "not_allowed", detail: "without scheme, host"},
		{name: "page with a backslash, which browsers read as a slash", in: qrcode.Define{Name: "a", Page: `/\evil.example`}, field: "page", reason: "not_allowed", detail: "without scheme, host"},
		{name: "page that leaves the mini program", in: qrcode.Define{Name: "a", Page: "pages/../../other"}, field: "page", reason: "not_allowed", detail: `".."`},
		{name: "page with NUL", in: qrcode.Define{Name: "a", Page: "pages/\x00"}, field: "page", reason: "malformed"},
		{name: "page that is not UTF-8", in: qrcode.Define{Name: "a", Page: "pages/\xc3"}, field: "page", reason: "malformed"},

		{name: "param of signs, emoji and a right-to-left mark", in: qrcode.Define{Name: "a", Params: param(`&#%="'?`, "🍜 \u200f")}},
		{name: "param without a value", in: qrcode.Define{Name: "a", Params: param("k", "")}},
		{name: "param without a key", in: qrcode.Define{Name: "a", Params: param("", "v")}, field: "params[0].key", reason: "required"},
		{name: "param twice", in: qrcode.Define{Name: "a", Params: []qrcode.Param{{Key: "k"}, {Key: "K"}, {Key: "k"}}}, field: "params[2].key", reason: "duplicate"},
		{name: "param with NUL", in: qrcode.Define{Name: "a", Params: param("k", "\x00")}, field: "params[0].value", reason: "malformed"},
		{name: "param with a control character of Latin 1", in: qrcode.Define{Name: "a", Params: param("k\u0085", "v")}, field: "params[0].key", reason: "malformed"},
		{name: "param that is not UTF-8", in: qrcode.Define{Name: "a", Params: param("k", "\xf0\x9f")}, field: "params[0].value", reason: "malformed"},
		{name: "query of 1024 bytes", in: qrcode.Define{Name: "a", Params: param("k", x(1022))}},
		{name: "query of 1025", in: qrcode.Define{Name: "a", Params: param("k", x(1023))}, field: "params", reason: "too_long", detail: "at most 1024 bytes as a percent-encoded query, got 1025"},
		{name: "query counted as encoded", in: qrcode.Define{Name: "a", Params: param("k", strings.Repeat("é", 171))}, field: "params", reason: "too_long", detail: "got 1028"},

		{name: "link of 2048 bytes", in: qrcode.Define{Name: "a"}, scheme: fixed(x(2048))},
		{name: "link of 2049", in: qrcode.Define{Name: "a"}, scheme: fixed(x(2049)), field: "link", reason: "too_long", detail: "at most 2048 bytes with the page and all parameters, got 2049"},
		{name: "link that grows by encoding", in: qrcode.Define{Name: "a", Page: strings.Repeat("é", 128), Params: param("k", strings.Repeat("é", 170))}, field: "link", reason: "too_long", detail: "at most 2048 bytes"},
		{name: "link that is empty", in: qrcode.Define{Name: "a"}, scheme: fixed(""), field: "link", reason: "malformed"},
		{name: "link that is not encoded", in: qrcode.Define{Name: "a"}, scheme: fixed("app://menu/é"), field: "link", reason: "malformed"},
		{name: "link with a space", in: qrcode.Define{Name: "a"}, scheme: fixed("app://a b"), field: "link", reason: "malformed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			service, store := newService(&qrcode.Options{Scheme: tt.scheme})
			tt.in.MiniProgram = shop
			code, err := service.Define(t.Context(), admin, tt.in)
			if tt.field == "" {
				require.NoError(t, err)
				require.Equal(t, tt.in.Page, code.Page)
				require.Equal(t, tt.in.Params, code.Params)
				return
			}
			requireProblem(t, err, tt.field, tt.reason, tt.detail)
			require.Empty(t, store.codes)
			require.Empty(t, store.events)
		})
	}
}

func TestDefineTellsAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	service, _ := newService(nil)
	_, err := service.Define(t.Context(), admin, qrcode.Define{
		MiniProgram: shop, Page: "a?b", Params: []qrcode.Param{{Key: ""}, {Key: "k", Value: "\n"}},
	})
	invalid, ok := errors.AsType[*fault.InvalidError](err)
	require.True(t, ok, "%T", err)
	var fields []string
	for _, p := range invalid.Problems {
		fields = append(fields, p.Field)
	}
	require.Equal(t, []string{"name", "page", "params[0].key", "params[1].value"}, fields)

	service, _ = newService(&qrcode.Options{Scheme: fixed("")})
	_, err = service.Define(t.Context(), admin, qrcode.Define{MiniProgram: shop})
	requireProblem(t, err, "name", "required", "")
	requireProblem(t, err, "link", "malformed", "")
}
