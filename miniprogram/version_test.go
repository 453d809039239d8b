package miniprogram_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

func TestUploadVersion(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		k.Clock.Advance(time.Hour)
		u := upload(k.Shop, "1.0.0")
		u.JSAPIs = []string{"scan", "pay", " pay ", "scan"}
		u.Notes = map[string]string{"en": " First.\nOf many. ", "ZH-hans": "第一版"}
		v, err := k.MiniPrograms.UploadVersion(t.Context(), k.As(rbac.DeveloperAdmin), u)
		require.NoError(t, err)
		require.False(t, v.ID.IsZero())
		require.Equal(t, miniprogram.Version{
			ID: v.ID, MiniProgram: k.Shop, Workspace: k.Merchant, Tenant: k.Tenant, Number: "1.0.0", Status: miniprogram.VersionNew,
			Package: u.Package, JSAPIs: []string{"pay", "scan"}, Notes: map[string]string{"en": "First.\nOf many.", "zh-Hans": "第一版"},
			Uploader: superapptest.Account(rbac.DeveloperAdmin), UploadedAt: k.Clock.Now(),
		}, v)

		k.Clock.Advance(time.Hour)
		bare, err := k.MiniPrograms.UploadVersion(t.Context(), superapptest.System, upload(k.Shop, "1.0.1"))
		require.NoError(t, err)
		require.Empty(t, bare.Uploader)
		require.Equal(t, []miniprogram.Version{v, bare}, versions(t, k, 1, k.Shop), "what is stored is what was answered, oldest first")

		d, err := k.MiniPrograms.Get(t.Context(), superapptest.System, k.Shop)
		require.NoError(t, err)
		require.Equal(t, "1.0.1", d.LatestVersion)
		require.Equal(t, k.Clock.Now(), d.UploadedAt)
		require.Equal(t, k.Clock.Now(), d.UpdatedAt)
		require.Equal(t, miniprogram.InDevelopment, d.Status)
	})
}

func versions(t *testing.T, k *superapptest.Kit, size int, p id.MiniProgram) []miniprogram.Version {
	t.Helper()
	return testkit.Pages(t, size, func(req page.Request) (page.Page[miniprogram.Version], error) {
		return k.MiniPrograms.Versions(t.Context(), superapptest.System, miniprogram.VersionFilter{MiniProgram: p}, req)
	})
}

// TestVersionNumbers: semantic versions, strictly greater than every earlier
// one (V1).
func TestVersionNumbers(t *testing.T) {
	t.Parallel()
	huge := strings.Repeat("9", 40)
	for _, tt := range []struct{ latest, next, reason string }{
		{"", "0.0.1", ""},
		{"", "0.0.0", ""},
		{"1.0.0", "1.0.1", ""},
		{"1.9.0", "1.10.0", ""},
		{"9.0.0", "10.0.0", ""},
		{"1.0.0-alpha", "1.0.0-alpha.1", ""},
		{"1.0.0-alpha.1", "1.0.0-alpha.beta", ""},
		{"1.0.0-beta.2", "1.0.0-beta.11", ""},
		{"1.0.0-rc.1", "1.0.0", ""},
		{"1.0.0", "1.0.1-alpha", ""},
		{"1.0.0+build.7", "1.0.1+build.1", ""},
		{"1.0.0", huge + ".0.0", ""},
		{huge + ".0.0", "1" + huge + ".0.0", ""},

		{"1.0.0", "1.0.0", "order"},
		{"1.0.1", "1.0.0", "order"},
		{"1.10.0", "1.9.0", "order"},
		{"1.0.0", "1.0.0-rc.1", "order"},
		{"1.0.0-beta.11", "1.0.0-beta.2", "order"},
		{"1.0.0-alpha.beta", "1.0.0-alpha.1", "order"},
		{"1.0.0+build.7", "1.0.0+build.8", "order"}, // build metadata does not count
		{"1.0.0", "1.0.0+build.1", "order"},
		{huge + ".0.0", "1.0.0", "order"},

		{"", "", "malformed"},
		{"", "1", "malformed"},
		{"", "1.0", "malformed"},
		{"", "1.0-alpha.1.2", "malformed"},
		{"", "1.0.0.0", "malformed"},
		{"", "v1.0.0", "malformed"},
		{"", "V1.0.0", "malformed"},
		{"", "01.0.0", "malformed"},
		{"", "1.0.0-01", "malformed"},
		{"", "1.0.0-", "malformed"},
		{"", "1.0.0+", "malformed"},
		{"", "-1.0.0", "malformed"},
		{"", "1.0.x", "malformed"},
		{"", " 1.0.0", "malformed"},
		{"", "1.0.0\n", "malformed"},
		{"", "１.0.0", "malformed"},
		{"", "1.0.0-\xff", "malformed"},
		{"", "1.0.0-" + strings.Repeat("a", 59), "malformed"}, // 65 bytes
	} {
		t.Run(fmt.Sprintf("%q after %q", tt.next, tt.latest), func(t *testing.T) {
			t.Parallel()
			k := superapptest.New(t, nil)
			if tt.latest != "" {
				_, err := k.MiniPrograms.UploadVersion(t.Context(), k.As(rbac.Developer), upload(k.Shop, tt.latest))
				require.NoError(t, err)
			}
			v, err := k.MiniPrograms.UploadVersion(t.Context(), k.As(rbac.Developer), upload(k.Shop, tt.next))
			switch tt.reason {
			case "":
				require.NoError(t, err)
				require.Equal(t, tt.next, v.Number)
				return
			case "order":
				var order *miniprogram.VersionOrderError
				require.ErrorAs(t, err, &order)
				require.Equal(t, miniprogram.VersionOrderError{Number: tt.next, Latest: tt.latest}, *order)
				require.ErrorIs(t, err, miniprogram.ErrVersionOrder)
				require.Equal(t, "miniprogram.version_order", fault.CodeOf(err))
			default:
				require.Equal(t, []string{"number " + tt.reason}, problems(t, err))
			}
			require.Zero(t, v)
			d, err := k.MiniPrograms.Get(t.Context(), superapptest.System, k.Shop)
			require.NoError(t, err)
			require.Equal(t, tt.latest, d.LatestVersion)
		})
	}
}

// TestVersionsGrow: greater than every earlier one, however many there are.
func TestVersionsGrow(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	for _, number := range []string{"1.0.0-rc.1", "1.0.0", "1.2.0", "2.0.0"} {
		_, err := k.MiniPrograms.UploadVersion(t.Context(), k.As(rbac.Developer), upload(k.Shop, number))
		require.NoError(t, err)
	}
	for _, number := range []string{"1.0.0", "1.1.0", "1.9.9", "2.0.0-rc.1"} {
		_, err := k.MiniPrograms.UploadVersion(t.Context(), k.As(rbac.Developer), upload(k.Shop, number))
		require.ErrorIs(t, err, miniprogram.ErrVersionOrder)
	}
	_, err := k.MiniPrograms.UploadVersion(t.Context(), superapptest.System, upload(k.App, "1.0.0"))
	require.NoError(t, err, "each mini program counts for itself")
}

func TestUploadChecks(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	before := trail(t, k, k.Merchant)
	many := func(n int) []string {
		names := make([]string, n)
		for i := range names {
			names[i] = fmt.Sprintf("api%03d", i)
		}
		return names
	}
	languages := func(n int) map[string]string {
		notes := map[string]string{}
		for i := 0; len(notes) < n; i++ {
			if tag, err := language.Parse(string([]byte{byte('a' + i/26), byte('a' + i%26)})); err == nil {
				notes[tag.String()] = "note"
			}
		}
		return notes
	}
	for _, tt := range []struct {
		name string
		edit func(*miniprogram.Upload)
		want []string // nil if it is accepted
	}{
		{"nothing", func(u *miniprogram.Upload) { *u = miniprogram.Upload{MiniProgram: u.MiniProgram} },
			[]string{"number malformed", "package.reference required", "package.size required", "package.sha256 required"}},
		{"everything wrong at once", func(u *miniprogram.Upload) {
			*u = miniprogram.Upload{
				MiniProgram: u.MiniProgram, Number: "1", Package: miniprogram.Package{Reference: "a\nb", Size: -1},
				JSAPIs: many(501), Notes: map[string]string{"xx yy": "a\x00b", "en": strings.Repeat("x", 2001)},
			}
		}, []string{
			"number malformed", "package.reference malformed", "package.size required", "package.sha256 required",
			"jsapis too_long", "notes[en] too_long", "notes[xx yy] unknown", "notes[xx yy] malformed",
		}},
		{"a reference at the limit", func(u *miniprogram.Upload) { u.Package.Reference = strings.Repeat("x", 512) }, nil},
		{"a reference over the limit", func(u *miniprogram.Upload) { u.Package.Reference = strings.Repeat("x", 513) }, []string{"package.reference too_long"}},
		{"a reference that is no UTF-8", func(u *miniprogram.Upload) { u.Package.Reference = "\xff" }, []string{"package.reference malformed"}},
		{"an empty package", func(u *miniprogram.Upload) { u.Package.Size = 0 }, []string{"package.size required"}},
		{"a byte", func(u *miniprogram.Upload) { u.Package.Size = 1 }, nil},
		{"as many callables as may be", func(u *miniprogram.Upload) { u.JSAPIs = many(500) }, nil},
		{"one more", func(u *miniprogram.Upload) { u.JSAPIs = many(501) }, []string{"jsapis too_long"}},
		{"callables that are none", func(u *miniprogram.Upload) { u.JSAPIs = []string{"pay", "", "a\x00", strings.Repeat("x", 129), "\xff"} },
			[]string{"jsapis[1] required", "jsapis[2] malformed", "jsapis[3] too_long", "jsapis[4] malformed"}},
		{"a callable at the limit", func(u *miniprogram.Upload) { u.JSAPIs = []string{strings.Repeat("x", 128)} }, nil},
		{"a note at the limit", func(u *miniprogram.Upload) { u.Notes = map[string]string{"en": strings.Repeat("咖", 2000)} }, nil},
		{"a note over the limit", func(u *miniprogram.Upload) { u.Notes = map[string]string{"en": strings.Repeat("x", 2001)} }, []string{"notes[en] too_long"}},
		{"notes in as many languages as may be", func(u *miniprogram.Upload) { u.Notes = languages(100) }, nil},
		{"in one more", func(u *miniprogram.Upload) { u.Notes = languages(101) }, []string{"notes too_long"}},
		{"a language without an end", func(u *miniprogram.Upload) { u.Notes = map[string]string{"en-x" + strings.Repeat("-a", 31): "note"} },
			[]string{"notes[en-x-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a] too_long"}},
		{"two notes in one language", func(u *miniprogram.Upload) {
			u.Notes = map[string]string{"zh-Hans": "一", "ZH-hans": "二", "en": "one"}
		},
			[]string{"notes[zh-Hans] duplicate"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			kit := k
			if tt.want == nil {
				kit = superapptest.New(t, nil)
			}
			u := upload(kit.Shop, "1.0.0")
			tt.edit(&u)
			v, err := kit.MiniPrograms.UploadVersion(t.Context(), kit.As(rbac.DeveloperAdmin), u)
			if tt.want == nil {
				require.NoError(t, err)
				return
			}
			require.Equal(t, tt.want, problems(t, err))
			require.Zero(t, v)
		})
	}
	require.Equal(t, before, trail(t, k, k.Merchant))
	require.Empty(t, versions(t, k, 2, k.Shop))
}

// TestUploadRights: version.upload, and version.note.edit for notes.
func TestUploadRights(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	noted := func(p id.MiniProgram, number string) miniprogram.Upload {
		u := upload(p, number)
		u.Notes = map[string]string{"en": "Better."}
		return u
	}
	for i, tt := range []struct {
		actor       rbac.Actor
		of          id.MiniProgram
		plain, note error
	}{
		{superapptest.System, k.Shop, nil, nil},
		{k.As(rbac.DeveloperAdmin), k.Shop, nil, nil},
		{k.As(rbac.Developer), k.Shop, nil, rbac.ErrDenied},
		{k.As(rbac.Operator), k.Shop, rbac.ErrDenied, rbac.ErrDenied},
		{k.As(rbac.WorkspaceAdmin), k.Shop, rbac.ErrDenied, rbac.ErrDenied},
		{k.As(rbac.WorkspaceAdmin), k.App, nil, nil},
		{k.As(rbac.WorkspaceDeveloper), k.App, nil, rbac.ErrDenied},
		{k.As(rbac.WorkspaceReviewer), k.App, rbac.ErrDenied, rbac.ErrDenied},
		{k.As(rbac.WorkspaceDeveloper), k.Shop, rbac.ErrDenied, rbac.ErrDenied},
		{k.As(rbac.Developer), k.App, miniprogram.ErrNotFound, miniprogram.ErrNotFound},
		{rbac.User("acc-nobody"), k.Shop, miniprogram.ErrNotFound, miniprogram.ErrNotFound},
		{superapptest.System, nobodys, miniprogram.ErrNotFound, miniprogram.ErrNotFound},
		{rbac.User(""), k.Shop, id.ErrAccount, id.ErrAccount},
	} {
		_, err := k.MiniPrograms.UploadVersion(t.Context(), tt.actor, upload(tt.of, fmt.Sprintf("1.%d.0", i)))
		require.ErrorIs(t, err, tt.plain, "%s, row %d", tt.actor.Name(), i)
		_, err = k.MiniPrograms.UploadVersion(t.Context(), tt.actor, noted(tt.of, fmt.Sprintf("1.%d.1", i)))
		require.ErrorIs(t, err, tt.note, "%s with a note, row %d", tt.actor.Name(), i)
	}
}

func TestUploadToArchived(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	_, err := k.MiniPrograms.UploadVersion(t.Context(), k.As(rbac.Developer), upload(k.Shop, "1.0.0"))
	require.NoError(t, err)
	testkit.SetStatus(t, k, k.Shop, miniprogram.Archived)
	_, err = k.MiniPrograms.UploadVersion(t.Context(), k.As(rbac.Developer), upload(k.Shop, "1.1.0"))
	require.ErrorIs(t, err, miniprogram.ErrArchived)
	require.ErrorIs(t, err, fault.ErrState)
	require.Len(t, versions(t, k, 2, k.Shop), 1, "its records stay")
	d, err := k.MiniPrograms.Get(t.Context(), k.As(rbac.Developer), k.Shop)
	require.NoError(t, err)
	require.Equal(t, []miniprogram.Action{miniprogram.ActionView, miniprogram.ActionViewVersions, miniprogram.ActionViewTeam, miniprogram.ActionViewFeatures}, d.Actions)

	_, err = d.Archive(k.Clock.Now())
	require.ErrorIs(t, err, miniprogram.ErrArchived, "the second time")
}

// TestOneNumberOneWinner: of uploads of a number at once exactly one wins (V1).
func TestOneNumberOneWinner(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		errs := atOnce(8, func(int) error {
			_, err := k.MiniPrograms.UploadVersion(t.Context(), k.As(rbac.Developer), upload(k.Shop, "1.0.0"))
			return err
		})
		require.Equal(t, 1, winners(t, errs, miniprogram.ErrVersionOrder))
		require.Len(t, versions(t, k, 10, k.Shop), 1)
	})
}
