package workspace_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

var (
	tenantID   = id.Workspace{UUID: id.UUID{15: 1}}
	merchantID = id.Workspace{UUID: id.UUID{15: 2}}
)

func TestOpen(t *testing.T) {
	t.Parallel()

	t.Run("a tenant starts pending", func(t *testing.T) {
		t.Parallel()
		w, err := workspace.Open(tenantID, id.Workspace{}, " Harbour  Pay ", wallet, superapptest.Start)
		require.NoError(t, err)
		require.Equal(t, workspace.Workspace{
			ID: tenantID, Tenant: tenantID, Kind: workspace.Tenant, Name: "Harbour  Pay", Status: workspace.Pending,
			Business: wallet, CreatedAt: superapptest.Start, UpdatedAt: superapptest.Start,
		}, w)
	})

	t.Run("a developer workspace starts verified", func(t *testing.T) {
		t.Parallel()
		w, err := workspace.Open(merchantID, tenantID, "Night Market", market, superapptest.Start)
		require.NoError(t, err)
		require.Equal(t, workspace.Workspace{
			ID: merchantID, Tenant: tenantID, Kind: workspace.Developer, Name: "Night Market", Status: workspace.Verified,
			Business: market, CreatedAt: superapptest.Start, UpdatedAt: superapptest.Start,
		}, w)
	})

	t.Run("what people wrote is trimmed, composed and folded", func(t *testing.T) {
		t.Parallel()
		b := workspace.Business{Address: "\t1 Cafe\u0301 Street ", Scope: " payments\n", Representative: " Bo ", Email: " Bo.X@B\u00dcCHER.example "}
		w, err := workspace.Open(tenantID, id.Workspace{}, "\u00a0Cafe\u0301\u3000", b, superapptest.Start)
		require.NoError(t, err)
		require.Equal(t, "Café", w.Name)
		require.Equal(t, workspace.Business{
			Address: "1 Café Street", Scope: "payments", Representative: "Bo", Email: "bo.x@xn--bcher-kva.example",
		}, w.Business)
	})
}

// TestOpenText puts every fault into every text of both kinds of workspace.
func TestOpenText(t *testing.T) {
	t.Parallel()
	type open struct {
		name string
		workspace.Business
	}
	kinds := []struct {
		name   string
		tenant id.Workspace
		valid  open
		fields map[string]func(*open) *string
	}{
		{"tenant", id.Workspace{}, open{"Harbour Pay", wallet}, map[string]func(*open) *string{
			"name":                    func(o *open) *string { return &o.name },
			"business.address":        func(o *open) *string { return &o.Address },
			"business.scope":          func(o *open) *string { return &o.Scope },
			"business.representative": func(o *open) *string { return &o.Representative },
		}},
		{"developer", tenantID, open{"Night Market", market}, map[string]func(*open) *string{
			"name":             func(o *open) *string { return &o.name },
			"business.address": func(o *open) *string { return &o.Address },
			"business.scope":   func(o *open) *string { return &o.Scope },
			"business.company": func(o *open) *string { return &o.Company },
		}},
	}
	texts := []struct {
		name   string
		text   func(limit int) string
		reason string // "" if it is accepted
	}{
		{"one character", func(int) string { return "x" }, ""},
		{"at the limit", func(n int) string { return strings.Repeat("x", n) }, ""},
		{"wide characters at the limit", func(n int) string { return strings.Repeat("咖", n) }, ""},
		{"over the limit", func(n int) string { return strings.Repeat("x", n+1) }, "too_long"},
		{"a megabyte", func(int) string { return strings.Repeat("x", 1<<20) }, "too_long"},
		{"empty", func(int) string { return "" }, "required"},
		{"white space", func(int) string { return " \t\n\u3000" }, "required"},
		{"control character", func(int) string { return "a\x00b" }, "malformed"},
		{"two lines", func(int) string { return "a\nb" }, "malformed"},
		{"right-to-left override", func(int) string { return "a\u202eb" }, "malformed"},
		{"invalid UTF-8", func(int) string { return "a\xffb" }, "malformed"},
	}
	for _, kind := range kinds {
		for field, at := range kind.fields {
			limit := workspace.MaxField
			if field == "name" {
				limit = workspace.MaxName
			}
			for _, tt := range texts {
				t.Run(kind.name+"/"+field+"/"+tt.name, func(t *testing.T) {
					t.Parallel()
					in := kind.valid
					*at(&in) = tt.text(limit)
					_, err := workspace.Open(merchantID, kind.tenant, in.name, in.Business, superapptest.Start)
					if tt.reason == "" {
						require.NoError(t, err)
						return
					}
					require.Equal(t, []string{field + " " + tt.reason}, problems(t, err))
				})
			}
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		tenant id.Workspace
		title  string
		in     workspace.Business
		want   []string
	}{
		{"a tenant with nothing", id.Workspace{}, "", workspace.Business{}, []string{
			"name required", "business.address required", "business.scope required", "business.email required", "business.representative required",
		}},
		{"a merchant with nothing", tenantID, "", workspace.Business{}, []string{
			"name required", "business.address required", "business.scope required", "business.email required", "business.company required",
		}},
		{"everything wrong in another way", tenantID, "a\x00", workspace.Business{
			Company: "a\xff", Address: strings.Repeat("x", 257), Representative: "Bo", Email: "office",
		}, []string{
			"name malformed", "business.address too_long", "business.scope required", "business.email malformed",
			"business.company malformed", "business.representative not_allowed",
		}},
		{"a tenant with a company", id.Workspace{}, "Harbour Pay", workspace.Business{
			Company: "Harbour Ltd", Address: "a", Scope: "b", Representative: "Bo", Email: "bo@other.example",
		}, []string{"business.company not_allowed"}},
		{"a merchant with a representative", tenantID, "Night Market", workspace.Business{
			Company: "Night Market Ltd", Address: "a", Scope: "b", Representative: "Bo", Email: "bo@other.example",
		}, []string{"business.representative not_allowed"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := workspace.Open(merchantID, tt.tenant, tt.title, tt.in, superapptest.Start)
			require.Equal(t, tt.want, problems(t, err))
		})
	}

	for _, email := range []string{
		"bo", "bo@", "@other.example", "bo@localhost", "bo@other.example.", "bo@10.0.0.1", "b o@other.example", "bo@other example",
		"bo\x00@other.example", "bo@other.example\r\nBcc: all@other.example", "Bo <bo@other.example>", "bo\xff@other.example",
		strings.Repeat("b", 65) + "@other.example",
	} {
		t.Run("the e-mail "+email, func(t *testing.T) {
			t.Parallel()
			b := market
			b.Email = email
			_, err := workspace.Open(merchantID, tenantID, "Night Market", b, superapptest.Start)
			require.Equal(t, []string{"business.email malformed"}, problems(t, err))
			require.NotContains(t, err.Error(), email, "no e-mail in a message")
		})
	}
}

// problems lists what an *InvalidError finds wrong, as "field reason".
func problems(t *testing.T, err error) (list []string) {
	t.Helper()
	require.ErrorIs(t, err, fault.ErrInvalid)
	var invalid *fault.InvalidError
	require.ErrorAs(t, err, &invalid)
	for _, p := range invalid.Problems {
		require.NotEmpty(t, p.Detail)
		list = append(list, p.Field+" "+p.Reason)
	}
	return list
}

// TestRemove is the guard of W4.
func TestRemove(t *testing.T) {
	t.Parallel()
	const period = 30 * 24 * time.Hour
	upload := superapptest.Start
	w, err := workspace.Open(merchantID, tenantID, "Night Market", market, upload.Add(-time.Hour))
	require.NoError(t, err)
	for _, tt := range []struct {
		name   string
		in     workspace.Activity
		period time.Duration
		now    time.Time
		until  time.Time
		text   string // "" if it is removed
	}{
		{"without uploads", workspace.Activity{}, period, upload, time.Time{}, ""},
		{"exactly the period after the upload", workspace.Activity{LastUpload: upload, LastUploadTo: "Noodles"}, period,
			upload.Add(period), time.Time{}, ""},
		{"a microsecond before that", workspace.Activity{LastUpload: upload, LastUploadTo: "Noodles"}, period,
			upload.Add(period - time.Microsecond), upload.Add(period),
			"the workspace cannot be removed yet: a version of Noodles was uploaded at 2026-01-05 09:00 UTC, so wait until 2026-02-04 09:00 UTC"},
		{"at the upload itself", workspace.Activity{LastUpload: upload, LastUploadTo: "Noodles"}, time.Hour, upload, upload.Add(time.Hour),
			"the workspace cannot be removed yet: a version of Noodles was uploaded at 2026-01-05 09:00 UTC, so wait until 2026-01-05 10:00 UTC"},
		{"published mini programs", workspace.Activity{Published: []string{"Noodles", "Dumplings"}, LastUpload: upload, LastUploadTo: "Noodles"}, period,
			upload.Add(period), time.Time{},
			"the workspace cannot be removed yet: published mini programs (Noodles, Dumplings), to be taken offline or removed first"},
		{"both", workspace.Activity{Published: []string{"Dumplings"}, LastUpload: upload, LastUploadTo: "Noodles"}, period,
			upload, upload.Add(period),
			"the workspace cannot be removed yet: published mini programs (Dumplings), to be taken offline or removed first; " +
				"a version of Noodles was uploaded at 2026-01-05 09:00 UTC, so wait until 2026-02-04 09:00 UTC"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			after, err := w.Remove(tt.in, tt.period, tt.now)
			if tt.text == "" {
				require.NoError(t, err)
				want := w
				want.Status, want.UpdatedAt = workspace.Removed, tt.now
				require.Equal(t, want, after)
				return
			}
			require.EqualError(t, err, tt.text)
			require.ErrorIs(t, err, workspace.ErrRemovalGuarded)
			require.ErrorIs(t, err, fault.ErrState)
			require.Equal(t, "workspace.removal_guarded", fault.CodeOf(err))
			var guarded *workspace.RemovalError
			require.ErrorAs(t, err, &guarded)
			require.Equal(t, workspace.RemovalError{Activity: tt.in, Until: tt.until}, *guarded)
			require.Equal(t, w, after, "nothing is changed")
		})
	}

	t.Run("a tenant is not removed", func(t *testing.T) {
		t.Parallel()
		w, err := workspace.Open(tenantID, id.Workspace{}, "Harbour Pay", wallet, upload)
		require.NoError(t, err)
		_, err = w.Remove(workspace.Activity{}, period, upload)
		require.ErrorIs(t, err, workspace.ErrNotDeveloper)
	})
}

func TestKind(t *testing.T) {
	t.Parallel()
	for kind, name := range map[workspace.Kind]string{workspace.Tenant: "tenant", workspace.Developer: "developer"} {
		text, err := kind.MarshalText()
		require.NoError(t, err)
		require.Equal(t, name, string(text))
		var read workspace.Kind
		require.NoError(t, read.UnmarshalText(text))
		require.Equal(t, kind, read)
	}
	for _, name := range []string{"", "?", "Tenant", "tenant ", "merchant"} {
		_, err := workspace.ParseKind(name)
		require.ErrorIs(t, err, workspace.ErrKind, "%q", name)
		require.ErrorIs(t, err, fault.ErrInvalid)
	}
	require.Equal(t, "?", workspace.Kind(99).String())
}
