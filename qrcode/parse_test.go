package qrcode_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/qrcode"
)

const (
	shopID = "00000000-0000-0000-0000-000000000003"
	alipay = "superapp://platformapi/startapp?"
	web    = "https://wallet.example/open?"
	w3c    = "superapp://miniapp/"
)

func TestParseTakesWhatDoesNotMatter(t *testing.T) {
	t.Parallel()
	want := qrcode.Target{MiniProgram: shop, Page: "pages/menu", Params: []qrcode.Param{{Key: "table", Value: "7"}, {Key: "b", Value: "é"}}}
	upper := strings.ToUpper
	for link, s := range map[string]qrcode.Parser{
		alipay + "query=table%3d7%26b%3D%25c3%25A9&page=pages/menu&appId=" + shopID:                                     qrcode.AlipayStyle(""),
		alipay + "appId=" + shopID + "&page=pages/menu&query=table=7%26b=%25C3%25A9":                                    qrcode.AlipayStyle(""),
		upper("superapp://platformapi") + "/startapp?page=%70ages/menu&query=table%3D7%26b%3D%C3%A9&%61ppId=" + shopID:  qrcode.AlipayStyle("SuperApp"),
		upper("https://wallet.example") + "/open?appId=" + shopID + "&page=pages/menu&query=table%3D7%26b%3D%25C3%25A9": qrcode.HTTPS("https://wallet.example/open"),
		"SUPERAPP://MiniApp/" + shopID + "/pages%2Fmenu?table=7&b=%c3%a9":                                               qrcode.MiniApp(""),
		"HTTPS://Wallet.example/miniapp/" + shopID + "/%70ages/menu?%74able=%37&b=%C3%A9":                               qrcode.MiniApp("https://wallet.example"),
	} {
		got, err := s.Parse(link)
		require.NoError(t, err, link)
		require.Equal(t, want, got, link)
	}
	for link, s := range map[string]qrcode.Parser{
		alipay + "appId=" + shopID + "&page=&query=": qrcode.AlipayStyle(""),
		w3c + shopID + "/?":                          qrcode.MiniApp(""),
		w3c + shopID + "/":                           qrcode.MiniApp(""),
	} {
		got, err := s.Parse(link)
		require.NoError(t, err, link)
		require.Equal(t, qrcode.Target{MiniProgram: shop}, got, "what is empty is not there: %s", link)
	}
	got, err := qrcode.MiniApp("").Parse(w3c + shopID + ";version=TRIAL")
	require.NoError(t, err, "the draft does not tell cases apart")
	require.True(t, got.Trial)
	page, err := qrcode.MiniApp("").Parse(w3c + shopID + "/a+b")
	require.NoError(t, err)
	require.Equal(t, "a+b", page.Page, "a plus sign in a path is nothing but itself")
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	const id = "appId=" + shopID
	long := strings.Repeat("x", qrcode.MaxLink)
	tests := []struct {
		name                  string
		scheme                qrcode.Parser
		link                  string
		field, reason, detail string
	}{
		{"nothing", qrcode.AlipayStyle(""), "", "link", "required", "want a link"},
		{"over-long", qrcode.AlipayStyle(""), alipay + id + "&page=" + long, "link", "too_long", "at most 2048 bytes, got 2128"},
		{"a space", qrcode.AlipayStyle(""), alipay + id + "&page=a b", "link", "malformed", "printable ASCII"},
		{"a letter beyond ASCII", qrcode.AlipayStyle(""), alipay + id + "&page=é", "link", "malformed", "printable ASCII"},
		{"a line break", qrcode.AlipayStyle(""), alipay + id + "\n", "link", "malformed", "printable ASCII"},
		{"NUL", qrcode.AlipayStyle(""), alipay + id + "\x00", "link", "malformed", "printable ASCII"},
		{"a fragment", qrcode.AlipayStyle(""), alipay + id + "#top", "link", "not_allowed", `without "#"`},
		{"another word", qrcode.AlipayStyle(""), "other" + alipay + id, "link", "malformed", "begins with superapp://platformapi/startapp?"},
		{"a longer word", qrcode.AlipayStyle("app"), "myapp://platformapi/startapp?" + id, "link", "malformed", "begins with app://platformapi/startapp?"},
		{"another host", qrcode.AlipayStyle(""), "superapp://platform/startapp?" + id, "link", "malformed", "begins with"},
		{"a path in capitals", qrcode.AlipayStyle(""), "superapp://platformapi/STARTAPP?" + id, "link", "malformed", "begins with"},
		{"no query", qrcode.AlipayStyle(""), "superapp://platformapi/startapp", "link", "malformed", "begins with"},
		{"no id", qrcode.AlipayStyle(""), alipay + "page=p", "link", "malformed", "the parameter appId"},
		{"nothing behind the question mark", qrcode.AlipayStyle(""), alipay, "link", "malformed", "the parameter appId"},
		{"no id that can be", qrcode.AlipayStyle(""), alipay + "appId=3", "link", "malformed", "36 characters"},
		{"two ids", qrcode.AlipayStyle(""), alipay + id + "&" + id, "link", "duplicate", `"appId" stands twice`},
		{"an id that is escaped the second time", qrcode.AlipayStyle(""), alipay + id + "&%61ppId=" + shopID, "link", "duplicate", `"appId" stands twice`},
		{"a parameter of somebody else's", qrcode.AlipayStyle(""), alipay + id + "&utm=1", "link", "unknown", "no others"},
		{"a parameter without value", qrcode.AlipayStyle(""), alipay + id + "&page", "link", "malformed", "key=value"},
		{"an empty pair", qrcode.AlipayStyle(""), alipay + id + "&", "link", "malformed", "key=value"},
		{"another version", qrcode.AlipayStyle(""), alipay + id + "&version=1.0", "link", "unknown", "trial"},
		{"a bare percent sign", qrcode.AlipayStyle(""), alipay + id + "&page=%", "link", "malformed", `two hexadecimal digits after each percent sign, got "%"`},
		{"a bad escape", qrcode.AlipayStyle(""), alipay + id + "&page=%zz", "link", "malformed", `got "%zz"`},
		{"a bad escape of a parameter", qrcode.AlipayStyle(""), alipay + id + "&query=a%3D%25z", "query", "malformed", `got "%z"`},
		{"a plus sign", qrcode.AlipayStyle(""), alipay + id + "&page=a+b", "link", "malformed", "%2B or %20"},
		{"a plus sign in a parameter", qrcode.AlipayStyle(""), alipay + id + "&query=a%3Db%2Bc", "query", "malformed", "%2B or %20"},
		{"a page parameter twice", qrcode.AlipayStyle(""), alipay + id + "&query=a%3D1%26a%3D2", "query", "duplicate", `"a" stands twice`},
		{"a page parameter without key", qrcode.AlipayStyle(""), alipay + id + "&query=%3D1", "query", "malformed", "key=value"},
		{"a page parameter without value", qrcode.AlipayStyle(""), alipay + id + "&query=a", "query", "malformed", "key=value"},
		{"invalid UTF-8", qrcode.AlipayStyle(""), alipay + id + "&page=%ff", "page", "malformed", "UTF-8"},
		{"invalid UTF-8 in a parameter", qrcode.AlipayStyle(""), alipay + id + "&query=a%3D%25ff", "params[0].value", "malformed", "UTF-8"},
		{"an escaped NUL", qrcode.AlipayStyle(""), alipay + id + "&page=a%00", "page", "malformed", "control characters"},
		{"an escaped line break", qrcode.AlipayStyle(""), alipay + id + "&query=a%3D%250a", "params[0].value", "malformed", "control characters"},
		{"a page elsewhere", qrcode.AlipayStyle(""), alipay + id + "&page=https%3A%2F%2Fevil.example", "page", "not_allowed", "inside the mini program"},
		{"a page outside", qrcode.AlipayStyle(""), alipay + id + "&page=..%2Fsecret", "page", "not_allowed", `".."`},
		{"a page too long", qrcode.AlipayStyle(""), alipay + id + "&page=" + long[:257], "page", "too_long", "at most 256 bytes, got 257"},
		{"a query too long", qrcode.AlipayStyle(""), alipay + id + "&query=a%3D" + long[:1023], "params", "too_long", "at most 1024 bytes as a percent-encoded query, got 1025"},
		{"too long once it is escaped", qrcode.AlipayStyle(""), alipay + id + "&page=" + strings.Repeat("!", 256) + "&query=a=" + strings.Repeat("~!%3D", 140), "link", "too_long", "when everything is percent-encoded"},
		{"http", qrcode.HTTPS("https://wallet.example/open"), "http://wallet.example/open?" + id, "link", "malformed", "begins with " + web},
		{"another web host", qrcode.HTTPS("https://wallet.example/open"), "https://wallet.example.evil/open?" + id, "link", "malformed", "begins with"},
		{"a user", qrcode.HTTPS("https://wallet.example/open"), "https://ada@wallet.example/open?" + id, "link", "malformed", "begins with"},
		{"a host that goes on", qrcode.HTTPS("https://wallet.example"), "https://wallet.example@evil/?" + id, "link", "malformed", "begins with"},
		{"a port", qrcode.HTTPS("https://wallet.example/open"), "https://wallet.example:443/open?" + id, "link", "malformed", "begins with"},
		{"a path that goes on", qrcode.HTTPS("https://wallet.example/open"), "https://wallet.example/open/../x?" + id, "link", "malformed", "begins with"},
		{"a web path in capitals", qrcode.HTTPS("https://wallet.example/open"), "https://wallet.example/Open?" + id, "link", "malformed", "begins with"},
		{"another infix", qrcode.MiniApp(""), "superapp://miniapps/" + shopID, "link", "malformed", "begins with " + w3c},
		{"a web infix in capitals", qrcode.MiniApp("https://wallet.example"), "https://wallet.example/MINIAPP/" + shopID, "link", "malformed", "begins with"},
		{"no W3C id", qrcode.MiniApp(""), w3c, "link", "malformed", "36 characters"},
		{"a W3C id that is none", qrcode.MiniApp(""), w3c + "foo/pages/index", "link", "malformed", "36 characters"},
		{"a W3C version", qrcode.MiniApp(""), w3c + shopID + ";version=1.0.1-trial", "link", "unknown", "can only be trial"},
		{"an empty W3C version", qrcode.MiniApp(""), w3c + shopID + ";version=", "link", "unknown", "can only be trial"},
		{"two W3C versions", qrcode.MiniApp(""), w3c + shopID + ";version=trial;version=trial", "link", "unknown", "can only be trial"},
		{"another W3C parameter", qrcode.MiniApp(""), w3c + shopID + ";v=1", "link", "malformed", ";version=trial"},
		{"a W3C fragment", qrcode.MiniApp(""), w3c + shopID + "/p?a=b#section-3", "link", "not_allowed", `without "#"`},
		{"dots in a W3C path", qrcode.MiniApp(""), w3c + shopID + "/a/%2e%2E/b", "page", "not_allowed", `".."`},
		{"slashes in a W3C path", qrcode.MiniApp(""), w3c + shopID + "/a//b", "page", "not_allowed", "inside the mini program"},
		{"an escaped question mark in a W3C path", qrcode.MiniApp(""), w3c + shopID + "/a%3Fb", "page", "not_allowed", "pass parameters as such"},
		{"a bad escape in a W3C path", qrcode.MiniApp(""), w3c + shopID + "/a%2", "link", "malformed", `got "%2"`},
		{"a W3C parameter twice", qrcode.MiniApp(""), w3c + shopID + "?a=1&%61=2", "query", "duplicate", `"a" stands twice`},
		{"a W3C parameter of control characters", qrcode.MiniApp(""), w3c + shopID + "?%01=1", "params[0].key", "malformed", "control characters"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.scheme.Parse(tt.link)
			requireProblem(t, err, tt.field, tt.reason, tt.detail)
			require.Zero(t, got)
		})
	}
}

func TestParseQuery(t *testing.T) {
	t.Parallel()
	got, err := qrcode.ParseQuery("table=7&a%20b=%26=c&empty=")
	require.NoError(t, err)
	require.Equal(t, []qrcode.Param{{Key: "table", Value: "7"}, {Key: "a b", Value: "&=c"}, {Key: "empty"}}, got)
	got, err = qrcode.ParseQuery("")
	require.NoError(t, err)
	require.Nil(t, got)
}

// fuzzParser tries a scheme's parser with anything: it never panics, and what it
// takes makes a link that opens the same, and that is the same from then on.
func fuzzParser(f *testing.F, s qrcode.Parser, seeds ...string) {
	full, err := s.Link(qrcode.Target{
		MiniProgram: shop, Page: "pages/é 🍜", Trial: true, Params: []qrcode.Param{{Key: "&=", Value: "%2F+ \u200f"}, {Key: "b", Value: `"'<`}},
	})
	require.NoError(f, err)
	plain, err := s.Link(qrcode.Target{MiniProgram: shop})
	require.NoError(f, err)
	f.Add(full)
	f.Add(strings.ToLower(full))
	f.Add(plain)
	for _, tail := range seeds {
		f.Add(plain + tail)
	}
	f.Fuzz(func(t *testing.T, link string) {
		first, err := s.Parse(link)
		if err != nil {
			require.ErrorIs(t, err, fault.ErrInvalid)
			require.Zero(t, first)
			return
		}
		require.NoError(t, first.Validate())
		again, err := s.Link(first)
		require.NoError(t, err)
		require.LessOrEqual(t, len(again), qrcode.MaxLink)
		second, err := s.Parse(again)
		require.NoError(t, err, again)
		require.Equal(t, first, second)
		once, err := s.Link(second)
		require.NoError(t, err)
		require.Equal(t, again, once)
	})
}

func FuzzParseAlipay(f *testing.F) {
	fuzzParser(f, qrcode.AlipayStyle(""), "&page=%", "&query=a%3Db%26c%3Dd", "&page=a/b&version=trial", "&query=%253D%3D%2526", "#", "&appId=")
}

func FuzzParseHTTPS(f *testing.F) {
	fuzzParser(f, qrcode.HTTPS("https://wallet.example/open"), "&page=%2e%2E", "&query=a%3Db", "&page=a\\b", "&query=+", "&version=TRIAL")
}

func FuzzParseMiniApp(f *testing.F) {
	fuzzParser(f, qrcode.MiniApp("https://wallet.example"), ";version=trial", "/a/b?c=d", "//a", "/%2F", "/?a=%26", "/a;version=1", "?")
}
