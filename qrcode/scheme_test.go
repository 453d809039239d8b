package qrcode_test

import (
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/qrcode"
)

func TestLink(t *testing.T) {
	t.Parallel()
	const app = "appId=00000000-0000-0000-0000-000000000003"
	table := []qrcode.Param{{Key: "table", Value: "7"}, {Key: "a b", Value: "c&d=+"}}
	tests := []struct {
		name   string
		scheme qrcode.Scheme
		target qrcode.Target
		want   string
	}{
		{"first page", qrcode.AlipayStyle(""), qrcode.Target{}, "superapp://platformapi/startapp?" + app},
		{"own word", qrcode.AlipayStyle("my-wallet.2"), qrcode.Target{}, "my-wallet.2://platformapi/startapp?" + app},
		{"page", qrcode.AlipayStyle(""), qrcode.Target{Page: "pages/a b"}, "superapp://platformapi/startapp?" + app + "&page=pages%2Fa%20b"},
		{"params", qrcode.AlipayStyle(""), qrcode.Target{Params: table}, "superapp://platformapi/startapp?" + app + "&query=table%3D7%26a%2520b%3Dc%2526d%253D%252B"},
		{"web", qrcode.HTTPS("https://wallet.example/open"), qrcode.Target{Page: "p", Params: table[:1]}, "https://wallet.example/open?" + app + "&page=p&query=table%3D7"},
		{"web with a port", qrcode.HTTPS("https://wallet.example:8443"), qrcode.Target{}, "https://wallet.example:8443?" + app},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.target.MiniProgram = shop
			got, err := tt.scheme.Link(tt.target)
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
		})
	}
}

func TestLinkOfSchemeThatCannotBe(t *testing.T) {
	t.Parallel()
	for _, s := range []qrcode.Scheme{
		qrcode.AlipayStyle("7up"), qrcode.AlipayStyle("my wallet"), qrcode.AlipayStyle("a:b"), qrcode.AlipayStyle("a/b"),
		qrcode.AlipayStyle("börse"), qrcode.AlipayStyle("a\x00"), qrcode.AlipayStyle("a?b"),
		qrcode.HTTPS(""), qrcode.HTTPS("wallet.example"), qrcode.HTTPS("http://wallet.example"), qrcode.HTTPS("https://"),
		qrcode.HTTPS("https:///open"), qrcode.HTTPS("https://:443/"), qrcode.HTTPS("https://ada@wallet.example/"),
		qrcode.HTTPS("https://wallet.example/?a=b"), qrcode.HTTPS("https://wallet.example/?"), qrcode.HTTPS("https://wallet.example/#"),
		qrcode.HTTPS("https://wallet.example/ö"), qrcode.HTTPS("https://wallet.example/a b"), qrcode.HTTPS("https://wallet.example/\n"),
	} {
		link, err := s.Link(qrcode.Target{MiniProgram: shop})
		require.ErrorIs(t, err, fault.ErrInvalid, "%T(%q) made %s", s, s, link)
	}
}

// schemes are those whose links are tried with every text.
var schemes = []qrcode.Scheme{qrcode.AlipayStyle(""), qrcode.HTTPS("https://wallet.example/open")}

// parse reads a link as an app does, by net/url alone.
func parse(t *testing.T, link string) (target qrcode.Target) {
	t.Helper()
	require.False(t, strings.ContainsFunc(link, func(r rune) bool { return r <= ' ' || r >= 0x7f }), "no URI: %q", link)
	u, err := url.Parse(link)
	require.NoError(t, err)
	require.Empty(t, u.Fragment)
	values, err := url.ParseQuery(u.RawQuery)
	require.NoError(t, err)
	for name, v := range values {
		require.Contains(t, []string{"appId", "page", "query"}, name)
		require.Len(t, v, 1)
	}
	target.MiniProgram = shop
	require.Equal(t, shop.String(), values.Get("appId"))
	target.Page = values.Get("page")
	if !values.Has("query") {
		return target
	}
	for pair := range strings.SplitSeq(values.Get("query"), "&") {
		key, value, found := strings.Cut(pair, "=")
		require.True(t, found, "no = in %q", pair)
		target.Params = append(target.Params, qrcode.Param{Key: unescape(t, key), Value: unescape(t, value)})
	}
	return target
}

// unescape decodes text in both ways that apps do: with a plus sign as a space,
// and with a plus sign as itself.
func unescape(t *testing.T, s string) string {
	t.Helper()
	a, err := url.QueryUnescape(s)
	require.NoError(t, err)
	b, err := url.PathUnescape(s)
	require.NoError(t, err)
	require.Equal(t, a, b)
	return a
}

// text returns up to 12 characters from anywhere in Unicode, with the ones that
// mean something in links more often.
func text(r *rand.Rand) string {
	const special = "&#%=+?/:;,@ \"'<>\\^`{|}~\x00\n\u200f\u202e🍜é%2F"
	var b strings.Builder
	for range r.IntN(13) {
		if r.IntN(2) == 0 {
			c := []rune(special)
			b.WriteRune(c[r.IntN(len(c))])
		} else {
			b.WriteRune(r.Int32N(utf8.MaxRune + 1))
		}
	}
	return b.String()
}

func TestLinkParsesBack(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		want := qrcode.Target{MiniProgram: shop, Page: text(r)}
		for range r.IntN(5) {
			want.Params = append(want.Params, qrcode.Param{Key: text(r), Value: text(r)})
		}
		for _, s := range schemes {
			link, err := s.Link(want)
			require.NoError(t, err)
			require.Equal(t, want, parse(t, link))
		}
	}
}

func FuzzLink(f *testing.F) {
	f.Add("pages/menu", "table", "7")
	f.Add("", "", "")
	f.Add("a?b#c", "&=", "%2F+ \x00\xff🍜\u200f")
	f.Fuzz(func(t *testing.T, page, key, value string) {
		want := qrcode.Target{MiniProgram: shop, Page: page, Params: []qrcode.Param{{Key: key, Value: value}, {Key: "last", Value: page}}}
		for _, s := range schemes {
			link, err := s.Link(want)
			require.NoError(t, err)
			require.Equal(t, want, parse(t, link))
		}
	})
}
