package words_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/words"
)

func TestLanguagesAreMatchedNotCompared(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]string{
		"zh": "zh-Hans", "zh-CN": "zh-Hans", "zh-Hans-SG": "zh-Hans", "en-GB": "en", "fr-CH, zh;q=0.5, en;q=0.3": "zh-Hans",
		"fr": "en", "": "en", "en-AU,zh": "en",
	} {
		tags, _, err := language.ParseAcceptLanguage(accept)
		require.NoError(t, err)
		require.Equal(t, want, words.For(tags...).Language().String(), accept)
	}
}

func TestAHostAddsALanguage(t *testing.T) {
	t.Parallel()
	french := language.French
	c, err := words.BuiltIn().With(french, map[string]string{"role.developer": "Développeur", "role.cashier": "Caissière"})
	require.NoError(t, err)
	w := c.For(language.MustParse("fr-CA"))
	require.Equal(t, french, w.Language())
	require.Equal(t, "Développeur", w.Role(rbac.Developer))
	require.Equal(t, "Caissière", w.Role("cashier"))
	require.Equal(t, "Operator", w.Role(rbac.Operator), "English stands in for what is missing")
	require.Contains(t, c.Missing(french), "role.operator")
	require.NotContains(t, c.Missing(french), "role.developer")
	require.Equal(t, "en", words.For(french).Language().String(), "the built-in catalogue stays as it was")
}

// Nobody reads English because his language has a word of its own.
func TestALanguageIsFilledInFromTheNearest(t *testing.T) {
	t.Parallel()
	for _, own := range []string{"zh-CN", "zh-SG", "zh-Hant", "zh-TW", "en-GB"} {
		t.Run(own, func(t *testing.T) {
			t.Parallel()
			tag := language.MustParse(own)
			before := words.For(tag)
			c, err := words.BuiltIn().With(tag, map[string]string{"role.cashier": "收银员"})
			require.NoError(t, err)
			w := c.For(tag)
			require.Equal(t, tag, w.Language())
			require.Equal(t, "收银员", w.Role("cashier"))
			require.Equal(t, before.Role(rbac.Operator), w.Role(rbac.Operator))
			require.Equal(t, before.Error(member.ErrLastAdmin), w.Error(member.ErrLastAdmin))
			require.Contains(t, c.Missing(tag), "role.operator")
		})
	}
	c, err := words.BuiltIn().With(language.MustParse("zh-Hant"), map[string]string{"role.operator": "營運"})
	require.NoError(t, err)
	c, err = c.With(language.MustParse("zh-HK"), map[string]string{"role.cashier": "收銀員"})
	require.NoError(t, err)
	c, err = c.With(language.SimplifiedChinese, map[string]string{"role.developer": "程序员"})
	require.NoError(t, err)
	hongKong := c.For(language.MustParse("zh-HK"))
	require.Equal(t, "營運", hongKong.Role(rbac.Operator), "from zh-Hant")
	require.Equal(t, "程序员", hongKong.Role(rbac.Developer), "from zh-Hans, by zh-Hant, also what was changed later")
}

func TestAHostChangesTheWording(t *testing.T) {
	t.Parallel()
	c, err := words.BuiltIn().With(language.SimplifiedChinese, map[string]string{"role.operator": "店长"})
	require.NoError(t, err)
	require.Equal(t, "店长", c.For(language.Chinese).Role(rbac.Operator))
	require.Equal(t, "运营", chinese.Role(rbac.Operator))
}

func TestBadTextsAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tag    language.Tag
		texts  map[string]string
		reason string
	}{
		"no language":           {language.Und, nil, "required"},
		"a key with spaces":     {language.French, map[string]string{"a b": "x"}, "malformed"},
		"a long text":           {language.French, map[string]string{"role.x": strings.Repeat("x", 4097)}, "too_long"},
		"a bare verb":           {language.French, map[string]string{"role.x": "100 %d"}, "malformed"},
		"a percent sign":        {language.French, map[string]string{"role.x": "100 %"}, "malformed"},
		"more than is filled":   {language.French, map[string]string{"error.member.state.final": "%[1]s %[3]s"}, "not_allowed"},
		"filled where none was": {language.French, map[string]string{"role.developer": "%[1]s"}, "not_allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := words.BuiltIn().With(c.tag, c.texts)
			require.Nil(t, got)
			var invalid *fault.InvalidError
			require.ErrorAs(t, err, &invalid)
			require.Equal(t, c.reason, invalid.Problems[0].Reason)
		})
	}
}
