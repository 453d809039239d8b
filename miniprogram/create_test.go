package miniprogram_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

func TestCreate(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	k.Clock.Advance(time.Hour)
	p, err := k.MiniPrograms.Create(t.Context(), k.As(rbac.DeveloperAdmin), miniprogram.Create{
		Workspace: k.Merchant, Type: miniprogram.H5, Language: "ZH-hans", Name: " 咖啡小店 ",
	})
	require.NoError(t, err)
	require.False(t, p.ID.IsZero())
	require.Equal(t, miniprogram.MiniProgram{
		ID: p.ID, Workspace: k.Merchant, Tenant: k.Tenant, Type: miniprogram.H5, Language: "zh-Hans",
		Name: "咖啡小店", NameKey: "咖啡小店", Status: miniprogram.InDevelopment,
		Creator: superapptest.Account(rbac.DeveloperAdmin), CreatedAt: k.Clock.Now(), UpdatedAt: k.Clock.Now(),
	}, p)
	d, err := k.MiniPrograms.Get(t.Context(), k.As(rbac.DeveloperAdmin), p.ID)
	require.NoError(t, err)
	require.Equal(t, p, d.MiniProgram, "what is stored is what was answered")
}

func TestCreateChecks(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	before := trail(t, k, k.Merchant)
	for _, tt := range []struct {
		name string
		in   miniprogram.Create
		want []string
	}{
		{"nothing", miniprogram.Create{}, []string{"type unknown", "language required", "name required"}},
		{"everything wrong", miniprogram.Create{Type: "DSL", Language: "zh_", Name: "a\x00bc"}, []string{"type unknown", "language unknown", "name malformed"}},
		{"an unknown type", miniprogram.Create{Type: "flash", Language: "en", Name: "Noodles"}, []string{"type unknown"}},
		{"no language", miniprogram.Create{Type: miniprogram.DSL, Language: "und", Name: "Noodles"}, []string{"language unknown"}},
		{"the root language", miniprogram.Create{Type: miniprogram.DSL, Language: "root", Name: "Noodles"}, []string{"language unknown"}},
		{"words for a language", miniprogram.Create{Type: miniprogram.DSL, Language: "traditional chinese", Name: "Noodles"}, []string{"language unknown"}},
		{"a language that is no UTF-8", miniprogram.Create{Type: miniprogram.DSL, Language: "e\xffn", Name: "Noodles"}, []string{"language unknown"}},
		{"a language without an end", miniprogram.Create{Type: miniprogram.DSL, Language: "en-x" + strings.Repeat("-abcdefgh", 7), Name: "Noodles"}, []string{"language too_long"}},
		{"a name below the minimum", miniprogram.Create{Type: miniprogram.DSL, Language: "en", Name: "No"}, []string{"name too_short"}},
		{"a wide name below the minimum", miniprogram.Create{Type: miniprogram.DSL, Language: "zh", Name: "面"}, []string{"name too_short"}},
		{"a name over the maximum", miniprogram.Create{Type: miniprogram.DSL, Language: "en", Name: strings.Repeat("x", 31)}, []string{"name too_long"}},
		{"a wide name over the maximum", miniprogram.Create{Type: miniprogram.DSL, Language: "zh", Name: strings.Repeat("面", 15) + "x"}, []string{"name too_long"}},
		{"a name of white space", miniprogram.Create{Type: miniprogram.DSL, Language: "en", Name: "\u3000 \t"}, []string{"name required"}},
		{"a name in two lines", miniprogram.Create{Type: miniprogram.DSL, Language: "en", Name: "Noodle\nBar"}, []string{"name malformed"}},
		{"a name read backwards", miniprogram.Create{Type: miniprogram.DSL, Language: "en", Name: "Noodle\u202eraB"}, []string{"name malformed"}},
		{"a name that is no UTF-8", miniprogram.Create{Type: miniprogram.DSL, Language: "en", Name: "Noodle\xff"}, []string{"name malformed"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.in.Workspace = k.Merchant
			p, err := k.MiniPrograms.Create(t.Context(), k.As(rbac.DeveloperAdmin), tt.in)
			require.Equal(t, tt.want, problems(t, err))
			require.Zero(t, p)
		})
	}
	require.Equal(t, before, trail(t, k, k.Merchant))
	require.Len(t, list(t, k, 10, superapptest.System, miniprogram.Filter{Workspace: k.Merchant}), 1)
}

// TestCreateNames: 3 to 30 characters, where a wide one counts two (P1).
func TestCreateNames(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	for _, name := range []string{
		"Bar", "面x", strings.Repeat("x", 30), strings.Repeat("面", 15), strings.Repeat("面", 14) + "xx", "ｂａ", "ﾗｰﾒﾝ", "Café", "한국",
	} {
		_, err := k.MiniPrograms.Create(t.Context(), k.As(rbac.DeveloperAdmin), quick(k.Merchant, name))
		require.NoError(t, err, "%q", name)
	}
	p := create(t, k, k.Merchant, "Cafe\u0301 Luna")
	require.Equal(t, "Café Luna", p.Name, "composed")
}

func TestCreateLanguages(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	for i, tt := range []struct{ given, want string }{
		{"EN", "en"}, {" en ", "en"}, {"en_us", "en-US"}, {"zh-HANS-cn", "zh-Hans-CN"}, {"iw", "he"}, {"sr-latn-rs", "sr-Latn-RS"}, {"pt-br", "pt-BR"},
	} {
		in := quick(k.Merchant, fmt.Sprint("Noodles ", i))
		in.Language = tt.given
		p, err := k.MiniPrograms.Create(t.Context(), superapptest.System, in)
		require.NoError(t, err)
		require.Equal(t, tt.want, p.Language)
	}
}

func TestCreateLimits(t *testing.T) {
	t.Parallel()
	set := superapp.Options{MiniPrograms: &miniprogram.Options{Limits: miniprogram.Limits{NameMin: 1, NameMax: 40}}}
	k := superapptest.New(t, &superapptest.Options{Platform: set})
	create(t, k, k.Merchant, "x")
	create(t, k, k.Merchant, strings.Repeat("x", 40))
	_, err := k.MiniPrograms.Create(t.Context(), superapptest.System, quick(k.Merchant, strings.Repeat("x", 41)))
	require.Equal(t, []string{"name too_long"}, problems(t, err))
	require.ErrorContains(t, err, "want at most 40 characters, got 41")
	const phrase = "\ufdfa" // one character that stands for four words
	create(t, k, k.Merchant, strings.Repeat(phrase, 31))
	_, err = k.MiniPrograms.Create(t.Context(), superapptest.System, quick(k.Merchant, strings.Repeat(phrase, 32)))
	require.Equal(t, []string{"name too_long"}, problems(t, err))
	require.ErrorContains(t, err, "want at most 1024 bytes with compatible characters written out, got 1056")

	for _, tt := range []struct {
		limits miniprogram.Limits
		want   []string
	}{
		{miniprogram.Limits{}, nil},
		{miniprogram.Limits{NameMin: 30}, nil},
		{miniprogram.Limits{NameMax: 256}, nil},
		{miniprogram.Limits{NameMin: -1}, []string{"name_min not_allowed"}},
		{miniprogram.Limits{NameMin: 31}, []string{"name_min not_allowed"}},
		{miniprogram.Limits{NameMax: 2}, []string{"name_min not_allowed"}},
		{miniprogram.Limits{NameMax: 257}, []string{"name_max not_allowed"}},
		{miniprogram.Limits{NameMin: 300, NameMax: 299}, []string{"name_min not_allowed", "name_max not_allowed"}},
	} {
		err := tt.limits.Validate()
		if tt.want == nil {
			require.NoError(t, err)
			continue
		}
		require.Equal(t, tt.want, problems(t, err))
	}
}

// TestNamesAreUnique: per tenant and language, compared folded; an archived
// one's are free again (P7).
func TestNamesAreUnique(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		first := create(t, k, k.Merchant, "Straße Café 1")
		market, other := openMerchant(t, k, k.Tenant, "market"), openTenant(t, k, "harbour")
		for _, w := range []id.Workspace{k.Merchant, market, k.Tenant} {
			for _, name := range []string{
				"Straße Café 1", "STRASSE CAFÉ 1", "ｓｔｒａßｅ Ｃａｆé １", "Strasse  cafe\u0301\u30001", " straße café 1 ",
			} {
				_, err := k.MiniPrograms.Create(t.Context(), superapptest.System, quick(w, name))
				require.ErrorIs(t, err, miniprogram.ErrNameTaken, "%q", name)
				require.ErrorIs(t, err, fault.ErrExists)
			}
		}
		for _, tt := range []struct {
			why string
			in  miniprogram.Create
		}{
			{"another name", quick(k.Merchant, "Strasse Cafe 1")},
			{"another tenant", quick(other, "Straße Café 1")},
			{"another language", miniprogram.Create{Workspace: market, Type: miniprogram.DSL, Language: "de", Name: "Straße Café 1"}},
		} {
			_, err := k.MiniPrograms.Create(t.Context(), superapptest.System, tt.in)
			require.NoError(t, err, "%s", tt.why)
		}
		_, err := k.MiniPrograms.Create(t.Context(), superapptest.System, miniprogram.Create{
			Workspace: k.Tenant, Type: miniprogram.H5, Language: "DE", Name: "straße café 1",
		})
		require.ErrorIs(t, err, miniprogram.ErrNameTaken, "the same language, written otherwise")

		testkit.SetStatus(t, k, first.ID, miniprogram.Offline)
		_, err = k.MiniPrograms.Create(t.Context(), superapptest.System, quick(market, "Straße Café 1"))
		require.ErrorIs(t, err, miniprogram.ErrNameTaken, "offline keeps its name")
		testkit.SetStatus(t, k, first.ID, miniprogram.Archived)
		create(t, k, market, "Straße Café 1")
		_, err = k.MiniPrograms.Create(t.Context(), superapptest.System, quick(k.Merchant, "Straße Café 1"))
		require.ErrorIs(t, err, miniprogram.ErrNameTaken, "it is another's now")
	})
}

// TestOneNameOneWinner: of creates at once, in several workspaces of a tenant,
// exactly one gets the name (P7).
func TestOneNameOneWinner(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		spaces := []id.Workspace{k.Tenant, k.Merchant, openMerchant(t, k, k.Tenant, "market"), openMerchant(t, k, k.Tenant, "bakery")}
		errs := atOnce(8, func(i int) error {
			_, err := k.MiniPrograms.Create(t.Context(), superapptest.System, quick(spaces[i%len(spaces)], "Noodles"))
			return err
		})
		require.Equal(t, 1, winners(t, errs, miniprogram.ErrNameTaken))
		require.Len(t, list(t, k, 10, superapptest.System, miniprogram.Filter{Name: "noodles"}), 1)
	})
}

// atOnce calls n times at once.
func atOnce(n int, call func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = call(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

// winners counts those without an error; the others must have the given one.
func winners(t *testing.T, errs []error, loser error) (n int) {
	t.Helper()
	for _, err := range errs {
		if err == nil {
			n++
		} else if !errors.Is(err, loser) {
			require.NoError(t, err)
		}
	}
	return n
}

// TestCreatorsPlace: the creator becomes the first mini program admin, unless
// he is the platform operator or his role is kept off teams (R5).
func TestCreatorsPlace(t *testing.T) {
	t.Parallel()
	matrix, err := rbac.BuiltIn().With(rbac.Edits{Cells: []rbac.Cell{
		{Permission: rbac.CreateMiniProgram, Role: rbac.WorkspaceReviewer, Scope: rbac.InWorkspace},
		{Permission: rbac.CreateMiniProgram, Role: rbac.WorkspaceAdmin, Scope: rbac.InTenant},
	}})
	require.NoError(t, err)
	k := superapptest.New(t, &superapptest.Options{Platform: superapp.Options{Matrix: matrix}})
	for i, tt := range []struct {
		name  string
		actor rbac.Actor
		in    id.Workspace
		role  rbac.Role // "" if he gets no place
	}{
		{"a workspace admin", k.As(rbac.WorkspaceAdmin), k.Tenant, rbac.WorkspaceAdmin},
		{"a workspace developer", k.As(rbac.WorkspaceDeveloper), k.Tenant, rbac.WorkspaceDeveloper},
		{"a developer admin", k.As(rbac.DeveloperAdmin), k.Merchant, rbac.DeveloperAdmin},
		{"a workspace admin, for a merchant", k.As(rbac.WorkspaceAdmin), k.Merchant, ""},
		{"a reviewer whom the host lets create", k.As(rbac.WorkspaceReviewer), k.Tenant, ""},
		{"the platform operator", superapptest.System, k.Merchant, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := len(trail(t, k, tt.in))
			p, err := k.MiniPrograms.Create(t.Context(), tt.actor, quick(tt.in, fmt.Sprint("Noodles ", i)))
			require.NoError(t, err)
			require.Equal(t, tt.actor.Account(), p.Creator)
			var verbs []audit.Verb
			for _, e := range trail(t, k, tt.in)[before:] {
				verbs = append(verbs, e.Verb)
			}
			if tt.role == "" {
				require.Empty(t, team(t, k, p.ID))
				require.Equal(t, []audit.Verb{miniprogram.EventCreated}, verbs)
				return
			}
			m := k.Member(tt.role)
			require.Equal(t, []miniprogram.TeamMember{{
				Member: m.ID, Name: m.Name, WorkspaceRole: tt.role, Role: rbac.MiniProgramAdmin,
			}}, team(t, k, p.ID))
			require.Equal(t, []audit.Verb{miniprogram.EventCreated, miniprogram.EventTeamAdded}, verbs)
			require.NoError(t, k.Access.Check(t.Context(), tt.actor, rbac.ManageTeam, rbac.OnMiniProgram(p.ID)), "he may act as such")
		})
	}
}

func TestCreateIsRefused(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	for _, tt := range []struct {
		actor rbac.Actor
		in    id.Workspace
		err   error
	}{
		{k.As(rbac.WorkspaceReviewer), k.Tenant, rbac.ErrDenied},
		{k.As(rbac.WorkspaceOperator), k.Tenant, rbac.ErrDenied},
		{k.As(rbac.MiniProgramInspector), k.Tenant, rbac.ErrDenied},
		{k.As(rbac.Developer), k.Merchant, rbac.ErrDenied},
		{k.As(rbac.Operator), k.Merchant, rbac.ErrDenied},
		{k.As(rbac.WorkspaceAdmin), k.Merchant, rbac.ErrDenied}, // R2: the merchant's own
		{k.As(rbac.DeveloperAdmin), k.Tenant, workspace.ErrNotFound},
		{rbac.User("acc-nobody"), k.Merchant, workspace.ErrNotFound},
		{superapptest.System, nowhere, workspace.ErrNotFound},
		{superapptest.System, id.Workspace{}, workspace.ErrNotFound},
		{rbac.User(""), k.Merchant, id.ErrAccount},
	} {
		p, err := k.MiniPrograms.Create(t.Context(), tt.actor, quick(tt.in, "Noodles"))
		require.ErrorIs(t, err, tt.err, "%s", tt.actor.Name())
		require.Zero(t, p)
	}
}
