package main

import (
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
)

const root = "../../.."

func TestDocumentIsCurrent(t *testing.T) {
	t.Parallel()
	sentinels, err := find(root)
	require.NoError(t, err)
	got, err := os.ReadFile(filepath.Join(root, output))
	require.NoError(t, err)
	require.True(t, bytes.Equal(render(sentinels), got), "%s is out of date: run go generate ./fault", output)
}

func TestKindsAreComplete(t *testing.T) {
	t.Parallel()
	require.Len(t, kinds, len(fault.Kinds()))
	for _, k := range fault.Kinds() {
		require.NotEmpty(t, constantOf(k), "%v has no name in kinds", k)
		require.Contains(t, grpcNames, fault.GRPCCode(k))
	}
}

var code = regexp.MustCompile(`^([a-z][a-z0-9]*)\.[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// Codes and texts keep the promises that fault.Define makes for them.
func TestSentinels(t *testing.T) {
	t.Parallel()
	sentinels, err := find(root)
	require.NoError(t, err)
	require.NotEmpty(t, sentinels)
	owner := map[string]string{}
	for _, s := range sentinels {
		variable := s.importPath() + "." + s.name
		require.Regexp(t, `^(Err|err)[A-Z]`, s.name, variable)

		require.NotContains(t, owner, s.code, "%s has the code of another error", variable)
		owner[s.code] = variable
		m := code.FindStringSubmatch(s.code)
		require.NotNil(t, m, "%s: code %q: want package.snake_case", variable, s.code)
		if s.pkg != "fault" { // whose errors belong to no package, such as input.invalid
			require.Contains(t, append(strings.Split(s.dir, "/"), s.pkg), m[1], "%s: code %q begins with another package", variable, s.code)
		}

		first, size := utf8.DecodeRuneInString(s.text)
		next, _ := utf8.DecodeRuneInString(s.text[size:])
		require.False(t, unicode.IsUpper(first) && unicode.IsLower(next), "%s: text %q: want lower case", variable, s.text)
		require.NotEmpty(t, s.text, variable)
		require.False(t, strings.HasSuffix(s.text, "."), "%s: text %q: want no full stop", variable, s.text)
		require.NotContains(t, s.text, "\n", variable)
	}
}

func TestInFile(t *testing.T) {
	t.Parallel()
	parse := func(t *testing.T, body string) ([]sentinel, error) {
		t.Helper()
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "shop.go", body, 0)
		require.NoError(t, err)
		return inFile(fset, file)
	}
	const head = "package shop\nimport \"" + faultPath + "\"\n"

	t.Run("reads variables, joined literals and renamed imports", func(t *testing.T) {
		t.Parallel()
		got, err := parse(t, `package shop
import f "`+faultPath+`"
var (
	A = f.Define(f.ErrState, "shop.a", "one, " +
		"two")
	b, c = 1, f.Define(f.ErrLimit, "shop.c", `+"`three`"+`)
	d = other.Define(1, 2, 3)
)`)
		require.NoError(t, err)
		require.Equal(t, []sentinel{
			{pkg: "shop", name: "A", kind: fault.ErrState, code: "shop.a", text: "one, two"},
			{pkg: "shop", name: "c", kind: fault.ErrLimit, code: "shop.c", text: "three"},
		}, got)
	})

	t.Run("knows package fault itself", func(t *testing.T) {
		t.Parallel()
		got, err := parse(t, `package fault
var ErrA = Define(ErrState, "input.a", "a")`)
		require.NoError(t, err)
		require.Len(t, got, 1)
	})

	for name, body := range map[string]string{
		"in a function":     `func f() error { return fault.Define(fault.ErrState, "shop.a", "a") }`,
		"a computed code":   `var A = fault.Define(fault.ErrState, prefix + "a", "a")`,
		"a computed text":   `var A = fault.Define(fault.ErrState, "shop.a", text())`,
		"an unknown kind":   `var A = fault.Define(fault.Kind(9), "shop.a", "a")`,
		"another's kind":    `var A = fault.Define(ErrMine, "shop.a", "a")`,
		"too few arguments": `var A = fault.Define(fault.ErrState)`,
	} {
		t.Run(name+" is refused with its place", func(t *testing.T) {
			t.Parallel()
			_, err := parse(t, head+body)
			require.ErrorContains(t, err, "shop.go:3:")
		})
	}
}
