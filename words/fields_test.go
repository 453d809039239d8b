package words_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/words"
)

// folders are those of the packages whose problems people read who fill in forms. What
// the others check is the options of hosts.
var folders = []string{"fault", "internal/text", "page", "audit", "approval", "workspace", "feature", "miniprogram", "member", "role", "signin", "qrcode", "."}

// options are the fields of hosts' options in these packages.
var options = []string{"every", "keep", "scheme"}

// TestEveryProblemHasWords finds in the source which fields and reasons problems have:
// whatever is handed to a parameter, or put into a variable or a table's column, that is
// called "field" or "reason".
func TestEveryProblemHasWords(t *testing.T) {
	t.Parallel()
	found := problems(t)
	require.Subset(t, found["field"], []string{"own_decision", "security.lock", "domains", "?.kind", "?key", "new"}, "each way to name a field")
	require.Subset(t, found["reason"], []string{"required", "too_long", "too_short", "malformed", "unknown", "not_allowed", "duplicate"})
	keys := words.BuiltIn().Keys()
	for _, field := range found["field"] {
		part, within := strings.CutPrefix(field, "?")
		named := slices.ContainsFunc(keys, func(key string) bool {
			return key == "field."+field || within && strings.HasPrefix(key, "field.") && strings.HasSuffix(key, part)
		})
		if !named && !slices.Contains(options, field) {
			t.Errorf("words/texts/*-errors.txt have no label field.%s: add one, or name it in options here", field)
		}
	}
	for _, reason := range found["reason"] {
		// Why only words: a person's reason for an action is a parameter as well.
		if word.MatchString(reason) && !slices.Contains(keys, "problem."+reason) {
			t.Errorf("words/texts/*-errors.txt have no text problem.%s: add one, or use a reason that there is", reason)
		}
	}
	for _, field := range options {
		require.Contains(t, found["field"], field, "no longer in the source")
	}
}

var word = regexp.MustCompile(`^[a-z_]+$`)

// problems returns what the source calls "field" and "reason".
func problems(t *testing.T) map[string][]string {
	t.Helper()
	found := finder{params: map[string][]parameters{}, named: map[string]map[string]bool{"field": {}, "reason": {}}}
	files := source(t)
	for _, f := range files {
		ast.Inspect(f, found.declared)
	}
	for _, f := range files {
		ast.Inspect(f, found.used)
	}
	all := map[string][]string{}
	for what, named := range found.named {
		all[what] = slices.Sorted(maps.Keys(named))
	}
	return all
}

// source parses the packages of the folders, without their tests.
func source(t *testing.T) (all []*ast.File) {
	t.Helper()
	for _, dir := range folders {
		names, err := filepath.Glob(filepath.Join("..", dir, "*.go"))
		require.NoError(t, err)
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			require.NoError(t, err)
			all = append(all, f)
		}
	}
	return all
}

// A finder finds texts by what the source calls them.
type finder struct {
	// params are by the name of functions, of which several may have it.
	params map[string][]parameters
	named  map[string]map[string]bool
}

// parameters are those of a function that are called so, by place.
type parameters struct {
	count int
	named map[int]string
}

// declared notes the parameters of a function that has a name.
func (f finder) declared(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncDecl:
		f.keep(n.Name.Name, n.Type)
	case *ast.AssignStmt:
		for i, to := range n.Lhs {
			if to, ok := to.(*ast.Ident); ok && i < len(n.Rhs) {
				if fn, ok := n.Rhs[i].(*ast.FuncLit); ok {
					f.keep(to.Name, fn.Type)
				}
			}
		}
	}
	return true
}

func (f finder) keep(function string, fn *ast.FuncType) {
	params := parameters{named: map[int]string{}}
	for _, p := range fn.Params.List {
		for _, name := range p.Names {
			if f.named[name.Name] != nil {
				params.named[params.count] = name.Name
			}
			params.count++
		}
	}
	if len(params.named) > 0 {
		f.params[function] = append(f.params[function], params)
	}
}

// used notes the texts that are handed over.
func (f finder) used(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		name := ""
		switch fn := n.Fun.(type) {
		case *ast.Ident:
			name = fn.Name
		case *ast.SelectorExpr:
			name = fn.Sel.Name
		}
		for _, params := range f.params[name] {
			for at, what := range params.named {
				if params.count <= len(n.Args) {
					f.note(what, n.Args[at])
				}
			}
		}
	case *ast.AssignStmt:
		for i, to := range n.Lhs {
			if to, ok := to.(*ast.Ident); ok && i < len(n.Rhs) {
				f.note(to.Name, n.Rhs[i])
			}
		}
	case *ast.CompositeLit:
		f.rows(n)
	}
	return true
}

// rows notes the texts in a table of structs.
func (f finder) rows(n *ast.CompositeLit) {
	list, ok := n.Type.(*ast.ArrayType)
	if !ok {
		return
	}
	row, ok := list.Elt.(*ast.StructType)
	if !ok {
		return
	}
	at := 0
	for _, p := range row.Fields.List {
		for _, name := range p.Names {
			for _, x := range n.Elts {
				if x, ok := x.(*ast.CompositeLit); ok && at < len(x.Elts) {
					f.note(name.Name, x.Elts[at])
				}
			}
			at++
		}
	}
}

// index is where in a list, as literal writes it.
var index = regexp.MustCompile(`\[[^\]]*\]`)

// note notes a text, without indices; "?" in it stands for what is not in the source.
func (f finder) note(what string, x ast.Expr) {
	if f.named[what] == nil {
		return
	}
	if s := strings.TrimSuffix(index.ReplaceAllString(literal(x), ""), "."); strings.Trim(s, "?") != "" && !strings.Contains(s, "%") {
		f.named[what][s] = true
	}
}

// literal returns the text of an expression as far as it is in the source.
func literal(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.BasicLit:
		if s, err := strconv.Unquote(x.Value); err == nil {
			return s
		}
	case *ast.BinaryExpr:
		return literal(x.X) + literal(x.Y)
	case *ast.CallExpr:
		if len(x.Args) > 1 { // a format, if it is one
			if format := literal(x.Args[0]); strings.Contains(format, "%") {
				return format
			}
		}
	}
	return "?"
}
