package sqlstore

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

func TestText(t *testing.T) {
	t.Parallel()
	const statement = `SELECT m.id FROM {member} AS m WHERE m.id = ? AND m.role IN (?, ?)`
	require.Equal(t, `SELECT m.id FROM member AS m WHERE m.id = ? AND m.role IN (?, ?)`, (&Dialect{}).Text(statement))
	dollars := &Dialect{Prefix: "app_", Parameter: func(n int) string { return "$" + strconv.Itoa(n) }}
	require.Equal(t, `SELECT m.id FROM app_member AS m WHERE m.id = $1 AND m.role IN ($2, $3)`, dollars.Text(statement))
}

func TestTextOfNames(t *testing.T) {
	t.Parallel()
	d := &Dialect{
		Schema: `"app".`, Prefix: "mp_", Lock: " FOR UPDATE", Share: " FOR SHARE",
		Hint: func(index string) string { return "FORCE INDEX (" + index + ")" },
	}
	const statement = `SELECT m.id FROM {member} AS m {use member_by_tenant} WHERE m.id IN (SELECT h.member_id FROM {held} AS h{share})`
	want := `SELECT m.id FROM "app".mp_member AS m FORCE INDEX (mp_member_by_tenant) WHERE m.id IN (SELECT h.member_id FROM "app".mp_held AS h)`
	for range 2 {
		require.Equal(t, want, d.Text(statement), "also when it is known")
	}
	require.Equal(t, strings.TrimSuffix(want, ")")+" FOR SHARE) FOR SHARE", d.sharedText(statement))
	for _, locks := range []string{`SELECT 1 FOR UPDATE`, `SELECT 1 FOR UPDATE SKIP LOCKED`} {
		require.Equal(t, locks, d.sharedText(locks), "it locks already")
	}
	require.Equal(t, `CREATE INDEX mp_x ON "app".mp_member (id)`, d.Text(`CREATE INDEX {.x} ON {member} (id)`))
	require.Equal(t, `SELECT m.id FROM member AS m  WHERE m.id IN (SELECT h.member_id FROM held AS h)`, (&Dialect{}).Text(statement))
	for i := range 2 * maxTexts {
		d.Text("SELECT " + strconv.Itoa(i))
	}
	known := 0
	d.texts.known.Range(func(any, any) bool { known++; return true })
	require.Equal(t, maxTexts, known, "texts that come once do not pile up")
}

func TestValues(t *testing.T) {
	t.Parallel()
	d := &Dialect{ID: func(u id.UUID) any { return u.String() }, Time: func(t time.Time) any { return t.UnixMicro() }}
	u, at := id.New(), time.Now()
	args := []any{u, "text", at, nil, []byte{1}, 7, true}
	want := []any{u.String(), "text", at.UnixMicro(), nil, []byte{1}, 7, true}
	require.Equal(t, want, d.Values(args))
	require.Equal(t, want, d.Values(args), "what was made of them stays as it is")
}

func TestAsked(t *testing.T) {
	t.Parallel()
	d := &Dialect{ID: func(u id.UUID) any { return u.String() }}
	u := id.New()
	require.Equal(t, []any{u.String(), "咖啡", "", nil, nil}, d.Asked([]any{u, "咖啡", "", "a\x00b", "\xff"}), "what no row can hold equals nothing")
}

func TestBehind(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, prefix, want string }{
		{"the last character goes one up", "till", "tilm"},
		{"of any script", "咖啡", "咖啢"},
		{"over the surrogates", "a\uD7FF", "a\uE000"},
		{"the greatest gives way to the one before", "a\U0010FFFF", "b"},
		{"there is nothing behind the greatest", "\U0010FFFF\U0010FFFF", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, behind(c.prefix))
		})
	}
}

func TestPadded(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{0: 0, 1: 1, 2: 2, 3: 4, 5: 8, 50: 64, 64: 64} {
		values := make([]any, n)
		for i := range values {
			values[i] = i
		}
		got := padded(values)
		require.Len(t, got, want)
		for i, v := range got {
			require.Equal(t, min(i, n-1), v, "the last value is repeated")
		}
	}
}

func TestLimited(t *testing.T) {
	t.Parallel()
	require.Equal(t, " LIMIT 51", limited(50))
	require.Equal(t, " LIMIT 0", limited(-1), "never without a limit")
	different := map[string]bool{}
	for n := range 1001 {
		text := limited(n)
		different[text] = true
		most, err := strconv.Atoi(strings.TrimPrefix(text, " LIMIT "))
		require.NoError(t, err)
		require.GreaterOrEqual(t, most, n)
		require.LessOrEqual(t, most, 11*max(n, 1))
	}
	require.Len(t, different, 10)
}

// TestCut: of more rows than were wanted the first ones are taken.
func TestCut(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{-1: 0, 0: 0, 2: 2, 5: 3} {
		got := 0
		require.NoError(t, cut(n, each(func(Rows) error { got++; return nil }))(&endless{left: 3}))
		require.Equal(t, want, got)
	}
}

// endless are some rows of nothing.
type endless struct{ left int }

func (r *endless) Next() bool        { r.left--; return r.left >= 0 }
func (r *endless) Scan(...any) error { return nil }

// TestFewStatements: lists of every length, for people in however many
// workspaces, make few different statements. A server keeps all that it prepares.
func TestFewStatements(t *testing.T) {
	t.Parallel()
	different := map[string]bool{}
	many := func(n int) (list []id.Workspace) {
		for range n {
			list = append(list, id.Workspace{UUID: id.New()})
		}
		return list
	}
	for n := range 100 {
		l := listing{dialect: &Dialect{}, Query: miniprogram.Query{Prefix: "till", Limit: n, Filter: rbac.Filter{
			Tenants: many(1), Workspaces: many(n), OwnWorkspaces: many(n / 10), Creator: "u-1", Statuses: []rbac.WorkspaceStatus{rbac.Verified},
		}}}
		for some := range slices.Chunk(l.arms(), maxArms) {
			different[l.read(some, nil).SQL] = true
			require.LessOrEqual(t, len(some), maxArms)
		}
	}
	require.Less(t, len(different), 50)
}

func TestColumnsRefuseWhatTheyCannotHold(t *testing.T) {
	t.Parallel()
	var (
		u id.UUID
		w rbac.WorkspaceStatus
		k workspace.Kind
	)
	require.Error(t, (*uuidColumn)(&u).Scan([]byte("short")))
	require.Error(t, (*uuidColumn)(&u).Scan("0123456789abcdef"))
	require.Error(t, (*hashColumn)(new([32]byte)).Scan(make([]byte, 31)))
	require.Error(t, (*textColumn)(new(string)).Scan(int64(1)))
	require.Error(t, new(timeColumn).Scan("2026-03-01"))
	require.ErrorIs(t, (*statusColumn)(&w).Scan("open"), fault.ErrInvalid)
	require.ErrorIs(t, (*kindColumn)(&k).Scan("house"), fault.ErrInvalid)
}

func TestLoadMigrations(t *testing.T) {
	t.Parallel()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

	all, err := LoadMigrations(fstest.MapFS{"0001_two.sql": file("-- why\nA\n\t(1);\nB;\n"), "0000_one.sql": file("C;\n")})
	require.NoError(t, err)
	require.Equal(t, []Migration{{"0000_one", []string{"C"}}, {"0001_two", []string{"-- why\nA\n\t(1)", "B"}}}, all)

	_, err = LoadMigrations(fstest.MapFS{"0000_one.sql": file("C;\n"), "0002_three.sql": file("D;\n")})
	require.EqualError(t, err, "migration 0002_three.sql is out of order: its name must begin with 0001_")
}

// TestActiveAdmin keeps the condition, which an index repeats, in step with the
// roles.
func TestActiveAdmin(t *testing.T) {
	t.Parallel()
	for _, r := range rbac.Roles() {
		if name := "'" + string(r.Role) + "'"; r.Admin && r.Place != rbac.TeamPlace {
			require.Contains(t, activeAdmin, name)
		} else {
			require.NotContains(t, activeAdmin, name)
		}
	}
}
