package feature_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/superapptest"
)

func TestDefineInput(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	defineJSAPIs(t, k, k.Tenant, "my.scan")
	defineJSAPIs(t, k, k.Tenant, many(feature.MaxJSAPIs)...)
	other := openTenant(t, k, "other")
	foreign := openMerchant(t, k, other, "foreign")
	for _, c := range []struct {
		name string
		edit func(*feature.Define)
		want []string
	}{
		{"nothing given", func(d *feature.Define) { *d = feature.Define{} }, []string{"name required", "jsapis required", "access unknown"}},
		{"everything wrong", func(d *feature.Define) {
			d.Name, d.Description = "a\nb", "a\x00"
			d.JSAPIs, d.Access, d.Shared = []string{"", "my scan"}, "later", []id.Workspace{}
		}, []string{"name malformed", "description malformed", "jsapis[0] required", "jsapis[1] malformed", "access unknown", "shared required"}},
		{"name at its limit", func(d *feature.Define) { d.Name = strings.Repeat("é", feature.MaxName) }, nil},
		{"name over its limit", func(d *feature.Define) { d.Name = strings.Repeat("é", feature.MaxName+1) }, []string{"name too_long"}},
		{"invisible name", func(d *feature.Define) { d.Name = "\u200d" }, []string{"name required"}},
		{"name that is long written out", func(d *feature.Define) { d.Name = strings.Repeat("ﷺ", feature.MaxName) }, []string{"name too_long"}},
		{"description at its limit", func(d *feature.Define) { d.Description = strings.Repeat("語", feature.MaxDescription) }, nil},
		{"description over its limit", func(d *feature.Define) { d.Description = strings.Repeat("語", feature.MaxDescription+1) }, []string{"description too_long"}},
		{"as many JSAPIs as may be", func(d *feature.Define) { d.JSAPIs = many(feature.MaxJSAPIs) }, nil},
		{"one JSAPI too many", func(d *feature.Define) { d.JSAPIs = many(feature.MaxJSAPIs + 1) }, []string{"jsapis too_long"}},
		{"a JSAPI that is not there", func(d *feature.Define) { d.JSAPIs = []string{"my.scan", "my.fly"} }, []string{"jsapis unknown"}},
		{"a JSAPI in capitals", func(d *feature.Define) { d.JSAPIs = []string{"My.Scan"} }, []string{"jsapis unknown"}},
		{"too many workspaces", func(d *feature.Define) { d.Shared = make([]id.Workspace, feature.MaxShared+1) }, []string{"shared too_long"}},
		{"no such workspace", func(d *feature.Define) { d.Shared = []id.Workspace{nowhere} }, []string{"shared unknown"}},
		{"another tenant's workspaces", func(d *feature.Define) { d.Shared = []id.Workspace{other, foreign, k.Merchant} }, []string{"shared unknown", "shared unknown"}},
		{"the tenant alone", func(d *feature.Define) { d.Shared = []id.Workspace{k.Tenant} }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := camera()
			d.Name = c.name
			c.edit(&d)
			f, err := k.Features.Define(t.Context(), superapptest.System, k.Tenant, d)
			if c.want == nil {
				require.NoError(t, err)
				require.Equal(t, d.JSAPIs, f.JSAPIs)
				return
			}
			require.Equal(t, c.want, problems(t, err))
			require.Zero(t, f)
		})
	}
	require.Len(t, names(t, k, superapptest.System, k.Tenant), 4, "what was refused left something")
}

func TestDefineJSAPIInput(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	for _, c := range []struct {
		name string
		in   feature.DefineJSAPI
		want []string
	}{
		{"nothing given", feature.DefineJSAPI{}, []string{"name required", "platforms required"}},
		{"name at its limit", jsapi(strings.Repeat("a", feature.MaxJSAPI)), nil},
		{"name over its limit", jsapi(strings.Repeat("a", feature.MaxJSAPI+1)), []string{"name too_long"}},
		{"homograph", jsapi("my.sсan"), []string{"name malformed"}},
		{"space", jsapi("my.scan "), []string{"name malformed"}},
		{"all signs", jsapi("My-2.scan_QR"), nil},
		{"platform unknown", feature.DefineJSAPI{Name: "my.pay", Platforms: []feature.Platform{"ios", "symbian"}}, []string{"platforms unknown"}},
		{"description over its limit", feature.DefineJSAPI{
			Name: "my.pay", Platforms: []feature.Platform{"ios"}, Description: strings.Repeat("a", feature.MaxDescription+1),
		}, []string{"description too_long"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := k.Features.DefineJSAPI(t.Context(), superapptest.System, k.Tenant, c.in)
			if c.want == nil {
				require.NoError(t, err)
				return
			}
			require.Equal(t, c.want, problems(t, err))
		})
	}
}

func TestUncovered(t *testing.T) {
	t.Parallel()
	scan, both := feature.Feature{JSAPIs: []string{"my.scan"}}, feature.Feature{JSAPIs: []string{"my.pay", "my.scan"}}
	for _, c := range []struct {
		name     string
		jsapis   []string
		features []feature.Feature
		want     []string
	}{
		{"nothing is used", nil, nil, nil},
		{"no features", []string{"my.pay", "my.fly"}, nil, []string{"my.pay", "my.fly"}},
		{"one covers", []string{"my.scan"}, []feature.Feature{scan}, nil},
		{"together they cover", []string{"my.pay", "my.scan"}, []feature.Feature{scan, both}, nil},
		{"one is left", []string{"my.pay", "my.scan"}, []feature.Feature{scan}, []string{"my.pay"}},
		{"capitals are another", []string{"My.Scan"}, []feature.Feature{scan}, []string{"My.Scan"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, feature.Uncovered(c.jsapis, c.features))
		})
	}
}
