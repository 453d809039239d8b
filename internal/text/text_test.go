package text_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/internal/text"
)

func TestLine(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want, reason string }{
		{"trimmed", "  Dee  ", "Dee", ""},
		{"composed", "e\u0301", "é", ""},
		{"at the limit", strings.Repeat("x", 8), strings.Repeat("x", 8), ""},
		{"limit counts characters", strings.Repeat("咖", 8), strings.Repeat("咖", 8), ""},
		{"over the limit", strings.Repeat("x", 9), strings.Repeat("x", 9), "too_long"},
		{"empty", " ", "", "required"},
		{"invisible", "\u200b\u2060 \u200d", "\u200b\u2060 \u200d", "required"},
		{"short", "x", "x", "too_short"},
		{"control character", "a\x00b", "a\x00b", "malformed"},
		{"line break", "a\nb", "a\nb", "malformed"},
		{"right-to-left override", "a\u202eb", "a\u202eb", "malformed"},
		{"not UTF-8", "a\xffb", "", "malformed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var p fault.Problems
			min := 1
			if tt.reason == "too_short" {
				min = 2
			}
			require.Equal(t, tt.want, text.Line(&p, "name", tt.in, min, 8))
			if tt.reason == "" {
				require.Empty(t, p)
				return
			}
			require.Len(t, p, 1)
			require.Equal(t, tt.reason, p[0].Reason)
			require.Equal(t, "name", p[0].Field)
		})
	}
}

func TestWideLine(t *testing.T) {
	t.Parallel()
	var p fault.Problems
	text.WideLine(&p, "name", "咖啡馆店", 3, 8)
	require.Empty(t, p)
	text.WideLine(&p, "name", "咖啡馆店铺", 3, 8)
	require.Len(t, p, 1)
	text.WideLine(&p, "name", "abc"+strings.Repeat("\u200d", 6), 3, 8)
	require.Equal(t, "too_long", p[1].Reason, "what is invisible takes room")
	text.WideLine(&p, "name", "ab\u200d", 3, 8)
	require.Equal(t, "too_short", p[2].Reason, "but is not seen")
}

func TestEmail(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"plain", "dee@example.com", "dee@example.com"},
		{"trimmed and folded", "  Dee.Smith+a@EXAMPLE.com ", "dee.smith+a@example.com"},
		{"full width", "ｄｅｅ@ｅｘａｍｐｌｅ.com", "dee@example.com"},
		{"international domain", "dee@Bücher.example", "dee@xn--bcher-kva.example"},
		{"a-label of the same domain", "dee@xn--bcher-kva.example", "dee@xn--bcher-kva.example"},
		{"a mailbox of its own", "straße@example.com", "straße@example.com"},
		{"a dotted capital I", "İbrahim@example.com", "i\u0307brahim@example.com"},
		{"another ligature", "ﬁona@example.com", "ﬁona@example.com"},
		{"invisible", "dee\u200b@example.com", ""},
		{"international local part", "Müller@example.com", "müller@example.com"},
		{"empty", "", ""},
		{"no at", "dee", ""},
		{"no local part", "@example.com", ""},
		{"no domain", "dee@", ""},
		{"two addresses", "dee@example.com,ann@example.com", ""},
		{"display name", "Dee <dee@example.com>", ""},
		{"space inside", "d ee@example.com", ""},
		{"header injection", "dee@example.com\nBcc: x@example.com", ""},
		{"quoted", `"dee"@example.com`, ""},
		{"double dot", "dee..x@example.com", ""},
		{"no top level", "dee@localhost", ""},
		{"IP address", "dee@127.0.0.1", ""},
		{"long label", "x@" + strings.Repeat("x", 64) + ".com", ""},
		{"long local part", strings.Repeat("x", 65) + "@example.com", ""},
		{"long address", "x@" + strings.Repeat(strings.Repeat("x", 60)+".", 5) + "com", ""},
		{"not UTF-8", "d\xffe@example.com", ""},
		{"zero byte", "dee\x00@example.com", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var p fault.Problems
			got := text.Email(&p, "email", tt.in)
			if tt.want == "" {
				require.Len(t, p, 1, "got %q", got)
				return
			}
			require.Empty(t, p)
			require.Equal(t, tt.want, got)
		})
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	for _, same := range []string{"Coffee Shop", " coffee  SHOP ", "Ｃｏｆｆｅｅ　Ｓｈｏｐ", "Cof\u200bfee\u2060 Shop\ufe0f"} {
		require.Equal(t, "coffee shop", text.Fold(same), "%q", same)
	}
	require.NotEqual(t, text.Fold("Cafe"), text.Fold("Café"))
	require.Equal(t, text.Fold("Café"), text.Fold("Cafe\u200b\u0301"))
	require.Equal(t, text.Fold("Ꭰ"), text.Fold("ꭰ"))
	require.Empty(t, text.Fold("\u200b\u200b\u200b"))
}

func TestTerms(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		want []string
	}{
		{"Coffee Shop", []string{"coffee shop", "shop"}},
		{"星巴克咖啡", []string{"星巴克咖啡", "巴克咖啡", "克咖啡", "咖啡", "啡"}},
		{"ＦＵＬＬ Width", []string{"full width", "width"}},
		{"Straße", []string{"strasse"}},
		{"go-go", []string{"go-go", "go"}},
		{"(best) tea", []string{"best) tea", "tea", "(best) tea"}},
		{"☕ bar", []string{"☕ bar", "bar"}},
		{"東京 Tower", []string{"東京 tower", "京 tower", "tower", "ower", "wer", "er", "r"}},
		{"茶·店", []string{"茶·店", "·店", "店"}},
		{"支付Pay", []string{"支付pay", "付pay", "pay", "ay", "y"}},
		{"スーパー", []string{"スーパー", "ーパー", "パー", "ー"}},
	} {
		require.Equal(t, tt.want, text.Terms(tt.name), tt.name)
	}
	require.Equal(t, "coffee sh", text.Search("  COFFEE   sh"))
	long := strings.Repeat("咖", 100)
	require.True(t, strings.HasPrefix(text.Terms(long)[0], text.Search(long)))
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	var p fault.Problems
	require.Equal(t, "zh-Hans-CN", text.Language(&p, "language", "zh-hans-cn"))
	require.Empty(t, p)
	for _, bad := range []string{"", "english!", "und", "xx-", "und-Latn", "mul", "zxx", "en-x-a", "en-u-ca-gregory"} {
		p = nil
		text.Language(&p, "language", bad)
		require.Len(t, p, 1, bad)
	}
}

func FuzzFold(f *testing.F) {
	f.Add("Cafe\u200b\u0301 Ꭰ ﬁ")
	f.Fuzz(func(t *testing.T, s string) {
		once := text.Fold(s)
		require.Equal(t, once, text.Fold(once), "folding twice differs")
	})
}

func FuzzEmail(f *testing.F) {
	f.Add("Dee@Example.com")
	f.Fuzz(func(t *testing.T, s string) {
		var p fault.Problems
		got := text.Email(&p, "email", s)
		if len(p) > 0 {
			return
		}
		again := text.Email(&p, "email", got)
		require.Empty(t, p, "the folded form of %q, %q, is not accepted", s, got)
		require.Equal(t, got, again, "folding twice differs")
	})
}
