package miniprogram_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// TestInformationLimits: every field at, below and over its limit, a wide
// character counting two (P1, P2).
func TestInformationLimits(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	long := func(n int) string { return strings.Repeat("x", n) }
	many := func(n int) (words []string) {
		for i := range n {
			words = append(words, "word "+strings.Repeat("i", i+1))
		}
		return words
	}
	type info = miniprogram.Information
	for name, tt := range map[string]struct {
		in   info
		want []string
	}{
		"the name alone":          {info{Language: "en", Name: "Coffee"}, nil},
		"all at their least":      {info{Language: "en", Name: long(3), Tagline: long(10), Description: long(20), Keywords: []string{"x"}}, nil},
		"all at their most":       {info{Language: "en", Name: long(30), Tagline: long(30), Description: long(200), Keywords: many(10)}, nil},
		"all below":               {info{Language: "en", Name: long(2), Tagline: long(9), Description: long(19)}, []string{"name too_short", "tagline too_short", "description too_short"}},
		"all over":                {info{Language: "en", Name: long(31), Tagline: long(31), Description: long(201), Keywords: many(11)}, []string{"name too_long", "tagline too_long", "description too_long", "keywords too_long"}},
		"wide at their most":      {info{Language: "zh", Name: strings.Repeat("店", 15), Tagline: strings.Repeat("店", 15), Description: strings.Repeat("店", 100)}, nil},
		"wide over":               {info{Language: "zh", Name: strings.Repeat("店", 16), Tagline: strings.Repeat("店", 16), Description: strings.Repeat("店", 101)}, []string{"name too_long", "tagline too_long", "description too_long"}},
		"nothing":                 {info{}, []string{"language required", "name required"}},
		"no language":             {info{Language: "zh_", Name: "Coffee"}, []string{"language unknown"}},
		"two lines":               {info{Language: "en", Name: "Coffee", Description: long(10) + "\n" + long(10)}, nil},
		"a tagline of two lines":  {info{Language: "en", Name: "Coffee", Tagline: long(10) + "\n" + long(10)}, []string{"tagline malformed"}},
		"invisible":               {info{Language: "en", Name: "\u200b\u200b\u200b", Tagline: strings.Repeat("\u200b", 12)}, []string{"name required", "tagline required"}},
		"an empty and a long key": {info{Language: "en", Name: "Coffee", Keywords: []string{"", long(31)}}, []string{"keywords[0] required", "keywords[1] too_long"}},
	} {
		_, err := k.MiniPrograms.SetInformation(t.Context(), k.As(rbac.DeveloperAdmin), k.Shop, tt.in)
		if tt.want == nil {
			require.NoError(t, err, name)
			continue
		}
		require.Equal(t, tt.want, problems(t, err), name)
	}
	_, err := k.MiniPrograms.SetInformation(t.Context(), k.As(rbac.DeveloperAdmin), k.Shop, info{Language: "en", Name: "Coffee", Tagline: long(31)})
	require.ErrorContains(t, err, "want at most 30 characters, got 31")
}

// TestSetInformation: languages are added, changed and deleted; the default one's
// name is the mini program's (P2), and all are found (P3).
func TestSetInformation(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		admin := k.As(rbac.DeveloperAdmin)
		set := func(lang, name string) error {
			_, err := k.MiniPrograms.SetInformation(t.Context(), admin, k.Shop, miniprogram.Information{
				Language: lang, Name: name, Keywords: []string{"Tea", " Tea ", "milk"},
			})
			return err
		}
		found := func(typed string) int { return len(list(t, k, 10, admin, miniprogram.Filter{Name: typed})) }
		require.NoError(t, set("ZH-hans", "咖啡小店"))
		require.NoError(t, set("fr", "Café du Coin"))
		require.Equal(t, []int{1, 1, 1}, []int{found("啡小"), found("COIN"), found("coffee")})

		p, err := k.MiniPrograms.Page(t.Context(), admin, k.Shop, "zh-CN")
		require.NoError(t, err)
		require.Equal(t, "Coffee Shop", p.Name)
		require.Equal(t, miniprogram.Information{Language: "zh-Hans", Name: "咖啡小店", NameKey: "咖啡小店", Keywords: []string{"Tea", "milk"}}, p.Best)
		require.Len(t, p.Information, 3)

		require.NoError(t, set("en", "Tea Room"))
		require.Equal(t, []int{0, 1}, []int{found("coffee"), found("tea")})
		got, err := k.MiniPrograms.Get(t.Context(), admin, k.Shop)
		require.NoError(t, err)
		require.Equal(t, "Tea Room", got.Name)
		require.Equal(t, "tea room", got.NameKey)

		other := create(t, k, k.Merchant, "Other")
		_, err = k.MiniPrograms.SetInformation(t.Context(), admin, other.ID, miniprogram.Information{Language: "fr", Name: "CAFÉ  du coin"})
		require.ErrorIs(t, err, miniprogram.ErrNameTaken)
		_, err = k.MiniPrograms.SetInformation(t.Context(), admin, other.ID, miniprogram.Information{Language: "de", Name: "Café du Coin"})
		require.NoError(t, err, "another language")
		_, err = k.MiniPrograms.Create(t.Context(), superapptest.System, quick(k.Tenant, "Tea room"))
		require.ErrorIs(t, err, miniprogram.ErrNameTaken)
		create(t, k, k.Tenant, "Coffee Shop") // free again

		remove := func(lang string) error { return k.MiniPrograms.DeleteInformation(t.Context(), admin, k.Shop, lang) }
		require.NoError(t, remove("FR"))
		require.ErrorIs(t, remove("fr"), miniprogram.ErrNoInformation, "the second time")
		require.ErrorIs(t, remove("en"), miniprogram.ErrDefaultLanguage)
		require.Equal(t, []string{"language unknown"}, problems(t, remove("x_y")))
		require.Equal(t, 1, found("coin"), "the other's")
		_, err = k.MiniPrograms.SetInformation(t.Context(), admin, other.ID, miniprogram.Information{Language: "fr", Name: "Café du coin"})
		require.NoError(t, err, "the name is free again")

		testkit.SetStatus(t, k, k.Shop, miniprogram.Archived)
		require.ErrorIs(t, set("en", "Tea Room"), miniprogram.ErrArchived)
		require.ErrorIs(t, remove("zh-Hans"), miniprogram.ErrArchived)
	})
}

// TestSetInformationTwice: the same again changes and reports nothing; what changed
// is in the trail with before and after.
func TestSetInformationTwice(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	set := func(tagline string) {
		_, err := k.MiniPrograms.SetInformation(t.Context(), k.As(rbac.DeveloperAdmin), k.Shop, miniprogram.Information{
			Language: "en", Name: "Coffee Shop", Tagline: tagline,
		})
		require.NoError(t, err)
	}
	set("Warm cups, cold days")
	set("Warm cups, cold days")
	set("Cold cups, warm days")
	events := trail(t, k, k.Merchant)
	last, first := events[len(events)-1], events[len(events)-2]
	require.Equal(t, miniprogram.EventInformationSet, last.Verb)
	require.Equal(t, miniprogram.EventInformationSet, first.Verb)
	require.NotEqual(t, miniprogram.EventInformationSet, events[len(events)-3].Verb)
	personal, err := last.DecodePersonal()
	require.NoError(t, err)
	var before, after miniprogram.InformationPersonal
	require.NoError(t, json.Unmarshal(personal.Before, &before))
	require.NoError(t, json.Unmarshal(personal.After, &after))
	require.Equal(t, [2]string{"Warm cups, cold days", "Cold cups, warm days"}, [2]string{before.Tagline, after.Tagline})
}

func TestLanguagesAreLimited(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, &superapptest.Options{Platform: superapp.Options{
		MiniPrograms: &miniprogram.Options{Limits: miniprogram.Limits{Languages: 2}},
	}})
	set := func(lang string) error {
		_, err := k.MiniPrograms.SetInformation(t.Context(), superapptest.System, k.Shop, miniprogram.Information{Language: lang, Name: "Coffee"})
		return err
	}
	require.NoError(t, set("fr"))
	require.ErrorIs(t, set("de"), miniprogram.ErrLanguages)
	require.NoError(t, set("en"), "it is there")
}

// TestOneNameInALanguage: of mini programs that take a name at once in a language
// exactly one gets it (P7).
func TestOneNameInALanguage(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		ids := []miniprogram.MiniProgram{create(t, k, k.Merchant, "First"), create(t, k, k.Tenant, "Second"), create(t, k, k.Merchant, "Third")}
		errs := atOnce(len(ids), func(i int) error {
			_, err := k.MiniPrograms.SetInformation(t.Context(), superapptest.System, ids[i].ID, miniprogram.Information{Language: "fr", Name: "Le même"})
			return err
		})
		require.Equal(t, 1, winners(t, errs, miniprogram.ErrNameTaken))
	})
}

func TestBest(t *testing.T) {
	t.Parallel()
	var all []miniprogram.Information
	for _, tag := range []string{"en", "fr", "pt", "zh-Hans", "zh-Hant"} {
		all = append(all, miniprogram.Information{Language: tag})
	}
	for _, tt := range []struct {
		preferred []string
		want      string
	}{
		{nil, "fr"},
		{[]string{"pt-BR"}, "pt"},
		{[]string{"zh-HK"}, "zh-Hant"},
		{[]string{"zh-TW"}, "zh-Hant"},
		{[]string{"zh-CN"}, "zh-Hans"},
		{[]string{"EN-us"}, "en"},
		{[]string{"ja", "en-GB"}, "en"},
		{[]string{"ja;q=0.9, zh-Hant;q=0.8, en;q=0.1"}, "zh-Hant"},
		{[]string{"ja"}, "fr"},
		{[]string{"", ";;;q=x", "\xff"}, "fr"},
		{[]string{"!!", "en"}, "en"},
		{[]string{strings.Repeat("en,", 1000)}, "fr"},
	} {
		require.Equal(t, tt.want, miniprogram.Best(all, "fr", tt.preferred...).Language, "%.40q", tt.preferred)
	}
	require.Equal(t, "en", miniprogram.Best(all, "de", "ja").Language, "the first, if the default is not there")
	require.Zero(t, miniprogram.Best(nil, "en", "en"))
}

// TestMissing: what is to be filled in before the first submission (P1).
func TestMissing(t *testing.T) {
	t.Parallel()
	var d miniprogram.Dossier
	d.MiniProgram.Type = miniprogram.H5
	d.Information = []miniprogram.Information{{Language: "en"}, {Language: "fr", Tagline: "x", Keywords: []string{"x"}}}
	var gaps []string
	for _, g := range d.Missing() {
		gaps = append(gaps, g.String())
	}
	require.Equal(t, []string{
		"category", "regions", "contacts", "logo", "entrance",
		"tagline in en", "description in en", "keywords in en", "description in fr",
	}, gaps)
	d.MiniProgram.Type = miniprogram.DSL
	d.Profile = miniprogram.Profile{Category: "food", Regions: []string{"SG"}, Contacts: []miniprogram.Contact{{Kind: "phone"}}, Logo: miniprogram.Logo{Size: 1}}
	d.Information = []miniprogram.Information{{Language: "en", Tagline: "x", Description: "x", Keywords: []string{"x"}}}
	require.Nil(t, d.Missing())
}

// TestLimitsAreBounded: each limit has a least and a greatest value, and zero is
// its default.
func TestLimitsAreBounded(t *testing.T) {
	t.Parallel()
	for field, l := range map[string]miniprogram.Limits{
		"tagline_min":     {TaglineMin: 31},
		"tagline_max":     {TaglineMax: 257},
		"description_min": {DescriptionMin: -1},
		"description_max": {DescriptionMax: 4001},
		"keywords":        {Keywords: 101},
		"keyword_max":     {KeywordMax: 65},
		"languages":       {Languages: 201},
		"category_max":    {CategoryMax: 129},
		"regions":         {Regions: 301},
		"contacts":        {Contacts: -1},
		"logo_bytes":      {LogoBytes: 1023},
		"logo_side":       {LogoSide: 4097},
		"domains":         {Domains: 1001},
		"testers":         {Testers: 1001},
	} {
		require.Equal(t, []string{field + " not_allowed"}, problems(t, l.Validate()))
	}
	require.NoError(t, miniprogram.Limits{
		NameMax: 256, TaglineMax: 256, DescriptionMax: 4000, Keywords: 100, KeywordMax: 64, Languages: 200, CategoryMax: 128,
		Regions: 300, Contacts: 50, LogoBytes: 1 << 20, LogoSide: 4096, Domains: 1000, Testers: 1000,
	}.Validate())
}
