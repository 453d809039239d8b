package qrcode_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/qrcode"
)

func TestLink(t *testing.T) {
	t.Parallel()
	const app = "appId=" + shopID
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
		{"trial", qrcode.AlipayStyle(""), qrcode.Target{Trial: true, Page: "p"}, "superapp://platformapi/startapp?" + app + "&version=trial&page=p"},
		{"web", qrcode.HTTPS("https://wallet.example/open"), qrcode.Target{Page: "p", Params: table[:1]}, "https://wallet.example/open?" + app + "&page=p&query=table%3D7"},
		{"web with a port", qrcode.HTTPS("https://wallet.example:8443"), qrcode.Target{}, "https://wallet.example:8443?" + app},
		{"web, trial", qrcode.HTTPS("https://wallet.example/open"), qrcode.Target{Trial: true}, "https://wallet.example/open?" + app + "&version=trial"},
		{"W3C, first page", qrcode.MiniApp(""), qrcode.Target{}, "superapp://miniapp/" + shopID},
		{"W3C, own word", qrcode.MiniApp("platform"), qrcode.Target{Page: "pages/index", Params: table[:1]}, "platform://miniapp/" + shopID + "/pages/index?table=7"},
		{"W3C, web", qrcode.MiniApp("https://platform.example"), qrcode.Target{Page: "pages/index"}, "https://platform.example/miniapp/" + shopID + "/pages/index"},
		{"W3C, escapes", qrcode.MiniApp(""), qrcode.Target{Page: "pages/a b;c", Params: table}, "superapp://miniapp/" + shopID + "/pages/a%20b%3Bc?table=7&a%20b=c%26d%3D%2B"},
		{"W3C, trial", qrcode.MiniApp(""), qrcode.Target{Trial: true, Page: "p"}, "superapp://miniapp/" + shopID + ";version=trial/p"},
		{"W3C, a folder", qrcode.MiniApp(""), qrcode.Target{Page: "p/"}, "superapp://miniapp/" + shopID + "/p/"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.target.MiniProgram = shop
			got, err := tt.scheme.Link(tt.target)
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
			back, err := tt.scheme.(qrcode.Parser).Parse(got)
			require.NoError(t, err)
			require.Equal(t, tt.target, back)
		})
	}
}

func TestLinkOfSchemeThatCannotBe(t *testing.T) {
	t.Parallel()
	for _, s := range []qrcode.Parser{
		qrcode.AlipayStyle("7up"), qrcode.AlipayStyle("my wallet"), qrcode.AlipayStyle("a:b"), qrcode.AlipayStyle("a/b"),
		qrcode.AlipayStyle("börse"), qrcode.AlipayStyle("a\x00"), qrcode.AlipayStyle("a?b"), qrcode.AlipayStyle("https"), qrcode.AlipayStyle("HTTP"),
		qrcode.HTTPS(""), qrcode.HTTPS("wallet.example"), qrcode.HTTPS("http://wallet.example"), qrcode.HTTPS("https://"),
		qrcode.HTTPS("https:///open"), qrcode.HTTPS("https://:443/"), qrcode.HTTPS("https://ada@wallet.example/"),
		qrcode.HTTPS("https://wallet.example/?a=b"), qrcode.HTTPS("https://wallet.example/?"), qrcode.HTTPS("https://wallet.example/#"),
		qrcode.HTTPS("https://wallet.example/ö"), qrcode.HTTPS("https://wallet.example/a b"), qrcode.HTTPS("https://wallet.example/\n"),
		qrcode.HTTPS("https://wället.example/"), qrcode.HTTPS("https://%E4%B8%96.example/open"), qrcode.HTTPS("https://[fe80::1%25en0]/open"),
		qrcode.MiniApp("7up"), qrcode.MiniApp("a/b"), qrcode.MiniApp("https"), qrcode.MiniApp("http://wallet.example"),
		qrcode.MiniApp("https://"), qrcode.MiniApp("https://wallet.example/"), qrcode.MiniApp("https://wallet.example/open"),
		qrcode.MiniApp("https://ada@wallet.example"), qrcode.MiniApp("https://wallet.example?"), qrcode.MiniApp("https://wallet example"),
	} {
		link, err := s.Link(qrcode.Target{MiniProgram: shop})
		require.ErrorIs(t, err, fault.ErrInvalid, "%T(%q) made %s", s, s, link)
		_, err = s.Parse("superapp://miniapp/" + shop.String())
		requireProblem(t, err, "scheme", "malformed", "such as")
	}
}

func TestLinkRefusesATargetThatIsNone(t *testing.T) {
	t.Parallel()
	twice := []qrcode.Param{{Key: "a", Value: "1"}, {Key: "a", Value: "2"}}
	for _, s := range schemes {
		for field, target := range map[string]qrcode.Target{
			"page":            {Page: "../other"},
			"params[1].key":   {Params: twice},
			"params[0].key":   {Params: []qrcode.Param{{Value: "1"}}},
			"params[0].value": {Params: []qrcode.Param{{Key: "a", Value: "\xff"}}},
		} {
			_, err := s.Link(target)
			require.ErrorIs(t, err, fault.ErrInvalid)
			require.ErrorContains(t, err, field+": ")
		}
	}
}

// schemes are those whose links are tried with every text.
var schemes = []qrcode.Parser{
	qrcode.AlipayStyle(""), qrcode.AlipayStyle("my+Wallet.2"),
	qrcode.HTTPS("https://wallet.example/open"), qrcode.HTTPS("https://wallet.example:8443"),
	qrcode.MiniApp(""), qrcode.MiniApp("https://wallet.example:8443"),
}

// character returns one from anywhere in Unicode that a text may hold, those that
// mean something in links more often.
func character(r *rand.Rand) rune {
	special := []rune("&#%=+?/:;,@ \"'<>\\^`{|}~!*()[]$.-_\u200f\u202e\u2066\ufeff🍜é\u00a0\u2028")
	for {
		c := special[r.IntN(len(special))]
		if r.IntN(2) == 0 {
			c = r.Int32N(utf8.MaxRune + 1)
		}
		if utf8.ValidRune(c) && !unicode.IsControl(c) {
			return c
		}
	}
}

// text returns up to 12 characters, and now and then what looks like an escape.
func text(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(13) {
		b.WriteRune(character(r))
	}
	if r.IntN(4) == 0 {
		b.WriteString([]string{"%2F", "%25", "&a=b", "#x", "%", "%zz", "&amp;", ";version=trial", "=1+1"}[r.IntN(9)])
	}
	return b.String()
}

// target returns one that may be linked to.
func target(r *rand.Rand) qrcode.Target {
	for {
		t := qrcode.Target{MiniProgram: shop, Trial: r.IntN(2) == 0, Page: strings.NewReplacer("?", "", "#", "", `\`, "", ":", "").Replace(text(r))}
		for n := range r.IntN(5) {
			t.Params = append(t.Params, qrcode.Param{Key: text(r) + string(rune('a'+n)), Value: text(r)})
		}
		if t.Validate() == nil {
			return t
		}
	}
}

// TestLinkParsesBack is the promise of a scheme: what a link was made of is what it
// opens.
func TestLinkParsesBack(t *testing.T) {
	t.Parallel()
	for i, s := range schemes {
		t.Run(fmt.Sprintf("%T %s", s, s), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(1, uint64(i)))
			for range 1000 {
				want := target(r)
				link, err := s.Link(want)
				require.NoError(t, err, "%q", want)
				require.False(t, strings.ContainsFunc(link, func(r rune) bool { return r <= ' ' || r >= 0x7f }), "no URI: %q", link)
				if len(link) > qrcode.MaxLink {
					continue
				}
				got, err := s.Parse(link)
				require.NoError(t, err, "%q makes %s", want, link)
				require.Equal(t, want, got, link)
				for _, other := range schemes {
					if other == s {
						continue
					}
					_, err := other.Parse(link)
					require.ErrorIs(t, err, fault.ErrInvalid, "%T(%s) took %s", other, other, link)
				}
			}
		})
	}
}

// TestLinkIsReadByOthers reads links with net/url alone, as an app does that has
// another parser: with a plus sign as a space, and as itself.
func TestLinkIsReadByOthers(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 2))
	for range 500 {
		want := target(r)
		for _, s := range schemes {
			link, err := s.Link(want)
			require.NoError(t, err)
			u, err := url.Parse(link)
			require.NoError(t, err)
			require.Empty(t, u.Fragment)
			query := u.RawQuery
			if _, w3c := s.(qrcode.MiniApp); w3c {
				path := strings.TrimPrefix(u.Path, "/miniapp")
				identify, page, _ := strings.Cut(path[1:], "/")
				require.Equal(t, map[bool]string{false: shop.String(), true: shop.String() + ";version=trial"}[want.Trial], identify)
				require.Equal(t, want.Page, page)
			} else {
				values, err := url.ParseQuery(query)
				require.NoError(t, err)
				require.Equal(t, shop.String(), values.Get("appId"))
				require.Equal(t, want.Page, values.Get("page"))
				require.Equal(t, want.Trial, values.Get("version") == "trial")
				query = values.Get("query")
			}
			require.Equal(t, want.Params, pairs(t, query))
		}
	}
}

// pairs reads a query in both ways that apps do.
func pairs(t *testing.T, query string) (params []qrcode.Param) {
	t.Helper()
	if query == "" {
		return nil
	}
	unescape := func(s string) string {
		a, err := url.QueryUnescape(s)
		require.NoError(t, err)
		b, err := url.PathUnescape(s)
		require.NoError(t, err)
		require.Equal(t, a, b)
		return a
	}
	for pair := range strings.SplitSeq(query, "&") {
		key, value, found := strings.Cut(pair, "=")
		require.True(t, found, "no = in %q", pair)
		params = append(params, qrcode.Param{Key: unescape(key), Value: unescape(value)})
	}
	return params
}
