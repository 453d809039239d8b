package sqlstore

import (
	"strconv"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
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
	require.Equal(t, " LIMIT 50", limited(50))
	require.Equal(t, " LIMIT 0", limited(-1), "never without a limit")
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
