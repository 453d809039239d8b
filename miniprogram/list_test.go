package miniprogram_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// TestGet: who sees a mini program, and the actions that he gets with it.
func TestGet(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	const (
		view     = miniprogram.ActionView
		edit     = miniprogram.ActionEdit
		versions = miniprogram.ActionViewVersions
		upload   = miniprogram.ActionUpload
		team     = miniprogram.ActionViewTeam
		manage   = miniprogram.ActionManageTeam
		features = miniprogram.ActionViewFeatures
		attach   = miniprogram.ActionAttachFeature
		codes    = miniprogram.ActionViewQRCodes
		define   = miniprogram.ActionDefineQRCode
		config   = miniprogram.ActionViewConfiguration
		set      = miniprogram.ActionConfigure
		force    = miniprogram.ActionForceRemove
		warn     = miniprogram.ActionWarn
		rectify  = miniprogram.ActionRectify
	)
	admin := []miniprogram.Action{view, edit, versions, upload, team, manage, features, attach, codes, define, config, set}
	tenant := []miniprogram.Action{force, warn, rectify}
	for _, tt := range []struct {
		actor rbac.Actor
		of    id.MiniProgram
		want  []miniprogram.Action
		err   error
	}{
		{superapptest.System, k.Shop, slices.Concat(admin, tenant), nil},
		{k.As(rbac.DeveloperAdmin), k.Shop, admin, nil},
		{k.As(rbac.WorkspaceAdmin), k.App, slices.Concat(admin, tenant), nil},
		{k.As(rbac.WorkspaceAdmin), k.Shop, slices.Concat([]miniprogram.Action{view, versions, team, features, codes, define, config}, tenant), nil},
		{k.As(rbac.Developer), k.Shop, []miniprogram.Action{view, versions, upload, team, features}, nil},
		{k.As(rbac.Operator), k.Shop, []miniprogram.Action{view, versions, team, features}, nil},
		{k.As(rbac.MiniProgramInspector), k.Shop, slices.Concat([]miniprogram.Action{view, versions, team, features}, tenant), nil},
		{k.As(rbac.WorkspaceDeveloper), k.App, []miniprogram.Action{view, versions, upload, team, features}, nil},
		{k.As(rbac.WorkspaceReviewer), k.Shop, nil, rbac.ErrDenied},
		{k.As(rbac.WorkspaceDeveloper), k.Shop, nil, rbac.ErrDenied},
		{k.As(rbac.Developer), k.App, nil, miniprogram.ErrNotFound},
		{rbac.User("acc-nobody"), k.Shop, nil, miniprogram.ErrNotFound},
		{superapptest.System, nobodys, nil, miniprogram.ErrNotFound},
		{rbac.User("acc\x00"), k.Shop, nil, id.ErrAccount},
	} {
		d, err := k.MiniPrograms.Get(t.Context(), tt.actor, tt.of)
		require.ErrorIs(t, err, tt.err, "%s", tt.actor.Name())
		require.Equal(t, tt.want, d.Actions, "%s", tt.actor.Name())
	}
}

// TestSearch: the prefix of any word, any part of a Chinese, Japanese or Korean
// name, whatever the case and width, the same on every store (P3).
func TestSearch(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		ids := map[id.MiniProgram]string{k.App: "Travel Cards", k.Shop: "Coffee Shop"}
		for _, name := range []string{
			"Coffee Corner Co", "Ice-Cream & Coffee", "Straße 24", "咖啡小店", "Café Luna", "東京ラーメン", "서울 커피", "ＡＢＣ Store", "100% Juice", "Bean咖啡Bar",
		} {
			ids[create(t, k, k.Merchant, name).ID] = name
		}
		for _, tt := range []struct {
			typed string
			want  []string
		}{
			{"cof", []string{"Coffee Shop", "Coffee Corner Co", "Ice-Cream & Coffee"}},
			{"COFFEE", []string{"Coffee Shop", "Coffee Corner Co", "Ice-Cream & Coffee"}},
			{"ｃｏｆｆｅｅ", []string{"Coffee Shop", "Coffee Corner Co", "Ice-Cream & Coffee"}},
			{"  coffee ", []string{"Coffee Shop", "Coffee Corner Co", "Ice-Cream & Coffee"}},
			{"coffee   shop", []string{"Coffee Shop"}},
			{"co", []string{"Coffee Shop", "Coffee Corner Co", "Ice-Cream & Coffee"}},
			{"offee", nil}, // not within a word
			{"corner co", []string{"Coffee Corner Co"}},
			{"cream", []string{"Ice-Cream & Coffee"}},
			{"&", nil},
			{"STRASSE", []string{"Straße 24"}},
			{"24", []string{"Straße 24"}},
			{"咖啡", []string{"咖啡小店", "Bean咖啡Bar"}},
			{"啡小", []string{"咖啡小店"}},
			{"店", []string{"咖啡小店"}},
			{"啡bar", []string{"Bean咖啡Bar"}},
			{"bar", []string{"Bean咖啡Bar"}},
			{"cafe\u0301", []string{"Café Luna"}},
			{"cafe", nil}, // an accent is part of the letter
			{"ラーメン", []string{"東京ラーメン"}},
			{"ﾗｰﾒﾝ", []string{"東京ラーメン"}},
			{"京ラ", []string{"東京ラーメン"}},
			{"커피", []string{"서울 커피"}},
			{"울", []string{"서울 커피"}},
			{"abc", []string{"ＡＢＣ Store"}},
			{"100%", []string{"100% Juice"}},
			{"%", nil},
			{"_", nil},
			{"*", nil},
			{"'", nil},
			{`"`, nil},
			{`\`, nil},
			{"nothing like it", nil},
			{strings.Repeat("x", 256), nil},
		} {
			for _, size := range []int{1, 2, 10} {
				var found []string
				for _, d := range list(t, k, size, superapptest.System, miniprogram.Filter{Name: tt.typed}) {
					require.NotContains(t, found, ids[d.ID], "each once")
					found = append(found, ids[d.ID])
				}
				require.ElementsMatch(t, tt.want, found, "%q, %d a page", tt.typed, size)
			}
		}
		require.Len(t, list(t, k, 5, superapptest.System, miniprogram.Filter{Name: " \u3000"}), 12, "white space is no search")
	})
}

// TestSearchOrder: by what was found, then by age; pages of any size make the
// same list.
func TestSearchOrder(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		names := []string{"Tea House", "House of Tea", "Teapot", "Green Tea", "Team Tea Talk", "TEA ROOM", "Black Tea"}
		for i, name := range names {
			create(t, k, []id.Workspace{k.Merchant, k.Tenant}[i%2], name)
		}
		for size := 1; size <= 8; size++ {
			var found []string
			for _, d := range list(t, k, size, k.As(rbac.WorkspaceAdmin), miniprogram.Filter{Name: "tea"}) {
				found = append(found, d.Name)
			}
			require.Equal(t, []string{
				"House of Tea", "Green Tea", "Black Tea", // tea
				"Tea House", "TEA ROOM", "Team Tea Talk", // tea house, tea room, tea talk
				"Teapot",
			}, found, "%d a page", size)
		}
	})
}

// TestSearchSeesWhatListSees: a name finds nothing that the searcher may not
// see, and combines with the other fields.
func TestSearchSeesWhatListSees(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		market := openMerchant(t, k, k.Tenant, "market")
		other := openTenant(t, k, "harbour")
		mine := create(t, k, k.Merchant, "Noodle Bar")
		theirs := create(t, k, market, "Noodle Soup")
		foreign := create(t, k, other, "Noodle Bar")
		old := create(t, k, k.Merchant, "Noodle Past")
		testkit.SetStatus(t, k, old.ID, miniprogram.Archived)
		find := func(actor rbac.Actor, f miniprogram.Filter) (ids []id.MiniProgram) {
			f.Name = "noodle"
			for _, d := range list(t, k, 2, actor, f) {
				ids = append(ids, d.ID)
			}
			slices.SortFunc(ids, func(a, b id.MiniProgram) int { return a.Compare(b.UUID) })
			return ids
		}
		require.Equal(t, []id.MiniProgram{mine.ID, theirs.ID, foreign.ID, old.ID}, find(superapptest.System, miniprogram.Filter{}))
		require.Equal(t, []id.MiniProgram{mine.ID, theirs.ID, old.ID}, find(k.As(rbac.WorkspaceAdmin), miniprogram.Filter{}))
		require.Equal(t, []id.MiniProgram{mine.ID, old.ID}, find(k.As(rbac.DeveloperAdmin), miniprogram.Filter{}))
		require.Equal(t, []id.MiniProgram{foreign.ID}, find(rbac.User("acc-harbour"), miniprogram.Filter{}))
		require.Empty(t, find(k.As(rbac.Developer), miniprogram.Filter{}), "not assigned to him")
		require.Empty(t, find(rbac.User("acc-nobody"), miniprogram.Filter{}))

		require.Equal(t, []id.MiniProgram{theirs.ID}, find(superapptest.System, miniprogram.Filter{Workspace: market}))
		require.Equal(t, []id.MiniProgram{foreign.ID}, find(superapptest.System, miniprogram.Filter{Tenant: other}))
		require.Equal(t, []id.MiniProgram{old.ID}, find(superapptest.System, miniprogram.Filter{Statuses: []miniprogram.Status{miniprogram.Archived}}))
		require.Equal(t, []id.MiniProgram{mine.ID}, find(superapptest.System, miniprogram.Filter{ID: mine.ID}))
		require.Empty(t, find(superapptest.System, miniprogram.Filter{ID: k.Shop}), "its name has no such word")
		require.Empty(t, find(superapptest.System, miniprogram.Filter{Type: miniprogram.H5}))
		require.Empty(t, find(superapptest.System, miniprogram.Filter{Creator: "acc-nobody"}))
	})
}

func TestListRefuses(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	for name, f := range map[string]miniprogram.Filter{
		"type unknown":     {Type: "flash"},
		"statuses unknown": {Statuses: []miniprogram.Status{miniprogram.Offline, "gone"}},
		"name too_long":    {Name: strings.Repeat("x", 257)},
		"name malformed":   {Name: "a\x00"},
	} {
		_, err := k.MiniPrograms.List(t.Context(), superapptest.System, f, page.Request{})
		require.Equal(t, []string{name}, problems(t, err))
	}
	_, err := k.MiniPrograms.List(t.Context(), superapptest.System, miniprogram.Filter{Type: "x", Statuses: []miniprogram.Status{"y"}, Name: "\xff"}, page.Request{})
	require.Equal(t, []string{"type unknown", "statuses unknown", "name malformed"}, problems(t, err))
	_, err = k.MiniPrograms.List(t.Context(), rbac.User(""), miniprogram.Filter{}, page.Request{})
	require.ErrorIs(t, err, id.ErrAccount)
}

// TestCursors: a list refuses what is no page of it.
func TestCursors(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	create(t, k, k.Merchant, "Coffee Corner")
	for _, number := range []string{"1.0.0", "1.1.0"} {
		_, err := k.MiniPrograms.UploadVersion(t.Context(), k.As(rbac.Developer), upload(k.Shop, number))
		require.NoError(t, err)
	}
	lists := map[string]func(page.Request) (page.Cursor, error){
		"list": func(req page.Request) (page.Cursor, error) {
			p, err := k.MiniPrograms.List(t.Context(), superapptest.System, miniprogram.Filter{}, req)
			return p.Next, err
		},
		"search": func(req page.Request) (page.Cursor, error) {
			p, err := k.MiniPrograms.List(t.Context(), superapptest.System, miniprogram.Filter{Name: "coffee"}, req)
			return p.Next, err
		},
		"versions": func(req page.Request) (page.Cursor, error) {
			p, err := k.MiniPrograms.Versions(t.Context(), superapptest.System, miniprogram.VersionFilter{MiniProgram: k.Shop}, req)
			return p.Next, err
		},
		"team": func(req page.Request) (page.Cursor, error) {
			p, err := k.MiniPrograms.Team(t.Context(), superapptest.System, k.Shop, req)
			return p.Next, err
		},
	}
	cursors := map[string]page.Cursor{"another service's": page.Encode("workspace.list", k.Shop.Bytes())}
	for name, list := range lists {
		next, err := list(page.Request{Size: 1})
		require.NoError(t, err)
		require.NotEmpty(t, next, "%s", name)
		cursors[name] = next
	}
	for name, list := range lists {
		for from, cursor := range cursors {
			if _, err := list(page.Request{After: cursor}); from == name {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, page.ErrCursor, "%s with a cursor of %s", name, from)
			}
		}
		for _, req := range []page.Request{{After: "2"}, {After: cursors[name] + "x"}, {Size: -1}, {Size: page.MaxSize + 1}} {
			_, err := list(req)
			require.ErrorIs(t, err, fault.ErrInvalid, "%s of %v", name, req)
		}
	}
}

// TestForeign: ids of another tenant answer like ids that do not exist (S4).
func TestForeign(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	other := openTenant(t, k, "harbour")
	create(t, k, other, "Noodles")
	stranger := rbac.User("acc-harbour")

	for name, call := range map[string]func(id.MiniProgram) error{
		"get": func(p id.MiniProgram) error {
			_, err := k.MiniPrograms.Get(t.Context(), stranger, p)
			return err
		},
		"upload version": func(p id.MiniProgram) error {
			_, err := k.MiniPrograms.UploadVersion(t.Context(), stranger, upload(p, "1.0.0"))
			return err
		},
		"versions": func(p id.MiniProgram) error {
			_, err := k.MiniPrograms.Versions(t.Context(), stranger, miniprogram.VersionFilter{MiniProgram: p}, page.Request{})
			return err
		},
		"team": func(p id.MiniProgram) error {
			_, err := k.MiniPrograms.Team(t.Context(), stranger, p, page.Request{})
			return err
		},
	} {
		unknown := call(nobodys)
		require.ErrorIs(t, unknown, miniprogram.ErrNotFound, "%s", name)
		for _, p := range []id.MiniProgram{k.App, k.Shop} {
			require.EqualError(t, call(p), unknown.Error(), "%s", name)
			require.ErrorIs(t, call(p), miniprogram.ErrNotFound, "%s", name)
		}
	}

	for _, w := range []id.Workspace{k.Tenant, k.Merchant, nowhere} {
		_, err := k.MiniPrograms.Create(t.Context(), stranger, quick(w, "Dumplings"))
		require.EqualError(t, err, "miniprogram: create: no such workspace")
		require.ErrorIs(t, err, workspace.ErrNotFound)
	}
	for _, f := range []miniprogram.Filter{
		{Workspace: k.Merchant}, {Tenant: k.Tenant}, {ID: k.Shop}, {Name: "coffee"}, {Creator: superapptest.Account(rbac.DeveloperAdmin)},
		{Workspace: nowhere}, {ID: nobodys},
	} {
		require.Empty(t, list(t, k, 2, stranger, f), "%+v", f)
	}
}
